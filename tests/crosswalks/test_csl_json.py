"""CSL-JSON: names, dates and numbers in its terms; what is written, citeproc-py cites."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from app.crosswalks import csl_json, exporting
from app.datacite.resource import (
    AlternateIdentifier,
    Contributor,
    Creator,
    Date,
    Description,
    ItemContributor,
    RelatedItem,
    Resource,
    Title,
    Types,
)
from tests.crosswalks.exports import fixture, fixtures, name
from tests.datacite.strategies import PLAIN, resources

FREELY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
  <info><title>All of it</title><id>https://example.org/all</id><updated>2026-01-01T00:00:00+00:00</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography><layout>
    <names variable="author"><name name-as-sort-order="all" delimiter=" + "/></names>
    <text variable="title" prefix=" | "/>
    <date variable="issued" prefix=" | "><date-part name="year"/></date>
    <text variable="DOI" prefix=" | "/>
    <text variable="URL" prefix=" | "/>
  </layout></bibliography>
</style>"""


@pytest.fixture(scope="module")
def style(tmp_path_factory: pytest.TempPathFactory) -> CitationStylesStyle:
    """A style that prints what must not be lost."""
    path: Path = tmp_path_factory.mktemp("csl") / "all.csl"
    path.write_text(STYLE, "utf-8")
    return CitationStylesStyle(str(path), validate=False)


def cited(resource: Resource, style: CitationStylesStyle) -> str:
    """What a processor that is not ours prints for a record."""
    data = json.loads(csl_json.write_all([resource]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of fields that it does not know
        source = CiteProcJSON(data)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem(next(iter(source)))]))
    return "".join(map(str, bibliography.bibliography()))


def item(resource: Resource) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(csl_json.write(resource))
    return found


def letters(text: str) -> str:
    """A text without what a processor sets anew: blanks, marks, quotes."""
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize("path", fixtures(), ids=name)
def test_fixtures_keep_what_matters(path: Path, style: CitationStylesStyle) -> None:
    resource = fixture(path)
    line = cited(resource, style)
    assert letters(exporting.main_title(resource)) in letters(line)
    for creator in exporting.named(resource.creators):
        assert letters(creator.family_name or creator.name) in letters(line)
    assert (resource.doi or "") in line
    found = item(resource)
    if resource.publication_year:
        first, *rest = found["issued"]["date-parts"]
        assert first[0] == resource.publication_year
        assert rest or f"| {first[0]}" in line
    assert found.get("copyright", "") == "; ".join(exporting.licences(resource))


@FREELY
@given(resource=resources())
def test_any_resource_is_taken_in(resource: Resource, style: CitationStylesStyle) -> None:
    found = item(resource)
    assert {"type", "id"} <= found.keys()
    assert all(value for value in found.values())
    assert letters(exporting.main_title(resource)) in letters(cited(resource, style))


def test_several_records_are_a_list() -> None:
    both = json.loads(csl_json.write_all([PLAIN, replace(PLAIN, doi="10.5072/b")]))
    assert [one["DOI"] for one in both] == ["10.5072/ex.4711", "10.5072/b"]
    assert csl_json.write_all([]) == b"[]\n"


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        (
            Creator("van der Berg, Jan", "Personal", None, "Jan", "van der Berg"),
            {"family": "van der Berg", "given": "Jan"},
        ),
        (Creator("Roe, Jane", "Personal"), {"family": "Roe", "given": "Jane"}),
        (Creator("Plato", "Personal"), {"family": "Plato"}),
        (Creator("Roe, Jane"), {"literal": "Roe, Jane"}),
        (Creator("Example, Group", "Organizational"), {"literal": "Example, Group"}),
    ],
)
def test_only_persons_have_parts(creator: Creator, name: dict[str, str]) -> None:
    assert item(replace(PLAIN, creators=(creator,)))["author"] == [name]


def test_contributors_are_told_by_their_type() -> None:
    kinds = ("Editor", "Translator", "DataCurator", "RightsHolder")
    people = tuple(Contributor(f"C {kind}", None, contributor_type=kind) for kind in kinds)
    found = item(replace(PLAIN, contributors=people))
    assert found["editor"] == [{"literal": "C Editor"}]
    assert found["translator"] == [{"literal": "C Translator"}]
    assert found["contributor"] == [{"literal": "C DataCurator"}, {"literal": "C RightsHolder"}]


@pytest.mark.parametrize(
    ("date", "parts"),
    [
        ("2008", [[2008]]), ("2008-05", [[2008, 5]]), ("2008-05-09", [[2008, 5, 9]]),
        ("2008-05-09T08:12:44Z", [[2008, 5, 9]]), ("2007-05-09", [[2008]]),
        ("2008-05-01/2008-06-30", [[2008, 5, 1], [2008, 6, 30]]), ("2008/", [[2008]]),
    ],
)  # fmt: skip
def test_the_date_of_issue_has_parts(date: str, parts: list[list[int]]) -> None:
    found = item(replace(PLAIN, dates=(Date(date, "Issued"),)))
    assert found["issued"] == {"date-parts": parts}


def test_other_dates_have_their_names() -> None:
    dates = (Date("2007-01-02", "Submitted"), Date("/-0054", "Available"))
    found = item(replace(PLAIN, dates=dates))
    assert found["submitted"] == {"date-parts": [[2007, 1, 2]]}
    assert found["available-date"] == {"date-parts": [[-54]]}


@pytest.mark.parametrize(
    ("general", "told", "kind", "genre"),
    [
        ("Dataset", "dataset", "dataset", None),
        ("Dataset", "Survey data", "dataset", "Survey data"),
        ("JournalArticle", "Journal article", "article-journal", None),
        ("Dissertation", "Doctoral thesis", "thesis", "Doctoral thesis"),
        ("Poster", None, "graphic", "Poster"),
        ("Poster", "poster", "graphic", "poster"),
        ("Text", "Blog post", "post-weblog", "Blog post"),
        ("Image", "Map", "map", None),
    ],
)
def test_the_genre_is_what_the_type_does_not_say(
    general: str, told: str | None, kind: str, genre: str | None
) -> None:
    found = item(replace(PLAIN, types=Types(general, told)))
    assert (found["type"], found.get("genre")) == (kind, genre)


def test_a_chapter_is_numbered_and_edited_as_its_book_says() -> None:
    book = RelatedItem(
        "Book", "IsPublishedIn", titles=(Title("Whole"),), number="3", number_type="Chapter",
        contributors=(ItemContributor("Ed", contributor_type="Editor"),),
    )  # fmt: skip
    found = item(replace(PLAIN, types=Types("BookChapter"), related_items=(book,)))
    assert (found["chapter-number"], found.get("number")) == ("3", None)
    assert found["editor"] == [{"literal": "Ed"}]
    assert "container-title" not in item(replace(PLAIN, types=Types("JournalArticle")))


@pytest.mark.parametrize(
    ("resource", "identifier"),
    [
        (PLAIN, "https://doi.org/10.5072/ex.4711"),
        (
            replace(PLAIN, doi=None, alternate_identifiers=(AlternateIdentifier("A 1", "local"),)),
            "A 1",
        ),
        (replace(PLAIN, doi=None, url="https://example.org/a"), "https://example.org/a"),
        (replace(PLAIN, doi=None), "varga2008sediment"),
        (Resource(), "record"),
    ],
)
def test_an_item_always_has_an_identifier(resource: Resource, identifier: str) -> None:
    assert item(resource)["id"] == identifier


def test_breaks_are_line_ends() -> None:
    told = (Description("One.<br>Two.", "Abstract"), Description("Three.", "Methods"))
    assert item(replace(PLAIN, descriptions=told))["abstract"] == "One.\nTwo."
