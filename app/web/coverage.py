"""Which part of a repository's list is read: its windows in the order of time, without gaps.

Pure. What no window covers stands there as a gap that was never tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from msgspec import Struct

from app.store.windows import LOST
from app.web.marks import Mark

if TYPE_CHECKING:
    from app.store.values import Window

READ = Mark("read", "complete", "is-ok")
OPEN = Mark("open", "quarter", "is-warning")
BEGUN = Mark("begun, open", "half", "is-warning")
NEVER = Mark("never tried", "new", "is-warning")
LOST_MARK = Mark("lost", "failing", "is-error")
BEGINNING, END = "the beginning", "now"


class Stretch(Struct, frozen=True):
    """A stretch of time and how far it is read."""

    from_: str
    until: str
    set_spec: str
    mark: Mark
    harvest: int | None = None
    pages: int = 0
    listed: int = 0
    told: int | None = None
    tries: int = 0
    reason: str = ""


def coverage(windows: Sequence[Window]) -> tuple[Stretch, ...]:
    """Return the windows that stand for a list, set by set, with the gaps between them."""
    leaves = [one for one in windows if one.state != "split"]
    by_set = sorted(leaves, key=lambda one: (one.set_spec, one.from_, not one.until, one.until))
    return tuple(
        stretch
        for spec, mine in groupby(by_set, key=lambda one: one.set_spec)
        for stretch in _without_gaps(spec, list(mine))
    )


def _without_gaps(spec: str, windows: Sequence[Window]) -> Iterator[Stretch]:
    reached = ""
    for at, one in enumerate(windows):
        if one.from_ and (not at or _day(one.from_) > _day(reached)):
            yield Stretch(reached or BEGINNING, one.from_, spec, NEVER)
        yield _stretch(one)
        if not one.until:
            return
        reached = max(reached, one.until)
    if reached:
        yield Stretch(reached, END, spec, NEVER)


def _day(text: str) -> str:
    """Return a date that texts of either granularity can be compared by."""
    return text[:10]


def _stretch(window: Window) -> Stretch:
    mark = READ if window.state == "closed" else BEGUN if window.pages else OPEN
    if window.reason == LOST:
        mark = LOST_MARK
    return Stretch(
        window.from_ or BEGINNING,
        window.until or END,
        window.set_spec,
        mark,
        window.harvest,
        window.pages,
        window.listed,
        window.told,
        window.attempts,
        window.reason if mark != READ else "",
    )
