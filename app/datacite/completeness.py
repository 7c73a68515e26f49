"""Tells which properties of a description are there: how rich it is, not whether it is valid.

A property is there when it has a value that is not empty and no code for a missing value, and
passes its check. Pure, and cheap enough to be asked of every record that is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType
from typing import Any

from app.datacite.identifiers import orcid
from app.datacite.languages import tag
from app.datacite.resource import (
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    GeoLocation,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
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
MUST = (
    "identifier", "creators", "titles", "publisher", "publication_year", "resource_type",
)  # fmt: skip
"""What every description must have."""
HIGH_IMPACT = (
    "creators.orcid", "affiliations.ror", "descriptions.abstract", "subjects", "rights.known",
    "related", "funding", "dates.issued", "language", "object_link",
)  # fmt: skip
"""What makes a description found, linked and used."""
OTHERS = (
    "creators.affiliation", "contributors", "contributors.orcid", "titles.translated",
    "titles.lang", "subjects.scheme", "rights", "access", "funding.identifier", "funding.award",
    "geo", "geo.coordinates", "dates.coverage", "dates.collected", "sizes", "formats", "version",
    "related.article", "related.data", "publisher.identifier", "alternate_identifiers",
    "landing_url", "descriptions.other", "resource_type.text",
)  # fmt: skip
WRITABLE = "datacite"
"""The property that a record has if it can be written as DataCite XML."""
PROPERTIES = (*MUST, *HIGH_IMPACT, *OTHERS, WRITABLE)
"""The keys of all properties, in the order of their bits; more are only ever added at the end."""
BITS = MappingProxyType({name: 1 << place for place, name in enumerate(PROPERTIES)})
_MUST_BITS = sum(BITS[name] for name in MUST)
_HIGH_BITS = sum(BITS[name] for name in HIGH_IMPACT)
POINTS = 2 * len(MUST) + len(HIGH_IMPACT)
Found = Iterator[str]
"""Properties that are there, each once or more often."""


def _creators(creators: Iterable[Creator]) -> Found:
    yield from _people(creators, "creators")
    if any(one.affiliation for one in creators):
        yield "creators.affiliation"


def _contributors(contributors: Iterable[Contributor]) -> Found:
    return _people(contributors, "contributors")


def _people(people: Iterable[Creator | Contributor], named: str) -> Found:
    for one in people:
        if not is_missing(one.name):
            yield named
        if one.name_identifiers or one.affiliation:
            yield from _known(one, f"{named}.orcid")


def _known(person: Creator | Contributor, with_orcid: str) -> Found:
    for one in person.name_identifiers:
        if one.name_identifier_scheme == "ROR":
            yield "affiliations.ror"
        elif one.name_identifier_scheme == "ORCID" and orcid(one.name_identifier) is not None:
            yield with_orcid
    if any(one.affiliation_identifier_scheme == "ROR" for one in person.affiliation):
        yield "affiliations.ror"


def _titles(titles: Iterable[Title]) -> Found:
    for one in titles:
        if not is_missing(one.title):
            yield "titles"
        if one.title_type == "TranslatedTitle":
            yield "titles.translated"
        if one.lang:
            yield "titles.lang"


def _publisher(publisher: Publisher) -> Found:
    if not is_missing(publisher.name):
        yield "publisher"
    if publisher.publisher_identifier:
        yield "publisher.identifier"


def _types(types: Types) -> Found:
    if types.resource_type_general not in ("", "Other"):
        yield "resource_type"
    if types.resource_type:
        yield "resource_type.text"


def _descriptions(descriptions: Iterable[Description]) -> Found:
    for one in descriptions:
        if one.description_type != "Abstract":
            yield "descriptions.other"
        elif len(one.description) >= SHORTEST_ABSTRACT:
            yield "descriptions.abstract"


def _subjects(subjects: Iterable[Subject]) -> Found:
    for one in subjects:
        if not is_missing(one.subject):
            yield "subjects"
        if one.subject_scheme:
            yield "subjects.scheme"


def _rights(rights: Iterable[Rights]) -> Found:
    for one in rights:
        if is_access(one):
            yield "access"
        else:
            yield "rights"
            if one.rights_uri or one.rights_identifier:
                yield "rights.known"


def _related(related: Iterable[RelatedIdentifier]) -> Found:
    yield "related"
    for one in related:
        if one.resource_type_general:
            yield _of_type(one.resource_type_general)


def _related_items(items: Iterable[RelatedItem]) -> Found:
    for one in items:
        if one.related_item_identifier:
            yield "related"
        if one.related_item_type:
            yield _of_type(one.related_item_type)


def _of_type(general: str) -> str:
    return "related.article" if is_literature(general) else "related.data"


def _funding(funding: Iterable[FundingReference]) -> Found:
    for one in funding:
        if not is_missing(one.funder_name):
            yield "funding"
        if one.funder_identifier:
            yield "funding.identifier"
        if one.award_number or one.award_uri:
            yield "funding.award"


def _dates(dates: Iterable[Date]) -> Found:
    for one in dates:
        if len(one.date) > len("2026"):
            yield "dates.issued"
        if one.date_type in _DATED:
            yield _DATED[one.date_type]


def _language(language: str) -> Found:
    if tag(language) is not None:
        yield "language"


def _geo(places: Iterable[GeoLocation]) -> Found:
    yield "geo"
    for one in places:
        if one.geo_location_point or one.geo_location_box or one.geo_location_polygon:
            yield "geo.coordinates"


_DATED = {"Coverage": "dates.coverage", "Collected": "dates.collected"}
_TOLD: tuple[tuple[str, Callable[[Any], Iterable[str]]], ...] = (
    ("creators", _creators),
    ("titles", _titles),
    ("publisher", _publisher),
    ("types", _types),
    ("contributors", _contributors),
    ("descriptions", _descriptions),
    ("subjects", _subjects),
    ("rights_list", _rights),
    ("related_identifiers", _related),
    ("related_items", _related_items),
    ("funding_references", _funding),
    ("dates", _dates),
    ("language", _language),
    ("geo_locations", _geo),
)
"""What a field says that is not empty."""
_ENOUGH = (
    ("sizes", "sizes"), ("formats", "formats"), ("version", "version"), ("url", "landing_url"),
    ("content_url", "object_link"),
)  # fmt: skip
"""Fields of which it is enough that they are not empty."""


def present(resource: Resource, *, year_stated: bool = True, writable: bool = True) -> int:
    """Return the properties that are there, as a sum of `BITS`.

    year_stated: the publication year is the repository's own, not of a datestamp. writable: the
    record can be written as DataCite XML.
    """
    found = {name for field, name in _ENOUGH if getattr(resource, field)}
    found.update(_identifiers(resource))
    for field, told in _TOLD:
        if value := getattr(resource, field):
            found.update(told(value))
    if year_stated and resource.publication_year is not None:
        found.add("publication_year")
    if writable:
        found.add(WRITABLE)
    return sum([BITS[name] for name in found])


def _identifiers(resource: Resource) -> Found:
    """Tell of the DOI, of which the first alternate identifier may take the place."""
    alternates = resource.alternate_identifiers
    if resource.doi or (alternates and alternates[0].alternate_identifier_type in _GLOBAL):
        yield "identifier"
    if len(alternates) > (0 if resource.doi else 1):
        yield "alternate_identifiers"


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
