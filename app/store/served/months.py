"""Who took the records of one repository, month by month, as far as single harvests are kept."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import BigInteger, cast, func, literal_column, select, type_coerce

from app.store.served.reading import state_of
from app.store.served.tables import served_harvests, served_members
from app.store.served.values import BROKEN_OFF

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.store.database import AnyRow, Database

_H, _M = served_harvests.c, served_members.c
_DAY = literal_column("86400", BigInteger)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Month(Struct, frozen=True):
    """What harvesters took in a month, `2026-11`.

    unfinished: harvesters whose newest harvest of the month stopped before the end of its list.
    """

    month: str
    harvesters: int
    unfinished: int
    harvests: int
    records: int
    """Given, repeated pages too."""


def by_month(database: Database, repository: str, *, silent_before: datetime) -> tuple[Month, ...]:
    """Return who took records of a repository, the newest month first.

    silent_before: a running harvest whose last page lies before it is broken off.
    """
    day = (type_coerce(_H.started_at, BigInteger) // _DAY).label("day")
    state = state_of(silent_before).label("ended")
    query = (
        select(
            day, _H.client, state, func.max(_H.id).label("newest"),
            func.count().label("harvests"),
            cast(func.sum(_M.records), BigInteger).label("records"),
        )
        .join_from(served_members, served_harvests, _M.harvest == _H.id)
        .where(_M.repository == repository, _M.records > 0)
        .group_by("day", _H.client, "ended")
        .order_by("newest")
    )  # fmt: skip
    by: dict[str, list[AnyRow]] = defaultdict(list)
    with database.read() as connection:
        for row in connection.execute(query):
            by[f"{_EPOCH + timedelta(days=row.day):%Y-%m}"].append(row)
    return tuple(_month(name, by[name]) for name in sorted(by, reverse=True))


def _month(name: str, rows: Iterable[AnyRow]) -> Month:
    """Add up rows, of which the newest harvest stands last."""
    rows = list(rows)
    ended = {row.client: row.ended for row in rows}
    return Month(
        name,
        len(ended),
        list(ended.values()).count(BROKEN_OFF),
        sum(row.harvests for row in rows),
        sum(row.records for row in rows),
    )
