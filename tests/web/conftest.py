"""A web application over a filled and over an empty hub."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app import create_app
from app.settings import Hub, Settings
from app.store import open_store, upgrade
from tests.web.filling import Filled, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from app.store import Store

SETTINGS = Settings(
    base_url="https://hub.example.org", hub=Hub(title="Hub of Tests", contact="hub@example.org")
)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    store = _open(tmp_path_factory.mktemp("filled"))
    yield fill(store)
    store.dispose()


@pytest.fixture(scope="session")
def client(filled: Filled) -> FlaskClient:
    return create_app(SETTINGS, filled.store).test_client()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[FlaskClient]:
    store = _open(tmp_path)
    yield create_app(SETTINGS, store).test_client()
    store.dispose()


def _open(folder: Path) -> Store:
    url = f"sqlite:///{folder}/hub.sqlite3"
    upgrade(url)
    return open_store(url)
