"""The Europeana Data Model: what the provider says of a cultural heritage object.

The object's own elements are Dublin Core, on the object or on the provider's proxies of it; what
Europeana added by machine is left alone. Names of agents, places, times and concepts stand apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from app.crosswalks.canonical.name_identifiers import scheme_of
from app.crosswalks.canonical.people import contributor, of_name
from app.crosswalks.canonical.places import coordinate
from app.crosswalks.draft import Draft
from app.crosswalks.rdf import Graph, Node, Value
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.recognise import DC_NAMESPACES, DC_TERMS
from app.crosswalks.xml import Element, namespace
from app.datacite import identifiers
from app.datacite.dates import read_date
from app.datacite.languages import read_language
from app.datacite.name_roles import AUTHOR, read_role
from app.datacite.names import read_names
from app.datacite.problem import problem
from app.datacite.resource import (
    Contributor,
    Creator,
    GeoLocation,
    NameIdentifier,
    Point,
    Subject,
)

NAMESPACE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_OBJECTS = ("providedcho", "proxy")
_SPATIAL = ("coverage", "spatial")
_DATES = ("date", "created", "issued")
_NAMES = ("creator", "contributor", "publisher")
_KINDS = ("type", "format", "medium")
_DERIVED = {"isderivativeof": "IsDerivedFrom", "isrepresentationof": "IsVariantFormOf"}
_MIME = re.compile(r"(?:application|audio|image|model|text|video)/[\w.+-]+")
_PERSISTENT = ("DOI", "Handle", "URN", "ARK")


def read(root: Element, about: Circumstances) -> Reading:
    """Read the object of a graph; of several the first aggregated one."""
    draft = Draft(about)
    _Reader(Graph(root), draft).read()
    if draft.is_empty():
        empty = (problem("format.empty"),)
        return Reading(None, empty, format="edm", namespace=namespace(root))
    return draft.reading("edm", namespace(root))


class _Reader:
    """Copies what the provider's nodes say."""

    def __init__(self, graph: Graph, draft: Draft) -> None:
        self.graph, self.draft = graph, draft
        self.objects = _provided(graph)
        self.aggregations = list(graph.of_type("aggregation"))
        spoken = (read_language(v.text).language for v in self._said("language") if v.text)
        graph.langs = tuple(dict.fromkeys(lang.partition("-")[0] for lang in spoken if lang))

    def read(self) -> None:
        """Copy everything."""
        for name in dict.fromkeys(name for node in self.objects for name in node.said):
            if name in DC_TERMS and (values := self._said(name)):
                self._property(name, values)
        for value in self._said("type", edm=True):
            self.draft.text("type", value.text)
        for name, relation in _DERIVED.items():
            for value in self._said(name, edm=True):
                self.draft.relate(value.uri or value.text, relation)
        self._addresses()
        self._aggregation()

    def _said(self, name: str, *, edm: bool = False) -> list[Value]:
        """Return the values of a property of Dublin Core (edm: of Europeana's own), each once."""
        found: dict[tuple[str, str, str], Value] = {}
        for node in self.objects:
            for value in node.said.get(name, ()):
                if value.generated or value.space == NAMESPACE:
                    continue
                if _is_europeana(value.space) == edm:
                    uri = value.node.uri or str(id(value.node)) if value.node is not None else ""
                    found.setdefault((value.text.strip(), uri, value.lang), value)
        return list(found.values())

    def _property(self, name: str, values: list[Value]) -> None:
        if name in ("creator", "contributor"):
            self._people(name, values)
            return
        for value in values:
            if value.node is None:
                mime = name == "hasformat" and _MIME.fullmatch(value.text.strip())
                self.draft.text("format" if mime else name, value.text, lang=value.lang)
            else:
                self._reference(name, value, value.node)

    def _reference(self, name: str, value: Value, node: Node) -> None:
        """Copy what a reference points at: by what it is if that is told, else as an address."""
        label = self.graph.label(value)
        types = self.graph.types(node)
        if name in _SPATIAL and "timespan" not in types:
            self._place(node, label.text)
        elif name in ("temporal", *_SPATIAL):
            self._period(node, label.text)
        elif name in _DATES:
            self.draft.text(name, label.text if label.text != node.uri else "")
        elif name in ("subject", "type") and (name == "subject" or label.text == node.uri):
            self._subject(node, label)
        elif name in _KINDS and label.text == node.uri:
            self.draft.notes.lost("/formats", node.uri, "An address without a name; left out.")
        elif name == "type" and self.draft.untold.get("type"):
            self._subject(node, label)  # one word has a place as the type, the others tell as well
        elif name == "publisher" and label.text == node.uri:
            self.draft.notes.lost("/publisher", node.uri, "An address without a name; left out.")
        else:
            known = name in (*_NAMES, *_KINDS, "language")
            self.draft.text(name, label.text if known else node.uri or label.text, lang=label.lang)

    # who

    def _people(self, name: str, values: list[Value]) -> None:
        named = [(value, self._person(value)) for value in values]
        resolved = [p.name for value, p in named if p is not None and value.node is not None]
        for value, person in named:
            if person is None:
                place = f"/{name}s"
                self.draft.notes.lost(place, value.uri, "An address without a name; left out.")
            elif value.node is None and _is_part(person.name, resolved):
                continue  # the surname of somebody who is named in full beside it
            elif name == "creator":
                if person.family_name:
                    place = f"/creators/{len(self.draft.creators)}"
                    self.draft.notes.inferred(place, "name.inferred", person.name)
                self.draft.creators.append(person)
            elif value.node is None:
                self.draft.text(name, value.text)
            else:
                self._contributor(person, self.graph.text(value.node, "note"))

    def _contributor(self, person: Creator, note: str) -> None:
        role = read_role(note) or "Other"
        if role == AUTHOR:
            self.draft.creators.append(person)
        elif role != "Other" or person.name not in [one.name for one in self.draft.creators]:
            made: Contributor = contributor(person, role)
            self.draft.contributors.append(made)

    def _person(self, value: Value) -> Creator | None:
        node = value.node
        if node is None:
            return Creator(value.text)
        label = self.graph.label(value)
        if not label.text or label.text == node.uri:
            return None
        body = "organization" in self.graph.types(node)
        same = (v.uri for v in self.graph.values(node, "sameas", "exactmatch"))
        known = [NameIdentifier(uri, scheme) for uri in (node.uri, *same)
                 if (scheme := scheme_of("", uri))]  # fmt: skip
        kind = "Organizational" if body else None
        read = read_names(label.text) if known and not body else ()
        named = of_name(read[0]) if len(read) == 1 else Creator(label.text, kind)
        return replace(named, name_identifiers=tuple(dict.fromkeys(known)))

    # what, where, when

    def _subject(self, node: Node, label: Value) -> None:
        if label.text == node.uri or not label.text:
            self.draft.text("subject", label.text)
            return
        inside = any(one.uri and node.uri.startswith(f"{one.uri}#") for one in self.objects)
        address = node.uri if "://" in node.uri[:8] and not inside else None
        scheme = self.graph.value(node, "inscheme")
        home = scheme.uri if scheme is not None and "://" in scheme.uri[:8] else None
        subject = Subject(label.text, None, home, address, lang=label.lang or None)
        self.draft.subjects.append(subject)

    def _place(self, node: Node, name: str) -> None:
        latitude = coordinate(self.graph.text(node, "lat"))
        longitude = coordinate(self.graph.text(node, "long"))
        spot = None if latitude is None or longitude is None else Point(longitude, latitude)
        if spot is not None or name:
            named = name if name != node.uri or spot is None else ""
            self.draft.geo_locations.append(GeoLocation(spot, None, named or None))

    def _period(self, node: Node, name: str) -> None:
        start = _moment(self.graph.text(node, "begin"))
        end = _moment(self.graph.text(node, "end"))
        if start or end:
            told = name if name != node.uri else ""
            span = start if start == end else f"{start}/{end}"
            self.draft.date(span, "Coverage", told if told and told != span else None)
        elif name != node.uri:
            self.draft.text("temporal", name)

    # where it is had

    def _addresses(self) -> None:
        for value in self._said("pid", edm=True):
            self.draft.identifier(value.text or value.uri)
        own = [node for node in self.objects if node.is_a("providedcho")] or self.objects
        for uri in dict.fromkeys(node.uri for node in own):
            if ":" in uri and not uri.startswith(("_:", "#")):
                self.draft.identifier(uri)

    def _aggregated(self, *names: str) -> Iterator[Value]:
        for name in names:
            for node in self.aggregations:
                yield from node.said.get(name, ())

    def _aggregation(self) -> None:
        page = next(
            filter(None, (v.uri or v.text.strip() for v in self._aggregated("isshownat"))), ""
        )
        self.draft.url = page
        if page and "#" not in page and identifiers.recognise(page).kind in _PERSISTENT:
            self.draft.identifier(page)
        files = (value.uri for value in self._aggregated("isshownby", "hasview"))
        self._files(dict.fromkeys(filter(identifiers.is_web_url, files)))
        for value in self._aggregated("rights"):
            self.draft.text("rights", value.uri or value.text, lang=value.lang)
        names = self._aggregated("dataprovider", "intermediateprovider", "provider")
        labels = (self.graph.label(value).text for value in names)
        self.draft.publishers.extend(filter(None, labels))

    def _files(self, files: Iterable[str]) -> None:
        formats: dict[str, None] = {}
        for uri in files:
            self.draft.content_url.append(uri)
            for node in self.graph.at(uri):
                formats.update(dict.fromkeys(self.graph.texts(node, "hasmimetype")))
                sizes = self.graph.texts(node, "filebytesize")
                self.draft.sizes.extend(f"{size.strip()} bytes" for size in sizes)
        self.draft.formats.extend(formats)


def _provided(graph: Graph) -> list[Node]:
    """Return the object and the provider's proxies of it; Europeana's own proxy only adds."""
    found = [
        node
        for node in graph.of_type(*_OBJECTS)
        if not any(v.text.strip() == "true" for v in node.said.get("europeanaproxy", ()))
    ]
    first = next((node.uri for node in found if node.is_a("providedcho") and node.uri), None)
    if first is None:
        return found
    return [node for node in found if _of(node, first)]


def _of(node: Node, uri: str) -> bool:
    """Whether a node speaks of the object with this address, or of none in particular."""
    if node.is_a("providedcho"):
        return node.uri == uri
    told = node.said.get("proxyfor", ())
    targets = [value.node.uri for value in told if value.node is not None]
    return not targets or uri in targets


def _is_europeana(space: str) -> bool:
    return bool(space) and not space.startswith(DC_NAMESPACES)


def _is_part(name: str, longer: Iterable[str]) -> bool:
    """Whether a single word is a part of one of the longer names."""
    word = name.strip().casefold()
    return " " not in word and any(word in other.casefold().split() for other in longer)


def _moment(text: str) -> str:
    """Return a date; where a program wrote it in its own way, its year."""
    text = text.strip()
    read = read_date(text)
    return read.date or "" if read.information or not text else read.date or text
