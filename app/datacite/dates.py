"""Reads dates: one text, all dates of a record, and the year of publication.

Pure: what depends on today takes it as an argument. A date that cannot be told apart keeps its
year only, and the source's text stands in dateInformation.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from app.datacite.date_forms import find
from app.datacite.date_numbers import sort_key
from app.datacite.problem import Problem, problem
from app.datacite.resource import Date
from app.datacite.vocabularies import match as match_term

LATEST = 2099
"""The last year that counts as one in running text when nobody says what today is."""
CACHED = 8192
LONGEST_CACHED = 40
"""The same days stand in many records of a repository; a longer text is a date in words."""
AHEAD = 5
"""How many years ahead a publication may be announced."""


class DateReading(Struct, frozen=True, gc=False):
    """What one text says. information: the source's text where the date says less or was changed.

    rule: the problem rule to report (`date.repaired`, `date.calendar`, `date.order`,
    `date.syntax` without a date), or None.
    """

    date: str | None
    information: str | None = None
    date_type: str | None = None
    rule: str | None = None


_PLAIN = re.compile(
    r"(?!0000|9999)[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1[0-9]|2[0-8])"
    r"(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)
_EMBARGO = re.compile("info:eu-repo/date/embargoEnd/", re.IGNORECASE)
_LABEL = re.compile(r"([^\W\d_]+(?:[ _-][^\W\d_]+){0,2}) ?[:=] ?(.+)", re.DOTALL)


def read_date(text: str, *, latest: int = LATEST) -> DateReading:
    """Read one text as a date or a range; never raises. latest: the last year running text has."""
    if _PLAIN.fullmatch(text):
        return DateReading(text)
    return _read_cached(text, latest) if len(text) <= LONGEST_CACHED else _read(text, latest)


def _read(text: str, latest: int) -> DateReading:
    text = text.strip()
    embargo = _EMBARGO.match(text) if text[:5].lower() == "info:" else None
    if embargo is not None:
        return _typed(text[embargo.end() :].strip(), "Available", latest)
    if text[:1].isalpha() and (":" in text or "=" in text):
        label = _LABEL.fullmatch(text)
        term = match_term("dateType", label[1]).term if label else None
        if label is not None and term is not None:
            return _typed(label[2].strip(), term, latest)
    return _typed(text, None, latest)


_read_cached = lru_cache(maxsize=CACHED)(_read)


def _typed(text: str, date_type: str | None, latest: int) -> DateReading:
    found = find(text, latest)
    if found is None:
        return DateReading(None, None, date_type, "date.syntax" if text else None)
    return DateReading(found.date, None if found.exact else text, date_type, found.rule)


def read_dates(
    texts: Iterable[str], today: datetime.date, *, days_only: bool = False
) -> tuple[tuple[Date, ...], tuple[Problem, ...]]:
    """Read all dates of a record that has no types for them, typed in a fixed order.

    days_only: the format cuts times off, so a day that occurs twice is the repository's own.
    Problems point at `/dates`.
    """
    readings, problems, latest = [], [], today.year + AHEAD
    for text in texts:
        reading = read_date(text, latest=latest)
        if reading.rule is not None:
            problems.append(problem(reading.rule, "/dates", text))
        if reading.date is not None:
            readings.append(reading)
    if len(readings) < 2:
        return tuple(map(_alone, readings)), tuple(problems)
    return _sorted_out(readings, today.isoformat(), days_only=days_only), tuple(problems)


def _sorted_out(
    readings: Sequence[DateReading], today: str, *, days_only: bool
) -> tuple[Date, ...]:
    typed: list[Date] = []
    ranges: list[DateReading] = []
    stamps: list[str] = []
    short: list[DateReading] = []
    for reading in readings:
        text = reading.date or ""
        if reading.date_type:
            typed.append(_date(reading, reading.date_type))
        elif "/" in text:
            ranges.append(reading)
        elif "T" in text:
            stamps.append(text[:10])
        else:
            short.append(reading)
    if days_only and not stamps:
        stamps, short = _repeated(short)
    short = _most_precise(short, typed)
    dates = typed + _shorts(short, today, issued=_has(typed, "Issued"))
    dates += _stamps(stamps, dates)
    if ranges:
        dates += _ranges(ranges, issued=_has(dates, "Issued"))
    return tuple(dict.fromkeys(dates))


def _alone(reading: DateReading) -> Date:
    """A date that stands alone is the date of issue; of a stamp it is the day."""
    text = reading.date or ""
    if not reading.date_type and "T" in text and "/" not in text:
        return Date(text[:10], "Issued")
    return _date(reading, reading.date_type or "Issued")


def _date(reading: DateReading, date_type: str | None) -> Date:
    return Date(reading.date or "", date_type or "Other", reading.information)


def _has(dates: Iterable[Date], date_type: str) -> bool:
    return date_type in [date.date_type for date in dates]


def _repeated(short: Sequence[DateReading]) -> tuple[list[str], list[DateReading]]:
    """Days that occur twice are accessioned and available, if one occurs once."""
    values = [reading.date or "" for reading in short]
    once = [reading for reading in short if values.count(reading.date or "") == 1]
    if not once:
        return [], list(short)
    return [value for value in values if values.count(value) > 1 and len(value) == 10], once


def _most_precise(short: Sequence[DateReading], typed: Sequence[Date]) -> list[DateReading]:
    """Drop what is the beginning of another date, and what is there already."""
    if len(short) < 2 and not typed:
        return list(short)
    others = [date.date for date in typed if date.date_type in YEAR_ORDER and "/" not in date.date]
    kept: dict[str, DateReading] = {}
    for reading in short:
        value = reading.date or ""
        longer = any((r.date or "").startswith(f"{value}-") for r in short)
        if not longer and not any(
            o == value or o.startswith((f"{value}-", f"{value}T")) for o in others
        ):
            kept.setdefault(value, reading)
    return list(kept.values())


def _shorts(short: Sequence[DateReading], today: str, *, issued: bool) -> list[Date]:
    """The latest that is not in the future was issued; one in the future is awaited."""
    if not short:
        return []
    past = [reading for reading in short if not is_future(reading.date or "", today)]
    if issued:
        chosen = None
    elif len(short) == 1:
        chosen = short[0]
    elif past:
        chosen = max(past, key=lambda reading: sort_key(reading.date or ""))
    else:
        chosen = min(short, key=lambda reading: sort_key(reading.date or ""), default=None)
    dates = []
    for reading in short:
        if reading is chosen:
            date_type = "Issued"
        elif reading not in past:
            date_type = "Available"
        else:
            date_type = "Other" if issued else "Created"
        dates.append(_date(reading, date_type))
    return dates


def _stamps(stamps: Sequence[str], dates: Sequence[Date]) -> list[Date]:
    """The repository's own stamps are never the date of issue beside another."""
    if not stamps:
        return []
    first, last = min(stamps), max(stamps)
    if first == last and not _has(dates, "Issued"):
        return [Date(first, "Issued")]
    found = [] if _has(dates, "Available") else [Date(first, "Available")]
    return found + ([Date(last, "Updated")] if first != last and not _has(dates, "Updated") else [])


def _ranges(ranges: Sequence[DateReading], *, issued: bool) -> list[Date]:
    """A range beside a date of issue is what the resource covers; alone it was issued."""
    return [
        _date(reading, "Coverage" if issued or place else "Issued")
        for place, reading in enumerate(ranges)
    ]


def fault(date: str) -> str | None:
    """Return the rule that a date of a Resource breaks, or None if it stands as it should."""
    reading = read_date(date)
    if reading.date is None:
        return "date.syntax"
    return None if reading.date == date else reading.rule or "date.repaired"


def is_future(date: str, today: str) -> bool:
    """Whether a date, or a range's beginning, lies after today as far as it is told."""
    start = date.partition("/")[0]
    return not start.startswith("-") and start[:10] > today[: len(start)]


YEAR_ORDER = (
    "Issued", "Available", "Copyrighted", "Created", "Submitted", "Accepted", "Updated", "Valid",
    "Other",
)  # fmt: skip
"""The types a year of publication is taken from, in this order; no other is."""


def publication_year(
    dates: Sequence[Date],
    *,
    given: int | str | None = None,
    registered: str | None = None,
    datestamp: str | None = None,
    today: datetime.date,
) -> tuple[int | None, str]:
    """Return the year of publication and how it was found.

    How: `given`, the dateType it is from, `registered`, `datestamp` (then doubtful), or `none`.
    A given year is kept even when it is implausible; 0000 and 9999 are none.
    """
    year = year_of(str(given)) if given is not None else None
    if year is not None:
        return year, "given"
    for date_type in YEAR_ORDER:
        for date in dates:
            if date.date_type == date_type:
                year = _plausible(date, today)
                if year is not None:
                    return year, date_type
    for text, how in ((registered, "registered"), (datestamp, "datestamp")):
        year = year_of(text) if text else None
        if year is not None and 1000 <= year <= today.year + AHEAD:
            return year, how
    return None, "none"


def year_of(text: str) -> int | None:
    """Return the year that a text begins with as a date, None for 0000, 9999 and years before."""
    digits = text.strip()
    if not (len(digits) == 4 and digits.isascii() and digits.isdigit()):
        start, _, end = (read_date(text).date or "").partition("/")
        digits = (start or end)[:4]
    return int(digits) if digits.isdigit() and digits not in ("0000", "9999") else None


def _plausible(date: Date, today: datetime.date) -> int | None:
    """Return a date's year if it can be one of publication; an embargo may end later."""
    year = year_of(date.date)
    if year is None or year < 1000:
        return None
    embargo = date.date_type == "Available" and is_future(date.date, today.isoformat())
    return year if embargo or year <= today.year + AHEAD else None
