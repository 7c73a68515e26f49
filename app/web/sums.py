"""What a repository told of its list, and what became of it: a sum that adds up, or says it not.

Pure. Told = stored + removed + set aside + listed twice + not yet harvested.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from app.web import words

if TYPE_CHECKING:
    from app.store.values import Harvest, Window


REMOVED = "removed there"


class Sum(Struct, frozen=True):
    """The size that a repository told, in parts."""

    told: int
    parts: tuple[tuple[int, str], ...]
    off: int
    """Records that are missing in the sum; negative: more came than were told."""
    sentence: str


def added_up(harvest: Harvest, windows: Sequence[Window], items: int = 0) -> Sum | None:
    """Return what became of the records that a harvest's repository told of; None if it told none.

    items: how often items came in its lists; repetition is told only where each list was read once.
    """
    if harvest.told is None or harvest.state != "ended":
        return None
    counts = harvest.counts
    aside = min(counts.quarantined, counts.seen)
    stored = min(counts.new + counts.changed + counts.unchanged, counts.seen - aside)
    removed = counts.seen - aside - stored
    once = all(one.attempts <= 1 and one.state != "split" for one in windows)
    twice = max(items - counts.seen, 0) if once and harvest.kind != "sweep" else 0
    twice = min(twice, max(harvest.told - counts.seen, 0))
    rest = harvest.told - counts.seen - twice
    is_open = any(one.state == "open" for one in windows)
    left = max(rest, 0) if is_open else 0
    parts = (
        (stored, "stored"),
        (removed, REMOVED),
        (aside, "set aside"),
        (twice, "listed twice"),
        (left, "not yet harvested"),
    )
    return Sum(harvest.told, parts, rest - left, _sentence(rest - left))


def _sentence(off: int) -> str:
    if off == 0:
        return "That adds up."
    if off > 0:
        return f"{words.plural(off, 'record')} did not come: the sum does not add up."
    return f"{words.plural(-off, 'record')} more came than were told: the size told is wrong."
