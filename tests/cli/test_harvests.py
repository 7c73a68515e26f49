from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from app import clock
from app.cli.watching import line, plain_lines
from app.record import Counts
from app.store import open_store
from harvesters.runs.progress import Progress
from tests.cli.conftest import Hub
from tests.system.source import Source

COUNTS = {"seen": 30, "new": 25, "removed": 4, "quarantined": 1}


def test_a_harvest_tells_its_sentence_and_counts(hub: Hub, member: Source) -> None:
    hub.add("m", member)
    ran = hub("harvest", "m")
    assert ran.code == 10
    assert ran.lines[0].startswith("m: ")
    assert "seen 30" in ran.lines[1]
    assert "set aside 1" in ran.lines[1]


def test_with_json_it_is_one_document_as_the_rules_have_it(hub: Hub, member: Source) -> None:
    hub.add("m", member)
    ran = hub("harvest", "m", "--json")
    found = ran.document
    assert {name: found[name] for name in COUNTS} == COUNTS
    assert (found["harvest"], found["repository"], found["kind"]) == (1, "m", "full")
    assert (found["state"], found["outcome"]) == ("ended", "complete-with-quarantine")
    assert found["failures"][0]["samples"] == ["oai:source.example.org:5"]
    assert found["failures"][0]["advice"]
    names = "sentence started ended prefix sets told unchanged changed repaired held_removals"
    needed = set(names.split()) | {"requests", "retries", "bytes", "seconds", "next", "trigger"}
    assert needed - {"told"} <= set(found)


def test_several_are_harvested_one_after_the_other_and_the_worst_decides(
    sqlite_hub: Hub, member: Source
) -> None:
    sqlite_hub.add("m", member)
    sqlite_hub(
        "repository", "add", "n", "http://127.0.0.1:9/oai", "--allow-private-address", "--no-probe"
    )
    ran = sqlite_hub("harvest", "m", "n", "--json")
    assert ran.code == 13
    assert [h["outcome"] for h in ran.document["harvests"]] == [
        "complete-with-quarantine",
        "failed",
    ]
    assert ran.document["outcome"] == "failed"


def test_a_second_harvest_reads_only_what_is_new(harvested: Hub) -> None:
    found = harvested("harvest", "m", "--json")
    assert found.document["kind"] == "incremental"
    assert found.document["new"] == 0
    full = harvested("harvest", "m", "--full", "--json")
    assert full.code == 10
    assert (full.document["kind"], full.document["new"]) == ("full", 0)


def test_a_limit_is_kept_and_never_complete(hub: Hub, member: Source) -> None:
    hub.add("m", member)
    found = hub("harvest", "m", "--limit", "12", "--json")
    assert found.code == 11
    assert found.document["seen"] == 12


def test_a_dry_run_writes_nothing(hub: Hub, member: Source) -> None:
    hub.add("m", member)
    assert hub("harvest", "m", "--dry-run", "--json").document["new"] == 25
    assert hub("records", "--state", "all").code == 1
    assert hub("harvests", "--json").document["total"] == 0


def test_queued_harvests_are_done_by_a_worker(hub: Hub, member: Source) -> None:
    hub.add("m", member)
    ran = hub("harvest", "--all", "--queue", "--json")
    assert ran.code == 0
    assert ran.document["items"][0]["state"] == "queued"
    assert hub("status").out.count("waiting 1") == 1
    assert hub("status").code == 0, "no worker ran yet that could be missed"
    store = open_store(hub.environ["GARNERY_DATABASE_URL"])
    store.hub.put("last-sign-worker", clock.text(clock.now() - timedelta(minutes=5)))
    store.dispose()
    assert hub("status").code == 1, "a worker is silent while a harvest waits"
    done = hub("work", "--once", "--json")
    assert (done.code, done.document) == (0, {"done": 1, "failed": 0, "given_up": 0})
    assert hub("harvests", "show", "1", "--json").document["trigger"] == "person"


def test_due_are_those_whose_time_has_come(sqlite_hub: Hub, member: Source) -> None:
    sqlite_hub.add("m", member)
    assert sqlite_hub("harvest", "--due").code == 10
    ran = sqlite_hub("harvest", "--due")
    assert ran.code == 0
    assert "Nothing is due" in ran.err


@pytest.mark.parametrize("words", [(), ("m", "--all"), ("--all", "--due")])
def test_what_to_harvest_is_said_in_one_way(sqlite_hub: Hub, words: tuple[str, ...]) -> None:
    assert sqlite_hub("harvest", *words).code == 2


def test_a_bad_date_is_a_usage_error(sqlite_hub: Hub) -> None:
    assert sqlite_hub("harvest", "m", "--from", "2026-02-30").code == 2


def test_harvests_are_listed_and_shown(harvested: Hub) -> None:
    assert harvested("harvests", "--json").document["total"] == 1
    assert harvested("harvests", "--outcome", "failed", "--json").document["total"] == 0
    assert harvested("harvests", "--since", "1d", "--json").document["total"] == 1
    shown = harvested("harvests", "show", "1", "--json").document
    assert shown["windows"][0]["state"] == "closed"
    text = harvested("harvests", "show", "1").out
    assert "format-unknown (1)" in text
    assert "oai:source.example.org:5" in text


def test_failures_are_listed_by_cause(harvested: Hub) -> None:
    found = harvested("harvests", "failures", "1", "--json").document
    assert found["items"][0]["identifier"] == "oai:source.example.org:5"
    assert harvested("harvests", "failures", "1", "--cause", "x", "--json").document["total"] == 0


@pytest.mark.parametrize("words", [("show", "7"), ("failures", "7"), ("stop", "7")])
def test_an_unknown_harvest_ends_with_3(sqlite_hub: Hub, words: tuple[str, ...]) -> None:
    assert sqlite_hub("harvests", *words).code == 3


def test_what_a_harvest_set_aside_is_asked_for_again(harvested: Hub) -> None:
    ran = harvested("harvests", "retry", "1", "--json")
    found = ran.document
    assert ran.code == 10
    assert (found["kind"], found["outcome"]) == ("retry", "complete-with-quarantine")
    assert (found["seen"], found["quarantined"]) == (1, 1)
    assert harvested("harvest", "m", "--kind", "retry").code == 10
    assert harvested("harvests", "retry", "99").code == 3


def test_a_harvest_that_has_ended_cannot_be_stopped(harvested: Hub) -> None:
    assert harvested("harvests", "stop", "1").code == 5


def test_plain_progress_is_a_line_every_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 4.0, 11.0, 11.0, 12.0])
    tell = plain_lines(lambda: next(moments))
    for _ in range(3):
        tell(line(Progress("m", Counts(seen=1200, new=1200), told=5000, seconds=10)), 1200, 5000)
    said = capsys.readouterr().err.splitlines()
    assert said == ["m: 1,200 of 5,000 records   120/s   +1,200 ~0 −0 !0"]


def test_progress_names_the_window_when_there_are_several() -> None:
    assert line(Progress("m", windows=3, windows_done=1)).endswith("window 2 of 3")


def test_the_requests_of_a_harvest_are_listed_and_their_answers_printed(harvested: Hub) -> None:
    found = harvested("harvests", "requests", "1", "--json").document
    lists = [one for one in found["items"] if one["verb"] == "ListRecords"]
    assert [one["records"] for one in lists] == [10, 10, 10]
    assert found["total"] > 3
    assert "garnery" not in lists[0]["arguments"]
    raw = harvested("harvests", "raw", str(lists[0]["request"])).raw
    assert len(raw) == lists[0]["bytes"]
    assert hashlib.sha256(raw).hexdigest() == lists[0]["sha256"]
    text = harvested("harvests", "requests", "1", "--limit", "2")
    assert len(text.lines) == 3
    assert "Identify" in text.lines[1]


@pytest.mark.parametrize("words", [("requests", "99"), ("raw", "99")])
def test_requests_that_are_not_there_are_not_found(sqlite_hub: Hub, words: tuple[str, str]) -> None:
    sqlite_hub("db", "upgrade")
    assert sqlite_hub("harvests", *words).code == 3
