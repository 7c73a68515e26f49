"""A JSON document is read as what it shows: DataCite JSON, or JSON-LD of schema.org."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.crosswalks import Reading, read
from tests.crosswalks.cases import TODAY


def reading(document: Any, announced: str = "") -> Reading:
    return read(json.dumps(document).encode(), announced=announced, today=TODAY)


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://schema.org", "@type": "Dataset", "name": "Gauges"},
        {"@context": ["http://schema.org/", {"x": "urn:x"}], "@type": "Dataset", "name": "Gauges"},
        {"@context": {"@vocab": "http://schema.org/"}, "@type": "Dataset", "name": "Gauges"},
        {"@context": {"schema": "http://schema.org/"}, "@type": "schema:Dataset",
         "schema:name": "Gauges"},
        {"@type": "http://schema.org/Dataset", "http://schema.org/name": "Gauges"},
        [{"@context": "https://schema.org", "@type": "WebSite", "name": "Portal"},
         {"@context": "https://schema.org", "@type": "Dataset", "name": "Gauges"}],
        {"@graph": [{"@type": "https://schema.org/Dataset", "https://schema.org/name": "Gauges"}]},
        {"@context": "https://doi.org/10.5063/schema/codemeta-2.0", "@type": "Dataset",
         "name": "Gauges"},
        {"@context": "https://schema.org", "@type": "WebPage", "name": "Portal",
         "mainEntity": {"@type": "Dataset", "name": "Gauges"}},
        {"@context": "https://schema.org", "@graph": [
            {"@type": "Organization", "name": "Example Office"},
            {"@type": "Dataset", "@id": "#part", "name": "Gauge 1"},
            {"@type": "Dataset", "@id": "#whole", "name": "Gauges", "hasPart": {"@id": "#part"}}]},
    ],
)  # fmt: skip
def test_each_form_of_schema_org_is_read(document: Any) -> None:
    found = reading(document)
    assert found.format == "schema_org"
    assert found.resource is not None
    assert found.resource.titles[0].title == "Gauges"
    assert found.resource.types is not None
    assert found.resource.types.resource_type_general == "Dataset"


def test_datacite_json_is_still_read_as_what_it_is() -> None:
    found = reading({"doi": "10.5072/x", "titles": [{"title": "Gauges"}]})
    assert (found.format, found.namespace) == ("datacite_json", "")


@pytest.mark.parametrize(
    "document",
    [{}, [], 1, "text", None, {"name": "Gauges"}, {"@context": "https://www.w3.org/ns/dcat"},
     {"@graph": [{"@type": "dcat:Dataset"}]}, {"type": "article-journal", "title": "Gauges"}],
)  # fmt: skip
def test_other_json_is_no_record(document: Any) -> None:
    found = reading(document)
    assert found.resource is None
    assert [p.rule for p in found.problems] in (["format.unknown"], ["xml.malformed"])


@pytest.mark.parametrize("data", [b"{", b'{"a": }', b"{\xff}", b"[1, 2", b"[" * 100_000])
def test_broken_json_is_a_problem(data: bytes) -> None:
    found = read(data, today=TODAY)
    assert [p.rule for p in found.problems] == ["xml.malformed"]


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://schema.org"},
        {"@context": "https://schema.org", "@graph": []},
        {"@context": "https://schema.org", "@graph": [{"@type": "Person", "@id": "#p"}]},
        {"@context": "https://schema.org", "@type": "Dataset"},
    ],
)
def test_nothing_inside_is_said_to_be_empty(document: Any) -> None:
    found = reading(document)
    assert found.resource is None
    assert [p.rule for p in found.problems] == ["format.empty"]


def test_another_format_than_announced_is_told() -> None:
    document = {"@context": "https://schema.org", "@type": "Dataset", "name": "Gauges"}
    assert reading(document, "datacite_json").problems[0].rule == "format.mismatch"
    assert "format.mismatch" not in {p.rule for p in reading(document, "schema_org").problems}


def test_several_works_side_by_side_are_told() -> None:
    works = [{"@type": "Dataset", "name": name} for name in ("Gauges", "Wells")]
    found = reading({"@context": "https://schema.org", "@graph": works})
    assert found.resource is not None
    assert found.resource.titles[0].title == "Gauges"
    assert "payload.repeated" in {p.rule for p in found.problems}


def test_things_that_point_at_each_other_are_read() -> None:
    things = [
        {"@id": "#a", "@type": "Dataset", "name": "Gauges", "creator": {"@id": "#b"},
         "isPartOf": {"@id": "#c"}},
        {"@id": "#b", "@type": "Person", "name": "Roe, Jane", "affiliation": {"@id": "#b"}},
        {"@id": "#c", "@type": "PublicationVolume", "volumeNumber": "3", "isPartOf": {"@id": "#c"},
         "name": "Yearbook"},
    ]  # fmt: skip
    found = reading({"@context": "https://schema.org", "@graph": things})
    assert found.resource is not None
    assert found.resource.creators[0].family_name == "Roe"
    assert found.resource.related_items[0].volume == "3"


def test_what_lies_too_deep_is_left_out() -> None:
    inner: Any = "deep"
    for _ in range(300):
        inner = {"isPartOf": inner, "@type": "Dataset"}
    found = reading({"@context": "https://schema.org", "@type": "Dataset", "name": "A", **inner})
    assert found.resource is not None
