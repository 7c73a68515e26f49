"""Which quirks of a repository are heeded in a run, and what the run teaches about them.

Pure. The words of each quirk stand in `app.quirks`, what was learned in `app.store.quirks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.options import merged
from app.quirks import heeded, quirk
from app.settings import Settings
from app.store.quirks import Learned
from app.store.values import Repository
from harvesters.noticing import Sight
from harvesters.prefixes import DAYS, SECONDS
from harvesters.runs.looks import reconcile
from harvesters.runs.plan import Wish

MONTH = timedelta(days=30)
OFTEN = timedelta(days=7)
"""Between two looks at a repository whose records vanish without a word."""
SLOWER = 3
"""How many times longer a slow repository is waited for."""
LONGEST_TIMEOUT = 600.0
SMALLER = 10
"""How many times smaller windows are where tokens do not live long enough for many pages."""
RIGHT_AGAIN = 3
"""How often a quirk that was counted has to be absent before it is forgotten."""


class Heeded(Struct, frozen=True):
    """The quirks that a run heeds, with their measures."""

    values: Mapping[str, str] = {}
    tried: frozenset[str] = frozenset()
    """Quirks that the run does without, to see whether the plain way works now."""

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def number(self, name: str, default: int) -> int:
        """Return the measure of a quirk; the default where it has none or is not heeded."""
        value = self.values.get(name, "")
        return int(value) if value.isdecimal() else default

    def granularity(self, declared: str) -> str:
        """Return the granularity to ask by."""
        if "day-granularity" in self:
            return DAYS
        return SECONDS if "second-granularity" in self else declared


NONE = Heeded()


def heed(learned: Iterable[Learned], now: datetime) -> Heeded:
    """Return what the next run heeds: nothing that is off, or was not seen often enough."""
    known = [one for one in learned if not one.off and heeded(one.name, one.value)]
    tried = frozenset(one.name for one in known if _is_to_be_tried(one, now))
    return Heeded({one.name: one.value for one in known if one.name not in tried}, tried)


def patient(repository: Repository, settings: Settings, quirks: Heeded) -> Repository:
    """Return a repository with the time-out that a slow one needs."""
    if "slow" not in quirks:
        return repository
    usual = merged(settings, repository.options).harvest.read_timeout
    longer = max(usual, min(SLOWER * usual, LONGEST_TIMEOUT))
    return replace(repository, options=replace(repository.options, read_timeout=longer))


def asked_by(repository: Repository, quirks: Heeded) -> Repository:
    """Return a repository with the granularity that it is asked by."""
    return replace(repository, granularity=quirks.granularity(repository.granularity))


def window_records(usual: int, quirks: Heeded) -> int:
    """Return how many records a window aims at, where no person says so."""
    aimed = min(quirks.number("windows", usual), usual)
    return max(aimed // SMALLER, 1) if "short-lived-token" in quirks else aimed


def looked_at(repository: Repository, quirks: Heeded) -> Repository:
    """Return a repository with the time between two looks that it needs; never stays never."""
    between = reconcile(repository.reconcile)
    if "loses-tombstones" not in quirks or between is None or between <= OFTEN:
        return repository
    return replace(repository, reconcile=f"{OFTEN.days}d")


def wished(wish: Wish, quirks: Heeded) -> Wish:
    """Return what a run does where dates or lists of headers are of no use."""
    plain = not wish.kind and not wish.is_window
    useless = wish.kind == "sweep" and "no-list-identifiers" in quirks
    if (plain and "ignores-dates" in quirks) or useless:
        return replace(wish, kind="full")
    return wish


class Lesson(Struct, frozen=True):
    """What is to be written down after a run or a probe."""

    learned: tuple[Learned, ...] = ()
    forgotten: tuple[str, ...] = ()


def lesson(
    known: Iterable[Learned], sights: Iterable[Sight], now: datetime, *, harvest: int | None = None
) -> Lesson:
    """Return what follows from what was seen and denied; harvest: none for a probe."""
    before = {one.name: one for one in known}
    learned: list[Learned] = []
    forgotten: list[str] = []
    for sight in sights:
        one = before.get(sight.name)
        if one is not None and one.off:
            continue
        after = _seen(one, sight, now, harvest) if sight.seen else _denied(one)
        if after is None and one is not None:
            forgotten.append(sight.name)
        elif after is not None and after != one:
            learned.append(after)
    return Lesson(tuple(learned), tuple(forgotten))


def _seen(one: Learned | None, sight: Sight, now: datetime, harvest: int | None) -> Learned:
    counted = quirk(sight.name).times > 1
    value = _once_more(one) if counted else sight.value
    if one is None:
        return Learned(sight.name, value, sight.evidence, harvest, now, now)
    tried = now if quirk(sight.name).tried else one.tried_at
    return replace(one, value=value or one.value, tried_at=tried)


def _once_more(one: Learned | None) -> str:
    """Count a quirk; once it is heeded, what was right in between no longer counts."""
    if one is None:
        return "1"
    return str(min(_count(one) + 1, quirk(one.name).times))


def _denied(one: Learned | None) -> Learned | None:
    """Return what is left of a quirk that was absent: one that is counted goes step by step.

    Beyond the number at which it is heeded, the count says how often it was absent since.
    """
    if one is None:
        return None
    times = quirk(one.name).times
    if times == 1 or quirk(one.name).tried or _count(one) < times:
        return None
    count = _count(one) + 1
    return None if count >= times + RIGHT_AGAIN else replace(one, value=str(count))


def _count(one: Learned) -> int:
    return int(one.value) if one.value.isdecimal() else 1


def _is_to_be_tried(one: Learned, now: datetime) -> bool:
    last = one.tried_at or one.learned_at
    return quirk(one.name).tried and (last is None or now - last >= MONTH)
