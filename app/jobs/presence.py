"""Signs of life of workers and schedulers, as rows: how anyone can tell that they run.

One row a role; every process of that role renews it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from app import clock
from app.jobs.lease import Beat
from app.store import Store

WORKER, SCHEDULER = "worker", "scheduler"
TICK = "tick"
"""What a scheduler gives a sign of at each of its ticks: that it does not only live, but work."""
SECONDS = 15.0
"""Time between two signs of one process."""
LONGEST_SILENCE = 60.0
"""Silence, in seconds, after which a role counts as absent."""


def present(store: Store, role: str) -> Beat:
    """Return a context in which signs of life of this role are given."""
    return Beat(lambda: sign(store, role), SECONDS)


def sign(store: Store, role: str) -> None:
    """Give one sign of life."""
    store.hub.put(_key(role), clock.text(clock.now()))


def last_sign(store: Store, role: str) -> datetime | None:
    """Return when a process of this role gave its last sign; None if never."""
    text = store.hub.get(_key(role))
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if text else None


def _key(role: str) -> str:
    return f"last-sign-{role}"
