"""How many links join what is in the hub, counted now and then for the home page."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from app.errors import StoreError
from app.query.request import Request
from app.store import deadline
from app.store.links.listing import link_numbers

if TYPE_CHECKING:
    from app.store import Store

KEPT = 60.0
"""Seconds for which a count holds; that long, the home page may be kept anyway."""
LIMIT = 1.0
"""Seconds that it may take; where that is not enough, the number is left out for a while."""
LATE = 10
"""So many times longer nothing is counted after it took too long."""


class LinkCount:
    """The number of links whose both ends are here, for all requests of a process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._number: int | None = None
        self._until = 0.0

    def now(self) -> int | None:
        """Return the number, None if it is not known; one request at a time counts."""
        if time.monotonic() >= self._until and self._lock.acquire(blocking=False):
            try:
                self._number = self._count()
                kept = KEPT if self._number is not None else KEPT * LATE
                self._until = time.monotonic() + kept
            finally:
                self._lock.release()
        return self._number

    def _count(self) -> int | None:
        try:
            with deadline.within(LIMIT):
                found = link_numbers(self._store, Request())
        except StoreError:
            return None
        return sum(here for _, here in found.values())
