"""JSON-LD that speaks schema.org, as plain objects: keys without prefix, references resolved.

No context is fetched: what a key means is told by its own name, whatever its prefix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.datacite.types import read_types

Thing = Mapping[str, Any]
"""An object with plain keys."""

_HOSTS = ("http://schema.org/", "https://schema.org/", "http://www.schema.org/",
          "https://www.schema.org/")  # fmt: skip
_PREFIXES = ("schema:", "sdo:", "schemaorg:")
_CONTEXTS = ("schema.org", "w3id.org/ro/crate", "codemeta", "mlcommons.org/croissant")
DEPTH = 40
_BESIDE_WORDS = """
    person organization collegeoruniversity researchorganization breadcrumblist listitem website
    webpage itempage aboutpage imageobject searchaction place datadownload propertyvalue definedterm
    file mediaobject contactpoint role definedtermset country postaladdress event webapi action
    createaction offer rating language grant monetarygrant"""
_BESIDE = frozenset(_BESIDE_WORDS.split())
"""Types of what stands beside the work that a page is about."""
_PAGES = ("webpage", "itempage", "aboutpage", "collectionpage")


def speaks_schema_org(document: object) -> bool:
    """Whether a decoded JSON document is JSON-LD in the terms of schema.org."""
    for one in document if isinstance(document, list) else (document,):
        if not isinstance(one, dict):
            continue
        if "@context" in one and any(word in str(one["@context"]) for word in _CONTEXTS):
            return True
        inner = one.get("@graph")
        members = inner if isinstance(inner, list) else [one]
        if any(_named(member) for member in members if isinstance(member, dict)):
            return True
    return False


def _named(thing: dict[Any, Any]) -> bool:
    """Whether an object's keys or types are written out as schema.org's."""
    words = [*thing, *_listed(thing.get("@type"))]
    return any(str(word).startswith((*_HOSTS, *_PREFIXES)) for word in words)


class Document:
    """All things of a document by what they are called, and the one it is about."""

    def __init__(self, document: object) -> None:
        self._by_id: dict[str, Thing] = {}
        self.things: list[Thing] = list(_top(_plain(document)))
        for thing in self.things:
            self._index(thing)
        self.others = 0
        self.main = self._main()

    def values(self, thing: Thing, *names: str) -> list[Any]:
        """Return the values of properties: texts and objects, references with what they mean."""
        found: list[Any] = []
        for name in names:
            for value in _listed(thing.get(name.lower())):
                inner = value.get("@list", value.get("@set")) if isinstance(value, dict) else None
                found += [self._resolved(v) for v in (_listed(inner) if inner else [value])]
        return [value for value in found if value not in ("", None, {})]

    def texts(self, thing: Thing, *names: str) -> Iterator[str]:
        """Yield the values of properties as texts: literals, else names, else addresses."""
        return filter(None, map(self.label, self.values(thing, *names)))

    def text(self, thing: Thing, *names: str) -> str:
        """Return the first text of some properties, or nothing."""
        return next(self.texts(thing, *names), "")

    def label(self, value: Any) -> str:
        """Return what a value is called."""
        if not isinstance(value, dict):
            return str(value)
        if "@value" in value:
            return _literal(value["@value"])
        for name in ("name", "legalname", "headline", "title"):
            for inner in _listed(value.get(name)):
                if text := self.label(inner) if inner is not value else "":
                    return text
        return ""

    def address(self, value: Any) -> str:
        """Return the address of a value: its `@id` or `url`, or a text that is an address."""
        if not isinstance(value, dict):
            return str(value) if is_address(str(value)) else ""
        for name in ("@id", "url", "contenturl"):
            for inner in _listed(value.get(name)):
                text = inner.get("@id", "") if isinstance(inner, dict) else inner
                if isinstance(text, str) and is_address(text):
                    return text.strip()
        return ""

    def _resolved(self, value: Any) -> Any:
        if not isinstance(value, dict) or not isinstance(value.get("@id"), str):
            return value
        known = self._by_id.get(value["@id"])
        return value if known is None or known is value else {**known, **value}

    def _index(self, thing: Thing) -> None:
        name = thing.get("@id")
        if isinstance(name, str) and len(thing) > 1:
            self._by_id.setdefault(name, thing)

    # the one it is about

    def _main(self) -> Thing | None:
        for thing in self.things:
            if pointed := self._pointed(thing):
                return pointed
        works = [thing for thing in self.things if _is_work(thing)]
        mentioned = frozenset(self._mentioned())
        first = [thing for thing in works if str(thing.get("@id")) not in mentioned] or works
        known = [thing for thing in first if _general(thing) != "Other"]
        chosen = known or first or [thing for thing in self.things if thing.get("name")]
        self.others = len(chosen) - 1 if chosen else 0
        return chosen[0] if chosen else None

    def _pointed(self, thing: Thing) -> Thing | None:
        """Return what a page, or the description of a crate, says that it is about."""
        names = ("mainentity",) if is_a(thing, *_PAGES) else ()
        if str(thing.get("@id", "")).endswith(
            ("ro-crate-metadata.json", "ro-crate-metadata.jsonld")
        ):
            names = ("about",)
        found = [value for value in self.values(thing, *names) if isinstance(value, dict)]
        return next((value for value in found if value.keys() - {"@id", "@type"}), None)

    def _mentioned(self) -> Iterator[str]:
        """Yield what other things point at: parts, sources, authors, never the work itself."""
        for thing in self.things:
            for name, value in thing.items():
                if name in ("@id", "sameas", "mainentityofpage"):
                    continue
                for inner in _listed(value):
                    pointed = inner.get("@id") if isinstance(inner, dict) else None
                    if isinstance(pointed, str) and pointed != thing.get("@id"):
                        yield pointed


def types(thing: Thing) -> list[str]:
    """Return the types of an object, without prefix."""
    return [str(word) for word in _listed(thing.get("@type")) if isinstance(word, str)]


def is_a(value: Any, *names: str) -> bool:
    """Whether a value is an object of one of the types, given in lower case."""
    if not isinstance(value, dict):
        return False
    return any(word.lower() in names for word in types(value))


def lang(value: Any) -> str:
    """Return the language of a text, as it stands."""
    return str(value.get("@language") or "") if isinstance(value, dict) else ""


def is_address(text: str) -> bool:
    """Whether a text is an address that means something outside its document."""
    text = text.strip()
    return " " not in text and (
        "://" in text[:8] or text[:4].lower() in ("urn:", "doi:", "ark:", "info")
    )


def _is_work(thing: Thing) -> bool:
    told = [word.lower() for word in types(thing)]
    return bool(told) and not _BESIDE.issuperset(told)


def _general(thing: Thing) -> str:
    found = read_types([f"https://schema.org/{word}" for word in types(thing)]).types
    return found.resource_type_general if found else "Other"


def _top(document: object) -> Iterable[Thing]:
    """Yield the things of a document: of its graph, of a list, or itself."""
    if isinstance(document, list):
        for one in document:
            yield from _top(one)
    elif isinstance(document, dict):
        graph = document.get("@graph")
        if graph is None or "@type" in document:
            yield document
        if graph is not None:
            yield from _top(graph)


def _listed(value: Any) -> list[Any]:
    """Return a value as a list; lists in lists are one."""
    if value is None:
        return []
    if not isinstance(value, list):
        return [value]
    return [inner for one in value for inner in _listed(one)]


def _plain(value: Any, depth: int = 0) -> Any:
    """Return a document with plain keys and texts; what lies too deep is left out."""
    if depth > DEPTH:
        return None
    if isinstance(value, dict):
        found: dict[str, Any] = {}
        for name, inner in value.items():
            word = _word(str(name))
            kept = _type(inner) if word == "@type" else _plain(inner, depth + 1)
            if word != "@context" and kept is not None:
                found[word] = [*_listed(found[word]), kept] if word in found else kept
        return found
    if isinstance(value, list):
        return [kept for one in value if (kept := _plain(one, depth + 1)) is not None]
    return None if value is None else _literal(value)


def _type(value: Any) -> list[str]:
    return [_term(word) for word in _listed(value) if isinstance(word, str)]


def _word(name: str) -> str:
    word = _term(name)
    return word if word.startswith("@") else word.lower()


def _term(name: str) -> str:
    for start in (*_HOSTS, *_PREFIXES):
        if name.startswith(start):
            return name[len(start) :]
    return name


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""
