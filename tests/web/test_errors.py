from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import abort

from app import create_app
from app.errors import StoreError
from tests.web.conftest import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.web.filling import Filled

PAGES = (
    "/",
    "/search",
    "/records/{dataset}",
    "/records/{gone}",
    "/repositories",
    "/harvests",
    "/doi/10.5072/none",
)


def test_an_error_page_names_the_request(client: FlaskClient) -> None:
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert answer.headers["X-Request-ID"] in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_stands_in_the_address_is_escaped(client: FlaskClient) -> None:
    page = client.get("/<script>alert(1)</script>").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("path", PAGES)
def test_a_database_that_fails_is_503_everywhere(tmp_path: Path, filled: Filled, path: str) -> None:
    from app.store import open_store, upgrade

    file = tmp_path / "hub.sqlite3"
    url = f"sqlite:///{file}"
    upgrade(url)
    store = open_store(url)
    client = create_app(SETTINGS, store).test_client()
    store.dispose()
    for part in tmp_path.iterdir():
        part.unlink()
    file.write_bytes(b"this is no database " * 1000)
    answer = client.get(path.format(**filled.ids))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "busy or being repaired" in answer.get_data(as_text=True)
    assert str(tmp_path) not in answer.get_data(as_text=True)


def test_our_own_faults_tell_nothing_of_the_inside(filled: Filled) -> None:
    app = create_app(SETTINGS, filled.store)

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("the secret of /etc/shadow")

    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.get_data(as_text=True)
    assert "shadow" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 406, 410, 413, 429, 500, 503])
def test_every_status_has_a_page_with_that_status(filled: Filled, status: int) -> None:
    app = create_app(SETTINGS, filled.store)

    @app.get("/fails")
    def fails() -> str:
        abort(status)

    answer = app.test_client().get("/fails")
    assert answer.status_code == status
    assert "<h1>" in answer.get_data(as_text=True)


def test_a_store_error_is_not_an_error_of_ours(filled: Filled) -> None:
    app = create_app(SETTINGS, filled.store)

    @app.get("/store")
    def store() -> str:
        raise StoreError("disk full at /var/lib/secret")

    answer = app.test_client().get("/store")
    assert answer.status_code == 503
    assert "secret" not in answer.get_data(as_text=True)
