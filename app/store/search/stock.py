"""Counting broad searches by the stock: their records meet those of one value after another.

Values are gone through from the most frequent on, until no further one can be among the first.
What came or changed since the stock was taken is counted from its rows, so that counts are exact;
where the stock cannot tell them, it says so, and the rows are counted.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, literal, select

from app.query.terms import FACETS, LINKED, facet_of, number
from app.store.dialects import Dialect, Sqlite
from app.store.search import bitmaps
from app.store.search.tables import facet_lists, facet_marks, facet_postings, facet_stock, search
from app.store.search.writing import unpacked

MOST_VALUES = 4_000
"""Values of a facet that are looked at; beyond that rows are counted."""
_MOST_BYTES = 64 * 1024 * 1024
_STEP = 32
_ALWAYS = frozenset(number(name, value) for name in FACETS for value in ("none", "other"))
"""Values that are in the stock whenever there are any."""
_STOCK, _LISTS, _POSTINGS, _S = facet_stock.c, facet_lists.c, facet_postings.c, search.c
Having = int | Sequence[int]
Counts = Mapping[int, int]


class Listed:
    """The values of a facet as of the stock, the most frequent first."""

    def __init__(self, body: bytes, others: int) -> None:
        self.values, self.counts = bitmaps.unpacked_counts(body)
        self.others = others
        self.kept = frozenset(self.values)


class Stock:
    """A stock-taking, held in memory; it never changes."""

    def __init__(self, connection: Connection, dialect: Dialect, taking: int) -> None:
        row = connection.execute(select(_STOCK.size, _STOCK.known)).one()
        self.taking, self.size = taking, int(row.size)
        self.known = bitmaps.unpacked_bits(row.known)
        lists = select(_LISTS.facet, _LISTS.body, _LISTS.others).where(_LISTS.taking == taking)
        self.lists = {
            name: Listed(body, others) for name, body, others in connection.execute(lists)
        }
        self._dialect = dialect
        self._held: dict[int, Having] = {}
        self._bytes = 0

    def having(self, connection: Connection, values: Sequence[int]) -> list[Having]:
        """Return the records of each value; all of them must be kept."""
        found = {value: self._held.get(value) for value in values}
        missing = [value for value, there in found.items() if there is None]
        if missing:
            among = self._dialect.among(_POSTINGS.value_id, "ids")
            query = select(_POSTINGS.value_id, _POSTINGS.body).where(
                _POSTINGS.taking == self.taking, among
            )
            ids = {"ids": self._dialect.many_values(missing)}
            for value, body in connection.execute(query, ids):
                found[value] = self._hold(value, bitmaps.unpacked(body))
        return [there for there in found.values() if there is not None]

    def _hold(self, value: int, having: Having) -> Having:
        if self._bytes > _MOST_BYTES:
            self._held, self._bytes = {}, 0
        self._held[value] = having
        self._bytes += self.size // 8 if isinstance(having, int) else 4 * len(having)
        return having


class Found:
    """What a search found, to be counted by the stock."""

    def __init__(
        self, connection: Connection, dialect: Dialect, stock: Stock, ids: Sequence[int]
    ) -> None:
        self._connection, self._stock = connection, stock
        size = stock.size
        old = [one for one in ids if one < size] if max(ids, default=0) >= size else ids
        changed = all_of(connection, select(facet_marks.c.record_id), dialect)
        there = stock.known & ~bitmaps.of({one for one in changed if one < size}, size)
        bits = bitmaps.of(old, size)
        self._hits = bitmaps.Hits(bits & there, size)
        others = bitmaps.numbers(bits & ~there, size)
        others += [one for one in ids if one >= size] if old is not ids else []
        self._others = by_rows(connection, dialect, others)

    def counts(self, name: str, most: int, besides: Iterable[int]) -> Counts | None:
        """Return how many have each of so many most frequent values of a facet, and of others.

        There is at least one value more, if any has one; none that is absent is more frequent.
        None: the stock cannot tell.
        """
        listed, others = self._stock.lists[name], self._others.get(name, {})
        first = [one for one in {*others, *besides} if one in listed.kept]
        found = dict(self._counted(first, others))
        new = {one: times for one, times in others.items() if one not in listed.kept}
        found |= {one: times for one, times in new.items() if one in _ALWAYS or not listed.others}
        need = most + len(set(besides)) + 1
        if not self._walk(listed, others, found, most, need):
            return None
        left_out = listed.others + max(new.values(), default=0)
        tells = len(found) >= need and _last(found, most) > left_out
        return found if tells or not listed.others else None

    def is_unsure(self, name: str, value: int) -> bool:
        """Tell whether a value is so rare that the stock does not know its records."""
        listed = self._stock.lists[name]
        return bool(listed.others) and value not in listed.kept

    def _walk(
        self, listed: Listed, others: Counts, found: dict[int, int], most: int, need: int
    ) -> bool:
        """Go through values until no further one can be among the first; tell whether it ended."""
        for at in range(0, min(len(listed.values), MOST_VALUES), _STEP):
            if len(found) >= need and listed.counts[at] < _last(found, most):
                return True
            some = [one for one in listed.values[at : at + _STEP] if one not in found]
            found.update(self._counted(some, others))
        return len(listed.values) <= MOST_VALUES

    def _counted(self, values: Sequence[int], others: Counts) -> Iterable[tuple[int, int]]:
        for value, having in zip(values, self._stock.having(self._connection, values), strict=True):
            times = self._hits.with_all(having) + others.get(value, 0)
            if times:
                yield value, times


def all_of(connection: Connection, query: Select[Any], dialect: Dialect) -> list[int]:
    """Return all numbers of a query of one column: as one text, which is read at C speed."""
    some = query.subquery()
    text = connection.execute(select(_as_text(some.c[0], dialect))).scalar()
    return msgspec.json.decode(text, type=list[int]) if text else []


def _as_text(column: ColumnElement[int], dialect: Dialect) -> ColumnElement[Any]:
    if isinstance(dialect, Sqlite):
        return func.json_group_array(column)
    return literal("[") + func.string_agg(cast(column, Text), literal(",")) + literal("]")


def link_values(bits: int) -> list[int]:
    """Return the numbers of the values of `linked` that bits stand for."""
    if not bits:
        return [number("linked", "none")]
    return [number("linked", value) for place, value in enumerate(LINKED) if bits >> place & 1]


def by_rows(
    connection: Connection, dialect: Dialect, ids: Sequence[int]
) -> dict[str, dict[int, int]]:
    """Return for each facet how many of some records have each value, from their rows."""
    found: dict[str, dict[int, int]] = {}
    if not ids:
        return found
    counts: Counter[int] = Counter()
    query = select(_S.few, _S.many, _S.linked).where(dialect.among(_S.record_id, "ids"))
    links: Counter[int] = Counter()
    for few, many, bits in connection.execute(query, {"ids": dialect.many_values(ids)}):
        counts.update(unpacked((few or b"") + (many or b"")))
        links[bits] += 1
    for bits, times in links.items():
        for value in link_values(bits):
            counts[value] += times
    for value, times in counts.items():
        found.setdefault(facet_of(value), {})[value] = times
    return found


def _last(found: Counts, most: int) -> int:
    """Return how many have the last of the first values."""
    first = heapq.nlargest(most, found.values())
    return first[-1] if len(first) == most else 0


class Stocks:
    """Holds the stock that was taken last."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._held: Stock | None = None

    def now(self, connection: Connection) -> Stock | None:
        """Return the stock that holds for a transaction, if any was taken."""
        taking = connection.execute(select(_STOCK.taking)).scalar()
        if taking is None:
            return None
        held = self._held
        if held is None or held.taking != taking:
            held = self._held = Stock(connection, self._dialect, taking)
        return held
