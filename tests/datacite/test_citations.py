"""Citations as text: every worked example, types, and totality."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.citations import read_citation
from app.datacite.vocabularies import CURRENT

FIELDS = ("volume", "issue", "first_page", "last_page", "publication_year")
EXAMPLES = [
    (
        "Reports of the Example Institute 14(2), 101-133",
        "Reports of the Example Institute",
        ("14", "2", "101", "133", None),
    ),
    (
        "Journal of Examples, vol. 12, no. 3, pp. 45–67 (2008)",
        "Journal of Examples",
        ("12", "3", "45", "67", 2008),
    ),
    ("Example Letters 7 (2010): 1-5", "Example Letters", ("7", None, "1", "5", 2010)),
    ("Example Letters, 12(3), 145-67", "Example Letters", ("12", "3", "145", "167", None)),
    (
        "Zeitschrift für Beispiele, Bd. 8, Nr. 5, S. 209-228",
        "Zeitschrift für Beispiele",
        ("8", "5", "209", "228", None),
    ),
    ("J Ex 3:14", "J Ex", ("3", None, "14", None, None)),
    ("Annals of Examples 5(1-2)", "Annals of Examples", ("5", "1-2", None, None, None)),
    (
        "Example Journal; Vol 12 No 3 (2008); 45-67",
        "Example Journal",
        ("12", "3", "45", "67", 2008),
    ),
    ("Series ; 12", "Series", ("12", None, None, None, None)),
    ("Example Proceedings 2010", "Example Proceedings 2010", (None,) * 5),
    ("Example University Press, 2008", "Example University Press, 2008", (None,) * 5),
]
FURTHER = [
    ("Series, vol. 3", "Series", ("3", None, None, None, None)),
    (
        "Example Journal; Vol. 12 Núm. 3 (2008): Special issue; 45-67",
        "Example Journal",
        ("12", "3", "45", "67", 2008),
    ),
    ("Example Journal; Vol. 12 (2008)", "Example Journal", ("12", None, None, None, 2008)),
    (
        "Example Journal, vol. 12 (3), 2008, pp. 45-50",
        "Example Journal",
        ("12", "3", "45", "50", 2008),
    ),
    ("Journal of Examples, no. 5", "Journal of Examples", (None, "5", None, None, None)),
    ("Journal of Examples, Heft 5", "Journal of Examples", (None, "5", None, None, None)),
    (
        "Smith, A. B. (2010). A study of rivers. Journal of Examples, 12(3), 45-67.",
        "Journal of Examples",
        ("12", "3", "45", "67", 2010),
    ),
    (
        "In: Rivers of Exampleland, 3, e123",
        "Rivers of Exampleland",
        ("3", None, "e123", None, None),
    ),
]


@pytest.mark.parametrize(("text", "title", "values"), EXAMPLES + FURTHER)
def test_a_citation_reads_as_its_parts(text, title, values):
    item = read_citation(text, general="JournalArticle")
    assert [one.title for one in item.titles] == [title]
    assert tuple(getattr(item, field) for field in FIELDS) == values
    assert item.relation_type == "IsPublishedIn"


def test_a_citation_of_keys_is_read_by_key():
    item = read_citation(
        "ISSN=2049-3673;VOLUME=12;ISSUE=3;STARTPAGE=45;ENDPAGE=67;TITLE=Example Letters",
        general="Other",
    )
    assert item.titles[0].title == "Example Letters"
    assert tuple(getattr(item, field) for field in FIELDS) == ("12", "3", "45", "67", None)
    assert item.related_item_identifier.related_item_identifier == "2049-3673"
    assert item.related_item_type == "Journal"


@pytest.mark.parametrize(
    ("text", "general", "item_type"),
    [
        ("Example Letters 7, 1-5", "JournalArticle", "Journal"),
        ("Example Letters 7, 1-5", "DataPaper", "Journal"),
        ("Example Letters 7, 1-5", "Text", "Journal"),
        ("Rivers of Exampleland 7, 1-5", "BookChapter", "Book"),
        ("Proceedings of Examples 7, 1-5", "ConferencePaper", "ConferenceProceeding"),
        ("Example Reports 7", "Report", "Collection"),
        ("Example Reports 7", None, "Collection"),
        ("Reports of the Example Institute 14(2), 101-133", "Dissertation", "Journal"),
    ],
)
def test_the_item_has_the_type_that_fits_the_resource(text, general, item_type):
    assert read_citation(text, general=general).related_item_type == item_type


@pytest.mark.parametrize(
    ("general", "relation"), [("JournalArticle", "IsPublishedIn"), ("Dataset", "IsPartOf")]
)
def test_a_title_alone_is_a_container(general, relation):
    assert read_citation("Rivers of Exampleland", general=general).relation_type == relation


def test_an_issn_of_the_record_makes_a_journal():
    item = read_citation("Example Reports 7", general="Report", issn="2049-3673")
    assert item.related_item_type == "Journal"
    assert item.related_item_identifier.related_item_identifier_type == "ISSN"


@pytest.mark.parametrize("text", ["", "n/a", "12", "vol. 3, no. 2", "x" * 301])
def test_what_is_no_citation_and_no_title_is_none(text):
    assert read_citation(text, general="JournalArticle") is None


PIECES = [
    *(text for text, _, _ in EXAMPLES), " ", ",", ";", ":", "(", ")", "12", "2008", "vol.", "no.",
    "pp.", "-", "ISSN=", "VOLUME=", "=", "e1", "S.", "(2008):", ".",
]  # fmt: skip


@given(
    st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.sampled_from(sorted(CURRENT["resourceTypeGeneral"])),
)
def test_reading_is_total_and_gives_only_known_values(text, general):
    item = read_citation(text, general=general)
    if item is None:
        return
    assert item.related_item_type in CURRENT["resourceTypeGeneral"]
    assert item.relation_type in CURRENT["relationType"]
    assert item.titles or item.related_item_identifier
    assert all(title.title for title in item.titles)
    assert item.publication_year is None or 1000 <= item.publication_year <= 2099
    for field in FIELDS:
        assert getattr(item, field) != ""
