"""Records found by their identifiers, and walks over them."""

from __future__ import annotations

import pytest

from app.record import Summary
from app.store import Store
from tests.store.making import change, member, name, put


def found(store: Store, identifier: str) -> list[str]:
    return [record.local_id for record in store.records.find(identifier)]


@pytest.mark.parametrize(
    "identifier",
    [
        name(7),
        f"oai:hub.example.org:{name(7)}",
        "oai:reef:7",
        " oai:reef:7 ",
        "10.5072/reef.7",
        "10.5072/REEF.7",
        "doi:10.5072/reef.7",
        "https://doi.org/10.5072/reef.7",
        "http://dx.doi.org/10.5072/reef.7",
    ],
)
def test_a_record_is_found_by(sqlite_store: Store, identifier: str) -> None:
    put(sqlite_store, member(sqlite_store), *(change(n) for n in range(9)))
    assert found(sqlite_store, identifier) == [name(7)]


@pytest.mark.parametrize("identifier", ["", "7", "oai:reef:99", "10.5072/reef.99", "a" * 16])
def test_nothing_is_found_by(store: Store, identifier: str) -> None:
    put(store, member(store), change(7, summary=Summary()))
    assert found(store, identifier) == []


def test_members_may_use_the_same_identifier_or_doi(store: Store) -> None:
    doi = Summary(doi="10.5072/x")
    for key in ("reef", "dune"):
        one = change(1, key=key, summary=doi)
        put(store, member(store, key), one)
    assert found(store, "10.5072/X") == [name(1, "reef"), name(1, "dune")]
    assert found(store, "oai:reef:1") == [name(1, "reef")]


def test_a_walk_brings_all_records_of_a_state_with_their_resources(store: Store) -> None:
    reef, dune = member(store), member(store, "dune")
    put(store, reef, *(change(n) for n in range(7)), change(8, "quarantined"))
    put(store, reef, change(3, "deleted"))
    put(store, dune, *(change(n, key="dune") for n in range(4)))

    def walked(**asked: object) -> list[str]:
        rows = store.records.iterate(batch=2, **asked)  # type: ignore[arg-type]
        return [record.local_id for record, _ in rows]

    live = [name(n) for n in range(7) if n != 3]
    assert walked(repository="reef") == live
    assert walked(repository=reef.id) == live
    assert walked() == live + [name(n, "dune") for n in range(4)]
    assert walked(repository="reef", states=("deleted",)) == [name(3)]
    assert walked(states=("unread", "deleted")) == [name(3), name(8)]
    pairs = list(store.records.iterate(repository="dune"))
    assert pairs[0][1] == change(0, key="dune").resource


def test_the_latest_come_first(store: Store) -> None:
    reef, dune = member(store), member(store, "dune")
    put(store, reef, change(1), change(2))
    put(store, dune, change(1, key="dune"))
    put(store, reef, change(2, "deleted"))
    latest = [record.local_id for record in store.records.latest(5)]
    assert latest == [name(1, "dune"), name(1)]
    assert [record.local_id for record in store.records.latest(5, reef.id)] == [name(1)]
    assert [record.local_id for record in store.records.latest(5, "dune")] == [name(1, "dune")]
    assert len(store.records.latest(1)) == 1
