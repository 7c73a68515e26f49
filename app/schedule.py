"""When a repository is harvested next: intervals (`6h`, `1d`) and cron text, in UTC or in a zone.

Pure: nothing here asks for the time. Each due time is put off a little by the repository's name, a
failure brings the next try nearer at first and ever farther off, quiet hours come off at the end.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from app import cron, quiet_hours
from app.cron import Cron
from app.errors import ConfigurationError

UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=3660)
SPREAD = 0.10
LONGEST_SPREAD = timedelta(minutes=30)
FIRST_RETRY = timedelta(hours=1)
LONGEST_RETRY = timedelta(hours=24)
PATIENCE = 5
"""Failures in a row before the one after which even the tries of the schedule come more rarely."""
REFUSED = frozenset(("blocked", "http-401", "http-403", "robots-forbidden"))
"""The server does not want to be asked: one try a day."""

_INTERVAL = re.compile(r"(\d{1,5})\s*([mhdw])")


class Interval(Struct, frozen=True):
    """So much time between the end of a harvest and the next one."""

    length: timedelta


def parse_every(text: str) -> Interval | Cron:
    """Read `30m`, `6h`, `1d`, `2w`, or cron text of five fields, perhaps with a zone behind it.

    Raises ConfigurationError.
    """
    stripped = text.strip()
    found = _INTERVAL.fullmatch(stripped)
    if found:
        return _interval(stripped, int(found[1]) * UNITS[found[2]])
    plan = cron.parse(text)
    if plan is None:
        raise ConfigurationError(
            f"`{text}` is no interval such as 6h, 1d or 7d, and no cron text of five fields "
            "such as `30 4 * * sun`, with a time zone behind it or not."
        )
    return plan


def kept_for(text: str) -> timedelta:
    """Read for how long something is kept: an interval, or 0 for not at all."""
    if text.strip() == "0":
        return timedelta(0)
    plan = parse_every(text)
    if isinstance(plan, Interval):
        return plan.length
    raise ConfigurationError(f"`{text}` is no length of time; write 14d, or 0 for not at all.")


def next_harvest_at(every: str, after: datetime, *, name: str = "") -> datetime:
    """Return the first moment after `after` at which a harvest is due.

    name: the repository's; what is due is put off by up to a tenth of the time to the next one, at
    most 30 minutes, drawn from it, so that a thousand daily harvests do not begin at once.
    """
    plan = parse_every(every)
    if isinstance(plan, Interval):
        return after + plan.length + spread(plan.length, name)
    after = after.astimezone(UTC)
    for moment, length in _steps(plan, after - LONGEST_SPREAD if name else after):
        at = moment + spread(length, name)
        if at > after:
            return at
    raise ConfigurationError(f"`{every}` never comes.")


def upcoming(
    every: str, first: datetime, number: int, *, name: str = "", quiet: str = ""
) -> tuple[datetime, ...]:
    """Return the next times of a repository, the first of which is given.

    quiet: its quiet hours. They are the times of a repository whose harvests are whole and take no
    time; after a failure, and after a long harvest, others come.
    """
    found: list[datetime] = []
    while len(found) < number:
        at = first if not found else next_harvest_at(every, found[-1], name=name)
        found.append(after_quiet(quiet, at, name))
    return tuple(found)


def after_quiet(quiet: str, at: datetime, name: str) -> datetime:
    """Return when a harvest that is due can begin: at the end of quiet hours, spread over a while.

    quiet: quiet hours as `app.quiet_hours` reads them, or nothing.
    """
    until = quiet_hours.quiet_until(quiet, at)
    return at if until is None else until + spread(until - at, name)


def retry_at(every: str, failures: int, cause: str, now: datetime, *, name: str) -> datetime:
    """Return when a repository is tried again after a harvest that was not whole.

    failures: in a row before this one. The first try is after 1 h, then 2, 4, 8, 16 h; where the
    hub is refused, after a day. The schedule comes first if it is sooner, but for six failures
    only: then the time between two tries doubles. No wait is longer than a day, and no repository
    is ever left out.
    """
    if cause in REFUSED:
        return now + LONGEST_RETRY
    wait = min(FIRST_RETRY * (1 << min(failures, 10)), LONGEST_RETRY)
    scheduled = next_harvest_at(every, now, name=name) - now
    return now + min(wait, scheduled * (1 << min(max(0, failures - PATIENCE), 12)))


def delay(every: str, after: datetime, name: str) -> timedelta:
    """Return by how much the next harvest after a moment is put off."""
    plan = parse_every(every)
    if isinstance(plan, Interval):
        return spread(plan.length, name)
    at = next_harvest_at(every, after, name=name)
    steps = _steps(plan, at - LONGEST_SPREAD - SHORTEST)
    return next(at - moment for moment, length in steps if moment + spread(length, name) == at)


def spread(length: timedelta, name: str) -> timedelta:
    """Return the part of an interval by which a repository's harvests are put off."""
    if not name:
        return timedelta(0)
    drawn = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest()) / 2**32
    return timedelta(seconds=int(min(length * SPREAD, LONGEST_SPREAD).total_seconds() * drawn))


def _interval(text: str, seconds: int) -> Interval:
    length = timedelta(seconds=seconds)
    if not SHORTEST <= length <= LONGEST:
        raise ConfigurationError(f"`{text}` is no usable interval: a minute to ten years is.")
    return Interval(length)


def _steps(plan: Cron, after: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Yield the moments of a plan after a moment, each with the time to the next one."""
    moments = plan.moments(after)
    moment = next(moments, None)
    while moment is not None:
        following = next(moments, None)
        yield moment, following - moment if following else timedelta(cron.HORIZON)
        moment = following
