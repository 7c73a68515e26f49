"""A job is held by a lease: renewed from a thread while the work goes on, lost when it lapses.

Nothing is interrupted from here: the work asks `check` at its safe places.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType

from app.errors import LeaseLost, StoreError
from app.jobs import GivenUp
from app.processor import ALONE, Processor
from app.store import Store
from app.store.values import Job

BEATS = 4
"""Renewals within the life of a lease."""
LOOKS = 10
"""Looks for leases that have lapsed within the life of one."""

log = logging.getLogger(__name__)


class Beat:
    """Calls a function at once and then every so many seconds, in a thread, until it is left."""

    def __init__(self, call: Callable[[], None], seconds: float) -> None:
        self._call = call
        self._seconds = seconds
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="beat")

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._left.is_set():
            try:
                self._call()
            except LeaseLost:
                return
            except StoreError as error:
                log.warning("a sign of life could not be written: %s", error)
            self._left.wait(self._seconds)


class Lease:
    """A job in hand, as a context; it satisfies `Control`."""

    def __init__(
        self,
        store: Store,
        job: Job,
        *,
        worker: str,
        seconds: float,
        stop: threading.Event,
        processor: Processor = ALONE,
    ) -> None:
        self._store = store
        self._job = job
        self._worker = worker
        self._stop = stop
        self._processor = processor
        self._lost = threading.Event()
        self._asked = threading.Event()
        self._beat = Beat(self._renew, seconds / BEATS)

    @property
    def job(self) -> Job:
        """The job in hand."""
        return self._job

    @property
    def worker(self) -> str:
        """The name under which the job is held."""
        return self._worker

    @property
    def processor(self) -> Processor:
        """The turn to compute, shared by the jobs of this process; not yet in hand."""
        return self._processor

    @property
    def lost(self) -> bool:
        """Whether another worker has the job by now."""
        return self._lost.is_set()

    @property
    def asked(self) -> bool:
        """Whether a person asked the job to end."""
        return self._asked.is_set()

    def check(self) -> None:
        """Raise GivenUp when the process or the job is asked to end, or the job is lost."""
        if self._stop.is_set() or self._lost.is_set() or self._asked.is_set():
            raise GivenUp

    def __enter__(self) -> Lease:
        self._beat.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._beat.__exit__()

    def _renew(self) -> None:
        try:
            if self._store.jobs.heartbeat(self._job.id, self._worker):
                self._asked.set()
        except LeaseLost:
            self._lost.set()
            raise
