"""The page for those who want everything: its numbers are lists, its sets a tree with an end."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from app import create_app
from app.store.search.stocktaking import take
from app.store.tables import sets
from app.web import data, set_tree
from app.web.kept_number import KeptNumbers
from tests.web.conftest import SETTINGS
from tests.web.filling import change
from tests.web.samples import ARTICLE, DATASET

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from app.store import Store
    from tests.web.filling import Filled

NUMBER = re.compile(r'<a[^>]*href="(/search[^"]*)"[^>]*data-count="(\d+)"')
LISTED = re.compile(r"<h1>([\d,]+) records?")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests may count slowly."""
    monkeypatch.setattr(data, "COUNTING_SECONDS", 60.0)


def test_each_number_is_that_of_the_list_it_leads_to(client: FlaskClient) -> None:
    page = client.get("/data").text
    found = [(html.unescape(href), int(number)) for href, number in NUMBER.findall(page)]
    assert len(found) >= 3 + 3 + 4
    for href, number in found:
        listed = LISTED.search(client.get(href).text)
        assert listed, href
        assert int(listed[1].replace(",", "")) == number, href


def test_what_was_added_and_removed_lately_is_told(client: FlaskClient, filled: Filled) -> None:
    page = client.get("/data").text
    cards = dict(re.findall(r'data-count="(\d+)"><strong>[\d,]+</strong><span>(\w+) in the', page))
    told = {word: int(number) for number, word in cards.items()}
    assert told.get("removed") == 1
    assert told.get("added") == sum(
        1 for name in filled.ids if name not in ("gone", "unread", "secret")
    )


def test_the_sets_of_a_member_stand_below_it(client: FlaskClient) -> None:
    page = client.get("/data").text
    tree = page.partition('id="sets"')[2].partition('id="api"')[0]
    assert tree.index("<code>member</code>") < tree.index("<code>member:tideland</code>")
    assert "member:backroom" not in tree
    assert 'href="/data/sets?below=member%3Atideland"' in tree
    below = client.get("/data/sets?below=member:tideland").text
    assert "<code>member:tideland:a</code>" in below
    assert "<code>member:tideland:a:b</code>" in below
    assert "metadataPrefix=oai_datacite&amp;set=member:tideland:a:b</a>" in below
    assert client.get("/data/sets?below=member:tideland:a:b").status_code == 404
    assert client.get("/data/sets?below=%00").status_code == 404


def test_it_says_what_one_can_rely_on(client: FlaskClient) -> None:
    page = client.get("/data").text
    for said in (
        "https://hub.example.org/oai", "curl &#39;", "from sickle import", "metha-sync",
        "https://hub.example.org/api/v1", "/api/v1/openapi.json", "format=atom", "/scholix/v3/",
        "publicdomain/zero", "told for ever", "when the record changed here", "250 records",
        "3,000 requests a minute", "hub@example.org",
    ):  # fmt: skip
        assert said in page, said


@pytest.fixture
def crowded(store: Store) -> FlaskClient:
    """A member with ten thousand sets, in names as long as they may be."""
    member = store.repositories.add("m", title="M", base_url="https://m.org/oai", every="1d")
    store.records.apply(member.id, None, "", [change("m", "one", DATASET)])
    tail = "x" * 150
    rows = [
        {"spec": f"member:m:{n:05}{tail}", "name": f"{n} &", "repository_id": member.id}
        for n in range(10_000)
    ]
    with store.database.write() as connection:
        connection.execute(insert(sets).values(used=True), rows)
    take(store.database)
    store.records.apply(member.id, None, "", [change("m", "two", ARTICLE)])
    return create_app(SETTINGS, store).test_client()


def test_ten_thousand_sets_are_reached_by_light_pages(crowded: FlaskClient) -> None:
    page = crowded.get("/data")
    assert len(page.data) <= 100_000
    assert "<strong>2</strong><span>added in the last 7 days" in page.text
    path, seen, pages = "/data/sets?below=member:m", set[str](), 0
    while path and pages < 3:
        answer = crowded.get(path)
        assert len(answer.data) <= 100_000
        seen |= set(re.findall(r"<code>(member:m:\d{5})", answer.text))
        found = re.search(r'rel="next" href="([^"]+)"', answer.text)
        path, pages = html.unescape(found[1]) if found else "", pages + 1
    assert f"member:m:{len(seen) - 2:05}" in seen
    assert len(seen) > 60
    last = crowded.get(f"/data/sets?below=member:m&after=member:m:09990{'x' * 150}").text
    assert 'rel="next"' not in last
    assert "member:m:09999" in last


def test_each_set_stands_in_one_part_of_the_tree() -> None:
    specs = ["a", "a:b", "a:b:c", "a:d", "e", *(f"a:b:{n}" for n in range(10))]
    found = set_tree.family(reversed(specs))
    assert (found.below["a"], found.below["a:b"]) == (13, 11)
    room = set_tree.Room(1, 3, 4)
    first = set_tree.part(found, room, below="a")
    assert first.specs == ("a:b",)
    assert first.inside == {"a:b": ("a:b:0", "a:b:1", "a:b:2")}
    second = set_tree.part(found, room, below="a", after=first.next)
    assert (second.specs, second.next) == (("a:d",), "")


def test_numbers_that_are_not_counted_in_time_are_left_out() -> None:
    asked: list[str] = []

    def count(name: str) -> int:
        asked.append(name)
        return len(name)

    kept = KeptNumbers(count)
    assert kept.of(["one", "four"], 0.0) == {}
    assert kept.of(["one", "four"], 5.0) == {"one": 3, "four": 4}
    assert kept.of(["one"], 5.0) == {"one": 3}
    assert asked == ["one", "four"]
