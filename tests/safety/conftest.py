"""A hub on each database that was filled by harvests; nobody changes it, tests work on copies."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests import postgres
from tests.cli.conftest import Hub
from tests.databases import KINDS, fresh
from tests.system.source import source

SECRET = "hush-hush"
_NUMBERS = count(1)
on_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True, scope="package")
"""Where one kind of database is enough."""


@pytest.fixture(scope="package", params=KINDS)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a hub with two members: one of them private, one with a password."""
    with (
        fresh(request, request.param, tmp_path_factory.mktemp("filled")) as url,
        source(pages=3, size=10) as one,
        source(pages=2, size=5) as other,
    ):
        hub = Hub(url)
        hub.add("reef", one)
        hub("repository", "credentials", "reef", "--basic", "ann", stdin=SECRET)
        hub.add("dune", other)
        for name in ("reef", "dune"):
            ran = hub("harvest", name, "-q")
            assert ran.code in {0, 10}, ran.err
        assert hub("repository", "edit", "dune", "--private", "--yes").code == 0
        yield url


@pytest.fixture
def own(request: pytest.FixtureRequest, filled: str, tmp_path: Path) -> Iterator[str]:
    """A copy of that hub, for tests that change it."""
    if filled.startswith("sqlite"):
        path = Path(filled.removeprefix("sqlite:///"))
        with (
            closing(sqlite3.connect(path)) as here,
            closing(sqlite3.connect(tmp_path / "own.sqlite3")) as there,
        ):
            here.backup(there)
        yield f"sqlite:///{tmp_path / 'own.sqlite3'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"garnery_own_{next(_NUMBERS)}"
    yield postgres.create(server, name, str(make_url(filled).database))
    postgres.drop(server, name)


@pytest.fixture(params=KINDS)
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, of each kind in turn."""
    yield from _without_tables(request, tmp_path, request.param)


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, filled: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, of the other kind than the filled one."""
    kind = "postgresql" if filled.startswith("sqlite") else "sqlite"
    yield from _without_tables(request, tmp_path, kind)


def _without_tables(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"garnery_elsewhere_{next(_NUMBERS)}"
    yield postgres.create(server, name)
    postgres.drop(server, name)


def copy_of(path: Path, target: Path) -> Path:
    """Copy a file; return the copy."""
    shutil.copyfile(path, target)
    return target
