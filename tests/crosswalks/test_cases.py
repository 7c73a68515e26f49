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

RATES = dict.fromkeys(("datacite", "oai_datacite", "datacite_json"), (0.995, 0.85))
RATES |= {"oai_dc": (0.97, 0.80)}
RATES |= dict.fromkeys(
    (
        "oai_openaire", "ddi", "jats", "jpcoar", "rioxx", "uketd_dc", "oai_etdms", "xmetadissplus",
        "junii2", "dim", "xoai", "didl", "mets", "mods", "marc21", "iso19139", "iso19115-3",
        "fgdc", "edm", "dcat", "schema_org", "lom", "cmdi",
    ),
    (0.90, 0.90),
)  # fmt: skip
"""Which part of the copied and of the inferred facts must be right, by format."""


@pytest.mark.parametrize("path", paths(), ids=name)
def test_case_is_read_as_it_says(path: Path) -> None:
    found, wanted = reading(path), expected(path)
    resource = json.loads(encode(found.resource)) if found.resource else None
    assert resource == wanted["expect"]
    problems = [f"{p.rule} {p.path}".strip() for p in found.problems]
    assert sorted(problems) == sorted(wanted["problems"])
    assert found.access == wanted.get("access")
    assert sorted({i.path for i in found.inferences}) == sorted(wanted["inferred"])


@pytest.mark.parametrize("folder", sorted(RATES))
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
    most, least = RATES[folder]
    assert copied >= most
    assert guessed >= least


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
