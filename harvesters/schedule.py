"""When a repository is harvested next: intervals (`6h`, `1d`) and cron text, in UTC.

Pure: nothing here asks for the time. Cron text is translated here, since the libraries disagree
about it (Sunday is 0 and 7; day of month *or* day of week as soon as both are restricted).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from app.errors import ConfigurationError

UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=3660)
SPREAD = 0.10
LONGEST_SPREAD = timedelta(minutes=30)

_INTERVAL = re.compile(r"(\d{1,5})\s*([mhdw])")
_SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_HORIZON = 366 * 9
"""Days after which the next Feb 29 has certainly come, also across a year such as 2100."""


class Field(Struct, frozen=True):
    """One of the five fields of cron text: what it is called, its range, its names."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int:
        """Return the number that a digit string or name means."""
        if text.lower() in self.names:
            return self.names.index(text.lower()) + self.low
        if not text.isascii() or not text.isdigit() or not self.low <= int(text) <= self.high:
            known = f" or {self.names[0]}–{self.names[-1]}" if self.names else ""
            raise ConfigurationError(
                f"`{text}` is no {self.name}; it must be {self.low}–{self.high}{known}."
            )
        return int(text)


FIELDS = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day of the month", 1, 31),
    Field("month", 1, 12, tuple(_MONTHS)),
    Field("day of the week", 0, 7, tuple(_DAYS)),
)


class Interval(Struct, frozen=True):
    """So much time between the end of a harvest and the next one."""

    length: timedelta


class Cron(Struct, frozen=True):
    """The moments that cron text names."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    either: bool
    """Day of month and day of week are both restricted: one of them suffices."""

    def on(self, day: datetime) -> bool:
        """Tell whether the text names this day."""
        if day.month not in self.months:
            return False
        by_date, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_date or by_weekday if self.either else by_date and by_weekday


def parse_every(text: str) -> Interval | Cron:
    """Read `30m`, `6h`, `1d`, `2w`, or five fields of cron text; raises ConfigurationError."""
    stripped = text.strip()
    found = _INTERVAL.fullmatch(stripped)
    if found:
        return _interval(stripped, int(found[1]) * UNITS[found[2]])
    fields = _SHORTHANDS.get(stripped.lower(), stripped).split()
    if len(fields) != len(FIELDS):
        raise ConfigurationError(
            f"`{text}` is no interval such as 6h, 1d or 7d, and no cron text of five fields "
            "such as `30 4 * * sun`."
        )
    return _cron(text, fields)


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


def _cron(text: str, fields: list[str]) -> Cron:
    minutes, hours, days, months, weekdays = (
        frozenset(_values(field, part)) for field, part in zip(FIELDS, fields, strict=True)
    )
    plan = Cron(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=days,
        months=months,
        weekdays=frozenset(day % 7 for day in weekdays),
        either=not fields[2].startswith("*") and not fields[4].startswith("*"),
    )
    if not plan.either and all(min(days) > _LONGEST_MONTH[month - 1] for month in months):
        raise ConfigurationError(f"`{text}` never comes: no such month has a day {min(days)}.")
    return plan


def _values(field: Field, text: str) -> Iterator[int]:
    for part in text.split(","):
        yield from _range(field, part)


def _range(field: Field, text: str) -> range:
    """Return the numbers of `*`, `4`, `1-5`, `*/15` or `10-40/5`."""
    span, slash, step_text = text.partition("/")
    step = int(step_text) if step_text.isascii() and step_text.isdigit() else 0
    if slash and step < 1:
        raise ConfigurationError(f"`{text}` has no step after its stroke; write `*/15`.")
    first, dash, last = span.partition("-")
    if span == "*":
        low, high = field.low, min(field.high, 6) if field.names == tuple(_DAYS) else field.high
    elif dash:
        low, high = field.number(first), field.number(last)
    elif slash:
        raise ConfigurationError(f"`{text}` has a step without a range; write `{span}-…/{step}`.")
    else:
        low = high = field.number(span)
    if low > high:
        raise ConfigurationError(f"`{text}` runs backwards; write two ranges with a comma.")
    return range(low, high + 1, step or 1)


def _steps(plan: Cron, after: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Yield the moments of a plan after a moment, each with the time to the next one."""
    moments = _moments(plan, after)
    moment = next(moments, None)
    while moment is not None:
        following = next(moments, None)
        yield moment, following - moment if following else timedelta(_HORIZON)
        moment = following


def _moments(plan: Cron, after: datetime) -> Iterator[datetime]:
    """Yield the moments of a plan after a moment, as far as the horizon."""
    start = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    midnight = start.replace(hour=0, minute=0)
    for ahead in range(_HORIZON):
        day = midnight + timedelta(days=ahead)
        if not plan.on(day):
            continue
        for hour in plan.hours:
            for minute in plan.minutes:
                moment = day.replace(hour=hour, minute=minute)
                if moment >= start:
                    yield moment
