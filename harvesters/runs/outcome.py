"""How a run ended: one pure function from its ledger, never a flag set on a happy path.

`complete` needs evidence for every window; "the loop ended" is none.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from app.record import Counts
from app.schedule import FIRST_RETRY, next_harvest_at, retry_at
from app.store.values import Repository, Window
from app.store.windows import LOST
from harvesters.runs.plan import SIDE_KINDS, leaves

WHOLE = frozenset(("complete", "complete-with-quarantine"))
NOT_MODIFIED = "not-modified"
"""The server said that nothing changed since the last whole run: complete, and no look."""
WAITING = frozenset(("asked-to-wait", "quiet-hours"))
STOPPED = frozenset(("stopped-by-operator", "limit-reached"))
MOST_SET_ASIDE = 20


class Facts(Struct, frozen=True):
    """All that decides on an outcome."""

    windows: tuple[Window, ...] = ()
    counts: Counts = Counts()
    cause: str = ""
    """Of what ended the run before its windows were read; empty if nothing did."""
    full: bool = False
    """The whole repository was asked for, without `from`, `until`, or a part of its sets."""
    live_before: int = 0
    emptied: str = ""
    """A set whose whole list was empty, though the hub holds live records of it."""
    quarantine_limit: float = 0.10
    first_answer: str = ""
    """responseDate of the first list answer, of an earlier run where this one goes on with it."""
    retried: int = 0
    """Of those set aside, the ones that no list brought: they were asked for again, in vain."""


class Verdict(Struct, frozen=True):
    """The outcome and the cause that is told with it."""

    outcome: str
    cause: str = ""

    @property
    def whole(self) -> bool:
        """Whether everything was seen, or is known to be as it was."""
        return self.outcome in WHOLE

    @property
    def saw(self) -> bool:
        """Whether everything was seen, so that what was not seen is not there."""
        return self.whole and self.cause != NOT_MODIFIED


def judge(facts: Facts) -> Verdict:
    """Return the outcome of a run."""
    if facts.cause in WAITING:
        return Verdict("deferred", facts.cause)
    if facts.cause == NOT_MODIFIED:
        return Verdict("complete", NOT_MODIFIED)
    unread = [window for window in leaves(facts.windows) if window.state != "closed"]
    cause = facts.cause or next((window.reason for window in unread if window.reason), "")
    if not _answered(facts) and facts.cause not in STOPPED:
        return Verdict("failed", cause)
    if facts.cause or unread or not facts.windows:
        return Verdict("incomplete", cause)
    return _read_whole(facts)


def _read_whole(facts: Facts) -> Verdict:
    """Judge a run whose every window was read to a trusted end."""
    counts = facts.counts
    if facts.emptied or (facts.full and not counts.seen and facts.live_before):
        return Verdict("incomplete", "repository-empty")
    aside = counts.quarantined - facts.retried
    if aside > MOST_SET_ASIDE and aside > facts.quarantine_limit * counts.seen:
        return Verdict("incomplete", "record-unreadable")
    if counts.quarantined:
        return Verdict("complete-with-quarantine", "record-unreadable")
    if lost(facts):
        return Verdict("complete-with-quarantine", LOST)
    return Verdict("complete", "" if counts.seen else "no-records")


def lost(facts: Facts) -> int:
    """Return how many windows were given up: their records have no name."""
    return sum(window.state == "closed" and window.reason == LOST for window in facts.windows)


def _answered(facts: Facts) -> bool:
    """Tell whether any list was answered in this run, be it by noRecordsMatch."""
    numbers = {window.id for window in facts.windows}
    return bool(facts.counts.seen) or any(
        window.state == "closed"
        or (window.pages and (window.parent is None or window.parent in numbers))
        for window in facts.windows
    )


def new_checkpoint(verdict: Verdict, facts: Facts, kind: str) -> str | None:
    """Return the checkpoint that a run leaves, None where it stays."""
    if not verdict.whole or kind in SIDE_KINDS or not facts.counts.seen:
        return None
    first = [window.response_date for window in facts.windows if window.response_date]
    first += [facts.first_answer] if facts.first_answer else []
    return min(first) if first else None


def next_after(
    verdict: Verdict, repository: Repository, now: datetime, *, wait: float | None = None
) -> datetime:
    """Return when a repository is due again: by schedule, sooner after a failure, or when told.

    wait: the seconds that the server asked for, with `deferred`.
    """
    if verdict.outcome == "deferred":
        length = timedelta(seconds=wait or FIRST_RETRY.total_seconds())
        return now + length + length * 0.1 * _drawn(repository.name)
    every, name = repository.every, repository.name
    if verdict.whole or verdict.cause == "limit-reached":
        return next_harvest_at(every, now, name=name)
    return retry_at(every, repository.failures, verdict.cause, now, name=name)


def _drawn(name: str) -> float:
    return sum(name.encode()) % 100 / 100


def sentence(
    verdict: Verdict,
    facts: Facts,
    *,
    took: timedelta,
    next_at: datetime | None = None,
    why: str = "",
    since: str = "",
) -> str:
    """Return one sentence or two that say what happened, what is safe and what comes next.

    why: the sentence of the failure that decided. since: the `from` of an incremental run.
    """
    counts = facts.counts
    if verdict.outcome == "complete" and not counts.seen:
        what = f"nothing had changed since {since}" if since else "the repository has no records"
        if verdict.cause == NOT_MODIFIED:
            what = "nothing had changed since it was last read whole"
        return f"Complete: {what}, in {spell(took)}."
    if verdict.outcome == "complete":
        return f"Complete: {_told(counts)}, in {spell(took)}."
    if verdict.outcome == "complete-with-quarantine":
        return f"Complete but for {_missing(facts)}: {_told(counts)}, in {spell(took)}."
    following = f" The next try is at {next_at:%Y-%m-%d %H:%M} UTC." if next_at else ""
    label = {"incomplete": "Incomplete", "deferred": "Put off", "failed": "Failed"}[verdict.outcome]
    return f"{label}: {why or _why(verdict, facts)} {_safe(verdict, facts)}{following}"


def spell(length: timedelta) -> str:
    """Return a length of time as people say it."""
    seconds = int(length.total_seconds())
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _told(counts: Counts) -> str:
    return (
        f"{_number(counts.seen, 'record')} seen, {counts.new:,} new, {counts.changed:,} changed, "
        f"{counts.removed:,} removed"
    )


def _missing(facts: Facts) -> str:
    records, windows = facts.counts.quarantined, lost(facts)
    parts = []
    if records:
        verb = "is" if records == 1 else "are"
        parts.append(f"{_number(records, 'record')} that could not be read and {verb} set aside")
    if windows:
        parts.append(f"{_number(windows, 'part')} of the list that could not be had")
    return " and ".join(parts)


def _why(verdict: Verdict, facts: Facts) -> str:
    counts = facts.counts
    if verdict.cause == "repository-empty" and facts.emptied:
        return f"the repository says that its set {facts.emptied} is empty; the hub has some of it."
    if verdict.cause == "repository-empty":
        held = _number(facts.live_before, "record")
        return f"the repository says that it has no records, and the hub holds {held} of it."
    if verdict.cause == "record-unreadable":
        return f"{counts.quarantined:,} of {_number(counts.seen, 'record')} could not be read."
    return "a part of the list was not read to its end."


def _safe(verdict: Verdict, facts: Facts) -> str:
    if verdict.outcome == "failed":
        return "Nothing was changed."
    lists = leaves(facts.windows)
    closed = sum(window.state == "closed" for window in lists)
    lists_words = f", and {closed} of {len(lists)} lists are whole" if closed else ""
    return f"What came is safe: {_told(facts.counts)}{lists_words}."


def _number(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
