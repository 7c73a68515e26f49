"""Cron text: five fields, perhaps with a time zone behind them, and the moments that they name.

Pure, and our own, since the libraries disagree (Sunday is 0 and 7; day of month *or* day of week as
soon as both are restricted). In a zone whose clock is put forward, a time of day that does not come
is kept as much later as the clock jumps; where the clock is put back, a time of day that comes
twice counts once, unless the text names every hour: then real hours count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from app.errors import ConfigurationError
from app.quiet_hours import zone_of

SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
EVERY_HOUR = 24
"""So many hours are named by a text that means real hours."""
HORIZON = 366 * 9
"""Days after which the next Feb 29 has certainly come, also across a year such as 2100."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


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
    Field("month", 1, 12, _MONTHS),
    Field("day of the week", 0, 7, _DAYS),
)


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
    zone: tzinfo = UTC
    """Whose clock the fields mean."""

    def on(self, day: date) -> bool:
        """Tell whether the text names this day."""
        if day.month not in self.months:
            return False
        by_date, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_date or by_weekday if self.either else by_date and by_weekday

    def moments(self, after: datetime) -> Iterator[datetime]:
        """Yield the moments after a moment, ascending, in UTC, as far as the horizon."""
        after = after.astimezone(UTC)
        first = after.astimezone(self.zone).date() - timedelta(days=1)
        for ahead in range(HORIZON):
            day = first + timedelta(days=ahead)
            for moment in self._of(day) if self.on(day) else ():
                if moment > after:
                    after = moment
                    yield moment

    def _of(self, day: date) -> list[datetime]:
        """Return the moments of a day of the zone; a time of day may come twice, or later."""
        times = (time(hour, minute) for hour in self.hours for minute in self.minutes)
        local = [datetime.combine(day, one, self.zone) for one in times]
        if self.zone is UTC:
            return local
        if len(self.hours) < EVERY_HOUR:
            return sorted({one.astimezone(UTC) for one in local})
        both = (one.replace(fold=fold) for one in local for fold in (0, 1))
        return sorted({one.astimezone(UTC) for one in both if _comes(one)})


def parse(text: str) -> Cron | None:
    """Read cron text, with a zone behind it or not; None if it has no five fields.

    Raises ConfigurationError for fields that mean nothing and for text that never comes.
    """
    stripped = text.strip()
    head, _, rest = stripped.partition(" ")
    fields = f"{SHORTHANDS.get(head.lower(), head)} {rest}".split()
    zone: tzinfo = UTC
    if len(fields) == len(FIELDS) + 1 and fields[-1][:1].isalpha():
        zone = zone_of(fields.pop())
    return _cron(text, fields, zone) if len(fields) == len(FIELDS) else None


def _comes(local: datetime) -> bool:
    """Tell whether a local time comes, and is not skipped by its clock."""
    again = local.astimezone(UTC).astimezone(local.tzinfo)
    return again.replace(tzinfo=None) == local.replace(tzinfo=None)


def _cron(text: str, fields: list[str], zone: tzinfo) -> Cron:
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
        zone=zone,
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
        low, high = field.low, min(field.high, 6) if field.names == _DAYS else field.high
    elif dash:
        low, high = field.number(first), field.number(last)
    elif slash:
        raise ConfigurationError(f"`{text}` has a step without a range; write `{span}-…/{step}`.")
    else:
        low = high = field.number(span)
    if low > high:
        raise ConfigurationError(f"`{text}` runs backwards; write two ranges with a comma.")
    return range(low, high + 1, step or 1)
