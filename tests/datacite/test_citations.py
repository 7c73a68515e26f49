"""Citations as text: every worked example, types, and totality."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.citations import is_reference, read_citation
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

ORDERS = [
    ("Geom. Ex. 12 (2008) 1921-1993", "Geom. Ex.", ("12", None, "1921", "1993", 2008)),
    ("Example Theory 8 (2014), no. 4, 857-893", "Example Theory", ("8", "4", "857", "893", 2014)),
    ("New J. Ex. 16 113050 (2014)", "New J. Ex.", ("16", None, "113050", None, 2014)),
    ("Ex. Rev. B 76, 060504(R) (2007)", "Ex. Rev. B", ("76", None, "060504", None, 2007)),
    ("Ex.Rev.D68:094011,2003", "Ex.Rev.", ("D68", None, "094011", None, 2003)),
    ("Ex. J. Med. 2014 Mar;12(3):45-67", "Ex. J. Med.", ("12", "3", "45", "67", 2014)),
    ("Examples Daily 1(2008)4, S. 273", "Examples Daily", ("1", "4", "273", None, 2008)),
    ("In: Bericht. - 12 (2008), H. 3, S. 45 - 67", "Bericht", ("12", "3", "45", "67", 2008)),
    ("Example Review, 2013, 87 (3), pp.33-9.", "Example Review", ("87", "3", "33", "39", 2013)),
    ("Zhurnal Primerov, 2009, № 6", "Zhurnal Primerov", (None, "6", None, None, 2009)),
    ("An. Ex. vol.72 n.2 São Exemplo June 2000", "An. Ex.", ("72", "2", None, None, 2000)),
    ("Rev. Ex. v.12 n.3 suppl.1 2001", "Rev. Ex.", ("12", "3 suppl.1", None, None, 2001)),
    (
        "Water Examples, Vol. 33, No. 12, Pages 2769-2780, December 1997",
        "Water Examples",
        ("33", "12", "2769", "2780", 1997),
    ),
    ("Ex Assoc J, v11 n4 (197508): 770-782", "Ex Assoc J", ("11", "4", "770", "782", 1975)),
    ("Examples 12, Nr. 3, 2008, S. 45-67", "Examples", ("12", "3", "45", "67", 2008)),
    ("Ex ONE; vol 8, e59284", "Ex ONE", ("8", None, "e59284", None, None)),
    ("Example ONE 8(9): e73. doi:10.5072/x.1", "Example ONE", ("8", "9", "e73", None, None)),
    ("Ex Instruments 7, P01013 (2012)", "Ex Instruments", ("7", None, "P01013", None, 2012)),
    (
        "Revista de Ejemplos; ##issue.vol## 3 ##issue.no## 5 (2018); 170-178",
        "Revista de Ejemplos",
        ("3", "5", "170", "178", 2018),
    ),
    ("Journal (ISSN 2049-3673), 12(3), 45-67", "Journal", ("12", "3", "45", "67", None)),
    ("Band. 2 February 1934", "Band. 2 February 1934", (None,) * 5),
    ("PDX 3.0", "PDX 3.0", (None,) * 5),
    ("Map 2471", "Map 2471", (None,) * 5),
]


@pytest.mark.parametrize(("text", "title", "values"), EXAMPLES + FURTHER + ORDERS)
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


def test_a_chapter_stands_in_its_book():
    text = "In: Sounds of the Harbour. Example Press, pp. 45-67. ISBN 978-3-16-148410-0"
    item = read_citation(text, general="BookChapter")
    assert (item.related_item_type, item.titles[0].title) == ("Book", "Sounds of the Harbour")
    assert (item.first_page, item.last_page, item.publisher) == ("45", "67", "Example Press")
    assert item.related_item_identifier.related_item_identifier == "9783161484100"


def test_a_reference_has_authors_a_year_and_a_title_of_its_own():
    assert is_reference("Roe J (2007) Mutation in toys. Example Genomics 8(10): R226.")
    assert not is_reference("Nouvelles pratiques ; vol. 13 no. 1 (2000)")


PIECES = [
    *(text for text, _, _ in EXAMPLES + ORDERS), " ", ",", ";", ":", "(", ")", "12", "2008",
    "vol.", "no.",
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
