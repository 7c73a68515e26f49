"""A number that is dear to count, counted now and then for the home page."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from app.errors import StoreError
from app.store import deadline

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT = 60.0
"""Seconds for which a count holds; that long, the home page may be kept anyway."""
SHARE = 200
"""A count holds at least so many times as long as it took."""
LIMIT = 3.0
"""Seconds that it may take; where that is not enough, the number is left out for a while."""
LATE = 10
"""So many times longer nothing is counted after it took too long."""


class KeptNumber:
    """A number, for all requests of a process."""

    def __init__(self, count: Callable[[], int]) -> None:
        """count: counts it; may raise StoreError, also where it takes too long."""
        self._ask = count
        self._lock = threading.Lock()
        self._number: int | None = None
        self._until = 0.0

    def now(self) -> int | None:
        """Return the number, None if it is not known; one request at a time counts."""
        if time.monotonic() >= self._until and self._lock.acquire(blocking=False):
            began = time.monotonic()
            try:
                self._number = self._count()
                took = time.monotonic() - began
                kept = KEPT * LATE if self._number is None else max(KEPT, SHARE * took)
                self._until = time.monotonic() + kept
            finally:
                self._lock.release()
        return self._number

    def _count(self) -> int | None:
        try:
            with deadline.within(LIMIT):
                return self._ask()
        except StoreError:
            return None
