"""Work on one repository under the lock of its host, as any worker does it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app import jobs
from app.errors import GarneryError, Refused
from app.jobs.lease import Lease
from harvesters.hosts import job_lock

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.store.values import Repository


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
    error = "interrupted"
    try:
        with lease:
            yield lease
        error = ""
    except jobs.GivenUp:
        raise Refused(f"Another worker has taken the {kind} of {repository.name} over.") from None
    except GarneryError as known:
        error = str(known)
        raise
    finally:
        if not lease.lost:
            store.jobs.finish(job.id, worker, error=error)
