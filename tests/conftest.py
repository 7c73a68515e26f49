"""Fixtures for all tests: the shared folder, a fresh database of each kind, a store in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from app.store import Store, open_store, upgrade
from tests import postgres
from tests.lending import Lending
from tests.shared import SHARED

# How long an example takes says more of the machine than of the program.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder; use it together with `needs_shared`."""
    return SHARED


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and no rows; it is copied, never opened."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL, one a test process; the address of its database `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="garnery-postgres-"))
    try:
        with postgres.serving(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database with all tables and no rows, to make others from."""
    name = "template_garnery"
    upgrade(postgres.create(postgres_server, name))
    return name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh SQLite database with all tables."""
    path = tmp_path / "garnery.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str, postgres_template: str) -> Lending:
    """Where databases with all tables and no records come from, and go to."""
    return Lending(postgres_server, postgres_template)


@pytest.fixture
def postgresql_url(postgres_databases: Lending) -> Iterator[str]:
    """The address of a PostgreSQL database as if it were fresh, with all tables."""
    url = postgres_databases.lend()
    yield url
    postgres_databases.take_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with all tables, of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store in a fresh database, of each kind in turn."""
    opened = open_store(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A store in a fresh SQLite file, where one kind of database is enough."""
    opened = open_store(sqlite_url)
    yield opened
    opened.dispose()
