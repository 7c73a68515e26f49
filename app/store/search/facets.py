"""Facets: exact counts of the values of all that a search finds.

A search that finds little is counted in one pass over its rows, a broad one by the stock.
A facet with a selection of its own is counted over the search without it, so that the number beside
a value is the total of the search with that value instead.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.errors import StoreError
from app.query.request import Request
from app.query.terms import COUNTED, FACETS, LINKED, MANY, facet_of, number
from app.store import deadline
from app.store.database import Database
from app.store.search.bitmaps import numbers
from app.store.search.broad import Broad
from app.store.search.results import Facet, FacetValue
from app.store.search.stock import Counts, Found, Stocks, by_rows, link_values
from app.store.search.tables import facet_values, search
from app.store.search.ways import Way, wanted
from app.store.search.writing import unpacked

BROAD, BROAD_SHARE = 5_000, 100
"""Records from which on a search is counted by the stock, and at least one in so many."""
SHOWN, SHOWN_MORE = 10, 60
"""Values of a facet that are given, and of one of which more are wanted."""
_ALWAYS = ("none", "other")
"""Values that are given whenever there are any."""
_NONE = "none"
_F = facet_values.c


class Counting:
    """Counts facets."""

    def __init__(self, database: Database, stocks: Stocks | None = None) -> None:
        self._database = database
        self._stocks = stocks or Stocks(database.dialect)

    def facets(self, request: Request, seconds: float) -> tuple[Facet, ...]:
        """Return the facets that are wanted; see `Finding.facets`."""
        apart = [name for name in request.facets if name in request.selected]
        together = [name for name in request.facets if name not in request.selected]
        found: dict[str, Facet] = {}
        for names in (*((name,) for name in apart), together):
            if names:
                found |= self._some(request, names, seconds * len(names))
        facets = (found[name] for name in request.facets)
        return tuple(facet for facet in facets if facet.values or not facet.finished)

    def labels(self, request: Request) -> dict[tuple[str, str], str]:
        """Return what chosen values of facets are called; see `Finding.labels`."""
        chosen = [(name, value) for name in request.selected for value in request.values(name)]
        numbered = {number(name, value): (name, value) for name, value in chosen}
        with self._database.read() as connection:
            names = _names(connection, self._database, set(numbered))
        return {numbered[one]: label for one, (_, label) in names.items()}

    def _some(self, request: Request, names: Sequence[str], seconds: float) -> dict[str, Facet]:
        """Return facets that are counted over one set of records."""
        counted = self._one(request, names, seconds)
        if counted is None:
            return {name: _unfinished(name, request.values(name)) for name in names}
        with self._database.read() as connection:
            return {
                name: _listed(connection, self._database, request, name, counts)
                for name, counts in counted.items()
            }

    def _one(
        self, request: Request, names: Sequence[str], seconds: float
    ) -> dict[str, Counts] | None:
        """Count facets over one set of records; None if it takes too long."""
        left = deadline.left()
        seconds = seconds if left is None else min(seconds, left)
        try:
            with deadline.within(seconds), self._database.read() as connection:
                return self._count(connection, request, names)
        except StoreError:
            if left is not None and left <= seconds:
                raise
            return None

    def _count(
        self, connection: Connection, request: Request, names: Sequence[str]
    ) -> dict[str, Counts]:
        found = self._by_stock(connection, request, names)
        left = [name for name in names if name not in found]
        return found | (self._by_rows(connection, request, left) if left else {})

    def _way(self, connection: Connection, request: Request, *, scanning: bool = False) -> Way:
        way = Way(wanted(request), self._database.dialect, scanning=scanning)
        way.prepare(connection)
        return way

    def _by_stock(
        self, connection: Connection, request: Request, names: Sequence[str]
    ) -> dict[str, Counts]:
        """Count what the stock can tell of a broad search, and all of one that finds little."""
        stock = self._stocks.now(connection)
        if stock is None:
            return {}
        dialect = self._database.dialect
        broad = Broad(connection, dialect, stock)
        hits = broad.hits(wanted(_over(request, names)))
        if hits.total < max(BROAD, hits.size // BROAD_SHARE):
            rows = by_rows(connection, dialect, numbers(hits.bits, hits.size))
            return {name: rows.get(name, {}) for name in names}
        found = Found(connection, dialect, stock, hits.bits, hits.size, broad.marked)
        counted: dict[str, Counts] = {}
        for name in names:
            deadline.left()
            counts = found.counts(name, _most(request, name), _besides(request, name))
            if counts is not None:
                counted[name] = {**counts, **self._rare(connection, request, name, found)}
        return counted

    def _rare(
        self, connection: Connection, request: Request, name: str, found: Found
    ) -> dict[int, int]:
        """Count values that are to be given, but which the stock does not know: one by one."""
        counts = {}
        for value in {*request.values(name)} - {*_ALWAYS}:
            if found.is_unsure(name, number(name, value)):
                one = self._way(connection, request.replacing(name, value)).count()
                counts[number(name, value)] = int(connection.execute(one).scalar_one())
        return {value: times for value, times in counts.items() if times}

    def _by_rows(
        self, connection: Connection, request: Request, names: Sequence[str]
    ) -> dict[str, Counts]:
        columns = tuple(name for name, facets in _COLUMNS.items() if facets & set(names))
        way = self._way(connection, _over(request, names), scanning=True)
        counted = _Counted(columns)
        result = connection.execute(way.values(*(search.c[name] for name in columns)))
        for rows in result.partitions(_BATCH):
            counted.add(rows)
            deadline.left()
        return {name: counted.of(name) for name in names}


def _over(request: Request, names: Sequence[str]) -> Request:
    """Return the search over which facets are counted: without their own selections."""
    for name in names:
        request = request.without(name)
    return request


def _most(request: Request, name: str) -> int:
    """Return how many values of a facet are given; of years, all are looked at."""
    if name == "year":
        return _ALL
    return SHOWN_MORE if name in request.more else SHOWN


def _besides(request: Request, name: str) -> list[int]:
    """Return the numbers of values that are given however rare they are."""
    return [number(name, value) for value in (*_ALWAYS, *request.values(name))]


_BATCH, _ALL = 10_000, 1 << 30
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
        self._linked: Counter[int] = Counter()
        self._by_facet: dict[str, dict[int, int]] | None = None

    def add(self, rows: Sequence[Any]) -> None:
        """Count rows of the columns."""
        given = dict(zip(self._columns, zip(*rows, strict=True), strict=True))
        self._few.update(given.get("few", ()))
        self._many.update(unpacked(b"".join(given.get("many", ()))))
        self._linked.update(given.get("linked", ()))

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
        for bits, times in self._linked.items():
            for one in link_values(bits):
                counts[one] += times
        parted: dict[str, dict[int, int]] = {name: {} for name in COUNTED}
        for one, times in counts.items():
            parted[facet_of(one)][one] = times
        return parted


def _unfinished(name: str, chosen: Sequence[str]) -> Facet:
    kept = tuple(FacetValue(value, value, -1, selected=True) for value in chosen)
    return Facet(name, kept, finished=False)


def _linked(counts: Counts, chosen: Sequence[str]) -> tuple[FacetValue, ...]:
    found = {value: counts.get(number("linked", value), 0) for value in (*LINKED, _NONE)}
    if not any(found[value] for value in LINKED) and not chosen:
        return ()
    values = [FacetValue(v, v, n, v in chosen) for v, n in found.items() if n or v in chosen]
    return tuple(sorted(values, key=lambda one: not one.selected))


def _listed(
    connection: Connection, database: Database, request: Request, name: str, counts: Counts
) -> Facet:
    chosen = request.values(name)
    if name == "linked":
        return Facet(name, _linked(counts, chosen))
    most = SHOWN_MORE if name in request.more else SHOWN
    if name == "year":
        best = list(counts)
    else:
        best = heapq.nlargest(most, counts, key=lambda one: (counts[one], one))
    names = _names(connection, database, {*best, *_besides(request, name)})
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
