"""Validation: each rule that a value alone can break, and the level that follows."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from app.datacite.resource import (
    Affiliation,
    AlternateIdentifier,
    Box,
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    GeoLocation,
    ItemContributor,
    ItemCreator,
    NameIdentifier,
    Point,
    PolygonPart,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    RelatedItemIdentifier,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
    decode,
)
from app.datacite.validation import check, level
from tests.datacite.strategies import PLAIN, every_term, resources, writable_resources
from tests.shared import needs_shared

TODAY = datetime.date(2026, 11, 24)
ORCID = NameIdentifier("https://orcid.org/0000-0003-1417-2201", "ORCID")
JOURNAL = RelatedItem("Journal", "IsPublishedIn", titles=(Title("Reports"),))
SQUARE = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))


def rules(resource: Resource) -> list[tuple[str, str]]:
    """Rule and path of every problem but the absence of recommended properties."""
    return [
        (one.rule, one.path)
        for one in check(resource, today=TODAY)
        if one.rule != "recommended.absent"
    ]


def polygon(*corners: tuple[float, float]) -> tuple[PolygonPart, ...]:
    return tuple(PolygonPart(polygon_point=Point(*corner)) for corner in corners)


def place(**what: Any) -> dict[str, Any]:
    return {"geo_locations": (GeoLocation(**what),)}


def related(
    value: str, kind: str = "DOI", relation: str = "References", **rest: Any
) -> dict[str, Any]:
    return {"related_identifiers": (RelatedIdentifier(value, kind, relation, **rest),)}


def test_a_plain_resource_has_no_problem() -> None:
    assert rules(PLAIN) == []


BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("identifier.missing", "/doi", {"doi": None}),
    (
        "identifier.not-doi",
        "/alternateIdentifiers/0/alternateIdentifier",
        {"doi": None, "alternate_identifiers": (AlternateIdentifier("10999/4711", "Handle"),)},
    ),
    ("doi.syntax", "/doi", {"doi": "junk"}),
    ("doi.syntax", "/doi", {"doi": "https://doi.org/10.5072/ex.1"}),
    ("creators.missing", "/creators", {"creators": ()}),
    ("titles.missing", "/titles", {"titles": ()}),
    ("publisher.missing", "/publisher", {"publisher": None}),
    ("publicationYear.missing", "/publicationYear", {"publication_year": None}),
    ("publicationYear.missing", "/publicationYear", {"publication_year": 9999}),
    ("publicationYear.implausible", "/publicationYear", {"publication_year": 987}),
    ("publicationYear.implausible", "/publicationYear", {"publication_year": 2032}),
    ("resourceType.missing", "/types/resourceTypeGeneral", {"types": None}),
    ("vocabulary.unknown", "/types/resourceTypeGeneral", {"types": Types("Film")}),
    ("code.missing-value", "/creators/0/name", {"creators": (Creator(":unkn"),)}),
    ("code.missing-value", "/titles/0/title", {"titles": (Title(":unas"),)}),
    ("code.missing-value", "/publisher/name", {"publisher": Publisher(":unav")}),
    ("name.empty", "/creators/1/name", {"creators": (*PLAIN.creators, Creator(""))}),
    (
        "name.type-conflict",
        "/creators/0/nameType",
        {"creators": (Creator("NOAA", "Organizational", name_identifiers=(ORCID,)),)},
    ),
    (
        "nameIdentifier.scheme",
        "/creators/0/nameIdentifiers/0/nameIdentifier",
        {"creators": (Creator("A", name_identifiers=(NameIdentifier("4711"),)),)},
    ),
    (
        "nameIdentifier.checksum",
        "/creators/0/nameIdentifiers/0/nameIdentifier",
        {
            "creators": (
                Creator("A", name_identifiers=(NameIdentifier("0000-0003-1417-2202", "ORCID"),)),
            )
        },
    ),
    (
        "nameIdentifier.checksum",
        "/creators/0/nameIdentifiers/0/nameIdentifier",
        {
            "creators": (
                Creator("A", name_identifiers=(NameIdentifier("0000000121032684", "ISNI"),)),
            )
        },
    ),
    (
        "affiliationIdentifier.scheme",
        "/creators/0/affiliation/0/affiliationIdentifier",
        {"creators": (Creator("A", affiliation=(Affiliation("B", "https://ror.org/02mhbdp94"),)),)},
    ),
    (
        "publisherIdentifier.scheme",
        "/publisher/publisherIdentifier",
        {"publisher": Publisher("A", "https://ror.org/02mhbdp94")},
    ),
    (
        "vocabulary.unknown",
        "/contributors/0/contributorType",
        {"contributors": (Contributor("A", contributor_type="Funder"),)},
    ),
    ("vocabulary.unknown", "/titles/0/titleType", {"titles": (Title("A", "Main"),)}),
    ("date.syntax", "/dates/0/date", {"dates": (Date("sometime", "Issued"),)}),
    ("date.calendar", "/dates/0/date", {"dates": (Date("2008-02-30", "Issued"),)}),
    ("date.order", "/dates/0/date", {"dates": (Date("2009/2008", "Collected"),)}),
    ("date.future", "/dates/0/date", {"dates": (Date("2026-11-26", "Issued"),)}),
    ("date.type-missing", "/dates/0/dateType", {"dates": (Date("2008"),)}),
    ("vocabulary.unknown", "/dates/0/dateType", {"dates": (Date("2008", "StartDate"),)}),
    ("language.invalid", "/language", {"language": "deutsch"}),
    ("language.invalid", "/titles/0/lang", {"titles": (Title("A", lang="en_US"),)}),
    (
        "relatedIdentifier.syntax",
        "/relatedIdentifiers/0/relatedIdentifier",
        related("1357-2468", "ISSN"),
    ),
    ("relatedIdentifier.syntax", "/relatedIdentifiers/0/relatedIdentifier", related("")),
    ("relatedIdentifier.self", "/relatedIdentifiers/0", related("10.5072/EX.4711")),
    (
        "relation.information",
        "/relatedIdentifiers/0/relationTypeInformation",
        related("10.5072/ex.2", relation="Other"),
    ),
    (
        "relation.metadata-scheme",
        "/relatedIdentifiers/0",
        related("10.5072/ex.2", related_metadata_scheme="DDI"),
    ),
    (
        "relatedItem.title",
        "/relatedItems/0/titles",
        {"related_items": (RelatedItem("Journal", "IsPublishedIn"),)},
    ),
    (
        "relatedItem.position",
        "/relatedItems/0",
        {"related_items": (replace(JOURNAL, relation_type="Cites", volume="7"),)},
    ),
    (
        "relatedItem.unlinked",
        "/relatedItems/0/relatedItemIdentifier",
        {
            "related_items": (
                replace(
                    JOURNAL, related_item_identifier=RelatedItemIdentifier("2049-3673", "ISSN")
                ),
            )
        },
    ),
    (
        "name.empty",
        "/relatedItems/0/creators/0/name",
        {"related_items": (replace(JOURNAL, creators=(ItemCreator(""),)),)},
    ),
    (
        "vocabulary.unknown",
        "/relatedItems/0/contributors/0/contributorType",
        {"related_items": (replace(JOURNAL, contributors=(ItemContributor("A"),)),)},
    ),
    ("uri.invalid", "/subjects/0/valueUri", {"subjects": (Subject("A", value_uri="http://[bad"),)}),
    ("uri.invalid", "/rightsList/0/rightsUri", {"rights_list": (Rights("A", ":foo"),)}),
    ("geo.range", "/geoLocations/0/geoLocationPoint", place(geo_location_point=Point(180.5, 0))),
    ("geo.range", "/geoLocations/0/geoLocationPoint", place(geo_location_point=Point(0, None))),
    (
        "geo.range",
        "/geoLocations/0/geoLocationPoint",
        place(geo_location_point=Point(float("nan"), 0)),
    ),
    ("geo.range", "/geoLocations/0/geoLocationBox", place(geo_location_box=Box(0, 1, 0, 91))),
    (
        "geo.latitude-order",
        "/geoLocations/0/geoLocationBox",
        place(geo_location_box=Box(0, 1, 2, 1)),
    ),
    (
        "geo.date-line",
        "/geoLocations/0/geoLocationBox",
        place(geo_location_box=Box(170, -170, 0, 1)),
    ),
    (
        "geo.polygon-open",
        "/geoLocations/0/geoLocationPolygon",
        place(geo_location_polygon=polygon(*SQUARE[:-1])),
    ),
    (
        "geo.polygon-short",
        "/geoLocations/0/geoLocationPolygon/1",
        place(geo_location_polygon=(polygon(*SQUARE), polygon((0, 0), (1, 1), (0, 0)))),
    ),
    (
        "rights.identifier",
        "/rightsList/0/rightsIdentifier",
        {
            "rights_list": (
                Rights("A", rights_identifier="CC-BY-9.0", rights_identifier_scheme="SPDX"),
            )
        },
    ),
    (
        "funder.name",
        "/fundingReferences/0/funderName",
        {"funding_references": (FundingReference(),)},
    ),
    (
        "funder.identifier-type",
        "/fundingReferences/0/funderIdentifier",
        {"funding_references": (FundingReference("A", "https://ror.org/00k4n6c32"),)},
    ),
    (
        "subject.code",
        "/subjects/0/classificationCode",
        {"subjects": (Subject("A", classification_code="10:3"),)},
    ),
    (
        "vocabulary.unknown",
        "/descriptions/0/descriptionType",
        {"descriptions": (Description("A", "Summary"),)},
    ),
]


@pytest.mark.parametrize(
    ("rule", "path", "change"), BROKEN, ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_broken_rule_is_reported_where_it_is_broken(
    rule: str, path: str, change: dict[str, Any]
) -> None:
    assert rules(replace(PLAIN, **change)) == [(rule, path)]


@pytest.mark.parametrize(
    "change",
    [
        related("10.5072/ex.4711", relation="IsIdenticalTo"),
        related("10.5072/ex.2", relation="HasMetadata", related_metadata_scheme="DDI"),
        {"dates": (Date("2028-01-31", "Available"), Date("2026-11-25", "Issued"))},
        {"related_items": (replace(JOURNAL, volume="7"),)},
        {
            **related("2049-3673", "ISSN", "IsPublishedIn"),
            "related_items": (
                replace(
                    JOURNAL, related_item_identifier=RelatedItemIdentifier("2049-3673", "ISSN")
                ),
            ),
        },
        place(geo_location_polygon=(polygon(*SQUARE), polygon(*SQUARE))),
        place(geo_location_point=Point(-180.0, 90.0), geo_location_box=Box(1, 1, 1, 1)),
        {
            "rights_list": (
                Rights("A", rights_identifier="cc-by-4.0", rights_identifier_scheme="spdx"),
            )
        },
        {"subjects": (Subject("A", classification_code="QH 301"),)},
        {"language": "pt-br"},
    ],
)
def test_what_is_allowed_is_no_problem(change: dict[str, Any]) -> None:
    assert rules(replace(PLAIN, **change)) == []


@pytest.mark.parametrize("resource", [r for _, r in every_term()], ids=[n for n, _ in every_term()])
def test_no_term_of_a_list_is_unknown(resource: Resource) -> None:
    assert "vocabulary.unknown" not in [rule for rule, _ in rules(resource)]


def test_the_obligation_of_a_word_is_that_of_its_property() -> None:
    broken = replace(PLAIN, types=Types("Film"), titles=(Title("A", "Main"),))
    found = {
        p.path: p.obligation for p in check(broken, today=TODAY) if p.rule == "vocabulary.unknown"
    }
    assert found == {"/types/resourceTypeGeneral": "M", "/titles/0/titleType": "O"}


def test_each_recommended_property_that_is_absent_is_named() -> None:
    paths = [p.path for p in check(PLAIN, today=TODAY) if p.rule == "recommended.absent"]
    assert paths == [
        "/subjects", "/contributors", "/dates", "/relatedIdentifiers", "/descriptions",
        "/geoLocations",
    ]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(resources())
def test_checking_is_total_and_stable(resource: Resource) -> None:
    problems = check(resource, today=TODAY)
    assert problems == check(resource, today=TODAY)
    level(problems, resource)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(writable_resources())
def test_what_can_be_written_is_complete_at_least(resource: Resource) -> None:
    problems = check(resource, today=TODAY)
    assert level(problems, resource) in ("complete", "mintable")
    assert not [one for one in problems if one.severity == "error"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "mintable"),
        ({"doi": None, "alternate_identifiers": (AlternateIdentifier("1", "local"),)}, "complete"),
        ({"creators": (Creator(":unkn"),)}, "complete"),
        ({"titles": (Title(":unas"),)}, "complete"),
        ({"publisher": Publisher(":unav")}, "complete"),
        ({"publisher": None}, "complete"),
        ({"types": None}, "complete"),
        ({"doi": "junk"}, "complete"),
        ({"doi": None}, "incomplete"),
        ({"publication_year": None}, "incomplete"),
    ],
)
def test_the_level_follows_from_the_problems(change: dict[str, Any], expected: str) -> None:
    resource = replace(PLAIN, **change)
    assert level(check(resource, today=TODAY), resource) == expected


@needs_shared
def test_the_typical_record_lacks_only_a_place(shared: Any) -> None:
    resource = decode((shared / "datacite" / "typical.json").read_bytes())
    problems = check(resource, today=TODAY)
    assert [(p.rule, p.path) for p in problems] == [("recommended.absent", "/geoLocations")]
    assert level(problems, resource) == "mintable"
