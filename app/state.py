"""The state of a member repository, in one word, from what its row says and the present moment.

Pure: the caller passes `now`. Pages, the command line and alerts all ask here.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from app.errors import ConfigurationError
from app.schedule import upcoming
from app.store.values import Repository

STATES = ("held", "failing", "late", "new", "ok", "paused")
"""Every state, worst first: the order of overviews."""

FAILURES = 2
"""Harvests in a row without a whole one that make a repository `failing`."""
SHORTEST_LATENESS = timedelta(hours=6)
NEXT_TIMES = 5

_DURATION = re.compile(r"(\d+)\s*([smhdw])")
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DAY = timedelta(days=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def repository_state(repository: Repository, now: datetime) -> str:
    """Return `held`, `paused`, `failing`, `late`, `new` or `ok`, the first of them that holds."""
    if repository.held:
        return "held"
    if repository.paused:
        return "paused"
    if repository.failures >= FAILURES:
        return "failing"
    if now - _last_sign(repository, now) > lateness(repository.every):
        return "late"
    return "ok" if repository.last_whole_at else "new"


def behind(repository: Repository, now: datetime) -> timedelta | None:
    """Return by how much the next whole harvest is overdue; None when it is not."""
    due = now - _last_sign(repository, now) - interval(repository.every)
    return due if due > timedelta(0) else None


def worst_first(repository: Repository, now: datetime) -> tuple[int, datetime, str]:
    """Return a sorting key: the worst state first, in it who waits longest, then by name."""
    state = repository_state(repository, now)
    return STATES.index(state), repository.last_whole_at or _BEGINNING, repository.name


def next_times(repository: Repository) -> tuple[datetime, ...]:
    """Return the next times at which a repository is harvested if each harvest is whole.

    None of a paused one, of one without a schedule, of one whose schedule cannot be read.
    """
    first = repository.next_harvest_at
    if repository.paused or first is None:
        return ()
    quiet = repository.options.quiet_hours or ""
    try:
        return upcoming(repository.every, first, NEXT_TIMES, name=repository.name, quiet=quiet)
    except ConfigurationError:  # of an older version
        return (first,)


def lateness(every: str) -> timedelta:
    """Return the time without a whole harvest after which a repository is late."""
    return max(2 * interval(every), SHORTEST_LATENESS)


def interval(every: str) -> timedelta:
    """Return the longest time between two harvests that `6h`, `1d` or cron text asks for.

    Cron text is judged by its fields only: the one that is restricted most coarsely decides.
    """
    duration = _DURATION.fullmatch(every.strip())
    if duration:
        return int(duration[1]) * _UNITS[duration[2]]
    fields = every.strip().removeprefix("cron").strip().strip("\"'").split()
    return _cron_interval(fields[:5]) if len(fields) in (5, 6) else _DAY


def _cron_interval(fields: list[str]) -> timedelta:
    minute_and_hour, (day, month, weekday) = fields[:2], fields[2:]
    if month != "*":
        return timedelta(days=366)
    if day != "*":
        return timedelta(days=31)
    if weekday != "*":
        return timedelta(days=7)
    return _DAY if minute_and_hour[1].isdigit() else _step(minute_and_hour[1])


def _step(hour: str) -> timedelta:
    step = re.fullmatch(r"\*/(\d+)", hour)
    if step:
        return int(step[1]) * timedelta(hours=1)
    return timedelta(hours=1) if hour == "*" else _DAY


def _last_sign(repository: Repository, now: datetime) -> datetime:
    if not repository.base_url:
        return now  # it is filled by imports, and never due
    return repository.last_whole_at or repository.created_at or now
