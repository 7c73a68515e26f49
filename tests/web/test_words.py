from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.web import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019", "2019"),
        ("2016-03", "Mar 2016"),
        ("2021-06-14", "14 Jun 2021"),
        ("2021-06-14T10:52:00Z", "14 Jun 2021, 10:52"),
        ("2009-03/2020-11", "Mar 2009 – Nov 2020"),
        ("1998/", "since 1998"),
        ("/2004", "until 2004"),
        ("2021-13", "2021-13"),
        ("Easter 1916", "Easter 1916"),
    ],
)
def test_dates_of_the_metadata_are_put_into_words_and_the_rest_is_left(
    text: str, expected: str
) -> None:
    assert words.date_text(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("IsCitedBy", "Cited by"),
        ("Cites", "Cites"),
        ("IsPartOf", "Part of"),
        ("HasPart", "Has part"),
        ("IsNewVersionOf", "New version of"),
        ("IsIdenticalTo", "Identical to"),
        ("Other", "Related to"),
    ],
)
def test_relations_are_told_from_the_side_of_the_record(value: str, expected: str) -> None:
    assert words.relation(value) == expected


def test_terms_are_split_into_words() -> None:
    assert words.term("JournalArticle") == "Journal article"
    assert words.term("DataCollector") == "Data collector"
    assert words.term("Dataset") == "Dataset"


def test_a_moment_is_told_to_the_minute_in_utc() -> None:
    moment = datetime(2026, 11, 22, 11, 52, 9, tzinfo=UTC)
    assert words.minute(moment) == "22 Nov 2026, 11:52 UTC"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0 s"), (192, "3 min 12 s"), (3600, "1 h"), (187_200, "2 d 4 h"), (-5, "0 s")],
)
def test_a_span_is_told_in_its_two_largest_units(seconds: int, expected: str) -> None:
    assert words.duration(timedelta(seconds=seconds)) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (812, "812 B"),
        (1000, "1.0 KB"),
        (3_200_000, "3.2 MB"),
        (250_000_000, "250 MB"),
        (10**15, "1,000 TB"),
    ],
)
def test_bytes_are_told_in_units_of_a_thousand(size: int, expected: str) -> None:
    assert words.size(size) == expected


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("1d", "every day"),
        ("7d", "every week"),
        ("6h", "every 6 hours"),
        ("cron 0 3 * * 0", "by cron 0 3 * * 0"),
        ("", ""),
    ],
)
def test_an_interval_is_told_in_words(every: str, expected: str) -> None:
    assert words.every(every) == expected


def test_a_language_is_named_and_an_unknown_tag_stays() -> None:
    assert words.language("de") == "German"
    assert words.language("pt-BR") == "Portuguese (BR)"
    assert words.language("xyz") == "xyz"


def test_a_coordinate_tells_its_direction() -> None:
    assert words.coordinate(47.37, "NS") == "47.37° N"
    assert words.coordinate(-0.5, "EW") == "0.5° W"
    assert words.coordinate(0, "EW") == "0° E"


def test_a_text_is_cut_between_words_and_says_so() -> None:
    assert words.cut("one two three", 9) == "one two…"
    assert words.cut("one two", 9) == "one two"
    assert words.cut("x" * 20, 9) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("spdx", "short", "name"),
    [
        ("cc-by-4.0", "CC BY 4.0", "Creative Commons Attribution 4.0 International"),
        ("CC-BY-3.0-DE", "CC BY 3.0 DE", "Creative Commons Attribution 3.0 Germany"),
        ("CC0-1.0", "CC0 1.0", "Creative Commons Zero v1.0 Universal"),
        ("MIT", "MIT", "MIT License"),
        ("other", "other", ""),
    ],
)
def test_a_licence_has_a_short_and_a_full_name(spdx: str, short: str, name: str) -> None:
    assert (words.licence(spdx), words.licence_name(spdx)) == (short, name)
