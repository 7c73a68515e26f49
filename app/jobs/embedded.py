"""The engine in use: processes that claim job rows, one job at a time each, on either database.

What a killed worker held is claimed again once its lease has lapsed; what a stopped worker held is
queued again at once. Two jobs with one lock never run together: the claim sees to it.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from app.errors import GarneryError, LeaseLost, Refused, StoreError
from app.jobs import GivenUp, Register, Tally, execute
from app.jobs.lease import BEATS, Lease
from app.store import Store
from app.store.values import Job

LONGEST_PAUSE = 30.0
"""Seconds between two tries while the database does not answer."""

log = logging.getLogger(__name__)


class EmbeddedEngine:
    """Claims jobs of the registered kinds and executes them, in this process and thread."""

    def __init__(
        self, store: Store, register: Register, *, worker: str, poll: float, lease: float
    ) -> None:
        self._store = store
        self._register = register
        self._worker = worker
        self._poll = poll
        self._lease = lease
        self._reclaimed = -lease
        self._held: Lease | None = None

    def run(self, stop: threading.Event, *, once: bool = False) -> Tally:
        """Work until `stop` is set; with `once`, until nothing waits (a lost database raises)."""
        tally, pause = Tally(), self._poll
        while not stop.is_set():
            try:
                ended = self._step(stop)
            except StoreError as error:
                if once:
                    raise
                log.error("the database does not answer; next try in %.0f s: %s", pause, error)
                stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause = self._poll
            if ended is not None:
                tally = _add(tally, ended)
            elif once:
                break
            else:
                stop.wait(self._poll)
        return tally

    def release(self) -> None:
        """Queue the job in hand again, from any thread, because this process ends now."""
        if self._held is not None and not self._held.lost:
            self._store.jobs.retry(self._held.job.id, self._worker, self._store.now(), "")

    def _step(self, stop: threading.Event) -> str | None:
        """Do one job and return how it ended; None when nothing waits."""
        self._reclaim()
        job = self._store.jobs.claim(self._worker, tuple(self._register), self._store.now())
        return self._do(job, stop) if job else None

    def _reclaim(self) -> None:
        """Queue again what silent workers held, a few times within a lease."""
        now = time.monotonic()
        if now - self._reclaimed < self._lease / BEATS:
            return
        self._reclaimed = now
        found = self._store.jobs.reclaim(self._store.now() - timedelta(seconds=self._lease))
        if found:
            log.warning("%d jobs of silent workers are queued again", found)

    def _do(self, job: Job, stop: threading.Event) -> str:
        lease = Lease(self._store, job, worker=self._worker, seconds=self._lease, stop=stop)
        self._held = lease
        try:
            with lease:
                return self._end(job, *self._execute(lease))
        except LeaseLost:
            log.warning("job %d is given up: another worker has it", job.id)
            return "given_up"
        finally:
            self._held = None

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

    def _end(self, job: Job, how: str, reason: str) -> str:
        now = self._store.now()
        if how == "lost":
            log.warning("job %d is given up: another worker has it", job.id)
            return "given_up"
        if how == "released":
            self._store.jobs.retry(job.id, self._worker, now, "")
            log.info("job %d is queued again, since this worker ends", job.id)
            return "given_up"
        if how == "later":
            wait = timedelta(seconds=self._lease)
            self._store.jobs.retry(job.id, self._worker, now + wait, reason)
            log.info("job %d has to wait: %s", job.id, reason)
            return "given_up"
        self._store.jobs.finish(job.id, self._worker, error=reason)
        if reason:
            log.error("job %d (%s) failed: %s", job.id, job.kind, reason)
        return how


def _add(tally: Tally, how: str) -> Tally:
    return Tally(
        tally.done + (how == "done"),
        tally.failed + (how == "failed"),
        tally.given_up + (how == "given_up"),
    )
