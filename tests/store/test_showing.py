"""Private members: withheld from every list, and what becomes of what was visible."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import select

from app.query import Query, parse
from app.record import Counts, Summary
from app.store import Store, showing
from app.store.cuts import cut
from app.store.extracts import Choice, rendered
from app.store.looks import holds_live
from app.store.missing import missing
from app.store.published import changes, parts
from app.store.search.conditions import KEPT_FIELDS
from app.store.tables import contents, memberships, records, renderings
from tests.store.making import (
    FOREVER,
    change,
    dump,
    harvest,
    listed,
    member,
    name,
    put,
    put_later,
    stamps,
    wait_until_after,
)

SETS = ("member:reef", "type:Text")


def states(store: Store, prefix: str = "oai_dc", **given: Any) -> dict[str, bool]:
    """What a list gives: whether each record is a tombstone."""
    return {row.local_id: row.deleted for row in listed(store, prefix, **given)}


def found(store: Store, query: str, prefix: str = "oai_dc") -> dict[str, bool]:
    read = parse(query, KEPT_FIELDS)
    assert isinstance(read, Query)
    node = read.tree
    assert store.records.count(prefix, until=FOREVER, query=node) == len(
        states(store, prefix, query=node)
    )
    return states(store, prefix, query=node)


def specs(store: Store) -> set[str]:
    return {row.spec for row in store.sets.listed(after=None, limit=100)}


def names(*numbers: int) -> set[str]:
    return {name(n) for n in numbers}


def gone(*numbers: int) -> dict[str, bool]:
    return dict.fromkeys(names(*numbers), True)


def here(*numbers: int) -> dict[str, bool]:
    return dict.fromkeys(names(*numbers), False)


def later(store: Store) -> None:
    """Let the clock go past every datestamp there is."""
    wait_until_after(store, store.visible_after() - 1)


def switch(store: Store, *, public: bool) -> None:
    store.repositories.edit("reef", public=public)


def agree(store: Store) -> None:
    """Lists, renderings and records say the same of what is visible, and from when on."""
    with store.database.read() as connection:
        rows = connection.execute(select(renderings.c.id, renderings.c.stamp, renderings.c.deleted))
        forms = {(key >> 6, key & 63): (stamp, deleted) for key, stamp, deleted in rows}
        places = set(connection.execute(select(memberships)).all())
        kept = {row.id: row for row in connection.execute(select(records))}
    for set_id, prefix, stamp, record in places:
        assert forms[record, prefix][0] == stamp, (set_id, record)
    for (record, prefix), (stamp, deleted) in forms.items():
        assert ((0, prefix, stamp, record) in places) == (stamp > 0)
        if kept[record].withheld:
            assert stamp == 0 or deleted
        elif kept[record].state == "live":
            assert stamp > 0
    for number, row in kept.items():
        assert row.stamp == max([s for (r, _), (s, _) in forms.items() if r == number], default=0)


# ── never visible ────────────────────────────────────────────────────────────────────────────


def test_nothing_of_a_private_member_was_ever_there(store: Store) -> None:
    reef = member(store, public=False)
    put(store, reef, *(change(n) for n in range(4)), change(9, "quarantined"))
    put(store, reef, change(0, "changed", "two"), change(1, "deleted"), change(2, "retouched"))
    assert states(store) == {}
    assert (store.records.count("oai_dc", until=FOREVER), store.records.earliest()) == (0, None)
    assert (store.records.newest(), store.records.sample()) == (None, None)
    assert not store.records.has_any("oai_dc")
    assert specs(store) == set()
    for n in range(4):
        assert store.records.row(name(n), "oai_dc") is None
        assert store.records.prefixes(name(n)) == ()
    assert (
        found(store, f"id:{name(0)}") == found(store, "two") == found(store, "type:Dataset") == {}
    )
    with cut(store, FOREVER) as taken:
        assert taken.tallies() == taken.tallies("oai_dc") == ()
        assert list(taken.resources(0, FOREVER)) == []
    assert parts(store, "oai_dc") == () == tuple(changes(store, "oai_dc", 0, FOREVER))
    agree(store)


def test_operators_see_all_of_a_private_member(store: Store) -> None:
    reef = member(store, public=False)
    put(store, reef, *(change(n) for n in range(3)))
    put(store, reef, change(1, "deleted"))
    after = store.repositories.get("reef")
    assert (after.live, after.public, after.switching) == (2, False, False)
    row = store.records.row(name(0), "datacite", withheld=True)
    assert row
    assert (row.body, row.deleted) == (b"<datacite>one 0</datacite>", False)
    record = store.records.get(name(0))
    assert record
    assert (record.state, record.stamp, record.withheld) == ("live", 0, True)
    for choice in (Choice(), Choice(set_spec="member:reef"), Choice(since=1)):
        assert {r.local_id for r in rendered(store, "oai_dc", choice)} == names(0, 2)
    assert missing(store, reef.id, "datacite", limit=9) == ()
    assert holds_live(store, "reef", "corals")
    assert not holds_live(store, "reef", "fish")


def test_made_public_they_come_with_a_new_datestamp_and_their_sets(store: Store) -> None:
    reef = member(store, public=False)
    put(store, reef, *(change(n) for n in range(4)))
    put(store, reef, change(1, "changed", "two"))
    put(store, reef, change(3, "deleted"), change(2, "retouched", sets=SETS))
    now = int(store.now().timestamp())
    assert store.showing.concerned(reef.id, public=True) == 3
    store.repositories.edit("reef", public=True)
    assert states(store) == here(0, 1, 2)
    assert min(stamps(store).values()) > now
    row = store.records.row(name(1), "oai_dc")
    assert row
    assert (row.body, row.about) == (b"<oai_dc>two 1</oai_dc>", b"<about>1</about>")
    assert states(store, set_spec="type:Text") == here(2)
    assert specs(store) >= {"member:reef:corals", "type:Dataset", "type:Text"}
    assert store.records.previous([name(3)])[name(3)].state == "unseen"
    assert store.showing.concerned(reef.id, public=True) == 0
    agree(store)


# ── was visible ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def withdrawn(store: Store) -> Store:
    """A member that had four visible records, one deleted, and became private."""
    reef, bay = member(store), member(store, "bay")
    put(store, bay, change(1, key="bay"))
    put(store, reef, *(change(n) for n in range(5)))
    put(store, reef, change(4, "deleted"), change(9, "quarantined"))
    before = stamps(store)
    switch(store, public=False)
    after = stamps(store)
    assert before.keys() == after.keys()
    for n in range(4):
        assert after[name(n)] >= before[name(n)]
    assert after[name(4)] == before[name(4)]
    assert after[name(1, "bay")] == before[name(1, "bay")]
    return store


def test_what_was_visible_is_a_tombstone_in_its_sets(withdrawn: Store) -> None:
    store = withdrawn
    shown = gone(0, 1, 2, 3, 4) | {name(1, "bay"): False}
    assert states(store) == states(store, "datacite") == shown
    assert states(store, set_spec="member:reef") == gone(0, 1, 2, 3, 4)
    assert "member:reef:corals" in specs(store)
    assert all(row.body is None for row in listed(store) if row.deleted)
    row = store.records.row(name(0), "oai_dc")
    assert row
    assert (row.deleted, row.body, row.about) == (True, None, None)
    assert set(store.records.prefixes(name(0))) == {("oai_dc", True), ("datacite", True)}
    assert found(store, "repository:reef AND state:live") == {}
    assert found(store, "repository:reef AND state:deleted") == gone(0, 1, 2, 3, 4)
    assert found(store, f"id:{name(1)}") == gone(1)
    repository = store.repositories.get("reef")
    assert (repository.live, repository.deleted, repository.public) == (4, 1, False)
    agree(store)


def test_dumps_and_change_lists_tell_of_it(withdrawn: Store) -> None:
    store = withdrawn
    with cut(store, FOREVER) as taken:
        for prefix in ("", "oai_dc"):
            tallies = taken.tallies(prefix)
            assert sum(t.records for t in tallies) == 6
            assert sum(t.deleted for t in tallies) == 5
        given = {r.local_id: (r.state, body) for r, body in taken.resources(0, FOREVER)}
        rows = {row.local_id: row.body for row in taken.rendered("datacite", 0, FOREVER)}
    assert {given[name(n)][0] for n in range(5)} == {"deleted"}
    assert {given[name(n)][1] for n in range(4)} == {None}
    assert given[name(1, "bay")][0] == "live"
    assert [local for local, body in rows.items() if body] == [name(1, "bay")]
    assert sum(part.records for part in parts(store, "oai_dc")) == 1
    told = {one.row.local_id: one.row.deleted for one in changes(store, "oai_dc", 0, FOREVER)}
    assert told == states(store)


def test_harvests_go_on_unseen(withdrawn: Store) -> None:
    """What a harvest brings changes neither what lists show nor by which words it is found."""
    store, reef = withdrawn, withdrawn.repositories.get("reef")
    before = {prefix: listed(store, prefix) for prefix in ("oai_dc", "datacite")}
    later(store)
    other: dict[str, Any] = {"sets": SETS, "summary": Summary(title="secret", doi="10.5072/secret")}
    put(
        store, reef, change(0, "changed", "secret", **other), change(1, "deleted"),
        change(2, "retouched", "one"), change(3, "quarantined"), change(4, "changed", "secret"),
        change(5, "new", "secret"), change(9, "new", "secret"),
    )  # fmt: skip
    assert {prefix: listed(store, prefix) for prefix in before} == before
    assert found(store, "secret") == found(store, "doi:10.5072/secret") == {}
    assert found(store, "type:Text") == found(store, "set:type:Text") == {}
    assert "type:Text" not in specs(store)
    assert (store.records.resource(name(0)) or b"").count(b"secret") == 1
    row = store.records.row(name(0), "oai_dc", withheld=True)
    assert row
    assert (row.body, row.deleted) == (b"<oai_dc>secret 0</oai_dc>", False)
    after = store.repositories.get("reef")
    assert (after.live, after.deleted, after.quarantined) == (6, 1, 1)
    agree(store)
    switch(store, public=True)
    assert states(store) == here(0, 2, 3, 4, 5, 9) | gone(1) | {name(1, "bay"): False}
    shown = store.records.row(name(0), "oai_dc")
    assert shown
    assert (shown.body, shown.sets) == (b"<oai_dc>secret 0</oai_dc>", " ".join(SETS))
    assert found(store, "doi:10.5072/secret") == found(store, "type:Text") == here(0)
    assert found(store, "secret") == here(0, 4, 5, 9)
    assert states(store, set_spec="type:Text") == here(0)
    assert stamps(store)[name(1)] == {r.local_id: r.stamp for r in before["oai_dc"]}[name(1)]
    assert stamps(store)[name(3)] > max(row.stamp for row in before["oai_dc"])
    with store.database.read() as connection:
        assert set(connection.execute(select(contents.c.face)).scalars()) == {None}
    agree(store)


def test_formats_that_begin_and_end_in_private(withdrawn: Store) -> None:
    store, reef = withdrawn, withdrawn.repositories.get("reef")
    only = {"oai_dc": b"<oai_dc>less</oai_dc>"}
    more = {"oai_dc": b"<oai_dc>one 1</oai_dc>", "datacite": b"<d/>", "third": b"<third/>"}
    put(store, reef, change(0, "changed", "less", renderings=only))
    put(store, reef, change(1, "changed", "more", renderings=more))
    assert set(store.records.prefixes(name(1))) == {("datacite", True), ("oai_dc", True)}
    assert states(store, "third") == {}
    switch(store, public=True)
    assert states(store, "datacite")[name(0)]
    assert not states(store)[name(0)]
    assert states(store, "third") == here(1)
    agree(store)


def test_back_again_and_away_again(withdrawn: Store) -> None:
    store = withdrawn
    away = stamps(store)
    later(store)
    switch(store, public=True)
    assert states(store) == here(0, 1, 2, 3) | gone(4) | {name(1, "bay"): False}
    row = store.records.row(name(0), "datacite")
    assert row
    assert row.body == b"<datacite>one 0</datacite>"
    back = stamps(store)
    assert all(back[name(n)] > away[name(n)] for n in range(4))
    told = {one.row.local_id: one.first for one in changes(store, "oai_dc", 0, FOREVER)}
    assert not told[name(0)]
    later(store)
    switch(store, public=False)
    assert states(store) == gone(0, 1, 2, 3, 4) | {name(1, "bay"): False}
    assert all(stamps(store)[name(n)] > back[name(n)] for n in range(4))
    before = dump(store)
    store.repositories.edit("reef", public=False, title="Reef")
    assert dump(store) == before
    agree(store)


def test_a_private_member_that_leaves(withdrawn: Store) -> None:
    store, reef = withdrawn, withdrawn.repositories.get("reef")
    put(store, reef, change(7, "new"))
    before = listed(store)
    assert store.repositories.remove("reef") == 5
    assert listed(store) == before
    again = member(store)
    assert again.public
    put_later(store, again, change(0, "changed", "back"), change(7, "new"))
    assert states(store) == here(0, 7) | gone(1, 2, 3, 4) | {name(1, "bay"): False}
    agree(store)


def test_an_erased_private_member_leaves_nothing(withdrawn: Store) -> None:
    withdrawn.repositories.remove("reef", erase=True)
    assert states(withdrawn) == {name(1, "bay"): False}
    agree(withdrawn)


# ── beside harvests, and killed in the midst ─────────────────────────────────────────────────


def test_a_harvest_beside_a_switch_undoes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the pieces a harvest brings records of all fates, whichever way the switch goes."""
    monkeypatch.setattr(showing, "PIECE", 2)
    reef, texts = member(store), iter(("two", "three", "four", "five", "six", "seven", "eight"))
    put(store, reef, *(change(n) for n in range(6)))
    running, piece = harvest(store, reef), store.showing._piece

    def meanwhile(*given: Any, **more: Any) -> Any:
        moved, text = piece(*given, **more), next(texts)
        some = (change(0, "changed", text), change(4, "changed", text, sets=SETS),
                change(5, "retouched", "one", sets=SETS), change(7, "new", text))  # fmt: skip
        store.records.apply(reef.id, running.id, "w1", some, counts=Counts())
        agree_in_part(store)
        return moved

    monkeypatch.setattr(store.showing, "_piece", meanwhile)
    switch(store, public=False)
    assert states(store) == gone(0, 1, 2, 3, 4, 5)
    assert not store.repositories.get("reef").switching
    agree(store)
    switch(store, public=True)
    assert states(store) == here(0, 1, 2, 3, 4, 5, 7)
    assert states(store, set_spec="type:Text") == here(4, 5)
    agree(store)


def agree_in_part(store: Store) -> None:
    with store.database.read() as connection:
        rows = connection.execute(select(renderings.c.id, renderings.c.stamp))
        forms = {(key >> 6, key & 63): stamp for key, stamp in rows}
        places: Iterable[Any] = connection.execute(select(memberships)).all()
    for _, prefix, stamp, record in places:
        assert forms[record, prefix] == stamp


@pytest.mark.parametrize("public", [False, True])
def test_a_killed_switch_is_finished_by_whoever_comes_next(store: Store, public: bool) -> None:
    reef = member(store)
    put(store, reef, *(change(n) for n in range(6)))
    put(store, reef, change(5, "deleted"))
    if public:
        store.repositories.edit("reef", public=False)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.store.dying_switch", store.url, str(int(public))],
        check=False, capture_output=True, timeout=120, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(ran.stdout)
    assert seen["killed"] > 4
    assert seen["half"]
    assert (here if public else gone)(0, 1, 2, 3, 4) | gone(5) == states(store)
    assert not store.repositories.get("reef").switching
    assert store.showing.finish_all() == 0
    agree(store)
