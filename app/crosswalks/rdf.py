"""RDF/XML as nodes that know what is said of them, without a triple store.

Nodes are found by address (`rdf:about`, `rdf:ID`, `rdf:nodeID`), whether they stand inline or
apart, typed by their element or by `rdf:type`, with properties as elements or as attributes.
Properties go by local name in lower case; their namespace is kept with each value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from msgspec import Struct

from app.crosswalks.xml import (
    XML_LANG,
    Element,
    local_name,
    namespace,
    plain_name,
    text_of,
)

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_BASE = f"{{{XML}}}base"
_CONTAINERS = frozenset(("bag", "seq", "alt", "list"))
_MEMBER = "_"
LABELS = ("preflabel", "name", "fn", "label", "title", "hasfn", "organization-name")
"""The properties that name a node, the best first."""


class Node:
    """A thing: its address (empty if it has none), its types in lower case, what is said of it."""

    __slots__ = ("said", "space", "types", "uri")

    def __init__(self, uri: str = "", space: str = "") -> None:
        """space: the namespace of the element that typed it."""
        self.uri = uri
        self.space = space
        self.types: list[str] = []
        self.said: dict[str, list[Value]] = {}

    def say(self, name: str, value: Value) -> None:
        """Add one value of a property."""
        self.said.setdefault(name, []).append(value)

    def is_a(self, *types: str) -> bool:
        """Whether it has one of the types, given by local name in lower case."""
        return not frozenset(types).isdisjoint(self.types)


class Value(Struct, frozen=True):
    """One value of a property: a text with its language, or a node.

    space: the property's namespace. generated: whether a program wrote it, as it says itself.
    """

    text: str = ""
    lang: str = ""
    node: Node | None = None
    space: str = ""
    generated: bool = False

    @property
    def uri(self) -> str:
        """The address of the node, or a text that is one; empty where it means nothing outside."""
        if self.node is not None:
            return _web(self.node.uri)
        text = self.text.strip()
        return text if "://" in text[:12] and " " not in text else ""


class Graph:
    """All nodes of a document, in the order of their elements.

    langs: the languages that labels are wanted in, the first first; set by a reader that knows.
    """

    def __init__(self, root: Element) -> None:
        """root: `rdf:RDF`, or a single node's element."""
        self.nodes: list[Node] = []
        self.langs: tuple[str, ...] = ()
        self.base = str(root.get(_BASE) or "")
        self._by_uri: dict[str, list[Node]] = {}
        lang = str(root.get(XML_LANG) or "")
        if local_name(root).lower() == "rdf":
            for child in root:
                if isinstance(child.tag, str):
                    self._node(child, lang)
        else:
            self._node(root, lang)

    # what readers ask

    def of_type(self, *types: str) -> Iterator[Node]:
        """Yield the described nodes of a type, by local name in lower case."""
        return (node for node in self.nodes if node.is_a(*types))

    def at(self, uri: str) -> Iterable[Node]:
        """Return every description of an address."""
        return self._by_uri.get(uri, ())

    def values(self, node: Node, *names: str) -> Iterator[Value]:
        """Yield the values of properties, wherever the node is described; members of lists apart.

        A value that names an address brings the node that is described there, if there is one.
        """
        told = (*self.at(node.uri), node) if node.uri else (node,)
        for name in names:
            seen: set[int] = set()
            for one in told:
                if id(one) not in seen:
                    seen.add(id(one))
                    yield from self._members(one.said.get(name, ()))

    def value(self, node: Node, *names: str) -> Value | None:
        """Return the first value of the first property that has one."""
        return next(self.values(node, *names), None)

    def texts(self, node: Node, *names: str) -> Iterator[str]:
        """Yield the values of properties as texts: literals, else labels, else addresses."""
        return filter(None, (self.label(value).text for value in self.values(node, *names)))

    def text(self, node: Node, *names: str) -> str:
        """Return the first text of some properties, or nothing."""
        return next(self.texts(node, *names), "")

    def label(self, value: Value) -> Value:
        """Return the text of a value: a literal itself, a node by its name, else its address.

        Of several names the one in a wanted language, then one without, then the English one.
        """
        if value.node is None:
            return value
        names = [named for named in self._names(value.node) if named.text.strip()]
        for lang in (*self.langs, "", "def", "en"):
            for named in names:
                if named.lang.lower().partition("-")[0] == lang:
                    return named
        return names[0] if names else Value(_web(value.node.uri))

    def _names(self, node: Node) -> list[Value]:
        for name in LABELS:
            found = [value for value in self.values(node, name) if value.node is None]
            if found:
                return found
        return []

    def types(self, node: Node) -> frozenset[str]:
        """Return the types of a node, wherever it is described."""
        found = set(node.types)
        for one in self.at(node.uri) if node.uri else ():
            found.update(one.types)
        return frozenset(found)

    def _members(self, values: Iterable[Value]) -> Iterator[Value]:
        for value in values:
            if value.node is not None and value.node.is_a(*_CONTAINERS):
                yield from value.node.said.get(_MEMBER, ())
            else:
                yield value

    # how it is filled

    def _node(self, element: Element, lang: str) -> Node:
        lang = str(element.get(XML_LANG, lang))
        node = Node(self._address(element), namespace(element))
        self.nodes.append(node)
        if node.uri:
            self._by_uri.setdefault(node.uri, []).append(node)
        name = local_name(element).lower()
        if name != "description":
            node.types.append(name)
        self._attributes(element, node, lang)
        self._properties(element, node, lang)
        return node

    def _properties(self, element: Element, node: Node, lang: str) -> None:
        for child in element:
            if isinstance(child.tag, str):
                self._property(child, node, lang)

    def _property(self, element: Element, node: Node, lang: str) -> None:
        lang = str(element.get(XML_LANG, lang))
        name, space = plain_name(element.tag), namespace(element)
        if space == RDF and name == "type":
            self._type(element, node)
            return
        if space == RDF and (name == "li" or name.startswith("_")):
            name = _MEMBER
        told = _rdf_attribute(element, "parsetype").lower()
        if told == "resource":
            inner = Node()
            self.nodes.append(inner)
            self._properties(element, inner, lang)
            node.say(name, Value(node=inner, space=space))
        elif told != "literal" and len(element):
            for child in element:
                if isinstance(child.tag, str):
                    node.say(name, Value(node=self._node(child, lang), space=space))
        else:
            self._leaf(element, name, space, node, lang)

    def _leaf(self, element: Element, name: str, space: str, node: Node, lang: str) -> None:
        """Read a property without nodes inside: a reference, a literal, or attributes only."""
        target = _rdf_attribute(element, "resource")
        blank = _rdf_attribute(element, "nodeid")
        if target or blank:
            inner = Node(self._absolute(target) if target else f"_:{blank}")
            self._attributes(element, inner, lang)
            node.say(name, Value(node=inner, space=space))
            return
        text = text_of(element)
        if text and not text.isspace():
            generated = any(plain_name(str(key)) == "wasgeneratedby" for key in element.attrib)
            node.say(name, Value(text, lang, space=space, generated=generated))
            return
        inner = Node()
        self._attributes(element, inner, lang)
        if inner.said:
            node.say(name, Value(node=inner, space=space))

    def _type(self, element: Element, node: Node) -> None:
        uri = _rdf_attribute(element, "resource") or text_of(element).strip()
        if uri:
            node.types.append(tail(uri).lower())
            node.say("type", Value(node=Node(uri), space=RDF))

    def _attributes(self, element: Element, node: Node, lang: str) -> None:
        for key, text in element.items():
            name = str(key)
            space = name[1 : name.find("}")] if name[:1] == "{" else ""
            if space and space not in (RDF, XML, XSI) and str(text).strip():
                node.say(plain_name(name), Value(str(text), lang, space=space))
            elif space == RDF and plain_name(name) == "type":
                node.types.append(tail(str(text)).lower())

    def _address(self, element: Element) -> str:
        about = _rdf_attribute(element, "about")
        if about:
            return self._absolute(about)
        if name := _rdf_attribute(element, "id"):
            return self._absolute(f"#{name}")
        blank = _rdf_attribute(element, "nodeid")
        return f"_:{blank}" if blank else ""

    def _absolute(self, uri: str) -> str:
        uri = uri.strip()
        if not self.base or ":" in uri[:12]:
            return uri
        try:
            return urljoin(self.base, uri)
        except ValueError:
            return uri


def _rdf_attribute(element: Element, name: str) -> str:
    """Return an attribute of RDF's own, also where its namespace was left out."""
    for key, value in element.items():
        word = str(key)
        if plain_name(word) == name and (word[:1] != "{" or word.startswith(f"{{{RDF}}}")):
            return str(value)
    return ""


def tail(uri: str) -> str:
    """Return the last part of an address: behind `#`, else behind the last `/`."""
    return uri.rpartition("#")[2] if "#" in uri else uri.rstrip("/").rpartition("/")[2]


def _web(uri: str) -> str:
    """Return an address that means something outside its document."""
    return "" if uri.startswith(("_:", "#")) else uri
