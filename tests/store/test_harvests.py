"""Harvests: one at a time a repository, held by one worker, ended with an outcome."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.clock import UTC
from app.errors import LeaseLost, NotFound, Refused
from app.store import Store
from tests.store.making import harvest, member

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_harvest_begins_as_it_was_asked_for(store: Store) -> None:
    begun = store.harvests.begin(
        member(store).id, kind="incremental", trigger="schedule", worker="w1", prefix="oai_dc",
        from_="2024-01-01", until="2024-02-01", sets=("a", "b"), scope="all of it",
    )  # fmt: skip
    assert (begun.repository, begun.kind, begun.trigger) == ("reef", "incremental", "schedule")
    assert (begun.from_, begun.until, begun.sets) == ("2024-01-01", "2024-02-01", ("a", "b"))
    assert (begun.state, begun.outcome, begun.worker) == ("running", "", "w1")
    assert begun.started_at == begun.heartbeat_at
    assert store.harvests.get(begun.id) == begun
    assert store.harvests.running(begun.repository_id) == begun


def test_a_second_harvest_of_a_repository_is_refused(store: Store) -> None:
    repository, other = member(store), member(store, "dune")
    harvest(store, repository, "w1")
    with pytest.raises(Refused, match="w1 works on it"):
        harvest(store, repository, "w2")
    assert harvest(store, other, "w2")


def test_a_harvest_whose_worker_is_silent_makes_room(store: Store) -> None:
    repository = member(store)
    lost = harvest(store, repository, "w1")
    begun = harvest(store, repository, "w2", lease=0)
    ended = store.harvests.get(lost.id)
    assert (ended.state, ended.outcome, ended.cause) == ("ended", "incomplete", "worker-lost")
    assert store.harvests.running(repository.id) == begun
    assert store.repositories.get("reef").failures == 1


def test_a_harvest_is_taken_over_only_from_a_silent_worker(store: Store) -> None:
    begun = harvest(store, member(store), "w1")
    with pytest.raises(Refused, match="w1"):
        store.harvests.take_over(begun.id, "w2")
    assert store.harvests.take_over(begun.id, "w1").worker == "w1"
    assert store.harvests.take_over(begun.id, "w2", lease=0).worker == "w2"
    with pytest.raises(LeaseLost, match="w1"):
        store.harvests.heartbeat(begun.id, "w1")


def test_an_ended_harvest_is_not_taken_over(store: Store) -> None:
    begun = harvest(store, member(store))
    store.harvests.end(begun.id, "w1", outcome="failed", sentence="No.")
    with pytest.raises(Refused, match="has ended"):
        store.harvests.take_over(begun.id, "w2", lease=0)


def test_a_heartbeat_tells_of_a_wish_to_stop(store: Store) -> None:
    begun = harvest(store, member(store))
    assert store.harvests.heartbeat(begun.id, "w1", "ListRecords 3") is False
    assert store.harvests.get(begun.id).last_request == "ListRecords 3"
    store.harvests.request_stop(begun.id)
    assert store.harvests.get(begun.id).state == "stopping"
    assert store.harvests.heartbeat(begun.id, "w1") is True
    assert store.harvests.get(begun.id).last_request == "ListRecords 3"


def test_stopping_what_has_ended_changes_nothing(store: Store) -> None:
    begun = harvest(store, member(store))
    store.harvests.end(begun.id, "w1", outcome="complete", sentence="Done.")
    store.harvests.request_stop(begun.id)
    assert store.harvests.get(begun.id).state == "ended"
    with pytest.raises(NotFound):
        store.harvests.request_stop(99)


@pytest.mark.parametrize("outcome", ["complete", "complete-with-quarantine"])
def test_a_whole_harvest_moves_the_checkpoint(store: Store, outcome: str) -> None:
    repository = member(store)
    first = harvest(store, repository)
    store.harvests.end(first.id, "w1", outcome="failed", sentence="No.")
    begun = harvest(store, repository, scope="everything")
    ended = store.harvests.end(
        begun.id, "w1", outcome=outcome, sentence="Done.", checkpoint="2024-05-01",
        next_harvest_at=NOON,
    )  # fmt: skip
    assert (ended.state, ended.outcome, ended.sentence) == ("ended", outcome, "Done.")
    assert ended.ended_at
    found = store.repositories.get("reef")
    assert (found.checkpoint, found.scope) == ("2024-05-01", "everything")
    assert (found.last_whole, found.last_harvest, found.failures) == (begun.id, begun.id, 0)
    assert (found.last_whole_at, found.next_harvest_at) == (ended.ended_at, NOON)


@pytest.mark.parametrize(
    ("outcome", "failures"), [("incomplete", 1), ("failed", 1), ("deferred", 0)]
)
def test_a_harvest_that_is_not_whole_leaves_it(store: Store, outcome: str, failures: int) -> None:
    repository = member(store)
    first = harvest(store, repository, scope="all")
    store.harvests.end(first.id, "w1", outcome="complete", sentence="Done.", checkpoint="2024")
    begun = harvest(store, repository, scope="other")
    store.harvests.end(begun.id, "w1", outcome=outcome, cause="timed-out", sentence="No.")
    found = store.repositories.get("reef")
    assert (found.checkpoint, found.scope, found.failures) == ("2024", "all", failures)
    assert (found.last_whole, found.last_harvest) == (first.id, begun.id)


def test_a_whole_harvest_may_leave_the_checkpoint(store: Store) -> None:
    repository = member(store)
    begun = harvest(store, repository)
    store.harvests.end(begun.id, "w1", outcome="complete", sentence="Nothing new.")
    found = store.repositories.get("reef")
    assert (found.checkpoint, found.last_whole) == ("", begun.id)


def test_a_harvest_ends_once(store: Store) -> None:
    begun = harvest(store, member(store))
    store.harvests.end(begun.id, "w1", outcome="complete", sentence="Done.")
    with pytest.raises(LeaseLost):
        store.harvests.end(begun.id, "w1", outcome="failed", sentence="No.")
    assert store.harvests.running(begun.repository_id) is None


def test_harvests_are_listed_newest_first_and_by_what_is_asked(store: Store) -> None:
    reef, dune = member(store), member(store, "dune")
    ids = []
    for repository, outcome in ((reef, "complete"), (dune, "failed"), (reef, "failed")):
        begun = harvest(store, repository)
        store.harvests.end(begun.id, "w1", outcome=outcome, sentence="x")
        ids.append(begun.id)

    def numbers(**asked: object) -> list[int]:
        return [one.id for one in store.harvests.list(**asked)]  # type: ignore[arg-type]

    assert numbers() == ids[::-1]
    assert numbers(limit=1) == ids[2:]
    assert numbers(repository="reef") == [ids[2], ids[0]]
    assert numbers(outcome="failed") == [ids[2], ids[1]]
    assert numbers(since=store.now() + timedelta(minutes=1)) == []
    assert numbers(since=store.now() - timedelta(minutes=1)) == ids[::-1]


def test_a_window_is_opened_once(store: Store) -> None:
    begun = harvest(store, member(store))
    bounds = {"set_spec": "a", "prefix": "oai_dc", "from_": "2024", "until": ""}
    window = store.harvests.open_window(begun.id, **bounds)
    assert (window.state, window.token, window.pages, window.told) == ("open", "", 0, None)
    assert store.harvests.open_window(begun.id, **bounds) == window
    other = store.harvests.open_window(begun.id, **(bounds | {"set_spec": "b"}))
    assert store.harvests.windows(begun.id) == (window, other)


def test_failures_are_listed_in_order(store: Store) -> None:
    begun = harvest(store, member(store))
    for n in range(3):
        store.harvests.fail(begun.id, "timed-out", f"Try {n}.", identifier="x", url="http://y")
    found = store.harvests.failures(begun.id, limit=2)
    assert [(f.sentence, f.identifier, f.url) for f in found] == [
        ("Try 0.", "x", "http://y"),
        ("Try 1.", "x", "http://y"),
    ]


def test_a_harvest_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(NotFound, match="no harvest 12"):
        store.harvests.get(12)


def test_no_harvest_begins_for_what_is_not_a_member(store: Store) -> None:
    repository = member(store)
    store.repositories.remove("reef")
    for number in (repository.id, 99):
        with pytest.raises(NotFound):
            store.harvests.begin(
                number, kind="full", trigger="person", worker="w", prefix="oai_dc", from_=""
            )
