"""Coordinates of maps: codes of catalogues and the edges of sheets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.map_coordinates import coded, coded_box, on_sheet
from app.datacite.resource import Box


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("W0133000", -13.5),
        ("133.5W", -133.5),
        ("-13.5", -13.5),
        ("+079.533265", 79.533265),
        ("E 006 10 00", 6.166667),
        ("E006.166666", 6.166666),
        ("0083000", 8.5),
        ("N0690000", 69.0),
        ("4.5", 4.5),
        ("E00830", 8.5),
        ("x", None),
        ("", None),
    ],
)
def test_a_code_is_read(text: str, degrees: float | None) -> None:
    assert coded(text) == degrees


def test_four_codes_are_a_box() -> None:
    found = coded_box("W0133000", "W0120000", "N0050000", "N0044000")
    assert found == Box(-13.5, -12.0, 4.666667, 5.0)
    assert coded_box("W0133000", "", "N0050000", "N0044000") is None
    assert coded_box("W9990000", "W0120000", "N0050000", "N0044000") is None


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("(W 2°0ʹ--W 1°30ʹ/N 5°0ʹ--N 4°40ʹ)", Box(-2.0, -1.5, 4.666667, 5.0)),
        ("(E 007 30 -E 007 40 /N 052 36 -N 052 30)", Box(7.5, 7.666667, 52.5, 52.6)),
        ("W 113⁰--W 107⁰/N 41⁰--N 38⁰.", Box(-113.0, -107.0, 38.0, 41.0)),
        ("E 8°--E 10°/N 47°", None),
        ("47.37, 8.55", None),
        ("the whole valley", None),
    ],
)
def test_the_edges_of_a_sheet_are_read(text: str, box: Box | None) -> None:
    assert on_sheet(text) == box


@given(st.text(max_size=200))
def test_any_text_is_a_coordinate_or_none(text: str) -> None:
    coded(text)
    on_sheet(text)
