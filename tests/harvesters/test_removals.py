"""What harvests delete, hold and let live: a fake repository over HTTP, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.settings import Settings
from app.store import decisions, looks
from app.store.decisions import Decision
from app.store.values import Harvest
from harvesters.runs.removals import carry_out, let_live
from tests.fakes.oai import Fake, datacite, error
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub, quick_settings

ALL = {f"r{n}" for n in range(1, 10)}


def waiting(hub: Hub) -> tuple[Decision, ...]:
    return decisions.found(hub.store, state="open")


def drop(fake: Fake, *numbers: int) -> None:
    for number in numbers:
        fake.drop(f"r{number}")


def look_twice(hub: Hub, **options: Any) -> Harvest:
    hub.run(kind="full")
    return hub.run(kind="full", **options)


# ── not listed any more ──────────────────────────────────────────────────────────────────────


def test_one_look_deletes_nothing_and_two_looks_leave_a_tombstone(hub: Hub, fake: Fake) -> None:
    hub.run()
    drop(fake, 9)
    first = hub.run(kind="full")
    assert set(hub.records()) == ALL
    second = hub.run(kind="full")
    gone = hub.records("deleted")["r9"]
    assert (second.outcome, second.counts.removed) == ("complete", 1)
    assert second.sentence.endswith("1 record that two looks in a row lacked was deleted.")
    assert f"(harvest {first.id})" in gone.reason
    assert f"(harvest {second.id})." in gone.reason
    assert set(hub.records()) == ALL - {"r9"}
    assert hub.repository.held == 0
    row = hub.store.records.row(gone.local_id, "oai_dc")
    assert row is not None
    assert row.deleted


def test_a_record_that_is_seen_between_two_looks_stays(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    kept = fake.items["oai:fake.example:r9"]
    drop(fake, 9)
    hub.run(kind="full")
    fake.items[kept.identifier] = kept
    fake.put("r9")
    assert hub.run().kind == "incremental"
    drop(fake, 9)
    hub.run(kind="full")
    assert set(hub.records()) == ALL
    hub.run(kind="full")
    assert set(hub.records()) == ALL - {"r9"}


def test_a_record_that_comes_back_is_live_again_under_its_name(hub: Hub, fake: Fake) -> None:
    hub.run()
    kept = fake.items["oai:fake.example:r9"]
    name = hub.records()["r9"].local_id
    drop(fake, 9)
    look_twice(hub)
    fake.items[kept.identifier] = kept
    hub.run(kind="full")
    back = hub.records()["r9"]
    assert (back.local_id, back.reason) == (name, "")
    assert hub.repository.deleted == 0


def test_a_repository_that_promises_tombstones_is_told_that_it_lost_one(
    sqlite_hub: Hub, fake: Fake
) -> None:
    hub = sqlite_hub
    hub.run()
    drop(fake, 9)
    assert "tombstones-lost" in hub.causes(look_twice(hub))


def test_one_that_promises_none_is_not(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    fake.deleted_record = "no"
    hub.run()
    drop(fake, 9)
    run = look_twice(hub)
    assert run.counts.removed == 1
    assert "tombstones-lost" not in hub.causes(run)


def test_runs_that_were_not_whole_delete_nothing(hub: Hub, fake: Fake) -> None:
    hub.run()
    drop(fake, 9)

    def broken(asked: Asked, reply: Reply) -> Reply:
        return Reply(b"", 404) if "resumptionToken" in asked.arguments else reply

    plain, fake.spoil = fake.spoil, broken
    for _ in range(3):
        assert hub.run(kind="full").outcome == "incomplete"
    assert set(hub.records()) == ALL
    fake.spoil = plain
    hub.run(kind="full")
    assert set(hub.records()) == ALL


def test_a_look_in_two_runs_sees_what_both_have_seen(hub: Hub, fake: Fake) -> None:
    hub.run()
    drop(fake, 1)
    plain, fake.spoil = fake.spoil, third_page_refused()
    cut = hub.run(kind="full")
    assert (cut.outcome, cut.counts.seen) == ("incomplete", 6)
    fake.spoil = plain
    run = hub.run()
    assert (run.outcome, run.kind) == ("complete", "full")
    assert run.counts.seen < 8
    assert looks.absent(hub.store, hub.repository.id, run.id) == 1
    hub.run(kind="full")
    assert set(hub.records()) == ALL - {"r1"}


def third_page_refused() -> Callable[[Asked, Reply], Reply]:
    """A spoiler: two pages of a list come, no more."""
    pages: list[str] = []

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments["verb"] == "ListRecords" and asked.query not in pages:
            pages.append(asked.query)
        return Reply(b"", 403) if len(pages) > 2 and asked.query == pages[-1] else reply

    return spoil


def test_a_run_of_limited_length_is_no_look(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    for _ in range(2):
        hub.run(kind="full", limit=3)
    assert set(hub.records()) == ALL


def test_a_window_is_no_look(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    hub.run()
    for _ in range(2):
        hub.run(from_="2026-01-08")
    assert set(hub.records()) == ALL


def test_a_repository_that_says_it_is_empty_loses_nothing(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    fake.items.clear()
    for kind in ("full", "sweep", "full"):
        run = hub.run(kind=kind)
        assert (run.outcome, run.cause) == ("incomplete", "repository-empty")
    assert set(hub.records()) == ALL
    assert waiting(hub) == ()


def test_a_set_that_says_it_is_empty_loses_nothing(hub: Hub, fake: Fake) -> None:
    for n in range(1, 10):
        fake.put(f"r{n}", sets=("maps",) if n < 9 else ("atlases",), stamp=fake.clock)
    fake.set_names = {"maps": "Maps", "atlases": "Atlases"}
    hub.store.repositories.edit("fake", sets=("maps", "atlases"))
    hub.run()
    drop(fake, 9)
    for _ in range(3):
        run = hub.run(kind="full")
        assert (run.outcome, run.cause) == ("incomplete", "repository-empty")
    assert "atlases" in run.sentence
    assert set(hub.records()) == ALL


def test_what_is_set_aside_is_not_missing(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    fake.put("r9", metadata="")
    run = look_twice(hub)
    assert run.outcome == "complete-with-quarantine"
    assert set(hub.records()) == ALL
    assert looks.absent(hub.store, hub.repository.id, run.id) == 0


def test_a_look_that_set_something_aside_without_a_name_counts_nothing_as_missing(
    sqlite_hub: Hub, fake: Fake
) -> None:
    hub = sqlite_hub
    hub.run()
    name = b"<identifier>oai:fake.example:r9</identifier>"
    fake.spoil = lambda _, reply: Reply(reply.body.replace(name, b""), headers=reply.headers)
    for _ in range(3):
        run = hub.run(kind="full")
        assert run.outcome == "complete-with-quarantine"
    assert "without a name" in run.sentence
    assert "r9" in hub.records()


# ── the guard ────────────────────────────────────────────────────────────────────────────────


def test_two_of_nine_go(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    drop(fake, 8, 9)
    assert look_twice(hub).counts.removed == 2
    assert set(hub.records()) == ALL - {"r8", "r9"}


def test_three_of_nine_are_stopped(hub: Hub, fake: Fake) -> None:
    hub.run()
    drop(fake, 7, 8, 9)
    run = look_twice(hub)
    (one,) = waiting(hub)
    assert set(hub.records()) == ALL
    assert (run.outcome, run.counts.removed) == ("complete", 0)
    assert run.sentence.endswith(
        f"3 of 9 records are not listed any more and wait for decision {one.id}."
    )
    assert "removals-stopped" in hub.causes(run)
    assert (one.kind, one.grade, one.records, one.live) == ("unlisted", "stopped", 3, 9)
    assert one.reason == "Two whole looks in a row lacked 3 of 9 live records."
    assert {record.identifier[-2:] for record, _ in decisions.samples(hub.store, one.id)} == {
        "r7", "r8", "r9",
    }  # fmt: skip
    assert hub.repository.held == 3


def guarded(**changes: Any) -> Settings:
    return quick_settings(**({"guard_floor": 1} | changes))


def test_more_than_the_share_is_held_and_a_repository_has_its_own_guard(
    sqlite_hub: Hub, fake: Fake
) -> None:
    hub = sqlite_hub
    hub.settings = guarded()
    hub.run()
    drop(fake, 8, 9)
    look_twice(hub)
    (one,) = waiting(hub)
    assert (one.grade, one.records) == ("held", 2)
    options = hub.repository.options.__class__(guard_floor=5)
    hub.store.repositories.edit("fake", options=options)
    drop(fake, 7)
    run = look_twice(hub)
    assert run.counts.removed == 0
    assert [(one.records, one.grade) for one in waiting(hub)] == [(3, "stopped")]


def test_what_is_held_stays_held_while_more_goes_missing(hub: Hub, fake: Fake) -> None:
    hub.settings = guarded(guard_stop=0.9)
    hub.run()
    drop(fake, 8, 9)
    look_twice(hub)
    drop(fake, 7)
    look_twice(hub)
    first, second = waiting(hub)
    assert [one.records for one in (first, second)] == [2, 1]
    assert second.reason.endswith("With those that wait already, that is 3.")
    assert hub.repository.held == 3


def test_what_is_seen_again_leaves_and_the_decision_lapses(hub: Hub, fake: Fake) -> None:
    hub.run()
    kept = dict(fake.items)
    drop(fake, 7, 8, 9)
    look_twice(hub)
    (one,) = waiting(hub)
    fake.items = {name: item for name, item in kept.items() if not name.endswith("r9")}
    hub.run(kind="full")
    assert decisions.get(hub.store, one.id).records == 1
    fake.items = kept
    hub.run(kind="full")
    assert decisions.get(hub.store, one.id).state == "lapsed"
    assert hub.repository.held == 0
    assert set(hub.records()) == ALL


def test_what_is_approved_goes_with_its_reason(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    drop(fake, 7, 8, 9)
    look_twice(hub)
    (one,) = waiting(hub)
    approved = decisions.decide(hub.store, one.id, "approved", "ada")
    assert carry_out(hub.store, approved) == 3
    assert set(hub.records()) == ALL - {"r7", "r8", "r9"}
    assert hub.records("deleted")["r7"].reason == (
        "Its repository does not list it any more. "
        f"A person agreed to its deletion (decision {one.id})."
    )
    assert hub.repository.held == 0
    assert carry_out(hub.store, approved) == 0


def test_what_is_rejected_lives_until_two_more_looks_lack_it(hub: Hub, fake: Fake) -> None:
    hub.run()
    drop(fake, 7, 8, 9)
    look_twice(hub)
    (one,) = waiting(hub)
    let_live(hub.store, decisions.decide(hub.store, one.id, "rejected", "ada"))
    hub.run(kind="full")
    assert waiting(hub) == ()
    hub.run(kind="full")
    assert [again.records for again in waiting(hub)] == [3]
    assert set(hub.records()) == ALL


def test_an_approval_that_was_killed_goes_on_where_it_was(
    hub: Hub, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.run()
    drop(fake, 7, 8, 9)
    look_twice(hub)
    (one,) = waiting(hub)
    approved = decisions.decide(hub.store, one.id, "approved", "ada")
    monkeypatch.setattr(looks, "PIECE", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decisions, "take_off", killed)
        with pytest.raises(Killed):
            carry_out(hub.store, approved)
    assert carry_out(hub.store, approved) == 3
    assert set(hub.records()) == ALL - {"r7", "r8", "r9"}
    assert hub.repository.deleted == 3


class Killed(BaseException):
    """The process ends here."""


def killed(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("step", ["count_absences", "forget_absences"])
def test_a_run_that_is_killed_between_two_pieces_goes_on(
    hub: Hub, fake: Fake, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    hub.run()
    drop(fake, 8, 9)
    hub.run(kind="full")
    monkeypatch.setattr(looks, "PIECE", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looks, step, killed)
        with pytest.raises(Killed):
            hub.run(kind="full")
    run = hub.run(kind="full", worker="test")
    assert (run.outcome, run.id) == ("complete", 3)
    assert run.counts.removed == 2
    assert set(hub.records()) == ALL - {"r8", "r9"}
    assert waiting(hub) == ()


# ── announced by the repository ──────────────────────────────────────────────────────────────


def test_more_deletions_than_one_run_may_announce_are_held(hub: Hub, fake: Fake) -> None:
    hub.settings = guarded(guard_floor=4)
    hub.run()
    for n in range(1, 8):
        fake.delete(f"r{n}")
    run = hub.run()
    (one,) = waiting(hub)
    assert (run.outcome, run.counts.removed, run.counts.unchanged) == ("complete", 4, 3)
    assert hub.repository.deleted == 4
    assert (one.kind, one.grade, one.records, one.live) == ("announced", "held", 3, 9)
    assert one.reason == "One harvest announced more than 4 of 9 live records as deleted."
    assert "removals-held" in hub.causes(run)
    assert run.sentence.endswith(f"3 records announced as deleted wait for decision {one.id}.")
    again = hub.run()
    assert (again.counts.removed, hub.repository.held) == (0, 3)
    assert carry_out(hub.store, decisions.decide(hub.store, one.id, "approved", "ada")) == 3
    assert set(hub.records()) == {"r8", "r9"}


def test_a_flood_that_is_taken_back_lapses(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.settings = guarded(guard_floor=2)
    hub.run()
    for n in range(1, 8):
        fake.delete(f"r{n}")
    hub.run()
    (one,) = waiting(hub)
    for n in range(1, 8):
        fake.put(f"r{n}", deleted=False)
    hub.run()
    assert decisions.get(hub.store, one.id).state == "lapsed"
    assert set(hub.records()) == ALL


def test_deletions_that_a_person_refused_are_not_carried_out_later(hub: Hub, fake: Fake) -> None:
    hub.settings = guarded(guard_floor=4)
    hub.run()
    for n in range(1, 8):
        fake.delete(f"r{n}")
    hub.run()
    (one,) = waiting(hub)
    let_live(hub.store, decisions.decide(hub.store, one.id, "rejected", "ada"))
    hub.run()
    hub.run(kind="full")
    assert len(hub.records()) == 5
    assert waiting(hub) == ()
    fake.clock += timedelta(days=1)
    survivor = next(iter(set(hub.records()) - {"r8", "r9"}))
    fake.delete(survivor)
    hub.run()
    assert survivor not in hub.records()


def test_few_announced_deletions_go_at_once(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    for n in (1, 2, 3):
        fake.delete(f"r{n}")
    assert hub.run().counts.removed == 3
    assert waiting(hub) == ()


# ── other identifiers ────────────────────────────────────────────────────────────────────────


def migrated(fake: Fake) -> None:
    """All records get new identifiers; their metadata names the same DOIs."""
    for identifier, item in list(fake.items.items()):
        del fake.items[identifier]
        name = identifier.rpartition(":")[2]
        fake.put(f"new-{name}", metadata=datacite(item), stamp=item.stamp)


def test_records_with_new_identifiers_are_proposed_as_pairs(hub: Hub, fake: Fake) -> None:
    hub.run()
    migrated(fake)
    run = hub.run(kind="full")
    (one,) = waiting(hub)
    assert (one.kind, one.records, one.live) == ("renamed", 9, 9)
    assert "identifiers-changed" in hub.causes(run)
    assert f"see decision {one.id}." in run.sentence
    pairs = {
        record.identifier.rpartition(":")[2]: successor.rpartition(":")[2]
        for record, successor in decisions.samples(hub.store, one.id)
    }
    assert pairs == {name: f"new-{name}" for name in ALL}
    look_twice(hub)
    assert len(hub.records()) == 18
    assert [other.id for other in waiting(hub)] == [one.id]
    assert carry_out(hub.store, decisions.decide(hub.store, one.id, "approved", "ada")) == 9
    assert set(hub.records()) == {f"new-{name}" for name in ALL}
    old, new = hub.records("merged")["r1"], hub.records()["new-r1"]
    assert old.own_state == "deleted"
    assert hub.store.withdrawals.successor(old.id) == new


def test_pairs_that_a_person_calls_new_are_not_proposed_again(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    migrated(fake)
    hub.run(kind="full")
    (one,) = waiting(hub)
    let_live(hub.store, decisions.decide(hub.store, one.id, "rejected", "ada"))
    look_twice(hub)
    assert [(other.kind, other.grade) for other in waiting(hub)] == [("unlisted", "stopped")]
    assert len(hub.records()) == 18


def test_an_oai_error_is_no_empty_repository(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.run()
    fake.spoil = lambda _, reply: Reply(
        reply.body[: reply.body.index(b"</request>") + 10] + error("badArgument").encode()
        + b"</OAI-PMH>"
    )  # fmt: skip
    run = hub.run(kind="full")
    assert run.outcome == "failed"
    assert set(hub.records()) == ALL
