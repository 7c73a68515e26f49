from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.web.filling import Filled


def cards(page: str) -> dict[str, tuple[str, int]]:
    """The address and number of each card, by its words."""
    found = re.findall(
        r'<a class="card" href="([^"]*)"[^>]*><strong>([\d,]+)</strong><span>([^<]*)</span>', page
    )
    return {
        words: (href.replace("&amp;", "&"), int(number.replace(",", "")))
        for href, number, words in found
    }


def entries(client: FlaskClient, address: str) -> int:
    """How many entries a list says it has."""
    (number,) = re.findall(r"<h1[^>]*>([0-9,]+) ", client.get(address).get_data(as_text=True))
    return int(number.replace(",", ""))


def test_numbers_equal_the_lists_they_lead_to(client: FlaskClient, filled: Filled) -> None:
    shown = cards(client.get("/").get_data(as_text=True))
    assert entries(client, shown["records"][0]) == shown["records"][1] == 7
    lately = shown["added in the last 30 days"]
    assert entries(client, lately[0]) == lately[1]
    linked = shown["links between records"]
    assert entries(client, linked[0]) == linked[1]
    listed = client.get(shown["repository"][0]).get_data(as_text=True)
    assert listed.count('<th scope="row" class="fill">') == shown["repository"][1] == 1


def test_the_home_page_has_its_parts_and_nothing_else(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    main = page.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r"<h[1-6][^>]*>([^<]+)<", main) == [
        "Hub of Tests", "Repositories", "What you can do here",
    ]  # fmt: skip
    first = re.findall(r"<(input|a|button)\b[^>]*", main)
    assert first[0] == "input"
    assert re.findall(r'<a href="/help/(\w+)"', main) == [
        "researchers", "repositories", "aggregators",
    ]  # fmt: skip
    assert len(cards(page)) == 4


def test_nothing_of_a_hidden_repository_is_shown(client: FlaskClient, filled: Filled) -> None:
    for path in ("/", "/records", "/repositories", "/harvests"):
        page = client.get(path).get_data(as_text=True)
        assert "Back Room" not in page
        assert filled.ids["secret"] not in page


def test_an_empty_hub_says_nought_and_keeps_its_commands_to_itself(empty: FlaskClient) -> None:
    page = empty.get("/").get_data(as_text=True)
    assert [number for _, number in cards(page).values()] == [0, 0, 0, 0]
    assert "garnery " not in page.partition("<main")[2].partition("</main>")[0]


def test_every_list_of_an_empty_hub_has_its_page(empty: FlaskClient) -> None:
    for path in ("/", "/records", "/records?list=deleted", "/repositories", "/harvests"):
        assert empty.get(path, follow_redirects=True).status_code == 200
