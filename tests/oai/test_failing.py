"""Whatever fails behind the provider, whenever, is 503 with Retry-After: never an empty list."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError

from app import create_app, ingest
from app.crosswalks import CROSSWALK
from app.crosswalks.xml import parse
from app.errors import StoreError
from app.ingest import Incoming
from app.oai import Provider, arguments
from app.record import Header, local_id
from app.reingest import reingest
from app.settings import Oai
from app.store import Store, deadline, open_store, upgrade
from app.store.tables import renderings
from app.web import provider as on_the_web
from harvesters import scheduler
from tests import postgres
from tests.oai.filling import DOMAIN, SETTINGS, Client, change, later, member, put, visible

SMALL = replace(SETTINGS, oai=Oai(records_per_page=2, headers_per_page=2, pace=0))
ONE = f"oai:{DOMAIN}:{local_id('m', 'a:1')}"
QUERIES = (
    "verb=Identify",
    "verb=ListSets",
    f"verb=ListMetadataFormats&identifier={ONE}",
    f"verb=GetRecord&metadataPrefix=oai_dc&identifier={ONE}",
    f"verb=GetRecord&metadataPrefix=nosuch&identifier={ONE}",
    f"verb=GetRecord&metadataPrefix=oai_dc&identifier={ONE}x",
    "verb=ListIdentifiers&metadataPrefix=oai_dc",
    "verb=ListRecords&metadataPrefix=oai_datacite&set=member:m",
    "verb=ListRecords&metadataPrefix=oai_dc&set=no.such",
    "verb=ListRecords&metadataPrefix=oai_dc&from=2999-01-01",
    "verb=ListRecords&resumptionToken=TOKEN",
)
SAMPLES = tuple(query for query in QUERIES if "TOKEN" not in query)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What fails here is logged, and that is not looked at."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def filled(store: Store) -> Store:
    put(store, member(store, "m"), [change("m", f"a:{n}", sets=("x:y",)) for n in range(5)])
    return store


def asked(store: Store, query: str, moment: datetime) -> bytes:
    """The answer to a query, by a provider that knows nothing yet."""
    pairs = arguments.read(query.encode())
    return Provider(store, SMALL).answer(pairs, now=moment).body


def with_token(store: Store, moment: datetime) -> tuple[str, ...]:
    """The queries, with a token of the store."""
    page = asked(store, "verb=ListRecords&metadataPrefix=oai_dc", moment)
    token = re.search(rb"<resumptionToken[^>]*>([^<]+)<", page)
    assert token is not None
    return tuple(query.replace("TOKEN", token[1].decode()) for query in QUERIES)


@contextmanager
def breaking(store: Store, number: int) -> Iterator[list[str]]:
    """The statement of that number fails; yields those that were run."""
    run: list[str] = []

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        run.append(statement)
        if len(run) == number:
            raise OperationalError(statement, {}, Exception("disk I/O error"))

    engines = (store.database._read, store.database._write)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", fail)
    try:
        yield run
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", fail)


def test_each_statement_that_fails_fails_the_answer(store: Store) -> None:
    moment = later(filled(store))
    for query in with_token(store, moment):
        good = asked(store, query, moment)
        for number in count(1):
            with breaking(store, number) as run:
                try:
                    answer = asked(store, query, moment)
                except StoreError:
                    continue
            assert len(run) < number, (query, run)
            assert answer == good
            break
        assert number > 1, query


def test_a_database_that_breaks_off_in_the_middle_fails_the_answer(sqlite_store: Store) -> None:
    moment, broken = later(filled(sqlite_store)), 0
    queries = with_token(sqlite_store, moment)
    goods = [asked(sqlite_store, query, moment) for query in queries]
    for steps in (20, 60, 150, 400, 1_000):

        def handle(connection: Any, *_: Any, steps: int = steps) -> None:
            connection.set_progress_handler(lambda: 1, steps)

        event.listen(sqlite_store.database._read, "checkout", handle)
        for query, good in zip(queries, goods, strict=True):
            try:
                assert asked(sqlite_store, query, moment) == good
            except StoreError:
                broken += 1
        event.remove(sqlite_store.database._read, "checkout", handle)
    assert broken > len(queries)


# ── over HTTP ────────────────────────────────────────────────────────────────────────────────


def served(store: Store) -> FlaskClient:
    return create_app(SMALL, store).test_client()


def require_unavailable(client: FlaskClient) -> None:
    """Each verb is 503, for programs and for people, and says nothing of the protocol."""
    for query in SAMPLES:
        for headers in ({}, {"Accept": "text/html,application/xhtml+xml"}):
            answer = client.get(f"/oai?{query}", headers=headers)
            assert answer.status_code == 503, (query, answer.data)
            assert 1 <= int(answer.headers["Retry-After"]) <= 3600
            assert answer.headers["Cache-Control"] == "no-store"
            assert b"<error" not in answer.data
            assert b"<OAI-PMH" not in answer.data


def test_a_schema_of_another_program_is_503_until_it_is_ours_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.schema_watch.LOOK_SECONDS", 0.0)
    client = served(filled(store))
    assert client.get("/oai?verb=ListSets").status_code == 200
    with store.database.read() as connection:
        ours = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    for step in ("0001", "9999", ours):
        with store.database.write() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{step}'")
        if step == ours:
            assert client.get("/oai?verb=ListSets").status_code == 200
        else:
            require_unavailable(client)


def test_a_file_that_is_gone_is_503(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.schema_watch.LOOK_SECONDS", 0.0)
    store = filled(open_store(sqlite_url))
    client = served(store)
    assert client.get("/oai?verb=ListSets").status_code == 200
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    require_unavailable(client)
    store.dispose()


def test_a_postgresql_that_is_stopped_is_503() -> None:
    folder = Path(tempfile.mkdtemp(prefix="garnery-stopped-"))
    try:
        with postgres.serving(folder) as server:
            url = postgres.create(server, "stopped")
            upgrade(url)
            store = filled(open_store(url))
            client = served(store)
            assert client.get("/oai?verb=ListSets").status_code == 200
        require_unavailable(client)
        store.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_fault_of_our_own_is_503_too(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = served(filled(sqlite_store))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("app.oai.response.envelope", fail)
    require_unavailable(client)


# ── time ─────────────────────────────────────────────────────────────────────────────────────


def test_a_request_whose_time_is_over_is_503(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = served(filled(sqlite_store))
    monkeypatch.setattr(on_the_web, "LONGEST_SECONDS", -1.0)
    require_unavailable(client)


def test_what_the_database_takes_too_long_for_is_broken_off(store: Store) -> None:
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    limited = deadline.within(0.3)
    with pytest.raises(StoreError, match="longer"), limited, store.database.read() as connection:
        connection.exec_driver_sql(slow).scalar()
    with store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    with deadline.within(-1), pytest.raises(StoreError, match="longer"):
        store.records.newest()


# ── stored bytes that are damaged ────────────────────────────────────────────────────────────

_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A wood {n}</dc:title>'
    "<dc:creator>Roe, Jo</dc:creator><dc:date>2020</dc:date></oai_dc:dc>"
)


def harvested(store: Store) -> int:
    """Fill a store as a harvest does, so that originals are kept; returns the repository."""
    number = member(store, "m")
    repository = store.repositories.by_id(number)
    found = []
    for n in range(4):
        data = _DC.format(n=n).encode()
        one = Incoming(Header(f"a:{n}", "2020-01-01"), parse(data), data)
        found.append(
            ingest.decide(
                one, None, origin=ingest.origin_of(repository, "2026-01-01T00:00:00Z"),
                prefix="oai_dc", today=date(2026, 1, 1), base_url="http://hub.test/oai",
            )
        )  # fmt: skip
    put(store, number, [one for one in found if one is not None])
    return number


def damage(store: Store, *names: str) -> None:
    """Turn a bit in the stored oai_dc of records, near its end."""
    for name in names:
        row = renderings.c.id == store.records.find(name)[0].id << 6 | 1
        with store.database.write() as connection:
            body = bytearray(connection.execute(select(renderings.c.body).where(row)).scalar_one())
            body[-8] ^= 1
            connection.execute(update(renderings).where(row).values(body=bytes(body)))


def test_a_damaged_record_is_left_out_reported_and_written_anew(store: Store) -> None:
    number = harvested(store)
    repository, client = store.repositories.by_id(number), Client(store, SMALL)
    before = client.headers(verb="ListRecords", metadataPrefix="oai_dc")
    damage(store, "a:1")
    left = client.headers(verb="ListRecords", metadataPrefix="oai_dc")
    gone = f"oai:{DOMAIN}:{local_id('m', 'a:1')}"
    assert {h.identifier for h in before} - {h.identifier for h in left} == {gone}
    with pytest.raises(StoreError, match="cannot be read"):
        client.answer(verb="GetRecord", metadataPrefix="oai_dc", identifier=gone)
    assert store.records.damaged() == {number: 1}
    assert [r.quarantine for r in store.records.quarantined(number)] == ["rendering-damaged"]
    (lacking,) = client.provider.missing(number, "oai_dc", limit=10)
    assert (lacking.record.identifier, "damaged" in lacking.reason) == ("a:1", True)

    visible(store)
    begun: dict[int, int] = {}
    scheduler.write_anew(store, begun)
    scheduler.write_anew(store, begun)
    assert store.jobs.counts() == {"queued": 1}
    reingest(store, repository, own_url="http://hub.test/oai")
    after = Client(store, SMALL).headers(verb="ListRecords", metadataPrefix="oai_dc")
    assert {h.identifier for h in after} == {h.identifier for h in before}
    assert after[-1].identifier == gone
    assert after[-1].datestamp > before[-1].datestamp
    assert [h for h in after if h.identifier != gone] == [h for h in before if h.identifier != gone]
    assert store.records.damaged() == {}
    assert store.records.previous([local_id("m", "a:1")]).popitem()[1].crosswalk == CROSSWALK


def test_a_page_of_which_nothing_is_left_is_no_empty_list(sqlite_store: Store) -> None:
    harvested(sqlite_store)
    damage(sqlite_store, *(f"a:{n}" for n in range(4)))
    with pytest.raises(StoreError, match="4 records of a page"):
        Client(sqlite_store).answer(verb="ListRecords", metadataPrefix="oai_dc")
    headers = Client(sqlite_store).headers(verb="ListIdentifiers", metadataPrefix="oai_dc")
    assert len(headers) == 4


def test_a_page_that_the_client_holds_is_known_without_its_bytes(sqlite_store: Store) -> None:
    harvested(sqlite_store)
    client = Client(sqlite_store)
    for prefix in ("oai_dc", "oai_datacite"):
        etag = client.answer(verb="ListRecords", metadataPrefix=prefix).etag
        damage(sqlite_store, *(f"a:{n}" for n in range(4)))
        held = client.answer(etag, verb="ListRecords", metadataPrefix=prefix)
        assert held.not_modified
        assert sqlite_store.records.damaged() == {}


def test_a_damaged_record_that_cannot_be_written_down_breaks_no_page(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    harvested(sqlite_store)
    damage(sqlite_store, "a:1")

    def refuse(*_: Any) -> None:
        raise StoreError("It is full.")

    monkeypatch.setattr(sqlite_store.records, "_set_aside", refuse)
    client = Client(sqlite_store)
    assert len(client.headers(verb="ListRecords", metadataPrefix="oai_dc")) == 3
