"""Upgrades carry a hub with its data from every earlier step; a newer schema is never worked on."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from sqlalchemy import MetaData, text

from app.deep import examine
from app.errors import SchemaTooNew
from app.settings import Settings
from app.store import open_store, schema, schema_status, upgrade
from app.store.archiving import Shape, opened
from app.store.database import Database
from app.store.schema import revisions
from tests import postgres
from tests.cli.conftest import Hub
from tests.safety.conftest import on_sqlite
from tests.safety.test_backup import rows_of, store_at
from tests.store.making import FOREVER

EMPTY = {str: "", int: 0, bool: False, bytes: b""}
AS_BEFORE = ("contents", "renderings", "memberships", "sets", "days")


def stand_at(url: str, step: str, source: str) -> None:
    """Make a database at a step, with the rows of a hub as far as that step has places for them."""
    old, new = Database(url), Database(source)
    with old.write() as connection:
        schema.move(connection, step)
        tables = MetaData()
        tables.reflect(connection)
    with opened(new) as archive:
        for shape in archive.shapes():
            table = tables.tables.get(shape.table)
            if table is None:
                continue
            there = [name for name in shape.columns if name in table.c]
            more = [c for c in table.c if c.name not in there and not c.nullable]
            places = [shape.columns.index(name) for name in there]
            filling = [EMPTY[c.type.python_type] for c in more]
            names = Shape(shape.table, (*there, *(c.name for c in more))).columns
            for piece in archive.pieces(shape, secrets=True):
                rows = [[*(row[place] for place in places), *filling] for row in piece]
                with old.write() as connection:
                    old.dialect.load(connection, shape.table, names, rows)
                    old.dialect.count_on(connection, table)
    old.dispose()
    new.dispose()


def test_a_hub_of_each_earlier_step_is_brought_up_to_date(
    request: pytest.FixtureRequest, filled: str, tmp_path: Path
) -> None:
    expected = rows_of(filled)
    with store_at(filled) as store:
        listed = store.records.page("oai_dc", until=FOREVER, limit=99)
    assert listed
    for step in revisions()[:-1] if filled.startswith("sqlite") else ("0001", "0003"):
        url = f"sqlite:///{tmp_path / step}.sqlite3"
        if not filled.startswith("sqlite"):
            url = postgres.create(request.getfixturevalue("postgres_server"), f"step_{step}")
        stand_at(url, step, filled)
        assert schema_status(url).current == step
        assert upgrade(url) == revisions()[revisions().index(step) + 1 :]
        assert upgrade(url) == []
        found = rows_of(url)
        assert {name: found[name] for name in AS_BEFORE} == {n: expected[n] for n in AS_BEFORE}
        with store_at(url) as store:
            assert list(examine(store, Settings())) == []
            assert store.records.page("oai_dc", until=FOREVER, limit=99) == listed
        if not filled.startswith("sqlite"):
            postgres.drop(request.getfixturevalue("postgres_server"), f"step_{step}")


@on_sqlite
def test_the_file_is_copied_before_it_is_upgraded(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, step = tmp_path / "hub.sqlite3", revisions()[-2]
    url, copy = f"sqlite:///{path}", tmp_path / f"hub.sqlite3-before-{step}"
    stand_at(url, step, filled)
    kept = shutil.copyfile(path, tmp_path / "kept")
    hub = Hub(url)
    with monkeypatch.context() as patched:
        usage = namedtuple("usage", "total used free")
        patched.setattr(shutil, "disk_usage", lambda _: usage(100, 99, 1))
        full = hub("db", "upgrade")
    assert full.code == 4
    assert "was not upgraded" in full.err
    assert "copy_before_upgrade = false" in full.err
    assert schema_status(url).current == step
    ran = hub("db", "upgrade", "--json")
    assert ran.code == 0, ran.err
    assert ran.document["copy"] == str(copy)
    assert str(copy) in ran.err
    assert schema_status(f"sqlite:///{copy}").current == step
    assert hub("db", "upgrade", "--json").document["copy"] is None
    shutil.copyfile(kept, path)
    copy.unlink()
    ran = hub("db", "upgrade", GARNERY_DATABASE_COPY_BEFORE_UPGRADE="false")
    assert ran.code == 0, ran.err
    assert not copy.exists()


REFUSING = (
    ("serve",), ("work", "--once"), ("schedule",), ("up",), ("harvest", "reef"), ("status",),
    ("repository", "list"), ("records",), ("export", "records", "--format", "jsonl"),
    ("reingest",), ("harvests",),
    ("db", "upgrade"), ("db", "backup", "b"), ("dump",), ("decisions",), ("harvesters",),
)  # fmt: skip


@on_sqlite
def test_no_command_works_on_a_newer_schema(
    own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database(own)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    hub = Hub(own)
    for words in REFUSING:
        ran = hub(*words, GARNERY_DUMPS_FOLDER=str(tmp_path / "dumps"), GARNERY_WEB_PORT="18099")
        assert ran.code == 4, (words, ran.out, ran.err)
        assert "9999" in ran.err, words
    ran = hub("check", "--json")
    assert ran.code == 1
    assert "schema" in [one["id"] for one in ran.document["findings"]]
    with database.read() as connection:
        assert (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
        )
    database.dispose()
    with pytest.raises(SchemaTooNew, match="9999"):
        open_store(own)
