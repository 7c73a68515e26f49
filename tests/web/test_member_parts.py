"""What a harvest asked, what is read, set aside, mended, held: pages of a hub that harvested."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.store import open_store, upgrade
from app.store.requests import requests_of
from tests.fakes.oai import BEGINNING, Fake, fake_repository
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub
from tests.web.conftest import SETTINGS

SECRET = "geheim+42"


class Past:
    """A hub whose one member was harvested, damaged, and came to lose most of its records."""

    def __init__(self, hub: Hub, fake: Fake) -> None:
        self.hub = hub
        fake.fill(9)
        fake.sizes_told = True
        fake.put("r0", stamp=BEGINNING, deleted=True)
        fake.put("=r5", stamp=BEGINNING + timedelta(days=5), metadata="<x>&nope</x>")
        fake.put("r6", stamp=BEGINNING + timedelta(days=6), title="A & B")
        fake.spoil = self._spoil
        self.first = hub.run(full=True)
        fake.clock += timedelta(days=1)
        for n in range(1, 5):
            fake.drop(f"r{n}")
        hub.run(kind="sweep")
        self.last = hub.run(kind="sweep")

    @staticmethod
    def _spoil(_: Asked, reply: Reply) -> Reply:
        """Echo the secret as servers do, and leave the ampersand of a title bare."""
        body = reply.body.replace(b"A &amp; B", b"A & B")
        return Reply(body.replace(b"<request", b"<!-- geheim+42 geheim%2B42 --><request"))


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    url = f"sqlite:///{tmp_path_factory.mktemp('past')}/hub.sqlite3"
    upgrade(url)
    store = open_store(url)
    with fake_repository(0) as fake:
        hub = Hub(store, f"{fake.url}?api_key=geheim%2B42")
        hub.join(allow_private=True)
        yield Past(hub, fake)
    store.dispose()


@pytest.fixture(scope="module")
def pages(past: Past) -> FlaskClient:
    return create_app(SETTINGS, past.hub.store).test_client()


def text(pages: FlaskClient, path: str) -> str:
    answer = pages.get(path)
    assert answer.status_code == 200, path
    body = answer.get_data(as_text=True)
    assert body.count("<h1") == 1
    assert "geheim" not in body
    return body


def test_the_requests_of_a_harvest_stand_in_order_without_secrets(
    pages: FlaskClient, past: Past
) -> None:
    body = text(pages, f"/harvests/{past.first.id}/requests")
    assert body.index("Identify") < body.index("ListRecords")
    assert "metadataPrefix=oai_dc" in body
    assert "oai:fake.example:r0" in body
    assert "mended: entities" in body
    assert "ListIdentifiers" in text(pages, f"/harvests/{past.last.id}/requests")
    assert f"/harvests/{past.first.id}/requests" in text(pages, f"/harvests/{past.first.id}")


def test_requests_are_paged(
    pages: FlaskClient, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.looking_back.LISTED", 2)
    path, seen = f"/harvests/{past.first.id}/requests", 0
    while path:
        body = text(pages, path)
        seen += body.count(" download>")
        _, more, rest = body.partition('rel="next" href="')
        path = rest.partition('"')[0] if more else ""
    assert seen == len(requests_of(past.hub.store, past.first.id)) > 4
    assert pages.get(f"/harvests/{past.first.id}/requests?after=-1").status_code == 400


def test_an_answer_is_a_download_that_no_browser_runs(pages: FlaskClient, past: Past) -> None:
    found = requests_of(past.hub.store, past.first.id)
    one = next(one for one in found if one.verb == "ListRecords")
    answer = pages.get(f"/harvests/{past.first.id}/requests/{one.id}/answer")
    assert answer.status_code == 200
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"<OAI-PMH" in answer.data
    assert b"geheim" not in answer.data
    assert "<!-- … … -->".encode() in answer.data
    other = f"/harvests/{past.last.id}/requests/{one.id}/answer"
    assert pages.get(other).status_code == 404
    assert pages.get(f"/harvests/{past.first.id}/requests/99999/answer").status_code == 404


def test_what_was_told_adds_up(pages: FlaskClient, past: Past) -> None:
    body = text(pages, f"/harvests/{past.first.id}")
    assert "told of 11 records = 9 stored + 1 removed there + 1 set aside" in body
    assert "That adds up." in body
    assert "That adds up." in text(pages, "/repositories/fake/report")


def test_what_is_set_aside_is_a_list_with_advice(pages: FlaskClient, past: Past) -> None:
    assert '"/repositories/fake/set-aside" data-count="1"' in text(
        pages, "/repositories/fake/report"
    )
    body = text(pages, "/repositories/fake/set-aside")
    assert "oai:fake.example:=r5" in body
    assert "How to mend it" in body
    (item,) = json.loads(pages.get("/repositories/fake/set-aside.json").data)["items"]
    assert (item["identifier"], item["tries"]) == ("oai:fake.example:=r5", 3)
    assert item["record"].startswith("https://hub.example.org/records/")
    answer = pages.get("/repositories/fake/set-aside.csv")
    assert answer.content_type.startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert row["cause"] == item["cause"]
    assert pages.get("/repositories/fake/set-aside.exe").status_code == 404


def test_repairs_are_a_list(pages: FlaskClient) -> None:
    items = json.loads(pages.get("/repositories/fake/repairs.json").data)["items"]
    assert {"entities"} <= {one["repair"] for one in items}
    rows = list(csv.DictReader(io.StringIO(pages.get("/repositories/fake/repairs.csv").text)))
    assert len(rows) == len(items)


def test_what_is_read_stands_in_the_order_of_time(pages: FlaskClient, past: Past) -> None:
    body = text(pages, "/repositories/fake/windows")
    assert f"harvest {past.last.id}" in body
    assert "the beginning" in body
    assert "never tried" in body.split("<table", 1)[0]
    assert "never tried" not in body.split("<table", 1)[1]
    rows = pages.get("/repositories/fake/windows?format=json").get_json()["items"]
    assert {row["state"] for row in rows} == {"read"}
    table = csv.DictReader(io.StringIO(pages.get("/repositories/fake/windows?format=csv").text))
    assert [int(row["listed"]) for row in table] == [row["listed"] for row in rows]


def test_what_waits_for_a_person_is_shown_with_its_commands(pages: FlaskClient) -> None:
    front = text(pages, "/repositories/fake/report")
    assert "The deletion of 4 records waits for a decision." in front
    body = text(pages, "/repositories/fake/decisions")
    assert "4 records of 9: stopped" in body
    assert "garnery decisions approve 1 --name NAME" in body
    assert "garnery decisions reject 1" in body
    assert "Title of r1" in body
    (one,) = pages.get("/repositories/fake/decisions?format=json").get_json()["items"]
    assert (one["decision"], one["state"], one["records"]) == (1, "open", 4)


def test_any_identifier_has_an_answer(pages: FlaskClient) -> None:
    assert 'name="identifier"' in text(pages, "/repositories/fake/report")
    path = "/repositories/fake/why?identifier=oai:fake.example:"
    assert "waits for decision 1" in text(pages, f"{path}r2")
    assert "It was never listed." in text(pages, f"{path}%3Cb%3Enothing")
    assert "&lt;b&gt;nothing" in text(pages, f"{path}%3Cb%3Enothing")
    assert "It is here." in text(pages, f"{path}r9")
    text(pages, "/repositories/fake/why")
    assert pages.get(f"{path}{'x' * 5000}").status_code == 400


@pytest.mark.parametrize(
    "part",
    [
        "set-aside",
        "set-aside.csv",
        "repairs.json",
        "windows",
        "decisions",
        "why?identifier=x",
        "report",
        "problems.csv",
        "links-found",
        "links-found.json",
    ],
)
def test_nothing_of_a_hidden_repository_is_shown(pages: FlaskClient, past: Past, part: str) -> None:
    store = past.hub.store
    store.repositories.edit("fake", public=False)
    try:
        assert pages.get(f"/repositories/fake/{part}").status_code == 404
        assert pages.get(f"/harvests/{past.first.id}/requests").status_code == 404
    finally:
        store.repositories.edit("fake", public=True)
