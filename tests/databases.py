"""A fresh database of a kind, for as long as a block lasts: for hubs that several tests share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lending import Lending

KINDS = ("sqlite", "postgresql")


@contextmanager
def fresh(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """The address of a database with all tables; a fixture of any scope may ask for it."""
    if kind == "sqlite":
        path = folder / "garnery.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    databases: Lending = request.getfixturevalue("postgres_databases")
    url = databases.lend()
    yield url
    databases.take_back(url)
