from __future__ import annotations

import pytest

from app.causes import CAUSES, cause
from tests.shared import SHARED, needs_shared


@pytest.mark.parametrize("code", CAUSES)
def test_every_cause_is_a_sentence(code: str) -> None:
    row = CAUSES[code]
    assert row.words.endswith(".")
    for advice in (row.hub, row.operator, row.member):
        assert not advice or advice.endswith(".")


def test_a_status_without_a_row_of_its_own_takes_that_of_its_class() -> None:
    assert cause("http-418") == CAUSES["http-4xx"]
    assert cause("http-502") == CAUSES["http-5xx"]
    assert cause("http-403") == CAUSES["http-403"]


def test_an_unknown_cause_says_nothing() -> None:
    assert cause("who-knows").words == ""


@needs_shared
def test_every_known_cause_has_its_row() -> None:
    text = (SHARED / "harvesting.md").read_text("utf-8")
    table = text[text.index("### 18.1 Causes") : text.index("### 18.2 Settings")]
    codes = {
        code.strip("`")
        for line in table.splitlines()
        if line.startswith("| `")
        for code in line.split("|")[1].split("`")[1::2]
    }
    assert codes <= set(CAUSES)
