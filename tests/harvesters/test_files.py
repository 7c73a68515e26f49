"""Folders, archives and single files as repositories: real files, real databases."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.reingest import reingest
from app.store import Store
from harvesters.files import address_of
from tests.harvesters.conftest import Hub, quick_settings
from tests.harvesters.static_documents import (
    OAI,
    datacite,
    dublin_core,
    plain,
    record,
    static_repository,
)

DOCUMENT = {
    "doi": "10.5072/X1",
    "titles": [{"title": "A document"}],
    "creators": [{"name": "Lovelace, Ada"}],
    "publisher": "P",
    "publicationYear": 2020,
    "types": {"resourceTypeGeneral": "Dataset"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "records"
    made.mkdir()
    return made


@pytest.fixture
def hub(store: Store, folder: Path) -> Hub:
    return joined(store, folder)


@pytest.fixture
def sqlite_hub(sqlite_store: Store, folder: Path) -> Hub:
    return joined(sqlite_store, folder)


def joined(store: Store, folder: Path) -> Hub:
    made = Hub(store, address_of(folder))
    made.join(kind="files")
    return made


def answer(*names: str) -> str:
    records = "".join(record(name, dublin_core(name), prefix="") for name in names)
    date = "<responseDate>2026-01-01T00:00:00Z</responseDate>"
    return f'<OAI-PMH xmlns="{OAI}">{date}<ListRecords>{records}</ListRecords></OAI-PMH>'


def pack(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def lines(*values: object) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def identifiers(hub: Hub, *states: str) -> set[str]:
    found = hub.store.records.iterate(repository=hub.name, states=states or ("live",))
    return {one.identifier for one, _ in found}


def test_a_folder_of_every_kind_is_one_repository(hub: Hub, folder: Path) -> None:
    (folder / "bare.xml").write_text(dublin_core("bare"))
    (folder / "answer.xml").write_text(answer("a1", "a2"))
    (folder / "static.xml").write_text(static_repository(plain("s1")))
    (folder / "one.json").write_text(json.dumps(DOCUMENT))
    (folder / "below").mkdir()
    (folder / "below" / "wrapped.xml").write_text(datacite("below"))
    (folder / "below" / "packed.xml.gz").write_bytes(gzip.compress(answer("p1").encode()))
    line = {"identifier": "oai:fake.example:l1", "metadata": dublin_core("l1"), "sets": ["x"]}
    coded = base64.b64encode(dublin_core("l2").encode()).decode()
    (folder / "many.jsonl").write_text(
        lines(line, {"identifier": "oai:fake.example:l2", "data_base64": coded}, DOCUMENT)
    )
    pack(folder / "dump.tar.gz", {"in/t1.xml": dublin_core("t1").encode()})
    with zipfile.ZipFile(folder / "dump.zip", "w") as archive:
        archive.writestr("z1.xml", dublin_core("z1"))
    run = hub.run()
    assert (run.outcome, run.kind) == ("complete", "full"), hub.causes(run)
    expected = {f"oai:fake.example:{name}" for name in ("a1", "a2", "s1", "p1", "l1", "l2")}
    expected |= {"bare.xml", "one.json", "below/wrapped.xml", "doi:10.5072/x1"}
    expected |= {"dump.tar.gz/in/t1.xml", "dump.zip/z1.xml"}
    assert identifiers(hub) == expected
    run = hub.run()
    assert (run.outcome, run.counts.unchanged, run.counts.changed) == ("complete", 12, 0)


def test_json_originals_are_kept_read_and_read_again(hub: Hub, folder: Path) -> None:
    text = json.dumps(DOCUMENT, indent=1)
    (folder / "one.json").write_text(text)
    assert hub.run().outcome == "complete"
    found = hub.records()["one.json"]
    assert (found.format, found.summary.title) == ("datacite_json", "A document")
    assert found.summary.doi == "10.5072/x1"
    assert hub.store.records.original(found.local_id) == text.encode()
    done = reingest(hub.store, hub.repository, own_url="http://hub.example/oai", every=True)
    assert (done.read, done.unchanged, done.worse) == (1, 1, 0)
    hub.store.repositories.edit(hub.name, title="Another name")
    assert reingest(hub.store, hub.repository, own_url="x", every=True).unreadable == 0


def test_what_is_gone_from_the_folder_is_gone_after_two_looks(hub: Hub, folder: Path) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.xml").write_text(dublin_core(name))
    hub.run()
    (folder / "c.xml").unlink()
    hub.run()
    assert identifiers(hub) == {"a.xml", "b.xml", "c.xml"}
    assert hub.run().outcome == "complete"
    assert identifiers(hub) == {"a.xml", "b.xml"}
    (folder / "c.xml").write_text(dublin_core("c"))
    hub.run()
    assert identifiers(hub) == {"a.xml", "b.xml", "c.xml"}


def test_an_empty_or_missing_folder_deletes_nothing(hub: Hub, folder: Path) -> None:
    (folder / "a.xml").write_text(dublin_core("a"))
    hub.run()
    (folder / "a.xml").unlink()
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "repository-empty")
    folder.rmdir()
    run = hub.run()
    assert (run.outcome, run.cause) == ("failed", "path-missing")
    assert identifiers(hub) == {"a.xml"}


def cut_xml(folder: Path) -> None:
    whole = answer("a1", "a2")
    (folder / "z.xml").write_text(whole[: whole.index(">a2</dc:title>")])


def cut_bare(folder: Path) -> None:
    (folder / "z.xml").write_text(dublin_core("a1")[:-20])


def cut_lines(folder: Path) -> None:
    text = lines({"identifier": "oai:x:1", "metadata": dublin_core("a1")}, DOCUMENT)
    (folder / "z.jsonl").write_text(text[:-40])


def cut_json(folder: Path) -> None:
    (folder / "z.json").write_text(json.dumps(DOCUMENT)[:-20])


def cut_gzip(folder: Path) -> None:
    (folder / "z.xml.gz").write_bytes(gzip.compress(answer("a1").encode())[:-12])


def cut_tar(folder: Path) -> None:
    pack(folder / "z.tar.gz", {"1.xml": dublin_core("a1").encode(), "2.xml": b"<a/>"})
    data = gzip.decompress((folder / "z.tar.gz").read_bytes())
    (folder / "z.tar.gz").unlink()
    (folder / "z.tar").write_bytes(data[:2048])


def cut_zip(folder: Path) -> None:
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        archive.writestr("1.xml", dublin_core("a1"))
    data = (folder / "z.zip").read_bytes()
    (folder / "z.zip").write_bytes(data[:-30])


CUTS = (cut_xml, cut_bare, cut_lines, cut_json, cut_gzip, cut_tar, cut_zip)


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.__name__)
def test_a_file_that_is_cut_is_no_look(sqlite_hub: Hub, folder: Path, cut: object) -> None:
    (folder / "a.xml").write_text(dublin_core("a"))
    (folder / "b.xml").write_text(dublin_core("b"))
    sqlite_hub.run()
    (folder / "b.xml").unlink()
    cut(folder)  # type: ignore[operator]
    for _ in range(3):
        run = sqlite_hub.run()
        assert run.outcome == "incomplete"
        assert run.cause in ("truncated", "compression-damaged")
        assert "z." in run.sentence
    assert identifiers(sqlite_hub) >= {"a.xml", "b.xml"}


def test_a_damaged_record_is_set_aside_by_name_and_stays_as_it_was(hub: Hub, folder: Path) -> None:
    (folder / "a.xml").write_text(dublin_core("a"))
    (folder / "b.xml").write_text(dublin_core("b"))
    (folder / "c.jsonl").write_text(lines({"identifier": "c", "metadata": dublin_core("c")}))
    hub.run()
    (folder / "b.xml").write_text(dublin_core("b").replace("</dc:title>", "</dc:titel>"))
    (folder / "c.jsonl").write_text('{"identifier": "c", "metadata": oh}\n')
    for _ in range(3):
        assert hub.run().outcome == "complete-with-quarantine"
    assert hub.set_aside() == {"b.xml": "record-unreadable", "c": "record-unreadable"}
    assert hub.titles() == {"a.xml": "a", "b.xml": "b", "c": "c"}


def test_a_record_that_can_be_mended_is(hub: Hub, folder: Path) -> None:
    (folder / "a.xml").write_text(dublin_core("a", "Mice & Men &uuml;"))
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?>' + dublin_core("b", "Zürich")
    (folder / "b.xml").write_text(latin, encoding="latin-1")
    (folder / "c.xml").write_text("<!DOCTYPE a>" + dublin_core("c"))
    (folder / "d.xml").write_bytes(answer("d").encode("utf-16"))
    run = hub.run()
    assert run.outcome == "complete", hub.causes(run)
    titles = hub.titles()
    assert (titles["a.xml"], titles["b.xml"]) == ("Mice & Men ü", "Zürich")
    assert (titles["c.xml"], titles["d"]) == ("c", "d")
    assert run.counts.repaired >= 2


def test_nothing_leads_out_of_the_folder(hub: Hub, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(dublin_core("secret"))
    (folder / "a.xml").write_text(dublin_core("a"))
    (folder / "inside.xml").symlink_to(folder / "a.xml")
    (folder / "link.xml").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    with zipfile.ZipFile(folder / "evil.zip", "w") as archive:
        archive.writestr("../../secret.xml", dublin_core("zip"))
    with tarfile.open(folder / "evil.tar.gz", "w:gz") as archive:
        link = tarfile.TarInfo("link.xml")
        link.type, link.linkname = tarfile.SYMTYPE, str(secret)
        archive.addfile(link)
        named = tarfile.TarInfo("/etc/passwd.xml")
        archive.addfile(named)
    run = hub.run()
    assert run.outcome == "complete"
    assert identifiers(hub) == {"a.xml", "inside.xml"}
    assert hub.causes(run).count("path-refused") == 5


def test_what_is_passed_over_is_told(sqlite_hub: Hub, folder: Path) -> None:
    (folder / "a.xml").write_text(dublin_core("a"))
    (folder / "README.txt").write_text("words")
    (folder / ".hidden.xml").write_text("x")
    run = sqlite_hub.run()
    assert run.outcome == "complete"
    told = sqlite_hub.store.harvests.failures(run.id)
    assert [one.cause for one in told] == ["file-ignored"]
    assert "README.txt" in told[0].sentence


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_no_look(sqlite_hub: Hub, folder: Path) -> None:
    (folder / "a.xml").write_text(dublin_core("a"))
    (folder / "a.xml").chmod(0)
    assert sqlite_hub.run().cause == "file-unreadable"


def test_the_newest_of_two_versions_wins_whatever_their_order(hub: Hub, folder: Path) -> None:
    new = {"identifier": "oai:x:1", "datestamp": "2026-02-02", "metadata": dublin_core("1", "New")}
    old = new | {"datestamp": "2026-01-01", "metadata": dublin_core("1", "Old")}
    (folder / "a.jsonl").write_text(lines(new, old))
    (folder / "b.jsonl").write_text(lines(old | {"identifier": "oai:x:2"}))
    (folder / "c.jsonl").write_text(lines(new | {"identifier": "oai:x:2"}))
    assert hub.run().outcome == "complete"
    assert set(hub.titles().values()) == {"New"}


def test_a_line_can_announce_a_deletion(hub: Hub, folder: Path) -> None:
    one = {"identifier": "oai:x:1", "metadata": dublin_core("1")}
    (folder / "a.jsonl").write_text(lines(one, one | {"identifier": "oai:x:2"}))
    hub.run()
    (folder / "a.jsonl").write_text(
        lines({"identifier": "oai:x:1", "deleted": True}, one | {"identifier": "oai:x:2"})
    )
    assert hub.run().counts.removed == 1
    assert identifiers(hub, "deleted") == {"oai:x:1"}


def test_what_is_too_large_is_refused_by_name(sqlite_hub: Hub, folder: Path) -> None:
    sqlite_hub.settings = quick_settings(max_record_bytes=2000)
    (folder / "a.xml").write_text(dublin_core("a"))
    (folder / "b.xml").write_text(dublin_core("b", "long " * 1000))
    (folder / "c.jsonl").write_text(
        lines({"identifier": "c", "metadata": dublin_core("c", "x" * 3000)}, DOCUMENT)
    )
    run = sqlite_hub.run()
    assert run.outcome == "complete-with-quarantine"
    assert identifiers(sqlite_hub) == {"a.xml", "doi:10.5072/x1"}
    assert "b.xml" in sqlite_hub.set_aside()


def test_a_bomb_is_not_unpacked(sqlite_hub: Hub, folder: Path) -> None:
    (folder / "a.xml").write_text(dublin_core("a"))
    (folder / "bomb.xml.gz").write_bytes(gzip.compress(b"<a>" + b" " * 60_000_000, 9))
    run = sqlite_hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "too-large")
    assert identifiers(sqlite_hub) == {"a.xml"}


def test_the_path_of_the_folder_is_told_to_nobody(hub: Hub, folder: Path) -> None:
    (folder / "a.xml").write_text(dublin_core("a"))
    hub.run()
    row = hub.store.records.row(hub.records()["a.xml"].local_id, "oai_dc")
    assert row is not None
    assert not row.about
    assert hub.repository.public_url == ""


def test_a_set_and_dates_can_be_asked_for(sqlite_hub: Hub, folder: Path) -> None:
    line = {"identifier": "1", "datestamp": "2026-01-01", "metadata": dublin_core("1")}
    late = line | {"identifier": "2", "datestamp": "2026-03-01", "sets": ["x:y"]}
    (folder / "a.jsonl").write_text(lines(line, late, late | {"identifier": "3", "sets": ["z"]}))
    run = sqlite_hub.run(from_="2026-02-01", sets=["x"])
    assert (run.kind, run.outcome) == ("window", "complete")
    assert identifiers(sqlite_hub) == {"2"}


def test_many_records_come_in_several_pages(sqlite_hub: Hub, folder: Path) -> None:
    values = [{"identifier": f"oai:x:{n}", "metadata": dublin_core(str(n))} for n in range(450)]
    (folder / "a.jsonl").write_text(lines(*values))
    run = sqlite_hub.run()
    assert (run.outcome, run.counts.new) == ("complete", 450)
    (window,) = sqlite_hub.store.harvests.windows(run.id)
    assert (window.pages, window.listed) == (3, 450)


def test_a_run_that_was_stopped_is_read_anew(sqlite_hub: Hub, folder: Path) -> None:
    values = [{"identifier": f"oai:x:{n}", "metadata": dublin_core(str(n))} for n in range(450)]
    (folder / "a.jsonl").write_text(lines(*values))
    assert sqlite_hub.run(limit=250).outcome == "incomplete"
    run = sqlite_hub.run()
    assert (run.outcome, run.counts.new, run.counts.unchanged) == ("complete", 200, 250)


def test_a_repository_without_a_folder_says_so(sqlite_hub: Hub) -> None:
    sqlite_hub.store.repositories.edit(sqlite_hub.name, base_url="")
    run = sqlite_hub.run()
    assert (run.outcome, run.cause) == ("failed", "path-missing")


def test_origin_says_nothing_of_a_folder(sqlite_hub: Hub) -> None:
    known = replace(sqlite_hub.repository, base_url="https://user.example/oai")
    assert known.public_url == "https://user.example/oai"
