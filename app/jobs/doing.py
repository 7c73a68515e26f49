"""How one job is done, whichever engine brought it: under a lease, to an end that is written down.

A job that fails by what heals by itself is tried again, later and later; what needs a person, and a
defect, ends it at once, and is shown.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from datetime import timedelta
from itertools import count

from structlog.contextvars import bound_contextvars

from app.errors import GarneryError, HarvestError, LeaseLost, Refused, StoreError
from app.jobs import GivenUp, Register, Tally, execute
from app.jobs.lease import Lease
from app.processor import SharedProcessor
from app.store import Store
from app.store.values import Job

FIRST_PAUSE = timedelta(minutes=1)
TRIES = 5
"""Times that a job is begun at most, whatever heals by itself."""
HEALING = frozenset(
    (
        "name-not-found", "connection-refused", "connection-reset", "timed-out", "too-slow",
        "http-5xx", "asked-to-wait", "empty-body", "not-xml", "truncated", "body-short",
        "disk-full", "database-busy",
    )
)  # fmt: skip
"""Causes that may be gone at the next try."""

LONGEST_PAUSE = 30.0
"""Seconds between two tries while the database does not answer."""
LOOK = 0.2
"""Seconds between two looks whether to end."""

log = logging.getLogger(__name__)


def again_after(error: Exception, attempts: int) -> timedelta | None:
    """Return after which time a failed job is tried again: 1, 4, 16, 64 minutes; None: never.

    attempts: how often it was begun so far.
    """
    heals = isinstance(error, OSError) or (
        isinstance(error, HarvestError) and error.cause in HEALING
    )
    return FIRST_PAUSE * 4 ** (attempts - 1) if heals and attempts < TRIES else None


class Doing:
    """Does jobs in the threads of an engine, and remembers which are in hand."""

    def __init__(self, store: Store, register: Register, *, worker: str, lease: float) -> None:
        """lease: in seconds."""
        self.register = register
        self._store = store
        self._worker = worker
        self._lease = lease
        self._processor = SharedProcessor()
        self._numbers = count(1)
        self._held: dict[str, Lease] = {}

    def name(self) -> str:
        """Return a name that no other work bears, now or later."""
        return f"{self._worker}:{next(self._numbers)}"

    def reclaim(self) -> None:
        """Queue again what silent workers held."""
        found = self._store.jobs.reclaim(self._store.now() - timedelta(seconds=self._lease))
        if found:
            log.warning("%d jobs of silent workers are queued again", found)

    def release(self) -> None:
        """Queue the jobs in hand again, from any thread, because this process ends now."""
        for worker, lease in list(self._held.items()):
            if not lease.lost:
                with contextlib.suppress(LeaseLost):  # it has just ended
                    self._store.jobs.retry(lease.job.id, worker, self._store.now(), "")

    def do(self, job: Job, worker: str, stop: threading.Event) -> str:
        """Do a job; returns how it ended: done, failed or given_up. Raises StoreError."""
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

    def _execute(self, lease: Lease) -> tuple[str, str, timedelta]:
        """Execute the job; returns how it ended, why, and the pause before the next try."""
        nothing = timedelta(0)
        try:
            with bound_contextvars(job=lease.job.id):
                execute(self.register, lease)
        except GivenUp:
            how = "lost" if lease.lost else "cancelled" if lease.asked else "released"
            return how, "", nothing
        except LeaseLost:
            return "lost", "", nothing
        except Refused as error:
            return "later", str(error), timedelta(seconds=self._lease)
        except StoreError:
            raise
        except GarneryError as error:
            return self._failed(lease, error, str(error))
        except Exception as error:  # a worker's outermost edge
            log.exception("job %d (%s) failed by a defect", lease.job.id, lease.job.kind)
            return self._failed(lease, error, f"{type(error).__name__}: {error}")
        return "done", "", nothing

    def _failed(self, lease: Lease, error: Exception, why: str) -> tuple[str, str, timedelta]:
        pause = again_after(error, lease.job.attempts)
        return ("failed", why, timedelta(0)) if pause is None else ("later", why, pause)

    def _end(self, lease: Lease, how: str, reason: str, pause: timedelta) -> str:
        job, worker, now = lease.job, lease.worker, self._store.now()
        if how == "lost":
            log.warning("job %d is given up: another worker has it", job.id)
        elif how == "released":
            self._store.jobs.retry(job.id, worker, now, "")
            log.info("job %d is queued again, since this worker ends", job.id)
        elif how == "cancelled":
            self._store.jobs.finish(job.id, worker, state="cancelled")
            log.info("job %d is cancelled, as a person asked", job.id)
        elif how == "later":
            self._store.jobs.retry(job.id, worker, now + pause, reason)
            log.info("job %d waits for %s: %s", job.id, pause, reason)
        else:
            self._store.jobs.finish(job.id, worker, error=reason)
            if reason:
                log.error("job %d (%s) failed: %s", job.id, job.kind, reason)
            return how
        return "given_up"


class Worked:
    """What every engine has: how it works, the jobs in hand, and how it lets go of them."""

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
        self._tally = Tally()

    def release(self) -> None:
        """Queue the jobs in hand again, from any thread, because this process ends now."""
        self._doing.release()


def add(tally: Tally, how: str) -> Tally:
    """Count one more job that ended in a way."""
    return Tally(
        tally.done + (how == "done"),
        tally.failed + (how == "failed"),
        tally.given_up + (how == "given_up"),
    )
