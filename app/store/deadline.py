"""Until when a request may ask the database; beyond that nothing is answered rather than late.

A deadline belongs to the thread that set it. Whoever sets none waits as long as it takes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.errors import StoreError

LATE = "The database took longer than a request may wait."

_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let what is asked inside end after so many seconds; later it raises StoreError."""
    before = _UNTIL.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _UNTIL.reset(before)


def left() -> float | None:
    """Return the seconds that are left, None without a deadline; raises StoreError past it."""
    until = _UNTIL.get()
    if until is None:
        return None
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise StoreError(LATE, cause="database-busy")
    return seconds


def passed() -> bool:
    """Tell whether the deadline has passed."""
    until = _UNTIL.get()
    return until is not None and time.monotonic() >= until
