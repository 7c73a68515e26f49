"""A hub with 12 public records of two members, two of them deleted, and one hidden member."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update

from app import clock
from app.settings import Dumps, Oai, Settings
from app.store import Store
from app.store.tables import memberships, records, renderings
from tests.store.making import change, member, put

AUGUST = clock.seconds(datetime(2026, 8, 10, tzinfo=UTC))


@pytest.fixture
def filled(store: Store) -> Store:
    fill(store)
    return store


@pytest.fixture
def sqlite_filled(sqlite_store: Store) -> Store:
    fill(sqlite_store)
    return sqlite_store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        base_url="https://hub.example.org",
        oai=Oai(domain="hub.example.org"),
        dumps=Dumps(folder=str(tmp_path / "dumps")),
    )


def fill(store: Store) -> None:
    reef, bay = member(store, "reef"), member(store, "bay")
    hidden = member(store, "hidden", public=False)
    put(store, reef, *(change(n) for n in range(6)))
    put(store, bay, *(change(n, key="bay", sets=("member:bay", "type:Text")) for n in range(6)))
    put(store, hidden, *(change(n, key="hidden") for n in range(3)))
    put(store, reef, change(0, "deleted"))
    put(store, bay, change(5, "deleted", key="bay", sets=("member:bay", "type:Text")))


def age(store: Store, stamp: int, after: int = 0) -> None:
    """Let all that changed after a second have changed at another one, of the past."""
    with store.database.write() as connection:
        for table in (records, renderings, memberships):
            column = table.c.stamp
            connection.execute(update(table).where(column > after).values(stamp=stamp))
        if not after:
            came = clock.moment(stamp)
            values = {"first_harvested_at": came, "last_changed_at": came}
            connection.execute(update(records).values(values))


def with_database(settings: Settings, store: Store) -> dict[str, str]:
    """The variables that lead a command to a store and its settings."""
    return {
        "GARNERY_DATABASE_URL": store.url,
        "GARNERY_BASE_URL": settings.base_url,
        "GARNERY_DUMPS_FOLDER": settings.dumps.folder,
    }


def lines(data: bytes) -> list[dict[str, object]]:
    return [msgspec.json.decode(line) for line in data.splitlines()]
