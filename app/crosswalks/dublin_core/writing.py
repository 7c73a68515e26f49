"""Writes a Resource as oai_dc: what simple Dublin Core can say, the DOI first, no markup, no codes.

Read again it gives the same identifiers, names, titles, year, type and licences.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from app.crosswalks.datacite.writing import number
from app.crosswalks.xml import attribute, element, escape, root_start
from app.datacite import identifiers
from app.datacite.funders import acronym
from app.datacite.resource import (
    Description,
    FundingReference,
    GeoLocation,
    RelatedItem,
    Resource,
    Rights,
    Subject,
    is_missing,
)
from app.datacite.subjects import read_subject
from app.datacite.type_columns import DCMI, eurepo

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
DC = "http://purl.org/dc/elements/1.1/"
ROOT = root_start("oai_dc:dc", {"oai_dc": NAMESPACE, "dc": DC}, (NAMESPACE, SCHEMA))

_ACCESS = ("info:eu-repo/semantics/", "http://purl.org/coar/access_right/")
_LATER = {"Abstract": 0, "Methods": 1, "TableOfContents": 2, "Other": 3, "TechnicalInfo": 4}
_ALTERNATE = "info:eu-repo/semantics/altIdentifier/"
_URNS = {"ISBN": "urn:isbn:", "ISSN": "urn:issn:", "EISSN": "urn:issn:", "LISSN": "urn:issn:"}

Said = str | tuple[str, str]
"""A text, or a text and its xml:lang."""


def write(resource: Resource, *, today: datetime.date) -> bytes:
    """Return oai_dc without declaration. today decides which Available date is an embargo's end."""
    parts = [ROOT]
    for name, texts in _WRITERS:
        for said in texts(resource):
            if isinstance(said, str):
                parts.append(f"<{name}>{escape(said)}</{name}>")
            else:
                parts.append(element(name, said[0], attribute("xml:lang", said[1])))
        if name == "dc:date":
            parts.extend(element(name, text) for text in _embargo(resource, today.isoformat()))
    parts.append("</oai_dc:dc>")
    return "".join(parts).encode("utf-8")


def _said(text: str, lang: str | None) -> Said:
    return (text, lang) if lang else text


def _once(texts: Callable[[Resource], Iterable[Said]]) -> Callable[[Resource], Iterable[Said]]:
    """Make a writer say nothing twice."""
    return lambda resource: dict.fromkeys(texts(resource))


def _titles(resource: Resource) -> Iterator[Said]:
    for title in resource.titles:
        if not is_missing(title.title):
            yield _said(title.title, title.lang)


def _creators(resource: Resource) -> Iterator[Said]:
    for creator in resource.creators:
        if not is_missing(creator.name):
            yield creator.name


def _contributors(resource: Resource) -> Iterator[Said]:
    for contributor in resource.contributors:
        if not is_missing(contributor.name):
            yield contributor.name


def _publisher(resource: Resource) -> Iterator[Said]:
    if resource.publisher and not is_missing(resource.publisher.name):
        yield resource.publisher.name


def _subjects(resource: Resource) -> Iterator[Said]:
    for subject in resource.subjects:
        if subject.subject_scheme == "DDC" and " " not in subject.subject:
            yield f"info:eu-repo/classification/ddc/{subject.subject}"
        elif subject.value_uri is None:
            yield _said(subject.subject, subject.lang)
        else:
            yield from _linked_subject(subject)


def _linked_subject(subject: Subject) -> Iterator[Said]:
    """Yield text and URI, or the URI alone where it says the text by itself."""
    link = subject.value_uri or ""
    if [found.subject for found in read_subject(link)] != [subject.subject]:
        yield _said(subject.subject, subject.lang)
    yield link


def _descriptions(resource: Resource) -> Iterator[Said]:
    if len(resource.descriptions) == 1:
        yield from map(_description, _told(resource.descriptions))
        return
    for found in sorted(_told(resource.descriptions), key=lambda d: _LATER[d.description_type]):
        yield _description(found)


def _told(descriptions: Iterable[Description]) -> Iterator[Description]:
    return (found for found in descriptions if found.description_type in _LATER)


def _description(found: Description) -> Said:
    text = found.description
    return _said(text.replace("<br>", "\n") if "<br>" in text else text, found.lang)


def _date(resource: Resource) -> Iterator[Said]:
    """Yield the date of issue if it lies in the publication year, else the year."""
    year = resource.publication_year
    text = f"{year:04}" if year is not None else ""
    for date in resource.dates:
        if date.date_type == "Issued" and date.date.startswith(text):
            yield date.date
            return
    if year is not None:
        yield text


def _embargo(resource: Resource, today: str) -> Iterator[str]:
    for date in resource.dates:
        day = date.date.rpartition("/")[2] or date.date.partition("/")[0]
        if date.date_type == "Available" and day[:10] > today[: len(day)] and day[:1] != "-":
            yield f"info:eu-repo/date/embargoEnd/{day[:10]}"


def _types(resource: Resource) -> Iterator[Said]:
    types = resource.types
    if types is None:
        return
    general = types.resource_type_general
    for word in (eurepo(types), general, DCMI.get(general), types.resource_type):
        if word:
            yield word


def _formats(resource: Resource) -> Iterator[Said]:
    yield from (*resource.formats, *resource.sizes)


def _identifiers(resource: Resource) -> Iterator[Said]:
    if resource.doi:
        yield linked("DOI", resource.doi)
    if resource.url:
        yield resource.url
    for alternate in resource.alternate_identifiers:
        if alternate.alternate_identifier_type != "DOI":
            yield linked(alternate.alternate_identifier_type, alternate.alternate_identifier)


def linked(kind: str, value: str) -> str:
    """Return an identifier in the form that readers of Dublin Core understand without a type."""
    if kind in _URNS:
        return _URNS[kind] + value
    if kind in ("DOI", "Handle"):
        return identifiers.link(kind, value) or value
    return value


def _sources(resource: Resource) -> Iterator[Said]:
    for item in resource.related_items:
        if item.relation_type == "IsPublishedIn" and item.titles:
            yield _said(cited(item), item.titles[0].lang)
    for related in resource.related_identifiers:
        if related.relation_type == "IsDerivedFrom":
            yield linked(related.related_identifier_type, related.related_identifier)


def cited(item: RelatedItem) -> str:
    """Return a related item as a citation: `Title V(I), first-last`."""
    text = item.titles[0].title
    if item.volume:
        text += f" {item.volume}"
    if item.issue:
        text += f"({item.issue})" if item.volume else f" ({item.issue})"
    if item.first_page:
        pages = f"{item.first_page}-{item.last_page}" if item.last_page else item.first_page
        text += f", {pages}"
    return text


def _language(resource: Resource) -> Iterator[Said]:
    if resource.language:
        yield resource.language


def _relations(resource: Resource) -> Iterator[Said]:
    """Yield what is related; a DOI that is not the record's own would be taken for it elsewhere."""
    for alternate in resource.alternate_identifiers:
        if alternate.alternate_identifier_type == "DOI":
            yield f"{_ALTERNATE}doi/{alternate.alternate_identifier}"
    for related in resource.related_identifiers:
        if related.relation_type != "IsDerivedFrom":
            yield linked(related.related_identifier_type, related.related_identifier)
    for funding in resource.funding_references:
        if funding.award_number:
            yield _grant(funding)


def _grant(funding: FundingReference) -> str:
    parts = [acronym(funding.funder_name) or funding.funder_name, "", funding.award_number or ""]
    if funding.award_title:
        parts += ["", funding.award_title]
    return "info:eu-repo/grantAgreement/" + "/".join(quote(part, safe="") for part in parts)


def _coverage(resource: Resource) -> Iterator[Said]:
    for geo in resource.geo_locations:
        if text := _place(geo):
            yield text
    for date in resource.dates:
        if date.date_type == "Coverage":
            yield date.date


def _place(geo: GeoLocation) -> str:
    """Return a place by name, or in the syntax of DCMI Box and Point."""
    name = geo.geo_location_place or ""
    told = f"; name={name.replace(';', ',')}" if name else ""
    if box := geo.geo_location_box:
        sides = (
            ("northlimit", number(box.north_bound_latitude, 90)),
            ("southlimit", number(box.south_bound_latitude, 90)),
            ("westlimit", number(box.west_bound_longitude, 180)),
            ("eastlimit", number(box.east_bound_longitude, 180)),
        )
        return "; ".join(f"{side}={value}" for side, value in sides) + told
    if point := geo.geo_location_point:
        east, north = number(point.point_longitude, 180), number(point.point_latitude, 90)
        return f"east={east}; north={north}{told}"
    return name


def _rights(resource: Resource) -> Iterator[Said]:
    for rights in resource.rights_list:
        yield from _right(rights)


def _right(rights: Rights) -> Iterator[str]:
    if rights.rights_uri:
        yield rights.rights_uri
    if rights.rights and not (rights.rights_uri or "").startswith(_ACCESS):
        yield rights.rights


_WRITERS: tuple[tuple[str, Callable[[Resource], Iterable[Said]]], ...] = (
    ("dc:title", _titles),
    ("dc:creator", _creators),
    ("dc:subject", _subjects),
    ("dc:description", _descriptions),
    ("dc:publisher", _publisher),
    ("dc:contributor", _contributors),
    ("dc:date", _date),
    ("dc:type", _once(_types)),
    ("dc:format", _formats),
    ("dc:identifier", _once(_identifiers)),
    ("dc:source", _sources),
    ("dc:language", _language),
    ("dc:relation", _once(_relations)),
    ("dc:coverage", _once(_coverage)),
    ("dc:rights", _once(_rights)),
)
