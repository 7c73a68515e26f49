"""Rows of a page of results, picked from all that a search finds.

With a stock, what is found is one bitmap: of few records the rows are put in order, of many the
order is gone along until the page is full. Without one, the database is asked for each page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Select

from app.query import And, Exact, Node
from app.store.dialects import Dialect
from app.store.search import bitmaps
from app.store.search.broad import Broad, Hits
from app.store.search.conditions import is_everything
from app.store.search.ranking import Ranking
from app.store.search.results import BEST, Order
from app.store.search.stock import Stock
from app.store.search.ways import Wanted, Way

FEW = 3_000
"""Records that are put in order rather than looked for along it."""
LOOKED_AT, LUCK = 4_000, 6
"""Rows of an order that are looked at at least, and how many times those that should do."""
MANY = 200_000
"""Records beyond which the database finds them anew to put them in order."""
_FIRST, _GROWING = 500, 4
_ALL = Exact("set", "member")
Row = tuple[Any, int]
Key = Sequence[int | str]


class Picking:
    """Picks rows of one search, in one transaction."""

    def __init__(
        self, connection: Connection, dialect: Dialect, wanted: Wanted, stock: Stock | None
    ) -> None:
        self._connection, self._dialect, self._wanted = connection, dialect, wanted
        self._way = Way(wanted, dialect)
        self._broad = Broad(connection, dialect, stock) if stock else None
        self._places = b""

    @cached_property
    def _hits(self) -> Hits | None:
        """All that is found; the list of everything goes page by page without it."""
        return self._broad.hits(self._wanted) if self._broad else None

    def total(self) -> int:
        """Return how many records are found."""
        if self._hits is not None:
            return self._hits.total
        self._way.prepare(self._connection)
        return int(self._connection.execute(self._way.count()).scalar_one())

    def best(self) -> list[Row]:
        """Return the best (rank, number) by relevance, best first."""
        if self._hits is not None and self._broad is not None and self._broad.answers:
            ranking = Ranking(
                self._connection, self._dialect, self._broad, self._wanted, self._hits
            )
            return list(ranking.best())
        return self._of(self._way.best())

    def most_cited(self) -> list[Row]:
        """Return the most cited (rank, number): of many, those that may be cited, then others."""
        hits, broad = self._hits, self._broad
        if hits is None or broad is None:
            return self._of(self._way.most_cited())
        if hits.total <= FEW:
            return self._of(self._among(hits).most_cited())
        cited = broad.may_have(Exact("linked", "citations"), hits)
        if cited.total > MANY:
            return self._of(self._way.most_cited())
        found = self._of(self._among(cited).most_cited())
        others = bitmaps.numbers(hits.bits & ~cited.bits, hits.size, BEST)
        return sorted([*found, *((0, one) for one in others)])[:BEST]

    def rows(
        self, order: Order, *, known: bool, back: bool, key: Key | None, limit: int
    ) -> list[Row]:
        """Return rows (key, number) behind a place, or before it."""
        hits = None if _is_list(self._wanted.tree) else self._hits
        if hits is not None and hits.total <= FEW:
            way = self._among(hits)
            return self._of(way.page(order, known=known, back=back, key=key, limit=limit))
        if hits is not None and self._wanted.live:
            found = self._along(hits, order, known=known, back=back, key=key, limit=limit)
            if found is not None:
                return found
        if hits is not None and hits.total <= MANY:
            way = self._among(hits)
            return self._of(way.page(order, known=known, back=back, key=key, limit=limit))
        return self._of(self._way.page(order, known=known, back=back, key=key, limit=limit))

    def _of(self, statement: Select[Any]) -> list[Row]:
        self._way.prepare(self._connection)
        return [(row[0], row[1]) for row in self._connection.execute(statement)]

    def _among(self, hits: Hits) -> Way:
        ids = bitmaps.numbers(hits.bits, hits.size)
        everything = Wanted(_ALL, live=self._wanted.live)
        return Way(everything, self._dialect, scanning=True, among=ids)

    def _along(
        self, hits: Hits, order: Order, *, known: bool, back: bool, key: Key | None, limit: int
    ) -> list[Row] | None:
        """Go along an order until a page is full; None if that takes too long."""
        if not self._places:
            self._places = bitmaps.octets(hits.bits, hits.size)
        way, found, looked, piece = Way(Wanted(_ALL), self._dialect), list[Row](), 0, _FIRST
        most = max(LOOKED_AT, LUCK * limit * hits.size // hits.total)
        while looked < most:
            statement = way.page(order, known=known, back=back, key=key, limit=piece)
            rows = self._connection.execute(statement).all()
            for row in rows:
                if bitmaps.has(self._places, row[1]):
                    found.append((row[0], row[1]))
                    if len(found) == limit:
                        return found
            if len(rows) < piece:
                return found
            key, looked, piece = tuple(rows[-1]), looked + piece, piece * _GROWING
        return None


def _is_list(node: Node) -> bool:
    """Tell whether a query asks only for what the index of each order has itself."""
    if isinstance(node, And):
        return all(map(_is_list, node.parts))
    return is_everything(node) or (isinstance(node, Exact) and node.field == "copies")
