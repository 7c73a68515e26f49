"""Creators and contributors as a page names them, with their affiliations as numbered notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from app.web import foreign, words
from app.web.record_limits import Cut, Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.datacite.resource import Affiliation, Contributor, Creator

EAST_ASIAN = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")


class Person(Struct, frozen=True):
    """A creator or contributor as shown; notes are numbers of affiliations."""

    name: str
    lang: str = ""
    role: str = ""
    orcid: str = ""
    ror: str = ""
    notes: tuple[int, ...] = ()


class Place(Struct, frozen=True):
    """An affiliation under its number."""

    number: int
    name: str
    href: str = ""


class Role(Struct, frozen=True):
    """What some people did, in words, and who."""

    name: str
    people: tuple[Person, ...]


def by_role(people: Sequence[Person]) -> tuple[Role, ...]:
    """Return people by what they did, in the order of the first of each."""
    found: dict[str, list[Person]] = {}
    for one in people:
        found.setdefault(one.role or "Contributor", []).append(one)
    return tuple(Role(name, tuple(several)) for name, several in found.items())


def display_name(person: Creator | Contributor) -> str:
    """Return a name as it is read: "Given Family" when both are known, else the name as it is.

    Names in Chinese, Japanese or Korean script have the family first and no blank.
    """
    given, family = person.given_name, person.family_name
    if not given or not family:
        return person.name
    return f"{family}{given}" if EAST_ASIAN.fullmatch(family + given) else f"{given} {family}"


def affiliations(people: Sequence[Creator | Contributor], limits: Limits) -> dict[str, Place]:
    """Return the affiliations of people by name, numbered in the order they come."""
    places: dict[str, Place] = {}
    for person in people:
        for affiliation in person.affiliation[:5]:
            if affiliation.name not in places and len(places) < 2 * limits.items:
                number = len(places) + 1
                name = words.cut(affiliation.name, limits.text)
                places[affiliation.name] = Place(number, name, _ror(affiliation))
    return places


def people(
    several: Cut[Creator] | Cut[Contributor], places: dict[str, Place], limits: Limits
) -> Cut[Person]:
    """Return people as shown; `places` are their affiliations by name."""
    shown = tuple(_person(person, places, limits) for person in several.items)
    return Cut(shown, several.total, several.part)


def _person(person: Creator | Contributor, places: dict[str, Place], limits: Limits) -> Person:
    by_scheme = {
        (i.name_identifier_scheme or "").upper(): foreign.href(i.name_identifier)
        for i in person.name_identifiers
    }
    role = getattr(person, "contributor_type", "")
    return Person(
        name=words.cut(display_name(person), limits.text),
        lang=person.lang or "",
        role=words.term(role) if role not in ("", "Other") else "",
        orcid=by_scheme.get("ORCID", ""),
        ror=by_scheme.get("ROR", ""),
        notes=tuple(places[a.name].number for a in person.affiliation if a.name in places),
    )


def _ror(affiliation: Affiliation) -> str:
    return foreign.href(affiliation.affiliation_identifier)
