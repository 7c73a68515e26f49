"""Statistics of the provider: harvests told apart, ages, days that become months."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from app.settings import Statistics
from app.store import Store, open_store
from app.store.served import reading as served_reading
from app.store.served import tending as served_tending
from app.store.served.reading import Wanted
from app.store.served.values import Facts, Note, ServedHarvest
from tests.store.notes import END, NOW, SIZE, page
from tests.store.processes import exit_code, together

AGES = served_tending.ages(Statistics())


def note(store: Store, *notes: Note, unnoted: int = 0) -> None:
    store.served.note(notes, at=NOW, unnoted=unnoted)


def harvests(store: Store, hours: float = 1, **wanted: Any) -> tuple[ServedHarvest, ...]:
    """The harvests as seen some hours after the first page."""
    silent = NOW + timedelta(hours=hours) - AGES.silence
    return served_reading.harvests(store.database, Wanted(silent, **wanted))


def states(store: Store, hours: float = 1) -> list[tuple[str, int, int]]:
    """State, pages and how far of each harvest, the oldest first."""
    return [(h.state, h.requests, h.reached) for h in reversed(harvests(store, hours))]


def sums(store: Store) -> tuple[int, int, int]:
    """Harvests begun, completed, broken off, by the counts."""
    (row,) = served_reading.counted(store.database, "month")
    return row.harvests, row.complete, row.broken_off


def test_whole_running_and_broken_off_harvests_are_told_apart(store: Store) -> None:
    note(store, page(0), page(10), page(0, who="sickle/1"))
    note(store, page(20, minutes=1), page(10, minutes=1, who="sickle/1"))
    assert states(store) == [("complete", 3, 25), ("running", 2, 20)]
    assert sums(store) == (2, 1, 0)
    # Silence is seen before anyone writes it down, and counted once it is.
    assert states(store, hours=7) == [("complete", 3, 25), ("broken-off", 2, 20)]
    for _ in range(2):
        served_tending.tend(store.database, AGES, NOW + timedelta(hours=7))
    assert sums(store) == (2, 1, 1)
    # The token is still good: the harvest goes on, and is none that did not finish.
    note(store, page(20, minutes=600, who="sickle/1"))
    assert states(store, hours=11) == [("complete", 3, 25), ("complete", 3, 25)]
    assert sums(store) == (2, 2, 0)
    found = harvests(store)[0]
    assert (found.client.family, found.client.network) == ("sickle", "203.0.113.0/24")
    assert (found.client.sender, found.size, found.bytes) == ("harvest@example.org", 25, 3000)
    assert served_reading.members_of(store.database, found.id) == (("m", 22), ("n", 3))
    requests = served_reading.requests_of(store.database, found.id, limit=10)
    assert [(r.cursor, r.records, r.outcome) for r in requests] == [
        (0, 10, "ok"), (10, 10, "ok"), (20, 5, "ok"),
    ]  # fmt: skip


def test_a_repeated_page_is_no_new_harvest_but_a_list_begun_again_is(sqlite_store: Store) -> None:
    store = sqlite_store
    note(store, page(0), page(0), page(10), page(10), page(20))
    assert states(store) == [("complete", 5, 25)]
    note(store, page(0, minutes=5), page(10, minutes=5))
    note(store, page(0, minutes=9), page(10, minutes=9), page(20, minutes=9))
    assert states(store) == [("complete", 5, 25), ("running", 2, 20), ("complete", 3, 25)]
    assert sums(store) == (3, 2, 0)


def test_notes_of_several_processes_may_come_in_any_order(sqlite_store: Store) -> None:
    note(sqlite_store, page(10), page(20))
    note(sqlite_store, page(0))
    assert states(sqlite_store) == [("complete", 3, 25)]


def test_lists_that_differ_in_anything_are_different_harvests(sqlite_store: Store) -> None:
    note(
        sqlite_store,
        page(0),
        page(0, set_spec="member:m"),
        page(0, prefix="datacite"),
        page(0, from_=1),
        page(0, until=END + 1),
        page(0, verb="ListIdentifiers"),
    )
    assert len(harvests(sqlite_store)) == 6
    assert len(harvests(sqlite_store, prefix="datacite")) == 1
    assert len(harvests(sqlite_store, set_spec="member")) == 1
    assert harvests(sqlite_store, family="sickle") == ()
    assert len(harvests(sqlite_store, repository="n", state="running", limit=4)) == 4


def test_an_empty_list_is_a_whole_harvest_and_makes_no_set_known(store: Store) -> None:
    empty = Facts(
        "ListRecords", "oai_dc", "no:such", until=END, listed=True, first=True, final=True,
        errors=("noRecordsMatch",),
    )  # fmt: skip
    note(store, Note(NOW, empty, outcome="noRecordsMatch"))
    assert states(store) == [("complete", 1, 0)]
    assert [row.of for row in served_reading.counted(store.database, "set")] == [""]


def test_single_rows_go_at_their_age_and_counts_stay(store: Store) -> None:
    note(store, page(0), page(10), page(20), page(0, who="sickle/1"))
    before = served_reading.counted(store.database, "family")
    number = harvests(store)[-1].id
    served_tending.tend(store.database, AGES, NOW + AGES.requests + timedelta(seconds=1))
    assert served_reading.requests_of(store.database, number, limit=9) == ()
    assert len(harvests(store)) == 2
    note(store, page(0, minutes=60 * 24 * 300, until=END + 9))
    served_tending.tend(store.database, AGES, NOW + AGES.harvests + timedelta(seconds=1))
    assert len(harvests(store, since=NOW)) == 1
    assert served_reading.members_of(store.database, number) == ()
    after = {row.of: row for row in served_reading.counted(store.database, "family")}
    assert [after[row.of].records >= row.records for row in before] == [True, True]
    assert {row.of for row in before} == {"metha", "sickle"}


def test_days_become_months_and_sums_stay(store: Store) -> None:
    for days in (0, 1, 20, 300, 420):
        note(store, page(0, minutes=60 * 24 * days), unnoted=1)
    before = served_reading.counted(store.database, "outcome")
    end = NOW + timedelta(days=430)
    served_tending.tend(store.database, AGES, end)
    periods = [row.of for row in served_reading.counted(store.database, "day")]
    assert periods == ["2026-11", "2026-12-10", "2027-09-16", "2028-01-14"]
    assert served_tending.first_by_day(end) == "2026-12-01"
    sizes = [(r.of, r.requests, r.records, r.bytes) for r in before]
    after = served_reading.counted(store.database, "outcome")
    assert [(r.of, r.requests, r.records, r.bytes) for r in after] == sizes
    assert ("unnoted", 5, 0, 0) in sizes


def test_who_took_a_members_records(store: Store) -> None:
    note(store, page(0), page(10), page(20), page(0, who="sickle/1", set_spec="member:m"))
    found = served_reading.takings(
        store.database, "m", since=NOW, silent_before=NOW + timedelta(hours=1)
    )
    assert [(t.family, t.set_spec, t.state, t.harvests, t.records) for t in found] == [
        ("metha", "", "complete", 1, 22),
        ("sickle", "member:m", "broken-off", 1, 9),
    ]


def walk(url: str, number: int) -> None:
    """Note the pages of one and the same walk, and of one of its own, page by page."""
    store = open_store(url)
    for cursor in (0, 10, 20):
        note(store, page(cursor, until=END + 1, who=f"own/{number}"), page(cursor))
    store.dispose()


def walks_at_once(store: Store) -> None:
    found = harvests(store)
    assert sum(h.records for h in found) == 4 * SIZE
    assert sorted({h.client.user_agent for h in found}) == ["metha/1", "own/1", "own/2"]
    assert sum(r.requests for r in served_reading.counted(store.database, "verb")) == 12


def test_several_processes_write_at_once(sqlite_store: Store) -> None:
    together(walk, [(sqlite_store.url, 1), (sqlite_store.url, 2)])
    walks_at_once(sqlite_store)


def test_several_connections_write_at_once(store: Store) -> None:
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(walk, (store.url, store.url), (1, 2)))
    walks_at_once(store)


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "x" * 5000])
def test_any_text_can_be_noted(store: Store, text: str) -> None:
    note(store, page(0, who=text, set_spec=text))
    assert len(harvests(store)) == 1


def die_with_notes(url: str) -> None:
    """Write a page, take another note, and be killed before it is written."""
    import os
    import signal

    from app.web.noting import Notebook

    store = open_store(url)
    notebook = Notebook(
        lambda notes, unnoted: store.served.note(notes, at=NOW, unnoted=unnoted), gather=60
    )
    notebook.note(page(0))
    assert notebook.flush()
    notebook.note(page(10))
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_loses_only_what_it_had_not_written(sqlite_store: Store) -> None:
    store = sqlite_store
    assert exit_code(die_with_notes, store.url) == -9
    assert states(store) == [("running", 1, 10)]
    note(store, page(20))
    assert states(store) == [("complete", 2, 25)]
