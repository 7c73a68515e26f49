"""DataCite's own examples: every kernel is read, and those of kernel 4 lose nothing unsaid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from lxml import etree

from app.crosswalks import Reading, read, write
from tests.crosswalks.cases import TODAY
from tests.shared import PRESENT, SHARED, needs_shared

pytestmark = needs_shared.mark
EXAMPLES = sorted((SHARED / "xsd/datacite").glob("*/example/*.xml")) if PRESENT else []
KERNEL_4 = [path for path in EXAMPLES if path.parts[-3].startswith("kernel-4")]
MISSPELT = ("affilicationIdentifierScheme", "schemeURL")
"""Attributes in an example that no kernel has."""
_FRONT = re.compile(r"(?:https?://)?(?:dx\.|www\.)?(?:doi|orcid|ror)\.org/*|doi:")
_TAG = re.compile(r"</?(?:p|br) ?/?>")
_ISBN = re.compile(r"97[89][0-9-]{10,14}")


def label(path: Path) -> str:
    """The example's kernel and name."""
    return f"{path.parts[-3]}-{path.stem}"


def spelt(text: str) -> str:
    """A text in one spelling: of identifiers, numbers, blanks and addresses."""
    text = " ".join(_TAG.sub(" ", unescape(text).lower()).split()).replace("%20", " ")
    text = _FRONT.sub("", text, count=2)
    if _ISBN.fullmatch(text):
        text = text.replace("-", "")
    try:
        return repr(float(text))
    except ValueError:
        return text.rstrip("/")


def local(element: etree._Element) -> str:
    """The local name of an element."""
    return etree.QName(element).localname


def elements(data: bytes) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each element that holds a text or an attribute: its path, text and attributes."""
    root = etree.fromstring(data)
    for element in root.iter(etree.Element):
        inside = [child for child in element.iterchildren(etree.Element) if local(child) != "br"]
        text = spelt(" ".join(element.itertext())) if not inside else ""
        attributes = tuple(
            sorted(
                f"{etree.QName(key).localname}={spelt(str(value))}"
                for key, value in element.attrib.items()
                if spelt(str(value)) and "Location" not in key
            )
        )
        if text or attributes:
            steps = [element, *element.iterancestors()][:-1]
            names = [local(step) for step in reversed(steps)]
            yield (
                "/".join(name for name in names if name != "geoLocationPolygons"),
                text,
                attributes,
            )


def told(reading: Reading) -> str:
    """All that the reading says it changed or left out, in one text."""
    values = [str(problem.value) for problem in reading.problems]
    return "\n".join(spelt(value) for value in values + [i.source for i in reading.inferences])


def unsaid(path: Path) -> list[tuple[str, str]]:
    """What an example says, its written form does not, and the reading did not tell."""
    reading = read(path.read_bytes(), today=TODAY)
    assert reading.resource is not None
    said = told(reading)
    written = list(elements(write("datacite", reading.resource)))
    texts = Counter((place, text) for place, text, _ in written)
    facts = {(place, fact) for place, _, attributes in written for fact in attributes}
    found = []
    for place, text, attributes in elements(path.read_bytes()):
        if text and not texts[place, text]:
            if text[:150] not in said:
                found.append((place, text))
            continue
        found += [
            (place, fact)
            for fact in attributes
            if (place, fact) not in facts and not fact.startswith(MISSPELT)
            and (text or not place.endswith("description"))
            and fact.partition("=")[2] not in said
        ]  # fmt: skip
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=label)
def test_examples_of_all_kernels_are_read_without_error(path: Path) -> None:
    reading = read(path.read_bytes(), today=TODAY)
    assert reading.resource is not None
    errors = [problem.rule for problem in reading.problems if problem.severity == "error"]
    optional_then = ["resourceType.missing"] if path.parts[-3].startswith("kernel-2") else []
    assert [rule for rule in errors if rule not in optional_then] == []


@pytest.mark.parametrize("path", KERNEL_4, ids=label)
def test_examples_of_kernel_4_written_again_carry_every_fact(path: Path) -> None:
    assert unsaid(path) == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 180
    assert len(KERNEL_4) == 148
