"""The ticks: what is due becomes a job, what was left behind is taken up again.

APScheduler gives the ticks and nothing else; the truth about what is due is a column that is
claimed in one transaction, so any number of schedulers may run beside one another.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from app import clock, jobs
from app.crosswalks.further import chosen
from app.errors import ConfigurationError, GarneryError
from app.jobs import presence
from app.schedule import kept_for, next_harvest_at, spread
from app.settings import Settings
from app.store import Store, completeness_days, further
from app.store.ageing import LEFT_BEHIND, forget_history, forget_requests, forget_sightings
from app.store.jobs import Work
from app.store.requests import let_go
from app.store.search import stocktaking
from app.store.served import tending as served_tending
from app.store.values import Repository
from app.store.versioning import forget as forget_versions
from harvesters import alerts
from harvesters.transport.hosts import held_until, job_lock

KEPT = timedelta(days=14)
"""How long ended jobs are remembered."""
PIECES = 20
"""Pieces of a switch to private or public that one tick does, of each member."""
DUMPS_DUE = "dumps-due"
"""Key under which the hub keeps when the dumps are due."""
SLOW = 12
"""The slow tick comes once in so many ticks."""
SLOWEST = 60 * SLOW
"""The tick at which old history goes."""

REST = 9
"""No stock is taken for so many times as long as the last stock-taking took."""

_log = structlog.get_logger("harvesters.scheduler")


class StockTaking:
    """Takes stock for searches, a tenth of the time at most.

    A harvest of a million records would else have it taken over and over. Searches are exact
    meanwhile, and somewhat slower.
    """

    def __init__(
        self, store: Store, stop: Callable[[], bool], now: Callable[[], float] = time.monotonic
    ) -> None:
        """now: seconds of a clock that only goes on."""
        self._store, self._stop, self._now = store, stop, now
        self._rests_until = 0.0

    def tend(self) -> None:
        """Take stock if it is time."""
        began = self._now()
        if began >= self._rests_until and stocktaking.tend(self._store.database, self._stop):
            ended = self._now()
            self._rests_until = ended + REST * (ended - began)


def run(store: Store, settings: Settings, stop: threading.Event) -> None:
    """Tick until `stop` is set."""
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    seconds = settings.work.tick_seconds
    begun: dict[int, int] = {}
    for name, length, action in (
        ("due", seconds, lambda: tick(store)),
        ("left behind", seconds, lambda: take_up(store, settings)),
        ("old", seconds * SLOW, lambda: store.jobs.prune(store.now() - KEPT)),
        ("dumps", seconds, lambda: submit_dump(store, settings)),
        ("damaged", seconds * SLOW, lambda: write_anew(store, begun)),
        ("formats", seconds * SLOW, lambda: submit_formats(store, settings)),
        ("kept answers", seconds * SLOW, lambda: let_go(store, store.now())),
        ("statistics", seconds * SLOW, lambda: tend_statistics(store, settings)),
        ("search counts", seconds * SLOW, StockTaking(store, stop.is_set).tend),
        ("history", seconds * SLOWEST, lambda: forget(store, settings)),
        ("alerts", seconds * SLOW, lambda: alerts.tend(store, settings)),
    ):
        scheduler.add_job(_guarded(name, action), IntervalTrigger(seconds=length), name=name)
    scheduler.start()
    try:
        tick(store)
        _guarded("formats", lambda: submit_formats(store, settings))()
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)


def tick(store: Store) -> None:
    """Submit what is due, and give a sign that it was done."""
    submit_due(store)
    presence.sign(store, presence.TICK)


def submit_due(store: Store) -> tuple[str, ...]:
    """Submit a job for each repository that is due and may be asked now; return their names.

    One whose host asked not to be asked now, or whose quiet hours it is, is due when that ends.
    """
    now = store.now()
    barred = store.hosts.barred(now)
    names: list[str] = []

    def next_of(repository: Repository, now: datetime) -> datetime:
        until = held_until(repository, barred, now)
        if until is None:
            return following(repository, now)
        return until + spread(until - now, repository.name)

    def work_of(repository: Repository, now: datetime) -> Work | None:
        if held_until(repository, barred, now) is not None:
            return None
        names.append(repository.name)
        lock = job_lock(repository)  # one harvest a host at a time
        return Work(jobs.HARVEST, {"repository": repository.name}, lock, jobs.SCHEDULED)

    while store.repositories.claim_due(now, next_of, work_of):
        pass
    return tuple(names)


def submit_dump(store: Store, settings: Settings) -> bool:
    """Submit a job for the dumps if they are due; tell whether it was.

    When they are due next is kept with the schedule that it was reckoned by.
    """
    every = settings.dumps.every.strip()
    if not settings.dumps.folder or not every:
        return False
    now = store.now()
    schedule, _, due = (store.hub.get(DUMPS_DUE) or "").rpartition(" ")
    if schedule == every and due > clock.text(now):
        return False
    at = next_harvest_at(every, now)
    jobs.submit(store, jobs.DUMP, {}, lock=jobs.DUMP)
    store.hub.put(DUMPS_DUE, f"{every} {clock.text(at)}")
    return True


def following(repository: Repository, now: datetime) -> datetime:
    """Return when a repository is due again if its harvest says nothing else."""
    try:
        return next_harvest_at(repository.every, now, name=repository.name)
    except ConfigurationError:
        return now + timedelta(days=1)  # a schedule of an older version stops nobody else


def take_up(store: Store, settings: Settings) -> None:
    """Give the jobs of silent workers to others, and do what a killed process left undone."""
    now = store.now()
    store.jobs.reclaim(now - timedelta(seconds=settings.work.lease_seconds))
    store.records.settle(now)
    store.showing.finish_all(pieces=PIECES)


def tend_statistics(store: Store, settings: Settings) -> None:
    """Keep statistics in order: what broke off, what is old, and the completeness of today."""
    ages = served_tending.ages(settings.statistics)
    served_tending.tend(store.database, ages, clock.now())
    completeness_days.note_completeness(store, store.now())


def forget(store: Store, settings: Settings) -> None:
    """Let go what harvests wrote down and whose time is over."""
    now, harvest = store.now(), settings.harvest
    forget_requests(store, now - kept_for(harvest.keep_requests))
    forget_history(store, now - kept_for(harvest.keep_history))
    forget_sightings(store, now - LEFT_BEHIND)
    age = kept_for(settings.records.keep_versions)
    forget_versions(store.database, now - age, all_of_them=not age)


def write_anew(store: Store, begun: dict[int, int]) -> None:
    """Have the records whose stored bytes are damaged read and written anew, by a worker.

    begun: how many there were, by repository, when that was last submitted; as long as the number
    stays, it is not submitted again: then only a whole harvest can help.
    """
    damaged = store.records.damaged()
    for number, count in damaged.items():
        repository = store.repositories.by_id(number)
        if begun.get(number) != count and not repository.removed:
            lock = job_lock(repository)
            what = {"repository": repository.name}
            jobs.submit(store, jobs.REINGEST, what, lock=lock, priority=jobs.BACKGROUND)
    begun.clear()
    begun.update(damaged)


def submit_formats(store: Store, settings: Settings) -> tuple[str, ...]:
    """Have the formats that were switched on rendered for records that are there, by workers.

    Returns the names of the repositories; a change of the setting is noted here.
    """
    names = tuple(one.prefix for one in chosen(settings.oai))
    switched = further.switch(store, names)
    if not names:
        return ()
    done = further.done(store, switched)
    wanted = [one for one in store.repositories.list() if one.id not in done and not one.removed]
    for one in wanted:
        what, lock = {"repository": one.name}, job_lock(one)
        jobs.submit(store, jobs.FORMATS, what, lock=lock, priority=jobs.BACKGROUND)
    return tuple(one.name for one in wanted)


def _guarded(name: str, action: Callable[[], object]) -> Callable[[], None]:
    """Return an action whose failures are logged: the next tick tries again."""

    def tick() -> None:
        try:
            action()
        except GarneryError as error:
            _log.warning("tick failed", tick=name, error=str(error))

    return tick
