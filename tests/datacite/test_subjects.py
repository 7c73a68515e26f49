"""Subjects: the worked examples, and totality."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.resource import Subject
from app.datacite.subjects import read_subject
from app.datacite.uris import uri

LCSH = "http://id.loc.gov/authorities/subjects/sh00000000"
EXAMPLES = [
    ("hydrology; sediment; bed load", ["hydrology", "sediment", "bed load"]),
    ("rivers, lakes, deltas, estuaries", ["rivers", "lakes", "deltas", "estuaries"]),
    ("Rivers, lakes", ["Rivers, lakes"]),
    ("one | two", ["one", "two"]),
    ("one\ntwo", ["one", "two"]),
    ("Earth::Water::Rivers", ["Earth::Water::Rivers"]),
    ("A long phrase of words, b, c, d", ["A long phrase of words, b, c, d"]),
    ("We saw rivers, lakes, deltas, estuaries.", ["We saw rivers, lakes, deltas, estuaries."]),
    ("rivers; rivers;", ["rivers"]),
    ("Rivers -- Exampleland -- History", ["Rivers -- Exampleland -- History"]),
    ("History: a short view", ["History: a short view"]),
    ("570 Life sciences; biology", ["570 Life sciences; biology"]),
    ("Houston, Henry, II, 1895-1918", ["Houston, Henry, II, 1895-1918"]),
    ("Gay, Lesbian, Bisexual, and Other Studies", ["Gay, Lesbian, Bisexual, and Other Studies"]),
    ("photographs; Lower\n Example; war", ["photographs", "Lower Example", "war"]),
    ("[\nPHYS\n] \nPhysics/Waves", ["[PHYS] Physics/Waves"]),
    ("--", []),
    ("rvk:--", []),
    ("n/a", []),
    ("", []),
]
SCHEMES = [
    ("info:eu-repo/classification/ddc/550", "550", "DDC"),
    ("info:eu-repo/classification/ddc/641", "641", "DDC"),
    ("info:eu-repo/classification/xyz/1", "1", "xyz"),
    ("MeSH::Rivers", "Rivers", "MeSH"),
    ("MeSH: Rivers", "Rivers", "MeSH"),
    ("ddc:550", "550", "DDC"),
    ("DDC 550", "550", "DDC"),
    ("DDC::550 Earth sciences", "550 Earth sciences", "DDC"),
    ("LCC: QH", "QH", "LCC"),
    ("msc:35Q30", "35Q30", "MSC"),
    ("JEL: Q25", "Q25", "JEL"),
    ("scheme=ABR-complex; code=NX; value=Settlement, any;", "Settlement, any", "ABR-complex"),
]


@pytest.mark.parametrize(("text", "subjects"), EXAMPLES)
def test_a_text_is_parted_into_its_keywords(text, subjects):
    assert list(read_subject(text)) == [Subject(subject) for subject in subjects]


@pytest.mark.parametrize(("text", "subject", "scheme"), SCHEMES)
def test_a_scheme_in_front_is_taken_off(text, subject, scheme):
    assert read_subject(text) == (Subject(subject, scheme),)


def test_codes_of_one_scheme_are_several_subjects():
    assert read_subject("JEL: Q25, Q26") == (Subject("Q25", "JEL"), Subject("Q26", "JEL"))


def test_a_uri_without_a_word_is_its_own_subject():
    assert read_subject(LCSH) == (Subject(LCSH, value_uri=LCSH),)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("http://vocabulary.example.org/terms#River", "River"),
        ("http://vocabulary.example.org/River_delta", "River delta"),
        ("https://vocabulary.example.org/c_4711", "https://vocabulary.example.org/c_4711"),
    ],
)
def test_a_uri_gives_its_last_word(text, subject):
    assert read_subject(text) == (Subject(subject, value_uri=text),)


PIECES = [
    *(text for text, _ in EXAMPLES), *(text for text, _, _ in SCHEMES), LCSH, ";", ",", "::", " | ",
    "\n", "#", "urn:", "http://", "%00", "&lt;",
]  # fmt: skip


@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_reading_is_total_and_leaves_no_empty_subject(text):
    for subject in read_subject(text):
        assert subject.subject
        assert subject.subject_scheme != ""
        assert subject.value_uri is None or uri(subject.value_uri) == subject.value_uri
