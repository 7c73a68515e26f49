"""DCAT and DCAT-AP in RDF/XML, with the profiles GeoDCAT-AP and CiteDCAT-AP, read into a draft."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks.canonical.people import contributor
from app.crosswalks.dcat.coverage import period, place
from app.crosswalks.dcat.distributions import distributions, rights
from app.crosswalks.dcat.funding import funding
from app.crosswalks.dcat.parties import party, publisher, role_of
from app.crosswalks.dcat.relations import RELATIONS, relations
from app.crosswalks.draft import Draft
from app.crosswalks.rdf import RDF, Graph, Node, Value, tail
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import Element, namespace
from app.datacite.languages import read_language
from app.datacite.name_roles import AUTHOR
from app.datacite.problem import problem
from app.datacite.resource import Creator, Subject
from app.datacite.types import read_types

NAMESPACE = "http://www.w3.org/ns/dcat#"

_CLASSES = {
    "dataset": "Dataset",
    "datasetseries": "Collection",
    "dataservice": "Service",
    "resource": "",
    "catalog": "Collection",
}
"""What a record may be, the likeliest first, and the type that says."""
_DATES = {
    "issued": "Issued",
    "created": "Created",
    "modified": "Updated",
    "available": "Available",
    "datesubmitted": "Submitted",
    "dateaccepted": "Accepted",
    "datecopyrighted": "Copyrighted",
    "valid": "Valid",
}
_HELPERS = {
    "contactpoint": "ContactPerson",
    "rightsholder": "RightsHolder",
    "editor": "Editor",
    "custodian": "DataManager",
    "distributor": "Distributor",
    "processor": "DataCurator",
    "resourceprovider": "HostingInstitution",
    "curator": "DataCurator",
    "producer": "Producer",
    "user": "Other",
    "contributor": "Other",
}


def read(root: Element, about: Circumstances) -> Reading:
    """Read the data set of a graph, or whatever it catalogues."""
    draft = Draft(about)
    graph = Graph(root)
    found = _topics(graph)
    if found:
        _Reader(graph, found[0], draft).read()
    if draft.is_empty():
        empty = (problem("format.empty"),)
        return Reading(None, empty, format="dcat", namespace=namespace(root))
    if len(found) > 1:
        draft.notes.problem("payload.repeated", "", f"{len(found) - 1} more")
    return draft.reading("dcat", namespace(root))


def _topics(graph: Graph) -> list[Node]:
    """Return what the graph may be about, each once; what is only mentioned is left out."""
    topics = [
        value.node.uri
        for record in graph.of_type("catalogrecord")
        for value in graph.values(record, "primarytopic")
        if value.node is not None
    ]
    for kind in _CLASSES:
        found: dict[str, Node] = {}
        for n, node in enumerate(graph.of_type(kind)):
            if graph.value(node, "title", "description") is not None:
                found.setdefault(node.uri or str(n), node)
        told = [node for uri, node in found.items() if uri in topics]
        if found:
            return told or _not_parts(graph, list(found.values()))
    return []


def _not_parts(graph: Graph, nodes: list[Node]) -> list[Node]:
    """Put those that no other is said to be a part or source of in front."""
    names = tuple(name for name in RELATIONS if name != "sameas")
    mentioned = {
        value.node.uri
        for node in nodes
        for value in graph.values(node, *names)
        if value.node is not None and value.node.uri != node.uri
    }
    return sorted(nodes, key=lambda node: node.uri in mentioned)


class _Reader:
    """Copies what is said of one node."""

    def __init__(self, graph: Graph, node: Node, draft: Draft) -> None:
        self.graph, self.node, self.draft = graph, node, draft
        tongues = [
            *map(_language, self._values("language")),
            *(v.lang for v in self._values("title")),
        ]
        graph.langs = tuple(dict.fromkeys(lang.partition("-")[0] for lang in tongues if lang))

    def read(self) -> None:
        """Copy everything."""
        self._identifiers()
        self._texts()
        self._type()
        self._names()
        self._subjects()
        self._extent()
        rights(self.graph, self.node, self.draft)
        distributions(self.graph, self.node, self.draft)
        relations(self.graph, self.node, self.draft)
        funding(self.graph, self.node, self.draft)

    def _values(self, *names: str) -> Iterator[Value]:
        return self.graph.values(self.node, *names)

    # what it is called

    def _identifiers(self) -> None:
        for value in self._values("identifier", "pid"):
            self._identifier(value)
        if ":" in self.node.uri and not self.node.uri.startswith("_:"):
            self.draft.identifier(self.node.uri)
        page = next(filter(None, (value.uri for value in self._values("landingpage"))), "")
        self.draft.url = page or next(
            (v.uri for v in self._values("endpointurl", "homepage") if v.uri), ""
        )

    def _identifier(self, value: Value) -> None:
        if value.node is None:
            self.draft.identifier(value.text)
            return
        name = self.graph.text(value.node, "notation", "value", "identifier")
        scheme = self.graph.text(value.node, "schemeagency", "usesidentifierscheme", "schemaagency")
        self.draft.identifier(name or value.node.uri, tail(scheme) if "/" in scheme else scheme)

    def _texts(self) -> None:
        for name, element in (("title", "title"), ("alternative", "alternative")):
            for value in self._values(name):
                self.draft.text(element, value.text, lang=value.lang)
        for value in self._values("description", "abstract"):
            self.draft.describe(value.text, "Abstract", value.lang or None)
        for value in self._values("versionnotes"):
            self.draft.describe(value.text, "Other", value.lang or None)
        for name, kind in _DATES.items():
            for text in self.graph.texts(self.node, name):
                self.draft.date(text, kind)
        for text in self.graph.texts(self.node, "date"):
            self.draft.text("date", text)
        for value in self._values("language"):
            self.draft.text("language", value.uri or self.graph.label(value).text)
        self.draft.version = self.graph.text(self.node, "version", "versioninfo", "hasversioninfo")

    def _type(self) -> None:
        """Add the types; the class of the node only where no type says more."""
        told = [value for value in self._values("type") if value.space != RDF]
        words = [word for value in told if (word := self._type_word(value))]
        if not _narrow(words):
            words += [v.uri for v in self._values("type") if v.space == RDF and _narrow([v.uri])]
        if not _known(words):
            words += [word for kind, word in _CLASSES.items() if kind in self._classes() and word]
        for word in words:
            self.draft.text("type", word)

    def _classes(self) -> frozenset[str]:
        return self.graph.types(self.node)

    def _type_word(self, value: Value) -> str:
        uri = value.uri
        label = self.graph.label(value).text
        return uri if uri and (_known([uri]) or label == uri) else label

    # who

    def _names(self) -> None:
        for value in self._values("creator", "author"):
            self._creator(party(self.graph, value), value)
        published = [
            found for v in self._values("publisher") if (found := publisher(self.graph, v))
        ]
        self.draft.publisher = published[0] if published else None
        for catalogue in self.graph.of_type("catalog"):
            self.draft.publishers.extend(self.graph.texts(catalogue, "publisher"))
        for other in published[1:]:
            self._helper(Creator(other.name), "Distributor")
        for name, role in _HELPERS.items():
            for value in self._values(name):
                self._helper(party(self.graph, value), role)
        for value in self._values("qualifiedattribution"):
            self._attributed(value)

    def _creator(self, person: Creator | None, value: Value) -> None:
        if person is not None:
            self.draft.creators.append(person)
        elif value.uri:
            self.draft.notes.lost("/creators", value.uri, "An address without a name; left out.")

    def _helper(self, person: Creator | None, role: str) -> None:
        """Add a contributor; one without a role that only repeats somebody is none."""
        if person is None:
            return
        known = [one.name for one in self.draft.creators]
        if self.draft.publisher is not None:
            known.append(self.draft.publisher.name)
        if role != "Other" or person.name not in known:
            self.draft.contributors.append(contributor(person, role))

    def _attributed(self, value: Value) -> None:
        if value.node is None:
            return
        roles = [role_of(v.uri or v.text) for v in self.graph.values(value.node, "hadrole", "type")
                 if v.space != RDF]  # fmt: skip
        role = next((role for role in roles if role != "Other"), "Other")
        for agent in self.graph.values(value.node, "agent"):
            person = party(self.graph, agent)
            if role == AUTHOR:
                self._creator(person, agent)
            elif role == "Publisher":
                self.draft.publisher = self.draft.publisher or publisher(self.graph, agent)
            else:
                self._helper(person, role)

    # what about

    def _subjects(self) -> None:
        for value in self._values("keyword"):
            self.draft.text("subject", self.graph.label(value).text, lang=value.lang)
        for value in self._values("theme", "subject", "about"):
            label = self.graph.label(value)
            if value.node is None or label.text == value.node.uri:
                self.draft.text("subject", label.text, lang=label.lang)
                continue
            scheme = self.graph.value(value.node, "inscheme")
            named = self.graph.label(scheme) if scheme is not None else Value()
            address = scheme.uri if scheme is not None else ""
            subject = Subject(
                label.text,
                named.text if named.text != address else None,
                address or None,
                value.uri if "://" in value.uri[:8] else None,
                lang=label.lang or None,
            )
            self.draft.subjects.append(subject)

    def _extent(self) -> None:
        for value in self._values("spatial"):
            place(self.graph, value, self.draft)
        for value in self._values("temporal"):
            period(self.graph, value, self.draft)


def _language(value: Value) -> str:
    return read_language(value.uri or value.text).language or ""


def _general(words: list[str]) -> str:
    found = read_types(words).types if words else None
    return found.resource_type_general if found else "Other"


def _known(words: list[str]) -> bool:
    return _general(words) != "Other"


def _narrow(words: list[str]) -> bool:
    return _general(words) not in ("Other", "Text")
