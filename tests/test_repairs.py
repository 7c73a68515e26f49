from __future__ import annotations

import inspect

import pytest

from app.repairs import KINDS, Told, read, sentence
from harvesters.answers import decoding, mending, portions, reading, repair


@pytest.mark.parametrize("excerpt", ["", "a: b × ; around: c", "line\nline"])
def test_a_repair_is_read_as_it_was_written_down(excerpt: str) -> None:
    text = sentence("entities", 11, excerpt)
    assert read(text, "oai:x:1") == Told("entities", 11, excerpt, "oai:x:1")


@pytest.mark.parametrize("text", ["", "entities", "entities: many × ; around: x", "The page."])
def test_what_is_no_repair_is_none(text: str) -> None:
    assert read(text) is None


def test_every_repair_has_its_words() -> None:
    modules = (decoding, mending, portions, reading, repair)
    source = "".join(map(inspect.getsource, modules))
    for name in KINDS:
        assert f'"{name}"' in source, f"nothing makes the repair {name}"
