"""The schema: made by its steps, the same as the tables, and never used when it is another."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, text

from app.errors import ConfigurationError, SchemaOutdated, SchemaTooNew
from app.query.request import Request, read
from app.store import Store, open_store, schema_status, upgrade
from app.store.database import Database
from app.store.dialects import PAGE_SIZE
from app.store.schema import MIGRATIONS, revisions
from app.store.tables import METADATA
from tests import postgres
from tests.store.linking import wrong


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.sqlite3'}"
    server: str = request.getfixturevalue("postgres_server")
    postgres.drop(server, "garnery_empty")
    return postgres.create(server, "garnery_empty")


def stand_at(store: Store, step: str) -> None:
    with store.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :step"), {"step": step})


def test_the_steps_make_the_tables(store: Store) -> None:
    """What the migrations made differs in nothing from `tables.py`."""
    with store.database.write() as connection:
        options = {"compare_type": True, "include_name": _ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def _ours(name: str | None, kind: str, parent: object) -> bool:
    """Whether it is no full-text index: SQLite keeps it in tables, PostgreSQL over a column."""
    return not str(name).startswith(("search_index", "ix_search_texts_body"))


def test_a_database_is_made_and_made_only_once(empty_url: str) -> None:
    assert schema_status(empty_url).behind == revisions()
    assert upgrade(empty_url) == revisions()
    assert upgrade(empty_url) == []
    status = schema_status(empty_url)
    assert (status.current, status.behind) == (status.head, [])
    store = open_store(empty_url)
    assert store.repositories.list() == ()
    store.dispose()


def test_an_empty_database_is_refused_with_the_cure(empty_url: str) -> None:
    with pytest.raises(SchemaOutdated, match="garnery db upgrade"):
        open_store(empty_url)


def test_looking_at_an_absent_file_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "absent.sqlite3"
    assert schema_status(f"sqlite:///{path}").current == ""
    with pytest.raises(SchemaOutdated):
        open_store(f"sqlite:///{path}")
    assert not path.exists()


def test_a_newer_schema_is_refused(store: Store) -> None:
    stand_at(store, "9999")
    with pytest.raises(SchemaTooNew, match="install the newest Garnery"):
        open_store(store.url)
    with pytest.raises(SchemaTooNew):
        upgrade(store.url)
    assert schema_status(store.url).current == "9999"


def test_an_older_schema_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    known = [*revisions(), "9998"]
    monkeypatch.setattr("app.store.schema.revisions", lambda: known)
    with pytest.raises(SchemaOutdated, match=r"9998: run `garnery db upgrade`"):
        open_store(store.url)
    assert schema_status(store.url).behind == ["9998"]


def test_two_processes_may_upgrade_at_once(empty_url: str) -> None:
    steps: list[list[str]] = []
    threads = [threading.Thread(target=lambda: steps.append(upgrade(empty_url))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(steps) == [[], revisions()]


def test_every_table_and_column_has_a_comment() -> None:
    for table in METADATA.sorted_tables:
        assert table.comment, table.name
        assert all(column.comment for column in table.columns), table.name


def test_comments_are_in_the_database_that_keeps_them(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with database.read() as connection:
        query = "SELECT obj_description('records'::regclass)"
        found = connection.execute(text(query)).scalar()
    database.dispose()
    assert found == METADATA.tables["records"].comment


def test_sqlite_is_set_up_for_one_writer_and_many_readers(sqlite_store: Store) -> None:
    database = sqlite_store.database
    with database.write() as connection:
        found = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            for pragma in ("page_size", "journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {
        "page_size": PAGE_SIZE,
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
    }


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "nonsense", "postgres"]
)
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"sqlite|database\.url"):
        open_store(url)


def test_an_upgrade_makes_records_that_are_there_found(empty_url: str) -> None:
    database = Database(empty_url)
    with database.write() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        old = MetaData()
        old.reflect(connection)
        for name, given in BEFORE.items():
            table = old.tables[name]
            values = {c.name: EMPTY[c.type.python_type] for c in table.c if not c.nullable}
            connection.execute(table.insert().values(values | given))
    database.dispose()
    assert upgrade(empty_url) == revisions()[2:]
    store = open_store(empty_url)
    with store.database.read() as connection:
        rows = connection.execute(text("SELECT record_id, title, shown FROM search")).all()
    assert [tuple(row) for row in rows] == [(7, "cafe noir", 1)]
    request = read([("q", 'title:"cafe noir" creator:"roe jo"')])
    assert isinstance(request, Request)
    assert [row.id for row in store.search.page(request).rows] == [7]
    assert store.links.preferred(7)
    assert wrong(store) == []
    store.dispose()


EMPTY = {str: "", int: 0, bool: False, bytes: b""}
BEFORE: dict[str, dict[str, object]] = {
    "repositories": {"id": 1, "name": "reef", "sets": "[]"},
    "records": {
        "id": 7, "state": "live", "local_id": "a" * 16, "repository_id": 1, "title": "Café noir",
        "creators": "Roe, Jo; Poe, Li", "source_sets": "[]",
    },
}  # fmt: skip
"""A record as it was kept at the second step, of which only what lists show is left."""
