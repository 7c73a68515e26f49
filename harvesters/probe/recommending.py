"""The settings that a probe recommends, and how long a full harvest would take.

Pure.
"""

from __future__ import annotations

from statistics import median

from harvesters.prefixes import DAYS, SECONDS
from harvesters.probe.places import base_of
from harvesters.probe.seen import Seen, Walk
from harvesters.probe.values import Recommended, Speed

GIANT = 1_000_000
LARGE = 100_000
WINDOW = "50000"
LONGEST_PAGE = 20_000
"""Milliseconds beyond which the usual time-out is short."""


def speed_of(walk: Walk, packings: frozenset[str]) -> Speed:
    """Return how fast the pages of a list came."""
    compressed = "gzip" in packings
    if not walk.times or not walk.records:
        return Speed(told=walk.told, compressed=compressed)
    page = median(walk.times)
    each = walk.records / len(walk.pages)
    rate = 1000 * each / max(page, 1)
    size = walk.told if walk.told is not None else (walk.names if walk.ended else None)
    return Speed(
        milliseconds=round(page),
        records_a_page=max(len(one.records) for one in walk.pages),
        records_a_second=round(rate, 1),
        told=walk.told,
        forecast=None if size is None else round(max(size, walk.names) / rate, 1),
        compressed=compressed,
    )


def recommended(seen: Seen, speed: Speed) -> Recommended:
    """Return the settings with which harvests would go best."""
    moved = seen.said.moved_to if seen.said else ""
    base_url = base_of(moved) if moved else seen.base_url
    return Recommended(
        base_url=base_url if base_url != seen.asked else "",
        prefix=seen.chosen,
        granularity=_granularity(seen),
        reconcile=_reconcile(seen, speed.told),
        options=_options(seen, speed),
    )


def _granularity(seen: Seen) -> str:
    dates = seen.dates
    if dates.tried and dates.newest:
        return DAYS if len(dates.newest) <= 10 else SECONDS
    return seen.said.granularity if seen.said else ""


def _reconcile(seen: Seen, told: int | None) -> str:
    if (told or 0) > GIANT:
        return "90d"
    policy = seen.said.deleted_record if seen.said else ""
    return "30d" if policy == "persistent" else "7d"


def _options(seen: Seen, speed: Speed) -> tuple[tuple[str, str], ...]:
    found = {}
    if (speed.told or 0) > LARGE and not seen.dates.ignored:
        found["window_records"] = WINDOW
    if any(error.cause == "asked-to-wait" for error in seen.troubles):
        found["minimum_interval"] = "1"
    if speed.milliseconds > LONGEST_PAGE or any(e.cause == "timed-out" for e in seen.troubles):
        found["read_timeout"] = "180"
    return tuple(found.items())
