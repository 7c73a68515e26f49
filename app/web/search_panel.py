"""The facets and filters beside a list of results, as links: each adds or takes away one choice."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from app.datacite import identifiers
from app.query.request import FILTERS
from app.query.terms import FACETS
from app.store.search.results import Facet, FacetValue
from app.web import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.query.request import Request

TITLES = {
    "repository": "Repository", "type": "Type", "year": "Year", "license": "Licence",
    "access": "Access", "language": "Language", "subject": "Subject", "creator": "Creator",
    "funder": "Funder", "affiliation": "Affiliation", "linked": "Links", "object": "Object",
    "schema": "Metadata schema", "quality": "Quality", "state": "State", "set": "Set",
    "year_from": "From year", "year_to": "To year", "updated_from": "Changed since",
    "updated_until": "Changed until", "first_seen": "First seen", "copies": "Copies",
}  # fmt: skip
_OPEN = ("repository", "type", "year")
"""Facets that are open at the start; all others open by a click."""
_NONE = {
    "license": "no licence stated", "access": "not stated", "language": "not stated",
    "linked": "no links", "schema": "other formats", "quality": "not known",
}  # fmt: skip
_WORDS = {
    ("license", "other"): "other terms",
    ("object", "yes"): "with a direct link",
    ("object", "no"): "without a direct link",
    ("linked", "references"): "references other works",
    ("linked", "citations"): "cited by other works",
    ("linked", "parts"): "parts",
    ("linked", "versions"): "versions",
    ("linked", "article"): "articles",
    ("linked", "data"): "data",
    ("quality", "high"): "rich",
    ("quality", "middle"): "middling",
    ("quality", "low"): "poor",
    ("copies", "all"): "all copies",
    ("state", "deleted"): "removed",
    ("state", "withdrawn"): "withdrawn",
}


_PLAIN = ("cursor", "jump", "facets")
"""Parameters that do not belong to the canonical address of a search."""


class Choice(Struct, frozen=True):
    """A value of a facet. href: the search with it chosen, or chosen no more."""

    label: str
    href: str
    count: int
    selected: bool
    name: str = ""
    """Its full name, where the label is short for one."""


class Group(Struct, frozen=True):
    """A facet. more, counts: addresses that show more values, or counts that took too long."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    open: bool
    more: str = ""
    counts: str = ""


class Chip(Struct, frozen=True):
    """A filter that is on: what it is, and the search without it."""

    title: str
    label: str
    href: str


def address(request: Request, **changed: object) -> str:
    """Return the address of a search from its first page, with some parameters changed."""
    pairs = request.parameters(**changed)
    return f"/search?{urlencode(pairs)}" if pairs else "/search"


def canonical(request: Request) -> str:
    """Return the one address of a search from its first page, however it was asked for."""
    pairs = sorted(request.parameters(**dict.fromkeys(_PLAIN)))
    return f"/search?{urlencode(pairs)}" if pairs else "/search"


def titled(facets: Sequence[Facet], titles: Mapping[str, str]) -> tuple[Facet, ...]:
    """Return the facets with repositories by their titles."""
    return tuple(
        replace(facet, values=tuple(_titled(value, titles) for value in facet.values))
        if facet.name == "repository"
        else facet
        for facet in facets
    )


def _titled(value: FacetValue, titles: Mapping[str, str]) -> FacetValue:
    return replace(value, label=titles.get(value.value) or value.label)


def unfinished(request: Request) -> Iterator[Facet]:
    """Yield the facets without counts, and of their values those that are chosen."""
    for name in request.facets:
        chosen = (FacetValue(one, one, -1, selected=True) for one in request.values(name))
        yield Facet(name, tuple(chosen), finished=False)


def groups(request: Request, facets: Sequence[Facet]) -> tuple[Group, ...]:
    """Return the facets, in their order."""
    return tuple(_group(request, facet) for facet in facets)


def _group(request: Request, facet: Facet) -> Group:
    name = facet.name
    selected = bool(request.values(name))
    return Group(
        name,
        TITLES[name],
        tuple(_choice(request, name, value) for value in facet.values),
        selected or name in _OPEN or not facet.finished,
        address(request, more=(*request.more, name)) if facet.more else "",
        "" if facet.finished else address(request, facets=name),
    )


def _choice(request: Request, name: str, value: FacetValue) -> Choice:
    toggled = request.toggled(name, value.value)
    return Choice(
        label(name, value.value, value.label), address(toggled), value.count, value.selected,
        full_name(name, value.value),
    )  # fmt: skip


def full_name(name: str, value: str) -> str:
    """Return what a label is short for, empty if it is whole."""
    return words.licence_name(value) if name == "license" else ""


def label(name: str, value: str, told: str = "") -> str:
    """Return what a value of a facet or filter is called; told: the name that the store has."""
    if value == "none":
        return _NONE.get(name, "none")
    if (name, value) in _WORDS:
        return _WORDS[name, value]
    if name == "type":
        return words.term(value)
    if name == "access":
        return f"{value} access" if value != "metadata-only" else "metadata only"
    if name == "language":
        return words.language(told or value)
    if name == "license":
        return words.licence(told or value)
    if name == "schema":
        return f"DataCite {value}"
    return words.cut(told or value, 80)


def whose(request: Request) -> tuple[tuple[str, str], ...]:
    """Return whose works are asked for by identifier: what it stands for, and its own page."""
    found = [("a person, by ORCID", identifiers.link("ORCID", one)) for one in
             request.values("creator")]  # fmt: skip
    found += [("an organisation, by ROR", identifiers.link("ROR", one)) for one in
              request.values("affiliation")]  # fmt: skip
    return tuple((what, link) for what, link in found if link)


def chips(request: Request, labels: Iterable[tuple[tuple[str, str], str]] = ()) -> tuple[Chip, ...]:
    """Return the filters that are on. labels: what values of facets are called."""
    named, found = dict(labels), []
    for name in (*FACETS, *FILTERS):
        for value in request.values(name):
            if (name, value) in (("state", "live"), ("copies", "preferred")):
                continue
            text = label(name, value, named.get((name, value), ""))
            found.append(Chip(TITLES[name], text, address(_without(request, name, value))))
    return tuple(found)


def _without(request: Request, name: str, value: str) -> Request:
    return request.toggled(name, value) if name in FACETS else request.without(name)
