"""The real damaged bodies of the corpus: whole records are got, none is invented."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from harvesters.answers.reading import read_answer, read_page
from harvesters.answers.repair import Damage, mend
from tests.shared import PRESENT, SHARED, needs_shared

pytestmark = needs_shared.mark
FOLDER = SHARED / "corpus" / "malformed"
NAMES = {
    "bad bytes": "encoding",
    "control characters": "control-characters",
    "entity or ampersand": "entities",
    "undeclared prefix": "undeclared-prefix",
    "blank in namespace": "namespace-blank",
}
PAGE = (
    b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2020-01-01T00:00:00Z'
    b"</responseDate><ListRecords>%b</ListRecords></OAI-PMH>"
)


def cases() -> list[tuple[str, dict[str, Any]]]:
    """All bodies but bare metadata, which is no answer of a repository."""
    if not PRESENT:
        return []
    known = json.loads((FOLDER / "expect.json").read_text("utf-8"))
    return [(number, one) for number, one in known.items() if one["shape"] != "document"]


def body_of(expect: dict[str, Any]) -> bytes:
    path: Path = FOLDER / expect["file"]
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    if expect["shape"] != "record":
        return data
    return PAGE % re.sub(rb"^\s*(?:\xef\xbb\xbf)?\s*<\?xml.*?\?>", b"", data, flags=re.DOTALL)


@pytest.mark.parametrize(("number", "expect"), cases())
def test_a_damaged_body_gives_its_whole_records(number: str, expect: dict[str, Any]) -> None:
    try:
        found = mend(body_of(expect))
    except Damage:
        assert expect["records"] == 0
        return
    headers = len(list(found.root.iter("{*}header")))
    assert headers == expect.get("headers", expect["records"])
    assert not found.cut or not expect["complete"]
    assert {NAMES[name] for name in expect["repairs"] if name in NAMES} - (
        {"undeclared-prefix"} if found.lost else set()
    ) <= {repair.name for repair in found.repairs}


BARE = (
    b"<record><header><identifier>oai:bare:1</identifier><datestamp>2020-01-01</datestamp>"
    b"</header><metadata>%b</metadata></record>"
)
TORN = frozenset(("25", "26", "50", "51"))
"""Bare metadata that is part of a torn collection: there is no whole metadata to take."""


def everything() -> list[tuple[str, dict[str, Any]]]:
    return list(json.loads((FOLDER / "expect.json").read_text("utf-8")).items()) if PRESENT else []


def page_with(expect: dict[str, Any]) -> bytes:
    """Return the body; bare metadata stands in a record of a page."""
    body = body_of(expect | {"shape": "response"} if expect["shape"] == "document" else expect)
    if expect["shape"] != "document":
        return body
    bare = re.sub(rb"^\s*(?:\xef\xbb\xbf)?\s*<\?xml.*?\?>", b"", body, flags=re.DOTALL)
    return PAGE % (BARE % bare)


@pytest.mark.parametrize(("number", "expect"), everything())
def test_whole_records_are_got_and_none_is_invented(number: str, expect: dict[str, Any]) -> None:
    try:
        found = mend(page_with(expect))
    except Damage:
        assert expect["records"] == 0
        return
    verbs = ("ListRecords", "ListIdentifiers", "GetRecord")
    verb = next((v for v in verbs if found.root.find(f"{{*}}{v}") is not None), "ListRecords")
    page = read_page(read_answer(found, verb), found.lost, "", cut=found.cut)
    got = [record.header.identifier for record in page.records if not record.quarantine]
    if expect["shape"] == "document":
        assert got == (["oai:bare:1"] if expect["records"] and number not in TORN else [])
        assert [r.header.identifier for r in page.records] == ["oai:bare:1"]
    elif verb != "ListIdentifiers":
        assert sorted(got) == sorted(expect["identifiers"])
    else:
        assert set(expect["identifiers"]) <= set(got)
    if expect["shape"] == "response" and not expect["complete"]:
        assert page.cut, "it closes no window"
