"""Datestamps of requests."""

from __future__ import annotations

import pytest

from app.oai import datestamps


@pytest.mark.parametrize(
    "text",
    [
        "",
        "junk",
        "2020",
        "2020-01",
        "2020-02-30",
        "2021-02-29",
        "2020-13-01",
        "0000-01-01",
        "20200101",
        "2020-01-01T00:00:00",
        "2020-01-01T00:00:00+00:00",
        "2020-01-01T00:00:00.000Z",
        "2020-01-01T24:00:00Z",
        "2020-01-01T00:60:00Z",
        "2020-01-01T00:00:60Z",
        "2020-01-01T00:00Z",
        "2020-01-01t00:00:00z",
        " 2020-01-01",
        "2020-01-01 ",
        "2020-01-01\n",
        "2020-01-01 00:00:00Z",
        "-0001-01-01",
        "10000-01-01",
        "２０２０-01-01",
    ],
)
def test_any_other_form_or_a_moment_that_does_not_exist_is_refused(text: str) -> None:
    assert datestamps.read(text) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1970-01-01", 0, 86_399),
        ("1970-01-01T00:00:00Z", 0, 0),
        ("2020-02-29T23:59:59Z", 1_583_020_799, 1_583_020_799),
        ("0001-01-01", -62_135_596_800, -62_135_510_401),
        ("9999-12-31", 253_402_214_400, 253_402_300_799),
    ],
)
def test_a_day_is_all_its_seconds_and_a_second_is_itself(text: str, first: int, last: int) -> None:
    bound = datestamps.read(text)
    assert bound is not None
    assert (bound.first, bound.last) == (first, last)
