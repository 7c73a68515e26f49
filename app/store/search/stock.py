"""Counting broad searches by the stock: their records meet those of one value after another.

Values are gone through from the most frequent on, until no further one can be among the first.
What came or changed since the stock was taken is counted from its rows, so that counts are exact;
where the stock cannot tell them, it says so, and the rows are counted.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection, select

from app.query import Node
from app.query.terms import COUNTED, FACETS, LINKED, facet_of, number
from app.store.dialects import Dialect
from app.store.search import bitmaps, pairs, words
from app.store.search.columns import PUBLISHED
from app.store.search.tables import facet_lists, facet_postings, facet_stock, search
from app.store.search.writing import unpacked

MOST_VALUES = 4_000
"""Values of a facet that are looked at; beyond that rows are counted."""
MOST_ROWS = 5_000
"""Records with a value that the stock leaves out which are looked at one by one."""
ARRIVALS = "arrivals"
"""The list of how many live records came when; see `arrivals`."""
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


class Kept(Struct, frozen=True):
    """What the index of words answered. marked: bitmap of the records that were marked by then."""

    bits: int
    marked: int


class Stock:
    """A stock-taking, held in memory; it never changes."""

    def __init__(self, connection: Connection, dialect: Dialect, taking: int) -> None:
        row = connection.execute(select(_STOCK.size, _STOCK.known, _STOCK.words)).one()
        self.taking, self.size = taking, int(row.size)
        self.known = bitmaps.unpacked_bits(row.known)
        lists = select(_LISTS.facet, _LISTS.body, _LISTS.others).where(_LISTS.taking == taking)
        bodies = {name: (body, others) for name, body, others in connection.execute(lists)}
        self.words = dict(bitmaps.unpacked_words(bodies[words.WORD][0]))
        self.starts = dict(bitmaps.unpacked_words(bodies[words.START][0]))
        told = bodies.get(pairs.COMMON)
        self._common = sorted(dict(bitmaps.unpacked_words(told[0]))) if told else None
        self.common = frozenset(self._common or ())
        """Words of which the records are known that have any two in a row."""
        self.years = tuple(bitmaps.unpacked_counts(bodies[PUBLISHED][0])[0])
        self.lists = {name: Listed(*bodies[name]) for name in COUNTED}
        self.arrivals = bitmaps.unpacked_counts(bodies[ARRIVALS][0])
        self._words_chosen = int(row.words)
        self._dialect = dialect
        self._held: dict[int, Having] = {}
        self._answers: dict[Node, Kept] = {}
        self._bytes = 0

    def words_before(self) -> words.Before:
        """Return what the next stock-taking goes on from."""
        return words.Before(
            self.taking, self.size, self._words_chosen, self.words, self.starts, self._common
        )

    def bits(self, connection: Connection, value: int) -> int:
        """Return the bitmap of the records of a value; of one that is not kept, none."""
        found = self.having(connection, (value,))
        return bitmaps.as_bits(found[0], self.size) if found else 0

    def having(self, connection: Connection, values: Sequence[int]) -> list[Having]:
        """Return the records of each value that is kept."""
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

    def kept(self, part: Node) -> Kept | None:
        """Return what the index answered for a part of a query, if it was asked lately."""
        return self._answers.get(part)

    def keep(self, part: Node, answer: Kept) -> None:
        """Keep what the index answered."""
        self._make_room(self.size // 4)
        self._answers[part] = answer

    def _hold(self, value: int, having: Having) -> Having:
        self._make_room(self.size // 8 if isinstance(having, int) else 4 * len(having))
        self._held[value] = having
        return having

    def _make_room(self, size: int) -> None:
        if self._bytes > _MOST_BYTES:
            self._held, self._answers, self._bytes = {}, {}, 0
        self._bytes += size


class Found:
    """What a search found, to be counted by the stock."""

    def __init__(
        self, connection: Connection, dialect: Dialect, stock: Stock, bits: int, size: int,
        marked: Collection[int],
    ) -> None:  # fmt: skip
        """Begin with a bitmap of so many places; marked: not as the stock knows them."""
        self._connection, self._dialect, self._stock = connection, dialect, stock
        there = stock.known & ~bitmaps.of([n for n in marked if n < stock.size], stock.size)
        old = bitmaps.resized(bits, size, stock.size)
        self._hits = bitmaps.Hits(old & there, stock.size)
        others = bits & ~bitmaps.resized(there, stock.size, size)
        self._others = by_rows(connection, dialect, bitmaps.numbers(others, size))

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
        if tells or not listed.others:
            return found
        rare = self._rare(name)
        return None if rare is None else {**new, **found, **rare}

    def _rare(self, name: str) -> Counts | None:
        """Count by rows the values that the stock leaves out; None if too many records have one."""
        some = self._hits.bits & self._stock.bits(self._connection, rare_of(name))
        if some.bit_count() > MOST_ROWS:
            return None
        ids, kept = bitmaps.numbers(some, self._stock.size), self._stock.lists[name].kept
        counts = by_rows(self._connection, self._dialect, ids).get(name, {})
        others = self._others.get(name, {})
        return {one: n + others.get(one, 0) for one, n in counts.items() if one not in kept}

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


def rare_of(facet: str) -> int:
    """Return the number under which the records are kept that have a value which is left out."""
    return number("rare", facet)


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
