"""How often one client may ask for pages and the API: told in words, with when to come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from app import create_app
from app.settings import Limits, Web
from app.web import limits
from app.web.clients import counted
from app.web.limits import BREATH, SPAN, Buckets, Counting, Taking
from tests.web.conftest import SETTINGS

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.web.filling import Filled

STRANGER = "203.0.113.9"
LIMITED = replace(
    SETTINGS, limits=Limits(anonymous=3, identified=6, pages=5), web=Web(trusted_proxies=0)
)


class Clock:
    """Seconds that go on only when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(filled: Filled, clock: Clock) -> FlaskClient:
    app = create_app(LIMITED, filled.store)
    app.extensions[limits.NAME] = Counting(Buckets(clock), Taking())
    return app.test_client()


def ask(client: FlaskClient, path: str, address: str = STRANGER, agent: str = "x") -> TestResponse:
    given = {"REMOTE_ADDR": address}
    return client.get(path, environ_base=given, headers={"User-Agent": agent})


def statuses(client: FlaskClient, path: str, times: int, address: str = STRANGER) -> list[int]:
    return [ask(client, path, address).status_code for _ in range(times)]


def test_who_asks_too_often_is_told_so_in_words_and_served_again_after_the_wait(
    client: FlaskClient, clock: Clock
) -> None:
    assert statuses(client, "/search?q=tide", 4) == [200, 200, 200, 429]
    refused = ask(client, "/search?q=tide")
    wait = int(refused.headers["Retry-After"])
    assert wait == SPAN / 3
    assert "one client may ask for 3 searches" in refused.text
    assert f"Come back in {wait} seconds" in refused.text
    assert refused.headers["Cache-Control"] == "no-store"
    clock.now += wait
    assert statuses(client, "/search?q=tide", 2) == [200, 429]
    clock.now += SPAN
    assert statuses(client, "/search?q=tide", 4) == [200, 200, 200, 429]


def test_programs_are_told_by_a_problem_document(client: FlaskClient) -> None:
    answers = [ask(client, "/api/v1/formats") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    told = answers[-1].get_json()
    assert told["type"].endswith("/problems/too-many-requests")
    assert str(told["retry_after"]) == answers[-1].headers["Retry-After"]
    assert answers[-1].mimetype == "application/problem+json"
    assert answers[-1].headers["Access-Control-Allow-Origin"] == "*"


def test_who_names_an_address_may_ask_more_often(client: FlaskClient) -> None:
    agent = "Reader/1 (mailto:reader@example.org)"
    answers = [ask(client, "/api/v1/formats", agent=agent) for _ in range(7)]
    assert [one.status_code for one in answers] == [200] * 6 + [429]
    path, other = "/api/v1/formats?mailto=reader@example.org", "203.0.113.10"
    assert statuses(client, path, 7, other) == [200] * 6 + [429]


def test_pages_have_a_number_of_their_own_and_files_none(client: FlaskClient) -> None:
    assert statuses(client, "/search", 4)[-1] == 429
    assert statuses(client, "/repositories", 6) == [200] * 5 + [429]
    assert statuses(client, "/favicon.ico", 9) == [200] * 9
    assert statuses(client, "/healthz", 9) == [200] * 9
    assert statuses(client, "/oai?verb=Identify", 9) == [200] * 9


def test_each_address_is_a_client_and_the_machine_itself_is_none(client: FlaskClient) -> None:
    assert statuses(client, "/search", 4)[-1] == 429
    assert statuses(client, "/search", 1, "203.0.113.10") == [200]
    assert statuses(client, "/search", 9, "127.0.0.1") == [200] * 9
    assert statuses(client, "/search", 3, "2001:db8:1:2:3::1") == [200] * 3
    assert statuses(client, "/search", 1, "2001:db8:1:2:ffff::1") == [429]


def test_no_limit_is_zero(filled: Filled) -> None:
    free = replace(SETTINGS, limits=Limits(0, 0, 0, 0))
    found = create_app(free, filled.store).test_client()
    assert statuses(found, "/search?per_page=10&facets=none", 9) == [200] * 9


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "client"),
    [
        ("203.0.113.9", [], 0, "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], 0, "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1"], 1, "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1"], 0, ""),
        ("172.17.0.1", ["198.51.100.1"], 0, ""),
        ("172.17.0.1", [], 0, "172.17.0.1"),
        ("::ffff:203.0.113.9", [], 0, "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", [], 0, "2001:db8:1:2::/64"),
        ("::1", [], 0, ""),
        ("unix:", [], 0, ""),
    ],
)
def test_whose_requests_are_counted(
    peer: str, forwarded: list[str], proxies: int, client: str
) -> None:
    assert counted(peer, forwarded, proxies) == client


def test_clients_that_are_not_seen_for_long_are_forgotten(clock: Clock) -> None:
    buckets = Buckets(clock, most=2)
    assert [buckets.ask(("a", ""), 1), buckets.ask(("a", ""), 1)] == [0, SPAN]
    assert [buckets.ask((name, ""), 1) for name in "bc"] == [0, 0]
    assert buckets.ask(("a", ""), 1) == 0


def test_a_wait_saves_up_some_requests(clock: Clock) -> None:
    buckets, key = Buckets(clock), ("a", "")
    assert [buckets.ask(key, 600) for _ in range(600)] == [0] * 600
    wait = buckets.ask(key, 600)
    assert wait == BREATH
    clock.now += wait
    assert [buckets.ask(key, 600) for _ in range(11)] == [0] * 10 + [BREATH]
