"""The real damaged bodies of the corpus: whole records are got, none is invented (L17)."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from harvesters.repair import Damage, mend
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
