"""Pages of lists, as the provider reads them: one range of one index, at any depth.

A page is one statement over `memberships`, in the order of its key, from which renderings and
records are looked up by number; nothing is sorted, scanned or parsed. Tombstones have no body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    select,
    tuple_,
)

from app.query import Node
from app.store.codec import Codec, DamagedBytes
from app.store.database import Database
from app.store.direct import Rows, Statement
from app.store.effects import EVERYTHING, PREFIX_BITS
from app.store.numbering import ROOTS, Prefixes
from app.store.search.pages import along, count_statement, page_statement
from app.store.tables import memberships, records, renderings, sets
from app.store.values import PageRow

_M = memberships.c
Key = tuple[int, int]


class Pages:
    """Reads pages of lists."""

    def __init__(self, database: Database, codec: Codec, prefixes: Prefixes) -> None:
        self._database = database
        self._codec = codec
        self._prefixes = prefixes

    def page(
        self, prefix: str, start: Key, until: int, set_spec: str | None, limit: int,
        headers_only: bool, page_bytes: int | None, query: Node | None = None,  # noqa: FBT001
    ) -> tuple[list[PageRow], list[int]]:  # fmt: skip
        """Return rows after a key, and the records whose stored bytes are damaged."""
        if query is not None:
            return self._found(prefix, start, until, query, limit, headers_only, page_bytes)
        where = self._numbers(prefix, set_spec)
        if where is None:
            return [], []
        statement = HEADERS if headers_only else RECORDS
        raw = _rows(
            lambda here: self._database.rows(statement, here),
            where | {"until": until, "limit": limit},
            start,
            limit,
        )
        return self._bodies(raw, limit, page_bytes)

    def _found(
        self, prefix: str, start: Key, until: int, query: Node, limit: int,
        headers_only: bool, page_bytes: int | None,  # noqa: FBT001
    ) -> tuple[list[PageRow], list[int]]:  # fmt: skip
        """Return the same of what a search finds."""
        with self._database.read() as connection:
            dialect = self._database.dialect
            way = along(query, dialect, connection)
            where = self._where(connection, prefix, way.set_spec)
            if where is None:
                return [], []
            statement = page_statement(way, dialect, *_body(headers_only=headers_only))
            raw = _rows(
                lambda here: connection.execute(statement, here).all(),
                where | {"until": until, "limit": limit},
                start,
                limit,
            )
            return self._bodies(raw, limit, page_bytes)

    def _bodies(
        self, raw: Iterator[Sequence[Any]], limit: int, page_bytes: int | None
    ) -> tuple[list[PageRow], list[int]]:
        """Unpack bodies up to `page_bytes`; the next live row then comes without one."""
        rows: list[PageRow] = []
        damaged: list[int] = []
        room = _BOUNDLESS if page_bytes is None else page_bytes
        with self._codec.unpacking() as unpack:
            for number, local_id, stamp, deleted, joined, split, packed in raw:
                body = about = None
                if packed is not None and room > 0:
                    try:
                        whole = unpack(packed)
                    except DamagedBytes:
                        damaged.append(number)
                        continue
                    room -= len(whole)
                    body, about = whole[:split], whole[split:] or None
                rows.append(PageRow(number, local_id, stamp, bool(deleted), joined, body, about))
                if len(rows) == limit or (packed is not None and body is None):
                    break
        return rows, damaged

    def _numbers(self, prefix: str, set_spec: str | None) -> dict[str, int] | None:
        """Return what names a list in its statement; None if there is no such list."""
        number, set_id = self._prefixes.known(prefix), EVERYTHING
        if set_spec is not None and set_spec not in ROOTS:
            found = self._database.rows(_SET, {"spec": set_spec})
            if not found:
                return None
            set_id = found[0][0]
        return None if number is None else {"set_id": set_id, "prefix_id": number}

    def _where(
        self, connection: Connection, prefix: str, set_spec: str | None
    ) -> dict[str, int] | None:
        number = self._prefixes.number(connection, prefix)
        set_id = set_number(connection, set_spec)
        if number is None or set_id is None:
            return None
        return {"set_id": set_id, "prefix_id": number}

    def count(
        self, prefix: str, from_: int | None, until: int, set_spec: str | None,
        query: Node | None = None,
    ) -> int:  # fmt: skip
        """Return how many rows a list has."""
        with self._database.read() as connection:
            way = None if query is None else along(query, self._database.dialect, connection)
            where = self._where(connection, prefix, way.set_spec if way else set_spec)
            if where is None:
                return 0
            values = where | {"from_": from_ or 0, "until": until}
            count = _COUNT
            if way is not None:
                count = count_statement(way, self._database.dialect)
            return int(connection.execute(count, values).scalar_one())

    def row(
        self, local_id: str, prefix: str, *, withheld: bool = False
    ) -> tuple[PageRow | None, list[int]]:
        """Return a record in one format, and itself again if its bytes are damaged.

        withheld: as it is, even if lists do not show it so.
        """
        one = _ANY_ONE if withheld else _ONE
        with self._database.read() as connection:
            number = self._prefixes.number(connection, prefix)
            values = {"local_id": local_id, "prefix_id": number}
            found = connection.execute(one, values).all() if number is not None else []
        rows, damaged = self._bodies(iter(found), 1, None)
        return (rows[0] if rows else None), damaged

    def prefixes(self, local_id: str) -> tuple[tuple[str, bool], ...]:
        """Return the formats that a record has or had: (prefix, deleted)."""
        with self._database.read() as connection:
            found = connection.execute(_FORMATS, {"local_id": local_id}).all()
            names = self._prefixes.names(connection)
        return tuple((names[key % (1 << PREFIX_BITS)], deleted) for key, deleted in found)


def set_number(connection: Connection, spec: str | None) -> int | None:
    """Return the number of a set that lists go by; None if there is no such set."""
    if spec is None or spec in ROOTS:
        return EVERYTHING
    query = select(sets.c.id).where(sets.c.spec == spec, sets.c.used)
    return connection.execute(query).scalar()


def start_of(after: Key | None, from_: int | None) -> Key:
    """Return the key that a page begins after."""
    beginning = (from_ if from_ is not None else -(1 << 62), 0)
    return max(after, beginning) if after else beginning


def _rows(
    ask: Callable[[dict[str, int]], Rows], values: dict[str, int], start: Key, limit: int
) -> Iterator[Sequence[Any]]:
    """Yield the rows of a list as long as they are asked for, `limit` at a time."""
    while True:
        found = ask(values | {"after_stamp": start[0], "after_record": start[1]})
        yield from found
        if len(found) < limit:
            return
        start = (found[-1][_STAMP], found[-1][_RECORD])


_RECORD, _STAMP = 0, 2
"""Where they stand in the rows of a page."""
_BOUNDLESS = 1 << 62


@cache
def page_query(*, headers_only: bool = False) -> Select[Any]:
    """Return the statement of a page."""
    body = _body(headers_only=headers_only)
    key = _M.record_id * (1 << PREFIX_BITS) + _M.prefix_id
    return (
        select(
            _M.record_id, records.c.local_id, _M.stamp, renderings.c.deleted, records.c.sets, *body
        )
        .join(renderings, renderings.c.id == key)
        .join(records, records.c.id == _M.record_id)
        .where(
            _M.set_id == bindparam("set_id"),
            _M.prefix_id == bindparam("prefix_id"),
            tuple_(_M.stamp, _M.record_id)
            > tuple_(bindparam("after_stamp", type_=_M.stamp.type),
                     bindparam("after_record", type_=_M.record_id.type)),
            _M.stamp <= bindparam("until"),
        )
        .order_by(_M.stamp, _M.record_id)
        .limit(bindparam("limit"))
    )  # fmt: skip


def _body(*, headers_only: bool) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    none: ColumnElement[Any] = literal_column("NULL")
    return (none, none) if headers_only else (renderings.c.split, LISTED_BODY)


LISTED_BODY = case((~renderings.c.deleted, renderings.c.body))
"""Tombstones have no body for lists, though that of a withheld record is kept."""


RECORDS = Statement(page_query)
HEADERS = Statement(lambda: page_query(headers_only=True))
_SET = Statement(lambda: select(sets.c.id).where(sets.c.spec == bindparam("spec"), sets.c.used))
_COUNT = select(func.count()).where(
    _M.set_id == bindparam("set_id"),
    _M.prefix_id == bindparam("prefix_id"),
    _M.stamp.between(bindparam("from_"), bindparam("until")),
)
_RENDERING = renderings.c


def _one(deleted: ColumnElement[bool], body: ColumnElement[Any]) -> Select[Any]:
    return (
        select(
            records.c.id, records.c.local_id, _RENDERING.stamp, deleted, records.c.sets,
            _RENDERING.split, body,
        )
        .join(
            renderings,
            _RENDERING.id
            == records.c.id * (1 << PREFIX_BITS) + bindparam("prefix_id", type_=_M.prefix_id.type),
        )
        .where(records.c.local_id == bindparam("local_id"))
    )  # fmt: skip


_ONE = _one(_RENDERING.deleted, LISTED_BODY).where(_RENDERING.stamp > 0)
_ANY_ONE = _one(_RENDERING.deleted & _RENDERING.body.is_(None), _RENDERING.body)
_FORMATS = (
    select(_RENDERING.id, _RENDERING.deleted)
    .join(
        records,
        _RENDERING.id.between(
            records.c.id * (1 << PREFIX_BITS),
            records.c.id * (1 << PREFIX_BITS) + (1 << PREFIX_BITS) - 1,
        ),
    )
    .where(records.c.local_id == bindparam("local_id"), _RENDERING.stamp > 0)
    .order_by(_RENDERING.id)
)
