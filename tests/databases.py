"""A fresh database of a kind, for as long as a block lasts: for hubs that several tests share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests import postgres

KINDS = ("sqlite", "postgresql")
_NUMBERS = count(1)


@contextmanager
def fresh(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """The address of a database with all tables; a fixture of any scope may ask for it."""
    if kind == "sqlite":
        path = folder / "garnery.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, name = request.getfixturevalue("postgres_server"), f"garnery_shared_{next(_NUMBERS)}"
    yield postgres.create(server, name, request.getfixturevalue("postgres_template"))
    postgres.drop(server, name)
