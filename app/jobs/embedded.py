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
from app.jobs import Tally
from app.jobs.doing import LONGEST_PAUSE, LOOK, Worked, add
from app.jobs.lease import LOOKS
from app.store.values import Job

log = logging.getLogger(__name__)


class EmbeddedEngine(Worked):
    """Claims jobs of the registered kinds and executes them in threads of this process."""

    _reclaimed = float("-inf")
    _under_way = 0
    _ended: queue.SimpleQueue[str | StoreError]
    """How jobs ended, from their threads."""

    def run(self, stop: threading.Event, *, once: bool = False) -> Tally:
        """Work until `stop` is set; with `once`, until nothing waits (a lost database raises)."""
        self._tally, self._ended = Tally(), queue.SimpleQueue()
        with ThreadPoolExecutor(self._most, "job") as threads:
            self._keep_at_work(threads, stop, once=once)
        while self._under_way:
            with contextlib.suppress(StoreError):  # there is nothing left to pause for
                self._note(self._ended.get())
        return self._tally

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
