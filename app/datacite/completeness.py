"""Tells which properties of a description are there: how rich it is, not whether it is valid.

A property is there when it has a value that is not empty and no code for a missing value, and
passes its check. Pure, and cheap enough to be asked of every record that is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType

from app.datacite.identifiers import orcid
from app.datacite.languages import tag
from app.datacite.resource import (
    Contributor,
    Creator,
    Resource,
    is_missing,
)
from app.datacite.rights import is_access
from app.datacite.type_groups import is_literature

VERSION = 1
"""Of the definitions below: a mask that was made by another is made again."""
SHORTEST_ABSTRACT = 50
"""Characters."""
HIGH, MIDDLE, LOW = "high", "middle", "low"
BANDS = (HIGH, MIDDLE, LOW)
_HIGH_FROM, _MIDDLE_FROM = 80, 50
_GLOBAL = frozenset(
    (
        "DOI", "Handle", "ARK", "URN", "arXiv", "PURL", "w3id", "SWHID", "IGSN", "RAiD", "PMID",
        "bibcode", "CSTR", "LSID", "RRID", "ISBN",
    )
)  # fmt: skip
Person = Creator | Contributor

Test = Callable[[Resource], bool]
Tests = dict[str, tuple[str, Test]]
"""By property: the field without which it cannot be there, if there is one, and the test."""


def _always(_: Resource) -> bool:
    """Tell that a field that is not empty is enough."""
    return True


def _told(text: str | None) -> bool:
    return not is_missing(text)


def _named(people: Iterable[Person]) -> bool:
    return any(_told(person.name) for person in people)


def _has_orcid(people: Iterable[Person]) -> bool:
    return any(
        one.name_identifier_scheme == "ORCID" and orcid(one.name_identifier) is not None
        for person in people
        for one in person.name_identifiers
    )


def _has_ror(people: Iterable[Person]) -> bool:
    return any(
        any(one.name_identifier_scheme == "ROR" for one in person.name_identifiers)
        or any(one.affiliation_identifier_scheme == "ROR" for one in person.affiliation)
        for person in people
    )


def _identifier(resource: Resource) -> bool:
    if resource.doi:
        return True
    first = resource.alternate_identifiers[:1]
    return any(one.alternate_identifier_type in _GLOBAL for one in first)


def _resource_type(resource: Resource) -> bool:
    return resource.types is not None and resource.types.resource_type_general not in ("", "Other")


def _abstract(resource: Resource) -> bool:
    return any(
        one.description_type == "Abstract" and len(one.description) >= SHORTEST_ABSTRACT
        for one in resource.descriptions
    )


def _licence(resource: Resource) -> bool:
    return any(
        (one.rights_uri or one.rights_identifier) and not is_access(one)
        for one in resource.rights_list
    )


def _related_types(resource: Resource) -> Iterator[str]:
    """Yield the general types of what is related, where they are stated."""
    for one in resource.related_identifiers:
        if one.resource_type_general:
            yield one.resource_type_general
    for item in resource.related_items:
        if item.related_item_type:
            yield item.related_item_type


def _related(resource: Resource) -> bool:
    return bool(resource.related_identifiers) or any(
        item.related_item_identifier for item in resource.related_items
    )


def _coordinates(resource: Resource) -> bool:
    return any(
        one.geo_location_point or one.geo_location_box or one.geo_location_polygon
        for one in resource.geo_locations
    )


def _dated(resource: Resource, kind: str) -> bool:
    return any(one.date_type == kind for one in resource.dates)


_MUST: Tests = {
    "identifier": ("", _identifier),
    "creators": ("creators", lambda r: _named(r.creators)),
    "titles": ("titles", lambda r: any(_told(one.title) for one in r.titles)),
    "publisher": ("publisher", lambda r: r.publisher is not None and _told(r.publisher.name)),
    "publication_year": ("", lambda r: r.publication_year is not None),
    "resource_type": ("types", _resource_type),
}
_HIGH: Tests = {
    "creators.orcid": ("creators", lambda r: _has_orcid(r.creators)),
    "affiliations.ror": ("", lambda r: _has_ror(r.creators) or _has_ror(r.contributors)),
    "descriptions.abstract": ("descriptions", _abstract),
    "subjects": ("subjects", lambda r: any(_told(one.subject) for one in r.subjects)),
    "rights.known": ("rights_list", _licence),
    "related": ("", _related),
    "funding": (
        "funding_references",
        lambda r: any(_told(one.funder_name) for one in r.funding_references),
    ),
    "dates.issued": ("dates", lambda r: any(len(one.date) > len("2026") for one in r.dates)),
    "language": ("language", lambda r: tag(r.language or "") is not None),
    "object_link": ("content_url", _always),
}
_OTHERS: Tests = {
    "creators.affiliation": ("creators", lambda r: any(one.affiliation for one in r.creators)),
    "contributors": ("contributors", lambda r: _named(r.contributors)),
    "contributors.orcid": ("contributors", lambda r: _has_orcid(r.contributors)),
    "titles.translated": (
        "titles",
        lambda r: any(one.title_type == "TranslatedTitle" for one in r.titles),
    ),
    "titles.lang": ("titles", lambda r: any(one.lang for one in r.titles)),
    "subjects.scheme": ("subjects", lambda r: any(one.subject_scheme for one in r.subjects)),
    "rights": ("rights_list", lambda r: not all(map(is_access, r.rights_list))),
    "access": ("rights_list", lambda r: any(map(is_access, r.rights_list))),
    "funding.identifier": (
        "funding_references",
        lambda r: any(one.funder_identifier for one in r.funding_references),
    ),
    "funding.award": (
        "funding_references",
        lambda r: any(one.award_number or one.award_uri for one in r.funding_references),
    ),
    "geo": ("geo_locations", _always),
    "geo.coordinates": ("geo_locations", _coordinates),
    "dates.coverage": ("dates", lambda r: _dated(r, "Coverage")),
    "dates.collected": ("dates", lambda r: _dated(r, "Collected")),
    "sizes": ("sizes", _always),
    "formats": ("formats", _always),
    "version": ("version", _always),
    "related.article": ("", lambda r: any(map(is_literature, _related_types(r)))),
    "related.data": ("", lambda r: not all(map(is_literature, _related_types(r)))),
    "publisher.identifier": (
        "publisher",
        lambda r: r.publisher is not None and bool(r.publisher.publisher_identifier),
    ),
    "alternate_identifiers": (
        "alternate_identifiers",
        lambda r: len(r.alternate_identifiers) > (0 if r.doi else 1),
    ),
    "landing_url": ("url", _always),
    "descriptions.other": (
        "descriptions",
        lambda r: any(one.description_type != "Abstract" for one in r.descriptions),
    ),
    "resource_type.text": ("types", lambda r: bool(r.types and r.types.resource_type)),
}
WRITABLE = "datacite"
"""The property that a record has if it can be written as DataCite XML."""

MUST = tuple(_MUST)
"""What every description must have."""
HIGH_IMPACT = tuple(_HIGH)
"""What makes a description found, linked and used."""
OTHERS = tuple(_OTHERS)
PROPERTIES = (*MUST, *HIGH_IMPACT, *OTHERS, WRITABLE)
"""The keys of all properties, in the order of their bits; more are only ever added at the end."""
BITS = MappingProxyType({name: 1 << place for place, name in enumerate(PROPERTIES)})
_ALL = _MUST | _HIGH | _OTHERS
_TESTS = tuple(
    (field, tuple((BITS[name], there) for name, (needs, there) in _ALL.items() if needs == field))
    for field in dict.fromkeys(needs for needs, _ in _ALL.values())
)
_MUST_BITS = sum(BITS[name] for name in MUST)
_HIGH_BITS = sum(BITS[name] for name in HIGH_IMPACT)
POINTS = 2 * len(MUST) + len(HIGH_IMPACT)


def present(resource: Resource, *, year_stated: bool = True, writable: bool = True) -> int:
    """Return the properties that are there, as a sum of `BITS`.

    year_stated: the publication year is the repository's own, not of a datestamp. writable: the
    record can be written as DataCite XML.
    """
    mask = BITS[WRITABLE] if writable else 0
    for field, tests in _TESTS:
        if not field or getattr(resource, field):
            for bit, there in tests:
                if there(resource):
                    mask |= bit
    return mask if year_stated else mask & ~BITS["publication_year"]


def missing(mask: int) -> tuple[str, ...]:
    """Return the keys of what should be there and is not, what must be first."""
    return tuple(name for name in (*MUST, *HIGH_IMPACT) if not mask & BITS[name])


def counted(masks: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Return how many records have each property, from masks and how many records have each."""
    found = dict.fromkeys(BITS, 0)
    for mask, number in masks:
        for name, bit in BITS.items():
            if mask & bit:
                found[name] += number
    return found


def points(mask: int) -> int:
    """Return 0 to `POINTS`: must-have and high-impact properties, the former twice."""
    return 2 * (mask & _MUST_BITS).bit_count() + (mask & _HIGH_BITS).bit_count()


def score(mask: int) -> int:
    """Return 0 to 100: the share of the points that is there."""
    return 100 * points(mask) // POINTS


def band(score: int) -> str:
    """Return one of `BANDS` for a score."""
    if score >= _HIGH_FROM:
        return HIGH
    return MIDDLE if score >= _MIDDLE_FROM else LOW
