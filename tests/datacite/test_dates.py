"""Dates: the worked examples of one text, of a record's texts, of the year of publication."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.dates import DateReading, fault, publication_year, read_date, read_dates
from app.datacite.resource import Date
from tests.datacite.part_strategies import DAYS

TODAY = datetime.date(2026, 11, 24)

WORKED = [
    ("2008-05", "2008-05", None, None),
    ("2009-03-17 08:12", "2009-03-17T08:12", None, None),
    ("2008-5-9", "2008-05-09", None, None),
    ("9.5.2008", "2008-05-09", None, None),
    ("09/05/2008", "2008", "09/05/2008", None),
    ("23/05/2008", "2008-05-23", None, None),
    ("20080509", "2008-05-09", None, None),
    ("9. Mai 2008", "2008-05-09", None, None),
    ("May 9, 2008", "2008-05-09", None, None),
    ("mai 2008", "2008-05", None, None),
    ("[2008]", "2008", "[2008]", None),
    ("ca. 1850", "1850", "ca. 1850", None),
    ("198X", "1980/1989", "198X", None),
    ("1990-95", "1990/1995", "1990-95", None),
    ("1990-12", "1990-12", None, None),
    ("2008-21", "2008", "2008-21", None),
    ("1990/..", "1990/", None, None),
    ("2008-05-01 - 2008-06-30", "2008-05-01/2008-06-30", "2008-05-01 - 2008-06-30", None),
    ("between 1990 and 1995", "1990/1995", "between 1990 and 1995", None),
    ("19th century", "1801/1900", "19th century", None),
    ("300 BC", "-0299", "300 BC", None),
    ("2008-02-30", "2008-02", "2008-02-30", None),
    ("Published in 2008", "2008", "Published in 2008", None),
    ("Printed 2008 after the edition of 1911", None, None, None),
    ("Issued: 2008-05-09", "2008-05-09", None, "Issued"),
    ("info:eu-repo/date/embargoEnd/2028-01-31", "2028-01-31", None, "Available"),
    ("n.d.", None, None, None),
    ("0000", None, None, None),
]


@pytest.mark.parametrize(("text", "date", "information", "kind"), WORKED)
def test_a_date_is_read(
    text: str, date: str | None, information: str | None, kind: str | None
) -> None:
    reading = read_date(text)
    assert (reading.date, reading.information, reading.date_type) == (date, information, kind)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2009-03-17T08:12:44.123Z", "2009-03-17T08:12:44.123Z"),
        ("2009-03-17T08:12:44+0100", "2009-03-17T08:12:44+01:00"),
        ("2009-03-17 08:12:44 UTC", "2009-03-17T08:12:44Z"),
        ("20090317T081244Z", "2009-03-17T08:12:44Z"),
        ("2008-02-29", "2008-02-29"),
        ("2008-05-09Z", "2008-05-09"),
        ("-0054-03-15", "-0054-03-15"),
        ("200805", "2008-05"),
        ("2008/5/9", "2008-05-09"),
        ("2008.05.09", "2008-05-09"),
        ("2008/05", "2008-05"),
        ("05/2008", "2008-05"),
        ("5/5/2008", "2008-05-05"),
        ("9th of May 2008", "2008-05-09"),
        ("9 de mayo de 2008", "2008-05-09"),
        ("1er janvier 2008", "2008-01-01"),
        ("3 settembre 2008", "2008-09-03"),
        ("12 maart 2008", "2008-03-12"),
        ("março de 2008", "2008-03"),
        ("Fri, 9 May 2008", "2008-05-09"),
        ("09-May-2008", "2008-05-09"),
        ("1990/", "1990/"),
        ("../1995", "/1995"),
        ("-0500/-0100", "-0500/-0100"),
    ],
)
def test_a_form_that_tells_the_date_without_doubt_needs_no_information(
    text: str, date: str
) -> None:
    reading = read_date(text)
    assert (reading.date, reading.information) == (date, None)


@pytest.mark.parametrize(
    ("text", "date", "rule"),
    [
        ("2008-00-00", "2008", "date.calendar"),
        ("2007-02-29", "2007-02", "date.calendar"),
        ("31/02/2008", "2008-02", "date.calendar"),
        ("5.23.2008", "2008", "date.calendar"),
        ("2020-15", "2020", "date.calendar"),
        ("1995/1990", "1990/1995", "date.order"),
        ("2009-03-17T25:00:00Z", "2009-03-17", "date.repaired"),
        ("2010/11", "2010", "date.repaired"),
        ("1990/95", "1990/1995", "date.repaired"),
        ("Spring 2008", "2008", "date.repaired"),
        ("9-12 May 2008", "2008", "date.repaired"),
        ("1990–1995", "1990/1995", "date.repaired"),
        ("von 1990 bis 1995", "1990/1995", "date.repaired"),
        ("2008-05-01-2008-06-30", "2008-05-01/2008-06-30", "date.repaired"),
        ("1990 to present", "1990/", "date.repaired"),
        ("1990-", "1990/", "date.repaired"),
        ("2008?", "2008", "date.repaired"),
        ("c2008", "2008", "date.repaired"),
        ("©2008", "2008", "date.repaired"),
        ("[1990-95?]", "1990/1995", "date.repaired"),
        ("23/05/2008 10:00", "2008-05-23", "date.repaired"),
        ("19??", "1900/1999", "date.repaired"),
        ("1980s", "1980/1989", "date.repaired"),
        ("1984-05-XX", "1984-05", "date.repaired"),
        ("18. Jahrhundert", "1701/1800", "date.repaired"),
        ("XIXe siècle", "1801/1900", "date.repaired"),
        ("17th-18th century", "1601/1800", "date.repaired"),
        ("5th century BC", "-0499/-0400", "date.repaired"),
        ("300 v. Chr.", "-0299", "date.repaired"),
        ("300 BC - 100 BC", "-0299/-0099", "date.repaired"),
        ("2008, c2008", "2008", "date.repaired"),
    ],
)
def test_a_form_that_says_less_keeps_its_text(text: str, date: str, rule: str) -> None:
    assert read_date(text) == DateReading(date, text, None, rule)


@pytest.mark.parametrize(
    "text",
    ["9999", "0000-00-00", "9999-12-31", "10000-01-01", "s.d.", "o. J.", "in press", "undated",
     "12345678", "-54", "9-MAY-08", "٢٠٠٨", "²²²²", "May ²", "1990/1995/2000", "/", "..",
     "2008 [i.e. 2009]"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) == DateReading(None, None, None, "date.syntax")


def test_nothing_is_no_problem() -> None:
    assert read_date(" ") == DateReading(None)


def test_running_text_does_not_name_years_far_ahead() -> None:
    assert read_date("for 2090", latest=2031).date is None


ANY = st.one_of(
    st.text(),
    st.text("0123456789-/.T: ~?[]XuBCacxv²", max_size=24),
    st.lists(
        st.sampled_from(
            ("2008", "1990", "05", "9", "31", "-", "/", " ", ".", "to", "May", "century", "BC",
             "19th", "ca. ", "T08:12", "Z", "..", "[", "]", "?", "XX", "Issued: ", "-0054", "0000",
             "present")
        ),
        max_size=8,
    ).map("".join),
)  # fmt: skip


@given(ANY)
def test_reading_never_raises_and_what_it_reads_stands(text: str) -> None:
    date = read_date(text).date
    if date is not None:
        assert read_date(date) == DateReading(date)
        assert fault(date) is None


@pytest.mark.parametrize("date", DAYS)
def test_canonical_dates_have_no_fault(date: str) -> None:
    assert fault(date) is None


@pytest.mark.parametrize(
    ("date", "rule"),
    [("sometime", "date.syntax"), ("2008-02-30", "date.calendar"), ("1995/1990", "date.order"),
     ("9.5.2008", "date.repaired"), ("", "date.syntax"), ("-" + "9" * 5000, "date.syntax")],
)  # fmt: skip
def test_other_dates_have_one(date: str, rule: str) -> None:
    assert fault(date) == rule


RECORDS = [
    (["2008"], [("Issued", "2008")], 2008),
    (
        ["2009-03-17T08:12:44Z", "2009-03-17T08:12:44Z", "2008"],
        [("Issued", "2008"), ("Available", "2009-03-17")],
        2008,
    ),
    (
        ["2019-04-01T10:00:00Z", "2021-06-30T09:00:00Z", "2019-03-28"],
        [("Issued", "2019-03-28"), ("Available", "2019-04-01"), ("Updated", "2021-06-30")],
        2019,
    ),
    (["2009-03-17T08:12:44Z"], [("Issued", "2009-03-17")], 2009),
    (
        ["2019-04-01T10:00:00Z", "2021-06-30T09:00:00Z"],
        [("Available", "2019-04-01"), ("Updated", "2021-06-30")],
        2019,
    ),
    (["2017", "2017-06-09"], [("Issued", "2017-06-09")], 2017),
    (["2015-02-11", "2017-06-09"], [("Created", "2015-02-11"), ("Issued", "2017-06-09")], 2017),
    (
        ["2016", "info:eu-repo/date/embargoEnd/2028-01-01"],
        [("Available", "2028-01-01"), ("Issued", "2016")],
        2016,
    ),
    (["info:eu-repo/date/embargoEnd/2028-01-01"], [("Available", "2028-01-01")], 2028),
    (
        ["Issued: 2011-04-02", "Updated: 2012", "2011"],
        [("Issued", "2011-04-02"), ("Updated", "2012")],
        2011,
    ),
    (["2019/2021-03"], [("Issued", "2019/2021-03")], 2019),
    (["1990-1995", "2003"], [("Issued", "2003"), ("Coverage", "1990/1995")], 2003),
    (["2028-01-01", "2019"], [("Available", "2028-01-01"), ("Issued", "2019")], 2019),
    (["n.d."], [], None),
]


@pytest.mark.parametrize(("texts", "expected", "year"), RECORDS)
def test_the_dates_of_a_record_are_typed(
    texts: list[str], expected: list[tuple[str, str]], year: int | None
) -> None:
    dates, _ = read_dates(texts, TODAY)
    assert [(date.date_type, date.date) for date in dates] == expected
    assert publication_year(dates, today=TODAY)[0] == year


def test_days_that_occur_twice_are_the_repositorys_own_where_times_are_cut_off() -> None:
    dates, _ = read_dates(["2009-03-17", "2009-03-17", "2008-01-02"], TODAY, days_only=True)
    assert dates == (Date("2008-01-02", "Issued"), Date("2009-03-17", "Available"))


def test_a_date_that_cannot_be_read_is_a_problem_with_its_text() -> None:
    dates, problems = read_dates(["Printed 2008 after 1911", "ca. 1850"], TODAY)
    assert dates == (Date("1850", "Issued", "ca. 1850"),)
    assert [(p.rule, p.value) for p in problems] == [
        ("date.syntax", "Printed 2008 after 1911"), ("date.repaired", "ca. 1850"),
    ]  # fmt: skip


@given(st.lists(ANY, max_size=5))
def test_any_texts_give_canonical_dates(texts: list[str]) -> None:
    dates, _ = read_dates(texts, TODAY)
    assert len(set(dates)) == len(dates)
    assert sum(date.date_type == "Issued" for date in dates) <= max(
        1, sum("issued" in text.lower() for text in texts)
    )
    publication_year(dates, today=TODAY)


@pytest.mark.parametrize(
    ("given_year", "expected"),
    [("2008", (2008, "given")), (" 2008 ", (2008, "given")), (2008, (2008, "given")),
     ("2008-05-09", (2008, "given")), ("0987", (987, "given")), ("0000", (2011, "datestamp")),
     ("9999", (2011, "datestamp")), ("٢٠٢٤", (2011, "datestamp")), (None, (2011, "datestamp"))],
)  # fmt: skip
def test_a_given_year_counts_unless_it_is_none(
    given_year: str | int | None, expected: tuple[int, str]
) -> None:
    year = publication_year((), given=given_year, datestamp="2011-02-03T04:05:06Z", today=TODAY)
    assert year == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([Date("2010", "Created"), Date("2012", "Issued")], (2012, "Issued")),
        ([Date("2010", "Created"), Date("2012", "Copyrighted")], (2012, "Copyrighted")),
        ([Date("2010", "Collected"), Date("2009", "Coverage")], (None, "none")),
        ([Date("2008", "Withdrawn")], (None, "none")),
        ([Date("0999", "Issued"), Date("2001", "Created")], (2001, "Created")),
        ([Date("2099", "Issued"), Date("2001", "Created")], (2001, "Created")),
        ([Date("2099-01-01", "Available")], (2099, "Available")),
        ([Date("9999-12-31", "Available")], (None, "none")),
        ([Date("-0299", "Issued")], (None, "none")),
        ([Date("/1995", "Issued")], (1995, "Issued")),
    ],
)  # fmt: skip
def test_the_year_is_taken_from_the_first_type_that_has_one(
    dates: list[Date], expected: tuple[int | None, str]
) -> None:
    assert publication_year(dates, today=TODAY) == expected


def test_registration_comes_before_the_datestamp() -> None:
    year = publication_year((), registered="2015-01-01", datestamp="2020-01-01", today=TODAY)
    assert year == (2015, "registered")
