"""DataCite JSON: every shape in use is read, and what is written has the derived keys."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from app.crosswalks import Header, read, write
from app.datacite.resource import (
    Affiliation,
    AlternateIdentifier,
    Publisher,
    RelatedItem,
    Resource,
    Title,
    Types,
)
from tests.crosswalks.cases import TODAY
from tests.datacite.strategies import PLAIN


def given(attributes: dict[str, Any]) -> Resource:
    """What is read of some attributes."""
    found = read(json.dumps({"doi": "10.5072/x", "titles": ["A"], **attributes}).encode())
    assert found.format == "datacite_json"
    assert found.resource is not None
    return found.resource


def test_a_whole_rest_document_is_read() -> None:
    attributes = {
        "doi": "10.5072/X",
        "titles": [{"title": "A"}],
        "viewCount": 3,
        "state": "findable",
    }
    document = {"data": {"id": "10.5072/x", "type": "dois", "attributes": attributes}}
    found = read(json.dumps(document).encode(), today=TODAY)
    assert found.resource is not None
    assert (found.resource.doi, found.resource.titles) == ("10.5072/x", (Title("A"),))
    assert "json.unknown-key" not in [problem.rule for problem in found.problems]


def test_a_publisher_and_affiliations_may_be_texts_and_a_year_too() -> None:
    creator = {"name": "Varga, Ilona", "affiliation": ["University of Exampleton"]}
    found = given({"publisher": "P", "creators": [creator], "publicationYear": "2020"})
    assert found.publisher == Publisher("P")
    assert found.publication_year == 2020
    assert found.creators[0].affiliation == (Affiliation("University of Exampleton"),)


@pytest.mark.parametrize("key", ["schemeUri", "schemeURI", "SchemeUri"])
def test_addresses_are_read_in_either_spelling(key: str) -> None:
    found = given({"subjects": [{"subject": "Rivers", key: "https://example.org/"}]})
    assert found.subjects[0].scheme_uri == "https://example.org/"


def test_identifiers_may_hold_the_doi_or_the_alternates() -> None:
    pypi = {"identifiers": [{"identifier": "10.5072/Y", "identifierType": "DOI"}], "titles": ["A"]}
    found = read(json.dumps(pypi).encode(), today=TODAY).resource
    assert found is not None
    assert found.doi == "10.5072/y"
    rest = given({"identifiers": [{"identifier": "4711", "identifierType": "Accession"}]})
    assert rest.alternate_identifiers == (AlternateIdentifier("4711", "Accession"),)


CORNERS = [
    {"pointLongitude": "8.2", "pointLatitude": 47.1}, {"pointLongitude": 9, "pointLatitude": 47.1},
    {"pointLongitude": 9, "pointLatitude": 48}, {"pointLongitude": 8.2, "pointLatitude": 47.1},
]  # fmt: skip


@pytest.mark.parametrize(
    "shape",
    [
        [{"polygonPoint": corner} for corner in CORNERS],
        [[{"polygonPoint": corner} for corner in CORNERS]],
        {"polygonPoints": CORNERS},
        {"polygonPoint": CORNERS},
        CORNERS,
    ],
)
def test_a_polygon_may_have_any_shape_in_use(shape: Any) -> None:
    (place,) = given({"geoLocations": [{"geoLocationPolygon": shape}]}).geo_locations
    assert len(place.geo_location_polygon) == 4


def test_unknown_keys_are_kept_out_and_reported() -> None:
    data = json.dumps({"doi": "10.5072/x", "titles": ["A"], "colour": "red"}).encode()
    found = read(data, today=TODAY)
    assert [(p.rule, p.value) for p in found.problems if p.rule.startswith("json")] == [
        ("json.unknown-key", "colour")
    ]


def test_the_header_is_a_fallback_here_too() -> None:
    header = Header("oai:example.org:1", "2020-01-01")
    data = json.dumps({"titles": ["A"], "types": {"resourceTypeGeneral": "Text"}}).encode()
    found = read(data, header=header, today=TODAY).resource
    assert found is not None
    assert (found.publication_year, found.alternate_identifiers[0].alternate_identifier) == (
        2020,
        "oai:example.org:1",
    )


def test_the_exported_form_has_the_derived_keys() -> None:
    item = RelatedItem("Journal", "IsPublishedIn", titles=(Title("J"),), volume="3", issue="1")
    alternate = AlternateIdentifier("4711", "Accession")
    resource = replace(
        PLAIN,
        types=Types("JournalArticle"),
        related_items=(item,),
        alternate_identifiers=(alternate,),
    )
    written = json.loads(write("datacite_json", resource))
    assert written["id"] == "https://doi.org/10.5072/ex.4711"
    assert (written["prefix"], written["suffix"]) == ("10.5072", "ex.4711")
    assert written["identifiers"] == [{"identifier": "4711", "identifierType": "Accession"}]
    assert written["types"] == {
        "ris": "JOUR", "bibtex": "article", "citeproc": "article-journal",
        "schemaOrg": "ScholarlyArticle", "resourceTypeGeneral": "JournalArticle",
    }  # fmt: skip
    assert written["container"] == {"type": "Journal", "title": "J", "volume": "3", "issue": "1"}
    assert written["schemaVersion"] == "http://datacite.org/schema/kernel-4"


def test_what_is_written_is_a_line() -> None:
    assert write("datacite_json", PLAIN).endswith(b"}\n")


def test_a_text_in_a_journal_is_an_article_in_the_words_of_others() -> None:
    journal = RelatedItem("Journal", "IsPublishedIn", titles=(Title("Journal of Slopes"),))
    told = replace(PLAIN, types=Types("Text"), related_items=(journal,))
    types = json.loads(write("datacite_json", told))["types"]
    assert types["resourceTypeGeneral"] == "Text"
    assert (types["bibtex"], types["ris"]) == ("article", "JOUR")
