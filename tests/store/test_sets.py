"""Sets: those that have or had records, all levels of them, with names."""

from __future__ import annotations

from app.store import Store
from tests.store.making import change, member, put


def specs(store: Store, after: str | None = None, limit: int = 100) -> list[str]:
    return [row.spec for row in store.sets.listed(after=after, limit=limit)]


def names(store: Store) -> dict[str, str]:
    return {row.spec: row.name for row in store.sets.listed(after=None, limit=100)}


def test_an_empty_store_lists_none(store: Store) -> None:
    member(store)
    assert specs(store) == []
    assert not store.sets.exists("member")


def test_every_level_is_listed_in_order(store: Store) -> None:
    put(store, member(store), change(1, sets=("member:reef:a:b:c", "type:Dataset")))
    wanted = [
        "member",
        "member:reef",
        "member:reef:a",
        "member:reef:a:b",
        "member:reef:a:b:c",
        "type",
        "type:Dataset",
    ]
    assert specs(store) == wanted
    assert all(map(store.sets.exists, wanted))
    assert not store.sets.exists("member:reef:b")
    assert specs(store, limit=3) == wanted[:3]
    assert specs(store, after=wanted[2], limit=3) == wanted[3:6]


def test_sets_have_names(store: Store) -> None:
    repository = member(store, title="The Reef")
    store.sets.name_source_sets(repository.id, {"a": "Corals", "a:b": "Hard corals", "z": "Never"})
    put(store, repository, change(1, sets=("member:reef:a:b", "member:reef:x!20y", "type:Dataset")))
    put(store, repository, change(2, sets=("type:Strange",)))
    assert names(store) == {
        "member": "Member repositories",
        "member:reef": "The Reef",
        "member:reef:a": "Corals",
        "member:reef:a:b": "Hard corals",
        "member:reef:x!20y": "x y",
        "type": "Types of resources",
        "type:Dataset": "Datasets",
        "type:Strange": "Strange",
    }


def test_a_member_s_new_title_names_its_set(store: Store) -> None:
    put(store, member(store), change(1))
    store.repositories.edit("reef", title="Deep Reef")
    assert names(store)["member:reef"] == "Deep Reef"


def test_names_can_come_after_the_records(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    store.sets.name_source_sets(repository.id, {"corals": "Corals"})
    assert names(store)["member:reef:corals"] == "Corals"
    store.sets.name_source_sets(repository.id, {"corals": "Stony corals"})
    assert names(store)["member:reef:corals"] == "Stony corals"


def test_named_sets_without_records_are_not_listed(store: Store) -> None:
    repository = member(store)
    store.sets.name_source_sets(repository.id, {"a": "A"})
    assert specs(store) == []
    assert not store.sets.exists("member:reef:a")


def test_a_set_that_had_records_stays(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    put(store, repository, change(1, "changed", sets=("member:reef",)))
    assert "member:reef:corals" in specs(store)


def test_the_sets_of_a_member_are_its_own(store: Store) -> None:
    repository, other = member(store), member(store, "dune")
    put(store, repository, change(1))
    put(store, other, change(1, key="dune"))
    found = [row.spec for row in store.sets.of_repository(repository.id)]
    assert found == ["member:reef", "member:reef:corals"]
