"""What is told, and what is not: by examples, and by a thousand courses that outcomes may take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import alerting
from app.alerting import HUB, Alert, Seen, Standing, decide
from app.state import repository_state
from app.store.values import Repository

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def course(states: list[str], step: timedelta = HOUR) -> list[Alert]:
    """What is told of one subject that stands so in turn."""
    known: dict[str, Standing] = {}
    told: list[Alert] = []
    for n, state in enumerate(states):
        decided = decide(known, [Seen("reef", state, "Reef")], BEGIN + n * step)
        told += decided.alerts
        known |= {one.subject: one for one in decided.standings}
    return told


def words(alerts: list[Alert]) -> list[str]:
    return [f"{'still ' * one.reminder}{one.state}" for one in alerts]


def test_trouble_is_told_once_and_once_more_when_it_is_over() -> None:
    assert words(course(["new", "ok", "failing", "failing", "failing", "ok", "ok"])) == [
        "failing", "ok",
    ]  # fmt: skip
    assert words(course(["ok", "late", "failing", "held", "failing", "ok"])) == [
        "late", "failing", "held", "failing", "ok",
    ]  # fmt: skip


def test_what_goes_well_is_never_told() -> None:
    assert course(["new", "ok", "paused", "ok", "new"]) == []


def test_a_pause_tells_nothing_and_forgets_nothing() -> None:
    assert words(course(["failing", "paused", "failing", "paused", "ok"])) == ["failing", "ok"]


def test_failing_is_said_again_after_a_week_and_then_by_the_month() -> None:
    told = course(["failing"] * 100, timedelta(days=1))
    assert words(told) == ["failing", *["still failing"] * 4]
    assert [(one.at - BEGIN).days for one in told] == [0, 7, 37, 67, 97]
    assert {one.since for one in told} == {BEGIN}


def test_another_decision_is_told_though_the_state_stays() -> None:
    first = decide({}, [Seen("reef", "held", decision=4)], BEGIN)
    known = {one.subject: one for one in first.standings}
    assert decide(known, [Seen("reef", "held", decision=4)], BEGIN + HOUR) == alerting.Decided()
    assert len(decide(known, [Seen("reef", "held", decision=5)], BEGIN + HOUR).alerts) == 1


def test_a_repository_that_left_is_forgotten_without_a_word() -> None:
    known = {"reef": Standing("reef", "failing", BEGIN, "failing", BEGIN)}
    assert decide(known, [], BEGIN) == alerting.Decided(gone=("reef",))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["whole", "incomplete", "failed", "deferred", "nothing", "hold", "decide",
                         "pause", "resume"]),
        st.integers(1, 60),
    ),
    max_size=30,
)  # fmt: skip


def after(repository: Repository, event: str, now: datetime) -> Repository:
    """The repository after an event, as the rows would have it."""
    values = {name: getattr(repository, name) for name in repository.__struct_fields__}
    if event == "whole":
        values |= {"last_whole_at": now, "failures": 0}
    elif event in ("incomplete", "failed"):
        values["failures"] += 1
    elif event in ("hold", "decide"):
        values["held"] = 40 if event == "hold" else 0
    elif event in ("pause", "resume"):
        values["paused"] = event == "pause"
    return Repository(**values)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, looks=st.integers(1, 3))
def test_one_message_a_change_of_state_and_none_otherwise(
    steps: list[tuple[str, int]], looks: int
) -> None:
    now, known = BEGIN, dict[str, Standing]()
    repository = Repository(1, "reef", "Reef", "https://reef.example/oai", created_at=BEGIN)
    told, states = list[str](), list[str]()
    for event, hours in steps:
        now += hours * HOUR
        repository = after(repository, event, now)
        state = repository_state(repository, now)
        states.append(state)
        for _ in range(looks):
            decided = decide(known, [Seen("reef", state, decision=0)], now)
            known |= {one.subject: one for one in decided.standings}
            told += [one.state for one in decided.alerts if not one.reminder]
    assert told == expected(states)


def expected(states: list[str]) -> list[str]:
    """Troubles as they change, and `ok` after one; what a person pauses is left out of sight."""
    said: list[str] = []
    for state in states:
        trouble = state in ("failing", "late", "held")
        last = said[-1] if said else ""
        if (trouble and state != last) or (state == "ok" and last not in ("", "ok")):
            said.append(state)
    return said


def alert(n: int, state: str = "failing", **given: object) -> Alert:
    values = {"cause": "timed-out", "sentence": "No answer came in time.", "since": BEGIN}
    return Alert(subject=f"r{n}", title=f"Repository {n}", state=state, before="ok", at=BEGIN,
                 **(values | given))  # type: ignore[arg-type] # fmt: skip


def test_a_message_says_what_since_when_why_and_what_helps() -> None:
    told = alerting.message([alert(1)], "The hub", "https://hub.example")
    assert told.subject == "[The hub] Repository 1 is failing"
    assert "since 2026-11-01 00:00 UTC" in told.text
    assert "Last complete harvest: none so far." in told.text
    assert "No answer came in time." in told.text
    assert "Raise harvest.read_timeout." in told.text
    assert "https://hub.example/repositories/r1" in told.text


def test_many_changes_are_counted_and_one_reason_for_all_is_pointed_out() -> None:
    hub = Alert(HUB, "", "ready", "", BEGIN, BEGIN)
    many = [*map(alert, range(5)), alert(9, "ok"), hub]
    told = alerting.message(many, "The hub", "https://hub.example")
    assert told.subject == (
        "[The hub] the hub is ready again, 5 repositories are failing, Repository 9 is ok again"
    )
    assert "the same reason" in told.text
    others = alerting.message([alert(1), alert(2, cause="http-404")], "H", "https://h.example")
    assert "same reason" not in others.text
