"""Reads one text as a date: its forms in order, the first that fits.

A form either tells the date without doubt or keeps less of it (the month, the year); nothing is
completed from today's date.
"""

from __future__ import annotations

import re

from app.datacite.date_numbers import (
    CALENDAR,
    ORDER,
    REPAIRED,
    Found,
    calendar,
    iso,
    numeric,
    sort_key,
)
from app.datacite.date_words import FILLERS, MONTHS, NO_DATE, PRESENT, ROMAN
from app.datacite.text import is_null

LONGEST = 120
"""A longer text is no date in any form; at most it names a year."""

_WORDS = re.compile(r"[^\W\d_]+|[0-9]+")
_FOREIGN = re.compile(r"[^\w\s.,/'’ºª°-]")
_BETWEEN = re.compile(
    r"(?:between|from|zwischen|von|entre|depuis|de|desde|tra|fra|dal|da|tussen|van) (.+?)"
    r" (?:and|to|until|till|und|bis|et|à|au|y|a|al|e|en|tot) (.+)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r" (?:-|–|—|to|until|till|through|bis|à|a|al|até|tot|t/m) | ?(?:[–—]|\.\.) ?", re.IGNORECASE
)
_UNSPECIFIED = re.compile(r"(-?[0-9]{4})(?:-([0-9]{2}))?(?:-(?:XX|xx|UU|uu|\?\?)){1,2}")
_DECADE = re.compile(r"(?:the )?([0-9]{3})(?:[Xxu?*]|-\??|0['’]?s|0er(?: jahre)?)", re.IGNORECASE)
_HUNDRED = re.compile(r"(?:the )?([0-9]{2})(?:XX|xx|uu|\?\?|--\??|00['’]?s)")
_ORDINAL = r"(?:st|nd|rd|th|de|ste|ème|eme|e|º|°|\.)?"
_CENTURY = re.compile(
    r"(?:(?:the|le|il|early|mid|late|end of(?: the)?|anfang|mitte|ende|début|fin)[ -])?"
    rf"(?:([0-9]{{1,2}}|[ivx]{{1,5}}){_ORDINAL} ?(?:[-–/]|to|bis) ?)?"
    rf"([0-9]{{1,2}}|[ivx]{{1,5}}){_ORDINAL}[ -]?"
    r"(?:century|centuries|cent\.|jahrhunderts?|jh\.|jhd?t?\.|siècles?|siecles?|eeuw|secolo|sec\.)"
    r"( ?(?:b\.?c\.?(?:e\.?)?|v\. ?chr\.))?",
    re.IGNORECASE,
)
_CENTURY_AFTER = re.compile(r"(?:siglo|século|seculo|secolo|s\.|sec\.) ([ivx]{1,5})", re.IGNORECASE)
_BEFORE = re.compile(
    r"([0-9]{1,6}) ?(?:b\. ?c\. ?(?:e\.)?|bce?|v\. ?chr\.?|v\. ?u\. ?z\.|a\. ?c\.|av\. ?j\.?-?c\.)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:(?:ad|a\. ?d\.) ?([0-9]{1,4})|([0-9]{1,4}) ?(?:ad|a\. ?d\.|ce|c\. ?e\.|n\. ?chr\.))",
    re.IGNORECASE,
)
_CLOCK_AFTER = re.compile(
    r"(.*[0-9])(?:,? |T)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?: ?(?:[ap]\.?m\.?|Z|[A-Z]{3,4}|[+-][0-9]{2}:?[0-9]{2}))?",
    re.IGNORECASE,
)
_FRONT = re.compile(
    r"(?:[\[(<©℗]|\(c\)|c(?=[0-9 .])\.?|ca(?=[0-9 .])\.?|cca\.?|circa|cop\.|copyright|approx\."
    r"|approximately|about|around|um|etwa|vers|hacia|ungefähr|p(?=[0-9]))\s*",
    re.IGNORECASE,
)
_EARLY = re.compile("([1-9][0-9]{2}) ?[-–] ?([1-9][0-9]{3})")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


def find(text: str, latest: int) -> Found | None:
    """Return the date a text is, by the first form that fits, or None."""
    text = " ".join(text.split())
    if is_null(text) or text.casefold() in NO_DATE:
        return None
    if len(text) > LONGEST:
        return _only_year(text, latest)
    return _formal(text) or _decorated(text) or _only_year(text, latest)


def _formal(text: str) -> Found | None:
    """Read the forms that take the whole text."""
    return _single(text) or _range(text)


def _single(text: str) -> Found | None:
    """Read one date, or what stands for one, without looking for a range."""
    if not text:
        return None
    first = text[0]
    if first.isdigit() or first == "-":
        found = iso(text) or numeric(text) or _vague(text)
        if found is not None:
            return found
    return _named(text) or _century(text) or _era(text)


def _named(text: str) -> Found | None:
    """D8: a month by its name, a year of four digits, a day or none, and nothing else."""
    if _FOREIGN.search(text):
        return None
    month = day = year = None
    for word in _WORDS.findall(text.casefold()):
        if word.isdecimal():
            if len(word) == 4 and year is None:
                year = word
            elif len(word) <= 2 and day is None:
                day = word
            else:
                return None
        elif word in MONTHS and month is None:
            month = MONTHS[word]
        elif word not in FILLERS:
            return None
    if month is None or year is None:
        return None
    return calendar(year, f"{month:02}", day, REPAIRED)


def _vague(text: str) -> Found | None:
    """D12: decades, centuries, days and months left open."""
    match = _UNSPECIFIED.fullmatch(text)
    if match is not None:
        found = calendar(match[1], match[2], None)
        return Found(found.date, exact=False, rule=REPAIRED) if found else None
    match = _HUNDRED.fullmatch(text)
    if match is not None:
        return _span(f"{match[1]}00", f"{match[1]}99")
    match = _DECADE.fullmatch(text)
    return _span(f"{match[1]}0", f"{match[1]}9") if match else None


def _span(start: str, end: str) -> Found:
    return Found(f"{start}/{end}", exact=False, rule=REPAIRED)


def _century(text: str) -> Found | None:
    """D13: centuries by their number, one or from one to another."""
    match = _CENTURY.fullmatch(text)
    if match is not None:
        first, last, before = match.groups()
    else:
        match = _CENTURY_AFTER.fullmatch(text)
        if match is None:
            return None
        first, last, before = None, match[1], None
    start, end = _century_number(first or last), _century_number(last)
    if not (0 < start < 22 and 0 < end < 22):
        return None
    if before:
        return _span(_astronomical(start * 100), _astronomical(end * 100 - 99))
    return _span(f"{start * 100 - 99:04}", f"{end * 100:04}")


def _century_number(word: str) -> int:
    return int(word) if word.isdecimal() else ROMAN.get(word.lower(), 0)


def _era(text: str) -> Found | None:
    """D14: years before and after Christ."""
    match = _BEFORE.fullmatch(text)
    if match is not None:
        return (
            Found(_astronomical(int(match[1])), exact=False, rule=REPAIRED)
            if int(match[1]) > 1
            else None
        )
    match = _AFTER.fullmatch(text)
    year = int(match[1] or match[2]) if match else 0
    return Found(f"{year:04}", exact=False, rule=REPAIRED) if year else None


def _astronomical(before: int) -> str:
    """Return the year that many years before Christ: 1 BC is the year 0."""
    return f"-{before - 1:04}" if before > 1 else "0001"


def _range(text: str) -> Found | None:
    """D9, D10: two dates, or one with an open end."""
    sides = _sides(text)
    if sides is None:
        return None
    start, end = (_side(side) for side in sides)
    if start is None or end is None or not (start.date or end.date):
        return None
    first, last = start.date.partition("/")[0], end.date.rpartition("/")[2]
    exact = start.exact and end.exact and "/" in text and not (start.rule or end.rule)
    exact = exact and not any(side.casefold() in PRESENT and side != ".." for side in sides)
    if first and last and _after(first, last):
        return Found(f"{last}/{first}", exact=False, rule=ORDER)
    rule = CALENDAR if CALENDAR in (start.rule, end.rule) else None if exact else REPAIRED
    return Found(f"{first}/{last}", exact=exact, rule=rule)


def _sides(text: str) -> tuple[str, str] | None:
    """Split a text at the one place that can part a range."""
    if text.count("/") == 1 and " t/m " not in text:
        start, _, end = text.partition("/")
        return start.strip(), end.strip()
    match = _EARLY.fullmatch(text)
    if match is not None:
        return f"0{match[1]}", match[2]
    match = _BETWEEN.fullmatch(text)
    if match is not None:
        return match[1], match[2]
    if text[-1] == "-" and text.count("-") in (1, 3):
        return text[:-1].rstrip(), ""
    parts = _SEPARATOR.split(text)
    if len(parts) == 2:
        return parts[0], parts[1]
    hyphens = text.split("-")
    middle = len(hyphens) // 2
    if len(parts) > 1 or len(hyphens) % 2 or not middle:
        return None
    start, end = "-".join(hyphens[:middle]), "-".join(hyphens[middle:])
    if min(len(start), len(end)) < 4 or (len(end) == 4 and end[0] == "0"):
        return None
    return start.strip(), end.strip()


def _side(text: str) -> Found | None:
    if not text or text.casefold() in PRESENT:
        return Found("")
    found = _single(text)
    if found is None:
        bare = _undecorated(text)
        found = _single(bare) if bare != text else None
        return Found(found.date, exact=False, rule=REPAIRED) if found else None
    return found


def _after(one: str, other: str) -> bool:
    """Whether a date begins after another ends, as far as both are told."""
    first, second = sort_key(one), sort_key(other)
    if first[0] != second[0]:
        return first[0] > second[0]
    shared = min(len(first[1]), len(second[1]))
    return first[1][:shared] > second[1][:shared]


def _decorated(text: str) -> Found | None:
    """D11: a date with signs of doubt, circa, copyright, brackets, or a time of day around it."""
    bare = text.strip("[]()<>{} ")
    found = _formal(bare) if bare and bare != text else None
    if found is None:
        bare = _undecorated(text)
        found = _formal(bare) if bare and bare != text else None
    if found is None:
        return None
    rule = found.rule if found.rule in (CALENDAR, ORDER) else REPAIRED
    return Found(found.date, exact=False, rule=rule)


def _undecorated(text: str) -> str:
    for _ in range(8):
        before = text
        front = _FRONT.match(text)
        text = text[front.end() :] if front else text
        text = text.rstrip("?~%])>.,;: ").lstrip()
        clock = _CLOCK_AFTER.fullmatch(text)
        text = clock[1] if clock else text
        if text == before:
            break
    return text


def _only_year(text: str, latest: int) -> Found | None:
    """D17: the one year that can be meant."""
    years = {year for year in _YEAR.findall(text) if 1000 <= int(year) <= latest}
    return Found(years.pop(), exact=False, rule=REPAIRED) if len(years) == 1 else None
