"""Records that an operator hides or merges: gone from lists, kept up to date, and back again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app import backups
from app.deep import examine
from app.errors import Refused
from app.query.request import Request, read
from app.record_history import entries, events, interleaved
from app.settings import Settings
from app.store import Store, open_store
from app.store.cuts import cut
from app.store.extracts import Choice, rendered, resources
from app.store.links.filling import differences
from app.store.links.tables import links, nodes
from app.store.values import Repository, StoredRecord
from app.store.withdrawing import Why
from tests.store import linking
from tests.store.making import FOREVER, change, listed, member, name, put, put_later, stamps
from tests.store.processes import together

WHY = Why("ann", "A letter of 3 May.", "Its owner asked for it.")


def record(store: Store, n: int, key: str = "reef") -> StoredRecord:
    found = store.records.get(name(n, key))
    assert found is not None
    return found


def withdraw(store: Store, *numbers: int) -> int:
    return store.withdrawals.withdraw([record(store, n).id for n in numbers], WHY)


def restore(store: Store, *numbers: int) -> int:
    return store.withdrawals.restore([record(store, n).id for n in numbers], "ben")


def counts(store: Store) -> tuple[int, int, int]:
    reef = store.repositories.get("reef")
    return reef.live, reef.deleted, reef.withdrawn


def found(store: Store, **given: str) -> int:
    request = read([("copies", "all"), *given.items()])
    assert isinstance(request, Request)
    return store.search.count(request)


def gone(store: Store, **given: Any) -> set[str]:
    return {row.local_id for row in listed(store, **given) if row.deleted}


def sound(store: Store) -> None:
    """Counts, lists and links are those of the records."""
    said = [f.sentence for f in examine(store, Settings()) if f.id in _OWN]
    assert said == []
    with store.database.read() as connection:
        assert list(differences(connection, store.database.dialect, store.codec.unpack)) == []


_OWN = {"count-differs", "rule-count-differs", "place-missing", "place-astray", "datestamp-differs",
        "links-differ", "set-missing"}  # fmt: skip


@pytest.fixture
def reef(store: Store) -> Repository:
    repository = member(store)
    put(store, repository, *(change(n) for n in range(4)))
    return repository


def test_withdrawn_and_restored_it_moves_twice_and_outlives_harvests(
    store: Store, reef: Repository
) -> None:
    before = stamps(store)
    put_later(store, reef, change(3, "changed", "two"))
    assert (withdraw(store, 0, 1), withdraw(store, 0)) == (2, 0)
    one = record(store, 0)
    assert (one.state, one.own_state, one.reason) == ("withdrawn", "live", WHY.public_reason)
    assert one.withdrawn_at is not None
    for prefix in ("oai_dc", "datacite"):
        assert gone(store, prefix=prefix) == {name(0), name(1)}
        assert gone(store, prefix=prefix, set_spec="member:reef:corals") == {name(0), name(1)}
    assert stamps(store)[name(0)] > before[name(0)]
    assert counts(store) == (2, 0, 2)
    assert (found(store), found(store, state="withdrawn"), found(store, state="deleted")) == (
        2, 2, 0,
    )  # fmt: skip
    with cut(store, FOREVER) as taken:
        given = {r.local_id: (r.state, data) for r, data in taken.resources(0, FOREVER)}
    assert given[name(0)] == ("deleted", None)
    assert {r.local_id for r, _ in resources(store, Choice())} == {name(2), name(3)}
    assert {r.local_id for r in rendered(store, "oai_dc", Choice())} == {name(2), name(3)}
    sound(store)

    hidden = stamps(store)
    put_later(store, reef, change(0, "changed", "three"), change(1, "deleted"))
    assert stamps(store) == hidden
    assert (record(store, 0).state, record(store, 1).own_state) == ("withdrawn", "deleted")
    assert counts(store) == (2, 0, 2)
    row = store.records.row(name(0), "oai_dc", withheld=True)
    assert row is not None
    assert row.body == b"<oai_dc>three 0</oai_dc>"
    sound(store)

    assert restore(store, 0, 1, 2) == 2
    assert (record(store, 0).state, record(store, 1).state) == ("live", "deleted")
    assert record(store, 0).summary.title == "three 0"
    assert stamps(store)[name(0)] > hidden[name(0)]
    assert gone(store) == {name(1)}
    assert counts(store) == (3, 1, 0)
    assert (found(store, q="three"), found(store, state="withdrawn")) == (1, 0)
    shown = store.records.row(name(0), "oai_dc")
    assert shown is not None
    assert shown.body == b"<oai_dc>three 0</oai_dc>"
    sound(store)


def test_the_history_tells_both_events_and_no_reason_for_operators(
    store: Store, reef: Repository
) -> None:
    withdraw(store, 0)
    put_later(store, reef, change(0, "changed", "two"))
    restore(store, 0)
    one = record(store, 0)
    acts = events(store.withdrawals.history(one.id))
    assert [act.kind for act in acts] == ["restored", "withdrawn"]
    assert [act.reason for act in acts] == ["", WHY.public_reason]
    versions = entries(store.versions.history(one))
    assert [entry.version.number for entry in versions] == [2, 1]
    assert len(interleaved(versions, acts)) == 4
    (done,) = store.withdrawals.history(one.id)
    assert (done.by, done.reason, done.ended_by) == ("ann", WHY.reason, "ben")


def test_the_same_description_in_other_sets_is_no_version(store: Store, reef: Repository) -> None:
    before = store.versions.history(record(store, 0))
    other = ("member:reef:fish", "type:Dataset")
    put_later(store, reef, change(0, "changed", sets=other, same=True))
    after = store.versions.history(record(store, 0))
    assert [v.number for v in after] == [1]
    assert after[0].began_at == before[0].began_at
    put_later(store, reef, change(0, "changed", "two", sets=other))
    now, first = store.versions.history(record(store, 0))
    assert (now.number, first.number, first.began_at) == (2, 1, before[0].began_at)
    assert now.began_at == first.ended_at


def test_a_private_member_and_a_withdrawal_do_not_undo_each_other(
    store: Store, reef: Repository
) -> None:
    withdraw(store, 0)
    store.repositories.edit("reef", public=False)
    withdraw(store, 1)
    sound(store)
    restore(store, 0)
    assert record(store, 0).state == "live"
    assert gone(store) == {name(n) for n in range(4)}
    store.repositories.edit("reef", public=True)
    assert gone(store) == {name(1)}
    assert found(store, state="withdrawn") == 1
    sound(store)


def test_a_merged_record_leads_on_and_comes_back(store: Store, reef: Repository) -> None:
    old, new = record(store, 0).id, record(store, 1).id
    store.withdrawals.merge(old, new, WHY)
    assert gone(store) == {name(0)}
    assert (record(store, 0).state, counts(store)) == ("merged", (3, 0, 0))
    there = store.withdrawals.successor(old)
    assert there is not None
    assert there.local_id == name(1)
    assert store.withdrawals.successor(new) is None
    assert sum(found(store, state=state) for state in ("live", "deleted", "withdrawn")) == 3
    put_later(store, reef, change(0, "changed", "two"))
    sound(store)
    for pair in ((old, new), (new, new), (new, old)):
        with pytest.raises(Refused):
            store.withdrawals.merge(*pair, WHY)
    assert restore(store, 0) == 1
    assert (record(store, 0).summary.title, counts(store)) == ("two 0", (4, 0, 0))
    sound(store)


def test_what_was_never_shown_is_passed_over_and_erasing_takes_all(
    store: Store, reef: Repository
) -> None:
    put(store, reef, change(8, "deleted"), change(9, "quarantined"))
    assert withdraw(store, 8, 9) == 0
    withdraw(store, 0)
    store.repositories.remove("reef", erase=True)
    assert store.records.get(name(0)) is None


# ── two processes ────────────────────────────────────────────────────────────────────────────


def harvest_on(url: str, times: int) -> int:
    store = open_store(url)
    reef = store.repositories.get("reef")
    for turn in range(times):
        put(store, reef, *(change(n, "changed", f"turn{turn}") for n in range(6)))
    return times


def hide_and_show(url: str, times: int) -> int:
    store = open_store(url)
    ids = [record(store, n).id for n in range(3)]
    for _ in range(times):
        store.withdrawals.withdraw(ids, WHY)
        store.withdrawals.restore(ids, "ben")
    return store.withdrawals.withdraw(ids, WHY)


def test_a_harvest_and_an_operator_meet(store: Store) -> None:
    put(store, member(store), *(change(n) for n in range(6)))
    with_both = [(harvest_on, 12), (hide_and_show, 6)]
    done = together(run, [(work.__name__, store.url, times) for work, times in with_both])
    assert done == [12, 3]
    assert gone(store) == {name(n) for n in range(3)}
    assert counts(store) == (3, 0, 3)
    sound(store)
    restore(store, 0, 1, 2)
    assert {record(store, n).summary.title for n in range(6)} == {f"turn11 {n}" for n in range(6)}
    assert gone(store) == set()
    sound(store)


def run(work: str, url: str, times: int) -> int:
    return int(globals()[work](url, times))


# ── what others see of it ────────────────────────────────────────────────────────────────────


def test_another_copy_is_preferred_and_links_go_and_come_back(store: Store) -> None:
    one, two = member(store), member(store, "tide")
    said = linking.resource(linking.doi(1), ("Cites", linking.doi(2)))
    put(store, one, linking.change(0, said, kind="new"))
    put(store, two, linking.change(0, said, key="tide", kind="new"))
    put(store, one, linking.change(5, linking.resource(linking.doi(2)), kind="new"))

    def stands() -> tuple[set[int], int]:
        with store.database.read() as connection:
            chosen = connection.execute(select(nodes.c.record_id).where(nodes.c.preferred))
            stated = select(func.count()).select_from(links)
            return set(chosen.scalars()), connection.execute(stated).scalar_one()

    first, copy, cited = record(store, 0).id, record(store, 0, "tide").id, record(store, 5).id
    assert stands() == ({first, cited}, 2)
    withdraw(store, 0)
    assert stands() == ({copy, cited}, 1)
    sound(store)
    put_later(store, one, linking.change(0, linking.resource(linking.doi(1)), kind="changed"))
    sound(store)
    restore(store, 0)
    assert stands() == ({first, cited}, 1)
    sound(store)


def test_a_backup_brings_withdrawals_along(store: Store, reef: Repository, tmp_path: Path) -> None:
    withdraw(store, 0)
    store.withdrawals.merge(record(store, 1).id, record(store, 2).id, WHY)
    put_later(store, reef, change(0, "changed", "two"))
    made = tmp_path / "hub.backup"
    backups.backup(store.database, made, Settings())
    url = f"sqlite:///{tmp_path}/again.sqlite3"
    backups.restore(made, url, now=store.now())
    again = open_store(url)
    assert gone(again) == {name(0), name(1)}
    assert (found(again), found(again, state="withdrawn"), counts(again)) == (2, 1, (2, 0, 1))
    assert restore(again, 0, 1) == 2
    assert record(again, 0).summary.title == "two 0"
    sound(again)
    again.dispose()
