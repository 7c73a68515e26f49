"""Change lists in windows of time, none of which is longer than a sitemap may be: pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from app import clock
from app.store.published import PART, Moment


class Window(Struct, frozen=True):
    """A stretch of time, both ends included, with what changed in it."""

    from_: int
    until: int
    records: int


def windows(moments: Iterable[Moment], limit: int = PART) -> tuple[Window, ...]:
    """Put moments together into windows that hold at most `limit` changes and cross no month.

    Months that are over keep their windows, but for what moves out of them. A second in which more
    changed than a list may hold is a window of its own: nothing is ever left out.
    """
    found: list[Window] = []
    for moment in moments:
        last = found[-1] if found else None
        if last is not None and _fits(last, moment, limit):
            found[-1] = Window(last.from_, moment.stamp, last.records + moment.records)
        else:
            found.append(Window(moment.stamp, moment.stamp, moment.records))
    return tuple(found)


def _fits(window: Window, moment: Moment, limit: int) -> bool:
    first, then = clock.moment(window.from_), clock.moment(moment.stamp)
    same_month = (first.year, first.month) == (then.year, then.month)
    return same_month and window.records + moment.records <= limit
