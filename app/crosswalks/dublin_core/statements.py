"""What a Resource says in the words of Dublin Core, whatever the form it is written in.

Each function yields the texts of one element, with their language where they have one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from app.crosswalks import exporting
from app.crosswalks.datacite.writing import number
from app.datacite import identifiers
from app.datacite.funders import acronym
from app.datacite.resource import (
    Description,
    FundingReference,
    GeoLocation,
    RelatedItem,
    Resource,
)
from app.datacite.type_columns import DCMI, eurepo

_ALTERNATE = "info:eu-repo/semantics/altIdentifier/"
_URNS = {"ISBN": "urn:isbn:", "ISSN": "urn:issn:", "EISSN": "urn:issn:", "LISSN": "urn:issn:"}

Said = str | tuple[str, str]
"""A text, or a text and its xml:lang."""


def said(text: str, lang: str | None) -> Said:
    """Return a text with its language, if it has one."""
    return (text, lang) if lang else text


def once(texts: Callable[[Resource], Iterable[Said]]) -> Callable[[Resource], Iterable[Said]]:
    """Make a writer say nothing twice."""
    return lambda resource: dict.fromkeys(texts(resource))


def titles(resource: Resource) -> Iterator[Said]:
    """Yield all titles, the main one first."""
    for title in exporting.titles(resource):
        yield said(title.title, title.lang)


def creators(resource: Resource) -> Iterator[Said]:
    """Yield the names of those who made it."""
    for creator in exporting.named(resource.creators):
        yield creator.name


def publisher(resource: Resource) -> Iterator[Said]:
    """Yield the publisher."""
    if told := exporting.publisher(resource):
        yield told


def described(found: Description) -> Said:
    """Return a description with line ends for its breaks."""
    return said(exporting.lines(found.description), found.lang)


def types(resource: Resource) -> Iterator[Said]:
    """Yield the type in four vocabularies, the source's own last."""
    told = resource.types
    if told is None:
        return
    general = told.resource_type_general
    for word in (eurepo(told), general, DCMI.get(general), told.resource_type):
        if word:
            yield word


def own_identifiers(resource: Resource) -> Iterator[Said]:
    """Yield the DOI as an address, then the landing page, then all others."""
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


def alternate_dois(resource: Resource) -> Iterator[Said]:
    """Yield the DOIs that are not the record's own and would be taken for it as identifiers."""
    for alternate in resource.alternate_identifiers:
        if alternate.alternate_identifier_type == "DOI":
            yield f"{_ALTERNATE}doi/{alternate.alternate_identifier}"


def language(resource: Resource) -> Iterator[Said]:
    """Yield the language."""
    if resource.language:
        yield resource.language


def grants(resource: Resource) -> Iterator[Said]:
    """Yield the grants that have a number."""
    for funding in resource.funding_references:
        if funding.award_number:
            yield _grant(funding)


def _grant(funding: FundingReference) -> str:
    parts = [acronym(funding.funder_name) or funding.funder_name, "", funding.award_number or ""]
    if funding.award_title:
        parts += ["", funding.award_title]
    return "info:eu-repo/grantAgreement/" + "/".join(quote(part, safe="") for part in parts)


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


def place(geo: GeoLocation) -> tuple[str, str]:
    """Return a place by name, or in the syntax of DCMI Box or Point, and which it is."""
    name = geo.geo_location_place or ""
    told = f"; name={name.replace(';', ',')}" if name else ""
    if box := geo.geo_location_box:
        sides = (
            ("northlimit", number(box.north_bound_latitude, 90)),
            ("southlimit", number(box.south_bound_latitude, 90)),
            ("westlimit", number(box.west_bound_longitude, 180)),
            ("eastlimit", number(box.east_bound_longitude, 180)),
        )
        return "; ".join(f"{side}={value}" for side, value in sides) + told, "Box"
    if point := geo.geo_location_point:
        east, north = number(point.point_longitude, 180), number(point.point_latitude, 90)
        return f"east={east}; north={north}{told}", "Point"
    return name, ""
