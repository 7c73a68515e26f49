"""Facets: exact counts of the values of all that a search finds, in one pass over its rows.

A facet with a selection of its own is counted over the search without it, so that the number beside
a value is the total of the search with that value instead.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.errors import StoreError
from app.query.indexing import MANY
from app.query.request import Request
from app.query.terms import FACETS, LINKED, facet_of, number
from app.store import deadline
from app.store.database import Database
from app.store.search.results import Facet, FacetValue
from app.store.search.tables import facet_values, search
from app.store.search.ways import Wanted, Way
from app.store.search.writing import unpacked

SHOWN, SHOWN_MORE = 10, 60
"""Values of a facet that are given, and of one of which more are wanted."""
_ALWAYS = ("none", "other")
"""Values that are given whenever there are any."""
_NONE = "none"
_F = facet_values.c
Counts = Mapping[int, int]


class Counting:
    """Counts facets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def facets(self, request: Request, seconds: float) -> tuple[Facet, ...]:
        """Return the facets that are wanted; see `Finding.facets`."""
        apart = [name for name in request.facets if name in request.selected]
        together = [name for name in request.facets if name not in request.selected]
        found = {name: self._one(request, (name,), seconds) for name in apart}
        if together:
            within = self._one(request, together, seconds * len(together))
            found |= dict.fromkeys(together, within)
        facets = (self._facet(request, name, found[name]) for name in request.facets)
        return tuple(facet for facet in facets if facet.values or not facet.finished)

    def _one(self, request: Request, names: Sequence[str], seconds: float) -> _Counted | None:
        """Count facets over one set of records; None if it takes too long."""
        for name in names:
            request = request.without(name)
        left = deadline.left()
        seconds = seconds if left is None else min(seconds, left)
        try:
            with deadline.within(seconds), self._database.read() as connection:
                return self._count(connection, request, names)
        except StoreError:
            if left is not None and left <= seconds:
                raise
            return None

    def _count(self, connection: Connection, request: Request, names: Sequence[str]) -> _Counted:
        live = request.state == "live" and not request.names_state
        columns = tuple(name for name, facets in _COLUMNS.items() if facets & set(names))
        way = Way(Wanted(request.tree, live=live), self._database.dialect, scanning=True)
        way.prepare(connection)
        counted = _Counted(columns)
        result = connection.execute(way.values(*(search.c[name] for name in columns)))
        for rows in result.partitions(_BATCH):
            counted.add(rows)
            deadline.left()
        return counted

    def _facet(self, request: Request, name: str, counted: _Counted | None) -> Facet:
        chosen = request.values(name)
        if counted is None:
            kept = tuple(FacetValue(value, value, -1, selected=True) for value in chosen)
            return Facet(name, kept, finished=False)
        if name == "linked":
            values = _linked(counted.linked, chosen)
            return Facet(name, values)
        most = SHOWN_MORE if name in request.more else SHOWN
        with self._database.read() as connection:
            return _listed(connection, self._database, name, counted.of(name), chosen, most)


_BATCH = 10_000
_COLUMNS = {
    "few": frozenset(FACETS) - MANY - {"linked"},
    "many": MANY,
    "linked": frozenset(("linked",)),
}
"""Which facets each column counts."""


class _Counted:
    """Counts of all values, as they come, of some columns."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns
        self._few: Counter[bytes] = Counter()
        self._many: Counter[int] = Counter()
        self.linked: Counter[int] = Counter()
        self._by_facet: dict[str, dict[int, int]] | None = None

    def add(self, rows: Sequence[Any]) -> None:
        """Count rows of the columns."""
        given = dict(zip(self._columns, zip(*rows, strict=True), strict=True))
        self._few.update(given.get("few", ()))
        self._many.update(unpacked(b"".join(given.get("many", ()))))
        self.linked.update(given.get("linked", ()))

    def of(self, name: str) -> Counts:
        """Return how many records have each value of a facet."""
        if self._by_facet is None:
            self._by_facet = self._parted()
        return self._by_facet.get(name, {})

    def _parted(self) -> dict[str, dict[int, int]]:
        counts = self._many
        for packed, times in self._few.items():
            for one in unpacked(packed):
                counts[one] += times
        parted: dict[str, dict[int, int]] = {name: {} for name in FACETS}
        for one, times in counts.items():
            parted[facet_of(one)][one] = times
        return parted


def _linked(counts: Counter[int], chosen: Sequence[str]) -> tuple[FacetValue, ...]:
    found = {
        value: sum(times for bits, times in counts.items() if bits >> place & 1)
        for place, value in enumerate(LINKED)
    }
    found[_NONE] = counts[0]
    if not any(found[value] for value in LINKED) and not chosen:
        return ()
    values = [FacetValue(v, v, n, v in chosen) for v, n in found.items() if n or v in chosen]
    return tuple(sorted(values, key=lambda one: not one.selected))


def _listed(
    connection: Connection, database: Database, name: str, counts: Counts,
    chosen: Sequence[str], most: int,
) -> Facet:  # fmt: skip
    always = {number(name, value) for value in (*_ALWAYS, *chosen)}
    if name == "year":
        best = list(counts)
    else:
        best = heapq.nlargest(most, counts, key=lambda one: (counts[one], one))
    names = _names(connection, database, {*best, *always})
    given = [
        FacetValue(value, label, counts.get(one, 0), value in chosen)
        for one, (value, label) in names.items()
        if one in counts or value in chosen
    ]
    there = {one.value for one in given}
    given += [FacetValue(value, value, 0, selected=True) for value in chosen if value not in there]
    values = _cut(sorted(given, key=_by_year if name == "year" else _by_count), most)
    return Facet(name, values, more=len(counts) > sum(one.count > 0 for one in values))


def _cut(values: Iterable[FacetValue], most: int) -> tuple[FacetValue, ...]:
    kept: list[FacetValue] = []
    for one in values:
        if len(kept) < most or one.selected or one.value in _ALWAYS:
            kept.append(one)
    return tuple(kept)


def _by_count(one: FacetValue) -> tuple[bool, int, str]:
    return not one.selected, -one.count, one.value


def _by_year(one: FacetValue) -> tuple[bool, int]:
    return not one.selected, -int(one.value) if one.value.lstrip("-").isdigit() else 0


def _names(
    connection: Connection, database: Database, wanted: set[int]
) -> dict[int, tuple[str, str]]:
    dialect = database.dialect
    query = select(_F.id, _F.value, _F.label).where(dialect.among(_F.id, "ids"))
    rows = connection.execute(query, {"ids": dialect.many_values(sorted(wanted))})
    return {number: (value, label) for number, value, label in rows}
