"""schema.org: other programs read it, keep the facts, and each property means what it should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import extruct
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from app.crosswalks import exporting, schema_org
from app.crosswalks.linking import licences
from app.datacite import identifiers
from app.datacite.resource import (
    AlternateIdentifier,
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)
from app.datacite.vocabularies import CURRENT
from tests.crosswalks.exports import fixture, fixtures, name, written
from tests.datacite.strategies import PLAIN, resources, ten_thousand_creators

SCHEMA = rdflib.Namespace("https://schema.org/")
CONTEXT = {
    "@vocab": str(SCHEMA),
    **{name: {"@type": "@id"} for name in ("license", "url", "contentUrl")},
}
"""What the context of schema.org says of the names that are used here; nothing is fetched."""
FREELY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
PERSON = "Personal"


def document(resource: Resource) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written("schema_org", resource))
    return found


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def graph(resource: Resource) -> rdflib.Graph:
    local = json.dumps({**document(resource), "@context": CONTEXT})
    return rdflib.Graph().parse(data=local, format="json-ld")


def related(relation: str, **more: Any) -> dict[str, Any]:
    one = RelatedIdentifier("10.5072/other", "DOI", relation, **more)
    return document(replace(PLAIN, related_identifiers=(one,)))


# ── other readers ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", fixtures(), ids=name)
def test_extruct_finds_the_facts_in_a_page(path: Path) -> None:
    resource = fixture(path)
    body = written("schema_org", resource).decode().replace("<", "\\u003c")
    page = f'<html><script type="application/ld+json">{body}</script></html>'
    (found,) = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    assert found["@type"]
    assert found.get("name", "") == exporting.main_title(resource)
    named = exporting.named(resource.creators)
    told = [one.get("familyName") or one["name"] for one in listed(found.get("creator"))]
    assert told == [exporting.plain(one.family_name or one.name) for one in named]
    if resource.publication_year and not any(d.date_type == "Issued" for d in resource.dates):
        assert found["datePublished"] == f"{resource.publication_year:04}"
    if resource.doi:
        assert found["@id"] == identifiers.link("DOI", resource.doi)
        assert {"@type": "PropertyValue", "propertyID": "DOI", "value": resource.doi} in (
            found["identifier"]
        )
    assert tuple(listed(found.get("license"))) == licences(resource)


@pytest.mark.parametrize("path", fixtures(), ids=name)
def test_rdflib_reads_the_triples(path: Path) -> None:
    resource = fixture(path)
    found = graph(resource)
    subjects = set(found.subjects(SCHEMA.schemaVersion))
    assert len(subjects) == 1
    (subject,) = subjects
    if title := exporting.main_title(resource):
        assert (subject, SCHEMA.name, rdflib.Literal(title)) in found
    if resource.doi:
        assert str(subject) == identifiers.link("DOI", resource.doi)


@FREELY
@given(resources())
def test_any_record_is_read_as_linked_data_without_empty_facts(resource: Resource) -> None:
    def no_empty(value: Any) -> None:
        assert value not in (None, "", [], {})
        for inner in value.values() if isinstance(value, dict) else ():
            no_empty(inner)
        for inner in value if isinstance(value, list) else ():
            no_empty(inner)

    no_empty(document(resource))
    assert len(graph(resource)) > 0


# ── what it is ───────────────────────────────────────────────────────────────────────────────


def test_the_page_takes_the_place_of_the_landing_page_and_of_a_missing_address() -> None:
    resource = replace(
        PLAIN,
        doi=None,
        alternate_identifiers=(AlternateIdentifier("A 7", "Accession"),),
        url="https://repo.example.org/7",
    )
    bare = schema_org.document(resource)
    assert (bare["@id"], bare["url"]) == (resource.url, resource.url)
    page = "https://hub.example.org/records/k3v5qhzn2c7rtw4x"
    here = schema_org.document(resource, page=page)
    assert (here["@id"], here["url"]) == (page, page)
    assert schema_org.document(PLAIN, page=page)["@id"] == "https://doi.org/10.5072/ex.4711"


def test_descriptions_are_cut_at_a_word_and_never_padded() -> None:
    long = "word " * 1200
    told = (Description("Short.", "Other"), Description(long.strip(), "Abstract"))
    text = document(replace(PLAIN, descriptions=told))["description"]
    assert 4990 < len(text) <= 5000
    assert text.endswith("word…")
    assert document(replace(PLAIN, descriptions=told[:1]))["description"] == "Short."


def test_what_only_names_a_series_describes_nothing_else_told() -> None:
    told = (
        Description("Series 7", "SeriesInformation"),
        Description("How.", "Methods"),
    )
    assert document(replace(PLAIN, descriptions=told))["description"] == "How."


def test_subjects_are_a_list_even_if_there_is_one() -> None:
    assert document(replace(PLAIN, subjects=(Subject("a, b"),)))["keywords"] == ["a, b"]


@pytest.mark.parametrize(
    ("types", "kind", "has_author"),
    [
        (Types("Dataset"), "Dataset", False),
        (Types("Text", "Blog post"), "BlogPosting", True),
        (Types("Other", "Journal article"), "ScholarlyArticle", True),
        (Types("Software"), "SoftwareSourceCode", False),
        (Types("Audiovisual"), "VideoObject", False),
    ],
)
def test_the_type_and_who_is_an_author(types: Types, kind: str, *, has_author: bool) -> None:
    found = document(replace(PLAIN, types=types, formats=("video/mp4",)))
    assert found["@type"] == kind
    assert ("author" in found) == has_author
    assert found.get("additionalType") == types.resource_type


# ── who ──────────────────────────────────────────────────────────────────────────────────────

ROLES = {
    "Editor": "editor", "Translator": "translator", "Sponsor": "sponsor", "Producer": "producer",
    "RightsHolder": "copyrightHolder",
}  # fmt: skip


@pytest.mark.parametrize("role", sorted(CURRENT["contributorType"]))
def test_contributors_stand_under_their_own_role(role: str) -> None:
    one = Contributor("Example Group", "Organizational", contributor_type=role)
    found = document(replace(PLAIN, contributors=(one,)))
    name = ROLES.get(role, "contributor")
    assert found[name] == {"@type": "Organization", "name": "Example Group"}
    assert not {*ROLES.values(), "contributor"} - {name} & found.keys()


def test_a_name_that_nobody_typed_is_neither_person_nor_organisation() -> None:
    found = document(replace(PLAIN, creators=(Creator("Smith, Sons"),)))
    assert found["creator"] == {"name": "Smith, Sons"}


def test_a_name_without_parts_is_never_split() -> None:
    found = document(replace(PLAIN, creators=(Creator("Alexander, of Exampleton", PERSON),)))
    assert found["creator"] == {"@type": "Person", "name": "Alexander, of Exampleton"}


def test_codes_for_missing_values_never_leave() -> None:
    bare = replace(
        PLAIN,
        creators=(Creator(":unkn"), Creator("Varga, Ilona", PERSON, None, "Ilona", "Varga")),
        titles=(Title(":unas"), Title("Known", "AlternativeTitle")),
        funding_references=(FundingReference(":unav", award_number="7"),),
    )
    text = written("schema_org", bare).decode()
    assert '":un' not in text
    assert '"name":"Known"' in text
    assert document(bare)["funding"] == {"@type": "Grant", "identifier": "7"}
    assert "funder" not in document(bare)


def test_ten_thousand_creators_are_all_there() -> None:
    assert len(document(ten_thousand_creators())["creator"]) == 10_000


# ── when, where, under which rights ──────────────────────────────────────────────────────────


def test_a_range_is_no_date_but_a_coverage() -> None:
    dates = (
        Date("2007/2009", "Issued"), Date("2001/2002", "Created"), Date("2010", "Updated"),
        Date("1998/", "Collected"), Date("/1999-02", "Collected"),
    )  # fmt: skip
    found = document(replace(PLAIN, dates=dates))
    assert found["datePublished"] == "2008"
    assert "dateCreated" not in found
    assert found["dateModified"] == "2010"
    assert found["temporalCoverage"] == ["1998/..", "../1999-02"]
    covered = document(replace(PLAIN, dates=(*dates, Date("1900", "Coverage"))))
    assert covered["temporalCoverage"] == "1900"


@pytest.mark.parametrize(
    ("rights", "free"),
    [
        (Rights("Open Access", "info:eu-repo/semantics/openAccess"), True),
        (Rights("Closed Access"), False),
        (Rights(None, "http://purl.org/coar/access_right/c_16ec"), False),
        (Rights(None, "info:eu-repo/semantics/embargoedAccess"), None),
        (Rights(None, "https://creativecommons.org/licenses/by/4.0/"), None),
    ],
)
def test_only_a_statement_of_access_says_who_may_see_it(rights: Rights, free: object) -> None:
    found = document(replace(PLAIN, rights_list=(rights,)))
    assert found.get("isAccessibleForFree") is free
    assert ("license" in found) == ("creativecommons" in (rights.rights_uri or ""))


# ── relations ────────────────────────────────────────────────────────────────────────────────

FORWARD = {
    "IsPartOf": "isPartOf", "IsPublishedIn": "isPartOf", "HasPart": "hasPart",
    "IsIdenticalTo": "sameAs", "IsDerivedFrom": "isBasedOn", "References": "citation",
    "Cites": "citation", "Documents": "citation", "HasTranslation": "workTranslation",
    "IsTranslationOf": "translationOfWork", "IsVersionOf": "exampleOfWork",
    "HasVersion": "workExample",
}  # fmt: skip
BACKWARD = {
    "IsCitedBy": "citation", "IsReferencedBy": "citation", "IsSupplementTo": "isBasedOn",
}  # fmt: skip


@pytest.mark.parametrize("relation", sorted(CURRENT["relationType"]))
def test_each_relation_has_its_property(relation: str) -> None:
    found = related(relation, resource_type_general="Dataset")
    other = {"@type": "Dataset", "@id": "https://doi.org/10.5072/other"}
    if relation in BACKWARD:
        assert found["@reverse"] == {BACKWARD[relation]: other}
    else:
        assert found[FORWARD.get(relation, "isRelatedTo")] == other
        assert "@reverse" not in found


def test_a_citing_work_is_the_subject_of_the_citation() -> None:
    one = RelatedIdentifier("10.5072/citing", "DOI", "IsCitedBy")
    triples = graph(replace(PLAIN, related_identifiers=(one,)))
    citing, own = (rdflib.URIRef(f"https://doi.org/10.5072/{n}") for n in ("citing", "ex.4711"))
    assert (citing, SCHEMA.citation, own) in triples


def test_serials_and_books_go_by_their_numbers() -> None:
    told = (
        RelatedIdentifier("2049-3673", "ISSN", "IsPartOf"),
        RelatedIdentifier("9783161484100", "ISBN", "Cites"),
    )
    found = document(replace(PLAIN, types=Types("JournalArticle"), related_identifiers=told))
    assert found["isPartOf"] == {"@type": "Periodical", "issn": "2049-3673"}
    assert found["citation"] == {"@type": "Book", "isbn": "9783161484100"}


def test_a_container_of_data_is_a_catalogue_and_of_texts_a_whole() -> None:
    item = RelatedItem("Collection", "IsPublishedIn", titles=(Title("The collection"),), volume="3")
    data = document(replace(PLAIN, related_items=(item,)))
    assert data["includedInDataCatalog"] == {"@type": "DataCatalog", "name": "The collection"}
    assert "isPartOf" not in data
    text = document(replace(PLAIN, types=Types("Report"), related_items=(item,)))
    assert text["isPartOf"] == {"@type": "CreativeWork", "name": "The collection"}
    assert text["volumeNumber"] == data["volumeNumber"] == "3"
    assert "includedInDataCatalog" not in text


def test_a_hundred_relations_are_told() -> None:
    many = tuple(RelatedIdentifier(f"10.5072/{n}", "DOI", "References") for n in range(150))
    assert len(document(replace(PLAIN, related_identifiers=many))["citation"]) == 100


def test_what_leads_back_to_the_record_is_told_only_as_the_same() -> None:
    loops = tuple(
        RelatedIdentifier("10.5072/ex.4711", "DOI", relation)
        for relation in ("References", "IsIdenticalTo")
    )
    found = document(replace(PLAIN, related_identifiers=loops))
    assert "citation" not in found
    assert found["sameAs"]["@id"] == "https://doi.org/10.5072/ex.4711"


# ── files ────────────────────────────────────────────────────────────────────────────────────


def test_a_file_has_the_format_and_size_of_the_record_only_if_it_is_alone() -> None:
    one = replace(
        PLAIN,
        content_url=("https://example.org/a.csv",),
        formats=("text/csv",),
        sizes=("12 MB", "3 columns"),
    )
    assert document(one)["distribution"] == {
        "@type": "DataDownload", "contentUrl": "https://example.org/a.csv",
        "encodingFormat": "text/csv", "contentSize": "12 MB",
    }  # fmt: skip
    two = replace(one, content_url=(*one.content_url, "https://example.org/b.csv"))
    assert [sorted(file) for file in document(two)["distribution"]] == [["@type", "contentUrl"]] * 2
