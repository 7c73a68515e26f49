from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from app import clock, create_app, room
from app.jobs import presence
from app.settings import Settings, Web
from app.store import open_store, upgrade
from tests.web.conftest import SETTINGS

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from app.store import Store

ALONE = msgspec.structs.replace(SETTINGS, web=Web(ready_with=()))


def checks(store: Store, settings: Settings = SETTINGS) -> dict[str, str]:
    answer = create_app(settings, store).test_client().get("/readyz")
    well = all(word == "ok" for word in answer.json["checks"].values())
    assert (answer.status_code, answer.json["status"]) == (
        (200, "ready") if well else (503, "not ready")
    )
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, str] = answer.json["checks"]
    return found


def test_the_process_answers(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_hub_is_ready_once_scheduler_and_worker_give_signs(store: Store) -> None:
    silent = {"database": "ok", "schema": "ok", "scheduler": "failed", "worker": "failed",
              "disk": "ok"}  # fmt: skip
    assert checks(store) == silent
    for role in (presence.TICK, presence.WORKER):
        presence.sign(store, role)
    assert checks(store) == dict.fromkeys(silent, "ok")
    before = clock.now() - timedelta(seconds=20)
    store.hub.put("last-sign-tick", clock.text(before))
    assert checks(store) == dict.fromkeys(silent, "ok") | {"scheduler": "failed"}
    store.hub.put("last-sign-worker", clock.text(clock.now() - timedelta(seconds=70)))
    assert checks(store)["worker"] == "failed"


def test_a_web_server_that_runs_alone_says_so_by_a_setting(sqlite_store: Store) -> None:
    assert checks(sqlite_store, ALONE) == {"database": "ok", "schema": "ok", "disk": "ok"}


def test_work_that_stands_still_makes_the_hub_unready(sqlite_store: Store) -> None:
    for role in (presence.TICK, presence.WORKER):
        presence.sign(sqlite_store, role)
    sqlite_store.jobs.submit("harvest", {"repository": "reef"})
    sqlite_store.jobs.claim("w1", ("harvest",), sqlite_store.now())
    assert checks(sqlite_store)["worker"] == "ok"
    assert not sqlite_store.jobs.stalled(sqlite_store.now() - timedelta(seconds=120))
    assert sqlite_store.jobs.stalled(sqlite_store.now() + timedelta(seconds=120))


def test_a_disk_that_is_nearly_full_makes_the_hub_unready(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LEAST", 1.1)
    assert checks(sqlite_store, ALONE)["disk"] == "failed"


def test_a_hub_without_its_database_is_alive_but_not_ready(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite3"
    upgrade(f"sqlite:///{file}")
    store = open_store(f"sqlite:///{file}")
    client = create_app(SETTINGS, store).test_client()
    store.dispose()
    for part in tmp_path.iterdir():
        part.unlink()
    file.write_bytes(b"this is no database " * 1000)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["database"] == "failed"
    assert answer.headers["Retry-After"] == "30"
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 503
