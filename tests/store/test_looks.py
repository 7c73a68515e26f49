"""What looks leave behind: sightings, absences in a row, decisions; on both databases."""

from __future__ import annotations

import pytest

from app.errors import NotFound
from app.record import Counts, Listed, Withheld
from app.store import Store, decisions, looks
from app.store.values import Harvest, Repository
from tests.store.making import change, harvest, member, name, put


@pytest.fixture
def reef(store: Store) -> Repository:
    found = member(store)
    put(store, found, *(change(n) for n in range(1, 6)))
    return found


def look(store: Store, reef: Repository, *seen: int, kind: str = "full") -> Harvest:
    """A whole look that lists these records, judged and ended."""
    run = harvest(store, reef, kind=kind, scope="all")
    listed = Listed(live=tuple(map(name, seen)), look=True)
    store.records.apply(reef.id, run.id, "w1", (), listed=listed, counts=Counts(seen=len(seen)))
    assert sum(looks.count_absences(store, reef.id, run.id)) == 5 - len(seen)
    store.harvests.end(run.id, "w1", outcome="complete", sentence="Done.")
    return run


def gone(store: Store, reef: Repository, run: Harvest) -> list[str]:
    return [one.identifier for one in looks.gone(store, reef.id, run.id, limit=None)]


def test_one_look_that_lacks_a_record_is_not_enough_and_two_are(
    store: Store, reef: Repository
) -> None:
    first = look(store, reef, 1, 2, 3, 4)
    assert gone(store, reef, first) == []
    assert looks.absent(store, reef.id, first.id) == 1
    second = look(store, reef, 1, 2, 3, 4)
    assert gone(store, reef, second) == ["oai:reef:5"]
    assert looks.count_gone(store, reef.id, second.id) == 1


def test_a_sighting_between_begins_the_count_anew(store: Store, reef: Repository) -> None:
    look(store, reef, 1, 2, 3, 4)
    run = harvest(store, reef, kind="incremental")
    store.records.apply(reef.id, run.id, "w1", (), listed=Listed(live=(name(5),)))
    store.harvests.end(run.id, "w1", outcome="complete", sentence="Done.")
    third = look(store, reef, 1, 2, 3, 4)
    assert gone(store, reef, third) == []


def test_a_record_that_is_listed_as_deleted_is_not_absent(store: Store, reef: Repository) -> None:
    look(store, reef, 1, 2, 3, 4)
    run = harvest(store, reef)
    listed = Listed(live=tuple(map(name, (1, 2, 3, 4))), deleted=(name(5),), look=True)
    store.records.apply(reef.id, run.id, "w1", (), listed=listed)
    assert list(looks.count_absences(store, reef.id, run.id)) == []


def test_a_look_that_is_judged_again_counts_nothing_twice(store: Store, reef: Repository) -> None:
    run = look(store, reef, 1, 2, 3)
    for _ in range(2):
        assert sum(looks.count_absences(store, reef.id, run.id)) == 2
    assert gone(store, reef, run) == []


def test_absences_are_counted_in_pieces(
    store: Store, reef: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "PIECE", 2)
    run = harvest(store, reef)
    assert list(looks.count_absences(store, reef.id, run.id)) == [2, 2, 1]


def test_sightings_are_dropped_with_what_older_runs_left(store: Store, reef: Repository) -> None:
    older = look(store, reef, 1, 2, 3, 4, 5)
    run = harvest(store, reef)
    store.records.apply(reef.id, run.id, "w1", (), listed=Listed(live=(name(1),), look=True))
    looks.drop_sightings(store, run, older=True)
    for one in (older, run):
        assert sum(looks.count_absences(store, reef.id, one.id)) == 5


def test_a_sweep_leaves_what_a_harvest_goes_on_with(store: Store, reef: Repository) -> None:
    cut = harvest(store, reef)
    listed = Listed(live=(name(1), name(2)), look=True)
    store.records.apply(reef.id, cut.id, "w1", (), listed=listed)
    store.harvests.end(cut.id, "w1", outcome="incomplete", sentence="Cut.")
    swept = look(store, reef, 1, 2, 3, 4, 5, kind="sweep")
    assert looks.saw_something(store, swept.id)
    looks.drop_sightings(store, swept, older=False)
    assert not looks.saw_something(store, swept.id)
    assert looks.saw_something(store, cut.id)


def test_a_run_takes_over_what_the_one_before_it_saw(store: Store, reef: Repository) -> None:
    first = harvest(store, reef)
    listed = Listed(live=(name(1), name(2)), look=True)
    store.records.apply(reef.id, first.id, "w1", (), listed=listed)
    store.harvests.end(first.id, "w1", outcome="incomplete", sentence="Cut.")
    second = harvest(store, reef)
    listed = Listed(live=(name(2), name(3)), look=True)
    store.records.apply(reef.id, second.id, "w1", (), listed=listed)
    looks.carry_sightings(store, first.id, second.id)
    assert sum(looks.count_absences(store, reef.id, second.id)) == 2


def test_a_page_seen_twice_changes_nothing(store: Store, reef: Repository) -> None:
    run = harvest(store, reef)
    listed = Listed(live=tuple(map(name, range(1, 6))), look=True)
    for _ in range(2):
        store.records.apply(reef.id, run.id, "w1", (), listed=listed)
    assert list(looks.count_absences(store, reef.id, run.id)) == []


def test_looks_are_remembered_with_their_numbers(store: Store, reef: Repository) -> None:
    first, second = look(store, reef, 1, 2, 3), look(store, reef, 1, 2, 3, 4, 5, kind="sweep")
    newest, oldest = looks.recent_looks(store, reef.id, "all")
    assert (newest.id, newest.kind, newest.seen, newest.whole) == (second.id, "sweep", 5, True)
    assert (oldest.id, oldest.told, oldest.pages) == (first.id, None, 0)
    assert looks.recent_looks(store, reef.id, "another scope") == ()
    assert looks.looked_since(store, reef.id, first.id)
    assert not looks.looked_since(store, reef.id, second.id)


# ── decisions ────────────────────────────────────────────────────────────────────────────────


def asked(store: Store, reef: Repository, *numbers: int, kind: str = "unlisted") -> int:
    previous = store.records.previous([name(n) for n in numbers])
    rows = [(one.id, None) for one in previous.values()]
    return decisions.ask(
        store, reef.id, 7, kind=kind, grade="held", live=5, reason="Because.", records_=rows
    )


def see(
    store: Store, reef: Repository, live: tuple[str, ...], deleted: tuple[str, ...] = ()
) -> None:
    run = harvest(store, reef, kind="incremental")
    store.records.apply(reef.id, run.id, "w1", (), listed=Listed(live, deleted))
    store.harvests.end(run.id, "w1", outcome="complete", sentence="Done.")


def test_a_repository_says_how_many_records_wait(store: Store, reef: Repository) -> None:
    asked(store, reef, 1, 2)
    asked(store, reef, 3)
    assert store.repositories.get("reef").held == 3
    assert store.repositories.list()[0].held == 3


def test_what_is_seen_again_leaves_and_an_empty_decision_lapses(
    store: Store, reef: Repository
) -> None:
    number = asked(store, reef, 1, 2)
    see(store, reef, live=(name(1), name(4)))
    assert decisions.get(store, number).records == 1
    assert [row.identifier for row in decisions.removals(store, number, None)] == ["oai:reef:2"]
    see(store, reef, live=(name(2),))
    lapsed = decisions.get(store, number)
    assert (lapsed.state, lapsed.records) == ("lapsed", 0)
    assert lapsed.decided_at is not None
    assert store.repositories.get("reef").held == 0


def test_what_is_asked_about_is_no_longer_counted_as_gone(store: Store, reef: Repository) -> None:
    look(store, reef, 1, 2, 3)
    run = look(store, reef, 1, 2, 3)
    number = asked(store, reef, 4)
    assert gone(store, reef, run) == ["oai:reef:5"]
    decisions.decide(store, number, "rejected", "me")
    assert gone(store, reef, run) == ["oai:reef:4", "oai:reef:5"]


def test_announced_deletions_that_are_withheld_are_listed_with_their_datestamps(
    store: Store, reef: Repository
) -> None:
    run = harvest(store, reef)
    for n in (1, 2):
        withheld = Withheld(((name(n), f"2026-01-0{n}"),), live=5, reason="Too many.")
        listed = Listed(deleted=(name(n),), withheld=withheld)
        store.records.apply(reef.id, run.id, "w1", (), listed=listed)
    (one,) = decisions.found(store)
    assert (one.kind, one.grade, one.records, one.live) == ("announced", "held", 2, 5)
    assert (one.harvest, one.reason, one.repository) == (run.id, "Too many.", "reef")
    assert decisions.announced(store, reef.id, [name(1), name(3)]) == {
        name(1): ("open", "2026-01-01")
    }
    assert decisions.held_by(store, run.id) == 2
    store.harvests.end(run.id, "w1", outcome="complete", sentence="Done.")
    see(store, reef, deleted=(name(1),), live=(name(2),))
    assert decisions.get(store, one.id).records == 1


def test_a_refused_deletion_is_remembered_until_the_record_is_seen_alive(
    store: Store, reef: Repository
) -> None:
    run = harvest(store, reef)
    withheld = Withheld(((name(1), "2026-01-01"),), live=5, reason="Too many.")
    listed = Listed(deleted=(name(1),), withheld=withheld)
    store.records.apply(reef.id, run.id, "w1", (), listed=listed)
    store.harvests.end(run.id, "w1", outcome="complete", sentence="Done.")
    decisions.decide(store, 1, "rejected", "me")
    assert decisions.announced(store, reef.id, [name(1)]) == {name(1): ("rejected", "2026-01-01")}
    see(store, reef, live=(name(1),))
    assert decisions.announced(store, reef.id, [name(1)]) == {}


def test_a_graver_question_takes_the_place_of_lighter_ones(store: Store, reef: Repository) -> None:
    lighter = asked(store, reef, 1)
    decisions.ask(
        store, reef.id, 8, kind="unlisted", grade="stopped", live=5, reason="More.",
        records_=[(1, None), (2, None)], instead=[lighter],
    )  # fmt: skip
    assert decisions.get(store, lighter).state == "lapsed"
    assert store.repositories.get("reef").held == 2


def test_open_decisions_come_first_the_oldest_of_them_first(store: Store, reef: Repository) -> None:
    first, second, third = (asked(store, reef, n) for n in (1, 2, 3))
    decisions.decide(store, first, "approved", "me")
    assert [one.id for one in decisions.found(store)] == [second, third, first]
    assert [one.id for one in decisions.found(store, state="approved")] == [first]
    assert decisions.found(store, repository="nobody") == ()
    assert [one.id for one in decisions.of_repository(store, reef.id)] == [second, third]


def test_a_decision_is_made_once(store: Store, reef: Repository) -> None:
    number = asked(store, reef, 1)
    decisions.decide(store, number, "approved", "me")
    after = decisions.decide(store, number, "rejected", "you")
    assert (after.state, after.decided_by) == ("approved", "me")
    with pytest.raises(NotFound, match="decision 99"):
        decisions.get(store, 99)


def test_samples_name_the_successors(store: Store, reef: Repository) -> None:
    ids = {one.local_id: one.id for one in store.records.previous([name(1), name(2)]).values()}
    number = decisions.ask(
        store, reef.id, 7, kind="renamed", grade="held", live=5, reason="Because.",
        records_=[(ids[name(1)], ids[name(2)])],
    )  # fmt: skip
    ((record, successor),) = decisions.samples(store, number)
    assert (record.identifier, successor) == ("oai:reef:1", "oai:reef:2")
    (row,) = decisions.removals(store, number, 10)
    assert row.successor == "oai:reef:2"


def test_a_repository_that_leaves_takes_its_decisions_with_it(
    store: Store, reef: Repository
) -> None:
    look(store, reef, 1, 2)
    number = asked(store, reef, 1)
    store.repositories.remove("reef")
    assert decisions.get(store, number).state == "lapsed"
    store.repositories.remove("reef", erase=True)
    with pytest.raises(NotFound):
        decisions.get(store, number)
