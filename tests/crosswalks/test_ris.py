"""RIS: tags in their order, one line a value; what is written, rispy reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import rispy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.crosswalks import exporting, ris
from app.datacite.resource import (
    AlternateIdentifier,
    Contributor,
    Creator,
    Date,
    Description,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    Title,
    Types,
)
from tests.crosswalks.exports import fixture, fixtures, name
from tests.datacite.strategies import PLAIN, resources

FREELY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def entry(resource: Resource) -> dict[str, Any]:
    """What a reader that is not ours makes of a record."""
    (found,) = rispy.loads(ris.write(resource).decode())
    return found


def said(resource: Resource, tag: str) -> list[str]:
    """The values of one tag."""
    lines = ris.write(resource).decode().split("\r\n")
    return [line[6:] for line in lines if line.startswith(f"{tag}  - ")]


def assert_kept(resource: Resource) -> None:
    """A licence has no tag; everything else that matters is there."""
    found = entry(resource)
    assert found.get("primary_title", "") == exporting.main_title(resource)
    names = [exporting.sorted_name(creator) for creator in exporting.named(resource.creators)]
    assert found.get("authors", []) == names
    assert found.get("year", "") == exporting.year(resource)
    assert found.get("doi") == resource.doi
    assert ";".join(found.get("urls", [])) == exporting.landing_page(resource)
    assert found.get("keywords", []) == list(exporting.keywords(resource))


@pytest.mark.parametrize("path", fixtures(), ids=name)
def test_fixtures_keep_what_matters(path: Path) -> None:
    assert_kept(fixture(path))


@FREELY
@given(resources())
def test_any_resource_keeps_what_matters(resource: Resource) -> None:
    assert_kept(resource)


@FREELY
@given(st.lists(resources(), max_size=4))
def test_any_resources_are_as_many_records(several: list[Resource]) -> None:
    assert len(rispy.loads(ris.write_all(several).decode())) == len(several)


@FREELY
@given(resources())
def test_a_file_has_nothing_but_tagged_lines_from_type_to_end(resource: Resource) -> None:
    lines = ris.write(resource).decode().split("\r\n")
    assert lines[0].startswith("TY  - ")
    assert lines[-3:] == ["ER  - ", "", ""]
    assert all(line[2:6] == "  - " and line[:2].isalnum() for line in lines[:-2])
    assert "\n" not in "".join(lines)


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2008-05-09", ["2008/05/09/"]), ("2008-05-09T08:12:44Z", ["2008/05/09/"]),
        ("2008-05", ["2008/05//"]), ("2008-05-01/2008-06-30", ["2008/05/01/"]), ("2008", []),
        ("2007-05-09", []),
    ],
)  # fmt: skip
def test_the_day_is_that_of_issue_in_the_year(date: str, day: list[str]) -> None:
    assert said(replace(PLAIN, dates=(Date(date, "Issued"),)), "DA") == day


def test_roles_have_their_tags() -> None:
    people = tuple(
        Contributor(name, None, contributor_type=kind)
        for name, kind in (("Ed", "Editor"), ("Tra", "Translator"), ("Sup", "Supervisor"))
    )
    resource = replace(PLAIN, contributors=people)
    assert (said(resource, "ED"), said(resource, "A4")) == (["Ed"], ["Tra"])
    assert "Sup" not in ris.write(resource).decode()


def test_names_are_turned_only_where_their_parts_are_known() -> None:
    creators = (
        Creator("Jane Roe", "Personal", None, "Jane", "Roe"),
        Creator("Jane Roe"),
        Creator(":unkn"),
        Creator("Example, Group of", "Organizational", None, "Group of", "Example"),
    )
    assert said(replace(PLAIN, creators=creators), "AU") == [
        "Roe, Jane", "Jane Roe", "Example, Group of",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("general", "number"), [("JournalArticle", "2049-3673"), ("Book", "9783161484100")]
)
def test_one_serial_number_fits_the_type(general: str, number: str) -> None:
    resource = replace(
        PLAIN,
        types=Types(general),
        alternate_identifiers=(AlternateIdentifier("9783161484100", "ISBN"),),
        related_identifiers=(RelatedIdentifier("2049-3673", "ISSN", "IsPublishedIn"),),
    )
    assert said(resource, "SN") == [number]


def test_the_edition_comes_before_the_version() -> None:
    item = RelatedItem("Book", "IsPublishedIn", titles=(Title("Whole"),), edition="2nd")
    assert said(replace(PLAIN, version="1.0"), "ET") == ["1.0"]
    assert said(replace(PLAIN, version="1.0", related_items=(item,)), "ET") == ["2nd"]


def test_line_ends_become_blanks() -> None:
    told = (Description("One.<br>ER  - <br>Two.", "Abstract"), Description("Three.", "Abstract"))
    assert said(replace(PLAIN, descriptions=told), "AB") == ["One. ER - Two. Three."]


@pytest.mark.parametrize(
    ("resource", "address"),
    [
        (replace(PLAIN, url="https://example.org/a"), ["https://example.org/a"]),
        (PLAIN, ["https://doi.org/10.5072/ex.4711"]),
        (
            replace(PLAIN, doi=None, alternate_identifiers=(AlternateIdentifier("1/2", "Handle"),)),
            ["https://hdl.handle.net/1/2"],
        ),
        (replace(PLAIN, doi=None), []),
    ],
)
def test_the_landing_page_or_else_the_identifier_is_the_address(
    resource: Resource, address: list[str]
) -> None:
    assert said(resource, "UR") == address
