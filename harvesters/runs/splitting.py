"""Where a window is cut into two halves that share their boundary. Pure.

The lowest window has no `from`, the highest no `until`: estimates of the time that records span
choose where to cut, they are never sent as an outer bound.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from app import clock
from app.store.values import Window
from harvesters.answers.reading import seconds

DAY = 86400
BEGINNING = 631_152_000
"""1990-01-01: an older earliestDatestamp is not believed."""
EASY = 3
"""Windows that were read at the first go before the next ones may be twice as large."""
LONGEST = 3600.0
"""Seconds that the reading of one window may be expected to take."""

Span = tuple[str, str]
"""`from` and `until`; an empty one is open."""


class Estimates(Struct, frozen=True):
    """Between which moments the datestamps of a repository are thought to lie, in seconds."""

    low: int
    high: int


def estimates(earliest: str, oldest_seen: int | None, now: int) -> Estimates:
    """Return the estimates that a repository's earliestDatestamp and its clock give.

    oldest_seen: the oldest datestamp that came, for repositories that do not tell the truth.
    """
    for low in (seconds(earliest), oldest_seen):
        if low is not None and BEGINNING <= low < now:
            return Estimates(low, now)
    return Estimates(BEGINNING, now)


def halves(
    span: Span, around: Estimates, *, fine: bool, middle: int | None = None
) -> tuple[Span, Span] | None:
    """Return the two halves of a window, the older one first; None where it cannot be halved.

    fine: the repository tells seconds apart. Days are cut first. middle: the moment in the middle
    of the records that came, if that is known better than from the estimates. Two halves overlap
    at their boundary, so that a server which takes `until` as exclusive loses no record.
    """
    at = cut(span, around, fine=fine, middle=middle)
    if at is None:
        return None
    boundary = clock.text(at) if _in_seconds(span, fine=fine) else clock.text(at)[:10]
    return (span[0], boundary), (boundary, span[1])


def cut(span: Span, around: Estimates, *, fine: bool, middle: int | None = None) -> int | None:
    """Return the moment at which a window is halved, in seconds; None where it cannot be."""
    low, high = _ends(span, around)
    if low is None or high is None:
        return None
    if middle is None or not low < middle < high:
        middle = (low + high) // 2
    first, last = low // DAY + 1, (high - 1) // DAY
    if first <= last:
        return min(max((middle + DAY // 2) // DAY, first), last) * DAY
    return middle if _in_seconds(span, fine=fine) and low < middle < high else None


def is_within_a_day(span: Span) -> bool:
    """Tell whether a window has both its bounds, and no midnight between them."""
    low, high = seconds(span[0]), seconds(span[1])
    return low is not None and high is not None and high - low <= DAY


def _ends(span: Span, around: Estimates) -> tuple[int | None, int | None]:
    """Return where a window is thought to begin and end; an open end lies a little further out."""
    low, high = seconds(span[0]), seconds(span[1])
    if not span[1]:
        high = (around.high // DAY + 1) * DAY + 1
        high = high if low is None or low < high - 1 else None
    if not span[0] and high is not None:
        outer = (around.low // DAY * DAY, BEGINNING)
        low = next((one - 1 for one in outer if one < high), None)
    return low, high


def _in_seconds(span: Span, *, fine: bool) -> bool:
    """Tell whether a window's bounds are written to the second: all of them, or none."""
    given = span[0] or span[1]
    return len(given) > 10 if given else fine


def aim(windows: Iterable[Window], size: int) -> int:
    """Return how many records a window should have by what became of the earlier ones.

    Half as many after one that had to be begun again, twice as many after three easy ones.
    """
    aimed, easy = size, 0
    for window in windows:
        if window.attempts > 1:
            aimed, easy = max(aimed // 2, 1), 0
        elif window.state == "closed" and window.parent is not None:
            easy += 1
            if easy == EASY:
                aimed, easy = min(2 * aimed, size), 0
    return aimed


def is_large(expected: int, aimed: int, rate: float = 0.0) -> bool:
    """Tell whether a window is worth splitting: twice what is aimed at, or over an hour to read.

    rate: records a second; 0 while it is not known.
    """
    return expected > 2 * aimed or (rate > 0 and expected / rate > LONGEST)
