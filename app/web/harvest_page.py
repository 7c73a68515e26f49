"""What the page of a harvest shows, as one frozen value.

Pure: a row, its windows and failures go in, `now` only where the harvest still runs. An outcome
that is not `complete` never looks like one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from app import causes
from app.causes import Cause
from app.store.windows import LOST
from app.web import marks, sums, words
from app.web.marks import Mark
from app.web.sums import Sum

if TYPE_CHECKING:
    from app.store.values import Failure, Harvest, Window

SAMPLES = 3
KINDS = {
    "incremental": "Incremental harvest",
    "full": "Full harvest",
    "sweep": "Sweep of headers",
    "window": "Harvest of a part",
    "retry": "Retry of what was set aside",
    "probe": "Probe",
}
TRIGGERS = {"schedule": "by schedule", "person": "by a person", "retry": "as a retry"}


class Count(Struct, frozen=True):
    """A number with its word and what it means."""

    number: int
    word: str


class Row(Struct, frozen=True):
    """A harvest in a list."""

    id: int
    repository: str
    title: str
    kind: str
    mark: Mark
    started: datetime | None
    duration: str
    counts: tuple[Count, ...]
    sentence: str


OPEN = Mark("open", "quarter", "is-warning")
WINDOW_MARKS = {
    "closed": Mark("read", "complete", "is-ok"),
    "split": Mark("read in two parts", "half", "is-ok"),
}


class WindowRow(Struct, frozen=True):
    """A window of a harvest: which part of the list, and how far it is read."""

    span: str
    set_spec: str
    mark: Mark
    pages: int
    listed: int
    told: int | None
    tries: int
    reason: str


class Group(Struct, frozen=True):
    """All failures of one cause: how many, what they say, what helps, some of them by name."""

    code: str
    count: int
    sentence: str
    cause: Cause
    samples: tuple[str, ...]
    urls: tuple[str, ...]


class Progress(Struct, frozen=True):
    """How far a running harvest is."""

    seen: int
    told: int | None
    speed: str
    last_request: str
    heartbeat: datetime | None


class HarvestPage(Struct, frozen=True):
    """Everything the page shows."""

    id: int
    repository: str
    title: str
    kind: str
    trigger: str
    mark: Mark
    running: bool
    sentence: str
    started: datetime | None
    ended: datetime | None
    duration: str
    facts: tuple[tuple[str, str], ...]
    counts: tuple[Count, ...]
    cause: Cause | None
    progress: Progress | None
    windows: tuple[WindowRow, ...]
    groups: tuple[Group, ...]
    difference: str
    sum: Sum | None = None
    asked: bool = False


def row(harvest: Harvest, title: str, now: datetime) -> Row:
    """Return a harvest as a row of a list."""
    return Row(
        harvest.id,
        harvest.repository,
        title,
        harvest.kind,
        marks.harvest(harvest),
        harvest.started_at,
        took(harvest, now),
        counts(harvest)[:7],
        harvest.sentence,
    )


def harvest_page(
    harvest: Harvest,
    title: str,
    windows: Sequence[Window],
    failures: Sequence[Failure],
    now: datetime,
    *,
    items: int = 0,
    asked: bool = False,
) -> HarvestPage:
    """Return what the page of a harvest shows.

    items: how often items came in its lists. asked: its requests are listed.
    """
    running = harvest.state != "ended"
    found = groups(failures)
    told = {group.code for group in found}
    return HarvestPage(
        id=harvest.id,
        repository=harvest.repository,
        title=title,
        kind=KINDS.get(harvest.kind, f"Harvest ({harvest.kind})"),
        trigger=TRIGGERS.get(harvest.trigger, harvest.trigger),
        mark=marks.harvest(harvest),
        running=running,
        sentence=harvest.sentence or _sentence(harvest),
        started=harvest.started_at,
        ended=harvest.ended_at,
        duration=took(harvest, now),
        facts=_facts(harvest, windows),
        counts=counts(harvest),
        cause=causes.cause(harvest.cause) if harvest.cause not in ("", *told) else None,
        progress=_progress(harvest, now) if running else None,
        windows=tuple(map(_window, windows)),
        groups=found,
        difference="" if running else _difference(harvest),
        sum=sums.added_up(harvest, windows, items),
        asked=asked,
    )


def counts(harvest: Harvest) -> tuple[Count, ...]:
    """Return the counts of a harvest in the order of every list of harvests."""
    found = harvest.counts
    return (
        Count(found.seen, "seen"),
        Count(found.new, "new"),
        Count(found.changed, "changed"),
        Count(found.unchanged, "unchanged"),
        Count(found.removed, "removed"),
        Count(found.quarantined, "set aside"),
        Count(found.repaired, "repaired"),
        Count(found.requests, "requests"),
        Count(found.retries, "retries"),
    )


def took(harvest: Harvest, now: datetime) -> str:
    """Return how long a harvest took, or takes by now."""
    if harvest.started_at is None:
        return ""
    return words.duration((harvest.ended_at or now) - harvest.started_at)


def groups(failures: Sequence[Failure]) -> tuple[Group, ...]:
    """Return failures by cause, the most frequent first."""
    by_cause: dict[str, list[Failure]] = {}
    for failure in failures:
        by_cause.setdefault(failure.cause, []).append(failure)
    found = (_group(code, members) for code, members in by_cause.items())
    return tuple(sorted(found, key=lambda group: -group.count))


def _group(code: str, members: Sequence[Failure]) -> Group:
    names = tuple(f.identifier for f in members if f.identifier)
    urls = tuple(dict.fromkeys(f.url for f in members if f.url))
    sentence = members[0].sentence
    return Group(code, len(members), sentence, causes.cause(code), names[:SAMPLES], urls[:SAMPLES])


def _sentence(harvest: Harvest) -> str:
    if harvest.state == "queued":
        return "The harvest waits for a worker."
    if harvest.state == "stopping":
        return "The harvest stops after the page in hand."
    return f"The harvest is running: {words.plural(harvest.counts.seen, 'record')} seen so far."


def _facts(harvest: Harvest, windows: Sequence[Window]) -> tuple[tuple[str, str], ...]:
    span = _span(harvest.from_, harvest.until)
    rows = (
        ("Format", ", ".join({w.prefix: None for w in windows}) or harvest.prefix),
        ("Dates asked for", span),
        ("Sets", ", ".join(harvest.sets) or "everything"),
        ("Told by the repository", words.number(harvest.told) if harvest.told is not None else ""),
        ("Bytes", words.size(harvest.counts.bytes) if harvest.counts.bytes else ""),
        ("Records a second", _rate(harvest)),
        ("Waited", _waited(harvest.counts.waited)),
        ("Software", harvest.software),
        ("First answer of the repository", harvest.response_date),
    )
    return tuple((label, text) for label, text in rows if text)


def _rate(harvest: Harvest) -> str:
    """Return the records a second of a harvest that ended and took long enough to tell."""
    if harvest.started_at is None or harvest.ended_at is None or not harvest.counts.seen:
        return ""
    took = (harvest.ended_at - harvest.started_at).total_seconds()
    return f"{harvest.counts.seen / took:,.0f}" if took >= 1 else ""


def _waited(milliseconds: int) -> str:
    """Return how long a harvest waited before it asked again."""
    spent = timedelta(milliseconds=milliseconds)
    return f"{words.duration(spent)} before asking again" if milliseconds >= 1000 else ""


def _span(begin: str, end: str) -> str:
    if begin and end:
        return f"{begin} to {end}"
    if begin:
        return f"from {begin}"
    return f"until {end}" if end else "all"


def _progress(harvest: Harvest, now: datetime) -> Progress:
    elapsed = now - harvest.started_at if harvest.started_at else timedelta(0)
    speed = harvest.counts.seen / elapsed.total_seconds() if elapsed > timedelta(seconds=1) else 0.0
    rate = f"{speed:,.0f} records a second" if speed >= 1 else ""
    told = harvest.told if harvest.told and harvest.told >= harvest.counts.seen else None
    return Progress(harvest.counts.seen, told, rate, harvest.last_request, harvest.heartbeat_at)


def _window(window: Window) -> WindowRow:
    mark = WINDOW_MARKS.get(window.state, OPEN)
    if window.reason == LOST:
        mark = Mark("lost", "failing", "is-warning")
    span = _span(window.from_, window.until)
    spec = window.set_spec
    numbers = window.pages, window.listed, window.told, window.attempts
    return WindowRow(span, spec, mark, *numbers, window.reason)


def _difference(harvest: Harvest) -> str:
    told, seen = harvest.told, harvest.counts.seen
    if told is None or told == seen:
        return ""
    return (
        f"The repository announced {words.plural(told, 'record')} and sent {words.number(seen)}: "
        f"{words.number(abs(told - seen))} {'fewer' if seen < told else 'more'}."
    )
