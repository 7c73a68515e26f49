"""What a Resource says in the words of Dublin Core, whatever the form it is written in.

Each function returns the texts of one element, with their language where they have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote

from app.crosswalks import exporting
from app.crosswalks.datacite.writing import number
from app.crosswalks.fragments import shared
from app.datacite import identifiers
from app.datacite.funders import acronym
from app.datacite.resource import (
    Contributor,
    Creator,
    Description,
    GeoLocation,
    RelatedItem,
    Resource,
    Types,
    is_missing,
)
from app.datacite.type_columns import DCMI, eurepo
from app.datacite.types import LONGEST_WORD

CACHED = 1024
_ALTERNATE = "info:eu-repo/semantics/altIdentifier/"
_URNS = {"ISBN": "urn:isbn:", "ISSN": "urn:issn:", "EISSN": "urn:issn:", "LISSN": "urn:issn:"}

Said = str | tuple[str, str]
"""A text, or a text and its xml:lang."""


def said(text: str, lang: str | None) -> Said:
    """Return a text with its language, if it has one."""
    return (text, lang) if lang else text


def once(texts: Sequence[Said]) -> Sequence[Said]:
    """Return texts without those that were said before."""
    return tuple(dict.fromkeys(texts)) if len(texts) > 1 else texts


def titles(resource: Resource) -> list[Said]:
    """Return all titles, the main one first."""
    return [said(title.title, title.lang) for title in exporting.titles(resource)]


def creators(resource: Resource) -> list[Said]:
    """Return the names of those who made it."""
    return names(resource.creators)


def names(makers: Sequence[Creator | Contributor]) -> list[Said]:
    """Return the names of those who have one."""
    return [maker.name for maker in makers if not is_missing(maker.name)]


def publisher(resource: Resource) -> tuple[Said, ...]:
    """Return the publisher."""
    told = exporting.publisher(resource)
    return (told,) if told else ()


def described(found: Description) -> Said:
    """Return a description with line ends for its breaks."""
    return said(exporting.lines(found.description), found.lang)


def types(resource: Resource) -> tuple[str, ...]:
    """Return the type in four vocabularies, each word once, the source's own last."""
    told = resource.types
    if told is None:
        return ()
    is_word = len(told.resource_type or "") <= LONGEST_WORD
    return _type_words(told) if is_word else _type_words.__wrapped__(told)


@lru_cache(maxsize=CACHED)
def _type_words(told: Types) -> tuple[str, ...]:
    """Return the words for a type; a repository has few of them."""
    general = told.resource_type_general
    words = (eurepo(told), general, DCMI.get(general), told.resource_type)
    return tuple(dict.fromkeys(word for word in words if word))


def own_identifiers(resource: Resource) -> list[Said]:
    """Return the DOI as an address, then the landing page, then all others."""
    texts: list[Said] = []
    if resource.doi:
        texts.append(linked("DOI", resource.doi))
    if resource.url:
        texts.append(resource.url)
    for other in resource.alternate_identifiers:
        if other.alternate_identifier_type != "DOI":
            texts.append(linked(other.alternate_identifier_type, other.alternate_identifier))
    return texts


def linked(kind: str, value: str) -> str:
    """Return an identifier in the form that readers of Dublin Core understand without a type."""
    if kind in ("DOI", "Handle"):
        return identifiers.link(kind, value) or value
    return _URNS[kind] + value if kind in _URNS else value


def alternate_dois(resource: Resource) -> list[Said]:
    """Return the DOIs that are not the record's own and would be taken for it as identifiers."""
    return [
        f"{_ALTERNATE}doi/{alternate.alternate_identifier}"
        for alternate in resource.alternate_identifiers
        if alternate.alternate_identifier_type == "DOI"
    ]


def language(resource: Resource) -> tuple[Said, ...]:
    """Return the language."""
    return (resource.language,) if resource.language else ()


def grants(resource: Resource) -> list[Said]:
    """Return the grants that have a number."""
    return [
        _grant((funding.funder_name, funding.award_number, funding.award_title or ""))
        for funding in resource.funding_references
        if funding.award_number
    ]


@shared
def _grant(parts: tuple[str, str, str]) -> str:
    """Return the grant agreement of a funder, a number and a title, of which all may be told."""
    name, *rest = parts
    told = (acronym(name) or name, *filter(None, rest))
    return "info:eu-repo/grantAgreement/" + "//".join(quote(part, safe="") for part in told)


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
