"""Writes down once a day how complete the descriptions of each repository are, and recalls it.

With it stands how many records broke each rule.

Only what was counted is told: a day that nobody wrote down is never made up.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select

from app.datacite.completeness import BITS, VERSION, counted
from app.query.request import Request
from app.store import summing
from app.store.completeness_tables import completeness_days
from app.store.tables import broken_rules, repositories

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.store import Store

KEPT_DAYS = 400
_C, _P = completeness_days.c, repositories.c
_EPOCH = date(1970, 1, 1)


class Past(Struct, frozen=True):
    """How many of so many records had each property on a day. day: days since 1970, UTC."""

    day: int
    records: int
    there: dict[str, int]


class Broken(Struct, frozen=True):
    """How many live records of a repository broke each rule on a day. day: as in `Past`."""

    day: int
    records: dict[str, int]


def number_of(at: datetime) -> int:
    """Return the day of a moment, in days since 1970, UTC."""
    return (at.astimezone(UTC).date() - _EPOCH).days


def note_completeness(store: Store, now: datetime) -> bool:
    """Write down how complete all descriptions are today, once; let go of days that are too old.

    Tells whether anything was written.
    """
    today = number_of(now)
    with store.database.read() as connection:
        newest = connection.execute(select(func.max(_C.day))).scalar()
    if newest is not None and newest >= today:
        return False
    rows = _rows(store, today)
    with store.database.write() as connection:
        if rows:
            row = store.database.dialect.insert(completeness_days).on_conflict_do_nothing()
            connection.execute(row, rows)
        connection.execute(delete(completeness_days).where(_C.day < today - KEPT_DAYS))
    return bool(rows)


def _rows(store: Store, day: int) -> list[dict[str, object]]:
    everything, masks = Request().replacing("copies", "all"), defaultdict(list)
    for one in summing.properties(store, everything):
        masks[one.repository].append((one.mask, one.number))
    with store.database.read() as connection:
        numbers = {row.name: row.id for row in connection.execute(select(_P.name, _P.id))}
        broken = _broken(connection)
    return [
        {
            "day": day, "repository_id": numbers[name], "version": VERSION,
            "records": sum(number for _, number in found),
            "present": json.dumps(list(counted(found).values())),
            "problems": json.dumps(broken[numbers[name]]),
        }
        for name, found in sorted(masks.items())
        if name in numbers
    ]  # fmt: skip


def past(store: Store, before: int, only: Collection[str] = ()) -> Past | None:
    """Return how it was on the last noted day not after a day, else on the first one there is.

    only: names of repositories, none means all that are public. None where nothing was noted.
    """
    with store.database.read() as connection:
        days = select(func.max(_C.day)).where(_C.version == VERSION, _C.day <= before)
        day = connection.execute(days).scalar()
        if day is None:
            first = select(func.min(_C.day)).where(_C.version == VERSION)
            day = connection.execute(first).scalar()
        query = select(_C.records, _C.present).join(repositories, _P.id == _C.repository_id)
        query = query.where(_C.day == day, _C.version == VERSION, _P.public, ~_P.removed)
        if only:
            query = query.where(_P.name.in_(sorted(only)))
        rows = connection.execute(query).all()
    if day is None or not rows:
        return None
    lists = [json.loads(row.present) for row in rows]
    there = {name: sum(one[place] for one in lists if place < len(one))
             for place, name in enumerate(BITS)}  # fmt: skip
    return Past(day, sum(row.records for row in rows), there)


def _broken(connection: Connection) -> dict[int, dict[str, int]]:
    """Return how many live records of each repository break each rule now."""
    column = broken_rules.c
    found: dict[int, dict[str, int]] = defaultdict(dict)
    query = select(column.repository_id, column.rule, column.records).where(column.records > 0)
    for number, rule, records in connection.execute(query):
        found[number][rule] = records
    return found


def broken_past(store: Store, repository_id: int, before: int) -> Broken | None:
    """Return the problems of the last noted day not after a day, else of the first there is."""
    mine = select(_C.day, _C.problems).where(_C.repository_id == repository_id, _C.problems != "")
    with store.database.read() as connection:
        last = connection.execute(mine.where(_C.day <= before).order_by(_C.day.desc()).limit(1))
        row = last.first() or connection.execute(mine.order_by(_C.day).limit(1)).first()
    return None if row is None else Broken(row.day, json.loads(row.problems))
