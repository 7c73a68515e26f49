"""Types: every worked example, the whole word table, and totality."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.resource import Types
from app.datacite.type_codes import CODES
from app.datacite.type_columns import (
    BIBTEX,
    CSL,
    DCMI,
    EUREPO,
    RIS,
    SCHEMA_ORG,
    bibtex,
    csl,
    effective_type,
    eurepo,
    ris,
    schema_org,
)  # fmt: skip
from app.datacite.type_words import WORDS
from app.datacite.types import TypeWord, read_types, type_word, version_status
from app.datacite.vocabularies import CURRENT
from tests.shared import needs_shared

EU = "info:eu-repo/semantics/"
EXAMPLES = [
    ([f"{EU}article"], "JournalArticle", None),
    (
        [f"{EU}article", f"{EU}publishedVersion", "Peer-reviewed Article"],
        "JournalArticle",
        "Peer-reviewed Article",
    ),
    ([f"{EU}doctoralThesis", "Thesis"], "Dissertation", "Doctoral thesis"),
    (["Text", "Journal Article"], "JournalArticle", None),
    ([f"{EU}conferenceObject"], "Text", "Conference object"),
    ([f"{EU}conferenceObject", "Poster"], "Poster", None),
    (
        ["Conference or Workshop Item", "PeerReviewed"],
        "ConferencePaper",
        "Conference or Workshop Item",
    ),
    ([f"{EU}Working Paper"], "Text", "Working paper"),
    (["doc-type:masterThesis", "Text"], "Dissertation", "Master thesis"),
    (["http://purl.org/coar/resource_type/c_12cd"], "Image", "map"),
    ([f"{EU}other", "Software"], "Software", None),
    (["Dataset/Spreadsheet"], "Dataset", "Dataset/Spreadsheet"),
    (["MovingImage; Sound"], "Audiovisual", "MovingImage; Sound"),
    (["Thèse"], "Dissertation", "Thèse"),
    ([f"{EU}book", "Text", "Monografie"], "Book", "Monografie"),
    (["Text", "Interview transcript"], "Text", "Interview transcript"),
    (["Open Access", "Report"], "Report", None),
    ([f"{EU}publishedVersion"], "Other", None),
    ([f"{EU}article", "DataPaper", "Text"], "DataPaper", None),
    (["Musikhandschrift"], "Other", "Musikhandschrift"),
]


@pytest.mark.parametrize(("values", "general", "word"), EXAMPLES)
def test_a_worked_example_reads_as_written(values, general, word):
    assert read_types(values).types == Types(general, word)


LOOSE = [
    (["Book", "Thesis", "Electronic Thesis", "text"], "Dissertation", "Thesis"),
    (["Book", "Book Chapter"], "BookChapter", None),
    ([f"{EU}book", "Thesis"], "Book", None),
    (["Thesis (PhD)"], "Dissertation", "Thesis (PhD)"),
    (["Journal (On-line/Unpaginated)"], "JournalArticle", "Journal (On-line/Unpaginated)"),
    (["Article - letter to the editor"], "JournalArticle", "Article - letter to the editor"),
    (["Part of book - chapter"], "BookChapter", "Part of book - chapter"),
    (["publications:dataset"], "Dataset", "publications:dataset"),
    (["model:monograph"], "Book", "model:monograph"),
    (["urn:x:book"], "Other", "urn:x:book"),
    (["census data, and aggregate data"], "Dataset", "census data, and aggregate data"),
    (["Newsletter or Bulletin"], "Journal", "Newsletter or Bulletin"),
    (["Manuscript maps"], "Image", "Manuscript maps"),
    (["StillImages"], "Image", "StillImages"),
    (["Maps"], "Image", "Maps"),
    (["Bus"], "Other", "Bus"),
    (["lexicalConceptualResource"], "Dataset", "lexicalConceptualResource"),
    (["toolService"], "Software", "toolService"),
    (["sound recording"], "Sound", "sound recording"),
]


@pytest.mark.parametrize(("values", "general", "word"), LOOSE)
def test_the_words_of_repositories_are_read_as_they_are_meant(values, general, word):
    assert read_types(values).types == Types(general, word)


DECISIONS = [
    (f"{EU}contributionToPeriodical", "JournalArticle"),
    (f"{EU}bachelorThesis", "Dissertation"),
    (f"{EU}workingPaper", "Text"),
    (f"{EU}lecture", "Presentation"),
    ("presentation", "Presentation"),
    ("poster", "Poster"),
    ("map", "Image"),
    (f"{EU}patent", "Text"),
    ("proposal", "Text"),
    ("protocol", "Text"),
    (f"{EU}review", "Text"),
    ("lesson", "InteractiveResource"),
    ("learning object", "InteractiveResource"),
    ("http://purl.org/coar/resource_type/c_7877", "StudyRegistration"),
    ("https://purl.org/coar/resource_type/c_7877/", "StudyRegistration"),
    ("http://purl.org/coar/resource_type/c_0000", "Other"),
    ("http://purl.org/dc/dcmitype/StillImage", "Image"),
    ("https://schema.org/ScholarlyArticle", "JournalArticle"),
    ("info:eu-repo/semantics/other/dataset", "Dataset"),
    ("info:eu-repo/other/software", "Software"),
    ("info:eu-repo/semantics/Peer-reviewed%20article", "JournalArticle"),
    ("http://purl.org/ontology/bibo/Thesis", "Dissertation"),
    ("JOURNAL_ARTICLE", "JournalArticle"),
    ("master’s thesis", "Dissertation"),
    ("Text;", "Text"),
    ("Film", "Audiovisual"),
    ("PhysicalObject", "PhysicalObject"),
]


@pytest.mark.parametrize(("value", "general"), DECISIONS)
def test_a_single_value_has_its_general(value, general):
    assert read_types([value]).types.resource_type_general == general


def test_version_and_access_words_leave_the_types():
    reading = read_types([f"{EU}acceptedVersion", "Open Access", "Article"])
    assert reading.version == "accepted version"
    assert reading.access == ("Open Access",)
    assert reading.types == Types("JournalArticle", "Article")


def test_no_type_at_all_is_other_and_said_to_be_missing():
    assert read_types([]).rule == "resourceType.missing"
    assert read_types(["", "n/a"]).types == Types("Other")


def test_an_unknown_word_is_other_and_said_to_be_unknown():
    assert read_types(["Musikhandschrift"]).rule == "resourceType.unknown"


def test_a_set_speaks_only_where_no_value_does():
    assert read_types([], hints=["col_1", "driver"]).types == Types("Text")
    assert read_types([], hints=["openaire_data"]).types == Types("Dataset")
    assert read_types([], hints=["doc-type:article"]).types == Types("JournalArticle")
    assert read_types(["Book"], hints=["openaire_data"]).types == Types("Book")


def test_statuses_of_one_value_are_no_human_word():
    assert read_types(["Article", "Open Access; Published version"]).types == Types(
        "JournalArticle", "Article"
    )


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (f"{EU}publishedVersion", "published version"),
        ("http://purl.org/coar/version/c_ab4af688f83e57aa", "accepted version"),
        ("Version of Record", "published version"),
        ("http://purl.org/coar/version/c_x", None),
        ("1.0", None),
    ],
)
def test_a_version_status_has_a_label(text, label):
    assert version_status(text) == label


NAMES = {
    "COAR": "coar", "eurepo": "eurepo", "eurepo other": "eurepo-other", "DCMIType": "dcmi",
    "schema.org": "schema.org", "free text": "free", "CSL": "csl", "RIS TY": "ris",
    "BibTeX": "bibtex", "MODS typeOfResource": "mods", "MARC leader/06": "marc-leader",
    "ISO 19115 scope": "iso19115", "DataCite": "datacite", "DINI doc-type": "dini",
    "EPrints": "eprints", "figshare": "figshare", "InvenioRDM": "inveniordm",
    "Crossref": "crossref", "junii2 NIItype": "junii2", "RIOXX": "rioxx",
    "MARC genre (marcgt)": "marcgt", "EDM": "edm", "OpenAIRE resourceTypeGeneral": "openaire",
}  # fmt: skip


@needs_shared
def test_every_row_of_the_type_map_is_in_our_table(shared):
    with (shared / "datacite" / "type_map.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    wrong = []
    for row in rows:
        value = row["value"].rsplit("/", 1)[1] if row["vocabulary"] == "COAR" else row["value"]
        found = type_word(NAMES[row["vocabulary"]], value) or TypeWord()
        general, label = row["resourceTypeGeneral"], row["resourceType"]
        status = row["note"].partition(" ")[0] if general == "-" else ""
        if found != TypeWord("" if status else general, label, status):
            wrong.append((row, found))
    assert len(rows) > 900
    assert wrong == []


def test_the_tables_hold_only_terms_of_the_schema():
    for name in (*WORDS, *CODES):
        for line in {**WORDS, **CODES}[name].splitlines():
            head, colon, _ = line.partition(": ")
            if colon and not head.strip().startswith("@"):
                assert head.strip().partition(" | ")[0] in CURRENT["resourceTypeGeneral"]


@given(st.lists(st.text() | st.sampled_from(["Text", f"{EU}x", "a/b", "Book; x", f"{EU}other"])))
def test_reading_is_total_and_stays_in_the_list(values):
    reading = read_types(values)
    assert reading.types is not None
    assert reading.types.resource_type_general in CURRENT["resourceTypeGeneral"]
    assert reading.types.resource_type != ""


def test_the_columns_cover_every_general():
    generals = CURRENT["resourceTypeGeneral"]
    for column in (SCHEMA_ORG, CSL, BIBTEX, RIS):
        assert set(column) == generals
    assert set(DCMI) <= generals
    assert set(EUREPO) <= generals
    assert RIS["Report"] == "RPRT"


@pytest.mark.parametrize(
    ("word", "uri", "entry"),
    [
        ("Doctoral thesis", f"{EU}doctoralThesis", "phdthesis"),
        ("Thèse", f"{EU}doctoralThesis", "phdthesis"),
        ("Master thesis", f"{EU}masterThesis", "mastersthesis"),
        ("Bachelor thesis", f"{EU}bachelorThesis", "mastersthesis"),
        ("Master's thesis", f"{EU}masterThesis", "mastersthesis"),
        (None, None, "phdthesis"),
        ("Thesis", None, "phdthesis"),
    ],
)
def test_a_dissertation_is_exported_by_its_degree(word, uri, entry):
    types = Types("Dissertation", word)
    assert (eurepo(types), bibtex(types)) == (uri, entry)


@pytest.mark.parametrize(
    ("types", "effective"),
    [
        (Types("Text", "Journal article"), "JournalArticle"),
        (Types("Other", "Thesis"), "Dissertation"),
        (Types("Text", "Blog post"), "Text"),
        (Types("Text", "Interview transcript"), "Text"),
        (Types("Dataset", "Thesis"), "Dataset"),
        (None, "Other"),
    ],
)
def test_exports_use_the_narrower_type(types, effective):
    assert effective_type(types).resource_type_general == effective


def test_a_text_in_a_journal_counts_as_an_article():
    assert effective_type(Types("Text"), in_journal=True) == Types("JournalArticle")


def test_words_beyond_the_general_reach_the_exports():
    assert schema_org(Types("Text", "Blog post")) == "BlogPosting"
    assert csl(Types("Text", "Blog post")) == "post-weblog"
    assert schema_org(Types("Image", "Karte")) == "Map"
    assert ris(Types("Image", "map")) == "MAP"
    assert csl(Types("Image", "map")) == "map"
    assert schema_org(Types("InteractiveResource", "Website")) == "WebSite"
    assert schema_org(Types("InteractiveResource", "Lesson")) == "LearningResource"
    assert schema_org(Types("Audiovisual"), ("video/mp4",)) == "VideoObject"
    assert schema_org(Types("Audiovisual"), ("audio/mp3",)) == "MediaObject"
    assert ris(Types("Software")) == "COMP"


@given(st.text(), st.sampled_from(sorted(CURRENT["resourceTypeGeneral"])))
def test_exporting_a_type_is_total(word, general):
    types = effective_type(Types(general, word or None))
    assert schema_org(types)
    assert csl(types)
    assert bibtex(types)
    assert ris(types)
    assert eurepo(types) is None or eurepo(types).startswith(EU)
