"""When looks are due, and how much may go without a person: pure decisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.store.looks import Look
from harvesters.runs.looks import AGAIN, USUAL, doubtful, due, is_look, reconcile
from harvesters.runs.plan import Plan
from harvesters.runs.removals import Guard

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
MONTH = timedelta(days=30)


def a_look(
    days: float, outcome: str = "complete", kind: str = "sweep", *, number: int = 0,
    seen: int = 9, told: int | None = 9, pages: int = 1,
) -> Look:  # fmt: skip
    """A look that ended so many days ago; later ones have the higher numbers."""
    ended = NOW - timedelta(days=days)
    return Look(number or int(1000 - days), kind, outcome, ended, seen, told, pages)


# ── the guard ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("gone", "live", "grade"),
    [
        (0, 9, ""),
        (1, 9, ""),
        (2, 9, ""),
        (3, 9, "stopped"),
        (1, 2, ""),
        (1, 1, "stopped"),
        (9, 9, "stopped"),
        (20, 100, ""),
        (21, 100, "held"),
        (21, 1000, ""),
        (150, 1000, ""),
        (151, 1000, "held"),
        (300, 1000, "held"),
        (301, 1000, "stopped"),
    ],
)
def test_the_guard_has_a_floor_and_two_shares(gone: int, live: int, grade: str) -> None:
    assert Guard().grade(gone, live) == grade


def test_the_guard_is_what_a_repository_sets_it_to() -> None:
    strict = Guard(floor=0, hold=0.0, stop=0.5)
    assert strict.grade(1, 100) == "held"
    assert Guard(floor=5, hold=1.0, stop=1.0).grade(99, 100) == ""


@pytest.mark.parametrize(("live", "most"), [(0, 20), (9, 20), (66, 20), (70, 21), (1000, 300)])
def test_one_run_may_announce_so_many_deletions(live: int, most: int) -> None:
    assert Guard().announced(live) == most


# ── when a look is due ───────────────────────────────────────────────────────────────────────


def test_a_look_is_due_after_its_interval() -> None:
    assert due(MONTH, (a_look(29),), NOW) == ""
    assert due(MONTH, (a_look(30),), NOW) == "sweep"


def test_there_is_none_before_the_first_whole_harvest_and_none_where_none_is_wanted() -> None:
    assert due(MONTH, (), NOW) == ""
    assert due(MONTH, (a_look(40, "incomplete", "full"),), NOW) == ""
    assert due(None, (a_look(400),), NOW) == ""


def test_a_look_that_was_not_whole_is_tried_again_a_day_later() -> None:
    tried = a_look(0.5, "incomplete")
    assert due(MONTH, (tried, a_look(40)), NOW) == ""
    assert due(MONTH, (a_look(AGAIN.days, "incomplete"), a_look(40)), NOW) == "sweep"


def test_after_three_sweeps_that_failed_the_look_is_a_full_harvest() -> None:
    failed = tuple(a_look(n, "failed") for n in (1, 2, 3))
    assert due(MONTH, (*failed[:2], a_look(40)), NOW) == "sweep"
    assert due(MONTH, (*failed, a_look(40)), NOW) == "full"


def test_a_first_harvest_that_may_have_lost_records_is_followed_by_a_sweep() -> None:
    told_more = a_look(1, kind="full", seen=8, told=9)
    told_nothing = a_look(1, kind="full", told=None, pages=3)
    for first in (told_more, told_nothing):
        assert doubtful(first)
        assert due(MONTH, (first,), NOW) == "sweep"
        assert due(MONTH, (a_look(0.5), first), NOW) == ""
    assert not doubtful(a_look(1, kind="full"))
    assert not doubtful(a_look(1, kind="full", told=None, pages=1))
    assert due(MONTH, (a_look(1, kind="full"),), NOW) == ""


def test_the_interval_is_read_as_people_write_it() -> None:
    assert reconcile("7d") == timedelta(days=7)
    assert reconcile("never") is None
    assert reconcile("now and then") == USUAL


def test_only_a_run_that_asks_for_everything_is_a_look() -> None:
    assert is_look(Plan("full", "oai_dc"))
    assert is_look(Plan("sweep", "oai_dc", ("a", "b")))
    assert not is_look(Plan("incremental", "oai_dc"))
    assert not is_look(Plan("full", "oai_dc", from_="2026-01-01"))
    assert not is_look(Plan("window", "oai_dc"))
