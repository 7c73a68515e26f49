"""Values of fields: years, days, identifiers and terms, from text. None is what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from app.datacite import completeness, identifiers, vocabularies
from app.datacite.rights import ACCESS
from app.datacite.rules import RULES
from app.query.fields import COPIES, OBJECT, STATES
from app.query.normal import named, normal, organisation, person
from app.query.terms import LINKED
from app.query.tree import Days, Doi, Exact, Identifier, Years

_YEARS = re.compile(r"(?:(?P<only>[0-9]{4})|(?P<first>[0-9]{4})?\.\.(?P<last>[0-9]{4})?)")
_DAY = re.compile(
    "([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})Z)?)?)?"
)
_NAME = re.compile("[a-z0-9][a-z0-9-]{0,62}")
_SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*")
_DOI_BEGINS = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:)?(10\.[0-9].*)", re.I | re.S)
_ROUNDS = 8

NO_YEAR = "A year has four digits, or a range such as 2010..2015."
NO_DAY = "That is not a date."
NO_VALUE = "There is no value here."
NO_DOI = "That is not a DOI; one looks like 10.5072/abc, the beginning of some like 10.5072/*."
REVERSED = "The range ends before it begins."
Wrong = str
"""A sentence that says what is wrong with a value."""


def years(text: str) -> Years | Wrong:
    """Read a year or a range of years."""
    found = _YEARS.fullmatch(text)
    if found is None or text == "..":
        return NO_YEAR
    first, last = (found["only"] or found[side] for side in ("first", "last"))
    if first and last and first > last:
        return REVERSED
    return Years(int(first) if first else None, int(last) if last else None)


def days(field: str, text: str) -> Days | Wrong:
    """Read a day, a month, a year, a second, or a range of them."""
    first, dots, last = text.partition("..")
    if not dots:
        last = first
    if not (first or last):
        return NO_DAY
    begin, end = (span(side) if side else None for side in (first, last))
    if (first and begin is None) or (last and end is None):
        return NO_DAY
    if begin and end and begin[0] > end[1]:
        return REVERSED
    return Days(field, first, last)


def span(text: str) -> tuple[int, int] | None:
    """Return the first and the last second of a day, month, year or second, since 1970, UTC."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    given = [int(part) for part in found.groups() if part is not None]
    try:
        year, month, day, *rest = (*given, 1, 1)[: max(3, len(given))]
        hour, minute, second = rest or (0, 0, 0)
        begin = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        first = int(begin.timestamp())
        return first, first + _length(begin, len(given)) - 1
    except (ValueError, OverflowError):
        return None


def _length(begin: datetime, parts: int) -> int:
    """Return how many seconds a moment written with so many parts goes on."""
    if parts > 3:
        return 1
    if parts == 3:
        return 86_400
    if parts == 2:
        after = (begin + timedelta(days=31)).replace(day=1)
        return int((after - begin).total_seconds())
    leap = begin.year % 4 == 0 and (begin.year % 100 != 0 or begin.year % 400 == 0)
    return (366 if leap else 365) * 86_400


def doi(text: str) -> Doi | None:
    """Read a DOI in any form; read once more, it stays as it is."""
    name = identifiers.doi(text)
    for _ in range(_ROUNDS):
        again = identifiers.doi(name) if name else None
        if again is None:
            return None
        if again == name:
            return Doi(name)
        name = again
    return None


def beginning_of_dois(text: str) -> Doi | None:
    """Read the beginning of a DOI, without its star."""
    found = _DOI_BEGINS.fullmatch(text)
    return Doi(found[1].lower(), open=True) if found else None


def identifier(text: str) -> Doi | Identifier:
    """Read any identifier: a DOI by its name, any other as it stands."""
    return doi(text) or Identifier(text)


def exact(field: str, text: str) -> Exact | Wrong:
    """Read a value that a field has as it stands; says so where it can have no such value."""
    if not text.strip():
        return NO_VALUE
    if field == "relation":
        term = vocabularies.match("relationType", text)
        return Exact(field, term.term) if term.term else "There is no such relation."
    text = normal(field, text)
    if field not in _FITS:
        return Exact(field, text) if text else NO_VALUE
    fits, wrong = _FITS[field]
    return Exact(field, text) if fits(text) else wrong


def whole(field: str, text: str, *, named_only: bool) -> Exact | None:
    """Read a whole value of a field of words; named_only: only if it is an identifier."""
    if named_only and not named(field, text):
        return None
    value = normal(field, text)
    return Exact(field, value) if value else None


def general_type(text: str) -> Exact | None:
    """Read a general type, whatever its case."""
    term = vocabularies.match("resourceTypeGeneral", text)
    return Exact("type", term.term) if term.term and term.how in ("exact", "blind") else None


def _one_of(what: str, values: Iterable[str]) -> tuple[Callable[[str], object], Wrong]:
    there = tuple(values)
    return there.__contains__, f"{what} is one of {', '.join(there)}."


_NO_PROPERTY = "There is no such property; one is creators.orcid."
_NO_ORCID = "That is not an ORCID; one looks like 0000-0001-5109-3700."
_NO_ROR = "That is not a ROR id; one looks like 05gq02987."
_FITS: Mapping[str, tuple[Callable[[str], object], Wrong]] = {
    "has": (completeness.BITS.__contains__, _NO_PROPERTY),
    "missing": (completeness.BITS.__contains__, _NO_PROPERTY),
    "orcid": (person, _NO_ORCID),
    "ror": (organisation, _NO_ROR),
    "affiliation": (organisation, _NO_ROR),
    "quality": _one_of("The quality", completeness.BANDS),
    "access": _one_of("The access", (*ACCESS, "none")),
    "object": _one_of("The object", OBJECT),
    "copies": _one_of("The copies", COPIES),
    "linked": _one_of("What is linked", (*LINKED, "none")),
    "repository": (
        _NAME.fullmatch,
        "A repository is named by its short name, such as `reef`.",
    ),
    "set": (_SPEC.fullmatch, "A set is named by its setSpec, such as type:Dataset."),
    "state": _one_of("A state", STATES),
    "problem": (RULES.__contains__, "There is no such rule; `garnery problems` lists them."),
}
