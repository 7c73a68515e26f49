"""Fair use over real HTTP: pace, waiting, shutting out; notes that never hold up an answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

import pytest
import requests
from flask import Flask
from lxml import etree
from msgspec.structs import replace
from sqlalchemy import text, update
from werkzeug.serving import make_server

from app import clock, create_app
from app.oai.pace import Limits
from app.settings import Oai, Settings, Web
from app.store import Store
from app.store.served import reading as served_reading
from app.store.served.reading import Wanted
from app.store.served.values import Note, ServedHarvest
from app.store.tables import METADATA
from app.web.fair_use import NAME, FairUse, Gate
from app.web.noting import Notebook
from tests.oai.filling import SETTINGS, Page, change, member, put
from tests.oai.serving import serving

RECORDS = 12
LIST = "verb=ListRecords&metadataPrefix=oai_dc"
OAI = replace(SETTINGS, oai=Oai(records_per_page=1))


class Clock:
    """Seconds that go on only when someone waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def filled(store: Store) -> Store:
    fill(store)
    return store


def fill(store: Store) -> None:
    """Put records in, and make them ten seconds old, rather than wait until they are visible."""
    put(store, member(store, "m"), [change("m", f"a:{n}") for n in range(RECORDS)])
    with store.database.write() as connection:
        for table in METADATA.sorted_tables:
            if "stamp" in table.c:
                connection.execute(update(table).values(stamp=table.c.stamp - 10))


def use_of(app: Flask) -> FairUse:
    return cast("FairUse", app.extensions[NAME])


@contextmanager
def served(store: Store, settings: Settings = OAI) -> Iterator[tuple[str, Flask]]:
    """Serve a hub over HTTP; yields the base URL of its provider, and the application."""
    app = create_app(settings, store)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/oai", app
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        use_of(app).notebook.close()


def walked(base: str, wait: Any, agent: str = "metha/1") -> tuple[list[str], int]:
    """Walk the whole list, waiting when told to; return the identifiers and how often it was."""
    found, waits, query = [], 0, LIST
    while query:
        answer = requests.get(f"{base}?{query}", headers={"User-Agent": agent}, timeout=30)
        if answer.status_code == 503:
            assert answer.headers["Cache-Control"] == "no-store"
            assert 1 <= int(answer.headers["Retry-After"]) <= 3600
            assert "send the same request again" in answer.text
            waits += 1
            wait(int(answer.headers["Retry-After"]))
            continue
        assert answer.status_code == 200
        page = Page(etree.fromstring(answer.content))
        found += [header.identifier for header in page.headers]
        query = page.token and f"verb=ListRecords&resumptionToken={page.token}"
    return found, waits


def harvests(store: Store) -> tuple[ServedHarvest, ...]:
    return served_reading.harvests(store.database, Wanted(clock.now() - timedelta(hours=6)))


def outcomes(store: Store) -> dict[str, int]:
    return {row.of: row.requests for row in served_reading.counted(store.database, "outcome")}


def test_a_client_that_waits_gets_every_record_and_one_that_does_not_is_shut_out(
    filled: Store,
) -> None:
    time = Clock()

    def wait(seconds: int) -> None:
        time.now += seconds

    with served(filled) as (base, app):
        use_of(app).gate = Gate(Limits(pace=4, at_once=3), now=time)
        found, waits = walked(base, wait)
        assert len(set(found)) == len(found) == RECORDS
        assert waits >= RECORDS - 4 - 1
        # Another client on the same machine is another client, and this one is not exempt.
        hasty = {"User-Agent": "hasty/1"}
        said = [requests.get(f"{base}?{LIST}", headers=hasty, timeout=30) for _ in range(16)]
        assert [answer.status_code for answer in said] == [200] * 4 + [503] * 10 + [403] * 2
        assert SETTINGS.hub.contact in said[-1].text
        assert said[-1].headers["Cache-Control"] == "no-store"
        assert requests.options(base, headers=hasty, timeout=30).status_code == 204
        wait(3600)
        assert requests.get(f"{base}?{LIST}", headers=hasty, timeout=30).status_code == 200
        assert use_of(app).notebook.flush()
    assert [(h.state, h.reached) for h in harvests(filled) if h.client.family == "metha"] == [
        ("complete", RECORDS)
    ]
    kept = outcomes(filled)
    assert kept["ok"] == RECORDS + 5
    assert (kept["too-fast"], kept["shut-out"]) == (waits + 10, 2)


def test_too_many_requests_at_once_are_told_to_wait(sqlite_store: Store) -> None:
    gate = Gate(Limits(pace=0, at_once=2))
    key = ("127.0.0.0/24", "a")
    assert [gate.ask(key).wait for _ in range(3)] == [0, 0, 1]
    assert gate.ask(("127.0.0.0/24", "b")).served
    gate.leave(key)
    assert gate.ask(key).served
    fill(sqlite_store)
    app = create_app(OAI, sqlite_store)
    for _ in range(2):
        use_of(app).gate = Gate(Limits(pace=0, at_once=1))
        client = app.test_client()
        assert client.get(f"/oai?{LIST}").status_code == 200  # each gives its place back
    use_of(app).gate.ask(("127.0.0.0/24", "x"))
    crowded = client.get(f"/oai?{LIST}", headers={"User-Agent": "x"})
    assert (crowded.status_code, crowded.headers["Retry-After"]) == (503, "1")


def test_clients_are_forgotten_the_oldest_first() -> None:
    gate = Gate(Limits(pace=1, at_once=0), now=Clock(), most=2)
    assert [gate.ask(("n", agent)).served for agent in "aabc"] == [True, False, True, True]
    assert gate.ask(("n", "c")).wait
    assert gate.ask(("n", "a")).served


def test_each_request_is_noted_with_what_it_asked_and_got(filled: Store) -> None:
    settings = replace(OAI, web=Web(trusted_proxies=1))
    client = create_app(settings, filled).test_client()
    use = use_of(client.application)
    headers = {
        "User-Agent": "BASE base-search/2",
        "From": "harvest@example.org",
        "X-Forwarded-For": "203.0.113.77",
    }

    def ask(query: str, **more: Any) -> Any:
        return client.open(f"/oai?{query}", headers=headers | more.pop("headers", {}), **more)

    first = ask(LIST + "&set=member:m&from=2000-01-01")
    token = Page(etree.fromstring(first.data)).token
    again = f"verb=ListRecords&resumptionToken={token}"
    etag = ask(again).headers["ETag"]
    assert ask(again, headers={"If-None-Match": etag}).status_code == 304
    ask("verb=Identify", method="HEAD")
    ask("verb=GetRecord&identifier=oai:x:y&metadataPrefix=nope")
    ask("verb=ListRecords&metadataPrefix=oai_dc&bogus=1&bogus=2")
    ask("verb=Identify", method="POST", data="x", content_type="text/plain")
    ask(LIST, method="OPTIONS")
    assert use.notebook.flush()
    assert outcomes(filled) == {
        "ok": 3,
        "not-modified": 1,
        "cannotDisseminateFormat idDoesNotExist": 1,
        "badArgument": 1,
        "http-415": 1,
    }
    (found,) = harvests(filled)
    assert (found.client.network, found.client.sender) == ("203.0.113.0/24", "harvest@example.org")
    assert (found.client.family, found.set_spec, found.prefix) == ("BASE", "member:m", "oai_dc")
    assert (found.state, found.requests, found.reached, found.size) == ("running", 3, 2, RECORDS)
    assert clock.text(found.from_ or 0) == "2000-01-01T00:00:00Z"
    kept = served_reading.requests_of(filled.database, found.id, limit=9)
    assert [(r.status, r.cursor, r.records, r.bytes > 0) for r in kept] == [
        (200, 0, 1, True), (200, 1, 1, True), (304, 1, 1, False),
    ]  # fmt: skip
    with filled.database.read() as connection:
        rows = str(connection.execute(text("SELECT * FROM served_clients")).all())
    assert "203.0.113.77" not in rows


def test_answers_go_on_while_statistics_are_broken_and_nothing_is_lost_quietly(
    filled: Store,
) -> None:
    client = create_app(OAI, filled).test_client()
    use = use_of(client.application)
    use.notebook.close()  # so that batches are written only when the test says so
    with filled.database.write() as connection:
        connection.execute(text("ALTER TABLE served_requests RENAME TO elsewhere"))
    for _ in range(3):
        assert client.get(f"/oai?{LIST}").status_code == 200
    assert not use.notebook.flush()
    use.notebook._most = 3
    assert client.get(f"/oai?{LIST}").status_code == 200
    assert use.notebook.unnoted == 1
    with filled.database.write() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO served_requests"))
    assert use.notebook.flush()
    assert outcomes(filled) == {"ok": 3, "unnoted": 1}
    assert "1 request more could not be counted" in client.get("/statistics/use").text
    use.family = None  # type: ignore[assignment, method-assign] - noting fails in itself
    assert client.get(f"/oai?{LIST}").status_code == 200
    assert use.notebook.unnoted == 1


def test_answers_do_not_wait_for_a_database_that_is_being_written(sqlite_store: Store) -> None:
    fill(sqlite_store)
    with served(sqlite_store) as (base, app):
        walked(base, int)  # the first token of a hub makes its secret
        assert use_of(app).notebook.flush()
        with sqlite_store.database.write():
            assert len(walked(base, int, "scythe/1")[0]) == RECORDS
            assert len(harvests(sqlite_store)) == 1
            assert not use_of(app).notebook.unnoted
    assert [h.state for h in harvests(sqlite_store)] == ["complete", "complete"]


def test_a_bad_note_does_not_keep_later_ones_out() -> None:
    written: list[Note] = []

    def write(notes: Any, unnoted: int) -> None:
        if any(note.status == 999 for note in notes):
            raise ValueError
        written.extend(notes)
        lost.append(unnoted)

    lost: list[int] = []
    notebook = Notebook(write, gather=60)
    notebook.note(Note(clock.now(), status=999))
    notebook.flush()
    notebook.note(Note(clock.now()))
    assert notebook.flush()
    assert (len(written), lost) == (1, [1])
    notebook.close()


def test_notes_are_written_when_the_server_is_told_to_end(sqlite_store: Store) -> None:
    """By Granian, whose processes end without running what is registered with atexit."""
    with serving(sqlite_store.url) as base:
        assert requests.get(f"{base}?verb=ListSets", timeout=30).status_code == 200
    verbs = served_reading.counted(sqlite_store.database, "verb")
    assert {row.of: row.requests for row in verbs}["ListSets"] == 1
