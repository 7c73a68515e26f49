"""Every case is read as it says, comes out valid and says the same when it is read again."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.crosswalks import read, write
from app.datacite.resource import Creator, Publisher, Resource, Title, encode
from app.errors import IncompleteResource
from tests.crosswalks.cases import CASES, TODAY, expected, facts, name, paths, reading

COPIED = {
    "datacite": 0.995,
    "oai_datacite": 0.995,
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


def test_each_kernel_has_its_case() -> None:
    text = "".join(path.read_text("utf-8") for path in paths("datacite"))
    for kernel in ("kernel-2.1", "kernel-2.2", "kernel-3", "kernel-4"):
        assert f"datacite.org/schema/{kernel}" in text


def test_each_case_has_its_expectation() -> None:
    told = {p for p in CASES.glob("*/*.json") if not p.parent.name.startswith("to_")}
    assert {p.with_suffix(".json") for p in paths()} == told
