"""Reads days that are written in numbers.

A day and a month are told apart only where the form or the numbers leave no doubt, and a day the
calendar does not have is cut to its month, a month to its year.
"""

from __future__ import annotations

import re
from calendar import monthrange

from msgspec import Struct


class Found(Struct, frozen=True):
    """A date read. exact: nothing was lost or interpreted. rule: the problem to report, if any."""

    date: str
    exact: bool = True
    rule: str | None = None


REPAIRED, CALENDAR, ORDER = "date.repaired", "date.calendar", "date.order"

_ISO = re.compile(
    r"(-?[0-9]{4,12})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)"
    r" ?(Z|z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?)?)?"
)
_ZONED_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?")
_COMPACT = re.compile(
    r"([0-9]{4})([0-9]{2})(?:([0-9]{2})(?:[Tt]?([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?)?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[./-]([0-9]{4})")
_UNDECIDED = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_SHORT_END = re.compile(r"([0-9]{2})([0-9]{2}) ?[-–/] ?([0-9]{2})")


def iso(text: str) -> Found | None:
    """D1, D2, D3: ISO 8601, with a time of day or without."""
    match = _ISO.fullmatch(text)
    if match is None:
        zoned = _ZONED_DAY.fullmatch(text)
        return calendar(zoned[1], zoned[2], zoned[3], REPAIRED) if zoned else None
    year, month, day, clock, zone = match.groups()
    if (len(year) > 4 and year[0] != "-") or (year[0] == "-" and len(year) < 5):
        return None
    if month is not None and day is None and not 0 < int(month) < 13 and _SHORT_END.fullmatch(text):
        return _short_end(text)
    found = calendar(year, month, day)
    if found is None or clock is None or not found.exact:
        return found
    if not _CLOCK.fullmatch(clock):
        return Found(found.date, exact=False, rule=REPAIRED)
    return Found(f"{found.date}T{clock.replace(',', '.')}{_zone(zone)}")


def _zone(zone: str | None) -> str:
    if not zone or zone[0] not in "+-":
        return "Z" if zone else ""
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def calendar(
    year: str, month: str | None, day: str | None, rule: str | None = None
) -> Found | None:
    """D3: keep as much of a day as the calendar has. Year 0000 and 9999 are no years."""
    if year in ("0000", "9999") or int(year) == 0:
        return None
    if month is None:
        return Found(year, rule=rule)
    if not 0 < int(month) < 13:
        return Found(year, exact=False, rule=CALENDAR)
    date = f"{year}-{int(month):02}"
    if day is None:
        return Found(date, rule=rule)
    if not 0 < int(day) <= _days(int(year), int(month)):
        return Found(date, exact=False, rule=CALENDAR)
    return Found(f"{date}-{int(day):02}", rule=rule)


def _days(year: int, month: int) -> int:
    """Return the days of a month; years before 1 repeat every 400 like all others."""
    return monthrange(year % 400 + 400, month)[1]


def _short_end(text: str) -> Found | None:
    """D9: `YYYY-YY`, a range when YY can be no month and no season and lies after the year."""
    match = _SHORT_END.fullmatch(text)
    if match is None:
        return None
    century, year, end = match.groups()
    if 20 < int(end) < 25 and "-" in text:
        return Found(century + year, exact=False, rule=REPAIRED)
    if int(end) > 12 and int(end) > int(year):
        return Found(f"{century}{year}/{century}{end}", exact=False, rule=REPAIRED)
    return calendar(century + year, end, None)


def numeric(text: str) -> Found | None:
    """D4 to D7: days written in numbers only."""
    if not text.isascii() or (text[-1].isalpha() and text[-1] not in "Zz"):
        return None
    return _compact(text) or _year_first(text) or _day_first(text) or _undecided(text)


def _compact(text: str) -> Found | None:
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    if not 1000 <= int(year) <= 2100 or int(month) > 12 or (day is None and month == "00"):
        return None
    found = calendar(year, month, day, REPAIRED)
    if hour is None or found is None or not found.exact:
        return found
    clock = f"{hour}:{minute}:{second}"
    if not _CLOCK.fullmatch(clock):
        return Found(found.date, exact=False, rule=REPAIRED)
    return Found(f"{found.date}T{clock}{zone}", rule=REPAIRED)


def _year_first(text: str) -> Found | None:
    match = _YEAR_FIRST.fullmatch(text)
    if match is None:
        return None
    year, mark, month, day = match.groups()
    if day is not None or len(month) == 1 or mark == "-":
        return calendar(year, month, day, REPAIRED)
    number, short = int(month), int(year[2:])
    if mark == "." or (number <= 12 and number < short) or month[0] == "0":
        return calendar(year, month, None, REPAIRED)
    return _short_end(text) if number > 12 else Found(year, exact=False, rule=REPAIRED)


def _day_first(text: str) -> Found | None:
    match = _DAY_FIRST.fullmatch(text)
    if match is not None:
        day, month, year = match.groups()
        return calendar(year, month, day, REPAIRED)
    match = _MONTH_FIRST.fullmatch(text)
    if match is not None and 0 < int(match[1]) < 13:
        return calendar(match[2], match[1], None, REPAIRED)
    return None


def _undecided(text: str) -> Found | None:
    """D7: day and month can only be told apart when one is above twelve, or both are equal."""
    match = _UNDECIDED.fullmatch(text)
    if match is None:
        return None
    one, _, two, year = match.groups()
    if int(one) > 12 or int(one) == int(two):
        return calendar(year, two, one, REPAIRED)
    if int(two) > 12:
        return calendar(year, one, two, REPAIRED)
    found = calendar(year, None, None)
    return Found(year, exact=False, rule=REPAIRED) if found else None


def sort_key(date: str) -> tuple[int, str]:
    """Return year and rest of a date or of a range's beginning, to order dates by."""
    start = date.partition("/")[0] or date[1:]
    year, _, rest = start[1:].partition("-") if start.startswith("-") else start.partition("-")
    number = int(year.partition("T")[0])
    return (-number if start.startswith("-") else number), rest
