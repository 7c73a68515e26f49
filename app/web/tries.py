"""Searches that the home page offers to begin with: the most frequent subjects, counted seldom."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

from app.query.request import Request

if TYPE_CHECKING:
    from app.store import Store

OFFERED = 3
KEPT = 600.0
"""Seconds for which a count holds."""
LIMIT = 1.0
"""Seconds that it may take; where that is not enough, nothing is offered."""
SHORTEST, LONGEST = 4, 40


class Try(Struct, frozen=True):
    """A search that is offered."""

    text: str
    href: str


class Tries:
    """The searches on offer, for all requests of a process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._offered: tuple[Try, ...] = ()
        self._until = 0.0

    def now(self) -> tuple[Try, ...]:
        """Return the searches; one request at a time counts, the others take what there was."""
        if time.monotonic() >= self._until and self._lock.acquire(blocking=False):
            try:
                self._offered = self._count()
                self._until = time.monotonic() + (KEPT if self._offered else KEPT / 10)
            finally:
                self._lock.release()
        return self._offered

    def _count(self) -> tuple[Try, ...]:
        found = self._store.search.facets(Request(facets_given="subject"), seconds=LIMIT)
        values = (value for facet in found for value in facet.values)
        fit = [value for value in values if SHORTEST <= len(value.value) <= LONGEST]
        return tuple(
            Try(one.label, f"/search?{urlencode({'subject': one.value})}") for one in fit[:OFFERED]
        )
