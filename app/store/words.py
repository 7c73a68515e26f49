"""The words of records that were stored before there were any: made once, by an upgrade.

They are made as they are for new records, from the resource that was last read; of a record whose
bytes are damaged, from what lists show of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from app.datacite.resource import decode
from app.query.indexing import Searched, searched, searched_of_summary
from app.store.codec import DamagedBytes
from app.store.tables import contents, records, words

BATCH = 1000


def fill(connection: Connection, unpack: Callable[[bytes], bytes], *, batch: int = BATCH) -> int:
    """Make the words of all records that have none; return of how many."""
    query = (
        select(records.c.id, records.c.title, records.c.creators, contents.c.reading)
        .outerjoin(contents, contents.c.record_id == records.c.id)
        .outerjoin(words, words.c.record_id == records.c.id)
        .where(words.c.record_id.is_(None))
        .order_by(records.c.id)
        .limit(batch)
    )
    number, after = 0, 0
    while rows := connection.execute(query.where(records.c.id > after)).all():
        made = [(row.id, *_searched(row, unpack)) for row in rows]
        names = [column.name for column in words.columns]
        connection.execute(insert(words), [dict(zip(names, one, strict=True)) for one in made])
        number, after = number + len(rows), rows[-1].id
    return number


def _searched(row: Any, unpack: Callable[[bytes], bytes]) -> tuple[str, ...]:
    found = _read(row.reading, unpack) or searched_of_summary(row.title, row.creators)
    return found.title, found.creator, found.publisher, found.subject, found.type


def _read(packed: bytes | None, unpack: Callable[[bytes], bytes]) -> Searched | None:
    try:
        resource = unpack(packed).split(b"\n", 1)[0] if packed else b""
        return searched(decode(resource)) if resource else None
    except (DamagedBytes, msgspec.DecodeError):
        return None
