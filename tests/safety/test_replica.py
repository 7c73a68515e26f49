"""Two real servers in streaming replication: what the second one serves, and what it claims."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from app.errors import ConfigurationError
from app.oai import Provider
from app.settings import Oai, Settings
from app.store import Store, open_store
from app.store.replica import require_one, without_header
from tests import postgres
from tests.cli.conftest import Hub
from tests.store.making import change, member, name, put

pytestmark = pytest.mark.xdist_group("replica")

LONG, SHORT = 60.0, 0.0
WIDE = Settings(oai=Oai(secret="both know it"))
NARROW = Settings(oai=Oai(headers_per_page=4, secret="both know it"))
_STAMP = re.compile(rb"<responseDate>([^<]+)<")
_IDENTIFIER = re.compile(rb"<identifier>oai:[^:<]+:([^<]+)<")
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)<")


class Pair:
    """A primary and its replica, each by its address."""

    def __init__(self, primary: str, replica: str) -> None:
        self.primary = primary
        self.replica = replica

    def tell(self, statement: str) -> object:
        """Run a statement on the replica."""
        with psycopg.connect(self.replica, autocommit=True) as connection:
            return connection.execute(statement).fetchone()

    def pause(self) -> None:
        self.tell("SELECT pg_wal_replay_pause()")
        until(lambda: self.tell("SELECT pg_get_wal_replay_pause_state()") == ("paused",))

    def go_on(self) -> None:
        self.tell("SELECT pg_wal_replay_resume()")

    def opened(self, *, lag: float = LONG) -> Store:
        return open_store(self.primary, read_url=self.replica, read_lag=lag)


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something that comes by itself."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def pair(postgres_server: str, postgres_template: str) -> Iterator[Pair]:
    primary = postgres.create(postgres_server, "garnery_primary", postgres_template)
    folder = Path(tempfile.mkdtemp(prefix="garnery-replica-"))
    try:
        with postgres.replica(postgres_server, folder) as server:
            yield Pair(primary, server.replace("/postgres?", "/garnery_primary?"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        postgres.drop(postgres_server, "garnery_primary")


class Hubs:
    """The primary as workers see it, and the hub as a web process on the replica sees it."""

    def __init__(self, pair: Pair, primary: Store, web: Store) -> None:
        self.pair = pair
        self.primary = primary
        self.web = web
        self.reef = next(iter(primary.repositories.list()), None) or member(primary)

    def seen(self, store: Store) -> None:
        """Wait until reads show all that is there by now, those of the web by the replica."""
        newest = self.primary.visible_after()
        until(lambda: store.now().timestamp() >= newest)
        until(lambda: store is self.primary or by_replica(store))


@pytest.fixture
def hubs(pair: Pair) -> Iterator[Hubs]:
    primary, web = open_store(pair.primary), pair.opened()
    pair.go_on()
    yield Hubs(pair, primary, web)
    pair.go_on()
    primary.dispose()
    web.dispose()


def by_replica(store: Store) -> bool:
    """Whether a read goes to the replica at this moment."""
    with store.database.read() as connection:
        return bool(connection.execute(text("SELECT pg_is_in_recovery()")).scalar())


class Answered:
    """An answer of the provider, as an aggregator reads it."""

    def __init__(self, store: Store, settings: Settings = WIDE, **pairs: str) -> None:
        given = {"verb": "ListIdentifiers", **pairs}
        if "resumptionToken" not in pairs:
            given["metadataPrefix"] = "oai_dc"
        asked = [(key.rstrip("_"), value) for key, value in given.items()]
        body = Provider(store, settings).answer(asked, now=store.now()).body
        self.at = _STAMP.findall(body)[0].decode()
        self.names = {one.decode() for one in _IDENTIFIER.findall(body)}
        self.token = next((one.decode() for one in _TOKEN.findall(body)), "")
        self.body = body


def walked(store: Store, **pairs: str) -> tuple[str, set[str]]:
    """A whole list: the responseDate of its first page, and the records in it."""
    page = first = Answered(store, **pairs)
    names = set(page.names)
    while page.token:
        page = Answered(store, resumptionToken=page.token)
        names |= page.names
    return first.at, names


def test_a_replica_serves_the_same(hubs: Hubs) -> None:
    put(hubs.primary, hubs.reef, *(change(n) for n in range(10)))
    hubs.seen(hubs.web)
    hubs.seen(hubs.primary)
    assert walked(hubs.web)[1] == walked(hubs.primary)[1] == {name(n) for n in range(10)}
    assert by_replica(hubs.web)
    assert not by_replica(hubs.primary)


def test_a_lagging_replica_claims_nothing_that_it_has_not_seen(hubs: Hubs) -> None:
    hubs.seen(hubs.web)
    hubs.pair.pause()
    stamp = put(hubs.primary, hubs.reef, change(100)) or 0
    until(lambda: hubs.primary.now().timestamp() > stamp)
    at, names = walked(hubs.web)
    assert name(100) not in names  # it was read from the replica
    assert _seconds(at) < stamp
    assert name(100) in walked(hubs.primary)[1]
    hubs.pair.go_on()
    hubs.seen(hubs.web)
    assert name(100) in walked(hubs.web, from_=at)[1]


def test_a_list_goes_on_whole_that_another_process_began(hubs: Hubs) -> None:
    put(hubs.primary, hubs.reef, *(change(n) for n in range(200, 210)))
    hubs.seen(hubs.web)
    hubs.pair.pause()
    stamp = put(hubs.primary, hubs.reef, *(change(n) for n in range(210, 220))) or 0
    until(lambda: hubs.primary.now().timestamp() > stamp)
    page = Answered(hubs.primary, NARROW)
    names = set(page.names)
    assert by_replica(hubs.web)
    assert page.token
    while page.token:
        page = Answered(hubs.web, NARROW, resumptionToken=page.token)
        names |= page.names
    assert not by_replica(hubs.web)
    assert {name(n) for n in range(200, 220)} <= names


def test_beyond_its_bound_the_primary_is_read_until_it_is_back(hubs: Hubs, pair: Pair) -> None:
    hubs.pair.pause()
    stamp = put(hubs.primary, hubs.reef, change(300)) or 0
    until(lambda: hubs.primary.now().timestamp() > stamp)
    web = pair.opened(lag=SHORT)
    at, names = walked(web)
    assert name(300) in names
    assert _seconds(at) >= stamp
    found = Hub(pair.primary)("check", "--json", GARNERY_DATABASE_READ_URL=pair.replica,
                              GARNERY_DATABASE_READ_LAG="0")  # fmt: skip
    assert "replica-lag" in [one["id"] for one in found.document["findings"]]
    shown = Hub(pair.primary)("status", "--json", GARNERY_DATABASE_READ_URL=pair.replica)
    assert shown.document["replica"]["lag"] > 0
    hubs.pair.go_on()
    web.dispose()
    hubs.seen(hubs.web)


def test_who_was_told_by_the_primary_reads_nothing_older(hubs: Hubs) -> None:
    hubs.seen(hubs.web)
    hubs.pair.pause()
    stamp = put(hubs.primary, hubs.reef, change(400)) or 0
    until(lambda: hubs.primary.now().timestamp() > stamp)
    assert not hubs.web.records.get(name(400))
    hubs.web.seen_up_to(stamp)
    assert hubs.web.records.get(name(400))


def test_an_aggregator_misses_nothing_whichever_process_answers(hubs: Hubs) -> None:
    """Replay stops and goes on while records come; each list is asked of one or the other.

    It stands still for longer than datestamps lie ahead of their commit.
    """
    hubs.seen(hubs.web)
    stop = threading.Event()
    coming = iter(range(1000, 100_000))

    def write() -> None:
        while not stop.is_set():
            put(hubs.primary, hubs.reef, change(next(coming)), change(next(coming)))

    def hold() -> None:
        while not stop.wait(0.3):
            hubs.pair.tell("SELECT pg_wal_replay_pause()")
            stop.wait(3)
            hubs.pair.go_on()

    threads = [threading.Thread(target=one) for one in (write, hold)]
    for thread in threads:
        thread.start()
    has, since, end = set[str](), "", time.monotonic() + 4
    try:
        for turn in range(10_000):
            store = hubs.web if turn % 5 else hubs.primary
            at, names = walked(store, **({"from_": since} if since else {}))
            has |= names
            since = at
            if time.monotonic() > end:
                break
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        hubs.pair.go_on()
    hubs.seen(hubs.web)
    has |= walked(hubs.web, from_=since)[1]
    assert has == walked(hubs.primary)[1]
    assert len(has) > 10


def test_a_replica_that_does_not_answer_is_left_alone(pair: Pair) -> None:
    web = open_store(pair.primary, read_url="postgresql://postgres@/x?host=/nowhere", read_lag=9.0)
    primary = open_store(pair.primary)
    assert web.repositories.list() == primary.repositories.list()
    primary.dispose()
    assert web.now() is not None
    web.dispose()
    ran = Hub(pair.primary)("check", GARNERY_DATABASE_READ_URL=pair.primary)
    assert "is no replica" in ran.out


def test_what_is_no_one_replica_is_refused() -> None:
    for url in ("sqlite:///x.sqlite3", "postgresql://a,b/garnery", "postgresql:///g?host=a,b"):
        with pytest.raises(ConfigurationError):
            require_one(url)


def test_the_header_of_a_page_of_the_log_is_no_record() -> None:
    assert [without_header(end) for end in (8192 + 24, 16384 + 40, 8192 + 48)] == [
        8192,
        16384,
        8240,
    ]


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
