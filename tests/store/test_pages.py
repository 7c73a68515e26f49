"""Lists: their order and bounds, at any depth by one index, whole while the store changes."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Connection, text, update

from app.store import Store
from app.store.pages import page_query
from app.store.tables import renderings
from tests.store.making import (
    FOREVER,
    change,
    listed,
    member,
    name,
    put,
    put_later,
    wait_until_after,
    walk,
)

SETS = (None, "member", "type", "type:Dataset", "member:reef", "member:reef:corals")


def fill(store: Store, number: int) -> None:
    put(store, member(store), *(change(n) for n in range(number)))


def test_a_walk_brings_each_record_once_in_order(store: Store) -> None:
    fill(store, 23)
    for size in (1, 5, 23, 50):
        rows = walk(store, size)
        assert len({row.local_id for row in rows}) == len(rows) == 23
        assert [(r.stamp, r.id) for r in rows] == sorted((r.stamp, r.id) for r in rows)


def test_bounds_are_inclusive(store: Store) -> None:
    repository = member(store)
    first = put(store, repository, change(1))
    second = put_later(store, repository, change(2))
    assert first
    assert second
    assert second > first

    def names(from_: int | None, until: int) -> list[str]:
        return [row.local_id for row in listed(store, from_=from_, until=until)]

    assert names(first, first) == [name(1)]
    assert names(first, second) == [name(1), name(2)]
    assert names(first + 1, second) == [name(2)]
    assert names(None, first) == [name(1)]
    assert names(second + 1, FOREVER) == []
    assert names(None, first - 1) == []
    assert store.records.count("oai_dc", from_=first + 1, until=second) == 1
    assert store.records.count("oai_dc", until=first) == 1


def test_a_key_goes_on_where_a_page_ended_whatever_the_lower_bound(store: Store) -> None:
    fill(store, 4)
    rows = listed(store)
    after = (rows[1].stamp, rows[1].id)
    assert listed(store, after=after, from_=rows[0].stamp) == rows[2:]
    assert listed(store, after=after) == rows[2:]


@pytest.mark.parametrize("spec", SETS)
def test_a_set_holds_all_below_it(store: Store, spec: str | None) -> None:
    repository = member(store)
    put(store, repository, change(1), change(2), change(3, "new"))
    put(store, repository, change(3, "deleted"))
    assert len(listed(store, set_spec=spec)) == 3
    assert store.records.count("oai_dc", until=FOREVER, set_spec=spec) == 3


def test_sets_part_records(store: Store) -> None:
    repository = member(store)
    put(
        store,
        repository,
        change(1, sets=("member:reef:corals:hard", "type:Dataset")),
        change(2, sets=("member:reef:corals", "type:Image")),
        change(3, sets=("member:reef",)),
    )

    def names(spec: str) -> set[str]:
        return {row.local_id for row in listed(store, set_spec=spec)}

    assert names("member:reef") == {name(1), name(2), name(3)}
    assert names("member:reef:corals") == {name(1), name(2)}
    assert names("member:reef:corals:hard") == {name(1)}
    assert names("type:Image") == {name(2)}
    assert names("member:re") == set()
    assert names("nothing") == set()


def test_pages_of_headers_bring_no_bodies(store: Store) -> None:
    fill(store, 3)
    rows = listed(store, headers_only=True)
    assert [(r.local_id, r.stamp, r.sets) for r in rows] == [
        (r.local_id, r.stamp, r.sets) for r in listed(store)
    ]
    assert {(r.body, r.about) for r in rows} == {(None, None)}


def test_a_page_ends_when_its_bytes_are_reached_and_says_so(store: Store) -> None:
    fill(store, 10)
    size = len(listed(store)[0].body or b"") + len(listed(store)[0].about or b"")
    rows = listed(store, page_bytes=3 * size)
    assert [row.body is not None for row in rows] == [True, True, True, False]
    assert not rows[-1].deleted
    whole = listed(store, page_bytes=100 * size)
    assert len(whole) == 10
    assert all(row.body for row in whole)
    assert len([row for row in listed(store, page_bytes=1) if row.body]) == 1


def test_tombstones_cost_no_bytes_of_a_page(store: Store) -> None:
    repository = member(store)
    put(store, repository, *(change(n) for n in range(10)))
    put_later(store, repository, *(change(n, "deleted") for n in range(1, 10)))
    rows = listed(store, page_bytes=1)
    assert [row.deleted for row in rows] == [False] + [True] * 9


def test_damaged_bytes_are_left_out_and_the_page_stays_full(store: Store) -> None:
    repository = member(store)
    put(store, repository, *(change(n) for n in range(6)))
    spoilt = listed(store)[1]
    with store.database.write() as connection:
        spoil(connection, spoilt.id)
    rows = listed(store, limit=4)
    assert len(rows) == 4
    assert spoilt.local_id not in {row.local_id for row in rows}
    record = store.records.get(spoilt.local_id)
    assert record
    assert record.quarantine == "rendering-damaged"
    assert store.repositories.get("reef").quarantined == 1
    assert store.records.row(spoilt.local_id, "oai_dc") is None
    assert store.repositories.get("reef").quarantined == 1
    assert store.records.previous([spoilt.local_id])[spoilt.local_id].crosswalk == 0


def test_damaged_bytes_are_written_anew_with_a_new_datestamp(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1), change(2))
    (spoilt,) = (row for row in listed(store) if row.local_id == name(1))
    with store.database.write() as connection:
        spoil(connection, spoilt.id)
    listed(store)
    stamp = put_later(store, repository, change(1, "changed"))
    (row,) = (row for row in listed(store) if row.local_id == name(1))
    assert stamp
    assert row.stamp == stamp > spoilt.stamp
    assert row.body == b"<oai_dc>one 1</oai_dc>"
    assert store.repositories.get("reef").quarantined == 0


def spoil(connection: Connection, record_id: int) -> None:
    row = update(renderings).where(renderings.c.id == record_id << 6 | 1)
    connection.execute(row.values(body=b"\x00no frame"))


def test_a_walk_misses_no_unchanged_record_while_the_store_changes(store: Store) -> None:
    repository = member(store)
    put(store, repository, *(change(n) for n in range(200)))
    wait_until_after(store, store.visible_after())
    until, dice = int(store.now().timestamp()), random.Random(7)
    seen: list[str] = []
    moved: set[int] = set()
    after = None
    while page := listed(store, after=after, until=until, limit=15):
        seen += [row.local_id for row in page]
        after = (page[-1].stamp, page[-1].id)
        some = dice.sample(range(200), 10)
        moved |= set(some)
        put(store, repository, *(change(n, "changed", str(dice.random())) for n in some))
    assert len(seen) == len(set(seen))
    assert {name(n) for n in range(200) if n not in moved} <= set(seen)
    assert len(moved) > 50


@pytest.mark.parametrize("set_spec", [None, "member:reef:corals"], ids=["everything", "a set"])
@pytest.mark.parametrize("headers_only", [False, True], ids=["records", "headers"])
def test_a_page_is_one_range_of_one_index(
    store: Store, set_spec: str | None, headers_only: bool
) -> None:
    """The plan of the page query has no sort and no scan."""
    for start in range(0, 3000, 1000):
        repository = store.repositories.list()[0] if start else member(store)
        put(store, repository, *(change(n) for n in range(start, start + 1000)))
    if store.url.startswith("sqlite"):
        assert_one_range(explained(store, set_spec, headers_only))
    with store.database.write() as connection:
        connection.execute(text("ANALYZE"))
    assert_one_range(explained(store, set_spec, headers_only))


def assert_one_range(plan: str) -> None:
    assert "memberships" in plan
    for bad in ("SCAN", "Seq Scan", "TEMP B-TREE", "Sort", "Hash"):
        assert bad not in plan.replace("SEARCH", ""), plan


def explained(store: Store, set_spec: str | None, headers_only: bool) -> str:
    query = page_query(headers_only=headers_only)
    with store.database.read() as connection:
        kind = connection.dialect.name
        spec = "SELECT id FROM sets WHERE spec = :spec"
        number = connection.execute(text(spec), {"spec": set_spec}).scalar() or 0
        compiled = query.compile(
            dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
        )
        values = {
            "set_id": number, "prefix_id": 1, "after_stamp": 0, "after_record": 0,
            "until": FOREVER, "limit": 250,
        }  # fmt: skip
        order = compiled.positiontup
        assert order
        explain = "EXPLAIN QUERY PLAN" if kind == "sqlite" else "EXPLAIN"
        given = tuple({**compiled.params, **values}[key] for key in order)
        rows = connection.exec_driver_sql(f"{explain} {compiled}", given).all()
    return "\n".join(str(row[-1]) for row in rows)
