from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.negotiation import ANYTHING, Choice, MediaRange, Offered, choose, ranges

OFFERS = (
    Offered("html", "text/html"),
    Offered("json", "application/vnd.x+json"),
    Offered("json", "application/json"),
    Offered("xml", "application/xml"),
    Offered("citation", "text/x-bibliography"),
)


@pytest.mark.parametrize("accept", [None, "", " ", ",", ";q=1", "garbage", "*/html", "/,;;,="])
def test_who_says_nothing_readable_gets_what_is_preferred(accept: str | None) -> None:
    assert choose(accept, OFFERS) == Choice("html", "text/html")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/*", "application/vnd.x+json"),
        ("application/json", "application/json"),
        ("APPLICATION/JSON", "application/json"),
        ("text/html;q=0, */*", "application/vnd.x+json"),
        ("text/html;q=0.4, application/xml;q=.5", "application/xml"),
        ("text/*;q=0.9, text/html;q=0.1, application/xml;q=0.5", "text/x-bibliography"),
        ("application/xml;q=0.3, application/xml;q=0.9, text/html;q=0.5", "application/xml"),
        ('text/plain;x="a,b;q=1", application/xml', "application/xml"),
        ("application/xml;q=-1, application/json;q=0.1", "application/json"),
        ("application/xml;q=7, text/html", "text/html"),
    ],
)
def test_the_most_specific_range_decides_and_the_highest_quality_wins(
    accept: str, media_type: str
) -> None:
    choice = choose(accept, OFFERS)
    assert choice is not None
    assert choice.media_type == media_type


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/html;q=0", "text/turtle;q=1"])
def test_nothing_is_given_where_nothing_fits(accept: str) -> None:
    assert choose(accept, OFFERS) is None


def test_parameters_are_those_before_the_quality() -> None:
    choice = choose('text/x-bibliography; Style="apa\\"x"; q=0.5; locale=de', OFFERS)
    assert choice == Choice("citation", "text/x-bibliography", {"style": 'apa"x'})


def test_a_hundred_ranges_are_read() -> None:
    accept = ", ".join(["image/png"] * 99 + ["application/xml", "application/json"])
    assert len(ranges(accept)) == 100
    assert choose(accept, OFFERS) == Choice("xml", "application/xml")


def test_a_quote_that_does_not_end_takes_the_rest() -> None:
    assert ranges('application/xml;x="a, text/html') == (
        MediaRange("application", "xml", 1.0, {"x": "a, text/html"}),
    )
    assert ranges('"') == (ANYTHING,)


@given(st.text(max_size=200) | st.text(alphabet='ab/*,;=q."\\ 01', max_size=200))
def test_no_header_makes_an_error(accept: str) -> None:
    choice = choose(accept, OFFERS)
    assert choice is None or Offered(choice.format, choice.media_type) in OFFERS
