"""A backup holds everything, and a restore gives it back on either database."""

from __future__ import annotations

import os
import re
import resource
import signal
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app import clock
from app.backups import Backup, backup, restore
from app.errors import AlreadyExists, FileError, Refused, SchemaOutdated, SchemaTooNew
from app.oai import Provider
from app.settings import Hub as HubSettings
from app.settings import Oai, Settings
from app.store import Store, open_store
from app.store.archiving import Archive, Restoring, opened
from app.store.database import Database
from app.store.tables import METADATA
from tests.cli.conftest import Hub
from tests.safety.conftest import SECRET, copy_of, on_sqlite
from tests.store.making import FOREVER, change, put
from tests.store.processes import exit_code

pytestmark = pytest.mark.xdist_group("safety")

SETTINGS = Settings(hub=HubSettings(contact="hub@reef.example.org"))
SAME = (
    "records", "contents", "renderings", "memberships", "sets", "prefixes", "broken_rules", "days",
    "windows", "failures", "requests", "dictionaries",
)  # fmt: skip


@contextmanager
def store_at(url: str) -> Iterator[Store]:
    store = open_store(url)
    try:
        yield store
    finally:
        store.dispose()


def rows_of(url: str) -> dict[str, list[list[Any]]]:
    """All rows of the tables that a restore leaves as they are."""
    database = Database(url)
    with opened(database) as archive:
        shapes = [shape for shape in archive.shapes() if shape.table in SAME]
        found = {
            shape.table: [row for piece in archive.pieces(shape, secrets=True) for row in piece]
            for shape in shapes
        }
    database.dispose()
    return found


def made(url: str, path: Path, **options: Any) -> Path:
    with store_at(url) as store:
        backup(store.database, path, SETTINGS, **options)
    return path


@pytest.fixture
def packed(filled: str, tmp_path: Path) -> Path:
    return made(filled, tmp_path / "hub.backup")


def later() -> Any:
    return clock.now() + timedelta(seconds=10)


def die_at(url: str, path: Path, rows: int) -> None:
    """Write a backup and be killed once so many rows are in it."""

    def told(_: str, done: int, __: int | None) -> None:
        if done >= rows:
            os.kill(os.getpid(), signal.SIGKILL)

    made(url, path, told=told, force=True)


@on_sqlite
def test_a_backup_killed_in_the_middle_leaves_the_one_before(filled: str, tmp_path: Path) -> None:
    path = made(filled, tmp_path / "hub.backup")
    before = path.read_bytes()
    for rows in (1, 60):
        assert exit_code(die_at, filled, path, rows) == -signal.SIGKILL
        assert path.read_bytes() == before
    assert len(list(tmp_path.glob(".part-*"))) == 1, "the second took away what the first left"
    made(filled, path, force=True)
    assert [found.name for found in tmp_path.iterdir()] == [path.name]
    Backup(path).verify()


def test_a_hub_comes_back_on_either_database(filled: str, packed: Path, anywhere: str) -> None:
    restore(packed, anywhere, now=later())
    assert rows_of(anywhere) == rows_of(filled)
    with store_at(anywhere) as store, store_at(filled) as before:
        pages = [one.records.page("oai_dc", until=FOREVER, limit=99) for one in (before, store)]
        assert pages[0] == pages[1] != ()
        new = put(store, store.repositories.get("reef"), change(999))
        newest = before.visible_after()
        assert new is not None
        assert new >= newest
    hub = Hub(anywhere)
    ran = hub("check", "--deep", "--json")
    assert not [f for f in ran.document["findings"] if f["severity"] == "error"]


@on_sqlite
def test_the_command_tells_what_it_did_and_checks_it(
    filled: str, tmp_path: Path, elsewhere: str
) -> None:
    hub, path = Hub(filled), tmp_path / "b"
    ran = hub("db", "backup", str(path), "--json")
    assert ran.code == 0, ran.err
    assert ran.document["records"] == 40
    assert ran.document["without_credentials"] == ["reef"]
    assert path.stat().st_mode & 0o077 == 0
    looked = hub("db", "restore", str(path), "--into", elsewhere)
    assert looked.code == 5
    assert "add --yes" in looked.out
    done = hub("db", "restore", str(path), "--into", elsewhere, "--yes", "--json")
    assert done.code == 0, done.out
    assert done.document["records"] == 40
    assert not [f for f in done.document["findings"] if f["severity"] != "info"]
    again = hub("db", "restore", str(path), "--into", elsewhere, "--yes")
    assert again.code == 5
    assert "not empty" in again.err


@on_sqlite
def test_a_restored_hub_makes_up_for_what_it_forgot(packed: Path, elsewhere: str) -> None:
    restore(packed, elsewhere, now=later())
    with store_at(elsewhere) as store:
        for repository in store.repositories.list():
            assert (repository.checkpoint, repository.scope) == ("", "")
            assert repository.next_harvest_at is not None
            assert repository.next_harvest_at <= store.now()
    found = Hub(elsewhere)("check", "--json").document["findings"]
    assert "restored" in [finding["id"] for finding in found]


@on_sqlite
def test_tokens_of_the_lost_hub_end(filled: str, packed: Path, elsewhere: str) -> None:
    known = Settings(oai=Oai(records_per_page=5, secret="always the same"))
    pairs = [("verb", "ListRecords"), ("metadataPrefix", "oai_dc")]
    with store_at(filled) as store:
        answer = Provider(store, known).answer(pairs, now=store.now() + timedelta(seconds=5))
    found = re.search(r"<resumptionToken[^>]*>([^<]+)<", answer.body.decode())
    assert found
    restore(packed, elsewhere, now=later())
    with store_at(elsewhere) as store:
        again = [("verb", "ListRecords"), ("resumptionToken", found[1])]
        assert b"badResumptionToken" in Provider(store, known).answer(again, now=store.now()).body


@on_sqlite
def test_a_hub_that_moves_keeps_tokens_and_checkpoints(
    filled: str, tmp_path: Path, elsewhere: str
) -> None:
    with store_at(filled) as store:
        store.hub.put("token-secret", "kept")
    path = made(filled, tmp_path / "b", secrets=True)
    restore(path, elsewhere, now=later(), as_moved=True)
    with store_at(elsewhere) as store, store_at(filled) as before:
        assert store.hub.get("token-secret") == "kept"
        assert store.repositories.list() == before.repositories.list()


@on_sqlite
def test_secrets_are_in_it_only_if_asked_for(filled: str, tmp_path: Path, elsewhere: str) -> None:
    without = made(filled, tmp_path / "without")
    assert SECRET not in _texts(without)
    assert Backup(without).manifest.without_credentials == ("reef",)
    whole = made(filled, tmp_path / "with", secrets=True)
    assert SECRET in _texts(whole)
    restore(whole, elsewhere, now=later())
    with store_at(elsewhere) as store:
        assert "basic" in str(store.repositories.credentials(1))


def _texts(path: Path) -> str:
    packed = Backup(path)
    rows = [p for table in packed.manifest.tables for p in packed.pieces(table)]
    packed.close()
    with zipfile.ZipFile(path) as file:
        return repr(rows) + file.read("settings.json").decode()


@on_sqlite
def test_a_file_that_is_there_stays(filled: str, packed: Path) -> None:
    before = packed.stat()
    with pytest.raises(AlreadyExists, match="--force"):
        made(filled, packed)
    assert packed.stat() == before
    made(filled, packed, force=True)
    assert packed.stat().st_ino != before.st_ino
    with pytest.raises(FileError, match="no folder"):
        made(filled, packed.parent / "absent" / "b")


@on_sqlite
def test_a_full_disk_leaves_nothing_half(filled: str, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with store_at(filled) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
        try:
            with pytest.raises(FileError):
                backup(store.database, tmp_path / "b", SETTINGS)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [
        path.name for path in tmp_path.iterdir() if path.name == "b" or "part" in path.name
    ] == []


@on_sqlite
def test_a_damaged_backup_is_refused_before_anything_is_written(
    packed: Path, tmp_path: Path, elsewhere: str
) -> None:
    cut = tmp_path / "cut"
    cut.write_bytes(packed.read_bytes()[:-100])
    spoilt = copy_of(packed, tmp_path / "spoilt")
    with zipfile.ZipFile(packed) as file:
        place = file.getinfo("records/000001.msgpack.zst").header_offset + 200
    data = bytearray(spoilt.read_bytes())
    data[place] ^= 1
    spoilt.write_bytes(data)
    other = tmp_path / "other"
    with zipfile.ZipFile(packed) as file, zipfile.ZipFile(other, "w") as changed:
        for name in file.namelist():
            content = file.read(name)
            if name == "manifest.json":
                content = content.replace(b'"step": "0', b'"step": "9')
            changed.writestr(name, content)
    for path in (cut, spoilt):
        with pytest.raises(FileError, match=r"no whole backup|damaged"):
            restore(path, elsewhere, now=later())
    with pytest.raises(SchemaTooNew, match="newest"):
        restore(other, elsewhere, now=later())
    with pytest.raises(SchemaOutdated):
        open_store(elsewhere)


@on_sqlite
def test_nothing_is_restored_over_a_hub_or_by_a_clock_that_lies_behind(
    packed: Path, own: str, elsewhere: str
) -> None:
    with pytest.raises(Refused, match="not empty"):
        restore(packed, own, now=later())
    with pytest.raises(Refused, match="clock"):
        restore(packed, elsewhere, now=clock.now() - timedelta(days=1))


@on_sqlite
def test_a_restore_that_was_broken_off_is_no_hub(packed: Path, elsewhere: str) -> None:
    found = Backup(packed)
    database = Database(elsewhere)
    restoring = Restoring(database, found.manifest.facts.step)
    for table in found.manifest.tables:
        if table.shape.table in {"repositories", "records"}:
            restoring.load(table.shape, found.pieces(table))
    database.dispose()
    with pytest.raises(SchemaOutdated, match="restore"):
        open_store(elsewhere)
    assert Hub(elsewhere)("db", "upgrade").code == 4
    with pytest.raises(Refused, match="createdb"):
        restore(packed, elsewhere, now=later())


@on_sqlite
def test_a_backup_of_a_hub_at_work_is_of_one_moment(
    own: str, tmp_path: Path, elsewhere: str
) -> None:
    with store_at(own) as store:
        reef, stop = store.repositories.get("reef"), threading.Event()

        def work() -> None:
            for number in range(1000, 1400):
                if stop.is_set():
                    return
                put(store, reef, change(number), change(number, "deleted"))

        thread = threading.Thread(target=work)
        thread.start()
        try:
            backup(store.database, tmp_path / "b", SETTINGS)
        finally:
            stop.set()
            thread.join()
    restore(tmp_path / "b", elsewhere, now=later())
    database = Database(elsewhere)
    with database.read() as connection:
        counted = connection.execute(text("SELECT sum(live + deleted) FROM repositories")).scalar()
        query = "SELECT count(*) FROM records WHERE state IN ('live', 'deleted')"
        assert int(counted or 0) == connection.execute(text(query)).scalar()
    database.dispose()


def test_every_table_is_kept_or_made_anew() -> None:
    from app.store.archiving import DERIVED

    names = {shape.table for shape in Archive.shapes(Archive.__new__(Archive))}
    assert names | DERIVED == set(METADATA.tables)


@on_sqlite
def test_a_copy_of_the_file_is_a_database(own: str, tmp_path: Path) -> None:
    hub, path = Hub(own), tmp_path / "copy.sqlite3"
    ran = hub("db", "backup", str(path), "--as", "sqlite")
    assert ran.code == 0, ran.err
    assert rows_of(f"sqlite:///{path}") == rows_of(own)
    refused = hub("db", "restore", str(path), "--yes")
    assert refused.code == 5
    assert "put the copy in the place" in refused.err
