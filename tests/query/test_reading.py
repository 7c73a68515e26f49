"""The search language: any text is a tree or a fault with its place, and prints to one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query import (
    And,
    Days,
    Doi,
    Exact,
    Fault,
    Identifier,
    Node,
    Not,
    Or,
    Query,
    Words,
    Years,
    parse,
    written,
)
from app.query.reading import MOST_DEPTH, MOST_IDENTIFIERS, MOST_TERMS


def tree(text: str) -> Node:
    found = parse(text)
    assert isinstance(found, Query), (text, found)
    return found.tree


def word(text: str, field: str = "") -> Words:
    return Words(field, (text,))


ROCK, FALL, ALPS = word("rock"), word("fall"), word("alps")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Rock", ROCK),
        ("rock fall", And((ROCK, FALL))),
        ("rock AND fall", And((ROCK, FALL))),
        ("rock OR fall alps", Or((ROCK, And((FALL, ALPS))))),
        ("(rock OR fall) alps", And((Or((ROCK, FALL)), ALPS))),
        ("rock -fall", And((ROCK, Not(FALL)))),
        ("NOT (rock fall)", Not(And((ROCK, FALL)))),
        ("-(-rock)", ROCK),
        ("rock rock (rock)", ROCK),
        ("or not and", And((word("or"), word("not"), word("and")))),
        ('"rock fall"', Words("", ("rock", "fall"))),
        ("rock-fall", Words("", ("rock", "fall"))),
        ("roc*", Words("", ("roc",), open=True)),
        ("title:roc*", Words("title", ("roc",), open=True)),
        ("Author:García", word("garcia", "creator")),
        ("title:(rock OR -fall)", Or((word("rock", "title"), Not(word("fall", "title"))))),
        ("rock & fall", And((ROCK, FALL))),
        ("title: rock", And((word("title"), ROCK))),
        ("year:2010..2015", Years(2010, 2015)),
        ("year:..1999", Years(None, 1999)),
        ("year:2020", Years(2020, 2020)),
        ("year:(2020 OR 2022..)", Or((Years(2020, 2020), Years(2022, None)))),
        ("updated:2026-01-01..", Days("updated", "2026-01-01", "")),
        ("first_seen:2026-02", Days("first_seen", "2026-02", "2026-02")),
        ("type:dataset", Exact("type", "Dataset")),
        ('type:"survey data"', Words("type", ("survey", "data"))),
        ("set:member:a:b", Exact("set", "member:a:b")),
        ("10.5072/X:y", Doi("10.5072/x:y")),
        ("https://doi.org/10.5072/ABC", Doi("10.5072/abc")),
        ("doi:10.5072/*", Doi("10.5072/", open=True)),
        ('doi:"10.5072/ab*"', Doi("10.5072/ab*")),
        ("(10.5072/a OR 10.5072/b)", Or((Doi("10.5072/a"), Doi("10.5072/b")))),
        ("10.1002/(SICI)1(2/3)17:15", Doi("10.1002/(sici)1(2/3)17:15")),
        ("oai:x.org:1", Identifier("oai:x.org:1")),
        ('id:"a ""b"" (c)"', Identifier('a "b" (c)')),
        ("has:creators.orcid", Exact("has", "creators.orcid")),
    ],
)
def test_a_query_is_read(text: str, wanted: Node) -> None:
    assert tree(text) == wanted


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ('title:"rock fall', 7, "The quotation mark is not closed. Add one at the end, or remove"),
        ("(rock fall", 1, "The bracket is not closed."),
        ("rock)", 5, "There is no opening bracket for this one."),
        ("rock OR", 6, "OR needs a word after it."),
        ("OR rock", 1, "OR needs a word before it."),
        ("rock AND OR fall", 6, "AND needs a word after it."),
        ("AND rock", 1, "AND needs a word before it."),
        ("year:20x9", 6, "A year has four digits, or a range such as 2010..2015."),
        ("year:..", 6, "A year has four digits, or a range such as 2010..2015."),
        ("year:2015..2010", 6, "The range ends before it begins."),
        ("ro*", 3, "A star needs at least three characters before it."),
        ("*rock", 1, "A star may stand at the end of a word only."),
        ("updated:2026-13-01..", 9, "That is not a date."),
        ("updated:2026-02-30", 9, "That is not a date."),
        ("-", 1, "NOT needs a word after it."),
        ("rock NOT", 6, "NOT needs a word after it."),
        ("- rock", 1, "NOT needs a word after it."),
        ("a ()", 3, "There is nothing in this bracket."),
        ("  ", 1, "There is no word to look for."),
        ("…", 1, "There is no word to look for."),
        ("a title:(b year:2020)", 12, "A field cannot stand inside the brackets of another one."),
        ("title:-rock", 7, "The minus stands before the field: -title:…"),
        ("doi:rock", 5, "That is not a DOI"),
        ("state:gone", 7, "A state is one of live, deleted"),
        ("repository:Reef", 12, "A repository is named by its short name"),
        ("problem:nothing", 9, "There is no such rule"),
    ],
)
def test_a_fault_names_its_place(text: str, position: int, message: str) -> None:
    found = parse(text)
    assert isinstance(found, Fault), found
    assert found.position == position
    assert found.message.startswith(message)


def test_a_field_that_is_not_offered_is_refused_by_name() -> None:
    found = parse("rock description:deep", ("title", "year"))
    assert found == Fault(
        6, "The field description cannot be searched here yet; there are title, year."
    )


def test_a_word_before_a_colon_that_is_no_field_is_text_and_said_to_be() -> None:
    found = parse("gromacs:fast")
    assert found == Query(
        Words("", ("gromacs", "fast")),
        ("“gromacs” is not a field, so it was searched as text.",),
    )


def test_what_would_be_too_much_is_refused_at_its_place() -> None:
    dois = " OR ".join(f"10.5072/{n}" for n in range(MOST_IDENTIFIERS))
    assert isinstance(parse(dois), Query)
    assert isinstance(parse(f"{dois} OR 10.5072/x"), Fault)
    apart = parse(dois.replace(" OR ", " "))
    assert apart == Fault(1, "Many identifiers can be asked for only with OR between all of them.")
    assert isinstance(parse("rock -" + dois.replace(" OR ", " -")), Query)
    words = " ".join(f"w{n}" for n in range(MOST_TERMS))
    assert isinstance(parse(words), Query)
    fault = parse(f"{words} more")
    assert isinstance(fault, Fault)
    assert fault.position == len(words) + 2
    fault = parse("(" * 100_000)
    assert isinstance(fault, Fault)
    assert fault.position == MOST_DEPTH + 1
    assert isinstance(parse('"' + "a " * 200_000 + '"'), Fault)
    assert isinstance(parse("-(" * 10 + "a" + ")" * 10), Query)


PIECES = st.sampled_from(
    [
        *'()"*-:.& \t', "AND", "OR", "NOT", "rock", "Ünï", "地震学", "title:", "year:", "type:",
        "doi:", "id:", "set:", "updated:", "state:live", "2010", "..", "2015-02-03", "10.5072/a",
        "10.1002/(a)b", "oai:x:1", "https://doi.org/10.5072/%22", "&quot;", "%", '""', "gromacs:",
    ]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join)))
def test_any_text_is_a_tree_that_prints_and_reads_alike_or_a_fault_inside_it(text: str) -> None:
    found = parse(text)
    if isinstance(found, Fault):
        assert 1 <= found.position <= max(1, len(text))
        assert found.message
    else:
        assert tree(written(found.tree)) == found.tree
        assert written(tree(written(found.tree))) == written(found.tree)
