"""Search for people and programs: pages of results, exact totals, exports. Reads only.

A page is found by the place of its first row, never by an offset, so that a walk gives each record
once whatever is written meanwhile; only the best by relevance or citations go by their number.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from app.errors import InvalidCursor
from app.query import Doi, Identifier
from app.query.cursors import VERSION, Cursor, digest, seal, unseal
from app.query.request import Request
from app.store.codec import Codec
from app.store.database import AnyRow, Database
from app.store.found import STORED, Found, stored
from app.store.hub import Hub
from app.store.packing import unpack_reading
from app.store.search.arrivals import Days, days
from app.store.search.bitmaps import numbers
from app.store.search.broad import Broad
from app.store.search.describing import Described, described
from app.store.search.facets import Counting
from app.store.search.picking import Picking, Row
from app.store.search.results import BEST, ORDERS, Facet, Order, Results
from app.store.search.stock import Stocks
from app.store.search.tables import SHOWN
from app.store.search.ways import Wanted, Way, titled, wanted
from app.store.tables import contents, records
from app.store.values import StoredRecord

LITTLE = 2_000
"""Records that are looked at one by one."""
_SECRET = "cursor-secret"  # noqa: S105 - the name of one
_R = records.c
NO_CURSOR = "This page of results is not known here: begin again at the first page."


class Finding:
    """Answers searches."""

    def __init__(self, database: Database, codec: Codec, hub: Hub, found: Found) -> None:
        self._database = database
        self._codec = codec
        self._hub = hub
        self._found = found
        self._stocks = Stocks(database.dialect)
        self._counting = Counting(database, self._stocks)
        self._key = b""

    def page(self, request: Request) -> Results:
        """Return a page of results; raises InvalidCursor for a cursor of another search."""
        cursor = self._cursor(request)
        with self._database.read() as connection:
            picking = self._picking(connection, request)
            total = cursor.total if cursor else picking.total()
            if request.sort in ORDERS:
                return self._walked(connection, picking, request, cursor, total)
            return self._best(connection, picking, request, cursor, total)

    def count(self, request: Request) -> int:
        """Return how many records a search finds."""
        with self._database.read() as connection:
            return self._picking(connection, request).total()

    def facets(self, request: Request, *, seconds: float = 1.0) -> tuple[Facet, ...]:
        """Return the facets that are wanted, with exact counts; those without values are left out.

        seconds: how long each may take; one that takes longer comes without counts.
        """
        return self._counting.facets(request, seconds)

    def labels(self, request: Request) -> dict[tuple[str, str], str]:
        """Return what chosen values of facets are called, by facet and value, as far as known."""
        return self._counting.labels(request)

    def described(self, request: Request) -> Described | None:
        """Return how all that a search finds is described; None where rows are to be counted."""
        with self._database.read() as connection:
            stock = self._stocks.now(connection)
            return described(connection, self._database.dialect, stock, wanted(request))

    def arrivals(self, request: Request) -> Days | None:
        """Return when all records came, for a search that finds all; None where rows tell."""
        with self._database.read() as connection:
            stock = self._stocks.now(connection)
            return days(connection, self._database.dialect, stock, wanted(request))

    def few(self, request: Request) -> list[int] | None:
        """Return the numbers of all that a search finds, if the stock tells that it is little."""
        with self._database.read() as connection:
            stock = self._stocks.now(connection)
            if stock is None:
                return None
            broad = Broad(connection, self._database.dialect, stock)
            hits = broad.hits(wanted(request))
        little = broad.answers and hits.total <= LITTLE
        return numbers(hits.bits, hits.size) if little else None

    def each(
        self, request: Request, *, batch: int = 500
    ) -> Iterator[tuple[StoredRecord, bytes | None]]:
        """Yield all records that a search finds, with their resources, in the order they came."""
        way = Way(wanted(request), self._database.dialect)
        after = 0
        while True:
            with self._database.read() as connection:
                way.prepare(connection)
                query = way.ids_after(after).limit(batch)
                ids = connection.execute(query).scalars().all()
                rows = self._rows(connection, ids)
                packed = self._packed(connection, ids)
            for row in rows:
                yield row, unpack_reading(self._codec, packed.get(row.id)).resource
            if len(ids) < batch:
                return
            after = ids[-1]

    def named(self, identifier: Doi | Identifier) -> tuple[StoredRecord, ...]:
        """Return the records that visitors may know of which have an identifier, live ones first.

        A copy that stands for others comes before them.
        """
        way = Way(Wanted(identifier, live=False), self._database.dialect)
        with self._database.read() as connection:
            way.prepare(connection)
            found = connection.execute(way.named().limit(BEST)).all()
            return self._rows(connection, [row.record_id for row in sorted(found, key=_standing)])

    def details(self, rows: Sequence[StoredRecord]) -> dict[int, bytes | None]:
        """Return the resources of records, as canonical DataCite JSON, by the number of each."""
        with self._database.read() as connection:
            packed = self._packed(connection, [row.id for row in rows])
        return {n: unpack_reading(self._codec, body).resource for n, body in packed.items()}

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    def _picking(self, connection: Connection, request: Request) -> Picking:
        stock = self._stocks.now(connection)
        return Picking(connection, self._database.dialect, wanted(request), stock)

    def _walked(
        self, connection: Connection, picking: Picking, request: Request, cursor: Cursor | None,
        total: int,
    ) -> Results:  # fmt: skip
        order, back = ORDERS[request.sort], cursor is not None and cursor.back
        limit = request.per_page + 1
        keys = _walk(picking, order, cursor, limit)
        more = len(keys) == limit
        keys = keys[: request.per_page]
        if back:
            keys.reverse()
        first = max(1, cursor.ordinal if cursor else 1)
        if back and not more:
            first = 1
        behind, before = more or back, more if back else cursor is not None
        return self._results(connection, request, keys, total, first, behind, before)

    def _best(
        self, connection: Connection, picking: Picking, request: Request, cursor: Cursor | None,
        total: int,
    ) -> Results:  # fmt: skip
        """Return a page of the best; they are put in order anew for each page."""
        if request.sort == "relevance":
            ranked = self._titles_first(connection, request, picking.best())
        else:
            ranked = picking.most_cited()
        first = max(1, cursor.ordinal if cursor else 1)
        keys = ranked[first - 1 :][: request.per_page]
        ends = first - 1 + len(keys) >= len(ranked)
        ordered = BEST if total > BEST else None
        return self._results(
            connection, request, keys, total, first, not ends, first > 1, ordered=ordered
        )

    def _titles_first(
        self, connection: Connection, request: Request, ranked: list[Row]
    ) -> list[Row]:
        """Put those before all others whose title is what was asked for."""
        tree = titled(request.tree)
        if tree is None:
            return ranked
        way = Way(Wanted(tree, live=wanted(request).live), self._database.dialect)
        exact = connection.execute(way.ids_after(0).limit(BEST)).scalars().all()
        first = [(0, number) for number in exact]
        return (first + [row for row in ranked if row[1] not in set(exact)])[:BEST]

    def _results(
        self, connection: Connection, request: Request, keys: list[Row], total: int, first: int,
        behind: bool, before: bool, ordered: int | None = None,  # noqa: FBT001
    ) -> Results:  # fmt: skip
        rows = self._rows(connection, [number for _, number in keys])
        if not keys:
            return Results(total, (), 0, ordered=ordered)
        size = request.per_page
        following = self._seal(request, keys[-1], first + len(keys), total, back=False)
        earlier = self._seal(request, keys[0], first - size, total, back=True)
        return Results(
            total, rows, first, following if behind else "", earlier if before else "", ordered
        )

    # ── rows ─────────────────────────────────────────────────────────────────────────────────

    def _rows(self, connection: Connection, ids: Sequence[int]) -> tuple[StoredRecord, ...]:
        """Return records in the order of their numbers as given."""
        dialect = self._database.dialect
        query = STORED.where(dialect.among(_R.id, "ids"))
        rows = connection.execute(query, {"ids": dialect.many_values(list(ids))})
        found = {row.id: stored(row) for row in rows}
        return tuple(found[number] for number in ids if number in found)

    def _packed(self, connection: Connection, ids: Sequence[int]) -> dict[int, bytes | None]:
        dialect, columns = self._database.dialect, contents.c
        query = select(columns.record_id, columns.reading)
        query = query.where(dialect.among(columns.record_id, "ids"))
        return dict(connection.execute(query, {"ids": dialect.many_values(list(ids))}).all())

    # ── cursors ──────────────────────────────────────────────────────────────────────────────

    def _cursor(self, request: Request) -> Cursor | None:
        if not request.cursor:
            return None
        cursor = unseal(request.cursor, self._secret())
        same = cursor is not None and cursor.search == _digest(request)
        if cursor is None or not same or cursor.sort != request.sort:
            raise InvalidCursor(NO_CURSOR)
        return cursor

    def _seal(self, request: Request, key: Row, ordinal: int, total: int, *, back: bool) -> str:
        kept = key if request.sort in ORDERS else (0, key[1])
        place = Cursor(VERSION, _digest(request), request.sort, back, kept, ordinal, total)
        return seal(place, self._secret())

    def _secret(self) -> bytes:
        if not self._key:
            self._key = self._hub.setdefault(_SECRET, secrets.token_hex(32)).encode("ascii")
        return self._key


def _walk(picking: Picking, order: Order, cursor: Cursor | None, limit: int) -> list[Row]:
    """Return rows behind or before a place: those with a value first, then the others."""
    back = cursor is not None and cursor.back
    key = cursor.key if cursor else None
    parts = (True, False) if order.known is not None else (True,)
    known = key is None or order.known is None or key[0] not in (0, "")
    rows: list[Row] = []
    for part in reversed(parts) if back else parts:
        if (part and not known and not back) or (back and known and not part):
            continue
        here = key if part == known else None
        rows += picking.rows(order, known=part, back=back, key=here, limit=limit - len(rows))
        if len(rows) == limit:
            break
    return rows


def _digest(request: Request) -> bytes:
    return digest(request.canonical)


def _standing(row: AnyRow) -> tuple[bool, bool, int]:
    """Return what puts live records first, and of these the copy that stands for others."""
    return row.shown != SHOWN, not row.preferred, row.record_id
