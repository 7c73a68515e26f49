"""What harvests wrote down and nobody needs any more: it goes by and by, a piece a transaction.

Requests go by an age of their own; windows, failures, and harvests that brought nothing by a
longer one. Of each repository the last runs stay whatever their age, and everything since its last
whole reading, which is the proof of what the hub has. A harvest that touched a record stays: it is
where the record comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table, delete, exists, func, or_, select

from app.store.harvest_tables import decisions, quirks, requests, sightings
from app.store.harvests import WHOLE
from app.store.tables import failures, harvests, repositories, windows
from app.store.windows import lost

if TYPE_CHECKING:
    from app.store import Store

LAST_WITH_REQUESTS = 10
"""The newest runs of a repository that keep their requests."""
LAST_WITH_HISTORY = 30
"""The newest runs of a repository that keep windows and failures."""
LEFT_BEHIND = timedelta(days=30)
"""After that time, what an unfinished look has seen is of use only to the run that goes on."""
PIECE = 500
_H = harvests.c
_MAIN = ("full", "incremental")


def forget_requests(store: Store, before: datetime) -> int:
    """Let requests of harvests go that ended before a moment; return how many.

    One whose answer is still kept stays as long as that.
    """
    number = 0
    for harvest, repository in _ended(store, requests, before):
        if harvest < _newest(store, repository, LAST_WITH_REQUESTS):
            over = or_(requests.c.body.is_(None), requests.c.body_until < store.now())
            number += _empty(store, requests, requests.c.harvest_id == harvest, over)
    return number


def forget_history(store: Store, before: datetime) -> int:
    """Let windows, failures and harvests without a record go; return how many rows went."""
    number = 0
    for table in (windows, failures):
        for harvest, repository in _ended(store, table, before):
            if harvest < _past(store, repository):
                number += _empty(store, table, table.c.harvest_id == harvest)
    return number + _forget_empty(store, before)


def forget_sightings(store: Store, before: datetime) -> int:
    """Let go what looks have seen that no later run goes on with; return how many rows went."""
    number = 0
    for harvest, repository in _ended(store, sightings, before):
        later = exists().where(
            _H.repository_id == repository, _H.id > harvest, _H.state == "ended",
            _H.kind.in_(_MAIN), _H.outcome != "failed",
        )  # fmt: skip
        removed = exists().where(repositories.c.id == repository, repositories.c.removed)
        with store.database.read() as connection:
            over = connection.execute(select(or_(later, removed))).scalar_one()
        if over:
            number += _empty(store, sightings, sightings.c.harvest_id == harvest)
    return number


def _ended(store: Store, table: Table, before: datetime) -> Iterator[tuple[int, int]]:
    """Yield harvests that ended before a moment and have rows in a table, with the repository.

    It leaps from one to the next by the table's index, whatever rows they have.
    """
    after = 0
    column = table.c.harvest_id
    while True:
        with store.database.read() as connection:
            following = select(func.min(column)).where(column > after).scalar_subquery()
            query = select(_H.id, _H.repository_id, _H.state, _H.started_at, _H.ended_at)
            row = connection.execute(query.where(_H.id == following)).first()
        if row is None or (row.started_at is not None and row.started_at >= before):
            return
        after = row.id
        if row.state == "ended" and row.ended_at is not None and row.ended_at < before:
            yield row.id, row.repository_id


def _newest(store: Store, repository: int, number: int) -> int:
    """Return the number of a repository's harvest from which on its newest ones begin."""
    query = select(_H.id).where(_H.repository_id == repository).order_by(_H.id.desc())
    with store.database.read() as connection:
        return connection.execute(query.offset(number - 1).limit(1)).scalar() or 0


def _past(store: Store, repository: int) -> int:
    """Return the number of the harvest before which windows prove nothing that still counts.

    A whole sweep proves as much as a full harvest, but for windows that are lost still.
    """
    kinds = ("full",) if lost(store, repository) else ("full", "sweep")
    whole = select(func.max(_H.id)).where(
        _H.repository_id == repository, _H.kind.in_(kinds), _H.state == "ended",
        _H.outcome.in_(sorted(WHOLE)),
    )  # fmt: skip
    with store.database.read() as connection:
        proof = connection.execute(whole).scalar() or 0
    return min(proof, _newest(store, repository, LAST_WITH_HISTORY))


def _empty(store: Store, table: Table, *which: ColumnElement[bool]) -> int:
    """Delete rows of a table, a piece a transaction; return how many."""
    keys = tuple(table.primary_key.columns)
    number = 0
    while True:
        with store.database.read() as connection:
            rows = connection.execute(select(*keys).where(*which).limit(PIECE)).all()
        if rows:
            last = keys[-1]
            gone = delete(table).where(*which, last.in_([row[-1] for row in rows]))
            with store.database.write() as connection:
                connection.execute(gone)
        number += len(rows)
        if len(rows) < PIECE:
            return number


def _forget_empty(store: Store, before: datetime) -> int:
    """Delete the rows of old harvests that listed nothing, and to which nothing refers."""
    nothing = (_H[name] == 0 for name in ("seen", "new", "changed", "unchanged", "removed",
                                          "quarantined"))  # fmt: skip
    linked = (
        exists().where(table.c.harvest_id == _H.id) for table in (requests, windows, failures)
    )
    told = (exists().where(table.c.harvest == _H.id) for table in (quirks, decisions))
    shown = exists().where(
        or_(repositories.c.last_whole == _H.id, repositories.c.last_harvest == _H.id)
    )
    query = select(_H.id, _H.repository_id).where(
        _H.state == "ended", _H.ended_at < before, *nothing,
        *(~one for one in (*linked, *told, shown)),
    )  # fmt: skip
    number = after = 0
    while True:
        with store.database.read() as connection:
            piece = query.where(_H.id > after).order_by(_H.id).limit(PIECE)
            rows: list[Any] = list(connection.execute(piece))
        borders = {row.repository_id: 0 for row in rows}
        borders = {one: _newest(store, one, LAST_WITH_HISTORY) for one in borders}
        over = [row.id for row in rows if row.id < borders[row.repository_id]]
        if over:
            with store.database.write() as connection:
                connection.execute(delete(harvests).where(_H.id.in_(over)))
        number += len(over)
        if len(rows) < PIECE:
            return number
        after = rows[-1].id
