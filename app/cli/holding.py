"""Work on repositories under the lock of their hosts, done here or queued for the workers."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app import jobs
from app.errors import GarneryError, Refused, StoreError
from app.jobs.lease import Lease
from harvesters.transport.hosts import job_lock

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.store import Store
    from app.store.values import Job, Repository

Arguments = Callable[["Repository"], Mapping[str, Any]]


def queue(call: Call, kind: str, repositories: Sequence[Repository], arguments: Arguments) -> int:
    """Queue a job for each repository; returns the exit code. arguments: those of one of them."""
    items = []
    for one in repositories:
        given = dict(arguments(one))
        number = jobs.submit(call.store, kind, given, lock=job_lock(one), priority=jobs.PERSON)
        items.append({"repository": one.name, "state": "queued", "job": number})
    value = {"total": len(items), "items": items}
    call.show(value, lambda: (f"{i['repository']} is queued for the workers." for i in items))
    return 0


@contextmanager
def held(
    call: Call, repository: Repository, kind: str, arguments: Mapping[str, Any], worker: str
) -> Iterator[Lease]:
    """Hold the repository's host for a job; raises Refused that names who else holds it."""
    store, lock = call.store, job_lock(repository)
    lease_seconds = call.settings.work.lease_seconds
    store.jobs.reclaim(store.now() - timedelta(seconds=lease_seconds))
    job = store.jobs.hold(kind, dict(arguments), lock, worker)
    never = threading.Event()
    lease = Lease(store, job, worker=worker, seconds=lease_seconds, stop=never)
    error, later = "interrupted", False
    try:
        with lease:
            yield lease
        error = ""
    except jobs.GivenUp:
        raise Refused(f"Another worker has taken the {kind} of {repository.name} over.") from None
    except GarneryError as known:
        error, later = str(known), isinstance(known, StoreError) and bool(known.cause)
        raise
    finally:
        if not lease.lost:
            _let_go(store, job, worker, error, later=later)


def _let_go(store: Store, job: Job, worker: str, error: str, *, later: bool) -> None:
    """End the job; what an outage of the database broke off is left to a later worker."""
    if not later:
        store.jobs.finish(job.id, worker, error=error)
        return
    with contextlib.suppress(StoreError):  # else it is taken up once its lease has lapsed
        store.jobs.retry(job.id, worker, store.now(), error)
