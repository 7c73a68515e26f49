"""Makes texts fit for a database, so that no single record can ever fail its page.

Databases take no NUL and no half of a surrogate pair, PostgreSQL indexes no very long text, and
columns of whole numbers have an end. What is mended here is seldom met and never meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from app.record import Change, Summary

LONGEST_KEY = 1000
"""Characters of a text that an index holds."""
YEARS = range(-9999, 10000)


def storable(change: Change) -> Change:
    """Return a change as it can be stored; nearly always the same."""
    if fits(_texts(change)) and _in_bounds(change):
        return change
    return structs.replace(
        change,
        identifier=mended(change.identifier),
        datestamp=mended(change.datestamp),
        source_sets=tuple(map(mended, change.source_sets)),
        sets=tuple(spec for spec in change.sets if len(spec) <= LONGEST_KEY),
        reason=mended(change.reason),
        summary=storable_summary(change.summary),
    )


def storable_summary(summary: Summary) -> Summary:
    """Return a summary as it can be stored."""
    return structs.replace(
        summary,
        **{name: mended(value) for name, value in _fields(summary)},
        doi=mended(summary.doi) if len(summary.doi) <= LONGEST_KEY else "",
        year=summary.year if summary.year in YEARS else None,
    )


def fits(text: str) -> bool:
    """Tell whether a database takes a text as it is."""
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def mended(text: str) -> str:
    """Return a text without NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _texts(change: Change) -> str:
    """Return the texts of a change in one."""
    summary = change.summary
    return (
        f"{change.identifier}{change.datestamp}{change.reason}{summary.title}{summary.creators}"
        f"{summary.type}{summary.doi}{summary.url}{''.join(change.source_sets)}"
    )


def _fields(summary: Summary) -> Iterator[tuple[str, str]]:
    for name in ("title", "creators", "type", "url"):
        yield name, getattr(summary, name)


def _in_bounds(change: Change) -> bool:
    year = change.summary.year
    return (
        (year is None or year in YEARS)
        and len(change.summary.doi) <= LONGEST_KEY
        and (not change.sets or max(map(len, change.sets)) <= LONGEST_KEY)
    )
