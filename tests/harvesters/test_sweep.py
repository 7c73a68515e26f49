"""Sweeps: headers compared with the store, over HTTP, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.store import decisions
from harvesters.runs import sweep
from tests.fakes.oai import Fake, error
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub

ALL = {f"r{n}" for n in range(1, 10)}


def refusing(fake: Fake, *verbs: str) -> Callable[[Asked, Reply], Reply]:
    """A spoiler: these verbs are answered by an error."""

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("verb") not in verbs:
            return reply
        head = reply.body[: reply.body.index(b"</request>") + len(b"</request>")]
        return Reply(head + error("idDoesNotExist").encode() + b"</OAI-PMH>")

    return spoil


def test_a_sweep_of_what_is_known_asks_for_headers_only(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    fake.forget()
    run = hub.run(kind="sweep")
    assert (run.outcome, run.kind) == ("complete", "sweep")
    assert (run.counts.seen, run.counts.unchanged, run.counts.new) == (9, 9, 0)
    assert len(fake.asked("ListIdentifiers")) == 3
    assert fake.asked("ListRecords") == fake.asked("GetRecord") == []


def test_a_sweep_brings_what_dates_do_not_show(hub: Hub, fake: Fake) -> None:
    hub.run()
    early = fake.items["oai:fake.example:r1"].stamp
    fake.put("late", stamp=early)
    fake.put("r2", sets=("maps",), stamp=fake.items["oai:fake.example:r2"].stamp)
    fake.put("r3", title="Another title", stamp=early)
    fake.clock += timedelta(days=1)
    assert hub.run().counts.new == 0
    fake.forget()
    run = hub.run(kind="sweep")
    assert (run.outcome, run.counts.new, run.counts.changed) == ("complete", 1, 2)
    assert len(fake.asked("GetRecord")) == 3
    assert hub.titles()["r3"] == "Another title"
    assert "late" in hub.records()
    assert hub.records()["r2"].source_sets == ("maps",)
    assert fake.most_at_once == 1


def test_a_sweep_counts_as_a_look(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.drop("r9")
    hub.run(kind="sweep")
    assert "r9" in hub.records()
    run = hub.run(kind="sweep")
    assert run.counts.removed == 1
    assert set(hub.records()) == ALL - {"r9"}


def test_a_tombstone_that_a_sweep_lists_is_taken_from_its_header(
    sqlite_hub: Hub, fake: Fake
) -> None:
    hub = sqlite_hub
    hub.run()
    fake.put("never", deleted=True)
    fake.delete("r1")
    fake.forget()
    for _ in range(2):
        assert hub.run(kind="sweep").outcome == "complete"
    assert fake.asked("GetRecord") == []
    assert "r1" in hub.records("deleted")
    assert "never" in hub.records("unseen")


def test_what_is_listed_and_not_to_be_had_is_set_aside(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.put("r10")
    fake.put("r1", title="Another title")
    fake.spoil = refusing(fake, "GetRecord")
    run = hub.run(kind="sweep")
    assert (run.outcome, run.counts.quarantined) == ("complete-with-quarantine", 2)
    assert hub.set_aside() == {"r1": "record-unreadable", "r10": "record-unreadable"}
    assert hub.titles()["r1"] == "Title of r1"


@pytest.fixture
def few_singles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "MOST_SINGLES", 2)
    monkeypatch.setattr(sweep, "MOST_LEFT", 2)


@pytest.mark.usefixtures("few_singles")
def test_what_is_too_much_for_single_requests_is_read_as_a_list(hub: Hub, fake: Fake) -> None:
    hub.run()
    for n in range(3, 9):
        fake.put(f"r{n}", title=f"New title of {n}", stamp=fake.clock - timedelta(hours=n))
    fake.forget()
    run = hub.run(kind="sweep")
    assert (run.outcome, run.counts.changed) == ("complete", 6)
    assert len(fake.asked("GetRecord")) == 2
    first = fake.asked("ListRecords")[0]
    assert first["from"] == f"{fake.clock - timedelta(hours=6):%Y-%m-%dT%H:%M:%SZ}"
    assert {title for title in hub.titles().values() if "New" in title} == {
        f"New title of {n}" for n in range(3, 9)
    }


@pytest.mark.usefixtures("few_singles")
def test_what_the_list_does_not_bring_is_asked_for_and_then_set_aside(
    sqlite_hub: Hub, fake: Fake
) -> None:
    hub = sqlite_hub
    hub.run()
    for n in range(1, 8):
        fake.put(f"r{n}", title=f"New title of {n}")
    fake.spoil = refusing(fake, "ListRecords")
    run = hub.run(kind="sweep")
    assert run.outcome in {"incomplete", "complete-with-quarantine"}
    assert run.counts.changed >= 2
    assert set(hub.records()) == ALL


@pytest.mark.usefixtures("few_singles")
def test_a_sweep_that_was_interrupted_begins_its_list_again(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    for n in range(1, 8):
        fake.put(
            f"r{n}",
            title=f"New title of {n}",
            stamp=fake.items[f"oai:fake.example:r{n}"].stamp + timedelta(seconds=1),
        )
    answered = []

    def dies(asked: Asked, reply: Reply) -> Reply:
        answered.append(asked.arguments)
        verbs = [one["verb"] for one in answered]
        return reply if verbs.count("ListIdentifiers") < 3 else Reply(b"", 403)

    fake.spoil = dies
    assert hub.run(kind="sweep").outcome == "incomplete"
    fake.spoil = lambda _, reply: reply
    run = hub.run(kind="sweep")
    assert run.outcome == "complete"
    assert {title for title in hub.titles().values() if "New" in title} == {
        f"New title of {n}" for n in range(1, 8)
    }


def test_a_sweep_over_sets_covers_each_of_them(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    for n in range(1, 10):
        fake.put(f"r{n}", sets=("maps",) if n < 5 else ("atlases",), stamp=fake.clock)
    hub.store.repositories.edit("fake", sets=("maps", "atlases"))
    hub.run()
    fake.drop("r9")
    hub.run(kind="sweep")
    assert hub.run(kind="sweep").counts.removed == 1
    assert {one["set"] for one in fake.asked("ListIdentifiers") if "set" in one} >= {
        "maps", "atlases",
    }  # fmt: skip


def test_a_sweep_of_a_repository_that_has_never_been_harvested_reads_it(
    sqlite_hub: Hub, fake: Fake
) -> None:
    hub = sqlite_hub
    run = hub.run(kind="sweep")
    assert (run.outcome, run.counts.new) == ("complete", 9)
    assert hub.run().kind == "incremental"


def test_a_server_without_list_identifiers_makes_a_sweep_that_failed(
    sqlite_hub: Hub, fake: Fake
) -> None:
    hub = sqlite_hub
    hub.run()
    fake.drop("r9")
    fake.spoil = refusing(fake, "ListIdentifiers")
    for _ in range(3):
        assert hub.run(kind="sweep").outcome == "failed"
    assert set(hub.records()) == ALL


# ── by schedule ──────────────────────────────────────────────────────────────────────────────


def test_the_first_whole_harvest_is_followed_by_a_sweep_where_no_size_was_told(
    hub: Hub, fake: Fake
) -> None:
    kinds = [hub.run(trigger="schedule").kind for _ in range(3)]
    assert kinds == ["full", "sweep", "incremental"]
    assert decisions.found(hub.store) == ()


def test_where_the_size_told_was_seen_there_is_no_need(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    fake.sizes_told = True
    kinds = [hub.run(trigger="schedule").kind for _ in range(3)]
    assert kinds == ["full", "incremental", "incremental"]


def test_a_repository_that_is_never_compared_is_not_swept(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    hub.store.repositories.edit("fake", reconcile="never")
    kinds = [hub.run(trigger="schedule").kind for _ in range(2)]
    assert kinds == ["full", "incremental"]


def test_a_look_by_schedule_comes_at_its_interval(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    fake.sizes_told = True
    hub.store.repositories.edit("fake", reconcile="1m")
    hub.run(trigger="schedule")
    later = hub.store.now() + timedelta(minutes=2)
    hub.store.now = lambda: later  # type: ignore[method-assign]
    assert hub.run(trigger="schedule").kind == "sweep"
