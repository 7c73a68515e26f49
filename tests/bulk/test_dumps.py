"""Dumps: exact, by month, made anew only where something changed, never seen half."""

from __future__ import annotations

import gzip
import hashlib
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace
from sqlalchemy import update

from app import clock
from app.bulk.dumping import Dumped, dump, months
from app.dumps import manifest
from app.dumps.manifest import Manifest
from app.errors import ConfigurationError, FileError, Refused
from app.settings import Settings
from app.store import Store
from app.store.cuts import Tally
from app.store.tables import contents, memberships, records, renderings
from harvesters.scheduler import DUMPS_DUE, submit_dump
from tests.bulk.conftest import AUGUST, age, lines, with_database
from tests.cli.commandline import garnery
from tests.oai.filling import OAI
from tests.store.making import change, name, put, put_later

LATER = clock.seconds(datetime(2100, 1, 1, tzinfo=UTC))


def make(store: Store, settings: Settings, now: int = LATER) -> Dumped:
    return dump(store, settings, now=clock.moment(now))


def shown(settings: Settings) -> Manifest:
    found = manifest.read(Path(settings.dumps.folder))
    assert found is not None
    return found


def held(settings: Settings, form: str = "jsonl") -> dict[str, dict[str, bool]]:
    """By month: local id of each record of the dump, and whether it is deleted; all verified."""
    folder, found = Path(settings.dumps.folder), {}
    for file in shown(settings).files:
        packed = (folder / file.name).read_bytes()
        assert hashlib.sha256(packed).hexdigest() == file.sha256
        assert len(packed) == file.bytes
        if file.format == form:
            inside = _inside(gzip.decompress(packed), form)
            assert (len(inside), sum(inside.values())) == (file.count, file.deleted)
            found[file.month] = inside
    return found


def _inside(data: bytes, form: str) -> dict[str, bool]:
    if form == "jsonl":
        return {str(line["id"]): line.get("deleted", False) is True for line in lines(data)}
    return {
        str(one.findtext(f"{OAI}identifier")).rpartition(":")[2]: one.get("status") == "deleted"
        for one in etree.fromstring(data).iter(f"{OAI}header")
    }


def test_a_dump_holds_exactly_the_public_records_by_month(
    filled: Store, settings: Settings
) -> None:
    age(filled, AUGUST)
    reef = filled.repositories.get("reef")
    put(filled, reef, change(1, "changed", "two"), change(9))
    done = make(filled, settings)
    this = clock.text(filled.records.newest() or 0)[:7]
    public = {name(n): n == 0 for n in range(6)} | {name(n, "bay"): n == 5 for n in range(6)}
    august = {one: gone for one, gone in public.items() if one != name(1)}
    for form in ("jsonl", "datacite"):
        assert held(settings, form) == {"2026-08": august, this: {name(1): False, name(9): False}}
    assert (done.records, done.deleted, done.written, done.kept) == (13, 2, 4, 0)
    assert shown(settings).files[0].until == "2026-08-31T23:59:59Z"


def test_only_months_in_which_something_changed_are_written_anew(
    filled: Store, settings: Settings
) -> None:
    age(filled, AUGUST)
    reef = filled.repositories.get("reef")
    put(filled, reef, change(9))
    make(filled, settings)
    first = {file.name for file in shown(settings).files}
    assert make(filled, settings, LATER + 5).kept == 4
    assert {file.name for file in shown(settings).files} == first
    assert shown(settings).until == clock.text(LATER + 5)

    put(filled, reef, change(10))
    assert (make(filled, settings).written, make(filled, settings).kept) == (2, 4)
    put(filled, reef, change(2, "deleted"))
    assert make(filled, settings).written == 4
    there = {file.name for file in shown(settings).files}
    on_disk = {entry.name for entry in Path(settings.dumps.folder).glob("records-*")}
    assert on_disk == there
    assert held(settings)["2026-08"].keys() == held(settings, "datacite")["2026-08"].keys()


def test_a_cut_ends_at_its_second_and_knows_nothing_of_what_comes_meanwhile(
    filled: Store, settings: Settings
) -> None:
    age(filled, AUGUST)
    reef = filled.repositories.get("reef")
    stamp = put(filled, reef, change(9))
    assert stamp is not None
    make(filled, settings, stamp - 1)
    assert name(9) not in {one for month in held(settings).values() for one in month}

    asked = []

    def meddle() -> None:
        if not asked:
            asked.append(put(filled, reef, change(1, "changed", "two"), change(11)))

    dump(filled, settings, now=clock.moment(LATER), check=meddle)
    assert asked
    assert name(1) in held(settings)["2026-08"]
    assert sum(map(len, held(settings, "datacite").values())) == 13


def beside(store: Store, settings: Settings, at: int, act: Callable[[], None]) -> int:
    """Make a dump in another process, which does something at a safe place; return its number."""
    number = os.fork()
    if number:
        return number
    places = count()
    try:  # nothing of the tests may go on in the child
        dump(
            store,
            settings,
            now=clock.moment(LATER),
            check=lambda: act() if next(places) == at else None,
        )
    finally:
        os._exit(1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_anywhere_the_dump_before_stays_whole(filled: Store, settings: Settings) -> None:
    age(filled, AUGUST)
    make(filled, settings)
    before = held(settings)
    put(filled, filled.repositories.get("reef"), change(1, "changed", "two"), change(12))
    for at in range(4):
        ended = os.waitpid(beside(filled, settings, at, die), 0)[1]
        assert os.WTERMSIG(ended) == signal.SIGKILL
        assert held(settings) == before
    make(filled, settings)
    assert sum(map(len, held(settings).values())) == 13
    left = {entry.name for entry in Path(settings.dumps.folder).iterdir()}
    assert left == {file.name for file in shown(settings).files} | {"manifest.json", ".lock"}


def test_two_at_once_exclude_each_other(sqlite_filled: Store, settings: Settings) -> None:
    ours, theirs = os.pipe()

    def wait() -> None:
        os.write(theirs, b"!")
        signal.pause()

    other = beside(sqlite_filled, settings, 1, wait)
    assert os.read(ours, 1) == b"!"
    with pytest.raises(Refused, match=f"process {other} on"):
        make(sqlite_filled, settings)
    os.kill(other, signal.SIGKILL)
    os.waitpid(other, 0)
    assert make(sqlite_filled, settings).written == 2


def test_what_the_store_counts_otherwise_is_never_published(
    sqlite_filled: Store, settings: Settings
) -> None:
    make(sqlite_filled, settings)
    before = held(settings)
    victim = sqlite_filled.records.get(name(3))
    assert victim is not None
    with sqlite_filled.database.write() as connection:
        one = memberships.c.record_id == victim.id
        connection.execute(memberships.delete().where(one))
        row = update(records).where(records.c.id == victim.id)
        connection.execute(row.values(stamp=victim.stamp + 40 * 86400))
    with pytest.raises(FileError, match="nothing was published"):
        make(sqlite_filled, settings)
    assert held(settings) == before


def test_a_damaged_record_is_left_out_and_counted(sqlite_filled: Store, settings: Settings) -> None:
    victim = sqlite_filled.records.get(name(3))
    assert victim is not None
    with sqlite_filled.database.write() as connection:
        bad = b"\0damaged"
        where = contents.c.record_id == victim.id
        connection.execute(update(contents).where(where).values(reading=bad))
        connection.execute(
            update(renderings).where(renderings.c.id // 64 == victim.id).values(body=bad)
        )
    assert make(sqlite_filled, settings).left_out == 2
    assert {(file.count, file.left_out) for file in shown(settings).files} == {(11, 1)}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_with_its_cure(sqlite_filled: Store, settings: Settings) -> None:
    make(sqlite_filled, settings)
    before = held(settings)
    put_later(sqlite_filled, sqlite_filled.repositories.get("reef"), change(12))
    month = clock.text(sqlite_filled.records.newest() or 0)[:7]
    part = Path(settings.dumps.folder) / f".part-{os.getpid()}-{month}.jsonl"

    def fill_up() -> None:
        if not part.is_symlink():
            part.symlink_to("/dev/full")

    with pytest.raises(FileError, match="full: free some space"):
        dump(sqlite_filled, settings, now=clock.moment(LATER), check=fill_up)
    assert held(settings) == before
    assert make(sqlite_filled, settings).records == 13
    assert not part.is_symlink()


def test_no_folder_or_one_that_cannot_be_written_is_told(
    sqlite_filled: Store, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=r"dumps\.folder"):
        make(sqlite_filled, Settings())
    (tmp_path / "file").write_text("")
    wrong = replace(settings, dumps=replace(settings.dumps, folder=str(tmp_path / "file" / "x")))
    with pytest.raises(FileError, match="make the folder"):
        make(sqlite_filled, wrong)


def test_days_are_put_together_by_month() -> None:
    end = clock.seconds(datetime(2027, 1, 1, tzinfo=UTC)) - 1
    days = [Tally((end + 1) // 86400 - n, 1, 2, 1, end) for n in (1, 31, 32)]
    found = months(days, end - 10)
    assert [(m.name, m.records, m.deleted) for m in found] == [("2026-11", 2, 1), ("2026-12", 4, 2)]
    assert clock.text(found[0].until) == "2026-11-30T23:59:59Z"
    assert found[1].until == end - 10


def test_the_command_makes_a_dump_and_the_scheduler_one_when_it_is_due(
    sqlite_filled: Store, settings: Settings
) -> None:
    store, variables = sqlite_filled, with_database(settings, sqlite_filled)
    age(store, AUGUST)
    assert garnery("dump", "--json", **variables).document["records"] == 12
    assert "0 files written, 2 kept" in garnery("dump", **variables).out
    assert garnery("dump", GARNERY_DATABASE_URL=store.url).code == 4

    assert submit_dump(store, settings)
    assert not submit_dump(store, settings)
    assert not submit_dump(store, replace(settings, dumps=replace(settings.dumps, every="")))
    assert not submit_dump(store, Settings())
    put(store, store.repositories.get("reef"), change(9))
    age(store, AUGUST)
    assert garnery("work", "--once", "--json", **variables).document["done"] == 1
    assert sum(map(len, held(settings).values())) == 13
    store.hub.put(DUMPS_DUE, f"{settings.dumps.every} 2026-01-01T00:00:00Z")
    assert submit_dump(store, settings)
    other = replace(settings, dumps=replace(settings.dumps, every="0 3 * * *"))
    assert submit_dump(store, other)
    assert not submit_dump(store, other)
