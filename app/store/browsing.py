"""Lists of records for people: the newest first, of public members only, a page at a time by key.

A record's number grows in the order in which records came, so it is both order and key.
"""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from sqlalchemy import func, literal_column, select

from app import clock
from app.store.found import STORED, stored
from app.store.states import STATE
from app.store.tables import days, records, repositories

if TYPE_CHECKING:
    from app.store import Store
    from app.store.values import StoredRecord

_DAY = 86400
_PUBLIC = repositories.c.public & ~repositories.c.removed


def browse(
    store: Store,
    *,
    states: tuple[str, ...] = ("live",),
    repository_id: int | None = None,
    since: datetime | None = None,
    before: int | None = None,
    limit: int,
) -> tuple[StoredRecord, ...]:
    """Return records of public members, the newest first.

    states: of `live` and `deleted`. since: only those that first came then or later. before: only
    those that came before the record of that number, the last of the page before.
    """
    query = STORED.where(STATE.in_(states), _PUBLIC)
    if states == ("deleted",):
        query = query.where(literal_column("records.state <> 'live'"))  # has an index
    if repository_id is not None:
        query = query.where(records.c.repository_id == repository_id)
    if before is not None:
        query = query.where(records.c.id < before)
    with store.database.read() as connection:
        rows = connection.execute(query.order_by(records.c.id.desc()).limit(limit))
        found = tuple(map(stored, rows))
    if since is None:
        return found
    return tuple(takewhile(lambda r: (r.first_harvested_at or since) >= since, found))


def added(store: Store, since: datetime) -> int:
    """Return how many records of public members first came on the day of `since` or later."""
    return happened(store, since)[0]


def happened(store: Store, since: datetime) -> tuple[int, int, int]:
    """Return how many records of public members were added, changed and removed since a day."""
    sums = (func.coalesce(func.sum(days.c[name]), 0) for name in ("added", "changed", "removed"))
    query = (
        select(*sums)
        .join(repositories, repositories.c.id == days.c.repository_id)
        .where(days.c.day >= clock.seconds(since) // _DAY, _PUBLIC)
    )
    with store.database.read() as connection:
        added, changed, removed = map(int, connection.execute(query).one())
        return added, changed, removed
