"""What a page adds up: its harvest and window, the counts of its repository and of the day.

Numbers are added by the database, never read and written back. The statements are made once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    case,
    func,
    literal_column,
    select,
    update,
)

from app.record import Checkpoint, Counts
from app.store.database import Many
from app.store.dialects import Dialect
from app.store.effects import Rows
from app.store.harvests import RUNNING, STOPPING, lost
from app.store.storable import mended
from app.store.tables import broken_rules, days, harvests, repositories, windows

NOTHING: ColumnElement[str] = literal_column("''")
DAY_SECONDS = 86400
_DAILY = ("added", "changed", "removed")
_KEPT = ("live", "deleted", "quarantined")
_COUNTS = Counts.__struct_fields__
_WINDOW = (
    "harvest_id", "set_spec", "prefix", "from_", "until", "state", "token", "token_expires",
    "token_at", "response_date", "told", "pages", "listed", "reason", "attempts",
    "last_page",
)  # fmt: skip
_WINDOW_KEY = _WINDOW[:5]


def _harvest(*, with_window: bool) -> Many:
    columns = harvests.c
    values: dict[str, Any] = {"heartbeat_at": bindparam("now")}
    told = select(func.sum(windows.c.told)).where(
        windows.c.harvest_id == columns.id, windows.c.parent.is_(None)
    )
    if with_window:
        first = columns.response_date == NOTHING
        values["response_date"] = case((first, bindparam("date")), else_=columns.response_date)
        values["told"] = told.scalar_subquery()
    values |= {name: columns[name] + bindparam(f"more_{name}") for name in _COUNTS}
    asked = func.nullif(bindparam("asked", type_=columns.last_request.type), NOTHING)
    values["last_request"] = func.coalesce(asked, columns.last_request)
    mine = (columns.id == bindparam("key"), columns.worker == bindparam("mine"), RUNNING)
    names = ("now", "date") if with_window else ("now",)
    more = tuple(f"more_{name}" for name in _COUNTS)
    statement = update(harvests).where(*mine).values(values).returning(columns.state)
    return Many(statement, (*names, *more, "asked", "key", "mine"))


_HARVEST, _HARVEST_AND_WINDOW = _harvest(with_window=False), _harvest(with_window=True)
_REPOSITORY = Many(
    update(repositories)
    .where(repositories.c.id == bindparam("key"))
    .values({name: repositories.c[name] + bindparam(f"more_{name}") for name in _KEPT}),
    (*(f"more_{name}" for name in _KEPT), "key"),
)


@cache
def _window(dialect: type[Dialect]) -> Many:
    row = dialect.insert(windows)
    state = {name: row.excluded[name] for name in _WINDOW[5:]}
    upsert = row.on_conflict_do_update(index_elements=list(_WINDOW_KEY), set_=state)
    return Many(upsert, _WINDOW)


@cache
def _day(dialect: type[Dialect]) -> Many:
    row = dialect.insert(days)
    sums = {name: days.c[name] + row.excluded[name] for name in _DAILY}
    upsert = row.on_conflict_do_update(index_elements=["repository_id", "day"], set_=sums)
    return Many(upsert, ("repository_id", "day", *_DAILY))


@cache
def _rule(dialect: type[Dialect]) -> Many:
    """A rule that is only taken away brings no severity: the one that is known stays."""
    row, columns = dialect.insert(broken_rules), broken_rules.c
    new = case((row.excluded.severity == NOTHING, columns.severity), else_=row.excluded.severity)
    sums = {"severity": new, "records": columns.records + row.excluded.records}
    upsert = row.on_conflict_do_update(index_elements=["repository_id", "rule"], set_=sums)
    return Many(upsert, ("repository_id", "rule", "severity", "records"))


def note_page(
    connection: Connection, dialect: Dialect, now: int, harvest_id: int, worker: str,
    counts: Counts, checkpoint: Checkpoint | None, last_request: str,
) -> bool:  # fmt: skip
    """Write how far a harvest is, renewing its lease; raises LeaseLost if it is another's.

    Returns whether a person asked the harvest to stop.
    """
    tail = (*counts.values(), mended(last_request), harvest_id, worker)
    if checkpoint is None:
        found = _HARVEST.returned(connection, (now, *tail))
    else:
        _window(type(dialect)).run(connection, [_window_row(checkpoint, now)])
        row = (now, checkpoint.response_date, *tail)
        found = _HARVEST_AND_WINDOW.returned(connection, row)
    if not found:
        raise lost(harvest_id, worker)
    return bool(found[0][0] == STOPPING)


def _window_row(point: Checkpoint, now: int) -> tuple[Any, ...]:
    return (
        point.harvest, point.set_spec, point.prefix, point.from_, point.until,
        "closed" if point.closed else "open", point.token, point.token_expires, now,
        point.response_date, point.told, point.pages, point.listed, point.reason, point.attempts,
        point.last_page or None,
    )  # fmt: skip


def note_changes(
    connection: Connection, dialect: Dialect, now: int, repository_id: int, rows: Rows,
    severities: Mapping[str, str],
) -> None:  # fmt: skip
    """Add the differences that a page made to the counts."""
    kept = tuple(rows.counts[name] for name in _KEPT)
    daily = tuple(rows.counts[name] for name in _DAILY)
    rules = [
        (repository_id, rule, severities.get(rule, ""), number)
        for rule, number in sorted(rows.rules.items())
        if number
    ]
    if any(kept):
        _REPOSITORY.run(connection, [(*kept, repository_id)])
    if any(daily):
        _day(type(dialect)).run(connection, [(repository_id, now // DAY_SECONDS, *daily)])
    _rule(type(dialect)).run(connection, rules)
