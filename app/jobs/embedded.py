"""The engine for SQLite, and for any database: processes that claim job rows, several at a time.

Each job has a thread and a lease of its own. What a killed worker held is claimed again once its
lease has lapsed; what a stopped worker held is queued again at once. Two jobs with one lock never
run together: the claim sees to it.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from app.errors import StoreError
from app.jobs import Register, Tally
from app.jobs.doing import Doing, add
from app.jobs.lease import LOOKS
from app.store import Store
from app.store.values import Job

LONGEST_PAUSE = 30.0
"""Seconds between two tries while the database does not answer."""
LOOK = 0.2
"""Seconds between two looks whether to end, while jobs are under way."""

log = logging.getLogger(__name__)


class EmbeddedEngine:
    """Claims jobs of the registered kinds and executes them in threads of this process."""

    def __init__(
        self,
        store: Store,
        register: Register,
        *,
        worker: str,
        poll: float,
        lease: float,
        most: int = 1,
    ) -> None:
        """most: how many jobs are under way at the same time. poll, lease: in seconds."""
        self._store = store
        self._doing = Doing(store, register, worker=worker, lease=lease)
        self._poll = poll
        self._lease = lease
        self._most = most
        self._reclaimed = -lease
        self._under_way = 0
        self._ended: queue.SimpleQueue[str | StoreError] = queue.SimpleQueue()
        self._tally = Tally()

    def run(self, stop: threading.Event, *, once: bool = False) -> Tally:
        """Work until `stop` is set; with `once`, until nothing waits (a lost database raises)."""
        self._tally = Tally()
        with ThreadPoolExecutor(self._most, "job") as threads:
            self._keep_at_work(threads, stop, once=once)
        while self._under_way:
            with contextlib.suppress(StoreError):  # there is nothing left to pause for
                self._note(self._ended.get())
        return self._tally

    def release(self) -> None:
        """Queue the jobs in hand again, from any thread, because this process ends now."""
        self._doing.release()

    def _keep_at_work(
        self, threads: ThreadPoolExecutor, stop: threading.Event, *, once: bool
    ) -> None:
        pause = self._poll
        while not stop.is_set():
            try:
                is_busy = self._step(threads, stop)
            except StoreError as error:
                if once:
                    raise
                log.error("the database does not answer; next try in %.0f s: %s", pause, error)
                stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause = self._poll
            if once and not is_busy:
                break
            if not is_busy:
                stop.wait(self._poll)

    def _step(self, threads: ThreadPoolExecutor, stop: threading.Event) -> bool:
        """Begin what waits and has room, and wait for news; tell whether there is any work."""
        while self._under_way < self._most and (claimed := self._claimed()) is not None:
            self._under_way += 1
            threads.submit(self._work, *claimed, stop)
        if not self._under_way:
            return False
        end = time.monotonic() + self._poll
        while not stop.is_set() and (left := end - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                self._note(self._ended.get(timeout=min(left, LOOK)))
                break
        return True

    def _claimed(self) -> tuple[Job, str] | None:
        """Claim a job, under a name that no other work bears, now or later."""
        self._reclaim()
        name = self._doing.name()
        job = self._store.jobs.claim(name, tuple(self._doing.register), self._store.now())
        return None if job is None else (job, name)

    def _note(self, how: str | StoreError) -> None:
        """Count a job that has ended; raises the StoreError that ended it."""
        self._under_way -= 1
        if isinstance(how, StoreError):
            raise how
        self._tally = add(self._tally, how)

    def _reclaim(self) -> None:
        """Queue again what silent workers held, a few times within a lease."""
        now = time.monotonic()
        if now - self._reclaimed >= self._lease / LOOKS:
            self._reclaimed = now
            self._doing.reclaim()

    def _work(self, job: Job, worker: str, stop: threading.Event) -> None:
        """Do a job in a thread of its own, and say how it ended."""
        how: str | StoreError = "given_up"
        try:
            how = self._doing.do(job, worker, stop)
        except StoreError as error:
            how = error
        finally:
            self._ended.put(how)
