"""Datestamps: when they move, when they don't, and that nobody who asks by them misses anything."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from app import clock
from app.errors import StoreError
from app.store import Store, open_store, stamping, writing
from app.store.stamping import AHEAD_SECONDS, BEHIND_SECONDS, SETTLE_SECONDS, next_stamp
from app.store.tables import stampings
from tests.store import processes
from tests.store.making import (
    change,
    listed,
    member,
    name,
    put,
    put_later,
    renderings,
    stamps,
    wait_until_after,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=clock.UTC)
NOON_SECONDS = clock.seconds(NOON)


def markers(store: Store) -> int:
    with store.database.read() as connection:
        return len(connection.execute(select(stampings)).all())


# ── when they move ───────────────────────────────────────────────────────────────────────────


def test_a_datestamp_lies_ahead_of_the_clock(store: Store) -> None:
    before = store.now()
    stamp = put(store, member(store), change(1))
    assert stamp
    assert clock.seconds(before) + AHEAD_SECONDS <= stamp
    assert stamp > store.now().timestamp()
    assert (store.records.newest(), store.records.earliest()) == (stamp, stamp)
    assert store.visible_after() == stamp


def test_equal_bytes_move_nothing(store: Store) -> None:
    repository = member(store)
    put(store, repository, *(change(n) for n in range(5)))
    before = listed(store), listed(store, "datacite")
    given = [change(n, "changed", crosswalk=2, resource=b"{}") for n in range(5)]
    assert put_later(store, repository, *given) is None
    assert (listed(store), listed(store, "datacite")) == before
    assert store.records.resource(name(1)) == b"{}"


def test_only_the_format_whose_bytes_differ_moves(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    before = stamps(store)
    mixed = renderings("one 1", ["oai_dc"]) | renderings("two 1", ["datacite"])  # type: ignore[operator]
    stamp = put_later(store, repository, change(1, "changed", renderings=mixed))
    assert stamps(store) == before
    assert stamps(store, "datacite") == {name(1): stamp}
    record = store.records.get(name(1))
    assert record
    assert record.stamp == stamp


@pytest.mark.parametrize(
    "next_change",
    [
        change(1, "changed", "two"),
        change(1, "deleted"),
        change(1, "changed", sets=("member:reef:corals", "member:reef:fish", "type:Dataset")),
    ],
    ids=["content", "deletion", "entering a set"],
)
def test_a_datestamp_moves_with(store: Store, next_change: Any) -> None:
    repository = member(store)
    put(store, repository, change(1), change(2))
    before = stamps(store)
    stamp = put_later(store, repository, next_change)
    assert stamp
    assert stamp > before[name(1)]
    assert stamps(store) == {name(1): stamp, name(2): before[name(2)]}
    assert stamps(store, "datacite")[name(1)] == stamp


def test_a_return_moves_the_datestamp(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    put(store, repository, change(1, "deleted"))
    stamp = put_later(store, repository, change(1, "changed"))
    assert stamps(store) == {name(1): stamp}


def test_entering_a_set_moves_dead_formats_too(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    only_dc = renderings("one 1", ["oai_dc"])
    put(store, repository, change(1, "changed", renderings=only_dc))
    fish = ("member:reef:fish", "type:Dataset")
    stamp = put_later(store, repository, change(1, "changed", renderings=only_dc, sets=fish))
    (row,) = listed(store, "datacite", set_spec="member:reef:fish")
    assert (row.deleted, row.stamp) == (True, stamp)


def test_leaving_a_set_takes_the_place_there_and_no_more(store: Store) -> None:
    repository = member(store)
    two = ("member:reef:corals", "member:reef:fish:small", "type:Dataset")
    put(store, repository, change(1, sets=two))
    before = stamps(store)
    assert put_later(store, repository, change(1, "changed", sets=two[:1] + two[2:])) is None
    assert stamps(store) == before
    assert listed(store, set_spec="member:reef:fish") == ()
    assert listed(store, set_spec="member:reef:fish:small") == ()
    assert len(listed(store, set_spec="member:reef")) == 1
    (row,) = listed(store)
    assert row.sets == "member:reef:corals type:Dataset"


def test_other_sets_are_taken_up_without_new_renderings(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    moved = change(1, "retouched", renderings={}, sets=("member:reef:fish", "type:Dataset"))
    stamp = put_later(store, repository, moved)
    (row,) = listed(store, set_spec="member:reef:fish")
    assert (row.stamp, row.deleted, row.body) == (stamp, False, b"<oai_dc>one 1</oai_dc>")
    assert listed(store, set_spec="member:reef:corals") == ()


# ── how they are made ────────────────────────────────────────────────────────────────────────


def test_a_stamp_is_two_seconds_ahead_or_the_newest() -> None:
    assert next_stamp(NOON + timedelta(milliseconds=999), None) == NOON_SECONDS + 2
    assert next_stamp(NOON, NOON_SECONDS) == NOON_SECONDS + 2
    assert next_stamp(NOON, NOON_SECONDS + 4) == NOON_SECONDS + 4


def test_a_clock_far_behind_is_named() -> None:
    far = NOON_SECONDS + AHEAD_SECONDS + BEHIND_SECONDS
    assert next_stamp(NOON, far) == far
    with pytest.raises(StoreError, match="set the clock"):
        next_stamp(NOON, far + 1)


def test_nothing_is_written_while_the_clock_is_far_behind(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = member(sqlite_store)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime.now(clock.UTC) + timedelta(hours=1))
        put(sqlite_store, repository, change(1))
    with pytest.raises(StoreError, match="The clock says"):
        put(sqlite_store, repository, change(2))
    assert sqlite_store.records.get(name(2)) is None


def test_a_page_that_was_long_in_writing_is_stamped_at_its_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = writing.write

    def dawdle(*given: Any) -> None:
        write(*given)
        time.sleep(AHEAD_SECONDS)

    monkeypatch.setattr(writing, "write", dawdle)
    stamp = put(store, member(store), change(1), change(2))
    assert stamp
    assert stamp > store.now().timestamp()
    assert set(stamps(store).values()) == {stamp}
    assert set(stamps(store, "datacite").values()) == {stamp}
    assert len(listed(store, set_spec="member:reef:corals")) == 2
    assert markers(store) == 0


def test_a_commit_that_came_late_is_stamped_again(store: Store) -> None:
    repository = member(store)
    slow = [True]

    def dawdle(_: Any) -> None:
        if slow.pop() if slow else False:
            time.sleep(AHEAD_SECONDS + 0.2)

    event.listen(store.database._write, "commit", dawdle)
    stamp = put(store, repository, change(1))
    committed = store.now().timestamp()
    assert stamp
    assert stamp > committed
    assert stamps(store) == {name(1): stamp}
    (row,) = listed(store, set_spec="type:Dataset")
    assert row.stamp == stamp
    record = store.records.get(name(1))
    assert record
    assert record.stamp == stamp
    assert markers(store) == 0


def test_what_cannot_be_stamped_in_time_as_a_whole_is_stamped_in_parts(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, stamp_again = member(sqlite_store), stamping._stamp_again
    late = [True]

    def dawdle(_: Any) -> None:
        if late.pop() if late else False:
            time.sleep(AHEAD_SECONDS)

    def slow(connection: Any, database: Any, touched: Any, old: int, new: int) -> None:
        stamp_again(connection, database, touched, old, new)
        if len(touched) > 1:
            late.append(True)

    monkeypatch.setattr(stamping, "_stamp_again", slow)
    event.listen(sqlite_store.database._write, "commit", dawdle)
    last = put(sqlite_store, repository, change(1))
    assert last
    assert sorted(late) == []
    given = {stamps(sqlite_store, prefix)[name(1)] for prefix in ("oai_dc", "datacite")}
    assert max(given) == last
    assert min(given) > sqlite_store.now().timestamp() - 1
    assert markers(sqlite_store) == 0


def test_what_was_changed_meanwhile_is_not_stamped_again(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1), change(2))
    first = stamps(store)[name(1)]
    later = put_later(store, repository, change(1, "changed", "two"))
    keys = [record.id << 6 | 1 for record in store.records.latest(2)]
    with store.database.write() as connection:
        stamping._stamp_again(connection, store.database, keys, first, first + 100)
    assert stamps(store) == {name(1): later, name(2): first + 100}


# ── what a crash leaves ──────────────────────────────────────────────────────────────────────


def test_a_kill_between_commit_and_comparison_is_made_good(store: Store) -> None:
    repository = member(store)
    assert processes.exit_code(processes.die_after_commit, store.url, repository.id) == -9
    before = stamps(store)
    assert len(before) == 2
    assert markers(store) == 1
    assert store.records.settle(store.now()) == 0
    later = store.now() + timedelta(seconds=SETTLE_SECONDS + 2 * AHEAD_SECONDS)
    wait_until_after(store, max(before.values()))
    assert store.records.settle(later) == 4
    after = stamps(store)
    assert all(after[one] > before[one] for one in before)
    assert stamps(store, "datacite") == after
    assert len(listed(store, set_spec="member:reef:corals")) == 2
    assert markers(store) == 0
    assert store.records.settle(later + timedelta(hours=1)) == 0


def test_opening_a_store_makes_good_what_an_old_crash_left(sqlite_store: Store) -> None:
    put(sqlite_store, member(sqlite_store), change(1))
    old = sqlite_store.records.newest()
    assert old
    with sqlite_store.database.write() as connection:
        stamping._stamp_again(connection, sqlite_store.database, [1 << 6 | 1], old, old - 3600)
        row = {"stamp": old - 3600, "harvest": None}
        connection.execute(stampings.insert().values(row))
    open_store(sqlite_store.url).dispose()
    assert stamps(sqlite_store)[name(1)] >= old
    assert markers(sqlite_store) == 0


# ── the proof ────────────────────────────────────────────────────────────────────────────────


def mirrored(store: Store, folder: Path, *, careless: bool) -> tuple[list[processes.Copy], Any]:
    """Two writers, two incremental harvesters: the copies, and what they should be."""
    members = [member(store, key) for key in ("reef", "dune")]
    stop = folder / "stop"
    readers = processes.started(processes.mirror, [(store.url, n, str(stop)) for n in (0, 1)])
    work = [(store.url, one.id, one.name, n, careless) for n, one in enumerate(members)]
    processes.together(processes.write_at_random, work)
    wait_until_after(store, store.visible_after() + 1)
    stop.touch()
    copies = readers.get(processes.PATIENCE)
    return copies, {row.local_id: (row.deleted, row.body) for row in listed(store)}


@pytest.mark.slow
def test_incremental_harvesters_miss_nothing_while_others_write(
    store: Store, tmp_path: Path
) -> None:
    """Writers pause at random, also before commits; one harvester adds a second to its date."""
    copies, truth = mirrored(store, tmp_path, careless=False)
    assert len(truth) > 40
    assert copies == [truth, truth]


@pytest.mark.slow
def test_with_careless_datestamps_they_would_miss_some(sqlite_store: Store, tmp_path: Path) -> None:
    """That the test above can fail: stamped as work is done, records are lost."""
    copies, truth = mirrored(sqlite_store, tmp_path, careless=True)
    assert copies[0] != truth
