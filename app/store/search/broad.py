"""What a search finds, as one bitmap: its parts meet at C speed, and most are known beforehand.

Values, frequent words and the columns of a row are in the stock; the index of words is asked for
the others, and what it says of many records is kept until the next stock-taking. What came or
changed since is asked of the database, so that what is found is exact in every snapshot.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_

from msgspec import Struct
from sqlalchemy import Connection, select

from app.datacite.completeness import BITS
from app.query import And, Exact, Node, Not, Or, Words, Years
from app.query.normal import normal
from app.query.terms import STORED_FACETS, number
from app.query.tree import joined
from app.store.dialects import Dialect
from app.store.search import bitmaps, columns
from app.store.search.conditions import is_everything
from app.store.search.matching import cut, is_indexed
from app.store.search.numbers import all_of, of_index
from app.store.search.pairs import pair_number
from app.store.search.stock import Kept, Stock
from app.store.search.tables import facet_marks
from app.store.search.ways import Wanted, Way
from app.store.search.words import FIELDS, start_number, word_number

MOST_BEGUN = 4
"""Words that are looked at, the most frequent, where only their beginning is asked for."""
KEEPING = 500
"""Records from which on an answer of the index is kept for the next who asks."""
MOST_MARKED = 5
"""If more than one record in so many is marked, the stock is of no use."""
_M = facet_marks.c


class Hits(Struct, frozen=True):
    """What a search found: the bitmap of its records, of so many places."""

    bits: int
    size: int
    total: int


class Unanswerable(Exception):
    """The stock and the index of words do not tell what a search finds."""


class Broad:
    """Says what searches find, in one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect, stock: Stock) -> None:
        self._connection, self._dialect, self.stock = connection, dialect, stock
        self.marked = frozenset(all_of(connection, select(_M.record_id), dialect))
        """Records that are not as the stock knows them."""
        self.answers = True
        """The stock and the index of words tell all; else the database was asked for it."""
        self._unsure = 0
        self._knows: dict[Node, int | None] = {}

    def hits(self, wanted: Wanted) -> Hits:
        """Return what a search finds."""
        stock = self.stock
        try:
            if len(self.marked) * MOST_MARKED > stock.size:
                raise Unanswerable
            bits = self.of(wanted.tree) & self._shown(live=wanted.live)
        except Unanswerable:
            return self._plain(wanted)
        old = {one for one in self.marked if one < stock.size}
        old.update(bitmaps.numbers(self._unsure, stock.size))
        others = self._others(wanted, old)
        bits &= ~bitmaps.of(old, stock.size)
        size = max(stock.size, max(others, default=0) + 1)
        bits = bitmaps.resized(bits, stock.size, size) | bitmaps.of(others, size)
        return Hits(bits, size, bits.bit_count())

    def _plain(self, wanted: Wanted) -> Hits:
        """Ask the database for all of it."""
        self.answers = False
        way = Way(wanted, self._dialect)
        way.prepare(self._connection)
        ids = all_of(self._connection, way.ids(), self._dialect)
        size = max(self.stock.size, max(ids, default=0) + 1)
        return Hits(bitmaps.of(ids, size), size, len(ids))

    def known(self, node: Node) -> int | None:
        """Return the records of a part of a query, if the stock tells them alone."""
        if node not in self._knows:
            self._knows[node] = self._known(node)
        return self._knows[node]

    def of(self, node: Node) -> int:
        """Return the records of a part of a query that the stock knows; may raise Unanswerable."""
        known = self.known(node)
        if known is not None:
            return known
        if isinstance(node, Not):
            return self.stock.known & ~self.of(node.part)
        if isinstance(node, Or):
            return self._any(node)
        return self._all(node) if isinstance(node, And) else self._asked(node)

    def may_have(self, node: Node, hits: Hits) -> Hits:
        """Return those of what is found that a part of a query may find, one the stock knows."""
        stock = self.stock
        marked = bitmaps.of([one for one in self.marked if one < stock.size], stock.size)
        bits = (self.of(node) | marked | ~stock.known) & (1 << stock.size) - 1
        grown = hits.size - stock.size
        bits = (bitmaps.resized(bits, stock.size, hits.size) | (1 << grown) - 1) & hits.bits
        return Hits(bits, hits.size, bits.bit_count())

    def in_field(self, node: Words, field: str) -> int:
        """Return the records that have words in a field, as far as the stock tells."""
        words = self.stock.words
        found = self.stock.known
        for word in cut(node.words)[: -1 if node.open else None]:
            found &= self._bits(word_number(word, field)) if word in words else 0
        if node.open:
            begun = sorted(
                (word for word in words if word.startswith(node.words[-1])),
                key=words.__getitem__,
            )[-MOST_BEGUN:]
            found &= reduce(or_, (self._bits(word_number(word, field)) for word in begun), 0)
        return found

    # ── parts ────────────────────────────────────────────────────────────────────────────────

    def _bits(self, value: int) -> int:
        return self.stock.bits(self._connection, value)

    def _shown(self, *, live: bool) -> int:
        if live:
            return self._bits(columns.shown_as(columns.STATES["live"]))
        found = 0
        for shown in columns.STATES.values():
            found |= self._bits(columns.shown_as(shown))
        return found

    def _any(self, node: Or) -> int:
        """Ask the index for all at once that it answers and the stock does not."""
        asked = [part for part in node.parts if self.known(part) is None and is_indexed(part)]
        found = self._asked(joined(Or, asked)) if asked else 0
        for part in node.parts:
            if part not in asked:
                found |= self.of(part)
        return found

    def _all(self, node: And) -> int:
        """Ask the index for all at once that it answers and the stock does not."""
        left = [part for part in node.parts if self.known(part) is None]
        begun = [part for part in left if is_indexed(part)]
        out = [part for part in left if isinstance(part, Not) and is_indexed(part.part)]
        found = self._asked(joined(And, [*begun, *out])) if begun else self.stock.known
        for part in node.parts:
            if part not in begun and not (begun and part in out):
                found &= self.of(part)
        return found

    def asked(self, node: Node) -> Node | None:
        """Return what of a query the index is asked, since the stock does not know it."""
        parts = node.parts if isinstance(node, And) else (node,)
        begun = [part for part in parts if self.known(part) is None and is_indexed(part)]
        return joined(And, begun) if begun else None

    def _asked(self, node: Node) -> int:
        """Ask the index of words; raises Unanswerable for what it does not answer.

        An answer that is kept tells which records were marked by then: whoever sees less marks
        must look at these again.
        """
        if not is_indexed(node):
            raise Unanswerable
        kept = self.stock.kept(node)
        if kept is None:
            size = self.stock.size
            ids = [one for one in of_index(self._connection, self._dialect, node) if one < size]
            marked = bitmaps.of([one for one in self.marked if one < size], size)
            kept = Kept(bitmaps.of(ids, size), marked)
            if len(ids) >= KEEPING:
                self.stock.keep(node, kept)
        self._unsure |= kept.marked
        return kept.bits

    def _others(self, wanted: Wanted, old: Collection[int]) -> list[int]:
        """Return what is found among records that the stock does not know, or not as they are."""
        way = Way(wanted, self._dialect)
        way.prepare(self._connection)
        found: list[int] = []
        if max(self.marked, default=-1) >= self.stock.size:
            found += all_of(self._connection, way.ids_after(self.stock.size - 1), self._dialect)
        if old:
            found += all_of(self._connection, way.ids_among(sorted(old)), self._dialect)
        return found

    # ── what the stock knows ─────────────────────────────────────────────────────────────────

    def _known(self, node: Node) -> int | None:
        stock = self.stock
        if is_everything(node):
            return stock.known
        if isinstance(node, Not):
            part = self.known(node.part)
            return None if part is None else stock.known & ~part
        if isinstance(node, And | Or):
            parts = [self.known(part) for part in node.parts]
            return _met(parts, every=isinstance(node, And))
        if isinstance(node, Words):
            return self._words(node)
        if isinstance(node, Years):
            return self._years(node)
        return self._exact(node) if isinstance(node, Exact) else None

    def _words(self, node: Words) -> int | None:
        if len(node.words) == 2 and not node.field and not node.open:
            pair = (node.words[0], node.words[1])
            return self._bits(pair_number(pair)) if self.stock.common.issuperset(pair) else None
        if len(node.words) != 1 or node.field not in ("", *FIELDS):
            return None
        word = node.words[0]
        if node.open:
            there = not node.field and word in self.stock.starts
            return self._bits(start_number(word)) if there else None
        [word] = cut(node.words)
        if word not in self.stock.words:
            return None
        return self._bits(word_number(word, node.field))

    def _years(self, node: Years) -> int:
        first = 1 if node.first is None else node.first
        last = max(self.stock.years, default=0) if node.last is None else node.last
        found = 0
        for year in self.stock.years:
            if first <= year <= last:
                found |= self._bits(columns.published_in(year))
        return found

    def _exact(self, node: Exact) -> int | None:
        stock, field = self.stock, node.field
        if field == "linked" or (field in STORED_FACETS and field != "year"):
            value = number(field, node.value if field == "linked" else normal(field, node.value))
            kept = value in stock.lists[field].kept
            return self._bits(value) if kept or not stock.lists[field].others else None
        if field in ("has", "missing"):
            there = self._bits(columns.has(node.value)) if node.value in BITS else 0
            return there if field == "has" else stock.known & ~there
        if field == "copies":
            return self._bits(columns.PREFERRED) if node.value == "preferred" else stock.known
        if field == "state":
            shown = columns.STATES.get(node.value)
            return self._bits(columns.shown_as(shown)) if shown else 0
        return None


def _met(parts: Sequence[int | None], *, every: bool) -> int | None:
    found: int | None = None
    for part in parts:
        if part is None:
            return None
        found = part if found is None else found & part if every else found | part
    return found
