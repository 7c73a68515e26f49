"""States and outcomes as word, shape and colour together, so that colour never speaks alone.

Pure; a shape is a symbol of `static/icons.svg`, a tone a class of the stylesheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from app.store.values import Harvest


class Mark(Struct, frozen=True):
    """What stands before or instead of a state: a word, a shape, a tone."""

    word: str
    icon: str
    tone: str


STATES = {
    "ok": Mark("ok", "ok", "is-ok"),
    "late": Mark("late", "late", "is-warning"),
    "failing": Mark("failing", "failing", "is-error"),
    "held": Mark("held", "held", "is-warning"),
    "paused": Mark("paused", "paused", "is-quiet"),
    "new": Mark("new", "new", "is-quiet"),
}
OUTCOMES = {
    "complete": Mark("complete", "complete", "is-ok"),
    "incomplete": Mark("incomplete", "quarter", "is-warning"),
    "deferred": Mark("deferred", "paused", "is-quiet"),
    "failed": Mark("failed", "failed", "is-error"),
    "queued": Mark("queued", "new", "is-quiet"),
    "running": Mark("running", "running", "is-live"),
    "stopping": Mark("stopping", "held", "is-live"),
}
SEVERITIES = {
    "error": Mark("error", "failed", "is-error"),
    "warning": Mark("warning", "failing", "is-warning"),
    "info": Mark("info", "info", "is-quiet"),
}


def repository(state: str) -> Mark:
    """Return the mark of a repository state."""
    return STATES.get(state, Mark(state, "new", "is-quiet"))


def harvest(harvest: Harvest) -> Mark:
    """Return the mark of a harvest: its outcome, or its state while it lives."""
    if harvest.outcome == "complete-with-quarantine":
        return Mark(f"complete, {harvest.counts.quarantined:,} set aside", "half", "is-warning")
    word = harvest.outcome or harvest.state
    return OUTCOMES.get(word, Mark(word, "new", "is-quiet"))


def severity(word: str) -> Mark:
    """Return the mark of a problem's severity."""
    return SEVERITIES.get(word, Mark(word, "info", "is-quiet"))
