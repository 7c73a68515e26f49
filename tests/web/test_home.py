from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.web.filling import Filled


def cards(page: str) -> dict[str, tuple[str, int]]:
    """The address and number of each card, by its words."""
    found = re.findall(
        r'<a class="card" href="([^"]*)"><strong>([\d,]+)</strong><span>([^<]*)</span>', page
    )
    return {
        words: (href.replace("&amp;", "&"), int(number.replace(",", "")))
        for href, number, words in found
    }


def entries(client: FlaskClient, address: str) -> int:
    """How many entries a list has, on all its pages."""
    number = 0
    while address:
        page = client.get(address).get_data(as_text=True)
        number += len(re.findall(r'<ol class="records">.*?</ol>', page, re.DOTALL)) and len(
            re.findall(r'<li>\s*<a href="/records/', page)
        )
        following = re.search(r'rel="next" href="([^"]*)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    return number


def test_numbers_equal_the_lists_they_lead_to(client: FlaskClient, filled: Filled) -> None:
    shown = cards(client.get("/").get_data(as_text=True))
    assert entries(client, shown["records"][0]) == shown["records"][1] == 7
    lately = shown["added in the last 30 days"]
    assert entries(client, lately[0]) == lately[1] == 8
    gone = shown["deleted and kept as tombstones"]
    assert entries(client, gone[0]) == gone[1] == 1
    listed = client.get(shown["repository"][0]).get_data(as_text=True)
    assert listed.count('<th scope="row" class="fill">') == shown["repository"][1] == 1


def test_the_home_page_says_how_to_take_everything(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "https://hub.example.org/oai" in page
    assert "verb=ListRecords" in page


def test_nothing_of_a_hidden_repository_is_shown(client: FlaskClient, filled: Filled) -> None:
    for path in ("/", "/records", "/repositories", "/harvests"):
        page = client.get(path).get_data(as_text=True)
        assert "Back Room" not in page
        assert filled.ids["secret"] not in page


def test_an_empty_hub_says_how_to_add_a_repository(empty: FlaskClient) -> None:
    assert "garnery repository add" in empty.get("/").get_data(as_text=True)


def test_every_list_of_an_empty_hub_has_its_page(empty: FlaskClient) -> None:
    for path in ("/", "/records", "/records?list=deleted", "/repositories", "/harvests"):
        assert empty.get(path).status_code == 200
