"""Every misbehaving repository, through the real pipeline into the real store, and its verdict."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from app.store import Store
from harvesters.runs.pipeline import harvest
from tests.fakes.faulty import SCENARIOS, FaultyRepository, judge
from tests.harvesters.conftest import quick_settings

SETTINGS = quick_settings(read_timeout=2.0, page_deadline=6.0, backoff_base=0.05)


@pytest.fixture(scope="module")
def faulty() -> Iterator[FaultyRepository]:
    with FaultyRepository() as url_of:
        yield url_of


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_misbehaving_repository_is_harvested_or_reported(
    store: Store, faulty: FaultyRepository, name: str
) -> None:
    url = faulty(name)
    repository = store.repositories.add("faulty", title=name, base_url=url, every="1d")
    began = time.monotonic()
    run = harvest(store, SETTINGS, "faulty", trigger="schedule", worker="test")
    assert time.monotonic() - began < 30
    live = {record.identifier: record.summary.title for record, _ in store.records.iterate()}
    aside = [record.identifier for record in store.records.quarantined(repository.id)]
    expect = SCENARIOS[name].expect
    verdict = judge(expect, outcome=run.outcome, live=live, quarantined=aside)
    assert verdict == "OK", run.sentence
    told = store.harvests.failures(run.id)
    repairs = {f.sentence.partition(":")[0] for f in told if f.cause == "repaired"}
    assert set(expect.repairs) <= repairs


@pytest.mark.parametrize("name", ["e503_seconds", "e503_date", "e429"])
def test_a_server_that_asks_to_wait_is_not_asked_within_that_time(
    sqlite_store: Store, faulty: FaultyRepository, name: str
) -> None:
    url = faulty(name)
    sqlite_store.repositories.add("faulty", title=name, base_url=url, every="1d", prefix="oai_dc")
    harvest(sqlite_store, SETTINGS, "faulty", trigger="schedule", worker="test")
    lists = [visit for visit in faulty.visits(url) if "List" in visit.query]
    least = 0.0 if name == "e503_date" else 0.95  # a date has whole seconds only
    assert lists[1].at - lists[0].at >= least


def test_requests_never_overlap(sqlite_store: Store) -> None:
    with FaultyRepository(latency=0.05) as url_of:
        url = url_of("no_metadata")
        sqlite_store.repositories.add("faulty", title="x", base_url=url, every="1d")
        harvest(sqlite_store, SETTINGS, "faulty", trigger="schedule", worker="test")
        assert {visit.in_flight for visit in url_of.visits(url)} == {1}
