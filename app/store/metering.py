"""The counts that metrics give: kept by all processes together, read at each look.

What grows without end is added up where it happens; nothing here walks over records or harvests.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from sqlalchemy import Connection, func, insert, select, update

from app.store.operation_tables import outcome_counts, request_times
from app.store.served.tables import served_counts
from app.store.tables import records, repositories
from app.store.withdrawal_tables import withdrawals

if TYPE_CHECKING:
    from app.store import Store

_O, _T, _C = outcome_counts.c, request_times.c, served_counts.c
Key = tuple[str, int]
"""A route and the number of a bucket."""
Asked = tuple[str, str, str]
"""A verb, a prefix, and what became of the request."""


class Times(Struct, frozen=True):
    """Requests that were answered, and the microseconds that it took."""

    requests: int = 0
    microseconds: int = 0


def count_outcome(connection: Connection, repository_id: int, outcome: str) -> None:
    """Count the end of a harvest, in its transaction; the caller holds the repository's row."""
    row = {"repository_id": repository_id, "outcome": outcome}
    mine = (_O.repository_id == repository_id, _O.outcome == outcome)
    more = update(outcome_counts).where(*mine).values(harvests=_O.harvests + 1)
    if connection.execute(more).rowcount == 0:
        connection.execute(insert(outcome_counts).values(row | {"harvests": 1}))


def outcomes(store: Store) -> dict[tuple[str, str], int]:
    """Return how many harvests ended how, by name of the repository and outcome."""
    query = (
        select(repositories.c.name, _O.outcome, _O.harvests)
        .join(repositories, repositories.c.id == _O.repository_id)
        .where(~repositories.c.removed)
    )
    with store.database.read() as connection:
        return {(name, outcome): number for name, outcome, number in connection.execute(query)}


def hidden(store: Store) -> dict[tuple[str, str], int]:
    """Return how many records operators hid, by name of the repository: withdrawn, merged."""
    query = (
        select(repositories.c.name, withdrawals.c.kind, func.count())
        .join_from(withdrawals, records, records.c.id == withdrawals.c.record_id)
        .join(repositories, repositories.c.id == records.c.repository_id)
        .where(withdrawals.c.ended_at.is_(None))
        .group_by(repositories.c.name, withdrawals.c.kind)
    )
    with store.database.read() as connection:
        return {(name, kind): number for name, kind, number in connection.execute(query)}


def add_times(store: Store, times: Mapping[Key, Times]) -> None:
    """Add what a web server has measured to what all of them have."""
    row = store.database.dialect.insert(request_times)
    row = row.on_conflict_do_update(
        index_elements=["route", "bucket"],
        set_={name: _T[name] + row.excluded[name] for name in ("requests", "microseconds")},
    )
    rows = [
        {"route": route, "bucket": bucket, "requests": t.requests, "microseconds": t.microseconds}
        for (route, bucket), t in sorted(times.items())
    ]
    with store.database.write() as connection:
        connection.execute(row, rows)


def times(store: Store) -> dict[Key, Times]:
    """Return what all web servers have measured since the hub began."""
    query = select(_T.route, _T.bucket, _T.requests, _T.microseconds)
    with store.database.read() as connection:
        found = connection.execute(query)
        return {(route, bucket): Times(number, took) for route, bucket, number, took in found}


class Provided(NamedTuple):
    """What the provider was asked and gave; times in milliseconds."""

    requests: int = 0
    records: int = 0
    bytes: int = 0
    milliseconds: int = 0

    def plus(self, other: Provided) -> Provided:
        """Add numbers."""
        return Provided(*map(operator.add, self, other))


def provided(store: Store, *, since: str = "", before: str = "") -> dict[Asked, Provided]:
    """Return the use of the provider by verb, prefix and outcome, of periods such as `2026-11-26`.

    The periods before a day change no more but by being added up to months.
    """
    by = (_C.verb, _C.prefix, _C.outcome)
    sums = (func.sum(_C[name]) for name in Provided._fields)
    query = select(*by, *sums).group_by(*by)
    if since:
        query = query.where(_C.period >= since)
    if before:
        query = query.where(_C.period < before)
    with store.database.read() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    return {row[:3]: Provided(*map(int, row[3:])) for row in rows if row[3]}
