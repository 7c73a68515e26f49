"""Writes a Resource as qualified Dublin Core: each date, relation and right under its own name.

Read again it gives the same identifiers, names, titles, dates with their types, sizes and rights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from app.crosswalks import exporting
from app.crosswalks.container import containing_item
from app.crosswalks.dublin_core import statements
from app.crosswalks.dublin_core.statements import linked, said
from app.crosswalks.dublin_core.writing import DC
from app.crosswalks.xml import attribute, element, root_start
from app.datacite.resource import Date, RelatedItem, Resource, Subject
from app.datacite.rights import is_access
from app.datacite.subjects import read_subject
from app.datacite.type_columns import DCMI

NAMESPACE = "http://dspace.org/qualifieddc/"
SCHEMA = "http://dublincore.org/schemas/xmls/qdc/2008/02/11/qualifieddc.xsd"
DCTERMS = "http://purl.org/dc/terms/"
_TERMS_SCHEMA = "http://dublincore.org/schemas/xmls/qdc/2008/02/11/dcterms.xsd"
ROOT = root_start(
    "qdc:qualifieddc",
    {"qdc": NAMESPACE, "dc": DC, "dcterms": DCTERMS},
    (DCTERMS, _TERMS_SCHEMA),
)

_DATES = {
    "Accepted": "dcterms:dateAccepted",
    "Available": "dcterms:available",
    "Copyrighted": "dcterms:dateCopyrighted",
    "Created": "dcterms:created",
    "Issued": "dcterms:issued",
    "Submitted": "dcterms:dateSubmitted",
    "Updated": "dcterms:modified",
    "Valid": "dcterms:valid",
}
_RELATIONS = {
    "IsReferencedBy": "dcterms:isReferencedBy",
    "References": "dcterms:references",
    "IsVersionOf": "dcterms:isVersionOf",
    "HasVersion": "dcterms:hasVersion",
    "IsPartOf": "dcterms:isPartOf",
    "HasPart": "dcterms:hasPart",
    "IsRequiredBy": "dcterms:isRequiredBy",
    "Requires": "dcterms:requires",
    "IsVariantFormOf": "dcterms:isFormatOf",
    "IsOriginalFormOf": "dcterms:hasFormat",
    "IsObsoletedBy": "dcterms:isReplacedBy",
    "Obsoletes": "dcterms:replaces",
    "IsDerivedFrom": "dc:source",
}
_DESCRIPTIONS = {
    "Abstract": "dcterms:abstract",
    "TableOfContents": "dcterms:tableOfContents",
    "Methods": "dc:description",
    "TechnicalInfo": "dc:description",
    "Other": "dc:description",
}
_SCHEMES = {"DDC": "DDC", "LCSH": "LCSH", "MeSH": "MESH", "LCC": "LCC", "UDC": "UDC"}

Element = tuple[str, statements.Said, str]
"""A name, what it says, and the local name of its encoding scheme, which forbids a language."""


def write(resource: Resource) -> bytes:
    """Return the record without declaration."""
    told = dict.fromkeys(one for part in _PARTS for one in part(resource) if one[1])
    body = "".join(_element(*one) for one in told)
    return f"{ROOT}{body}</qdc:qualifieddc>".encode()


def _element(name: str, told: statements.Said, scheme: str) -> str:
    text, lang = (told, "") if isinstance(told, str) else told
    if scheme:
        return element(name, text, attribute("xsi:type", f"dcterms:{scheme}"))
    return element(name, text, attribute("xml:lang", lang))


def _plain(
    name: str, texts: Callable[[Resource], Iterable[statements.Said]]
) -> Callable[[Resource], Iterator[Element]]:
    """Make an element of each text."""
    return lambda resource: ((name, told, "") for told in texts(resource))


def _titles(resource: Resource) -> Iterator[Element]:
    for n, told in enumerate(statements.titles(resource)):
        yield "dcterms:alternative" if n else "dc:title", told, ""


def _contributors(resource: Resource) -> Iterator[Element]:
    for one in exporting.named(resource.contributors):
        holder = one.contributor_type == "RightsHolder"
        yield "dcterms:rightsHolder" if holder else "dc:contributor", one.name, ""


def _subjects(resource: Resource) -> Iterator[Element]:
    for subject in resource.subjects:
        if scheme := _SCHEMES.get(subject.subject_scheme or ""):
            yield "dc:subject", subject.subject, scheme
        else:
            yield "dc:subject", _subject(subject), ""


def _subject(subject: Subject) -> statements.Said:
    """Return the text, or the address of the term where that says the text by itself."""
    link = subject.value_uri or ""
    if link and [found.subject for found in read_subject(link)] == [subject.subject]:
        return link
    return said(subject.subject, subject.lang)


def _descriptions(resource: Resource) -> Iterator[Element]:
    for found in resource.descriptions:
        if name := _DESCRIPTIONS.get(found.description_type):
            yield name, statements.described(found), ""


def _dates(resource: Resource) -> Iterator[Element]:
    """Yield the dates, that of issue first; the year stands for it if there is none of the year."""
    issued = exporting.issued(resource)
    yield _DATES["Issued"], issued, ""
    for date in resource.dates:
        if date.date_type != "Coverage":
            yield _DATES.get(date.date_type, "dc:date"), date.date, ""


def _types(resource: Resource) -> Iterator[Element]:
    general = resource.types.resource_type_general if resource.types else ""
    for told in dict.fromkeys(statements.types(resource)):
        yield "dc:type", told, "DCMIType" if told == DCMI.get(general) else ""


def _relations(resource: Resource) -> Iterator[Element]:
    for told in statements.alternate_dois(resource):
        yield "dc:relation", told, ""
    for related in resource.related_identifiers:
        text = linked(related.related_identifier_type, related.related_identifier)
        conforms = related.relation_type_information == "conformsTo"
        name = "dcterms:conformsTo" if conforms else "dc:relation"
        yield _RELATIONS.get(related.relation_type, name), text, ""
    for told in statements.grants(resource):
        yield "dc:relation", told, ""


def _items(resource: Resource) -> Iterator[Element]:
    """Yield what the record is published in as a citation, other works by their relation."""
    for item in resource.related_items:
        if not item.titles:
            continue
        if item.relation_type == "IsPublishedIn":
            yield _citation(item)
        elif item.relation_type in _RELATIONS:
            yield _RELATIONS[item.relation_type], _cited(item), ""
    held = containing_item(resource)
    if held is not None and held.titles and held not in resource.related_items:
        yield _citation(held)


def _citation(item: RelatedItem) -> Element:
    return "dcterms:bibliographicCitation", _cited(item), ""


def _cited(item: RelatedItem) -> statements.Said:
    return said(statements.cited(item), item.titles[0].lang)


def _places(resource: Resource) -> Iterator[Element]:
    for geo in resource.geo_locations:
        yield "dcterms:spatial", *statements.place(geo)


def _times(resource: Resource) -> Iterator[Element]:
    """Yield what the record covers; two years alone would be taken for a beginning and an end."""
    covered = [date for date in resource.dates if date.date_type == "Coverage"]
    for date in covered:
        if len(covered) > 1 and "/" not in date.date:
            yield "dcterms:temporal", _period(date), "Period"
        else:
            yield "dcterms:temporal", date.date, ""


def _period(date: Date) -> str:
    return f"start={date.date}; end={date.date}"


def _rights(resource: Resource) -> Iterator[Element]:
    for rights in resource.rights_list:
        if is_access(rights):
            yield "dcterms:accessRights", rights.rights_uri or "", ""
            continue
        yield "dcterms:license", rights.rights_uri or "", ""
        if rights.rights:
            yield "dc:rights", said(rights.rights, rights.lang), ""


_PARTS: tuple[Callable[[Resource], Iterable[Element]], ...] = (
    _titles,
    _plain("dc:creator", statements.creators),
    _subjects,
    _descriptions,
    _plain("dc:publisher", statements.publisher),
    _contributors,
    _dates,
    _types,
    _plain("dc:format", lambda resource: resource.formats),
    _plain("dcterms:extent", lambda resource: resource.sizes),
    _plain("dc:identifier", statements.own_identifiers),
    _plain("dc:language", statements.language),
    _relations,
    _items,
    _places,
    _times,
    _rights,
)
