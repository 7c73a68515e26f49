"""Which properties of a description count as there, and what that makes of it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from app.datacite import completeness
from app.datacite.resource import (
    Affiliation,
    AlternateIdentifier,
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    GeoLocation,
    NameIdentifier,
    Point,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)
from tests.datacite.strategies import full_resources

FREELY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
ORCID = NameIdentifier("https://orcid.org/0000-0003-1417-2201", "ORCID")
WRONG_ORCID = NameIdentifier("https://orcid.org/0000-0003-1417-2202", "ORCID")
ROR = Affiliation("Example University", "https://ror.org/03yrm5c26", "ROR")
OPEN = Rights("Open Access", "info:eu-repo/semantics/openAccess")
LICENCE = Rights("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
RELATED = RelatedIdentifier("10.5072/b", "DOI", "Cites", resource_type_general="JournalArticle")


def keys(resource: Resource) -> set[str]:
    mask = completeness.present(resource, writable=False)
    return {name for name, bit in completeness.BITS.items() if mask & bit}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (Resource(), set()),
        (Resource(doi="10.5072/a"), {"identifier"}),
        (
            Resource(alternate_identifiers=(AlternateIdentifier("hdl:20.1/2", "Handle"),)),
            {"identifier"},
        ),
        (Resource(alternate_identifiers=(AlternateIdentifier("http://a.example", "URL"),)), set()),
        (
            Resource(doi="10.5072/a", alternate_identifiers=(AlternateIdentifier("A 1", "local"),)),
            {"identifier", "alternate_identifiers"},
        ),
        (Resource(creators=(Creator(":unkn"),)), set()),
        (Resource(creators=(Creator("A", name_identifiers=(WRONG_ORCID,)),)), {"creators"}),
        (
            Resource(creators=(Creator("A", name_identifiers=(ORCID,)),)),
            {"creators", "creators.orcid"},
        ),
        (
            Resource(creators=(Creator("A", affiliation=(ROR,)),)),
            {"creators", "creators.affiliation", "affiliations.ror"},
        ),
        (
            Resource(contributors=(Contributor("B", name_identifiers=(ORCID,)),)),
            {"contributors", "contributors.orcid"},
        ),
        (Resource(titles=(Title("T", lang="en"),)), {"titles", "titles.lang"}),
        (Resource(titles=(Title(":unav"),)), set()),
        (Resource(publisher=Publisher(":unav")), set()),
        (Resource(publisher=Publisher("P")), {"publisher"}),
        (Resource(types=Types("Other", "thing")), {"resource_type.text"}),
        (Resource(types=Types("Dataset")), {"resource_type"}),
        (Resource(descriptions=(Description("too short", "Abstract"),)), set()),
        (Resource(descriptions=(Description("x" * 50, "Abstract"),)), {"descriptions.abstract"}),
        (Resource(descriptions=(Description("x", "Methods"),)), {"descriptions.other"}),
        (Resource(rights_list=(OPEN,)), {"access"}),
        (Resource(rights_list=(LICENCE,)), {"rights", "rights.known"}),
        (Resource(rights_list=(Rights("All rights reserved"),)), {"rights"}),
        (Resource(related_identifiers=(RELATED,)), {"related", "related.article"}),
        (Resource(related_items=(RelatedItem("Dataset", "Cites"),)), {"related.data"}),
        (
            Resource(funding_references=(FundingReference("F", award_number="7"),)),
            {"funding", "funding.award"},
        ),
        (Resource(dates=(Date("2020", "Issued"),)), set()),
        (Resource(dates=(Date("2020-05", "Collected"),)), {"dates.issued", "dates.collected"}),
        (Resource(language="de"), {"language"}),
        (Resource(subjects=(Subject("s", "MeSH"),)), {"subjects", "subjects.scheme"}),
        (Resource(geo_locations=(GeoLocation(geo_location_place="Alps"),)), {"geo"}),
        (
            Resource(geo_locations=(GeoLocation(geo_location_point=Point(0.0, 0.0)),)),
            {"geo", "geo.coordinates"},
        ),
        (Resource(content_url=("https://a.example/f.csv",)), {"object_link"}),
        (Resource(url="https://a.example/1", version="2"), {"landing_url", "version"}),
    ],
)
def test_a_property_is_there_when_it_says_something(resource: Resource, expected: set[str]) -> None:
    assert keys(resource) == expected


def test_every_property_can_be_there() -> None:
    resource = Resource(
        doi="10.5072/a",
        creators=(Creator("A", name_identifiers=(ORCID,), affiliation=(ROR,)),),
        titles=(Title("T"), Title("U", "TranslatedTitle", "en")),
        publisher=Publisher("P", "https://ror.org/03yrm5c26", "ROR"),
        publication_year=2020,
        subjects=(Subject("s", "MeSH"),),
        contributors=(Contributor("B", name_identifiers=(ORCID,), affiliation=(ROR,)),),
        dates=(Date("2020-05", "Issued"), Date("1", "Coverage"), Date("2", "Collected")),
        language="de",
        types=Types("Dataset", "thing"),
        alternate_identifiers=(AlternateIdentifier("A 1", "local"),),
        related_identifiers=(RELATED, replace(RELATED, resource_type_general="Dataset")),
        sizes=("1 kB",),
        formats=("text/csv",),
        version="1",
        rights_list=(OPEN, LICENCE),
        descriptions=(Description("x" * 50, "Abstract"), Description("x", "Methods")),
        geo_locations=(GeoLocation(geo_location_point=Point(0.0, 0.0)),),
        funding_references=(FundingReference("F", "https://ror.org/03yrm5c26", award_number="7"),),
        url="https://a.example/1",
        content_url=("https://a.example/f.csv",),
    )

    assert completeness.present(resource) == sum(completeness.BITS.values())


def test_a_year_that_was_inferred_is_not_there() -> None:
    resource = Resource(publication_year=2020)
    bit = completeness.BITS["publication_year"]

    assert completeness.present(resource) & bit
    assert not completeness.present(resource, year_stated=False) & bit


def test_what_must_be_there_counts_twice() -> None:
    must = sum(completeness.BITS[name] for name in completeness.MUST)
    high = sum(completeness.BITS[name] for name in completeness.HIGH_IMPACT)
    others = sum(completeness.BITS[name] for name in completeness.OTHERS)

    assert completeness.score(must) == 54  # 12 of 22 points
    assert completeness.score(high) == 45
    assert completeness.score(must | high) == 100
    assert completeness.score(others) == 0
    assert [completeness.band(n) for n in (100, 80, 79, 50, 49, 0)] == [
        "high", "high", "middle", "middle", "low", "low",
    ]  # fmt: skip
    assert completeness.missing(must) == completeness.HIGH_IMPACT


@FREELY
@given(full_resources())
def test_every_resource_has_a_score_that_survives_storing(resource: Resource) -> None:
    stored = msgspec.json.decode(msgspec.json.encode(resource), type=Resource)
    mask = completeness.present(stored)

    assert mask == completeness.present(resource)
    assert 0 <= completeness.score(mask) <= 100
    assert set(completeness.missing(mask)) <= {*completeness.MUST, *completeness.HIGH_IMPACT}
