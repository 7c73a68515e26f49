"""Every case is read as it says, comes out valid and says the same when it is read again."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.crosswalks import read, write
from app.datacite.resource import Creator, Publisher, Resource, Title, encode
from app.datacite.vocabularies import KERNELS
from app.errors import IncompleteResource
from tests.crosswalks.cases import CASES, TODAY, beside, expected, facts, name, paths, reading

COPIED = {
    "datacite": 0.995,
    "oai_datacite": 0.995,
    "datacite_json": 0.995,
    "oai_dc": 0.97,
    "oai_openaire": 0.90,
    "ddi": 0.90,
    "jats": 0.90,
    "jpcoar": 0.90,
    "rioxx": 0.90,
    "uketd_dc": 0.90,
    "oai_etdms": 0.90,
    "xmetadissplus": 0.90,
    "junii2": 0.90,
    "dim": 0.90,
    "xoai": 0.90,
    "didl": 0.90,
    "mets": 0.90,
    "mods": 0.90,
    "marc21": 0.90,
    "iso19139": 0.90,
    "iso19115-3": 0.90,
    "fgdc": 0.90,
    "edm": 0.90,
    "dcat": 0.90,
    "schema_org": 0.90,
    "lom": 0.90,
    "cmdi": 0.90,
}
INFERRED = {
    "datacite": 0.85,
    "oai_datacite": 0.85,
    "datacite_json": 0.85,
    "oai_dc": 0.80,
    "oai_openaire": 0.90,
    "ddi": 0.90,
    "jats": 0.90,
    "jpcoar": 0.90,
    "rioxx": 0.90,
    "uketd_dc": 0.90,
    "oai_etdms": 0.90,
    "xmetadissplus": 0.90,
    "junii2": 0.90,
    "dim": 0.90,
    "xoai": 0.90,
    "didl": 0.90,
    "mets": 0.90,
    "mods": 0.90,
    "marc21": 0.90,
    "iso19139": 0.90,
    "iso19115-3": 0.90,
    "fgdc": 0.90,
    "edm": 0.90,
    "dcat": 0.90,
    "schema_org": 0.90,
    "lom": 0.90,
    "cmdi": 0.90,
}


@pytest.mark.parametrize("path", paths(), ids=name)
def test_case_is_read_as_it_says(path: Path) -> None:
    found, wanted = reading(path), expected(path)
    resource = json.loads(encode(found.resource)) if found.resource else None
    assert resource == wanted["expect"]
    problems = [f"{p.rule} {p.path}".strip() for p in found.problems]
    assert sorted(problems) == sorted(wanted["problems"])
    assert found.access == wanted.get("access")
    assert sorted({i.path for i in found.inferences}) == sorted(wanted["inferred"])


@pytest.mark.parametrize("folder", sorted(COPIED))
def test_rates_of_facts_hold(folder: str) -> None:
    """Copied and inferred facts are counted apart."""
    right: Counter[bool] = Counter()
    every: Counter[bool] = Counter()
    for path in paths(folder):
        found, wanted = reading(path), expected(path)
        had = dict(facts(json.loads(encode(found.resource or Resource()))))
        inferred = tuple(wanted["inferred"])
        for place, value in facts(wanted["expect"]):
            kind = place.startswith(inferred) if inferred else False
            every[kind] += 1
            right[kind] += had.get(place) == value
    copied, guessed = right[False] / every[False], right[True] / every[True]
    print(f"{folder}: {copied:.1%} of copied and {guessed:.1%} of inferred facts")
    assert copied >= COPIED[folder]
    assert guessed >= INFERRED[folder]


@pytest.mark.parametrize("path", paths(), ids=name)
def test_reading_what_was_written_gives_the_same(path: Path) -> None:
    resource = reading(path).resource
    assert resource is not None
    try:
        again = read(write("datacite", resource), today=TODAY).resource
    except IncompleteResource:
        return
    assert again == replace(
        resource,
        url=None,
        content_url=(),
        creators=resource.creators or (Creator(":unkn"),),
        titles=resource.titles or (Title(":unas"),),
        publisher=resource.publisher or Publisher(":unav"),
    )


def kernel(path: Path) -> str:
    """The kernel that a case is written for: by its schemaLocation, else by its namespace.

    The first kernel has no namespace.
    """
    text = path.read_text("utf-8")
    told = re.search(r"meta/kernel-([0-9](?:\.[0-9])?)/metadata\.xsd", text) or re.search(
        r"datacite\.org/schema/kernel-([0-9](?:\.[0-9])?)", text
    )
    return told[1] if told else KERNELS[0]


@pytest.mark.parametrize("number", KERNELS)
def test_each_kernel_has_five_cases(number: str) -> None:
    start = f"kernel_{number.replace('.', '_')}"
    told = [path for path in paths("datacite") if f"{path.stem}_".startswith(f"{start}_")]
    assert len(told) >= 5
    for path in told:
        assert kernel(path) in (number, number[0])


def test_envelopes_and_json_have_their_cases() -> None:
    assert len(paths("oai_datacite")) >= 12
    assert len(paths("datacite_json")) >= 10


def test_each_case_has_its_expectation() -> None:
    told = {p for p in CASES.glob("*/*.json") if not p.parent.name.startswith("to_")}
    assert {beside(p) for p in paths()} == told - set(paths())
