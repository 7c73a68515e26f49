"""How a run ends: a table of ledgers and outcomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.record import Counts
from app.store.values import Repository, Window
from harvesters.runs.outcome import (
    Facts,
    Verdict,
    judge,
    new_checkpoint,
    next_after,
    sentence,
    spell,
)

QUARANTINE = "complete-with-quarantine"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def window(
    state: str = "closed", pages: int = 3, reason: str = "", date: str = "2026-01-01T00:00:00Z"
) -> Window:
    return Window(1, 1, "", "oai_dc", "", "", state, "", "", None, date, None, pages, 9, reason)


def facts(
    *windows: Window, cause: str = "", full: bool = False, live: int = 0, **counts: int
) -> Facts:
    return Facts(windows or (window(),), Counts(**counts), cause, full, live)


CLOSED, EMPTY = window(), window(pages=0)
OPEN, UNTOUCHED = window("open", 2, "http-5xx"), window("open", 0)


@pytest.mark.parametrize(
    ("given", "outcome", "cause"),
    [
        (facts(CLOSED, seen=9), "complete", ""),
        (facts(CLOSED, CLOSED, seen=9), "complete", ""),
        (facts(EMPTY), "complete", "no-records"),
        (facts(EMPTY, full=True), "complete", "no-records"),
        (facts(EMPTY, full=True, live=3), "incomplete", "repository-empty"),
        (facts(EMPTY, live=3), "complete", "no-records"),
        (facts(CLOSED, seen=9, quarantined=1), QUARANTINE, "record-unreadable"),
        (
            facts(CLOSED, seen=1000, quarantined=100),
            "complete-with-quarantine",
            "record-unreadable",
        ),
        (facts(CLOSED, seen=1000, quarantined=101), "incomplete", "record-unreadable"),
        (facts(CLOSED, seen=20, quarantined=20), QUARANTINE, "record-unreadable"),
        (facts(CLOSED, seen=21, quarantined=21), "incomplete", "record-unreadable"),
        (facts(OPEN, seen=6), "incomplete", "http-5xx"),
        (facts(CLOSED, OPEN, seen=6), "incomplete", "http-5xx"),
        (facts(CLOSED, UNTOUCHED, cause="timed-out", seen=6), "incomplete", "timed-out"),
        (facts(EMPTY, UNTOUCHED, cause="timed-out"), "incomplete", "timed-out"),
        (facts(UNTOUCHED, cause="timed-out"), "failed", "timed-out"),
        (Facts((), cause="name-not-found"), "failed", "name-not-found"),
        (Facts(()), "failed", ""),
        (facts(OPEN, cause="asked-to-wait", seen=6), "deferred", "asked-to-wait"),
        (Facts((), cause="asked-to-wait"), "deferred", "asked-to-wait"),
        (facts(OPEN, cause="stopped-by-operator", seen=6), "incomplete", "stopped-by-operator"),
        (Facts((), cause="stopped-by-operator"), "incomplete", "stopped-by-operator"),
        (facts(CLOSED, cause="limit-reached", seen=9), "incomplete", "limit-reached"),
        (facts(window("open", 3, "list-short"), seen=9), "incomplete", "list-short"),
    ],
)
def test_the_ledger_decides(given: Facts, outcome: str, cause: str) -> None:
    assert judge(given) == Verdict(outcome, cause)


@pytest.mark.parametrize(
    ("outcome", "kind", "seen", "moves"),
    [
        ("complete", "full", 9, True),
        ("complete", "incremental", 9, True),
        (QUARANTINE, "full", 9, True),
        ("complete", "incremental", 0, False),
        ("complete", "window", 9, False),
        ("incomplete", "full", 9, False),
        ("deferred", "full", 9, False),
        ("failed", "full", 0, False),
    ],
)
def test_only_a_whole_run_that_saw_something_moves_the_checkpoint(
    outcome: str, kind: str, seen: int, moves: bool
) -> None:
    moved = new_checkpoint(Verdict(outcome), facts(CLOSED, seen=seen), kind)
    assert moved == ("2026-01-01T00:00:00Z" if moves else None)


def test_the_checkpoint_is_the_first_answer_of_all_windows() -> None:
    given = facts(window(date="2026-01-02T00:00:00Z"), window(date="2026-01-01T00:00:00Z"), seen=1)
    assert new_checkpoint(Verdict("complete"), given, "full") == "2026-01-01T00:00:00Z"
    unknown = facts(window(date=""), seen=1)
    assert new_checkpoint(Verdict("complete"), unknown, "full") is None


def member(failures: int = 0, every: str = "7d") -> Repository:
    return Repository(1, "m", "M", "http://x/", every=every, failures=failures)


@pytest.mark.parametrize(
    ("cause", "failures", "every", "hours"),
    [
        ("timed-out", 0, "7d", 1),
        ("timed-out", 1, "7d", 2),
        ("http-5xx", 3, "7d", 8),
        ("", 4, "7d", 16),
        ("http-5xx", 5, "7d", 24),
        ("http-5xx", 50, "7d", 24),
        ("timed-out", 5, "1h", 1),
        ("timed-out", 6, "1h", 2),
        ("timed-out", 9, "6h", 24),
        ("http-404", 0, "7d", 1),
        ("http-404", 1, "7d", 2),
        ("http-404", 0, "1h", 1),
        ("tls-invalid", 99, "7d", 24),
        ("blocked", 0, "7d", 24),
        ("http-403", 0, "1h", 24),
    ],
)
def test_failed_runs_come_again_at_growing_intervals_by_cause(
    cause: str, failures: int, every: str, hours: int
) -> None:
    at = next_after(Verdict("failed", cause), member(failures, every), NOW)
    assert timedelta(hours=hours) <= at - NOW <= timedelta(hours=hours * 1.1)


def test_a_deferred_run_comes_again_when_the_server_said_or_a_tenth_later() -> None:
    at = next_after(Verdict("deferred", "asked-to-wait"), member(), NOW, wait=7200)
    assert timedelta(hours=2) <= at - NOW <= timedelta(hours=2.2)


def test_a_run_of_limited_length_keeps_to_the_schedule() -> None:
    at = next_after(Verdict("incomplete", "limit-reached"), member(every="1d"), NOW)
    assert at - NOW >= timedelta(days=1)


@pytest.mark.parametrize(
    ("verdict", "given", "begins"),
    [
        (
            Verdict("complete"),
            facts(CLOSED, seen=1204, new=12),
            "Complete: 1,204 records seen,",
        ),
        (Verdict("complete"), facts(EMPTY), "Complete: nothing had changed since 2026-01-01, in"),
        (Verdict("failed", "http-404"), facts(UNTOUCHED), "Failed: It is not there. Nothing was"),
        (
            Verdict("incomplete"),
            facts(CLOSED, OPEN, seen=1),
            "Incomplete: It is not there. What",
        ),
        (
            Verdict("deferred"),
            facts(OPEN, seen=6),
            "Put off: It is not there. What came",
        ),
    ],
)
def test_each_outcome_has_its_sentence(verdict: Verdict, given: Facts, begins: str) -> None:
    words = sentence(
        verdict,
        given,
        took=timedelta(seconds=192),
        next_at=NOW,
        why="" if verdict.whole else "It is not there.",
        since="2026-01-01",
    )
    assert words.startswith(begins)
    assert ("3 min 12 s" if verdict.whole else "The next try is at 2026-11-24 12:00 UTC.") in words


def test_time_is_spelt_as_people_say_it() -> None:
    spelt = [spell(timedelta(seconds=seconds)) for seconds in (0, 59, 60, 3599, 3600, 90000)]
    assert spelt == ["0 s", "59 s", "1 min 0 s", "59 min 59 s", "1 h 0 min", "25 h 0 min"]
