"""The engine in use: processes that claim job rows, several at a time each, on either database.

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
from datetime import timedelta
from itertools import count

from app.errors import GarneryError, LeaseLost, Refused, StoreError
from app.jobs import GivenUp, Register, Tally, execute
from app.jobs.lease import BEATS, Lease
from app.processor import SharedProcessor
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
        self._register = register
        self._worker = worker
        self._poll = poll
        self._lease = lease
        self._most = most
        self._reclaimed = -lease
        self._processor = SharedProcessor()
        self._numbers = count(1)
        self._under_way = 0
        self._held: dict[str, Lease] = {}
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
        for worker, lease in list(self._held.items()):
            if not lease.lost:
                with contextlib.suppress(LeaseLost):  # it has just ended
                    self._store.jobs.retry(lease.job.id, worker, self._store.now(), "")

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
        name = f"{self._worker}:{next(self._numbers)}"
        job = self._store.jobs.claim(name, tuple(self._register), self._store.now())
        return None if job is None else (job, name)

    def _note(self, how: str | StoreError) -> None:
        """Count a job that has ended; raises the StoreError that ended it."""
        self._under_way -= 1
        if isinstance(how, StoreError):
            raise how
        self._tally = _add(self._tally, how)

    def _reclaim(self) -> None:
        """Queue again what silent workers held, a few times within a lease."""
        now = time.monotonic()
        if now - self._reclaimed < self._lease / BEATS:
            return
        self._reclaimed = now
        found = self._store.jobs.reclaim(self._store.now() - timedelta(seconds=self._lease))
        if found:
            log.warning("%d jobs of silent workers are queued again", found)

    def _work(self, job: Job, worker: str, stop: threading.Event) -> None:
        """Do a job in a thread of its own, and say how it ended."""
        how: str | StoreError = "given_up"
        try:
            how = self._do(job, worker, stop)
        except StoreError as error:
            how = error
        finally:
            self._ended.put(how)

    def _do(self, job: Job, worker: str, stop: threading.Event) -> str:
        lease = Lease(
            self._store, job, worker=worker, seconds=self._lease, stop=stop,
            processor=self._processor,
        )  # fmt: skip
        self._held[worker] = lease
        try:
            with lease:
                return self._end(lease, *self._execute(lease))
        except LeaseLost:
            log.warning("job %d is given up: another worker has it", job.id)
            return "given_up"
        finally:
            del self._held[worker]

    def _execute(self, lease: Lease) -> tuple[str, str]:
        """Execute the job; returns how it ended and why."""
        try:
            execute(self._register, lease)
        except GivenUp:
            return ("lost", "") if lease.lost else ("released", "")
        except LeaseLost:
            return "lost", ""
        except Refused as error:
            return "later", str(error)
        except StoreError:
            raise
        except GarneryError as error:
            return "failed", str(error)
        except Exception as error:  # a worker's outermost edge
            log.exception("job %d (%s) failed by a defect", lease.job.id, lease.job.kind)
            return "failed", f"{type(error).__name__}: {error}"
        return "done", ""

    def _end(self, lease: Lease, how: str, reason: str) -> str:
        job, worker, now = lease.job, lease.worker, self._store.now()
        if how == "lost":
            log.warning("job %d is given up: another worker has it", job.id)
            return "given_up"
        if how == "released":
            self._store.jobs.retry(job.id, worker, now, "")
            log.info("job %d is queued again, since this worker ends", job.id)
            return "given_up"
        if how == "later":
            wait = timedelta(seconds=self._lease)
            self._store.jobs.retry(job.id, worker, now + wait, reason)
            log.info("job %d has to wait: %s", job.id, reason)
            return "given_up"
        self._store.jobs.finish(job.id, worker, error=reason)
        if reason:
            log.error("job %d (%s) failed: %s", job.id, job.kind, reason)
        return how


def _add(tally: Tally, how: str) -> Tally:
    return Tally(
        tally.done + (how == "done"),
        tally.failed + (how == "failed"),
        tally.given_up + (how == "given_up"),
    )
