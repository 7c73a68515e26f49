"""Whole harvests of pages that are read in portions: as sure and as safe as those of small ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store import Store
from harvesters.answers import portions
from harvesters.runs.pipeline import harvest
from tests.fakes.faulty import SCENARIOS, FaultyRepository, judge
from tests.fakes.oai import BEGINNING, Fake
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub, quick_settings
from tests.harvesters.test_resuming import killed_at

ROOT = Path(__file__).resolve().parents[2]
DAMAGED = frozenset(
    (
        *("bom", "ctrl_chars", "surrogate_charref", "html_entity", "one_bad_byte"),
        *("utf8_as_latin1_decl", "leading_junk", "inner_xml_decl", "truncated_always", "xml_bomb"),
        *("prefix_ns", "ns_https", "error_and_records", "no_metadata", "no_header", "huge_text"),
    )
)
"""Scenarios in which it matters how a page is read."""


@pytest.fixture
def large(hub: Hub, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub for which every page is large, and whose portions have two records."""
    monkeypatch.setattr(portions, "MOST_RECORDS", 2)
    fake.page_size = 5
    hub.settings = quick_settings(spool_bytes=1)
    return hub


def test_a_page_in_portions_counts_as_one(large: Hub, fake: Fake) -> None:
    fake.sizes_told = True
    run = large.run()
    assert (run.outcome, run.counts.seen, run.counts.new, run.told) == ("complete", 9, 9, 9)
    (window,) = large.store.harvests.windows(run.id)
    assert (window.state, window.pages, window.listed) == ("closed", 2, 9)
    assert len(large.titles()) == 9
    assert len(fake.asked("ListRecords")) == 2


def test_what_is_told_of_a_harvest_does_not_depend_on_portions(hub: Hub, large: Hub) -> None:
    run = large.run()
    large.settings = quick_settings()
    again = large.run(full=True)
    assert (run.counts.seen, again.counts.seen, again.counts.unchanged) == (9, 9, 9)


@pytest.mark.parametrize("page", range(1, 6))
def test_a_kill_between_portions_loses_nothing_and_doubles_nothing(
    large: Hub, fake: Fake, page: int
) -> None:
    killed_at(large, page)
    fake.forget()
    large.settings = quick_settings(spool_bytes=1, lease=0.0)
    run = large.run(worker="next")
    assert (run.outcome, run.counts.new) == ("complete", 9)
    assert len(large.titles()) == 9
    (window,) = large.store.harvests.windows(run.id)
    assert (window.state, window.listed) == ("closed", 9)


def test_a_stop_between_portions_moves_no_window(large: Hub, fake: Fake) -> None:
    run = large.run(limit=2)
    assert (run.outcome, run.counts.seen) == ("incomplete", 2)
    (window,) = large.store.harvests.windows(run.id)
    assert (window.state, window.pages, window.listed, window.token) == ("open", 0, 0, "")


def test_the_newest_of_two_versions_in_different_portions_stays(large: Hub, fake: Fake) -> None:
    def doubled(asked: Asked, reply: Reply) -> Reply:
        if b"<ListRecords>" not in reply.body or b"Title of r1<" not in reply.body:
            return reply
        old = fake.record(fake.items["oai:fake.example:r1"], "oai_dc").replace("2026", "2025")
        old = old.replace("Title of r1", "Former title")
        end = b"</record><resumptionToken"
        return Reply(
            reply.body.replace(end, b"</record>" + old.encode() + b"<resumptionToken"),
            headers=reply.headers,
        )

    fake.spoil = doubled
    assert large.run().outcome == "complete"
    assert large.titles()["r1"] == "Title of r1"


def test_a_list_that_leads_round_is_told_by_the_whole_page(large: Hub, fake: Fake) -> None:
    def round_again(asked: Asked, reply: Reply) -> Reply:
        body = reply.body
        parts = asked.arguments.get("resumptionToken", "").split("|")
        bounded = "from" in asked.arguments or "until" in asked.arguments or any(parts[4:6])
        if b"<ListRecords>" in body and b"<resumptionToken>" not in body and not bounded:
            first = b"<resumptionToken>0|ListRecords|oai_dc||||</resumptionToken></ListRecords>"
            body = body.replace(b"<resumptionToken/>", b"").replace(b"</ListRecords>", first)
        return Reply(body, headers=reply.headers)

    fake.spoil = round_again
    run = large.run()
    assert len(large.titles()) == 9
    assert "page-repeated" in large.causes(run)


def test_a_damaged_record_of_a_large_page_is_set_aside_by_name(large: Hub, fake: Fake) -> None:
    fake.put("r4", metadata="<m><b></m>", stamp=BEGINNING)
    run = large.run()
    assert run.outcome == "complete-with-quarantine"
    assert large.set_aside() == {"r4": "record-unreadable"}
    assert len(large.titles()) == 8


def test_a_record_beyond_the_cap_is_set_aside_by_name(large: Hub, fake: Fake) -> None:
    fake.put("r4", title="long " * 20_000)
    large.settings = quick_settings(spool_bytes=1, max_record_bytes=50_000)
    run = large.run()
    assert (run.outcome, len(large.titles())) == ("complete-with-quarantine", 8)
    assert large.set_aside() == {"r4": "record-unreadable"}


@pytest.fixture(scope="module")
def faulty() -> Iterator[FaultyRepository]:
    with FaultyRepository() as url_of:
        yield url_of


@pytest.mark.parametrize("name", sorted(DAMAGED & set(SCENARIOS)))
def test_a_misbehaving_repository_with_large_pages_is_harvested_or_reported(
    sqlite_store: Store, faulty: FaultyRepository, name: str
) -> None:
    settings = quick_settings(spool_bytes=1, page_deadline=6.0, backoff_base=0.01)
    url = faulty(name)
    repository = sqlite_store.repositories.add("faulty", title=name, base_url=url, every="1d")
    run = harvest(sqlite_store, settings, "faulty", trigger="schedule", worker="test")
    live = {record.identifier: record.summary.title for record, _ in sqlite_store.records.iterate()}
    aside = [record.identifier for record in sqlite_store.records.quarantined(repository.id)]
    expect = SCENARIOS[name].expect
    verdict = judge(expect, outcome=run.outcome, live=live, quarantined=aside)
    assert verdict == "OK", run.sentence
    told = sqlite_store.harvests.failures(run.id)
    repairs = {f.sentence.partition(":")[0] for f in told if f.cause == "repaired"}
    assert set(expect.repairs) <= repairs


def test_a_full_disk_is_the_cause_of_a_run_and_the_next_one_goes_on(large: Hub) -> None:
    large.settings = quick_settings(spool_bytes=1, spool_folder="/nowhere/at/all")
    run = large.run()
    assert (run.outcome, run.cause) == ("failed", "disk-full")
    assert "/nowhere/at/all" in run.sentence
    large.settings = quick_settings(spool_bytes=1)
    assert large.run().outcome == "complete"


READING = """
import resource, sys
from harvesters.answers.portions import LargeList
from harvesters.transport.spooling import Spool
record = ("<record><header><identifier>oai:x:%d</identifier><datestamp>2026-01-01</datestamp>"
          "</header><metadata><m><t>{}</t><d>" + "word " * 300 + "</d></m></metadata></record>")
spool = Spool()
head = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
spool.write(head.encode())
for n in range(int(sys.argv[1])):
    spool.write((record % n).format(sys.argv[2] if n % 50 == 49 else "x").encode())
spool.write(b"</ListRecords></OAI-PMH>")
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = LargeList(spool, "ListRecords", largest=2**26)
number = sum(len(page.records) for page in found.portions(""))
print(number, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle, spool.size)
"""


@pytest.mark.parametrize("title", ["x", "&nbsp;"], ids=["sound", "damaged"])
def test_reading_a_large_page_takes_a_fraction_of_its_size_in_memory(title: str) -> None:
    command = [sys.executable, "-c", READING, "12000", title]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    number, kilobytes, size = map(int, done.stdout.split())
    assert (number, size > 19_000_000) == (12_000, True)
    assert kilobytes < 19_000
