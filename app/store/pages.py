"""Pages of lists, as the provider reads them: one range of one index, at any depth.

A page is one statement over `memberships`, in the order of its key, from which renderings and
records are looked up by number; nothing is sorted, scanned or parsed. Tombstones have no body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from app.store.database import AnyRow, Database
from app.store.effects import EVERYTHING, PREFIX_BITS
from app.store.numbering import ROOTS, Prefixes
from app.store.search_pages import count_statement, page_statement
from app.store.searching import search_of
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
        rows: list[PageRow] = []
        damaged: list[int] = []
        with self._database.read() as connection:
            where = self._where(connection, prefix, _set_along(set_spec, query))
            if where is not None:
                where |= {"until": until, "limit": limit}
                statement = self._statement(connection, headers_only, query)
                raw = _rows(connection, statement, where, start, limit)
                for row in self._bodies(raw, damaged, page_bytes):
                    rows.append(row)
                    if len(rows) == limit:
                        break
        return rows, damaged

    def _statement(
        self, connection: Connection, headers_only: bool, query: Node | None  # noqa: FBT001
    ) -> Select[Any]:  # fmt: skip
        if query is None:
            return page_query(headers_only=headers_only)
        body = _body(headers_only=headers_only)
        return page_statement(search_of(query), self._database.dialect, connection, *body)

    def _bodies(
        self, raw: Iterator[Sequence[Any]], damaged: list[int], page_bytes: int | None
    ) -> Iterator[PageRow]:
        """Unpack bodies up to `page_bytes`; the next live row then comes without one."""
        spent, unpack = 0, self._codec.unpack
        for number, local_id, stamp, deleted, joined, split, packed in raw:
            if packed is None:
                yield PageRow(number, local_id, stamp, deleted, joined)
                continue
            if page_bytes is not None and spent >= page_bytes:
                yield PageRow(number, local_id, stamp, deleted, joined)
                return
            try:
                body = unpack(packed)
            except DamagedBytes:
                damaged.append(number)
                continue
            spent += len(body)
            about = body[split:] or None
            yield PageRow(number, local_id, stamp, deleted, joined, body[:split], about)

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
            where = self._where(connection, prefix, _set_along(set_spec, query))
            if where is None:
                return 0
            values = where | {"from_": from_ or 0, "until": until}
            count = _COUNT
            if query is not None:
                count = count_statement(search_of(query), self._database.dialect, connection)
            return int(connection.execute(count, values).scalar_one())

    def row(
        self, local_id: str, prefix: str, *, withheld: bool = False
    ) -> tuple[PageRow | None, list[int]]:
        """Return a record in one format, and itself again if its bytes are damaged.

        withheld: as it is, even if lists do not show it so.
        """
        damaged: list[int] = []
        one = _ANY_ONE if withheld else _ONE
        with self._database.read() as connection:
            number = self._prefixes.number(connection, prefix)
            values = {"local_id": local_id, "prefix_id": number}
            found = connection.execute(one, values).all() if number is not None else []
        return next(self._bodies(iter(found), damaged, None), None), damaged

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


def _set_along(set_spec: str | None, query: Node | None) -> str | None:
    """Return the set that a list goes along."""
    return set_spec if query is None else search_of(query).set_spec


def _rows(
    connection: Connection, statement: Select[Any], values: dict[str, int], start: Key, limit: int
) -> Iterator[AnyRow]:
    """Yield the rows of a list as long as they are asked for, `limit` at a time."""
    while True:
        here = values | {"after_stamp": start[0], "after_record": start[1]}
        found = connection.execute(statement, here).all()
        yield from found
        if len(found) < limit:
            return
        start = (found[-1].stamp, found[-1].record_id)


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
