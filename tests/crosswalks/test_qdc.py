"""Qualified Dublin Core: valid, and read again by the reader of Dublin Core it says the same."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from msgspec.structs import replace

from app.crosswalks import exporting, read
from app.crosswalks.dublin_core import qualified
from app.crosswalks.xml import XSI_TYPE, local_name, parse, text_of
from app.datacite.resource import (
    Box,
    Contributor,
    Creator,
    Date,
    Description,
    GeoLocation,
    Point,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    Rights,
    Subject,
    Title,
)
from tests.crosswalks.cases import TODAY, name, paths, reading
from tests.crosswalks.exports import cases, fixture, fixtures, written
from tests.datacite.strategies import PLAIN, resources, writable_resources
from tests.shared import SHARED, needs_shared

FREELY = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
DATED = frozenset(qualified._DATES) | {"Coverage"}


def said(resource: Resource, element: str) -> list[str]:
    """What is written in one element."""
    root = parse(written("qdc", resource))
    return [text_of(child) for child in root if local_name(child) == element]


# ── the law ──────────────────────────────────────────────────────────────────────────────────


def kept(r: Resource) -> dict[str, Any]:
    """What must survive; dates that have no element of their own come back as they can."""
    year = exporting.year(r)
    return {
        "doi": r.doi,
        "titles": [title.title for title in exporting.titles(r)],
        "creators": [
            (c.name, c.given_name, c.family_name, c.name_type if "," in c.name else None)
            for c in exporting.named(r.creators)
        ],
        "publisher": exporting.publisher(r),
        "year": r.publication_year,
        "type": r.types.resource_type_general if r.types else "Other",
        "language": r.language,
        "subjects": [subject.subject for subject in r.subjects],
        "sizes": r.sizes,
        "formats": r.formats,
        "licences": {rights.rights_identifier for rights in r.rights_list} - {None},
        "dates": {
            (date.date, date.date_type)
            for date in r.dates
            if date.date_type in DATED and (date.date, date.date_type) != (year, "Issued")
        },
        "awards": [f.award_number for f in r.funding_references if f.award_number],
    }


def assert_kept(again: Resource, resource: Resource) -> None:
    """A plain date may come back as another: what has a name of its own must be there."""
    found, wanted = kept(again), kept(resource)
    assert found.pop("dates") >= wanted.pop("dates")
    assert found == wanted


_FINER = """
    kernel_2_0_film kernel_2_1_dates_in_words kernel_2_1_rights_and_words kernel_2_2_journal_issue
    kernel_2_2_scripts kernel_3_1_authors_in_one kernel_3_1_series_of_a_report kernel_4_1_name_types
    kernel_4_2_missing_values kernel_4_2_rights kernel_4_3_open_repository kernel_4_5_article
    kernel_4_6_languages"""
FINER = frozenset(_FINER.split())
"""Cases of DataCite that tell more than Dublin Core can: a Text that is called an article, kinds of
names that no word shows, a subject with a semicolon, a licence of the house."""
TELLABLE = [path for path in paths("datacite") if path.stem not in FINER]


@pytest.mark.parametrize("path", [*paths("oai_dc"), *TELLABLE, *cases("qdc")], ids=name)
def test_what_is_written_is_read_again_the_same(path: Path) -> None:
    resource = fixture(path)
    again = read(written("qdc", resource), today=TODAY).resource
    assert again is not None
    assert_kept(again, resource)


@pytest.mark.parametrize("path", paths("oai_dc"), ids=name)
def test_access_survives(path: Path) -> None:
    found = reading(path)
    assert found.resource is not None
    assert read(written("qdc", found.resource), today=TODAY).access == found.access


@needs_shared
def test_what_is_written_of_real_records_is_read_again_the_same() -> None:
    differ = total = 0
    with gzip.open(SHARED / "corpus/records/oai_dc.jsonl.gz", "rt", encoding="utf-8") as records:
        for place, line in enumerate(records):
            if place % 80:
                continue
            resource = read(json.loads(line)["xml"].encode(), today=TODAY).resource
            if resource is not None:
                again = read(written("qdc", resource), today=TODAY).resource
                total += 1
                differ += again is None or kept(again) != kept(resource)
    assert total > 250
    assert differ / total < 0.01


def plainer(resource: Resource) -> Resource:
    """The resource without what no element can tell: kinds of names, odd years, schemes, marks.

    Nor days of making and acceptance to the minute that are those of access: DSpace copies them.
    """
    year = resource.publication_year
    copied = {d.date for d in resource.dates if d.date_type == "Available" and "T" in d.date}
    return replace(
        resource,
        creators=tuple(Creator(f"Exämple Group {n}") for n, _ in enumerate(resource.creators)),
        publication_year=year if year and 1000 <= year <= 2031 else 2008,
        dates=tuple(
            one
            for one in resource.dates
            if one.date_type not in ("Created", "Accepted") or one.date not in copied
        ),
        subjects=tuple(
            Subject(s.subject, lang=s.lang)
            for s in resource.subjects
            if any(map(str.isalnum, s.subject))
        ),
    )


@FREELY
@given(writable_resources().map(plainer))
def test_any_writable_resource_is_read_again_the_same(resource: Resource) -> None:
    again = read(written("qdc", resource), today=TODAY).resource
    assert again is not None
    assert_kept(again, resource)


# ── the schema ───────────────────────────────────────────────────────────────────────────────


@cache
def schema() -> Any:
    """The schema of the container, which names no namespace, in that of the root."""
    from schemas import Schemas

    folder = Schemas()
    text = (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' targetNamespace="{qualified.NAMESPACE}" elementFormDefault="qualified">'
        f'<xs:include schemaLocation="{qualified.SCHEMA}"/></xs:schema>'
    )
    return etree.XMLSchema(etree.fromstring(text, folder.parser()))


def complaints(data: bytes) -> list[str]:
    """What the schema says against a document."""
    from schemas import problems

    found: list[str] = problems(schema(), etree.fromstring(data))
    return found


@needs_shared
def test_the_schema_refuses_what_is_not_qualified_dublin_core() -> None:
    wrong = written("qdc", PLAIN).replace(b"dcterms:issued", b"dcterms:released")
    assert complaints(wrong) != []


@needs_shared
@pytest.mark.parametrize("path", fixtures(), ids=name)
def test_fixtures_are_written_valid(path: Path) -> None:
    assert complaints(written("qdc", fixture(path))) == []


@needs_shared
@FREELY
@given(resources())
def test_any_resource_is_written_valid(resource: Resource) -> None:
    assert complaints(written("qdc", resource)) == []


# ── the table ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "element"),
    [
        ("Accepted", "dateAccepted"), ("Available", "available"), ("Updated", "modified"),
        ("Copyrighted", "dateCopyrighted"), ("Created", "created"), ("Valid", "valid"),
        ("Submitted", "dateSubmitted"), ("Coverage", "temporal"), ("Collected", "date"),
        ("Withdrawn", "date"), ("Other", "date"),
    ],
)  # fmt: skip
def test_each_date_has_its_element(kind: str, element: str) -> None:
    resource = replace(PLAIN, dates=(Date("2007-05-09", kind),))
    assert said(resource, element) == ["2007-05-09"]
    assert said(resource, "issued") == ["2008"]


def test_the_date_of_issue_stands_for_the_year_if_it_lies_in_it() -> None:
    dated = replace(PLAIN, dates=(Date("2007", "Issued"), Date("2008-05", "Issued")))
    assert said(dated, "issued") == ["2008-05", "2007"]


@pytest.mark.parametrize(
    ("relation", "element"),
    [
        ("IsReferencedBy", "isReferencedBy"), ("References", "references"),
        ("IsVersionOf", "isVersionOf"), ("HasVersion", "hasVersion"), ("IsPartOf", "isPartOf"),
        ("HasPart", "hasPart"), ("IsRequiredBy", "isRequiredBy"), ("Requires", "requires"),
        ("IsVariantFormOf", "isFormatOf"), ("IsOriginalFormOf", "hasFormat"),
        ("IsObsoletedBy", "isReplacedBy"), ("Obsoletes", "replaces"), ("IsDerivedFrom", "source"),
        ("Cites", "relation"), ("IsSupplementTo", "relation"),
    ],
)  # fmt: skip
def test_each_relation_has_its_element(relation: str, element: str) -> None:
    related = RelatedIdentifier("10.5072/b", "DOI", relation)
    resource = replace(PLAIN, related_identifiers=(related,))
    assert said(resource, element) == ["https://doi.org/10.5072/b"]
    again = read(written("qdc", resource), today=TODAY).resource
    assert again is not None
    if element not in ("relation", "source"):
        assert again.related_identifiers[0].relation_type == relation


def test_what_it_conforms_to_comes_back() -> None:
    related = RelatedIdentifier(
        "https://example.org/spec", "URL", "Other", relation_type_information="conformsTo"
    )
    resource = replace(PLAIN, related_identifiers=(related,))
    assert said(resource, "conformsTo") == ["https://example.org/spec"]
    again = read(written("qdc", resource), today=TODAY).resource
    assert again is not None
    assert again.related_identifiers == (related,)


def test_further_titles_are_alternatives_behind_the_main_one() -> None:
    turned = replace(PLAIN, titles=(Title("Under", "Subtitle"), Title("Main")))
    assert said(turned, "title") == ["Main"]
    assert said(turned, "alternative") == ["Under"]


def test_rights_are_told_apart() -> None:
    licence = Rights("CC BY", "https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0")
    access = Rights("Open Access", "info:eu-repo/semantics/openAccess")
    resource = replace(PLAIN, rights_list=(access, licence, Rights("Ask first.")))
    assert said(resource, "accessRights") == ["info:eu-repo/semantics/openAccess"]
    assert said(resource, "license") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert said(resource, "rights") == ["CC BY", "Ask first."]


def test_places_say_in_which_syntax_they_are() -> None:
    places = (
        GeoLocation(geo_location_box=Box(8.2, 9.6, 47.1, 47.9), geo_location_place="Valley"),
        GeoLocation(geo_location_point=Point(8.5, -47.25)),
        GeoLocation(geo_location_place="Exampleton"),
    )
    resource = replace(PLAIN, geo_locations=places)
    root = parse(written("qdc", resource))
    spatial = [child for child in root if local_name(child) == "spatial"]
    assert [(text_of(child), child.get(XSI_TYPE)) for child in spatial] == [
        (
            "northlimit=47.9; southlimit=47.1; westlimit=8.2; eastlimit=9.6; name=Valley",
            "dcterms:Box",
        ),
        ("east=8.5; north=-47.25", "dcterms:Point"),
        ("Exampleton", None),
    ]
    again = read(written("qdc", resource), today=TODAY).resource
    assert again is not None
    assert again.geo_locations == places


def test_two_years_covered_are_no_range() -> None:
    covered = (Date("1998", "Coverage"), Date("2007", "Coverage"))
    again = read(written("qdc", replace(PLAIN, dates=covered)), today=TODAY).resource
    assert again is not None
    assert [date for date in again.dates if date.date_type == "Coverage"] == list(covered)


def test_descriptions_and_holders_have_their_elements() -> None:
    resource = replace(
        PLAIN,
        descriptions=(
            Description("First line.<br>Second line.", "Abstract"),
            Description("1 Rivers", "TableOfContents"),
            Description("Traps were used.", "Methods"),
            Description("Example Papers, 12(3), 4-5", "SeriesInformation"),
        ),
        contributors=(
            Contributor("Example Holding", "Organizational", contributor_type="RightsHolder"),
        ),
    )
    assert said(resource, "abstract") == ["First line.\nSecond line."]
    assert said(resource, "tableOfContents") == ["1 Rivers"]
    assert said(resource, "description") == ["Traps were used."]
    assert said(resource, "rightsHolder") == ["Example Holding"]
    assert said(resource, "bibliographicCitation") == ["Example Papers 12(3), 4-5"]


def test_items_are_told_by_their_relation() -> None:
    journal = RelatedItem(
        "Journal", "IsPublishedIn", titles=(Title("Journal of Slopes"),),
        volume="3", issue="1", first_page="18", last_page="29",
    )  # fmt: skip
    whole = RelatedItem("Collection", "IsPartOf", titles=(Title("Papers of the Valley"),))
    resource = replace(PLAIN, related_items=(journal, whole))
    assert said(resource, "bibliographicCitation") == ["Journal of Slopes 3(1), 18-29"]
    assert said(resource, "isPartOf") == ["Papers of the Valley"]
