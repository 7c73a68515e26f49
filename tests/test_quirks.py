from __future__ import annotations

import pytest

from app.quirks import QUIRKS, heeded, quirk


@pytest.mark.parametrize("name", QUIRKS)
def test_every_quirk_is_told_in_sentences(name: str) -> None:
    row = QUIRKS[name]
    for words in (row.words, row.hub, row.unlearned):
        assert words.endswith(".")
    assert not row.member or row.member.endswith(".")


def test_a_quirk_that_is_counted_is_heeded_once_it_was_seen_often_enough() -> None:
    assert not heeded("size-wrong", "2")
    assert heeded("size-wrong", "3")
    assert heeded("slow", "")


def test_an_unknown_quirk_says_nothing() -> None:
    assert quirk("who-knows").words == ""
