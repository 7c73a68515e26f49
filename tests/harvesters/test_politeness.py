"""Hosts as they want to be asked: through whole harvests, other repositories, other processes."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from app import clock
from app.options import RepositoryOptions
from app.store import Store, open_store
from app.store.values import Host
from harvesters import scheduler
from harvesters.runs.pipeline import harvest
from harvesters.transport.addresses import host_key
from tests.fakes.oai import Fake, fake_repository
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub, quick_settings

SPAWN = multiprocessing.get_context("spawn")


def refuse(fake: Fake, status: int, *headers: tuple[str, str], verb: str = "ListRecords") -> None:
    """Let the fake answer a verb so from now on."""

    def spoil(asked: Asked, reply: Reply) -> Reply:
        wanted = asked.arguments.get("verb") == verb
        return Reply(b"busy", status, headers) if wanted else reply

    fake.spoil = spoil


def host(hub: Hub) -> Host:
    return hub.store.hosts.get(host_key(hub.url))


def in_hours(at: datetime | None, store: Store) -> float:
    assert at is not None
    return (at - store.now()).total_seconds() / 3600


# ── Retry-After ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [429, 503, 422, 404, 500])
def test_a_wait_of_a_day_is_kept_and_obeyed_by_everyone(hub: Hub, fake: Fake, status: int) -> None:
    refuse(fake, status, ("Retry-After", "86400"))
    run = hub.run()
    assert (run.outcome, run.cause) == ("deferred", "asked-to-wait")
    assert 24 <= in_hours(hub.repository.next_harvest_at, hub.store) <= 26.5
    assert 23.9 < in_hours(host(hub).not_before, hub.store) <= 24.01
    fake.forget()
    again = open_store(hub.store.url)  # as after a restart
    hub.store.repositories.add("sister", title="x", base_url=f"{hub.url}2", every="1d")
    for name in ("fake", "sister"):
        later = harvest(again, hub.settings, name, trigger="person", worker="other")
        assert (later.outcome, later.cause) == ("deferred", "asked-to-wait")
        assert "asked not to be asked again before" in later.sentence
    again.dispose()
    assert fake.script.asked == []


def test_the_scheduler_begins_nothing_on_a_host_that_asked_to_wait(hub: Hub) -> None:
    store, now = hub.store, hub.store.now()
    store.repositories.edit("fake", next_harvest_at=now - timedelta(minutes=1))
    until = now.replace(microsecond=0) + timedelta(hours=3)
    store.hosts.change(host_key(hub.url), lambda one: Host(one.key, not_before=until))
    assert scheduler.submit_due(store) == ()
    at = hub.repository.next_harvest_at
    assert at is not None
    assert until <= at <= until + timedelta(minutes=18)
    assert store.jobs.counts() == {}


def test_a_short_wait_is_waited_out_also_as_a_date_and_on_a_redirect(
    sqlite_hub: Hub, fake: Fake
) -> None:
    told: list[str] = []

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("verb") != "Identify" or "moved" in asked.target:
            return reply
        soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        told.append(soon)
        return Reply(b"", 302, (("Location", f"/oai?moved=1&{asked.query}"), ("Retry-After", soon)))

    fake.spoil = spoil
    assert sqlite_hub.run().outcome == "complete"
    first, second = fake.requests[:2]
    assert len(told) == 1
    assert second.at - first.at >= 0.9  # a date has whole seconds only


def test_an_answer_that_is_whole_is_taken_and_the_wait_beside_it_kept(hub: Hub, fake: Fake) -> None:
    def spoil(asked: Asked, reply: Reply) -> Reply:
        if "resumptionToken" in asked.arguments:
            return replace(reply, status=503, headers=(*reply.headers, ("Retry-After", "7200")))
        return reply

    fake.spoil = spoil
    run = hub.run()
    assert (run.outcome, run.counts.new) == ("deferred", 6)
    assert len(fake.asked("ListRecords")) == 2


@pytest.mark.parametrize("value", ["-1", "soon", "Tue, 24 Nov 2020 12:00:00 GMT", ""])
def test_a_wait_that_says_nothing_counts_as_absent(sqlite_hub: Hub, fake: Fake, value: str) -> None:
    refuse(fake, 503, ("Retry-After", value))
    sqlite_hub.settings = quick_settings(attempts=1)
    run = sqlite_hub.run()
    assert run.outcome == "deferred"
    assert host(sqlite_hub).refusals == 1


def test_refusals_without_a_time_to_wait_grow_from_hours_to_a_day(hub: Hub, fake: Fake) -> None:
    refuse(fake, 429)
    key = host_key(hub.url)
    hub.settings = quick_settings(attempts=1)
    hub.store.hosts.change(key, lambda one: Host(one.key, refusals=5))
    found = []
    for _ in range(3):
        assert hub.run().outcome == "deferred"
        known = host(hub)
        found.append(round(in_hours(known.not_before, hub.store)))
        hub.store.hosts.change(key, lambda one: Host(one.key, refusals=one.refusals))
    assert found == [2, 4, 8]


def test_an_interval_that_was_learned_is_kept_for_the_next_run(hub: Hub, fake: Fake) -> None:
    refuse(fake, 429)
    hub.settings = quick_settings(attempts=1)
    hub.run()
    assert host(hub).interval == 1


# ── refused ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "headers", "cause"),
    [
        (401, (), "http-401"),
        (403, (), "http-403"),
        (403, (("Cf-Mitigated", "challenge"),), "blocked"),
        (202, (), "blocked"),
        (200, (("x-amzn-waf-action", "challenge"),), "blocked"),
    ],
)
def test_who_is_refused_asks_no_more_in_that_run_and_again_in_a_day(
    sqlite_hub: Hub, fake: Fake, status: int, headers: tuple[tuple[str, str], ...], cause: str
) -> None:
    fake.spoil = lambda _, __: Reply(b"" if status == 202 else b"<html/>", status, headers)
    run = sqlite_hub.run()
    assert (run.outcome, run.cause) == ("failed", cause)
    assert len(fake.requests) == 1
    assert 23.9 < in_hours(sqlite_hub.repository.next_harvest_at, sqlite_hub.store) < 24.1


@pytest.mark.parametrize("status", [400, 404, 422, 500])
def test_no_records_is_read_whatever_its_status(sqlite_hub: Hub, fake: Fake, status: int) -> None:
    sqlite_hub.run()

    def spoil(asked: Asked, reply: Reply) -> Reply:
        empty = asked.arguments.get("verb") == "ListRecords"
        return replace(reply, status=status) if empty else reply

    fake.spoil = spoil
    run = sqlite_hub.run()
    assert (run.outcome, run.cause) == ("complete", "no-records")


# ── robots.txt ───────────────────────────────────────────────────────────────────────────────


def robots_asked(fake: Fake) -> int:
    return sum(one.path == "/robots.txt" for one in fake.script.asked)


def test_robots_txt_is_read_once_a_day_and_its_delay_obeyed(hub: Hub, fake: Fake) -> None:
    fake.robots = b"User-agent: *\nCrawl-delay: 0.3\nDisallow: /oai"
    assert hub.run().outcome == "complete"
    assert hub.run().outcome == "complete"
    assert robots_asked(fake) == 1
    times = [one.at for one in fake.script.asked]
    assert min(b - a for a, b in pairwise(times)) >= 0.29
    key = host_key(hub.url)
    known = host(hub)
    assert (known.crawl_delay, known.robots) == (0.3, "Disallow: /oai")
    fake.robots = b""
    yesterday = hub.store.now() - timedelta(hours=25)
    hub.store.hosts.change(key, lambda one: Host(one.key, robots="x", robots_at=yesterday))
    hub.run()
    assert robots_asked(fake) == 2
    assert (host(hub).robots, host(hub).crawl_delay) == ("", 0)


def test_what_robots_txt_forbids_is_asked_unless_that_is_set(sqlite_hub: Hub, fake: Fake) -> None:
    fake.robots = b"User-agent: *\nDisallow: /oai"
    options = RepositoryOptions(obey_robots=True)
    sqlite_hub.store.repositories.edit("fake", options=options)
    run = sqlite_hub.run()
    assert (run.outcome, run.cause) == ("failed", "robots-forbidden")
    assert "Disallow: /oai" in run.sentence
    assert fake.requests == []


def test_a_robots_txt_that_is_not_to_be_had_stops_nothing(sqlite_hub: Hub, fake: Fake) -> None:
    answer = type(fake).__call__

    def drop(asked: Asked) -> Reply:
        return Reply(hang_up=True) if asked.path == "/robots.txt" else answer(fake, asked)

    from tests.fakes.scripted import scripted

    with scripted(drop) as script:
        sqlite_hub.store.repositories.edit("fake", base_url=script.url)
        assert sqlite_hub.run().outcome == "complete"


# ── quiet hours ──────────────────────────────────────────────────────────────────────────────


def quiet_from(now: datetime) -> RepositoryOptions:
    begin, end = now - timedelta(minutes=1), now + timedelta(hours=2)
    return RepositoryOptions(quiet_hours=f"{begin:%H:%M}-{end:%H:%M}")


def test_in_quiet_hours_nothing_is_asked_and_nothing_begins(hub: Hub, fake: Fake) -> None:
    now = hub.store.now()
    hub.store.repositories.edit(
        "fake", options=quiet_from(now), next_harvest_at=now - timedelta(minutes=1)
    )
    assert scheduler.submit_due(hub.store) == ()
    assert 1.9 < in_hours(hub.repository.next_harvest_at, hub.store) < 2.3
    run = hub.run()
    assert (run.outcome, run.cause) == ("deferred", "quiet-hours")
    assert 1.9 < in_hours(hub.repository.next_harvest_at, hub.store) < 2.3
    assert fake.script.asked == []


def test_a_harvest_ends_at_its_next_page_when_quiet_hours_begin(
    hub: Hub, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = hub.store.now()
    begin, end = now + timedelta(hours=1), now + timedelta(hours=3)
    options = RepositoryOptions(quiet_hours=f"{begin:%H:%M}-{end:%H:%M}")
    hub.store.repositories.edit("fake", options=options)

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if "resumptionToken" in asked.arguments:  # an hour passes
            monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1, minutes=1))
        return reply

    fake.spoil = spoil
    run = hub.run()
    assert (run.outcome, run.cause, run.counts.new) == ("deferred", "quiet-hours", 6)
    assert len(fake.asked("ListRecords")) == 2


# ── one request at a time ────────────────────────────────────────────────────────────────────


def harvest_in_a_process(database: str, name: str) -> str:
    store = open_store(database)
    try:
        return harvest(store, quick_settings(), name, trigger="person", worker=name).outcome
    finally:
        store.dispose()


@contextmanager
def slow_fake(number: int) -> Iterator[Fake]:
    """A fake whose answers take a moment, so that requests which overlap are seen."""
    with fake_repository(number) as fake:
        wait = threading.Event().wait

        def spoil(_: Asked, reply: Reply) -> Reply:
            wait(0.02)
            return reply

        fake.spoil = spoil
        yield fake


def join_two(store: Store, url: str, **options: Any) -> tuple[str, str]:
    for name in ("one", "two"):
        store.repositories.add(
            name, title=name, base_url=url, every="1d", prefix="oai_dc",
            options=RepositoryOptions(**options),
        )  # fmt: skip
    return "one", "two"


def test_two_repositories_of_one_host_in_two_processes_never_ask_at_once(store: Store) -> None:
    with slow_fake(18) as fake:
        work = [(store.url, name) for name in join_two(store, fake.url)]
        with SPAWN.Pool(2) as pool:
            outcomes = pool.starmap_async(harvest_in_a_process, work, chunksize=1).get(120)
        assert outcomes == ["complete"] * 2
        assert fake.most_at_once == 1


def test_a_host_that_agreed_is_asked_by_two_at_once(sqlite_store: Store) -> None:
    together = threading.Barrier(2)
    with fake_repository(9) as fake:

        def meet(asked: Asked, reply: Reply) -> Reply:
            if asked.arguments.get("verb") == "Identify":
                together.wait(30)  # each waits for the other: they are under way at once
            return reply

        fake.spoil = meet
        names = join_two(sqlite_store, fake.url, requests_per_host=2)
        run = partial(harvest, sqlite_store, quick_settings(), trigger="person", worker="w")
        threads = [threading.Thread(target=run, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert fake.most_at_once == 2
    assert {one.outcome for one in sqlite_store.harvests.list()} == {"complete"}
