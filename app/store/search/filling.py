"""What searches know of records that were stored before: made once by an upgrade, or anew.

It is made as it is for new records, from the resource that was last read; of a record whose bytes
are damaged, from what lists show of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select

from app.datacite.resource import decode
from app.query.indexing import (
    Indexed,
    Named,
    Searched,
    indexed,
    kernel,
    searched,
    searched_of_summary,
)
from app.store.codec import DamagedBytes
from app.store.database import AnyRow
from app.store.dialects import Dialect
from app.store.effects import PREFIX_BITS
from app.store.search import writing as search_writing
from app.store.search.tables import search
from app.store.tables import contents, prefixes, records, renderings

BATCH = 1000
_INFERRED = b'"publicationYear.inferred"'
_R = records.c
Unpack = Callable[[bytes], bytes]
Told = Callable[[int, int], None]
"""Is told how many records of how many are done."""


def fill(
    connection: Connection,
    dialect: Dialect,
    unpack: Unpack,
    *,
    batch: int = BATCH,
    told: Told = lambda *_: None,
) -> int:
    """Make what searches know of all live and deleted records that have nothing; return how many.

    What stays hidden is done too, so that it is there once it is shown.
    """
    missing = _stored(batch).outerjoin(search, search.c.record_id == _R.id)
    return _write(
        connection, dialect, unpack, missing.where(search.c.record_id.is_(None)), told
    )  # fmt: skip


def again(
    connection: Connection, dialect: Dialect, unpack: Unpack, told: Told = lambda *_: None
) -> int:
    """Make anew what resources say to searches of all records; return of how many.

    What links and copies say of a record to searches stays as it is.
    """
    search_writing.empty_texts(connection, dialect)
    return _write(connection, dialect, unpack, _stored(BATCH), told)


def _stored(batch: int) -> Select[Any]:
    return (
        select(
            _R.id, _R.local_id, _R.identifier, _R.sets, _R.title, _R.creators, _R.year, _R.doi,
            _R.url, _R.format, contents.c.reading, contents.c.original, _writable(),
        )
        .select_from(records)
        .outerjoin(contents, contents.c.record_id == _R.id)
        .where(_R.state != "unread")
        .order_by(_R.id)
        .limit(batch)
    )  # fmt: skip


def _write(
    connection: Connection, dialect: Dialect, unpack: Unpack, query: Select[Any], told: Told
) -> int:
    most = connection.execute(select(func.count()).select_from(records)).scalar_one()
    number, after = 0, 0
    while rows := connection.execute(query.where(_R.id > after)).all():
        entries = [(row.id, _indexed(row, unpack)) for row in rows]
        search_writing.write(connection, dialect, entries)
        number, after = number + len(rows), rows[-1].id
        told(number, most)
    return number


def refill(
    connection: Connection, dialect: Dialect, unpack: Unpack, told: Told = lambda *_: None
) -> int:
    """Make what searches know of all records anew; return of how many."""
    search_writing.empty(connection, dialect)
    return fill(connection, dialect, unpack, told=told)


def _writable() -> Any:
    """Return that a record has a rendering as DataCite XML."""
    number = select(prefixes.c.id).where(prefixes.c.prefix == "datacite").scalar_subquery()
    key = _R.id * (1 << PREFIX_BITS) + number
    body = renderings.c.body.is_not(None)
    return select(renderings.c.id).where(renderings.c.id == key, body).exists().label("writable")


def _indexed(row: AnyRow, unpack: Unpack) -> Indexed:
    found = _read(row.reading, unpack) or searched_of_summary(row.title, row.creators)
    original = _unpacked(row.original, unpack) if "datacite" in row.format else None
    named = Named(
        row.local_id, row.identifier, row.doi, row.url, row.year, tuple(row.sets.split()),
        kernel(row.format, original), bool(row.writable),
    )  # fmt: skip
    return indexed(found, named)


def _read(packed: bytes | None, unpack: Unpack) -> Searched | None:
    kept = _unpacked(packed, unpack)
    try:
        resource, _, rest = kept.partition(b"\n")
        return searched(decode(resource), year_stated=_INFERRED not in rest) if resource else None
    except msgspec.DecodeError:
        return None


def _unpacked(packed: bytes | None, unpack: Unpack) -> bytes:
    try:
        return unpack(packed) if packed else b""
    except DamagedBytes:
        return b""
