"""BibTeX: keys, names and escapes to the letter; what is written, bibtexparser reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bibtexparser
import pytest
from bibtexparser.model import Entry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pylatexenc.latex2text import LatexNodes2Text

from app.crosswalks import bibtex, exporting
from app.datacite.resource import (
    Creator,
    Date,
    RelatedItem,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)
from tests.crosswalks.exports import fixture, fixtures, name
from tests.datacite.strategies import PLAIN, resources

FREELY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
PERSON = "Personal"
GARCIA = Creator("García, Ana", PERSON, None, "Ana", "García")
ROCK = replace(PLAIN, creators=(GARCIA,), titles=(Title("On rock falls"),), publication_year=2021)


def entries(data: bytes) -> list[Entry]:
    """What a reader that is not ours makes of a file, none of it refused."""
    found = bibtexparser.parse_string(data.decode())
    assert found.failed_blocks == []
    assert len(found.blocks) == len(found.entries)
    return found.entries


def fields(resource: Resource) -> dict[str, Any]:
    """The fields of a record's entry, as they stand in the file."""
    (entry,) = entries(bibtex.write(resource))
    return {field.key: field.value for field in entry.fields}


def text(value: str) -> str:
    """What LaTeX prints for a field; accents that stand alone are spelt in many ways."""
    return LatexNodes2Text().latex_to_text(value).replace("ˆ", "^")


# ── a reader that is not ours ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", fixtures(), ids=name)
def test_fixtures_keep_what_matters(path: Path) -> None:
    resource = fixture(path)
    found = fields(resource)
    title = found.get("title", "{}").removeprefix("{").removesuffix("}")
    assert title == bibtex.escape(exporting.main_title(resource))
    if "textbrace" not in title:  # which this reader does not know
        assert text(title).replace(" ", "") == exporting.main_title(resource).replace(" ", "")
    assert found.get("year", "") == exporting.year(resource)
    assert found.get("doi") == resource.doi
    creators = exporting.named(resource.creators)
    assert len(found["author"].split(" and ") if creators else ()) >= len(creators)
    for creator in creators:
        assert bibtex.escape(creator.family_name or creator.name) in found["author"]
    for licence in exporting.licences(resource):
        assert bibtex.escape(licence) in found["copyright"]


@FREELY
@given(resources())
def test_any_resource_is_one_entry(resource: Resource) -> None:
    (entry,) = entries(bibtex.write(resource))
    assert entry.key == bibtex.key(resource)
    title = exporting.main_title(resource)
    assert entry.fields_dict["title"].value == f"{{{bibtex.escape(title)}}}" if title else True


@FREELY
@given(st.lists(resources(), max_size=4))
def test_any_resources_are_as_many_entries_with_different_keys(several: list[Resource]) -> None:
    found = entries(bibtex.write_all(several))
    assert len({entry.key for entry in found}) == len(several)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("creator", "title", "key"),
    [
        (GARCIA, "On rock falls", "garcia2021rock"),
        (Creator("van der Berg, J", PERSON, None, "J", "van der Berg"), "A b", "vanderberg2021"),
        (Creator("The Example Group", "Organizational"), "Dürre im Tal", "the2021durre"),
        (Creator("Ørsted-Łoś, Ægir", PERSON, None, "Ægir", "Ørsted-Łoś"), "A", "orstedlos2021"),
        (Creator("Straße", PERSON), "It’s 3D-printed", "strasse2021printed"),
        (Creator("李, 明", PERSON, None, "明", "李"), "Rocks", "2021rocks"),
        (Creator("李, 明", PERSON, None, "明", "李"), "地震目录", "2021105072ex4711"),
        (Creator(":unkn"), "<i> 1234 5678", "2021105072ex4711"),
    ],
)  # fmt: skip
def test_a_key_is_name_year_and_word(creator: Creator, title: str, key: str) -> None:
    assert bibtex.key(replace(ROCK, creators=(creator,), titles=(Title(title),))) == key


def test_a_record_of_nothing_has_a_key() -> None:
    assert bibtex.write(Resource()) == b"@misc{record\n}\n"


def test_keys_are_unique_inside_one_file() -> None:
    other = replace(ROCK, titles=(Title("On rocka"),))
    found = entries(bibtex.write_all([ROCK, ROCK, other, ROCK, ROCK]))
    assert [entry.key for entry in found] == [
        "garcia2021rock", "garcia2021rocka", "garcia2021rockaa", "garcia2021rockb",
        "garcia2021rockc",
    ]  # fmt: skip


def test_keys_stay_unique_behind_the_last_letter() -> None:
    found = entries(bibtex.write_all([ROCK] * 60))
    assert len({entry.key for entry in found}) == 60


# ── fields ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("creator", "author"),
    [
        (GARCIA, "García, Ana"),
        (Creator("Roe, Jane", PERSON), "Roe, Jane"),
        (Creator("Roe, Jane"), "{Roe, Jane}"),
        (Creator("Plato", PERSON), "Plato"),
        (Creator("Jane Roe", PERSON), "{Jane Roe}"),
        (Creator("Smith and Sons", "Organizational"), "{Smith and Sons}"),
        (Creator("Ash and Oak, Ivy", PERSON, None, "Ivy", "Ash and Oak"), "{Ash and Oak}, Ivy"),
        (Creator("King, Max, Jr.", PERSON, None, "Max, Jr.", "King"), "King, {Max, Jr.}"),
        (Creator("R&D {Lab", "Organizational"), r"{R\&D \textbraceleft{}Lab}"),
    ],
)
def test_names_cannot_be_parted_or_turned(creator: Creator, author: str) -> None:
    found = bibtex.write(replace(PLAIN, creators=(creator, GARCIA))).decode()
    assert f"  author = {{{author} and García, Ana}}," in found


def test_an_organisation_alone_stands_in_double_braces() -> None:
    found = bibtex.write(replace(PLAIN, creators=(Creator("DataCite", "Organizational"),)))
    assert b"  author = {{DataCite}},\n" in found


def test_what_latex_would_take_for_an_instruction_is_escaped() -> None:
    assert bibtex.escape(r"\ { } $ & # % _ ^ ~") == (
        r"\textbackslash{} \{ \} \$ \& \# \% \_ \textasciicircum{} \textasciitilde{}"
    )
    assert bibtex.escape("a } b { c") == r"a \textbraceright{} b \textbraceleft{} c"
    assert bibtex.escape("Grüße, 地震<br>zwei") == "Grüße, 地震 zwei"


def test_identifiers_are_not_escaped() -> None:
    odd = replace(PLAIN, doi="10.5072/a_b%c#d&e", url="https://example.org/a_b?c=%20&d={e")
    found = fields(odd)
    assert found["doi"] == "10.5072/a_b%c#d&e"
    assert found["url"] == "https://example.org/a_b?c=%20&d=%7Be"


@pytest.mark.parametrize(
    ("general", "told", "form", "field"),
    [
        ("JournalArticle", None, "article", "journal"),
        ("BookChapter", None, "incollection", "booktitle"),
        ("ConferencePaper", None, "inproceedings", "booktitle"),
        ("Report", None, "techreport", "series"),
        ("Dissertation", "Master thesis", "mastersthesis", "series"),
        ("Dataset", None, "misc", "series"),
        ("Text", "Journal article", "article", "journal"),
    ],
)
def test_the_container_stands_where_the_entry_has_it(
    general: str, told: str | None, form: str, field: str
) -> None:
    item = RelatedItem("Book", "IsPublishedIn", titles=(Title("Whole"),), issue="4")
    resource = replace(PLAIN, types=Types(general, told), related_items=(item,))
    (entry,) = entries(bibtex.write(resource))
    assert entry.entry_type == form
    found = {name.key: name.value for name in entry.fields}
    assert (found[field], found["number"]) == ("Whole", "4")
    assert not {"journal", "booktitle", "series"} - {field} & found.keys()


@pytest.mark.parametrize(
    ("general", "field"),
    [
        ("Dissertation", "school"), ("Report", "institution"), ("Standard", "institution"),
        ("Book", "publisher"), ("Dataset", "publisher"),
    ],
)  # fmt: skip
def test_the_publisher_stands_where_the_entry_has_it(general: str, field: str) -> None:
    assert fields(replace(PLAIN, types=Types(general)))[field] == "Example University Press"


@pytest.mark.parametrize(
    ("general", "word"),
    [("Dataset", "Dataset"), ("Software", "Computer software"), ("Text", None), ("Other", None)],
)
def test_other_entries_say_what_they_are(general: str, word: str | None) -> None:
    assert fields(replace(PLAIN, types=Types(general))).get("howpublished") == word


def test_the_month_is_that_of_the_day_of_issue_in_the_year() -> None:
    dates = (Date("2007-02", "Issued"), Date("2008-12-24", "Issued"))
    assert b"  month = dec,\n" in bibtex.write(replace(PLAIN, dates=dates))
    assert b"month" not in bibtex.write(replace(PLAIN, dates=dates[:1]))


def test_keywords_with_commas_stay_whole_and_access_is_no_licence() -> None:
    found = fields(
        replace(
            PLAIN,
            subjects=(Subject("rivers"), Subject("Roe, Jane"), Subject("rivers", lang="en")),
            rights_list=(
                Rights("Open Access", "info:eu-repo/semantics/openAccess"),
                Rights(rights_uri="https://example.org/terms"),
            ),
        )
    )
    assert found["keywords"] == "rivers, {Roe, Jane}"
    assert found["copyright"] == "https://example.org/terms"
