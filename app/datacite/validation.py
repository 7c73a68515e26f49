"""Checks a resource: what is wrong with it, and how complete that leaves it.

Pure, total and stable: it depends on the value and on the day given, on nothing else, and the
problems come in the order of the schema's properties. Problems that only reading can see, such as
what was repaired or inferred, are the readers' to add.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Literal

from app.datacite import identifiers
from app.datacite.name_checks import contributor_types, funding, names, publisher
from app.datacite.place_checks import geo_locations
from app.datacite.problem import Problem, problem
from app.datacite.relation_checks import related_identifiers, related_items
from app.datacite.resource import Resource, is_missing
from app.datacite.value_checks import (
    dates,
    descriptions,
    language,
    rights,
    subjects,
    term,
    titles,
)

YEARS_AHEAD = 5
Level = Literal["mintable", "complete", "incomplete"]


def check(resource: Resource, *, today: datetime.date, stored: bool = False) -> tuple[Problem, ...]:
    """Return everything that can be said against a resource by its value alone; never raises.

    `recommended.absent` is among them, for reports; the store keeps only rules that are
    `stored`: asked for those, the rest is not looked for.
    """
    found: list[Problem] = []
    _identifier(resource, found)
    _names_and_titles(resource, found)
    publisher(resource.publisher, found)
    _year(resource.publication_year, today, found)
    _types(resource, found)
    subjects(resource.subjects, found)
    if resource.contributors:
        names(resource.contributors, "/contributors", found)
        contributor_types(resource.contributors, found)
    dates(resource.dates, today, found)
    if resource.language is not None:
        language(resource.language, "/language", found)
    if resource.related_identifiers:
        related_identifiers(resource, found)
    rights(resource.rights_list, found)
    descriptions(resource.descriptions, found)
    geo_locations(resource.geo_locations, found)
    funding(resource.funding_references, found)
    related_items(resource, found)
    if not stored:
        _recommended(resource, found)
    return tuple(found)


def _identifier(resource: Resource, found: list[Problem]) -> None:
    if resource.doi:
        if identifiers.doi(resource.doi) != resource.doi:
            found.append(problem("doi.syntax", "/doi", resource.doi))
        return
    alternates = resource.alternate_identifiers
    if not alternates or not alternates[0].alternate_identifier:
        found.append(problem("identifier.missing", "/doi"))
        return
    path = "/alternateIdentifiers/0/alternateIdentifier"
    found.append(problem("identifier.not-doi", path, alternates[0].alternate_identifier))


def _names_and_titles(resource: Resource, found: list[Problem]) -> None:
    if not any(creator.name for creator in resource.creators):
        found.append(problem("creators.missing", "/creators"))
    names(resource.creators, "/creators", found)
    if not any(title.title for title in resource.titles):
        found.append(problem("titles.missing", "/titles"))
    titles(resource.titles, "/titles", found)


def _year(year: int | None, today: datetime.date, found: list[Problem]) -> None:
    if year is None or not 0 < year < 9999:
        found.append(problem("publicationYear.missing", "/publicationYear"))
    elif not 1000 <= year <= today.year + YEARS_AHEAD:
        found.append(problem("publicationYear.implausible", "/publicationYear", year))


def _types(resource: Resource, found: list[Problem]) -> None:
    path = "/types/resourceTypeGeneral"
    if resource.types is None or not resource.types.resource_type_general:
        found.append(problem("resourceType.missing", path))
    else:
        term("resourceTypeGeneral", resource.types.resource_type_general, path, "M", found)


def _recommended(resource: Resource, found: list[Problem]) -> None:
    for value, path in (
        (resource.subjects, "/subjects"),
        (resource.contributors, "/contributors"),
        (resource.dates, "/dates"),
        (resource.related_identifiers, "/relatedIdentifiers"),
        (resource.descriptions, "/descriptions"),
        (resource.geo_locations, "/geoLocations"),
    ):
        if not value:
            found.append(problem("recommended.absent", path))


def level(problems: Iterable[Problem], resource: Resource) -> Level:
    """Return how complete a resource is: mintable, complete (it can be written), incomplete."""
    primary = resource.doi or (
        resource.alternate_identifiers and resource.alternate_identifiers[0].alternate_identifier
    )
    year = resource.publication_year
    if not primary or year is None or not 0 < year < 9999:
        return "incomplete"
    real = _all_real(resource) and not any(one.severity == "error" for one in problems)
    return "mintable" if real and identifiers.doi(resource.doi or "") else "complete"


def _all_real(resource: Resource) -> bool:
    """Whether creators, titles, publisher and type say something, not that nothing is known."""
    return (
        any(not is_missing(creator.name) for creator in resource.creators)
        and any(not is_missing(title.title) for title in resource.titles)
        and resource.publisher is not None
        and not is_missing(resource.publisher.name)
        and resource.types is not None
        and bool(resource.types.resource_type_general)
    )
