"""The controlled lists: equal to the schema's for every kernel, matched blindly and by alias."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.datacite.vocabularies import CURRENT, INVERSE, KERNELS, LISTS, match
from tests.shared import needs_shared

SIZES = {
    "titleType": 4, "nameType": 2, "contributorType": 22, "dateType": 12,
    "resourceTypeGeneral": 34, "relationType": 39, "relatedIdentifierType": 23,
    "descriptionType": 6, "funderIdentifierType": 5, "numberType": 4,
}  # fmt: skip
SCHEMA_NAMES = {"resourceTypeGeneral": "resourceType"}


def test_the_lists_have_their_sizes() -> None:
    assert {name: len(terms) for name, terms in CURRENT.items()} == SIZES


@needs_shared
@pytest.mark.parametrize("kernel", KERNELS)
def test_the_lists_are_the_schemas(kernel: str, shared: Path) -> None:
    schema = json.loads((shared / "datacite" / "enums.json").read_text("utf-8"))[kernel]
    for name, terms in LISTS.items():
        ours = {term.name for term in terms.values() if term.holds(kernel)}
        assert ours == set(schema.get(SCHEMA_NAMES.get(name, name), ())), name


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_term_matches_itself(name: str) -> None:
    assert all(match(name, term).term == term for term in CURRENT[name])
    assert all(match(name, term).how == "exact" for term in CURRENT[name])


@pytest.mark.parametrize(
    "word", ["journal article", "Journal-Article", "JOURNALARTICLE", "journal_article"]
)
def test_matching_is_blind_to_case_and_separators(word: str) -> None:
    found = match("resourceTypeGeneral", word)
    assert (found.term, found.how) == ("JournalArticle", "blind")


@pytest.mark.parametrize(
    ("name", "word", "term"),
    [
        ("relationType", "isReferencing", "References"),
        ("relationType", "HasFormat", "IsOriginalFormOf"),
        ("relationType", "is part of", "IsPartOf"),
        ("relatedIdentifierType", "Print ISSN", "ISSN"),
        ("relatedIdentifierType", "hdl", "Handle"),
        ("relatedIdentifierType", "PMCID", "URL"),
        ("nameType", "corporate", "Organizational"),
        ("nameType", "Person", "Personal"),
        ("contributorType", "thesis advisor", "Supervisor"),
        ("dateType", "last-modified", "Updated"),
        ("dateType", "Available ", "Available"),
        ("titleType", "alternative", "AlternativeTitle"),
        ("descriptionType", "TOC", "TableOfContents"),
        ("funderIdentifierType", "ror", "ROR"),
        ("funderIdentifierType", "FundRef ID", "Crossref Funder ID"),
        ("funderIdentifierType", "GND", "Other"),
        ("resourceTypeGeneral", "Film", "Audiovisual"),
    ],
)
def test_words_found_in_the_wild_match(name: str, word: str, term: str) -> None:
    assert match(name, word).term == term


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("dateType", "StartDate"),
        ("contributorType", "Funder"),
        ("nameType", ""),
        ("dateType", "x" * 10_000),
    ],
)
def test_what_has_no_term_in_4_7_matches_nothing(name: str, word: str) -> None:
    assert match(name, word).term is None


def test_inverse_relations_come_in_pairs() -> None:
    assert all(INVERSE[other] == one for one, other in INVERSE.items())
    assert CURRENT["relationType"] - set(INVERSE) == {"IsPublishedIn", "Other"}
    assert set(INVERSE) <= CURRENT["relationType"]


@needs_shared
def test_inverse_relations_are_those_of_the_link_rules(shared: Path) -> None:
    lines = (shared / "services" / "relations.tsv").read_text("utf-8").splitlines()[1:]
    stated = dict(line.split("\t")[:2] for line in lines if line.split("\t")[1] not in ("", "-"))
    assert {one: other for one, other in stated.items() if other in INVERSE} == dict(INVERSE)
