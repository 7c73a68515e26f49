"""What is learned of hosts, and what follows from it: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.options import RepositoryOptions
from app.settings import Harvest
from app.store.values import Host, Repository
from harvesters.transport import robots
from harvesters.transport.hosts import (
    Allowance,
    Pace,
    Unkept,
    barred,
    held_until,
    job_lock,
    learned,
    left,
    refused_again,
)

NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
HOST = Host("a.example")


def after(host: Host, *statuses: int) -> Host:
    for status in statuses:
        host = learned(host, status, None, NOW)
    return host


def repository(name: str = "a", **options: object) -> Repository:
    made = RepositoryOptions(**options)  # type: ignore[arg-type]
    return Repository(1, name, "", "https://a.example/oai", options=made)


# ── the interval ─────────────────────────────────────────────────────────────────────────────


def test_each_429_doubles_the_interval_up_to_half_a_minute() -> None:
    widths = [after(HOST, *(429,) * number).interval for number in range(1, 8)]
    assert widths == [1, 2, 4, 8, 16, 30, 30]


def test_a_hundred_quiet_requests_halve_the_interval_until_there_is_none() -> None:
    host = after(HOST, 429, 429, *(200,) * 99)
    assert (host.interval, host.quiet) == (2, 99)
    assert after(host, 200).interval == 1
    assert after(host, *(200,) * 501).interval == 0
    assert after(host, 503).quiet == 0


def test_a_host_that_wants_nothing_costs_no_write() -> None:
    assert after(HOST, 200, 404, 500) == HOST


# ── time to wait ─────────────────────────────────────────────────────────────────────────────


def test_a_time_to_wait_bars_the_host_and_is_never_shortened() -> None:
    host = learned(HOST, 503, 90.5, NOW)
    assert host.not_before == NOW + timedelta(seconds=91)
    assert learned(host, 429, 5.0, NOW).not_before == host.not_before
    assert learned(host, 404, 600.0, NOW).not_before == NOW + timedelta(seconds=600)
    assert left(host, NOW) == 91
    assert left(host, NOW + timedelta(seconds=91)) is None


def test_five_refusals_in_a_row_are_an_hour_and_each_more_is_twice_that() -> None:
    host, hours = HOST, []
    for _ in range(12):
        host = refused_again(host, NOW)
        hours.append((left(host, NOW) or 0) / 3600)
    assert hours == [0, 0, 0, 0, 1, 2, 4, 8, 16, 24, 24, 24]


def test_an_answer_ends_the_count_of_refusals() -> None:
    host = refused_again(refused_again(HOST, NOW), NOW)
    assert after(host, 503).refusals == 2
    assert after(host, 200).refusals == 0


def test_a_host_that_was_left_alone_is_trusted_again_after_twenty_answers() -> None:
    host = HOST
    for _ in range(6):
        host = refused_again(host, NOW)
    assert after(host, *(200,) * 19).refusals == 6
    assert after(host, *(200,) * 20).refusals == 0
    assert after(host, *(200,) * 19, 429, *(200,) * 19).refusals == 6


def test_waits_end_at_what_a_run_can_afford() -> None:
    allowance = Allowance(300)
    assert allowance.covers(300)
    assert not allowance.covers(301)
    allowance.spent = 700
    assert not allowance.covers(201)


def test_a_session_leaves_its_host_the_pause_it_wants() -> None:
    hosts = Unkept()
    hosts.change("a.example", lambda host: Host(host.key, crawl_delay=20.0))
    pace = Pace(Harvest(), RepositoryOptions(), hosts, pause=lambda _: None)
    with pace.turn("https://a.example/oai"):
        pass
    pace.close()
    kept = hosts.get("a.example")
    assert kept.not_before is not None
    assert 17 < (kept.not_before - datetime.now(UTC)).total_seconds() <= 21


def test_the_interval_holds_for_all_requests_of_a_host_that_agreed_to_more() -> None:
    pace = Pace(
        Harvest(minimum_interval=2.0),
        RepositoryOptions(requests_per_host=3),
        Unkept(),
        pause=lambda _: None,
    )
    assert pace.interval(HOST) == 6


# ── who may begin ────────────────────────────────────────────────────────────────────────────


def test_a_harvest_is_held_by_its_host_and_its_quiet_hours() -> None:
    assert held_until(repository(), {}, NOW) is None
    at = NOW + timedelta(hours=1)
    assert held_until(repository(), {"a.example": at}, NOW) == at
    assert held_until(repository(), {"b.example": at}, NOW) is None
    quiet = repository(quiet_hours="22:00-06:00")
    assert held_until(quiet, {"a.example": at}, NOW) == datetime(2026, 11, 25, 6, tzinfo=UTC)


def test_repositories_of_one_host_share_its_locks() -> None:
    assert {job_lock(repository(f"r{n}")) for n in range(30)} == {"a.example"}
    locks = {job_lock(repository(f"r{n}", requests_per_host=3)) for n in range(30)}
    assert locks == {"a.example", "a.example 2", "a.example 3"}


def test_a_bar_is_kept_in_whole_seconds_never_too_early() -> None:
    until = NOW + timedelta(microseconds=1)
    assert barred(HOST, until).not_before == NOW + timedelta(seconds=1)


# ── robots.txt ───────────────────────────────────────────────────────────────────────────────

ROBOTS = b"""\xef\xbb\xbf# a comment
User-agent: *
Disallow: /            # all
Crawl-delay: 10

User-Agent: Googlebot
User-agent: Garnery/1.0
Allow: /oai$
Disallow: /oai
Disallow: /*.pdf
Crawl-Delay: 2.5
Sitemap: https://a.example/map
"""


def test_the_group_for_us_counts_before_that_for_all() -> None:
    said = robots.read(ROBOTS)
    assert said == robots.Robots("Allow: /oai$\nDisallow: /oai\nDisallow: /*.pdf", 2.5)


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("https://a.example/oai", ""),
        ("https://a.example/oai?verb=Identify", "Disallow: /oai"),
        ("https://a.example/x/y.pdf", "Disallow: /*.pdf"),
        ("https://a.example/", ""),
        ("https://a.example", ""),
    ],
)
def test_the_longest_rule_decides(url: str, rule: str) -> None:
    assert robots.forbidding(robots.read(ROBOTS).rules, url) == rule


@pytest.mark.parametrize(
    ("body", "delay"),
    [
        (b"User-agent: *\nCrawl-delay: 5", 5),
        (b"user-agent: *\r\ncrawl-delay: 3600\r\n", 60),
        (b"User-agent: *\nCrawl-delay: soon", 0),
        (b"User-agent: *\nCrawl-delay: -1", 0),
        (b"User-agent: *\nCrawl-delay: nan", 0),
        (b"User-agent: bot\nCrawl-delay: 5", 0),
        (b"Crawl-delay: 5", 0),
        (b"<html><body>404: not found</body></html>", 0),
        (bytes(range(256)) * 9, 0),
        (b"", 0),
    ],
)
def test_a_crawl_delay_is_at_most_a_minute(body: bytes, delay: float) -> None:
    assert robots.read(body).delay == delay


def test_the_better_of_two_rules_of_one_length_is_the_kind_one() -> None:
    assert robots.forbidding("Disallow: /oai\nAllow: /oai", "https://a.example/oai") == ""


def test_robots_txt_lies_at_the_root_of_its_host() -> None:
    assert robots.address("https://a.example:8443/x/oai?k=v") == "https://a.example:8443/robots.txt"
