"""What is published in one format: in parts by number, and as changes by datestamp.

A part holds the records of a fixed range of numbers, so that a change touches one part, and no part
ever holds more than `PART` records. Changes come in the order (datestamp, number).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import Connection, Select, func, select, tuple_

from app.store.effects import EVERYTHING, PREFIX_BITS
from app.store.extracts import page_row
from app.store.tables import memberships, prefixes, records, renderings
from app.store.values import PageRow

if TYPE_CHECKING:
    from app.store import Store
    from app.store.database import AnyRow

PART = 50_000
"""Records of a part, at most: what a sitemap may hold."""
BATCH = 500
"""Rows of one transaction."""

_PLACE = "part_number"
_R, _G, _M = records.c, renderings.c, memberships.c


class Part(Struct, frozen=True):
    """A part that is not empty."""

    number: int
    records: int
    newest: int


class Moment(Struct, frozen=True):
    """How many changes bear one datestamp."""

    stamp: int
    records: int


class Published(Struct, frozen=True):
    """A record as it is published, or was."""

    row: PageRow
    first: bool
    """It has not changed since it first came."""


def parts(store: Store, prefix: str, only: int | None = None) -> tuple[Part, ...]:
    """Return the parts that hold live records, by number: all of them, or one."""
    with store.database.read() as connection:
        number = _number(connection, prefix)
        if number is None:
            return ()
        place = ((_R.id - 1) // PART).label(_PLACE)
        query = (
            _numbered(select(place, func.count(), func.max(_G.stamp)), number)
            .group_by(_PLACE)
            .order_by(_PLACE)
        )
        if only is not None:
            query = query.where(_R.id > only * PART, _R.id <= (only + 1) * PART)
        return tuple(Part(*map(int, row)) for row in connection.execute(query))


def of_part(store: Store, prefix: str, part: int) -> Iterator[Published]:
    """Yield the live records of a part by number; a damaged one has no body."""
    number = _number_of(store, prefix)
    if number is None:
        return
    after, last = part * PART, (part + 1) * PART
    query = _numbered(select(*_COLUMNS), number).where(_R.id <= last).order_by(_R.id)
    while True:
        found = _fetch(store, query.where(_R.id > after))
        yield from _unpacked(store, found)
        if len(found) < BATCH:
            return
        after = found[-1].id


def moments(store: Store, prefix: str, from_: int, until: int) -> tuple[Moment, ...]:
    """Return how many records bear each datestamp of a range, in order."""
    with store.database.read() as connection:
        number = _number(connection, prefix)
        if number is None:
            return ()
        query = (
            select(_M.stamp, func.count())
            .select_from(memberships)
            .where(_M.set_id == EVERYTHING, _M.prefix_id == number)
            .where(_M.stamp.between(from_, until))
            .group_by(_M.stamp)
            .order_by(_M.stamp)
        )
        return tuple(Moment(*map(int, row)) for row in connection.execute(query))


def changes(store: Store, prefix: str, from_: int, until: int) -> Iterator[Published]:
    """Yield the records whose datestamp lies in a range, tombstones too, in its order."""
    number = _number_of(store, prefix)
    if number is None:
        return
    key = tuple_(_M.stamp, _M.record_id)
    query = (
        _dated(select(*_COLUMNS), number).where(_M.stamp <= until).order_by(_M.stamp, _M.record_id)
    )
    after = (from_, 0)
    while True:
        found = _fetch(store, query.where(key > after))
        yield from _unpacked(store, found)
        if len(found) < BATCH:
            return
        after = (found[-1].stamp, found[-1].id)


_COLUMNS = (
    _R.id, _R.local_id, _G.stamp, _G.deleted, _R.sets, _G.split, _G.body,
    _R.first_harvested_at, _R.last_changed_at,
)  # fmt: skip


def _number_of(store: Store, prefix: str) -> int | None:
    with store.database.read() as connection:
        return _number(connection, prefix)


def _fetch(store: Store, query: Select[Any]) -> list[AnyRow]:
    with store.database.read() as connection:
        return list(connection.execute(query.limit(BATCH)).all())


def _unpacked(store: Store, rows: list[AnyRow]) -> Iterator[Published]:
    for *row, first, last in rows:
        yield Published(page_row(store.codec, row), first is not None and first == last)


def _number(connection: Connection, prefix: str) -> int | None:
    return connection.execute(select(prefixes.c.id).where(prefixes.c.prefix == prefix)).scalar()


def _numbered(query: Select[Any], number: int) -> Select[Any]:
    """Go by the numbers of records, to those that are live in a format."""
    return (
        query.select_from(records)
        .join(renderings, _G.id == _R.id * (1 << PREFIX_BITS) + number)
        .where(~_G.deleted, _G.stamp > 0)
    )


def _dated(query: Select[Any], number: int) -> Select[Any]:
    """Go by the list of everything in a format, which leads to rendering and record."""
    return (
        query.select_from(memberships)
        .join(renderings, _G.id == _M.record_id * (1 << PREFIX_BITS) + number)
        .join(records, _R.id == _M.record_id)
        .where(_M.set_id == EVERYTHING, _M.prefix_id == number)
    )
