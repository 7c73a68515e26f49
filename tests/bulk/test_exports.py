"""Exports: whole, well-formed, atomic, by sets and dates and searches, of any size."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import update

from app import clock
from app.settings import Settings
from app.store import Store
from app.store.tables import contents, renderings
from tests.bulk.conftest import lines, with_database
from tests.cli.commandline import Ran, garnery
from tests.oai.conftest import fill as fill_with_real_records
from tests.oai.filling import OAI
from tests.shared import needs_shared
from tests.store.making import change, listed, name, put_later

Export = Callable[..., Ran]


@pytest.fixture
def export(filled: Store, settings: Settings) -> Export:
    variables = with_database(settings, filled)
    return lambda *words: garnery("export", "records", *words, "-q", **variables)


def ids(data: bytes) -> set[str]:
    return {str(line["id"]) for line in lines(data)}


def records(data: bytes) -> dict[str, bool]:
    """Local id of each record of a document, and whether it is deleted."""
    found = etree.fromstring(data).iter(f"{OAI}header")
    return {
        str(header.findtext(f"{OAI}identifier")).rpartition(":")[2]: header.get("status")
        == "deleted"
        for header in found
    }


def test_all_ways_of_narrowing_agree_in_lines_and_documents(
    export: Export, filled: Store, tmp_path: Path
) -> None:
    reef = {name(n) for n in range(1, 6)}
    bay = {name(n, "bay") for n in range(5)}
    hidden = {name(n, "hidden") for n in range(3)}
    gone = {name(0), name(5, "bay")}
    for words, wanted in (
        ((), reef | bay | hidden),
        (("--repository", "reef"), reef),
        (("--set", "member:bay"), bay),
        (("--set", "type:Dataset"), reef | hidden),
        (("--set", "type:Dataset", "--repository", "hidden"), hidden),
        (("--set", "member"), reef | bay | hidden),
        (("--deleted",), reef | bay | hidden | gone),
        (("--deleted", "--set", "member:bay"), bay | {name(5, "bay")}),
        (("repository:bay",), bay),
        (("repository:reef OR repository:bay", "--deleted"), reef | bay | gone),
        (("state:deleted",), gone),
        (("--changed-since", "2020-01-01"), reef | bay | hidden),
    ):
        in_lines = export("--format", "jsonl", *words)
        document = export("--format", "datacite", *words)
        assert (in_lines.code, document.code) == (0, 0), words
        assert ids(in_lines.raw) == wanted, words
        assert set(records(document.raw)) == wanted, words
        deleted = {str(line["id"]) for line in lines(in_lines.raw) if line.get("deleted")}
        assert deleted == wanted & gone == {k for k, v in records(document.raw).items() if v}
    stored = {row.local_id: row for row in listed(filled, "datacite")}
    whole = export("--format", "datacite").raw
    assert all(stored[one].body in whole for one in reef)


@needs_shared
def test_a_document_is_a_valid_answer_that_others_read(
    sqlite_store: Store, settings: Settings, tmp_path: Path
) -> None:
    from schemas import Schemas

    fill_with_real_records(sqlite_store)
    variables, schema = with_database(settings, sqlite_store), Schemas().responses()
    for form in ("oai_datacite", "oai_dc"):
        file = tmp_path / f"{form}.xml"
        words = ("--format", form, "--deleted", "--output", str(file), "-q")
        assert garnery("export", "records", *words, **variables).code == 0
        schema.assertValid(etree.parse(file))
        read = garnery("crosswalk", str(file), "--to", "datacite_json")
        live = [gone for gone in records(file.read_bytes()).values() if not gone]
        assert len(read.document) == len(live) > 5
    nothing = garnery(
        "export", "records", "--format", "datacite", "--changed-since", "2200-01-01", **variables
    )
    schema.assertValid(etree.fromstring(nothing.raw))


def test_only_what_changed_since_a_moment_is_written(export: Export, filled: Store) -> None:
    reef = filled.repositories.get("reef")
    stamp = put_later(filled, reef, change(1, "changed", "two"), change(2, "deleted"))
    assert stamp is not None
    words = ("--deleted", "--changed-since", clock.text(stamp))
    assert ids(export("--format", "jsonl", *words).raw) == {name(1), name(2)}
    assert records(export("--format", "oai_dc", *words).raw) == {name(1): False, name(2): True}


def test_a_file_is_whole_and_compressed_by_its_name(export: Export, tmp_path: Path) -> None:
    plain, packed = tmp_path / "all.jsonl", tmp_path / "all.jsonl.gz"
    export("--format", "jsonl", "--output", str(plain))
    export("--format", "jsonl", "--output", str(packed))
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert len(lines(plain.read_bytes())) == 13
    export("--format", "ids", "--output", str(plain))
    assert set(plain.read_text().split()) == {
        str(n) for n in ids(gzip.decompress(packed.read_bytes()))
    }
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_what_cannot_be_is_refused_and_leaves_the_file(export: Export, tmp_path: Path) -> None:
    there = tmp_path / "there.jsonl"
    there.write_text("before")
    for words, code in (
        (("--format", "docx"), 2),
        (("--format", "jsonl", "--set", "member:none"), 3),
        (("--format", "jsonl", "--repository", "none"), 3),
        (("--format", "jsonl", "--changed-since", "yesterday"), 2),
        (("--format", "jsonl", "(open"), 2),
    ):
        assert export(*words, "--output", str(there)).code == code, words
        assert there.read_text() == "before"
    ran = export("--format", "jsonl", "--output", str(tmp_path / "none" / "x.jsonl"))
    assert ran.code == 4
    assert "choose a folder" in ran.err
    nothing = export("--format", "datacite", "--set", "type:Text", "--repository", "reef")
    assert nothing.code == 1
    assert b'code="noRecordsMatch"' in nothing.raw


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_with_its_cure_and_leaves_what_was_there(
    export: Export, tmp_path: Path
) -> None:
    there = tmp_path / "all.jsonl"
    there.write_text("before")
    (tmp_path / f".part-{os.getpid()}-all.jsonl").symlink_to("/dev/full")
    ran = export("--format", "jsonl", "--output", str(there))
    assert ran.code == 4
    assert "full: free some space" in ran.err
    assert there.read_text() == "before"


def test_damaged_records_are_named_and_nothing_else_is_lost(
    export: Export, filled: Store, tmp_path: Path
) -> None:
    with filled.database.write() as connection:
        victim = filled.records.get(name(3))
        assert victim is not None
        for table, key, column in (
            (contents, contents.c.record_id == victim.id, "reading"),
            (renderings, renderings.c.id // 64 == victim.id, "body"),
        ):
            connection.execute(update(table).where(key).values({column: b"\0damaged"}))
    for form in ("jsonl", "datacite"):
        ran = export("--format", form)
        assert ran.code == 1
        found = ids(ran.raw) if form == "jsonl" else set(records(ran.raw))
        assert len(found) == 12
        assert name(3) not in found
