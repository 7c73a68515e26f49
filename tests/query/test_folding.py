"""Words are compared without case and marks, in any script, and stay once they are folded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.resource import Creator, Publisher, Resource, Subject, Title, Types
from app.query.folding import searchable, words
from app.query.indexing import TEXTS, Searched, bounded, searched
from app.query.terms import GAP


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Rock-Fall: O'Neill", "rock fall o neill"),
        ("Straße Łódź Ærø Øre", "strasse lodz aero ore"),
        ("Ünïcode ﬁne ２０２０", "unicode fine 2020"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("地震学", "地震 震学"),
        ("GPS地震a", "gps 地震 a"),
        ("が", "が"),
        ("한국어", "한국 국어"),
        ("a\x00b\x01c\x1fd_e", "a b c d e"),
        ("& — !", ""),
    ],
)
def test_case_marks_and_punctuation_go(text: str, folded: str) -> None:
    assert " ".join(words(text)) == folded


@given(st.text())
def test_folded_words_stay_as_they_are(text: str) -> None:
    folded = words(text)
    assert words(" ".join(folded)) == folded
    assert not any(set(word) & set(' "()*:-|%_\\\0') for word in folded)


@given(st.lists(st.text(max_size=9), max_size=4))
def test_a_searchable_text_holds_the_words_of_each_value_in_order(values: list[str]) -> None:
    (text,) = searchable(values)
    given = [" ".join(words(value)) for value in values if value]
    assert [part.strip() for part in text.split(GAP)] == (given or [""])


@given(st.text(st.characters(min_codepoint=0x80, max_codepoint=0x2E7F) | st.characters()))
def test_a_text_is_folded_alike_whatever_script_stands_beside_it(text: str) -> None:
    assert words(f"{text} 地 Ω") == [*words(text), "地", "ω"]
    assert words(f"{text} Ω") == [*words(text), "ω"]


@pytest.mark.parametrize("first", range(0x80, 0x3000, 0x100))
def test_each_character_is_folded_alike_whatever_script_stands_beside_it(first: int) -> None:
    for character in map(chr, range(first, first + 0x100)):
        text = f"E{character}a {character}"
        assert words(f"{text} 地") == [*words(text), "地"]


def test_no_phrase_goes_from_one_value_or_field_to_the_next() -> None:
    assert searchable(["rock fall", "alps"], [], ["…", "a\x02b"]) == [
        "rock fall _ alps", "", "_ a b",
    ]  # fmt: skip
    assert searchable([], ["", "&"]) == ["", ""]


def test_a_resource_is_found_by_all_its_titles_names_and_subjects() -> None:
    resource = Resource(
        titles=(Title("Rock falls"), Title("Felsstürze", lang="de")),
        creators=(Creator("Garcia, Ana"), Creator("Van der Berg, Jan")),
        publisher=Publisher("Sample Archive"),
        subjects=(Subject("geology"), Subject("hazards")),
        types=Types("Dataset", "Survey data"),
    )
    found = searched(resource)
    assert dict(zip(TEXTS, found.texts, strict=True)) == dict.fromkeys(TEXTS, "") | {
        "title": "rock falls _ felssturze",
        "creator": "garcia ana _ van der berg jan",
        "publisher": "sample archive",
        "subject": "geology _ hazards",
        "type": "survey data",
    }
    assert searched(Resource()).texts == Searched().texts == ("",) * len(TEXTS)


def test_words_too_long_too_often_or_too_many_leave_a_gap() -> None:
    long, often = "x" * 101, "a b " * 300
    assert bounded(["a", long, f"b {long} c"]) == ("a", "x" * 100, f"b {'x' * 100} c")
    assert bounded([often])[0].split() == [*["a", "b"] * 255, *"__" * 45]
    assert bounded([" ".join(map(str, range(300)))])[0] == " ".join(map(str, range(300)))
    assert len(bounded([" ".join(map(str, range(13_000)))])[0].split(" ")) == 12_000
    found = bounded([" ".join(["x" * 99] * 200)] * 30)
    assert {word for text in found for word in text.split()} == {"x" * 99}
    assert 400_000 - 100 < sum(map(len, found)) <= 400_000
