"""Connections of one object in parts, narrowed in the database: the same as all of them picked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.store.links.values import Connection, Tally, Wanted
from tests.store import making
from tests.store.linking import change, doi, resource

if TYPE_CHECKING:
    from app.store import Store

OBJECT, COPY, CITED = 1, 2, 20
CITING = range(30, 42)


def fill(store: Store) -> int:
    """Fill a hub; return the object that has most of the links."""
    reef, lake = making.member(store), making.member(store, "lake")
    own = [(relation, doi(n)) for n in range(20, 26) for relation in ("Cites", "HasPart")]
    cites = (("Cites", doi(OBJECT)), ("References", doi(OBJECT)))
    making.put(
        store,
        reef,
        change(OBJECT, resource(doi(OBJECT), *own)),
        *(change(n, resource(doi(n), *cites, kind="Software")) for n in CITING),
        change(CITED, resource(doi(CITED), ("IsCitedBy", doi(OBJECT)), kind="JournalArticle")),
    )
    copy = resource(doi(OBJECT), ("Cites", doi(7)))
    making.put(store, lake, change(COPY, copy, key="lake"))
    return store.links.node(number(store))


def number(store: Store) -> int:
    found = store.records.get(making.name(OBJECT))
    assert found is not None
    return found.id


def test_a_list_is_read_in_parts_that_make_the_whole(store: Store) -> None:
    node = fill(store)
    whole = store.links.connections(node, limit=100)
    assert whole.total == len(whole.connections) == 25
    parts = [store.links.connections(node, start=start, limit=4) for start in range(0, 28, 4)]
    assert tuple(one for part in parts for one in part.connections) == whole.connections
    assert {part.total for part in parts} == {25}
    total, each = store.links.each(node, Wanted(), most=20)
    assert (total, tuple(each)) == (25, whole.connections[:20])
    for wanted, fits, least in NARROWED:
        found = store.links.connections(node, wanted, limit=100)
        assert found.connections == tuple(one for one in whole.connections if fits(one)), wanted
        assert found.total == len(found.connections) >= least
    tallies = store.links.tallies([number(store)])
    told = Tally(citations=12, links=25, copies=2, references_here=1, citations_here=12)
    assert list(tallies.values()) == [told]


NARROWED: tuple[tuple[Wanted, Callable[[Connection], bool], int], ...] = (
    (Wanted(groups=frozenset(("parts",))), lambda one: one.group == "parts", 6),
    (Wanted(resolved=True), lambda one: one.record is not None, 13),
    (Wanted(resolved=False), lambda one: one.record is None, 11),
    (
        Wanted(relations=frozenset(("IsReferencedBy",))),
        lambda one: "IsReferencedBy" in one.relations,
        12,
    ),
    (Wanted(other_kind="software"), lambda one: one.target_type == "Software", 12),
    (Wanted(other_kind="literature"), lambda one: one.target_type == "JournalArticle", 1),
    (
        Wanted(stated_by="lake"),
        lambda one: any(said.repository == "lake" for said in one.statements),
        1,
    ),
    (Wanted(stated_by="nobody"), lambda _: False, 0),
    (Wanted(since=1 << 40), lambda _: False, 0),
    (Wanted(until=1 << 40), lambda _: True, 25),
)
