"""Words are compared without case and marks, in any script, and stay once they are folded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.resource import Creator, Publisher, Resource, Subject, Title, Types
from app.query.folding import searchable, words
from app.query.indexing import Searched, searched


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
    for value in values:
        if words(value):
            assert f" {' '.join(words(value))} " in text


def test_no_phrase_goes_from_one_value_or_field_to_the_next() -> None:
    assert searchable(["rock fall", "alps"], [], ["…", "a\x02b"]) == [
        " rock fall | alps ", "", " | a b ",
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
    texts = (found.title, found.creator, found.publisher, found.subject, found.type)
    assert texts == (
        " rock falls | felssturze ",
        " garcia ana | van der berg jan ",
        " sample archive ",
        " geology | hazards ",
        " survey data ",
    )
    assert searched(Resource()).title == Searched().title == ""
