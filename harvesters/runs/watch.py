"""The watch over a run while it goes: its lease, its wish to stop, its limit, what it shows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app import jobs
from app.errors import HarvestError
from app.store import Store
from app.store.values import Repository, Window
from harvesters.base import Traffic
from harvesters.failures import Stopped
from harvesters.runs.intake import Intake
from harvesters.runs.ledger import HANDED_ON, Ledger
from harvesters.runs.progress import Progress, Show

BEAT = 5.0
"""Seconds between two signs of life while a request is waited for."""
LEAST_LOOK = 1.0
"""Seconds between two readings of the ledger for what is shown."""
FIRST_PAGES = 10
"""Pages after each of which it is read."""
STOPPED = "The harvest was stopped before its end."


class Watch:
    """Told of each page and each pulse; raises to end the run at a safe place."""

    def __init__(
        self,
        store: Store,
        repository: Repository,
        ledger: Ledger,
        *,
        limit: int | None = None,
        slice_: float | None = None,
        show: Show | None = None,
    ) -> None:
        self.stop = threading.Event()
        self.counts = ledger.harvest.counts
        self.traffic: Callable[[], Traffic] = Traffic
        self.written: Callable[[], None] = lambda: None
        """Told after each page that is written."""
        self._store = store
        self._repository = repository
        self._ledger = ledger
        self._limit = limit
        self._slice = slice_
        self._show = show
        self._started = self._beaten = time.monotonic()
        self._pages = 0
        self._found: tuple[Window, ...] = ()
        self._looked_at = self._started

    def page_done(self, intake: Intake, *, safe: bool = True) -> None:
        """Show how far the run is; end it here if that was asked for.

        safe: another worker would go on from here, and not from an earlier page.
        """
        self.counts += intake.counts
        self._pages += 1
        self.written()
        self._beaten = time.monotonic()  # the page's transaction renewed the lease
        if self._show is not None:
            self._show(self._progress())
        if self._ledger.asked_to_stop or self.stop.is_set():
            raise stopped(STOPPED)
        limited = self.limited()
        if limited is not None and self.counts.seen >= (self._limit or 0):
            raise limited
        if safe:
            self._let_others_go_first()

    def limited(self) -> HarvestError | None:
        """Return what a run of limited length ends with."""
        if self._limit is None:
            return None
        return Stopped("limit-reached", f"The harvest was limited to {self._limit:,} records.")

    def pulse(self) -> None:
        """Called while a request is waited for: keep the lease, stop if that was asked for."""
        if self.stop.is_set():
            raise stopped(STOPPED)
        if time.monotonic() - self._beaten >= BEAT:
            self._beaten = time.monotonic()
            self._ledger.beat()
        if self._ledger.asked_to_stop:
            raise stopped(STOPPED)

    def _let_others_go_first(self) -> None:
        """Give the worker to others that wait once a slice of time is over; the run goes on."""
        if self._slice is None or time.monotonic() - self._started < self._slice:
            return
        if self._store.jobs.others_wait(jobs.HARVEST, self._store.now()):
            self._ledger.beat(HANDED_ON)
            raise jobs.GivenUp

    def _progress(self) -> Progress:
        windows = [one for one in self._windows() if one.state != "split"]
        told = [window.told for window in windows if window.told is not None]
        return Progress(
            self._repository.name,
            self.counts,
            self._pages,
            sum(told) if told else None,
            time.monotonic() - self._started,
            len(windows),
            sum(window.state == "closed" for window in windows),
            self.traffic().last_request,
        )

    def _windows(self) -> tuple[Window, ...]:
        """Return the windows of the run as they stood a moment ago: what is shown costs little."""
        now = time.monotonic()
        if self._pages <= FIRST_PAGES or now - self._looked_at >= LEAST_LOOK:
            self._looked_at, self._found = now, self._ledger.windows()
        return self._found


def stopped(words: str) -> Stopped:
    """Return what ends a run that a person or a signal stops."""
    return Stopped("stopped-by-operator", words)
