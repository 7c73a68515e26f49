from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.options import RepositoryOptions
from app.settings import Settings
from app.settings import Work as WorkSettings
from app.store import Store, ageing
from app.store.jobs import Work
from app.store.probes import note_probe
from app.store.requests import Sent, requests_of
from app.store.search import stocktaking
from app.store.search.tables import facet_stock
from harvesters import scheduler
from tests.store.making import change


def join(store: Store, name: str, url: str = "https://a.example/oai", **values: object) -> None:
    due = store.now() - timedelta(minutes=1)
    given = {"title": name, "base_url": url, "every": "6h", "next_harvest_at": due} | values
    store.repositories.add(name, **given)  # type: ignore[arg-type]


def queued(store: Store) -> int:
    return store.jobs.counts().get("queued", 0)


def test_what_is_due_becomes_a_job_with_the_hosts_lock(store: Store) -> None:
    join(store, "a", "https://A.example/oai")
    assert scheduler.submit_due(store) == ("a",)
    job = store.jobs.claim("w", ["harvest"], store.now())
    assert job is not None
    assert (job.arguments, job.lock) == (b'{"repository":"a"}', "a.example")


def test_a_scheduler_that_dies_while_it_queues_loses_nothing_that_was_due(store: Store) -> None:
    class Killed(BaseException):
        """As a kill in the middle of the transaction."""

    def die(*_: object) -> Work:
        raise Killed

    join(store, "a")
    due = store.repositories.get("a").next_harvest_at
    with pytest.raises(Killed):
        store.repositories.claim_due(store.now(), lambda *_: None, die)
    assert store.repositories.get("a").next_harvest_at == due
    assert scheduler.submit_due(store) == ("a",)


def test_what_is_due_again_while_it_waits_is_queued_once(store: Store) -> None:
    join(store, "a")
    scheduler.submit_due(store)
    store.repositories.edit("a", next_harvest_at=store.now())
    assert scheduler.submit_due(store) == ("a",)
    assert queued(store) == 1


def test_a_repository_in_its_quiet_hours_is_due_when_they_end(sqlite_store: Store) -> None:
    store, now = sqlite_store, sqlite_store.now()
    begin, end = now - timedelta(hours=1), now + timedelta(hours=2)
    quiet = f"{begin:%H:%M}-{end:%H:%M}"
    join(store, "a", options=RepositoryOptions(quiet_hours=quiet))
    assert scheduler.submit_due(store) == ()
    at = store.repositories.get("a").next_harvest_at
    assert at is not None
    assert timedelta(minutes=118) < at - now < timedelta(minutes=133)


def test_what_was_claimed_is_due_again_by_its_schedule(store: Store) -> None:
    join(store, "a")
    scheduler.submit_due(store)
    following = store.repositories.get("a").next_harvest_at
    assert following is not None
    length = following - store.now()
    assert timedelta(hours=5, minutes=59) < length < timedelta(hours=6, minutes=31)
    assert scheduler.submit_due(store) == ()


def test_what_is_paused_or_not_due_is_left_alone(store: Store) -> None:
    join(store, "paused", paused=True)
    join(store, "later", next_harvest_at=store.now() + timedelta(hours=1))
    join(store, "never", next_harvest_at=None)
    assert scheduler.submit_due(store) == ()


def test_two_repositories_of_one_host_never_run_at_once(store: Store) -> None:
    join(store, "a", "https://host.example/a")
    join(store, "b", "https://host.example/b")
    scheduler.submit_due(store)
    assert store.jobs.claim("one", ["harvest"], store.now()) is not None
    assert store.jobs.claim("two", ["harvest"], store.now()) is None


def test_a_schedule_that_cannot_be_read_stops_nobody_else(sqlite_store: Store) -> None:
    store = sqlite_store
    join(store, "odd", every="sometimes")
    join(store, "good")
    assert set(scheduler.submit_due(store)) == {"odd", "good"}


def test_jobs_of_silent_workers_are_given_to_others(sqlite_store: Store) -> None:
    store = sqlite_store
    join(store, "a")
    scheduler.submit_due(store)
    assert store.jobs.claim("lost", ["harvest"], store.now()) is not None
    scheduler.take_up(store, Settings(work=WorkSettings(lease_seconds=-2.0)))
    assert store.jobs.claim("next", ["harvest"], store.now()) is not None


def test_ticks_come_until_stopped(sqlite_store: Store) -> None:
    store = sqlite_store
    stop = threading.Event()
    settings = Settings(work=WorkSettings(tick_seconds=0.1))
    thread = threading.Thread(target=scheduler.run, args=(store, settings, stop))
    thread.start()
    join(store, "a")
    end = time.monotonic() + 20
    while not queued(store) and time.monotonic() < end:
        stop.wait(0.05)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert queued(store) == 1


def test_a_tick_that_fails_is_followed_by_the_next(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.errors import StoreError

    def fails() -> None:
        raise StoreError("The database is away.")

    scheduler._guarded("due", fails)()


def test_old_history_goes_by_the_settings(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sqlite_store
    join(store, "a")
    repository = store.repositories.get("a")
    monkeypatch.setattr(ageing, "LAST_WITH_REQUESTS", 1)
    for _ in range(2):
        note_probe(
            store, repository.id, worker="w", started_at=store.now(), outcome="complete",
            sentence="Well.", sent=(Sent(store.now(), "Identify"),),
        )  # fmt: skip
    first, second = (one.id for one in reversed(store.harvests.list()))
    real = store.now()
    monkeypatch.setattr(store, "now", lambda: real + timedelta(days=89))
    scheduler.forget(store, Settings())
    assert len(requests_of(store, first)) == 1
    monkeypatch.setattr(store, "now", lambda: real + timedelta(days=91))
    scheduler.forget(store, Settings())
    assert (len(requests_of(store, first)), len(requests_of(store, second))) == (0, 1)


def test_stock_is_taken_a_tenth_of_the_time_at_most(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(store, "a")
    moment = iter((0.0, 10.0, 99.0, 100.0, 101.0)).__next__  # it takes ten seconds
    taking = scheduler.StockTaking(store, lambda: False, moment)
    monkeypatch.setattr(stocktaking, "WORTH_IT", 1)
    owner = store.repositories.get("a")

    def taken(number: int) -> object:
        store.records.apply(owner.id, None, "", [change(number)])
        taking.tend()
        with store.database.read() as connection:
            return connection.execute(select(facet_stock.c.taking)).scalar()

    first = taken(1)
    assert first is not None
    assert taken(2) == first
    assert taken(3) != first
