"""The laws of the graph, over random records that come, change, go and return in any order."""

from __future__ import annotations

from random import Random

import pytest
from msgspec.structs import replace
from sqlalchemy import event, select

from app.datacite.resource import Resource
from app.errors import StoreError
from app.record import Change
from app.store import Store, open_store
from app.store.links.tables import link_counts, nodes
from app.store.values import Repository
from tests.store import making
from tests.store.linking import change, doi, hdl, resource, wrong
from tests.store.processes import together

RELATIONS = (
    "Cites", "IsCitedBy", "References", "IsSupplementTo", "HasPart", "IsPartOf", "IsNewVersionOf",
    "IsPreviousVersionOf", "IsDocumentedBy", "IsIdenticalTo", "IsPublishedIn", "Other", "Unheard",
)  # fmt: skip
KINDS = ("Dataset", "JournalArticle", "Software", "Text")
OBJECTS, RECORDS, STEPS = 25, 40, 60


def _said(random: Random) -> Resource:
    own = random.randrange(OBJECTS)
    links = [
        (random.choice(RELATIONS), random.choice((doi, hdl))(random.randrange(OBJECTS)))
        for _ in range(random.choice((0, 0, 1, 2, 5)))
    ]
    also = [hdl(random.randrange(OBJECTS)) for _ in range(random.choice((0, 0, 1, 2)))]
    primary = random.choice((doi(own), doi(own), ""))
    said = resource(primary, *links, also=also, kind=random.choice(KINDS))
    typed = tuple(
        replace(one, resource_type_general=random.choice((None, *KINDS)))
        for one in said.related_identifiers
    )
    return replace(said, related_identifiers=typed)


def _changes(random: Random, key: str) -> list[Change]:
    found = []
    for _ in range(random.randrange(1, 12)):
        n = random.randrange(RECORDS)
        if random.random() < 0.3:
            found.append(making.change(n, "deleted", key=key))
        elif random.random() < 0.1:
            found.append(making.change(n, "quarantined", key=key))
        else:
            found.append(change(n, _said(random), key=key))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_the_graph_is_that_of_a_rebuild(store: Store, seed: int) -> None:
    random = Random(seed)
    members = {key: making.member(store, key) for key in ("reef", "lake", "moor")}
    for step in range(STEPS):
        key = random.choice(tuple(members))
        happens = random.random()
        if happens < 0.08:
            public = not store.repositories.get(key).public
            store.repositories.edit(key, public=public)
        elif happens < 0.16:
            store.repositories.edit(key, rank=random.randrange(3), doi_prefixes=("10.5072",))
        else:
            making.put(store, members[key], *_changes(random, key))
        if step % 15 == 14:
            assert wrong(store) == [], step
    store.repositories.remove("moor", erase=True)
    assert wrong(store) == []
    for key in ("reef", "lake"):
        store.repositories.edit(key, public=True)
    assert wrong(store) == []


def test_a_graph_that_is_wrong_is_told(sqlite_store: Store) -> None:
    store = sqlite_store
    reef = making.member(store)
    making.put(store, reef, change(1, resource(doi(1), ("Cites", doi(2)))))
    with store.database.write() as connection:
        connection.execute(nodes.update().values(state=0))
    assert len(wrong(store)) == 5


def test_rows_of_searches_are_written_again_only_where_they_differ(sqlite_store: Store) -> None:
    store, reef = sqlite_store, making.member(sqlite_store)
    assert faced(store, reef, change(1, resource(doi(1), ("Cites", doi(9))))) == []
    assert faced(store, reef, change(2, resource(doi(2), ("Cites", doi(1))))) == [
        "citations=?, linked=?"
    ]
    assert faced(store, reef, change(3, resource(doi(1)))) == ["preferred=?, citations=?, linked=?"]
    assert wrong(store) == []


def faced(store: Store, member: Repository, said: Change) -> list[str]:
    """Take a change in; return which columns of rows of searches are updated."""
    found: list[str] = []

    def hear(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if sql.startswith("UPDATE search SET "):
            found.append(sql.removeprefix("UPDATE search SET ").partition(" WHERE")[0])

    event.listen(store.database._write, "before_cursor_execute", hear)
    try:
        making.put(store, member, said)
    finally:
        event.remove(store.database._write, "before_cursor_execute", hear)
    return found


def test_two_processes_write_at_once_and_the_graph_is_right(postgresql_url: str) -> None:
    """Both link to the same objects, and appear as the targets of each other."""
    store = open_store(postgresql_url)
    for key in ("reef", "lake"):
        making.member(store, key)
    assert together(write_many, [(postgresql_url, key) for key in ("reef", "lake")]) == [0, 0]
    assert wrong(store) == []
    assert sum(counts(store)) > 0
    store.dispose()


def write_many(url: str, key: str) -> int:
    """Write pages of linked records; return how many failed."""
    store, random = open_store(url), Random(key)
    member, failed = store.repositories.get(key), 0
    for _ in range(15):
        try:
            making.put(store, member, *_changes(random, key))
        except StoreError:
            failed += 1
    store.dispose()
    return failed


def counts(store: Store) -> list[int]:
    """How many connections each object has."""
    with store.database.read() as connection:
        return [row.references_total for row in connection.execute(select(link_counts))]
