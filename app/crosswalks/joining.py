"""Joins what was told of a record with what was only read from its texts, and their notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from app.crosswalks.dublin_core.items import linked
from app.crosswalks.dublin_core.parts import once
from app.crosswalks.reading import Inference
from app.datacite.problem import Problem
from app.datacite.resource import AlternateIdentifier, Contributor, Resource, Title


def joined(told: Resource, untold: Resource) -> Resource:
    """Join two canonical Resources of one record; what both have stays once."""
    related = tuple(
        one
        for one in once(told.related_identifiers, untold.related_identifiers)
        if one.related_identifier != untold.doi or one.relation_type == "IsIdenticalTo"
    )
    return Resource(
        doi=told.doi or untold.doi,
        creators=once(told.creators, untold.creators),
        titles=_titles(told.titles, untold.titles),
        publisher=told.publisher or untold.publisher,
        subjects=once(told.subjects, untold.subjects),
        contributors=once(told.contributors, untold.contributors),
        dates=once(told.dates, untold.dates),
        language=told.language or untold.language,
        types=told.types,
        alternate_identifiers=_named(
            once(told.alternate_identifiers, untold.alternate_identifiers)
        ),
        related_identifiers=related,
        sizes=once(told.sizes, untold.sizes),
        formats=once(told.formats, untold.formats),
        version=told.version or untold.version,
        rights_list=once(told.rights_list, untold.rights_list),
        descriptions=once(told.descriptions, untold.descriptions),
        geo_locations=once(told.geo_locations, untold.geo_locations),
        funding_references=once(told.funding_references, untold.funding_references),
        related_items=linked(once(told.related_items, untold.related_items), related),
        url=told.url or untold.url,
        content_url=once(told.content_url, untold.content_url),
    )


def _named(given: tuple[AlternateIdentifier, ...]) -> tuple[AlternateIdentifier, ...]:
    """Return the identifiers; one that is known by its kind is not local too."""
    known = {one.alternate_identifier for one in given if one.alternate_identifier_type != "local"}
    return tuple(
        one
        for one in given
        if one.alternate_identifier_type != "local" or one.alternate_identifier not in known
    )


def further(untold: Resource, told: Resource) -> tuple[Contributor, ...]:
    """Return the untold contributors; one without a role of its own that was told is left out."""
    known = {one.name.casefold() for one in told.creators}
    known |= {one.name.casefold() for one in told.contributors}
    return tuple(
        one
        for one in untold.contributors
        if one.contributor_type != "Other" or one.name.casefold() not in known
    )


def _titles(told: Sequence[Title], untold: Sequence[Title]) -> tuple[Title, ...]:
    """Return the titles, the first without type in front."""
    found = once(tuple(told), tuple(untold))
    main = next((n for n, title in enumerate(found) if title.title_type is None), 0)
    return (found[main], *found[:main], *found[main + 1 :]) if main else found


_LISTS = {
    "creators": "creators",
    "titles": "titles",
    "subjects": "subjects",
    "contributors": "contributors",
    "dates": "dates",
    "relatedIdentifiers": "related_identifiers",
    "rightsList": "rights_list",
    "descriptions": "descriptions",
    "geoLocations": "geo_locations",
    "fundingReferences": "funding_references",
    "relatedItems": "related_items",
}


_Note = TypeVar("_Note", Inference, Problem)


def moved(notes: Sequence[_Note], told: Resource) -> list[_Note]:
    """Return notes with the places that their values have behind those that were told."""
    return [replace(one, path=_place(one.path, told)) for one in notes]


def _place(path: str, told: Resource) -> str:
    parts_of = path.split("/", 3)
    if len(parts_of) < 3 or not parts_of[2].isdigit() or parts_of[1] not in _LISTS:
        return path
    parts_of[2] = str(int(parts_of[2]) + len(getattr(told, _LISTS[parts_of[1]])))
    return "/".join(parts_of)
