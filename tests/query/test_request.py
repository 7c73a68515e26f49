"""The parameters of a search: one reading, one canonical query, links that lose nothing."""

from __future__ import annotations

import random
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query import Doi, Fault, Identifier, Query, parse, written
from app.query.cursors import Cursor, digest, seal, unseal
from app.query.request import (
    FACETS,
    FILTERS,
    Request,
    Wrong,
    identifier_of,
    person_or_organisation,
    read,
)

VALUES: dict[str, tuple[str, ...]] = {
    "repository": ("reef", "tundra-2"),
    "type": ("Dataset", "dataset", "Text"),
    "year": ("2020", "1999"),
    "license": ("CC-BY-4.0", "other", "none"),
    "access": ("open", "metadata-only", "none"),
    "language": ("en", "pt-BR", "none"),
    "subject": ("Rock Fall", "Älps", "地震学"),
    "creator": ("0000-0001-5109-3700", "https://orcid.org/0000-0002-1825-0097"),
    "funder": ("Ice Fund", "https://doi.org/10.13039/501100000780"),
    "affiliation": ("05gq02987", "https://ror.org/05gq02987"),
    "linked": ("references", "data", "none"),
    "object": ("yes", "no"),
    "schema": ("4.3", "none"),
    "quality": ("high", "low"),
    "state": ("live", "deleted"),
    "set": ("member:reef", "type:Dataset"),
    "year_from": ("2000",),
    "year_to": ("2030",),
    "updated_from": ("2026-01-01", "2026-01-01T00:00:00Z"),
    "updated_until": ("2026-02-01",),
    "first_seen": ("2026", "2026-02", "2026-02-03"),
    "copies": ("preferred", "all"),
}
QUERIES = ("", "rock", "rock OR fall", '-"rock fall" title:roc*', "10.5072/a", "year:2000..", "a:b")


def asked(*pairs: tuple[str, str], strict: bool = False) -> Request:
    found = read(pairs, strict=strict)
    assert isinstance(found, Request), found
    return found


def some_pairs(chance: random.Random) -> list[tuple[str, str]]:
    pairs = [("q", chance.choice(QUERIES))]
    for name in chance.sample([*FACETS, *FILTERS], chance.randint(0, 5)):
        most = 2 if name in FACETS else 1
        pairs += [
            (name, value) for value in chance.sample(VALUES[name], min(most, len(VALUES[name])))
        ]
    return pairs


def test_every_search_is_one_query_that_reads_back_as_itself() -> None:
    chance = random.Random(1)
    for _ in range(300):
        request = asked(*some_pairs(chance), strict=True)
        found = parse(request.canonical)
        assert isinstance(found, Query), request.canonical
        assert found.tree == request.tree, request.canonical
        assert written(found.tree) == request.canonical


def test_equal_searches_have_one_text() -> None:
    one = asked(("type", "dataset"), ("creator", "https://orcid.org/0000-0001-5109-3700"))
    other = asked(("creator", "0000-0001-5109-3700"), ("type", "Dataset"))
    assert one.canonical == other.canonical
    assert one.canonical == "type:Dataset creator:=0000-0001-5109-3700 copies:preferred"
    assert asked(("copies", "all"), ("q", "rock")).canonical == "rock"
    assert asked(("q", "rock copies:all")).canonical == "rock copies:all"


def test_links_carry_all_other_parameters() -> None:
    chance = random.Random(2)
    for _ in range(200):
        pairs = [*some_pairs(chance), ("sort", "title"), ("per_page", "50"), ("more", "subject"),
                 ("cursor", "abc"), ("facets", "all")]  # fmt: skip
        request = asked(*pairs)
        again = asked(*parse_qsl(urlencode(request.parameters())))
        assert (again.canonical, again.chosen) == (request.canonical, request.chosen)
        assert (again.sort, again.per_page, again.more) == ("title", 50, ("subject",))
        assert again.cursor == ""
        changed = dict(request.parameters(sort="updated", more=None))
        assert changed["sort"] == "updated"
        assert "more" not in changed


def test_choosing_and_leaving_out() -> None:
    request = asked(("q", "rock"), ("type", "Dataset"), ("type", "Text"), ("year", "2020"))
    assert request.values("type") == ("Dataset", "Text")
    assert request.toggled("type", "Text").values("type") == ("Dataset",)
    assert request.toggled("type", "Text").toggled("type", "Dataset").values("type") == ()
    assert request.replacing("type", "Image").values("type") == ("Image",)
    assert request.without("type").values("year") == ("2020",)
    assert request.selected == ("type", "year")


@pytest.mark.parametrize(
    ("pairs", "sort"),
    [
        ((("q", "rock"),), "relevance"),
        ((("q", ""),), "-updated"),
        ((("q", "-rock"),), "-updated"),
        ((("q", "10.5072/a"),), "-updated"),
        ((("q", "rock"), ("sort", "title")), "title"),
        ((("sort", "relevance"),), "-updated"),
        ((("sort", "nothing"),), "-updated"),
    ],
)
def test_the_order_that_holds(pairs: tuple[tuple[str, str], ...], sort: str) -> None:
    assert asked(*pairs).sort == sort


def test_pages_pass_over_what_programs_are_told_of() -> None:
    for pairs, parameter, nearest in (
        ([("licence", "x")], "licence", "license"),
        ([("sort", "titel")], "sort", "title"),
        ([("quality", "best")], "quality", ""),
        ([("year", "20x9")], "year", ""),
        ([("year_from", "20")], "year_from", ""),
        ([("per_page", "5000")], "per_page", ""),
        ([("state", "lively")], "state", "live"),
        ([("set", "a"), ("set", "b")], "set", ""),
        ([("facets", "typ")], "facets", "type"),
        ([("updated_from", "2026-13-01")], "updated_from", ""),
    ):
        found = read(pairs, strict=True)
        assert isinstance(found, Wrong), pairs
        assert (found.parameter, found.nearest) == (parameter, nearest)
        assert found.message
        assert isinstance(read(pairs), Request)
    assert asked(("quality", "best")).values("quality") == ("best",)


def test_a_fault_of_the_query_is_told_with_its_place() -> None:
    found = read([("q", 'title:"rock fall')])
    assert isinstance(found, Wrong)
    assert (found.parameter, found.position) == ("q", 7)
    found = read([("q", "x " * 501)])
    assert isinstance(found, Wrong)
    assert found.position == 1001


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10.5072/ABC", Doi("10.5072/abc")),
        ("https://doi.org/10.5072/abc", Doi("10.5072/abc")),
        ("20.500.1234/67", Identifier("20.500.1234/67")),
        ("arXiv:2101.00001", Identifier("arXiv:2101.00001")),
        ("oai:reef:1", Identifier("oai:reef:1")),
        ("doi:10.5072/*", None),
        ("rock", None),
        ("12345678", None),
        ("10.5072/a rock", None),
        ("0000-0001-5109-3700", None),
    ],
)
def test_a_query_that_is_an_identifier(text: str, wanted: Doi | Identifier | None) -> None:
    assert identifier_of(asked(("q", text))) == wanted
    assert identifier_of(asked(("q", text), ("type", "Dataset"))) is None


def test_people_and_organisations_are_facets() -> None:
    person = person_or_organisation(asked(("q", "https://orcid.org/0000-0001-5109-3700")))
    assert person == ("creator", "0000-0001-5109-3700")
    place = person_or_organisation(asked(("q", "https://ror.org/05gq02987")))
    assert place == ("affiliation", "05gq02987")
    assert person_or_organisation(asked(("q", "rock"))) is None


def test_a_search_is_a_set() -> None:
    gone = asked(("q", "rock"), ("state", "deleted"))
    assert gone.set_query == asked(("q", "rock")).set_query
    assert asked(("q", "rock"), ("copies", "all")).set_query == "rock"


@given(st.binary(max_size=60), st.text(max_size=40))
def test_cursors_are_ours_or_nothing(key: bytes, text: str) -> None:
    cursor = Cursor(1, digest("rock"), "title", False, (text, 7), 26, 400)
    sealed = seal(cursor, key + b"k")
    assert unseal(sealed, key + b"k") == cursor
    assert unseal(sealed, key) is None
    assert unseal(text, key) is None


def test_any_text_is_a_search_or_a_fault() -> None:
    """A hundred thousand of them passed, too; these are as many as a test has time for."""
    chance = random.Random(3)
    signs = ' ()"-*:=.AOND19xé地/&%' + "\x00\ud800\u0130"
    starts = ("", "year:", "creator:=", "subject:=", "id:", "orcid:", "has:", "funder:", "title:")
    for number in range(10_000):
        text = starts[number % len(starts)] + "".join(chance.choices(signs, k=number % 12))
        found = parse(text)
        if isinstance(found, Fault):
            assert 1 <= found.position <= max(1, len(text))
        elif number % 50 == 0:
            again = parse(written(found.tree))
            assert isinstance(again, Query), (text, written(found.tree))
            assert again.tree == found.tree, text
