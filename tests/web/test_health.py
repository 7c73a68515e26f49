from __future__ import annotations

from typing import TYPE_CHECKING

from app import create_app
from tests.web.conftest import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def test_the_process_answers(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_hub_with_its_database_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "checks": {"database": "ok", "schema": "ok"}}


def test_a_hub_without_its_database_is_alive_but_not_ready(tmp_path: Path) -> None:
    from app.store import open_store, upgrade

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
