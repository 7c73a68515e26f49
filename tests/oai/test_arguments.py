"""Reading and judging arguments."""

from __future__ import annotations

import pytest

from app.oai import arguments
from app.oai.errors import BAD_ARGUMENT, BAD_VERB, Fault, OaiErrors

LIST = ("verb", "ListRecords"), ("metadataPrefix", "oai_dc")


def faults(*pairs: tuple[str, str]) -> tuple[Fault, ...]:
    with pytest.raises(OaiErrors) as raised:
        arguments.judge(pairs)
    return raised.value.faults


def codes(*pairs: tuple[str, str]) -> list[str]:
    return [fault.code for fault in faults(*pairs)]


@pytest.mark.parametrize(
    ("raw", "pairs"),
    [
        (b"", []),
        (b"a=1&b=2", [("a", "1"), ("b", "2")]),
        (b"b=2&a=1", [("b", "2"), ("a", "1")]),
        (b"a=1&a=1", [("a", "1"), ("a", "1")]),
        (b"&&a=1&", [("a", "1")]),
        (b"a", [("a", "")]),
        (b"a=", [("a", "")]),
        (b"=x", [("", "x")]),
        (b"a=b=c", [("a", "b=c")]),
        (b"a=b;c=d", [("a", "b;c=d")]),
        (b"a=x+y", [("a", "x y")]),
        (b"a=x%2By", [("a", "x+y")]),
        (b"a=%253C", [("a", "%3C")]),
        (b"%61=%C3%A9", [("a", "é")]),
        (b"a=\xc3\xa9", [("a", "é")]),
        (b"a=%zz", [("a", "%zz")]),
    ],
)
def test_a_query_is_read_as_pairs(raw: bytes, pairs: list[tuple[str, str]]) -> None:
    assert arguments.read(raw) == pairs


def test_query_and_body_are_one_list() -> None:
    assert arguments.read(b"verb=Identify", b"verb=Identify") == [("verb", "Identify")] * 2


def test_bytes_that_are_no_utf8_are_a_bad_argument() -> None:
    pairs = arguments.read(b"verb=GetRecord&metadataPrefix=oai_dc&identifier=%ff%fe%80")
    assert codes(*pairs) == [BAD_ARGUMENT]


@pytest.mark.parametrize(
    "pairs",
    [
        (),
        (("verb", ""),),
        (("verb", "identify"),),
        (("verb", "Nope"), ("from", "junk")),
        (("verb", "Identify"), ("verb", "Identify")),
        (("verb", "Identify"), ("verb", "ListSets")),
        (("Verb", "Identify"),),
        (("verb", "Identify\n"),),
    ],
)
def test_a_verb_that_is_missing_unknown_or_repeated_is_badverb_alone(
    pairs: tuple[tuple[str, str], ...],
) -> None:
    assert codes(*pairs) == [BAD_VERB]


@pytest.mark.parametrize(
    ("pairs", "count"),
    [
        ((("verb", "Identify"), ("foo", "bar")), 1),
        ((*LIST, ("identifier", "x:y")), 1),
        ((*LIST, ("FROM", "2020-01-01")), 1),
        ((("verb", "ListRecords"),), 1),
        ((("verb", "GetRecord"),), 2),
        ((*LIST, ("metadataPrefix", "oai_dc")), 1),
        ((("verb", "ListRecords"), ("bogus", "1"), ("from", "junk")), 3),
        ((("verb", "ListRecords"), ("resumptionToken", "junk"), ("until", "2020-01-01")), 1),
        ((*LIST, ("resumptionToken", "junk")), 1),
        ((("verb", "ListSets"), ("set", "x")), 1),
        ((("verb", "GetRecord"), ("resumptionToken", "x")), 3),
        ((*LIST, ("from", "2021-01-02"), ("until", "2021-01-01")), 1),
        ((*LIST, ("from", "2020-01-01"), ("until", "2020-01-02T00:00:00Z")), 1),
        ((*LIST, ("set", "a b")), 1),
        ((*LIST, ("set", "a:")), 1),
        ((*LIST, ("set", "")), 1),
        ((("verb", "ListRecords"), ("metadataPrefix", "")), 1),
        ((("verb", "ListRecords"), ("metadataPrefix", "a/b")), 1),
        ((("verb", "ListRecords"), ("metadataPrefix", "oai_dc\n")), 1),
        ((("verb", "ListMetadataFormats"), ("identifier", "")), 1),
    ],
)
def test_every_fault_of_the_arguments_is_reported(
    pairs: tuple[tuple[str, str], ...], count: int
) -> None:
    assert codes(*pairs) == [BAD_ARGUMENT] * count


def test_faults_say_what_would_be_right_and_repeat_little() -> None:
    (fault,) = faults(*LIST, ("from", "x" * 500))
    assert "YYYY-MM-DD" in fault.text
    assert "x" * 79 in fault.text
    assert "x" * 81 not in fault.text


def test_a_flood_of_faults_is_cut_and_says_so() -> None:
    many = faults(("verb", "Identify"), *((f"a{n}", "") for n in range(20_000)))
    assert len(many) == arguments.MOST_FAULTS + 1
    assert "further" in many[-1].text


def test_an_empty_token_is_left_to_the_judgement_of_tokens() -> None:
    request = arguments.judge((("verb", "ListSets"), ("resumptionToken", "")))
    assert request.token == ""


def test_a_good_request_keeps_its_arguments_and_means_whole_days() -> None:
    pairs = (*LIST, ("from", "1970-01-02"), ("until", "1970-01-02"), ("set", "member:a"))
    request = arguments.judge(pairs)
    assert (request.from_, request.until) == (86_400, 2 * 86_400 - 1)
    assert request.set_spec == "member:a"
    assert tuple(arguments.echo(request)) == pairs


def test_from_may_equal_until() -> None:
    moment = "2020-02-29T12:00:00Z"
    request = arguments.judge((*LIST, ("from", moment), ("until", moment)))
    assert request.from_ == request.until


@pytest.mark.parametrize("text", ["junk", "10.1234/5", "a b:c", "oai:x.org:%zz", "x:y#z", ":x"])
def test_what_is_no_uri_is_a_bad_identifier(text: str) -> None:
    pairs = ("verb", "GetRecord"), ("metadataPrefix", "oai_dc"), ("identifier", text)
    assert codes(*pairs) == [BAD_ARGUMENT]


@pytest.mark.parametrize(
    ("set_spec", "place"),
    [
        ("q:!!!", "1"),
        ("q:YWI!", "4"),
        ("q:YWJ", "3"),
        ("q:YWJjZ", "5"),
        ("q:IA", "1"),
        ("q:_w", "1"),
    ],
)
def test_a_search_that_cannot_be_decoded_is_refused_with_the_place(
    set_spec: str, place: str
) -> None:
    (fault,) = faults(*LIST, ("set", set_spec))
    assert fault.code == BAD_ARGUMENT
    assert f"character {place}." in fault.text


def test_a_search_as_a_set_passes_as_it_is() -> None:
    assert arguments.judge((*LIST, ("set", "q:cGluZQ"))).set_spec == "q:cGluZQ"


def test_a_long_search_is_judged_at_once() -> None:
    assert codes(*LIST, ("set", "q:" + "A" * 1_000_000 + "!")) == [BAD_ARGUMENT]
