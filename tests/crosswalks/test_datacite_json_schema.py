"""Our own JSON Schema of DataCite 4.7: canonical JSON is valid, anything else is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from app.crosswalks.datacite_json.schema import REQUIRED, schema
from app.datacite.resource import Resource, encode
from app.datacite.vocabularies import CURRENT
from tests.crosswalks.cases import expected, name, paths
from tests.datacite.strategies import PLAIN, every_term, resources

VALIDATOR = jsonschema.Draft202012Validator(schema())
FREELY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def wrong(document: Any) -> list[str]:
    """What the schema says against a document."""
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def plain(**more: Any) -> dict[str, Any]:
    """A plain resource's JSON with some keys set."""
    return {**json.loads(encode(PLAIN)), **more}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert set(REQUIRED) < set(schema()["$defs"])


@pytest.mark.parametrize("path", paths(), ids=name)
def test_what_a_case_expects_is_valid(path: Path) -> None:
    wanted = expected(path)["expect"]
    assert wanted is None or wrong(wanted) == []


@FREELY
@given(resources())
def test_any_resource_is_valid_and_comes_back(resource: Resource) -> None:
    assert wrong(json.loads(encode(resource))) == []


@pytest.mark.parametrize(("label", "resource"), list(every_term()), ids=lambda v: str(v)[:40])
def test_every_term_is_valid(label: str, resource: Resource) -> None:
    assert wrong(json.loads(encode(resource))) == []


@pytest.mark.parametrize(
    "key",
    ["titles", "subjects", "formats", "contentUrl", "relatedItems"],
)
def test_an_empty_list_is_not_canonical(key: str) -> None:
    assert wrong(plain(**{key: []}))


@pytest.mark.parametrize(
    "more",
    [
        {"doi": None},
        {"version": ""},
        {"doi": "https://doi.org/10.5072/x"},
        {"publicationYear": "2020"},
        {"colour": "red"},
        {"publisher": "Example Press"},
        {"types": {"resourceTypeGeneral": "journal article"}},
        {"titles": [{"titleType": "Subtitle"}]},
        {"creators": [{"name": "Roe, Jane", "affiliation": ["University of Exampleton"]}]},
        {"dates": [{"date": "2020", "dateType": "Published"}]},
        {"geoLocations": [{"geoLocationPoint": {"pointLongitude": 200, "pointLatitude": 1}}]},
        {"geoLocations": [{"geoLocationPoint": {"pointLongitude": 20}}]},
        {"relatedItems": [{"relatedItemType": "Book", "relationType": "Cites", "volume": 3}]},
    ],
    ids=str,
)
def test_what_is_not_canonical_is_refused(more: dict[str, Any]) -> None:
    assert len(wrong(plain(**more))) == 1


def test_the_lists_are_those_of_the_schema_4_7() -> None:
    inside = schema()["$defs"]["RelatedItem"]["properties"]
    assert set(inside["relatedItemType"]["enum"]) == CURRENT["resourceTypeGeneral"]
    assert set(inside["relationType"]["enum"]) == CURRENT["relationType"]
