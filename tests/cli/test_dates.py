from __future__ import annotations

import re

import click
import pytest

from app.cli.dates import DATE


@pytest.mark.parametrize("text", ["2026-11-22", "2026-11-22T10:00:00Z", "2024-02-29"])
def test_dates_are_taken_as_they_are(text: str) -> None:
    assert DATE.convert(text, None, None) == text


@pytest.mark.parametrize("text", ["7d", "2w"])
def test_days_ago_become_a_date(text: str) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", DATE.convert(text, None, None))


def test_hours_ago_become_a_moment() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", DATE.convert("6h", None, None))


def test_very_long_ago_is_the_beginning() -> None:
    assert DATE.convert("999999w", None, None) == "1970-01-01"


@pytest.mark.parametrize(
    "text", ["2026-02-30", "22.11.2026", "2026-11-22T10:00", "yesterday", "", "2026-1-2"]
)
def test_what_is_no_date_is_a_usage_error(text: str) -> None:
    with pytest.raises(click.BadParameter, match="7d for 7 days ago"):
        DATE.convert(text, None, None)
