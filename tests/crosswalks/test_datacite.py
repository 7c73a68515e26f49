"""DataCite XML: what is written is read back the same, and old or faulty documents are read."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from app.crosswalks import read, write
from app.crosswalks.datacite.writing import number
from app.datacite.resource import (
    Creator,
    Description,
    GeoLocation,
    Point,
    RelatedIdentifier,
    Resource,
    Subject,
    Title,
)
from app.errors import IncompleteResource
from tests.crosswalks.cases import TODAY
from tests.datacite.strategies import PLAIN, every_term, writable_resources
from tests.shared import SHARED, needs_shared

FREELY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def again(resource: Resource, form: str = "datacite") -> Resource | None:
    """Write and read."""
    return read(write(form, resource), today=TODAY).resource


@FREELY
@given(writable_resources())
def test_what_was_written_is_read_back_the_same(resource: Resource) -> None:
    """In each form: making a resource up costs more than writing and reading it in all of them."""
    for form in ("datacite", "oai_datacite", "datacite_json"):
        assert again(resource, form) == resource, form


@pytest.mark.parametrize(("label", "resource"), list(every_term()), ids=lambda v: str(v)[:40])
def test_every_term_comes_back(label: str, resource: Resource) -> None:
    assert again(resource) == resource


def test_the_same_value_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "from app.crosswalks import write; from tests.datacite.strategies import PLAIN;"
        "import sys; sys.stdout.buffer.write(write('datacite', PLAIN))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    other = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, env=environment
    )
    assert other.stdout == write("datacite", PLAIN)


def test_a_record_without_identifier_is_refused_by_name() -> None:
    with pytest.raises(IncompleteResource, match="no identifier"):
        write("datacite", replace(PLAIN, doi=None))


@pytest.mark.parametrize("year", [None, 0, 9999])
def test_a_record_without_a_year_is_refused_by_name(year: int | None) -> None:
    with pytest.raises(IncompleteResource, match="no publication year"):
        write("datacite", replace(PLAIN, publication_year=year))


def test_what_is_missing_is_written_as_its_code() -> None:
    bare = Resource(doi="10.5072/x", publication_year=2020)
    text = write("datacite", bare).decode()
    assert "<creatorName>:unkn</creatorName>" in text
    assert "<title>:unas</title>" in text
    assert "<publisher>:unav</publisher>" in text
    assert '<resourceType resourceTypeGeneral="Other"/>' in text


def test_a_line_break_is_an_element_and_every_other_bracket_text() -> None:
    told = Description("p < 0.05 & more<br>second <b> line", "Abstract")
    text = write("datacite", replace(PLAIN, descriptions=(told,))).decode()
    assert ">p &lt; 0.05 &amp; more<br/>second &lt;b&gt; line</description>" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10.0, "10"), (-0.0, "0"), (1e-7, "0.0000001"), (8.55, "8.55"), (180.0, "180"),
        (181.0, ""), (None, ""), (float("nan"), ""), (0.1 + 0.2, "0.30000000000000004"),
    ],
)  # fmt: skip
def test_numbers_are_plain_decimals(value: float | None, text: str) -> None:
    assert number(value, 180) == text


def test_a_place_without_a_usable_shape_is_left_out() -> None:
    nowhere = GeoLocation(geo_location_point=Point(8.55, 91.0))
    assert b"geoLocation" not in write("datacite", replace(PLAIN, geo_locations=(nowhere,)))


def test_addresses_are_encoded_or_left_out() -> None:
    subject = Subject("Rivers", value_uri="https://example.org/a b", scheme_uri="http://[bad")
    text = write("datacite", replace(PLAIN, subjects=(subject,))).decode()
    assert 'valueURI="https://example.org/a%20b"' in text
    assert "schemeURI" not in text


def xml(inside: str) -> bytes:
    """A DataCite document around a few elements."""
    return (
        '<resource xmlns="http://datacite.org/schema/kernel-4">'
        f'<identifier identifierType="DOI">10.5072/X</identifier>{inside}</resource>'
    ).encode()


def test_names_called_like_null_words_keep_their_parts() -> None:
    given = (
        "<creators><creator><creatorName>Nan, S. N.</creatorName><givenName>S. N.</givenName>"
        "<familyName>Nan</familyName></creator></creators>"
    )
    resource = read(xml(given), today=TODAY).resource
    assert resource is not None
    assert resource.creators == (Creator("Nan, S. N.", "Personal", None, "S. N.", "Nan"),)


def test_one_broken_creator_does_not_drop_the_others() -> None:
    given = (
        "<creators><creator><creatorName/></creator><junk/><creator>text</creator>"
        "<creator><creatorName>Hypatia</creatorName></creator></creators>"
    )
    resource = read(xml(given), today=TODAY).resource
    assert resource is not None
    assert [creator.name for creator in resource.creators] == ["text", "Hypatia"]


def test_an_untyped_value_that_is_no_identifier_becomes_a_related_item() -> None:
    given = (
        '<relatedIdentifiers><relatedIdentifier relationType="Cites" relatedIdentifierType="Shelf"'
        ">Box 12</relatedIdentifier></relatedIdentifiers>"
    )
    reading = read(xml(given), today=TODAY)
    assert reading.resource is not None
    assert reading.resource.related_identifiers == ()
    assert reading.resource.related_items[0].titles == (Title("Box 12"),)
    assert "vocabulary.unknown" in {problem.rule for problem in reading.problems}


def test_a_url_without_scheme_stays_a_url_with_a_problem() -> None:
    given = (
        '<relatedIdentifiers><relatedIdentifier relationType="Cites" relatedIdentifierType="URL"'
        ">data.example.org/12</relatedIdentifier></relatedIdentifiers>"
    )
    reading = read(xml(given), today=TODAY)
    assert reading.resource is not None
    assert reading.resource.related_identifiers == (
        RelatedIdentifier("data.example.org/12", "URL", "Cites"),
    )
    assert "relatedIdentifier.syntax" in {problem.rule for problem in reading.problems}


@pytest.mark.parametrize("year", ["", "0", "0000", "9999", '"', "20240101x", "٢٠٢٤"])
def test_a_year_that_is_none_is_absent(year: str) -> None:
    reading = read(xml(f"<publicationYear>{year}</publicationYear>"), today=TODAY)
    assert reading.resource is not None
    assert reading.resource.publication_year is None


@needs_shared
def test_the_typical_record_is_written_as_expected() -> None:
    from app.datacite.resource import decode

    resource = decode((SHARED / "datacite/typical.json").read_bytes())
    shown = (SHARED / "datacite/typical.datacite.xml").read_text("utf-8")
    assert write("datacite", resource).decode() == "".join(
        line.strip() for line in shown.splitlines()
    )
