"""`garnery decisions` and `garnery harvest --kind sweep`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.store import open_store
from tests.cli.conftest import Hub
from tests.fakes.oai import Fake, fake_repository


@pytest.fixture
def fake() -> Iterator[Fake]:
    with fake_repository(9) as made:
        yield made


@pytest.fixture
def alarmed(hub: Hub, fake: Fake) -> Hub:
    """A hub in which three of nine records were missing from two looks."""
    hub("repository", "add", "fake", fake.url, "--allow-private-address", "--no-probe")
    assert hub("harvest", "fake", "-q").code == 0
    for name in ("r7", "r8", "r9"):
        fake.drop(name)
    hub("harvest", "fake", "--full", "-q")
    ran = hub("harvest", "fake", "--kind", "sweep", "--json")
    assert (ran.code, ran.document["kind"], ran.document["held_removals"]) == (0, "sweep", 3)
    return hub


def test_nothing_waits_at_first(sqlite_hub: Hub) -> None:
    ran = sqlite_hub("decisions")
    assert (ran.code, ran.lines) == (0, ["Nothing waits for a decision."])
    assert sqlite_hub("decisions", "--json").document == {"total": 0, "items": []}
    assert sqlite_hub("decisions", "show", "7").code == 3
    assert sqlite_hub("decisions", "approve", "7").code == 3


def test_what_waits_is_listed_and_shown_with_its_records(alarmed: Hub) -> None:
    (one,) = alarmed("decisions", "--json").document["items"]
    assert (one["decision"], one["repository"], one["state"]) == (1, "fake", "open")
    assert (one["kind"], one["grade"], one["records"], one["live"]) == ("unlisted", "stopped", 3, 9)
    shown = alarmed("decisions", "show", "1", "--json").document
    assert [s["identifier"] for s in shown["samples"]] == [
        f"oai:fake.example:r{n}" for n in (7, 8, 9)
    ]
    assert shown["deleted_record"] == "persistent"
    text = alarmed("decisions", "show", "1").out
    assert "3 of 9 records" in text
    assert "keeps deleted records for ever" in text
    assert "Title of r7" in text
    assert "fake" in alarmed("decisions").lines[1]
    assert alarmed("decisions", "--state", "approved").lines == ["Nothing waits for a decision."]


def test_the_repository_is_held_and_says_so_everywhere(alarmed: Hub) -> None:
    words = "deletion of 3 of 9 records; see garnery decisions"
    assert words in alarmed("repository", "show", "fake").out
    status = alarmed("status")
    assert status.code == 1
    assert f"fake: {words}" in status.out
    shown = alarmed("repository", "list", "--state", "held", "--json").document["items"]
    assert [(one["state"], one["held_removals"]) for one in shown] == [("held", 3)]


def test_what_was_stopped_needs_another_look_and_the_name(alarmed: Hub) -> None:
    early = alarmed("decisions", "approve", "1", "--name", "fake")
    assert early.code == 5
    assert "garnery harvest fake --kind sweep" in early.err
    assert alarmed("harvest", "fake", "--kind", "sweep", "-q").code == 0
    nameless = alarmed("decisions", "approve", "1")
    assert nameless.code == 5
    assert "--name NAME" in nameless.err
    assert alarmed("decisions", "approve", "1", "--name", "other").code == 5
    done = alarmed("decisions", "approve", "1", "--name", "fake", "--json")
    assert (done.code, done.document["state"], done.document["deleted"]) == (0, "approved", 3)
    assert alarmed("status").code == 0
    assert alarmed("decisions", "reject", "1").code == 5
    assert alarmed("records", "--state", "deleted", "--json").document["total"] == 3


def test_what_is_rejected_lives_on(alarmed: Hub) -> None:
    ran = alarmed("decisions", "reject", "1")
    assert (ran.code, ran.lines) == (0, ["The records of decision 1 live on."])
    (one,) = alarmed("decisions", "--json").document["items"]
    assert one["state"] == "rejected"
    assert one["decided_by"]
    assert alarmed("repository", "show", "fake", "--json").document["state"] == "ok"
    assert alarmed("decisions", "approve", "1", "--name", "fake").code == 5


def test_all_records_of_a_repository_are_never_deleted_by_a_decision(
    sqlite_hub: Hub, fake: Fake
) -> None:
    hub = sqlite_hub
    hub("repository", "add", "fake", fake.url, "--allow-private-address", "--no-probe")
    hub("harvest", "fake", "-q")
    for n in range(1, 10):
        fake.drop(f"r{n}")
        fake.put(f"other-{n}")
    for _ in range(4):
        hub("harvest", "fake", "--full", "-q")
    (one,) = hub("decisions", "--json").document["items"]
    assert (one["records"], one["live"], one["grade"]) == (9, 18, "stopped")
    with_all = open_store(hub.environ["GARNERY_DATABASE_URL"])
    from app.store import decisions

    number = decisions.ask(
        with_all, 1, 1, kind="unlisted", grade="stopped", live=2, reason="All of it.",
        records_=[(1, None), (2, None)],
    )  # fmt: skip
    with_all.dispose()
    ran = hub("decisions", "approve", str(number), "--name", "fake")
    assert ran.code == 5
    assert "garnery repository remove fake" in ran.err


def test_a_sweep_goes_with_no_part_of_a_list(sqlite_hub: Hub) -> None:
    assert sqlite_hub("harvest", "fake", "--kind", "sweep", "--full").code == 2
    assert sqlite_hub("harvest", "fake", "--kind", "sweep", "--set", "a").code == 2


def test_a_sweep_can_be_queued(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub("repository", "add", "fake", fake.url, "--allow-private-address", "--no-probe")
    hub("harvest", "fake", "-q")
    assert hub("harvest", "fake", "--kind", "sweep", "--queue").code == 0
    assert hub("work", "--once").code == 0
    assert hub("harvests", "--json").document["items"][0]["kind"] == "sweep"
