"""Records that a list of some format lacks: kept by the hub, and not shown in that format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select

from app.store.effects import PREFIX_BITS
from app.store.found import STORED, stored
from app.store.states import STATE
from app.store.tables import prefixes, records, renderings

if TYPE_CHECKING:
    from app.store import Store
    from app.store.values import StoredRecord

COUNTED = 10_000
"""Records that are counted; more are said to be so many."""
_NUMBER = select(prefixes.c.id)


def missing(
    store: Store, repository_id: int, prefix: str, *, after: int = 0, limit: int
) -> tuple[StoredRecord, ...]:
    """Return records of a repository that are not deleted and have no rendering in a format.

    after: only those behind the record of this number. Also those that were never readable.
    """
    query = _without(STORED, repository_id, prefix).where(records.c.id > after)
    with store.database.read() as connection:
        rows = connection.execute(query.order_by(records.c.id).limit(limit))
        return tuple(map(stored, rows))


def count_missing(store: Store, repository_id: int, prefix: str) -> int:
    """Return how many records `missing` walks over, at most `COUNTED`."""
    some = _without(select(records.c.id), repository_id, prefix).limit(COUNTED).subquery()
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(some)).scalar_one()


def _without(query: Select[Any], repository_id: int, prefix: str) -> Select[Any]:
    number = _NUMBER.where(prefixes.c.prefix == prefix).scalar_subquery()
    shown = select(renderings.c.id).where(
        renderings.c.id == records.c.id * (1 << PREFIX_BITS) + func.coalesce(number, 0),
        renderings.c.digest != b"",
    )
    return query.where(
        records.c.repository_id == repository_id,
        STATE.in_(("live", "unread")),
        ~shown.correlate(records).exists(),
    )
