from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app.state import STATES, behind, interval, repository_state, worst_first
from app.store.values import Repository

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def repository(hours_since_whole: float | None = 1, **changes: object) -> Repository:
    base = Repository(
        1, "tideland", "Tideland", "https://example.org/oai", created_at=NOW - timedelta(days=90)
    )
    if hours_since_whole is not None:
        base = msgspec.structs.replace(base, last_whole_at=NOW - timedelta(hours=hours_since_whole))
    return msgspec.structs.replace(base, **changes)


def test_a_repository_that_was_never_whole_is_new() -> None:
    young = repository(None, created_at=NOW - timedelta(hours=1))
    assert repository_state(young, NOW) == "new"


def test_a_new_repository_that_nobody_harvests_becomes_late() -> None:
    assert repository_state(repository(None), NOW) == "late"


def test_one_whole_harvest_in_time_makes_it_ok() -> None:
    assert repository_state(repository(47), NOW) == "ok"


def test_two_intervals_without_a_whole_harvest_make_it_late() -> None:
    assert repository_state(repository(49), NOW) == "late"


def test_a_short_interval_is_not_late_before_six_hours() -> None:
    assert repository_state(repository(5.9, every="1h"), NOW) == "ok"
    assert repository_state(repository(6.1, every="1h"), NOW) == "late"


def test_one_failure_is_no_state_and_two_are_failing() -> None:
    assert repository_state(repository(failures=1), NOW) == "ok"
    assert repository_state(repository(failures=2), NOW) == "failing"


def test_what_waits_for_a_person_goes_before_all_else() -> None:
    assert repository_state(repository(47, held=3), NOW) == "held"
    assert repository_state(repository(500, failures=4, paused=True, held=1), NOW) == "held"


def test_failing_goes_before_late_and_paused_before_both() -> None:
    assert repository_state(repository(500, failures=4), NOW) == "failing"
    assert repository_state(repository(500, failures=4, paused=True), NOW) == "paused"


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("90m", timedelta(minutes=90)),
        ("6h", timedelta(hours=6)),
        ("2w", timedelta(weeks=2)),
        ("cron 0 3 * * 0", timedelta(days=7)),
        ('cron "0 3 1 * *"', timedelta(days=31)),
        ("0 3 * * *", timedelta(days=1)),
        ("0 */4 * * *", timedelta(hours=4)),
        ("15 * * * *", timedelta(hours=1)),
        ("0 3 1 1 *", timedelta(days=366)),
        ("whenever", timedelta(days=1)),
    ],
)
def test_the_longest_time_between_two_harvests(every: str, expected: timedelta) -> None:
    assert interval(every) == expected


def test_behind_is_what_is_over_the_interval() -> None:
    assert behind(repository(30), NOW) == timedelta(hours=6)
    assert behind(repository(10), NOW) is None


def test_the_worst_state_comes_first_and_in_it_who_waits_longest() -> None:
    ok, late, later = repository(1, name="a"), repository(60, name="b"), repository(90, name="c")
    failing = repository(1, failures=3, name="d")
    ordered = sorted((ok, late, later, failing), key=lambda one: worst_first(one, NOW))
    assert [one.name for one in ordered] == ["d", "c", "b", "a"]


def test_every_state_has_its_place_in_the_order() -> None:
    assert set(STATES) >= {"new", "ok", "late", "failing", "held", "paused"}
