"""Scholix: every answer fits the field list, each link says what is stated of which objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from app.crosswalks import scholix
from app.datacite.relation_classes import RELATIONS
from app.datacite.resource import (
    AlternateIdentifier,
    Creator,
    Date,
    ItemCreator,
    NameIdentifier,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    RelatedItemIdentifier,
    Resource,
    Title,
    Types,
)
from app.datacite.vocabularies import CURRENT
from tests.crosswalks.exports import fixture, fixtures, name, written
from tests.datacite.strategies import PLAIN, resources

FREELY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
FIELDS = json.loads(Path(__file__).with_name("scholix.schema.json").read_text("utf-8"))
ANSWER = jsonschema.Draft202012Validator(FIELDS)
STATED = jsonschema.Draft202012Validator(
    {**FIELDS["$defs"]["statedLink"], "$defs": FIELDS["$defs"]}
)
HUB = scholix.Statement(
    (scholix.Provider("Example Data Archive", "https://repo.example.org/oai"),),
    "2026-08-14",
    "https://creativecommons.org/publicdomain/zero/1.0/",
)
LITERATURE = {
    "Book", "BookChapter", "ConferencePaper", "ConferenceProceeding", "DataPaper", "Dissertation",
    "Journal", "JournalArticle", "PeerReview", "Preprint", "Report", "Text", "Poster",
    "Presentation",
}  # fmt: skip
KERNEL = "https://schema.datacite.org/meta/kernel-4.7/metadata.xsd"


def answer(resource: Resource) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written("scholix", resource))
    ANSWER.validate(found)
    return found


def related(*told: RelatedIdentifier) -> Resource:
    return replace(PLAIN, related_identifiers=told)


def only(resource: Resource) -> dict[str, Any]:
    (link,) = answer(resource)["result"]
    return dict(link)


# ── the whole ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", fixtures(), ids=name)
def test_each_answer_fits_the_field_list(path: Path) -> None:
    found = answer(fixture(path))
    assert found["totalLinks"] == len(found["result"])
    assert found["totalPages"] == bool(found["result"])


@FREELY
@given(resources())
def test_any_record_gives_an_answer_that_fits(resource: Resource) -> None:
    answer(resource)
    for link in scholix.links(resource, HUB):
        STATED.validate(link)


def test_the_whole_of_one_link() -> None:
    resource = Resource(
        doi="10.5072/abc-1",
        creators=(
            Creator(
                "Garcia, Ana María", "Personal", None, "Ana María", "Garcia",
                (NameIdentifier("https://orcid.org/0000-0001-5109-3700", "ORCID"),),
            ),
        ),
        titles=(Title("Rock falls at three sites"),),
        publisher=Publisher("Example Data Archive"),
        publication_year=2026,
        types=Types("Dataset"),
        related_identifiers=(RelatedIdentifier("10.5555/rock-1", "DOI", "IsSupplementTo"),),
    )  # fmt: skip
    (link,) = scholix.links(resource, HUB)
    assert link == {
        "LinkPublicationDate": "2026-08-14",
        "LinkProvider": [
            {
                "name": "Example Data Archive",
                "identifier": [
                    {
                        "ID": "https://repo.example.org/oai",
                        "IDScheme": "url",
                        "IDURL": "https://repo.example.org/oai",
                    }
                ],
            }
        ],
        "RelationshipType": {
            "Name": "IsSupplementTo", "SubType": "IsSupplementTo", "SubTypeSchema": KERNEL,
        },
        "LicenseURL": "https://creativecommons.org/publicdomain/zero/1.0/",
        "Source": {
            "Identifier": {
                "ID": "10.5072/abc-1", "IDScheme": "doi", "IDURL": "https://doi.org/10.5072/abc-1",
            },
            "Type": {"Name": "dataset", "SubType": "Dataset", "SubTypeSchema": KERNEL},
            "Title": ["Rock falls at three sites"],
            "Creator": [
                {
                    "Name": "Garcia, Ana María",
                    "Identifier": {
                        "ID": "0000-0001-5109-3700",
                        "IDScheme": "orcid",
                        "IDURL": "https://orcid.org/0000-0001-5109-3700",
                    },
                }
            ],
            "PublicationDate": "2026",
            "Publisher": [{"name": "Example Data Archive"}],
        },
        "Target": {
            "Identifier": {
                "ID": "10.5555/rock-1", "IDScheme": "doi", "IDURL": "https://doi.org/10.5555/rock-1",
            },
            "Type": {"Name": "unknown"},
        },
    }  # fmt: skip


def test_what_only_a_hub_knows_is_left_out_without_one() -> None:
    one = RelatedIdentifier("10.5072/other", "DOI", "Cites")
    assert set(only(related(one))) == {"RelationshipType", "Source", "Target"}
    (link,) = scholix.links(related(one), scholix.Statement((scholix.Provider("Archive"),)))
    assert link["LinkProvider"] == [{"name": "Archive"}]


def test_a_record_without_links_has_an_empty_answer() -> None:
    assert answer(PLAIN) == {
        "currentPage": 0, "totalLinks": 0, "totalPages": 0, "next": None, "result": [],
    }  # fmt: skip


# ── relations and types ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("relation", sorted(CURRENT["relationType"]))
def test_each_relation_has_its_scholix_name_and_keeps_its_own(relation: str) -> None:
    found = only(related(RelatedIdentifier("10.5072/other", "DOI", relation)))
    assert found["RelationshipType"] == {
        "Name": RELATIONS[relation].scholix, "SubType": relation, "SubTypeSchema": KERNEL,
    }  # fmt: skip


@pytest.mark.parametrize("general", sorted(CURRENT["resourceTypeGeneral"]))
def test_each_type_is_literature_data_or_unknown(general: str) -> None:
    one = RelatedIdentifier("10.5072/other", "DOI", "Cites", resource_type_general=general)
    found = only(replace(related(one), types=Types(general)))
    kind = "literature" if general in LITERATURE else "dataset"
    whole = {"Name": kind, "SubType": general, "SubTypeSchema": KERNEL}
    assert found["Target"]["Type"] == ({"Name": "unknown"} if general == "Other" else whole)
    assert found["Source"]["Type"] == found["Target"]["Type"]


def test_the_type_is_the_effective_one() -> None:
    one = RelatedIdentifier("2049-3673", "ISSN", "IsPartOf")
    assert only(replace(related(one), types=Types("Text")))["Source"]["Type"]["SubType"] == (
        "JournalArticle"
    )
    assert only(replace(related(one), types=None))["Source"]["Type"] == {"Name": "unknown"}


# ── the two ends ─────────────────────────────────────────────────────────────────────────────


def test_a_record_without_doi_goes_by_its_first_identifier_or_its_page() -> None:
    handle = AlternateIdentifier("20.500.99999/1", "Handle")
    one = replace(
        related(RelatedIdentifier("10.5072/other", "DOI", "Cites")),
        doi=None,
        url="https://repo.example.org/1",
    )
    told = only(replace(one, alternate_identifiers=(handle,)))["Source"]["Identifier"]
    assert told == {
        "ID": "20.500.99999/1",
        "IDScheme": "handle",
        "IDURL": "https://hdl.handle.net/20.500.99999/1",
    }
    assert only(one)["Source"]["Identifier"]["IDScheme"] == "url"
    assert answer(replace(one, url=None))["result"] == []


def test_dates_and_names_are_those_of_the_record() -> None:
    resource = replace(
        related(RelatedIdentifier("10.5072/other", "DOI", "Cites")),
        creators=(
            Creator(":unkn"),
            Creator("Lab", "Organizational", name_identifiers=(
                NameIdentifier("Q42", "Wikidata"),
                NameIdentifier("https://ror.org/02mhbdp94", "ROR"),
            )),
        ),
        titles=(Title("Also", "AlternativeTitle"), Title("Main")),
        dates=(Date("2009-01", "Issued"), Date("2008-05-09", "Issued")),
    )  # fmt: skip
    source = only(resource)["Source"]
    assert source["Title"] == ["Main", "Also"]
    assert source["PublicationDate"] == "2008-05-09"
    assert [one["Name"] for one in source["Creator"]] == ["Lab"]
    assert source["Creator"][0]["Identifier"]["IDScheme"] == "ror"


def test_an_item_tells_what_its_identifier_alone_does_not() -> None:
    item = RelatedItem(
        "Book", "Reviews",
        related_item_identifier=RelatedItemIdentifier("9783161484100", "ISBN"),
        creators=(ItemCreator("Dupont, Anne"),), titles=(Title("Rivers by hand"),),
        publication_year=987, publisher="Old Press",
    )  # fmt: skip
    alone = only(replace(PLAIN, related_items=(item,)))
    assert alone["Target"] == {
        "Identifier": {"ID": "9783161484100", "IDScheme": "isbn"},
        "Type": {"Name": "literature", "SubType": "Book", "SubTypeSchema": KERNEL},
        "Title": ["Rivers by hand"],
        "Creator": [{"Name": "Dupont, Anne"}],
        "PublicationDate": "0987",
        "Publisher": [{"name": "Old Press"}],
    }
    both = replace(
        related(RelatedIdentifier("9783161484100", "ISBN", "Reviews")), related_items=(item,)
    )
    assert only(both) == alone


def test_what_is_no_identifier_or_leads_back_is_no_link() -> None:
    resource = replace(
        related(
            RelatedIdentifier("not a DOI", "DOI", "Cites"),
            RelatedIdentifier("10.5072/ex.4711", "DOI", "Cites"),
            RelatedIdentifier("10.5072/ex.4711", "DOI", "IsIdenticalTo"),
            RelatedIdentifier("https://repo.example.org/1", "URL", "IsVersionOf"),
        ),
        alternate_identifiers=(AlternateIdentifier("https://repo.example.org/1", "URL"),),
        related_items=(RelatedItem("Book", "Cites", titles=(Title("Only a title"),)),),
    )
    assert only(resource)["RelationshipType"]["SubType"] == "IsIdenticalTo"


@pytest.mark.parametrize(
    ("value", "scheme"), [("2049-3673", "issn"), ("doi:10.5072/OTHER", "doi"), ("shelf 7", None)]
)
def test_an_item_whose_identifier_nobody_typed_goes_by_its_form(
    value: str, scheme: str | None
) -> None:
    item = RelatedItem("Journal", "Cites", related_item_identifier=RelatedItemIdentifier(value))
    found = answer(replace(PLAIN, related_items=(item,)))["result"]
    assert [link["Target"]["Identifier"]["IDScheme"] for link in found] == [scheme] * bool(scheme)
