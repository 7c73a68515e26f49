"""What records were: kept as they change, numbered, and let go by age."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from app.store import Store, versioning
from app.store.versioning import Version
from tests.store.making import change, harvest, member, name, put


def _history(store: Store, n: int = 1) -> tuple[Version, ...]:
    record = store.records.get(name(n))
    assert record is not None
    return store.versions.history(record)


def test_each_change_keeps_what_was_with_its_cause(store: Store) -> None:
    reef = member(store)
    run = harvest(store, reef)
    store.records.apply(reef.id, run.id, "w1", (change(1), change(2)))
    put(store, reef, change(1, "changed", "two"))
    put(store, reef, change(1, "retouched", "two"))
    put(store, reef, change(1, "quarantined"))
    put(store, reef, change(1, "changed", "three"))
    put(store, reef, change(1, "deleted", reason="Gone."))
    put(store, reef, change(1, "deleted", reason="Gone."))
    put(store, reef, change(1, "changed", "four"))
    found = _history(store)
    assert [one.number for one in found] == [5, 4, 3, 2, 1]
    assert [one.state for one in found] == ["live", "deleted", "live", "live", "live"]
    assert [one.reason for one in found] == ["", "Gone.", "", "", ""]
    assert [one.harvest for one in found] == [None, None, None, None, run.id]
    assert found[0].ended_at is None
    assert all(b.ended_at == a.began_at for a, b in pairwise(found))
    texts = [(one.reading.resource or b"").decode() for one in found]
    assert [t.partition('title":"')[2][:-4] for t in texts] == [
        "four 1", "", "three 1", "two 1", "one 1",
    ]  # fmt: skip
    record = store.records.get(name(1))
    assert record is not None
    originals = [
        one.original for n in range(1, 6) if (one := store.versions.version(record, n)) is not None
    ]
    # What version 2 was read from was overwritten by what could not be read.
    assert originals == [
        b"<dc>one 1</dc>", None, b"<dc>three 1</dc>", None, b"<dc>four 1</dc>",
    ]  # fmt: skip
    assert store.versions.version(record, 6) is None
    assert [one.number for one in _history(store, 2)] == [1]


def test_versions_go_by_age_but_numbers_go_on(store: Store) -> None:
    reef = member(store)
    put(store, reef, change(1), change(2))
    for text in ("two", "three", "four"):
        put(store, reef, change(1, "changed", text))
    assert versioning.forget(store.database, store.now() - timedelta(days=1)) == 0
    assert versioning.forget(store.database, store.now() + timedelta(days=1)) == 2
    assert [one.number for one in _history(store)] == [4, 3]
    put(store, reef, change(1, "changed", "five"))
    assert [one.number for one in _history(store)] == [5, 4, 3]
    later = store.now() + timedelta(days=1)
    assert versioning.forget(store.database, later, all_of_them=True) == 2
    assert [one.number for one in _history(store)] == [1]


def test_private_members_go_on_being_versioned(store: Store) -> None:
    reef = member(store, public=False)
    put(store, reef, change(1))
    put(store, reef, change(1, "changed", "two"))
    assert [one.number for one in _history(store)] == [2, 1]


def test_erasing_a_member_erases_what_its_records_were(store: Store) -> None:
    reef = member(store)
    put(store, reef, change(1))
    put(store, reef, change(1, "changed", "two"))
    record = store.records.get(name(1))
    assert record is not None
    store.repositories.remove("reef", erase=True)
    assert store.versions.version(record, 1) is None
