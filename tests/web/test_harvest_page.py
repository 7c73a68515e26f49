from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from app.record import Counts
from app.store.values import Failure, Harvest, Window
from app.web import harvest_page, marks

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ENDED = Harvest(
    4711,
    "tideland",
    1,
    state="ended",
    outcome="complete",
    sentence="Complete: 1,204 records seen.",
    started_at=NOW - timedelta(hours=1),
    ended_at=NOW - timedelta(hours=1) + timedelta(seconds=192),
    told=1204,
    counts=Counts(1204, 12, 3, 1189, 0, 0, 14),
)


def page(
    harvest: Harvest, *failures: Failure, windows: tuple[Window, ...] = ()
) -> harvest_page.HarvestPage:
    return harvest_page.harvest_page(harvest, "Tideland", windows, failures, NOW)


def changed(**changes: object) -> Harvest:
    return msgspec.structs.replace(ENDED, **changes)


def test_only_a_complete_harvest_looks_complete() -> None:
    tones = {
        outcome: marks.harvest(changed(outcome=outcome)).tone
        for outcome in ("complete", "complete-with-quarantine", "incomplete", "deferred", "failed")
    }
    assert [outcome for outcome, tone in tones.items() if tone == "is-ok"] == ["complete"]


def test_a_harvest_with_quarantine_says_how_many() -> None:
    aside = changed(outcome="complete-with-quarantine", counts=Counts(quarantined=1200))
    assert marks.harvest(aside).word == "complete, 1,200 set aside"


def test_what_was_told_and_not_sent_is_explained() -> None:
    assert page(changed(told=2000)).difference.endswith("796 fewer.")
    assert page(ENDED).difference == ""


def test_a_running_harvest_has_progress_and_a_sentence() -> None:
    running = changed(state="running", outcome="", sentence="", ended_at=None, told=2000)
    view = page(running)
    assert view.progress is not None
    assert (view.progress.seen, view.progress.told) == (1204, 2000)
    assert view.sentence == "The harvest is running: 1,204 records seen so far."
    assert view.duration == "1 h"


def test_a_total_that_is_overrun_is_no_total() -> None:
    running = changed(state="running", outcome="", told=100)
    progress = page(running).progress
    assert progress is not None
    assert progress.told is None


def test_failures_are_told_by_cause_the_most_frequent_first() -> None:
    failures = (
        Failure(1, 4711, "http-5xx", "The server answered 500.", url="https://example.org/oai?x"),
        *(Failure(n, 4711, "record-unreadable", "Not closed.", f"oai:{n}") for n in range(2, 7)),
    )
    groups = page(ENDED, *failures).groups
    assert [(group.code, group.count) for group in groups] == [
        ("record-unreadable", 5),
        ("http-5xx", 1),
    ]
    assert groups[0].samples == ("oai:2", "oai:3", "oai:4")
    assert groups[0].cause.member


def test_a_cause_is_explained_once() -> None:
    failed = changed(outcome="failed", cause="not-xml")
    assert page(failed).cause is not None
    assert page(failed, Failure(1, 4711, "not-xml", "A web page came.")).cause is None
