"""Writes a Resource as DCAT-AP, in Turtle or as RDF/XML.

Data are a `dcat:Dataset`, everything else a `dcat:Resource`. People, publishers and relations go
by their addresses where they have one; what DCAT has no word for is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from app.crosswalks import rdf_xml, turtle
from app.crosswalks.container import container
from app.crosswalks.dcat.writing_people import people
from app.crosswalks.dcat.writing_places import places
from app.crosswalks.dcat.writing_relations import relations
from app.crosswalks.dublin_core.statements import linked
from app.crosswalks.exporting import lines, plain, published, titles, types_of
from app.crosswalks.graph import IRI, Literal, Node, Value
from app.crosswalks.linking import access, iri, licences, media, own_address
from app.datacite.languages import alpha3
from app.datacite.resource import Resource, Rights, Subject, Types, is_missing
from app.datacite.rights import STATEMENTS_URI, read_rights
from app.datacite.type_columns import DCMI

EU = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
DCMI_TYPES = "http://purl.org/dc/dcmitype/"

Facts = Iterator[tuple[str, Value]]

_DATA = frozenset(("Audiovisual", "Collection", "Dataset", "Image", "Sound"))
"""Numbers, pictures and sounds are data; texts, programs, things and events are not."""
_ACCESS = {
    "open": "PUBLIC", "embargoed": "RESTRICTED", "restricted": "RESTRICTED",
    "closed": "NON_PUBLIC", "metadata-only": "NON_PUBLIC",
}  # fmt: skip
_DATES = {
    "Created": "dct:created", "Updated": "dct:modified", "Accepted": "dct:dateAccepted",
    "Available": "dct:available", "Copyrighted": "dct:dateCopyrighted",
    "Submitted": "dct:dateSubmitted", "Valid": "dct:valid",
}  # fmt: skip
_FIRST = {"Abstract": 0, "SeriesInformation": 2}
_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_DATATYPES = (
    (re.compile(_YEAR), "xsd:gYear"),
    (re.compile(rf"{_YEAR}-[0-9]{{2}}"), "xsd:gYearMonth"),
    (re.compile(rf"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}"), "xsd:date"),
    (
        re.compile(
            rf"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]+)?"
            r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
        ),
        "xsd:dateTime",
    ),
)
_BYTES = re.compile(r"([0-9]{1,18}) ?(?:B|[Bb]ytes?)")


def write(resource: Resource) -> bytes:
    """Return Turtle."""
    return turtle.write(description(resource))


def write_xml(resource: Resource) -> bytes:
    """Return RDF/XML without declaration."""
    return rdf_xml.write(description(resource))


def description(resource: Resource) -> Node:
    """Return the record as a node with all that is said of it."""
    types = types_of(resource, container(resource))
    facts = chain(
        _names(resource),
        people(resource),
        _dates(resource),
        _kinds(resource, types),
        _subjects(resource),
        places(resource.geo_locations),
        _rights(resource),
        relations(resource),
        _files(resource),
    )
    kind = "dcat:Dataset" if types.resource_type_general in _DATA else "dcat:Resource"
    return Node(own_address(resource), (kind,), tuple(facts))


def dated(text: str) -> Literal:
    """Return a date with the datatype that its precision has; other texts have none."""
    kinds = (kind for form, kind in _DATATYPES if form.fullmatch(text))
    return Literal(text, datatype=next(kinds, ""))


def _blank(kind: str, *facts: tuple[str, Value]) -> Node:
    return Node("", (kind,), facts)


# ── what it is ───────────────────────────────────────────────────────────────────────────────


def _names(resource: Resource) -> Facts:
    for text in dict.fromkeys(_identifiers(resource)):
        yield "dct:identifier", Literal(text)
    for title in titles(resource):
        name = "dct:title" if title.title_type in (None, "TranslatedTitle") else "dct:alternative"
        yield name, Literal(title.title, title.lang or "")
    told = sorted(resource.descriptions, key=lambda d: _FIRST.get(d.description_type, 1))
    for found in told:
        if found.description_type != "SeriesInformation" or len(told) == 1:
            yield "dct:description", Literal(lines(found.description), found.lang or "")


def _identifiers(resource: Resource) -> Iterator[str]:
    if resource.doi:
        yield linked("DOI", resource.doi)
    for one in resource.alternate_identifiers:
        yield linked(one.alternate_identifier_type, one.alternate_identifier)


def _dates(resource: Resource) -> Facts:
    if text := published(resource):
        yield "dct:issued", dated(text)
    for date in resource.dates:
        if date.date_type in _DATES:
            yield _DATES[date.date_type], dated(date.date)
    covered = [d.date for d in resource.dates if d.date_type == "Coverage"]
    collected = [d.date for d in resource.dates if d.date_type == "Collected"]
    for text in covered or collected:
        yield "dct:temporal", _period(text)


def _period(text: str) -> Node:
    start, slash, end = text.partition("/")
    sides = (("dcat:startDate", start), ("dcat:endDate", end if slash else start))
    return _blank("dct:PeriodOfTime", *((name, dated(side)) for name, side in sides if side))


def _kinds(resource: Resource, types: Types) -> Facts:
    if code := alpha3(resource.language or ""):
        yield "dct:language", IRI(f"{EU}language/{code.upper()}")
    general = types.resource_type_general
    if general in DCMI:
        yield "dct:type", IRI(DCMI_TYPES + DCMI[general])
    words = ("" if general == "Other" else general, plain(types.resource_type or ""))
    for word in dict.fromkeys(word for word in words if word and word != DCMI.get(general)):
        yield "dct:type", _blank("skos:Concept", ("skos:prefLabel", Literal(word)))
    if resource.version:
        yield "dcat:version", Literal(resource.version)
    for size in resource.sizes:
        yield "dct:extent", _blank("dct:SizeOrDuration", ("rdfs:label", Literal(size)))


def _subjects(resource: Resource) -> Facts:
    """Yield keywords, and concepts where a subject has an address of its own."""
    told = [one for one in resource.subjects if not is_missing(one.subject)]
    plain_ones = [one for one in told if not iri(one.value_uri)]
    for one in plain_ones:
        yield "dcat:keyword", Literal(plain(one.subject), one.lang or "")
    for one in told:
        if address := iri(one.value_uri):
            yield "dcat:theme", _concept(address, one)


def _concept(address: str, subject: Subject) -> Node:
    label = Literal(plain(subject.subject), subject.lang or "")
    facts: list[tuple[str, Value]] = [("skos:prefLabel", label)]
    if scheme := iri(subject.scheme_uri):
        facts.append(("skos:inScheme", IRI(scheme)))
    return Node(address, ("skos:Concept",), tuple(facts))


# ── rights and files ─────────────────────────────────────────────────────────────────────────


def _rights(resource: Resource) -> Facts:
    if word := _ACCESS.get(access(resource)):
        yield "dct:accessRights", IRI(f"{EU}access-right/{word}")
    for address in licences(resource):
        yield "dct:license" if _is_licence(address) else "dct:rights", IRI(address)
    for one in resource.rights_list:
        if text := _statement(one):
            label = ("rdfs:label", Literal(text, one.lang or ""))
            yield "dct:rights", _blank("dct:RightsStatement", label)


def _is_licence(address: str) -> bool:
    return not address.startswith(STATEMENTS_URI)


def _statement(rights: Rights) -> str:
    """Return the text of a statement that has no address and only says what may be done."""
    text = "" if is_missing(rights.rights) else plain(rights.rights or "")
    return "" if not text or iri(rights.rights_uri) or read_rights(text).access else text


def _files(resource: Resource) -> Facts:
    """Yield landing page and files; formats and sizes are of the file if there is just one."""
    page = iri(resource.url)
    if page:
        yield "dcat:landingPage", IRI(page)
    files = list(filter(None, map(iri, resource.content_url)))
    rest: list[tuple[str, Value]] = [
        ("dct:license", IRI(one)) for one in licences(resource) if _is_licence(one)
    ]
    formats = list(_formats(resource.formats))
    if (page and not files) or (len(files) == len(formats) == 1):
        rest = [*formats, *rest]
    else:
        yield from (("dct:format", value) for _, value in formats)
    if len(files) == 1:
        rest = [*_bytes(resource.sizes), *rest]
    for file in files:
        where = (("dcat:accessURL", IRI(page or file)), ("dcat:downloadURL", IRI(file)))
        yield "dcat:distribution", _blank("dcat:Distribution", *where, *rest)
    if page and not files and rest:
        access_url = ("dcat:accessURL", IRI(page))
        yield "dcat:distribution", _blank("dcat:Distribution", access_url, *rest)


def _formats(formats: Iterable[str]) -> Facts:
    for text in formats:
        kind = next(media((text,)), "")
        if kind:
            yield "dcat:mediaType", IRI(MEDIA_TYPES + kind)
        else:
            label = ("rdfs:label", Literal(text))
            yield "dct:format", _blank("dct:MediaTypeOrExtent", label)


def _bytes(sizes: Iterable[str]) -> list[tuple[str, Value]]:
    told = [match[1] for match in map(_BYTES.fullmatch, sizes) if match]
    kind = "xsd:nonNegativeInteger"
    return [("dcat:byteSize", Literal(told[0], datatype=kind))] if len(told) == 1 else []
