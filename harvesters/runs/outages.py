"""Outages of the hub's own in the middle of a run: a full disk, or a database that is lost or busy.

The run stands still and tries again, at growing pauses. Each try takes it up from its ledger, as
another process would after a crash: the page in hand is asked for again, and nothing is lost or
doubled. What lasts too long leaves the run as it is, for a later worker.
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from app.causes import cause as cause_of
from app.errors import GarneryError, HarvestError, LeaseLost, Refused, StoreError
from app.processor import ALONE, Processor
from app.settings import Settings
from app.store import Store
from harvesters.runs.ledger import STANDS_STILL, StoredLedger

PASSING = frozenset(("disk-full", "database-busy"))
LONGEST_PAUSE = 30.0
_WHAT = {"disk-full": "A disk of the hub was full", "database-busy": "The database did not answer"}

T = TypeVar("T")
log = logging.getLogger(__name__)


class Outages:
    """What one run stands still for, and how long it has done so."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        worker: str,
        stop: threading.Event,
        processor: Processor = ALONE,
    ) -> None:
        self._store = store
        self._longest = settings.harvest.longest_outage
        self._pause = settings.harvest.backoff_base
        self._longest_pause = min(LONGEST_PAUSE, settings.work.lease_seconds / 2)
        self._worker = worker
        self._stop = stop
        self._processor = processor
        self._since: float | None = None
        self._tries = 0
        self._noted = False
        self._ledger: StoredLedger | None = None
        self._farthest = 0
        """Pages that the run has had, where the outage began."""

    def through(self, ledger: StoredLedger, go: Callable[[StoredLedger], T]) -> T:
        """Return what `go` makes of a ledger, with the ledger taken up again after each outage.

        `go` is also given the ledger of a run that has ended. Raises the StoreError that lasted.
        """
        while True:
            try:
                return go(ledger)
            except StoreError as error:
                if not self.covers(error):
                    raise
                ledger = self._over(ledger, error)
            except HarvestError as error:
                if error.cause not in PASSING:
                    raise
                ledger = self._over(ledger, error)

    def covers(self, error: StoreError | HarvestError) -> bool:
        """Tell whether the run stands still for an error; the first one begins the outage."""
        if error.cause not in PASSING or self._stop.is_set():
            return False
        if self._since is None:
            self._since = time.monotonic()
        return time.monotonic() - self._since < self._longest

    def page_done(self) -> None:
        """Note that a page was written: an outage is over once the run is farther than before.

        A page of a list that had to begin anew may need no room, since nothing in it is new.
        """
        if self._since is not None and _pages(self._ledger) > self._farthest:
            self._since, self._tries, self._noted = None, 0, False

    def _over(self, ledger: StoredLedger, error: StoreError | HarvestError) -> StoredLedger:
        """Wait until the run can be taken up again; raises the StoreError that lasts."""
        while True:
            self._stand_still(ledger, error)
            if self._stop.is_set() and isinstance(error, StoreError):
                raise error
            try:
                self._ledger = self._taken_up(ledger, error)
                self._farthest = max(self._farthest, _pages(self._ledger))
                return self._ledger
            except StoreError as again:
                if not self.covers(again):
                    raise
                error = again

    def _stand_still(self, ledger: StoredLedger, error: StoreError | HarvestError) -> None:
        spread = random.uniform(0.75, 1.25)  # noqa: S311 - spreads tries, guards nothing
        pause = min(self._pause * 2.0**self._tries * spread, self._longest_pause)
        self._tries = min(self._tries + 1, 20)
        name = ledger.harvest.repository
        log.warning("the harvest of %s stands still: %s", name, _with_cure(error))
        log.warning("it tries again in %.0f s, and goes on by itself", pause)
        if error.cause == "disk-full":
            with contextlib.suppress(StoreError):
                ledger.beat(STANDS_STILL)
        with self._processor.released():
            self._stop.wait(pause)

    def _taken_up(self, ledger: StoredLedger, error: StoreError | HarvestError) -> StoredLedger:
        """Return the run as its ledger has it; raises LeaseLost if it is another worker's."""
        number = ledger.harvest.id
        found = self._store.harvests.get(number)
        if found.state == "ended" and found.worker == self._worker:
            return StoredLedger(self._store, found, self._worker)
        try:
            lease = 2 * self._longest_pause
            taken = self._store.harvests.take_over(number, self._worker, lease=lease)
        except Refused as refused:
            raise LeaseLost(str(refused)) from error
        self._store.records.settle()
        if not self._noted:
            words = f"{_WHAT[error.cause]}; the harvest stood still until it could go on."
            self._store.harvests.fail(number, error.cause, words)
            self._noted = True
        return StoredLedger(self._store, taken, self._worker, losses=ledger.losses)


def _pages(ledger: StoredLedger | None) -> int:
    return sum(window.pages for window in ledger.windows()) if ledger is not None else 0


def _with_cure(error: GarneryError) -> str:
    if isinstance(error, HarvestError):
        return f"{error} {cause_of(error.cause).operator}"
    return str(error)
