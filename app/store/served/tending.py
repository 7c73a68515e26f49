"""Keeps the statistics of use in order: what fell silent, what is old, days that become months.

Each piece is a transaction of its own, so that nobody waits long; any process may do it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, update

from app.settings import Statistics, length_of
from app.store.database import Database
from app.store.served.noting import (
    DAY_LENGTH,
    KEYS,
    LOCK,
    SUMS,
    Counts,
    add,
    harvest_key,
    write_counts,
)
from app.store.served.tables import (
    served_clients,
    served_counts,
    served_harvests,
    served_members,
    served_requests,
)
from app.store.served.using import fold_sought, fold_uses
from app.store.served.values import BROKEN_OFF, RUNNING

PIECE = 2000
MONTHS_BY_DAY = 13

_H = served_harvests.c
_C = served_counts.c


class Ages(Struct, frozen=True):
    """How long things are kept or waited for."""

    requests: timedelta
    harvests: timedelta
    silence: timedelta
    """After which a harvest that runs counts as broken off."""


def ages(settings: Statistics) -> Ages:
    """Return the ages that the settings name."""
    return Ages(
        length_of(settings.keep_requests),
        length_of(settings.keep_harvests),
        length_of(settings.broken_off_after),
    )


def tend(database: Database, ages: Ages, now: datetime) -> None:
    """Do all that is due."""
    first_day = first_by_day(now)
    for step in (
        lambda connection: _settle(connection, database, now - ages.silence),
        lambda connection: _prune_requests(connection, now - ages.requests),
        lambda connection: _prune_harvests(connection, now - ages.harvests),
        lambda connection: _prune_clients(connection, now - max(ages.requests, ages.harvests)),
        lambda connection: _fold(connection, database, first_day),
        lambda connection: fold_uses(connection, database, first_day, PIECE),
        lambda connection: fold_sought(connection, database, first_day, PIECE),
    ):
        _in_pieces(database, step)


def first_by_day(now: datetime) -> str:
    """Return the first day that still stands by itself; what lies before is told by month."""
    months = now.year * 12 + now.month - 1 - MONTHS_BY_DAY
    return f"{months // 12:04}-{months % 12 + 1:02}-01"


def _in_pieces(database: Database, step: Callable[[Connection], int]) -> None:
    """Do a step until it finds nothing more."""
    while True:
        with database.write() as connection:
            database.dialect.lock(connection, LOCK)
            if step(connection) < PIECE:
                return


def _settle(connection: Connection, database: Database, before: datetime) -> int:
    """Call the harvests broken off that had their last page before a moment."""
    silent = (
        select(_H.id, _H.started_at, _H.verb, _H.prefix, _H.set_spec, served_clients.c.family)
        .join_from(served_harvests, served_clients, served_clients.c.key == _H.client)
        .where(_H.state == RUNNING, _H.last_at < before)
        .limit(PIECE)
    )
    counts: Counts = {}
    numbers = []
    for number, *rest in connection.execute(silent):
        numbers.append(number)
        add(counts, harvest_key(*rest), broken_off=1)
    if numbers:
        ended = update(served_harvests).where(_H.id.in_(numbers)).values(state=BROKEN_OFF)
        connection.execute(ended)
        write_counts(connection, database, counts)
    return len(numbers)


def _prune_requests(connection: Connection, before: datetime) -> int:
    column = served_requests.c
    old = select(column.id).where(column.at < before).order_by(column.at).limit(PIECE)
    return connection.execute(delete(served_requests).where(column.id.in_(old))).rowcount


def _prune_harvests(connection: Connection, before: datetime) -> int:
    old = select(_H.id).where(_H.started_at < before, _H.state != RUNNING)
    numbers = connection.execute(old.order_by(_H.started_at).limit(PIECE)).scalars().all()
    if numbers:
        of_members = served_members.c.harvest.in_(numbers)
        connection.execute(delete(served_members).where(of_members))
        connection.execute(delete(served_harvests).where(_H.id.in_(numbers)))
    return len(numbers)


def _prune_clients(connection: Connection, before: datetime) -> int:
    column = served_clients.c
    old = select(column.key).where(column.last_at < before).limit(PIECE)
    return connection.execute(delete(served_clients).where(column.key.in_(old))).rowcount


def _fold(connection: Connection, database: Database, first_day: str) -> int:
    """Add the days before a day to their months; sums over all periods stay what they were."""
    is_old = (func.length(_C.period) == DAY_LENGTH) & (_C.period < first_day)
    rows = connection.execute(select(served_counts).where(is_old).limit(PIECE)).all()
    counts: Counts = {}
    for row in rows:
        period, *key = (getattr(row, name) for name in KEYS)
        sums: Counter[str] = Counter({name: getattr(row, name) for name in SUMS})
        add(counts, (period[:7], *key), **sums)
        matches = [_C[name] == getattr(row, name) for name in KEYS]
        connection.execute(delete(served_counts).where(*matches))
    write_counts(connection, database, counts)
    return len(rows)
