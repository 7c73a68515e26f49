"""Member repositories: their names, settings, schedule, and how they go."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.clock import UTC
from app.errors import AlreadyExists, ConfigurationError, LeaseLost, NotFound
from app.record import Counts
from app.store import Store
from app.store.values import Repository
from tests.store import processes
from tests.store.making import change, harvest, listed, member, name, put, put_later, stamps

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def tomorrow(repository: Repository, now: datetime) -> datetime:
    return now + 24 * HOUR


def test_a_repository_comes_back_as_it_was_added(store: Store) -> None:
    settings = {
        "title": "Reef – données", "base_url": "http://reef.example.org/oai", "every": "6h",
        "reconcile": "7d", "kind": "oai", "prefix": "oai_datacite", "sets": ("a", "b:c"),
        "contact": "x@example.org", "public": False, "paused": True, "allow_private": True,
        "next_harvest_at": NOON,
    }  # fmt: skip
    added = store.repositories.add("reef", **settings)
    assert {key: getattr(added, key) for key in settings} == settings
    assert added.created_at
    assert store.repositories.get("reef") == added
    assert store.repositories.by_id(added.id) == added
    assert (added.live, added.deleted, added.quarantined, added.failures) == (0, 0, 0, 0)


def test_repositories_are_listed_by_name(store: Store) -> None:
    for key in ("reef", "dune", "fell"):
        member(store, key)
    assert [one.name for one in store.repositories.list()] == ["dune", "fell", "reef"]


def test_a_name_is_taken_once(store: Store) -> None:
    member(store)
    with pytest.raises(AlreadyExists, match="`reef`"):
        member(store)


@pytest.mark.parametrize("bad", ["", "Reef", "-reef", "re ef", "réef", "a" * 64, "reef\n"])
def test_a_name_that_is_no_member_key_is_refused(sqlite_store: Store, bad: str) -> None:
    with pytest.raises(ConfigurationError, match="a-z"):
        member(sqlite_store, bad)


def test_an_unknown_name_is_answered_with_similar_ones(store: Store) -> None:
    member(store, "reef")
    with pytest.raises(NotFound, match="Did you mean `reef`"):
        store.repositories.get("reeff")
    with pytest.raises(NotFound, match="no repository number 99"):
        store.repositories.by_id(99)


def test_what_people_set_can_be_edited(store: Store) -> None:
    member(store)
    after = store.repositories.edit("reef", title="Deep Reef", sets=["x"], paused=True)
    assert (after.title, after.sets, after.paused) == ("Deep Reef", ("x",), True)
    assert store.repositories.edit("reef") == after
    with pytest.raises(ConfigurationError, match="Did you mean `title`"):
        store.repositories.edit("reef", titel="x")
    with pytest.raises(NotFound):
        store.repositories.edit("dune", title="x")


def test_what_is_learned_is_kept_apart_from_what_is_set(store: Store) -> None:
    repository = member(store)
    store.repositories.learn(
        repository.id, chosen_prefix="oai_dc", granularity="YYYY-MM-DD", identify_name="The Reef"
    )
    found = store.repositories.get("reef")
    assert (found.chosen_prefix, found.granularity) == ("oai_dc", "YYYY-MM-DD")
    assert (found.identify_name, found.prefix) == ("The Reef", "auto")
    with pytest.raises(ConfigurationError):
        store.repositories.learn(repository.id, title="x")


# ── the schedule ─────────────────────────────────────────────────────────────────────────────


def test_only_what_is_due_is_claimed(store: Store) -> None:
    member(store, "due", next_harvest_at=NOON)
    member(store, "later", next_harvest_at=NOON + HOUR)
    member(store, "paused", next_harvest_at=NOON, paused=True)
    member(store, "never")
    claimed = store.repositories.claim_due(NOON, tomorrow)
    assert [one.name for one in claimed] == ["due"]
    assert store.repositories.get("due").next_harvest_at == NOON + 24 * HOUR
    assert store.repositories.claim_due(NOON, tomorrow) == ()


def test_what_waits_longest_is_claimed_first(store: Store) -> None:
    for hours, key in ((1, "b"), (3, "c"), (2, "a")):
        member(store, key, next_harvest_at=NOON - hours * HOUR)
    claimed = store.repositories.claim_due(NOON, lambda *_: None)
    assert [one.name for one in claimed] == ["c", "a", "b"]
    assert store.repositories.get("a").next_harvest_at is None


def test_set_next_makes_due_again(store: Store) -> None:
    repository = member(store)
    store.repositories.set_next(repository.id, NOON)
    assert len(store.repositories.claim_due(NOON, tomorrow)) == 1


def test_two_schedulers_never_claim_the_same(store: Store) -> None:
    for n in range(40):
        member(store, f"r{n}", next_harvest_at=NOON)
    claimed = processes.together(processes.claim_repositories, [(store.url, NOON)] * 3)
    names = [one for each in claimed for one in each]
    assert len(names) == len(set(names)) == 40


# ── how they go ──────────────────────────────────────────────────────────────────────────────


def test_a_member_that_goes_leaves_tombstones(store: Store) -> None:
    repository, other = member(store), member(store, "dune")
    put(store, repository, *(change(n) for n in range(5)), change(9, "quarantined"))
    put(store, repository, change(4, "deleted"))
    put(store, other, change(1, key="dune"))
    before = stamps(store)
    assert store.repositories.remove("reef") == 4
    after = stamps(store)
    assert len(after) == 6
    assert all(row.deleted == (row.local_id != name(1, "dune")) for row in listed(store))
    assert after[name(1)] >= before[name(1)]
    assert after[name(1, "dune")] == before[name(1, "dune")]
    assert len(listed(store, set_spec="member:reef:corals")) == 5


def test_a_member_that_went_is_no_longer_listed_or_harvested(store: Store) -> None:
    repository = member(store, next_harvest_at=NOON)
    put(store, repository, change(1))
    store.repositories.remove("reef")
    assert store.repositories.list() == ()
    assert store.repositories.claim_due(NOON, tomorrow) == ()
    with pytest.raises(NotFound):
        store.repositories.get("reef")
    with pytest.raises(NotFound):
        store.repositories.remove("reef")
    gone = store.repositories.by_id(repository.id)
    assert (gone.removed, gone.live, gone.deleted) == (True, 0, 1)
    record = store.records.get(name(1))
    assert record
    assert (record.state, record.repository_title) == ("deleted", "Reef")
    assert store.records.numbers(NOON).repositories == 0


def test_its_harvest_is_ended(store: Store) -> None:
    repository = member(store)
    running = harvest(store, repository)
    store.repositories.remove("reef")
    ended = store.harvests.get(running.id)
    assert (ended.state, ended.outcome, ended.cause) == (
        "ended",
        "incomplete",
        "stopped-by-operator",
    )
    with pytest.raises(LeaseLost):
        store.records.apply(repository.id, running.id, "w1", (change(1),), counts=Counts())


def test_a_member_that_returns_has_its_records_again(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    store.repositories.remove("reef")
    held = store.records.previous([name(1)])[name(1)]
    assert (held.fingerprint, held.resource_fingerprint) == (b"", b"")
    again = member(store, title="Reef II")
    assert (again.id, again.title, again.removed) == (repository.id, "Reef II", False)
    assert (again.checkpoint, again.scope) == ("", "")
    put_later(store, again, change(1, "changed"))
    (row,) = listed(store)
    assert (row.local_id, row.deleted) == (name(1), False)
    assert store.repositories.get("reef").live == 1


@pytest.mark.parametrize("first_removed", [False, True])
def test_an_erased_member_leaves_nothing(store: Store, first_removed: bool) -> None:
    repository, other = member(store), member(store, "dune")
    begun = harvest(store, repository)
    store.harvests.open_window(begun.id, set_spec="", prefix="oai_dc", from_="", until="")
    store.harvests.fail(begun.id, "timed-out", "It took too long.")
    put(store, repository, *(change(n) for n in range(5)), change(6, "quarantined"))
    put(store, repository, change(4, "deleted"))
    put(store, other, change(1, key="dune"))
    if first_removed:
        store.repositories.remove("reef")
    assert store.repositories.remove("reef", erase=True) == 6
    assert [row.local_id for row in listed(store)] == [name(1, "dune")]
    assert store.records.get(name(1)) is None
    specs = [row.spec for row in store.sets.listed(after=None, limit=20)]
    assert specs == ["member", "member:dune", "member:dune:corals", "type", "type:Dataset"]
    with pytest.raises(NotFound):
        store.repositories.by_id(repository.id)
    with pytest.raises(NotFound):
        store.harvests.get(begun.id)
    assert member(store).live == 0
