"""Pieces of XML that many records share are written once, and none is kept that is long."""

from __future__ import annotations

import pytest

from app.crosswalks import fragments
from app.crosswalks.fragments import shared


def test_a_part_is_written_once() -> None:
    written: list[str] = []

    def write(part: str) -> str:
        written.append(part)
        return f"<p>{part}</p>"

    piece = shared(write)
    assert [piece("a"), piece("b"), piece("a")] == ["<p>a</p>", "<p>b</p>", "<p>a</p>"]
    assert written == ["a", "b"]


def test_a_long_piece_is_written_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "LONGEST", 4)
    calls: list[str] = []
    piece = shared(lambda part: calls.append(part) or part)
    for part in ("word", "words", "word", "words"):
        assert piece(part) == part
    assert calls == ["word", "words", "words"]


def test_a_full_store_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MOST", 2)
    calls: list[int] = []
    piece = shared(lambda part: calls.append(part) or str(part))
    assert [piece(n) for n in (1, 2, 3, 3, 1)] == ["1", "2", "3", "3", "1"]
    assert calls == [1, 2, 3, 1]
