"""What changed, in the order (datestamp, number), for who follows the hub: tombstones too.

A record stands at its newest datestamp, once. Up to a second that `Store.now` gave nothing is ever
added: what is written later bears a later datestamp, as it does for the lists of OAI-PMH.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import Connection, select, tuple_

from app.record import Summary
from app.store.effects import EVERYTHING
from app.store.found import STORED, stored
from app.store.tables import memberships, prefixes, records
from app.store.values import StoredRecord

if TYPE_CHECKING:
    from app.store import Store

Place = tuple[int, int]
"""A datestamp, in seconds, and the number of a record."""
_R, _M = records.c, memberships.c
_KEY = tuple_(_M.stamp, _M.record_id)


def changed(store: Store, after: Place, until: int, limit: int) -> tuple[StoredRecord, ...]:
    """Return the records behind a place whose newest datestamp lies no later than a second.

    What belongs to a private member is no more than a tombstone, if it was ever shown.
    """
    with store.database.read() as connection:
        places = _places(connection, after, until, limit)
        numbers = [number for _, number in places]
        among = store.database.dialect.among(_R.id, "ids")
        given = {"ids": store.database.dialect.many_values(numbers)}
        rows = connection.execute(STORED.where(among), given)
        found = {row.id: _told(stored(row)) for row in rows}
    return tuple(found[number] for number in numbers if number in found)


def _places(connection: Connection, after: Place, until: int, limit: int) -> list[Place]:
    numbers = connection.execute(select(prefixes.c.id)).scalars().all()
    lists = [_of_prefix(connection, number, after, until, limit) for number in numbers]
    return list(_first(heapq.merge(*lists), limit))


def _of_prefix(
    connection: Connection, prefix: int, after: Place, until: int, limit: int
) -> list[Place]:
    """Return places of the list of one format: of records that have no later datestamp."""
    query = (
        select(_M.stamp, _M.record_id)
        .join(records, _R.id == _M.record_id)
        .where(_M.set_id == EVERYTHING, _M.prefix_id == prefix, _M.stamp <= until)
        .where(tuple_(*after) < _KEY, _R.stamp == _M.stamp)
    )
    rows = connection.execute(query.order_by(_M.stamp, _M.record_id).limit(limit))
    return [(stamp, number) for stamp, number in rows]


def _first(places: Iterator[Place], limit: int) -> Iterator[Place]:
    """Yield the first places, each once."""
    last: Place | None = None
    for place in places:
        if place == last:
            continue
        if limit == 0:
            return
        limit, last = limit - 1, place
        yield place


def _told(record: StoredRecord) -> StoredRecord:
    if not record.withheld:
        return record
    return replace(
        record, state="deleted", reason="", quarantine="", summary=Summary(), repository="",
        repository_title="", identifier="", datestamp="", prefix="", last_changed_at=None,
    )  # fmt: skip
