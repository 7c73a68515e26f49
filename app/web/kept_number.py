"""Numbers that are dear to count, counted now and then for pages that many look at."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from app.errors import StoreError
from app.store import deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

KEPT = 60.0
"""Seconds for which a count holds; that long, pages may be kept anyway."""
SHARE = 200
"""A count holds at least so many times as long as it took; so does that it took too long."""
LIMIT = 3.0
"""Seconds that it may take; where that is not enough, the number is left out for a while."""
LEAST = 0.02
"""Seconds without which counting is not begun."""
MOST = 10_000
"""Numbers of one kind that are kept; beyond, it begins anew."""


class KeptNumber:
    """A number, for all requests of a process."""

    def __init__(self, count: Callable[[], int]) -> None:
        """count: counts it; may raise StoreError, also where it takes too long."""
        self._ask = count
        self._lock = threading.Lock()
        self._number: int | None = None
        self._until = 0.0

    def now(self, limit: float = LIMIT) -> int | None:
        """Return the number, None if it is not known; one request at a time counts.

        limit: seconds that counting may take; with none left, an older number is given.
        """
        due = limit > 0 and time.monotonic() >= self._until
        if due and self._lock.acquire(blocking=False):
            began = time.monotonic()
            try:
                self._number = self._count(limit)
                took = time.monotonic() - began
                kept = SHARE * took if self._number is None else max(KEPT, SHARE * took)
                self._until = time.monotonic() + kept
            finally:
                self._lock.release()
        return self._number

    def _count(self, limit: float) -> int | None:
        try:
            with deadline.within(limit):
                return self._ask()
        except StoreError:
            return None


class KeptNumbers:
    """Numbers of one kind by their names, counted within a time for all of them together."""

    def __init__(self, count: Callable[[str], int]) -> None:
        """count: counts what a name stands for; may raise StoreError."""
        self._ask = count
        self._kept: dict[str, KeptNumber] = {}

    def of(self, names: Iterable[str], seconds: float) -> dict[str, int]:
        """Return the numbers that are known within so many seconds, by name."""
        until = time.monotonic() + seconds
        if len(self._kept) > MOST:
            self._kept = {}
        found = {}
        for name in names:
            kept = self._kept.setdefault(name, KeptNumber(partial(self._ask, name)))
            left = until - time.monotonic()
            number = kept.now(min(LIMIT, left) if left > LEAST else 0)
            if number is not None:
                found[name] = number
        return found
