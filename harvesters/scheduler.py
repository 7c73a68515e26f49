"""The ticks: what is due becomes a job, what was left behind is taken up again.

APScheduler gives the ticks and nothing else; the truth about what is due is a column that is
claimed in one transaction, so any number of schedulers may run beside one another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from app import jobs
from app.errors import ConfigurationError, GarneryError
from app.settings import Settings
from app.store import Store
from app.store.requests import let_go
from app.store.values import Repository
from harvesters.schedule import next_harvest_at, spread
from harvesters.transport.hosts import held_until, job_lock

KEPT = timedelta(days=14)
"""How long ended jobs are remembered."""
SLOW = 12
"""The slow tick comes once in so many ticks."""

_log = structlog.get_logger("harvesters.scheduler")


def run(store: Store, settings: Settings, stop: threading.Event) -> None:
    """Tick until `stop` is set."""
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    seconds = settings.work.tick_seconds
    for name, length, action in (
        ("due", seconds, lambda: submit_due(store)),
        ("left behind", seconds, lambda: take_up(store, settings)),
        ("old", seconds * SLOW, lambda: store.jobs.prune(store.now() - KEPT)),
        ("kept answers", seconds * SLOW, lambda: let_go(store, store.now())),
    ):
        scheduler.add_job(_guarded(name, action), IntervalTrigger(seconds=length), name=name)
    scheduler.start()
    try:
        submit_due(store)
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)


def submit_due(store: Store) -> tuple[str, ...]:
    """Submit a job for each repository that is due and may be asked now; return their names.

    One whose host asked not to be asked now, or whose quiet hours it is, is due when that ends.
    """
    now, names = store.now(), []
    claimed = store.repositories.claim_due(now, following)
    barred = store.hosts.barred(now) if claimed else {}
    for repository in claimed:
        until = held_until(repository, barred, now)
        if until is not None:
            at = until + spread(until - now, repository.name)
            store.repositories.set_next(repository.id, at)
            continue
        lock = job_lock(repository)  # one harvest a host at a time
        jobs.submit(store, jobs.HARVEST, {"repository": repository.name}, lock=lock)
        names.append(repository.name)
    return tuple(names)


def following(repository: Repository, now: datetime) -> datetime:
    """Return when a repository is due again if its harvest says nothing else."""
    try:
        return next_harvest_at(repository.every, now, name=repository.name)
    except ConfigurationError:
        return now + timedelta(days=1)  # a schedule of an older version stops nobody else


def take_up(store: Store, settings: Settings) -> None:
    """Give the jobs of silent workers to others, and pay what a killed process left unstamped."""
    now = store.now()
    store.jobs.reclaim(now - timedelta(seconds=settings.work.lease_seconds))
    store.records.settle(now)


def _guarded(name: str, action: Callable[[], object]) -> Callable[[], None]:
    """Return an action whose failures are logged: the next tick tries again."""

    def tick() -> None:
        try:
            action()
        except GarneryError as error:
            _log.warning("tick failed", tick=name, error=str(error))

    return tick
