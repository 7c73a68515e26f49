"""What logs say, in both forms, and what they never say."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app import create_app
from app.cli import logs
from app.settings import Logs, Settings
from app.store import Store, open_store
from harvesters.runs.pipeline import harvest
from tests.system.source import source


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_a_line_for_people_and_an_object_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("console", "json"):
        logs.configure("work", Logs(format=form))
        with structlog.contextvars.bound_contextvars(job=4, repository="reef"):
            logging.getLogger("x").info("one %s", "harvest")
            structlog.get_logger("y").warning("two", more="words\nin lines")
        try:
            raise ValueError("broken")
        except ValueError:
            logging.getLogger("x").exception("three")
    lines = said(capsys)
    people = [line.partition("Z ")[2] for line in lines[:2]]
    assert people[0].startswith("work       one harvest ")
    assert set(people[0].split()[3:]) == {"job=4", "repository=reef"}
    assert people[1].startswith("work       warning: two")
    documents = [json.loads(line) for line in lines if line.startswith("{")]
    assert len(documents) == 3
    assert documents[0] | {"time": ""} == {
        "time": "", "level": "info", "process": "work", "event": "one harvest", "job": 4,
        "repository": "reef",
    }  # fmt: skip
    assert documents[0]["time"].endswith("Z")
    assert "ValueError: broken" in documents[2]["exception"]
    assert "job" not in documents[2]


def test_the_level_is_a_setting_and_a_flag_wins(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("web", Logs(level="error"))
    logging.getLogger("x").warning("unheard")
    logs.configure("web", Logs(level="error"), level=logging.DEBUG)
    logging.getLogger("x").debug("heard")
    assert [line[-5:] for line in said(capsys)] == ["heard"]


@pytest.mark.parametrize(
    "text",
    [
        "asked https://n.example/oai?verb=Identify&apikey=S3CRET",
        "asked https://me:S3CRET@n.example/oai",
        "postgresql+psycopg://hub:S3CRET@db/x is away",
        "Authorization: Bearer S3CRETS3CRET",
        'headers {"Authorization": "Basic S3CRETS3CRET"}',
        "password=S3CRET was wrong",
        "Cookie: S3CRET",
    ],
)
def test_no_secret_comes_out(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("work", Logs(format="json"))
    logging.getLogger("x").warning(text)
    structlog.get_logger("x").warning("event", detail=text)
    out = capsys.readouterr().err
    assert "S3CRET" not in out
    assert out.count("…") >= 2


def test_what_is_no_secret_stays(capsys: pytest.CaptureFixture[str]) -> None:
    text = "asked https://n.example/oai?verb=ListRecords&resumptionToken=abc at 12:30:45"
    logs.configure("web", Logs())
    logging.getLogger("x").info(text)
    logging.getLogger("x").info("listening on 127.0.0.1 port 8080")
    lines = said(capsys)
    assert lines[0].endswith(text)
    assert lines[1].endswith("listening on 127.0.0.1 port 8080")


def test_web_logs_hold_the_request_and_no_whole_address(
    sqlite_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(Settings(), sqlite_store)

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("for 203.0.113.77 and 2001:db8:1:2:3::4")

    logs.configure("web", Logs(format="json"))
    answer = app.test_client().get("/broken", environ_base={"REMOTE_ADDR": "203.0.113.77"})
    assert answer.status_code == 500
    (document,) = map(json.loads, said(capsys))
    assert document["request_id"] == answer.headers["X-Request-ID"]
    assert answer.headers["X-Request-ID"] in answer.text
    text = json.dumps(document)
    assert "203.0.113.0/24" in text
    assert "203.0.113.77" not in text
    assert "2001:db8:1::/48" in text
    assert "2001:db8:1:2" not in text


def test_what_a_harvest_logs_bears_its_number(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(sqlite_url)
    seen = []

    def progress(_: object) -> None:
        logging.getLogger("x").info("a page")
        seen.append(1)

    logs.configure("work", Logs(format="json"))
    with source(pages=1, size=2) as member:
        store.repositories.add(
            "m", title="M", base_url=member.url("oai"), every="1d", allow_private=True
        )
        ended = harvest(store, Settings(), "m", worker="w", trigger="person", progress=progress)
    logging.getLogger("x").info("after")
    store.dispose()
    documents = [json.loads(line) for line in said(capsys) if '"a page"' in line or "after" in line]
    assert seen
    assert documents[0]["harvest"] == ended.id
    assert documents[0]["repository"] == "m"
    assert "harvest" not in documents[-1]
