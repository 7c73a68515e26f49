"""A database that fails is a StoreError that names the cure, never an empty answer."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from app.errors import ConfigurationError, StoreError
from app.store import Store, dialects, open_store
from app.store.database import Database
from tests import postgres
from tests.store.making import FOREVER, change, dump, member, put

Reading = Callable[[Store], Any]
READINGS: dict[str, Reading] = {
    "page": lambda store: store.records.page("oai_dc", until=FOREVER, limit=1),
    "count": lambda store: store.records.count("oai_dc", until=FOREVER),
    "row": lambda store: store.records.row("a" * 16, "oai_dc"),
    "prefixes": lambda store: store.records.prefixes("a" * 16),
    "earliest": lambda store: store.records.earliest(),
    "sets": lambda store: store.sets.listed(after=None, limit=1),
    "find": lambda store: store.records.find("x"),
    "walk": lambda store: list(store.records.iterate()),
    "members": lambda store: store.repositories.list(),
    "harvests": lambda store: store.harvests.list(),
    "fact": lambda store: store.hub.get("x"),
    "ping": lambda store: store.ping(),
    "claim": lambda store: store.jobs.claim("w", ("x",), store.now()),
}


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS)
def test_reading_without_tables_fails_with_the_cure(tmp_path: Path, reading: Reading) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'empty.sqlite3'}", check=False)
    with pytest.raises(StoreError, match="garnery db upgrade"):
        reading(store)
    store.dispose()


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS)
def test_reading_from_a_server_that_is_gone_fails(
    postgres_server: str, postgres_template: str, reading: Reading
) -> None:
    store = open_store(postgres.create(postgres_server, "garnery_gone", postgres_template))
    store.repositories.list()
    postgres.drop(postgres_server, "garnery_gone")
    with pytest.raises(StoreError, match="There is no database"):
        reading(store)
    store.dispose()


@pytest.mark.parametrize(
    ("url", "cure"),
    [
        ("postgresql://nobody@127.0.0.1:9/none", "see that it runs"),
        ("postgresql://nobody@host.invalid/none", "correct database.url"),
        ("sqlite:////no/such/folder/garnery.sqlite3", "its folder must exist"),
    ],
)
def test_what_cannot_be_reached_is_said(url: str, cure: str) -> None:
    store = open_store(url, check=False)
    with pytest.raises(StoreError, match=cure):
        store.ping()


def test_passwords_stay_out_of_messages() -> None:
    store = open_store("postgresql://nobody:geheim@127.0.0.1:9/none", check=False)
    with pytest.raises(StoreError) as caught:
        store.ping()
    assert "geheim" not in str(caught.value)


def test_a_server_that_comes_back_is_used_again(
    postgres_server: str, postgres_template: str
) -> None:
    """Connections that broke are replaced; only what was under way fails."""
    url = postgres.create(postgres_server, "garnery_back", postgres_template)
    store = open_store(url)
    member(store)
    postgres.run(
        postgres_server,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'garnery_back'",
    )
    assert [one.name for one in store.repositories.list()] == ["reef"]
    store.dispose()
    postgres.drop(postgres_server, "garnery_back")


def test_a_full_disk_is_said_and_leaves_all_as_it_was(sqlite_store: Store) -> None:
    repository = member(sqlite_store)
    put(sqlite_store, repository, change(1))
    before = dump(sqlite_store)
    limit(sqlite_store.database)
    with pytest.raises(StoreError, match="is full: free some space"):
        put(sqlite_store, repository, *(change(n, text=os.urandom(2000).hex()) for n in range(400)))
    assert dump(sqlite_store) == before


def test_a_trial_of_writing_changes_nothing_and_finds_a_full_disk(store: Store) -> None:
    before = dump(store)
    store.hub.trial()
    assert dump(store) == before
    if store.url.startswith("sqlite"):
        limit(store.database, 1)
        with pytest.raises(StoreError, match="is full") as caught:
            store.hub.trial()
        assert caught.value.cause == "disk-full"


def limit(database: Database, pages: int = 40) -> None:
    """Let the file grow no further, as a full disk does."""

    def set_limit(connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    event.listen(database._write, "begin", set_limit)


def test_a_full_disk_of_postgresql_is_said(postgres_server: str) -> None:
    database = Database(postgres_server)
    raising = "DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"
    with (
        pytest.raises(StoreError, match="is full: free some space"),
        database.write() as connection,
    ):
        connection.execute(text(raising))
    database.dispose()


def test_a_locked_file_is_said(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialects, "BUSY_SECONDS", 0.1)
    impatient = open_store(sqlite_store.url)
    holder = sqlite3.connect(str(sqlite_store.database.dialect.url.database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="was locked by another process"):
        impatient.hub.put("a", "b")
    assert impatient.hub.get("a") is None
    holder.execute("ROLLBACK")
    impatient.hub.put("a", "b")
    holder.close()
    impatient.dispose()


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    path = tmp_path / "text.sqlite3"
    path.write_text("This is no database. " * 100)
    with pytest.raises(StoreError, match="is no SQLite database"):
        open_store(f"sqlite:///{path}")


def test_readers_cannot_write(store: Store) -> None:
    with (
        pytest.raises(StoreError, match="cannot be written"),
        store.database.read() as connection,
    ):
        connection.execute(text("DELETE FROM hub"))


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r"garnery\[postgres\]"):
        open_store("postgresql://x@localhost/y")


def test_a_store_goes_on_after_a_fork(store: Store) -> None:
    """The child makes connections of its own, and the parent keeps its own."""
    member(store)
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if [one.name for one in store.repositories.list()] == ["reef"] else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert [one.name for one in store.repositories.list()] == ["reef"]
