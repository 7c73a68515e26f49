from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cron import Cron
from app.errors import ConfigurationError
from app.quiet_hours import quiet_until
from app.schedule import (
    Interval,
    after_quiet,
    delay,
    next_harvest_at,
    parse_every,
    retry_at,
    spread,
    upcoming,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("6h", timedelta(hours=6)),
        ("1d", timedelta(days=1)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        (" 1 d ", timedelta(days=1)),
    ],
)
def test_intervals_are_read(every: str, length: timedelta) -> None:
    assert parse_every(every) == Interval(length)
    assert next_harvest_at(every, at("2026-01-01")) == at("2026-01-01") + length


@pytest.mark.parametrize(
    ("every", "after", "expected"),
    [
        ("* * * * *", "2026-05-01T10:00:00", "2026-05-01T10:01:00"),
        ("* * * * *", "2026-05-01T10:00:59.9", "2026-05-01T10:01:00"),
        ("0 * * * *", "2026-05-01T10:00:00", "2026-05-01T11:00:00"),
        ("30 4 * * *", "2026-05-01T04:29:00", "2026-05-01T04:30:00"),
        ("30 4 * * *", "2026-05-01T04:30:00", "2026-05-02T04:30:00"),
        ("*/20 * * * *", "2026-05-01T10:41:00", "2026-05-01T11:00:00"),
        ("10-40/15 3 * * *", "2026-05-01T03:11:00", "2026-05-01T03:25:00"),
        ("0 2,14 * * *", "2026-05-01T03:00:00", "2026-05-01T14:00:00"),
        ("0 0 * * 0", "2026-11-20T00:00:00", "2026-11-22T00:00:00"),
        ("0 0 * * 7", "2026-11-20T00:00:00", "2026-11-22T00:00:00"),
        ("0 0 * * SUN", "2026-11-20T00:00:00", "2026-11-22T00:00:00"),
        ("0 0 * * 5-7", "2026-11-21T12:00:00", "2026-11-22T00:00:00"),
        ("0 0 * * mon-wed", "2026-11-20T00:00:00", "2026-11-23T00:00:00"),
        ("0 0 1 jan *", "2026-01-01T00:00:00", "2027-01-01T00:00:00"),
        ("0 0 31 * *", "2026-03-31T00:00:00", "2026-05-31T00:00:00"),
        ("0 0 29 2 *", "2026-01-01T00:00:00", "2028-02-29T00:00:00"),
        ("0 0 29 2 *", "2096-03-01T00:00:00", "2104-02-29T00:00:00"),
        ("0 0 13 * 5", "2026-11-01T00:00:00", "2026-11-06T00:00:00"),
        ("0 0 13 * 5", "2026-11-06T00:00:00", "2026-11-13T00:00:00"),
        ("0 0 1 * 5", "2026-11-27T00:00:00", "2026-12-01T00:00:00"),
        ("0 0 */10 * 5", "2026-11-01T00:00:00", "2026-12-11T00:00:00"),
        ("59 23 31 12 *", "2026-12-31T23:59:00", "2027-12-31T23:59:00"),
        ("@weekly", "2026-11-20T00:00:00", "2026-11-22T00:00:00"),
        ("@daily", "2026-11-20T08:00:00", "2026-11-21T00:00:00"),
    ],
)
def test_cron_text_names_its_next_moment(every: str, after: str, expected: str) -> None:
    assert next_harvest_at(every, at(after)) == at(expected)


@pytest.mark.parametrize(
    "every",
    [
        "",
        "daily",
        "0d",
        "99999w",
        "-1d",
        "1.5d",
        "6 hours",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 8",
        "* * * foo *",
        "5/15 * * * *",
        "*/0 * * * *",
        "*/ * * * *",
        "40-10 * * * *",
        "0 0 * * fri-mon",
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "٣ * * * *",
        ", * * * *",
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_text(every: str) -> None:
    with pytest.raises(ConfigurationError, match="`"):
        parse_every(every)


def test_an_impossible_date_is_no_matter_when_a_weekday_suffices() -> None:
    assert next_harvest_at("0 0 30 2 1", at("2026-02-01")) == at("2026-02-02")


def test_the_spread_is_drawn_from_the_name_and_stays_small() -> None:
    day = timedelta(days=1)
    drawn = {spread(day, f"repository-{n}") for n in range(1000)}
    assert len(drawn) > 500
    assert all(timedelta(0) <= one <= timedelta(minutes=30) for one in drawn)
    assert spread(day, "same") == spread(day, "same")
    assert all(spread(timedelta(hours=1), f"r{n}") <= timedelta(minutes=6) for n in range(100))


def test_intervals_and_cron_text_are_spread() -> None:
    after = at("2026-11-20")
    assert next_harvest_at("1d", after, name="b") - after == timedelta(days=1) + spread(
        timedelta(days=1), "b"
    )
    due = next_harvest_at("0 5 * * *", after, name="b")
    assert due == at("2026-11-20T05:00:00") + spread(timedelta(days=1), "b")
    assert delay("1d", after, "b") == delay("0 5 * * *", after, "b") == spread(timedelta(1), "b")
    assert due - at("2026-11-20T05:00:00") > timedelta(0)


def test_the_next_harvest_comes_after_the_one_that_was_put_off() -> None:
    names = [f"repository-{n}" for n in range(50)]
    for name in names:
        due = [at("2026-11-20T04:59:59")]
        for _ in range(3):
            due.append(next_harvest_at("0 5 * * *", due[-1], name=name))
        assert [one.day for one in due] == [20, 20, 21, 22]
        # at the moment itself it is still to come
        put_off = delay("0 5 * * *", due[0], name)
        between = at("2026-11-20T05:00:00") + put_off / 2
        assert (
            next_harvest_at("0 5 * * *", between, name=name) == due[1 + (put_off == timedelta(0))]
        )
    assert len({next_harvest_at("0 5 * * *", at("2026-11-20"), name=name) for name in names}) > 45


def test_a_short_interval_of_cron_text_is_spread_by_a_tenth_of_it() -> None:
    after = at("2026-11-20T09:58:00")
    found = {next_harvest_at("*/10 * * * *", after, name=f"r{n}") for n in range(50)}
    assert all(at("2026-11-20T10:00:00") <= one <= at("2026-11-20T10:01:00") for one in found)
    assert next_harvest_at("0 0 29 2 *", at("2096-03-01"), name="leap").year == 2104


def test_moments_with_an_offset_are_read_as_utc() -> None:
    after = datetime.fromisoformat("2026-11-20T01:30:00+02:00")
    assert next_harvest_at("0 0 * * *", after) == at("2026-11-20")


# ── against a plain walk over minutes ────────────────────────────────────────────────────────


def matches(fields: list[str], moment: datetime) -> bool:
    """Cron's rule, said in another way: field by field, for one minute."""
    values = (
        moment.minute,
        moment.hour,
        moment.day,
        moment.month,
        moment.isoweekday() % 7,
    )
    ranges = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
    found = [
        field_matches(field, value, low, high, sunday=number == 4)
        for number, (field, value, (low, high)) in enumerate(
            zip(fields, values, ranges, strict=True)
        )
    ]
    minute, hour, day, month, weekday = found
    restricted = fields[2][0] != "*" and fields[4][0] != "*"
    return minute and hour and month and (day or weekday if restricted else day and weekday)


def field_matches(field: str, value: int, low: int, high: int, *, sunday: bool) -> bool:
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if span == "*":
            start, end = low, 6 if sunday else high
        else:
            start, end = int(first), int(last or first)
        hits = set(range(start, end + 1, int(step or 1)))
        if value in hits or (sunday and value == 0 and 7 in hits):
            return True
    return False


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.integers(1, high)
    part = st.one_of(
        st.just("*"),
        number.map(str),
        span,
        st.tuples(st.one_of(st.just("*"), span), step).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    )
    return st.lists(part, min_size=1, max_size=3).map(",".join)


@settings(max_examples=80, deadline=None)
@given(
    fields=st.tuples(field(0, 59), field(0, 23), field(1, 31), st.just("*"), field(0, 7)),
    after=st.integers(0, 6 * 365 * 86400).map(
        lambda seconds: at("2023-01-01") + timedelta(seconds=seconds)
    ),
)
def test_the_next_moment_is_the_first_that_a_walk_over_minutes_finds(
    fields: tuple[str, ...], after: datetime
) -> None:
    found = next_harvest_at(" ".join(fields), after)
    walked = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    end = walked + timedelta(days=9)
    while walked < end and not matches(list(fields), walked):
        walked += timedelta(minutes=1)
    if walked < end:
        assert found == walked
    else:
        assert found >= end
        assert matches(list(fields), found)


def test_cron_text_is_kept_as_plain_sets() -> None:
    plan = parse_every("0 0 * * 6,7")
    assert isinstance(plan, Cron)
    assert plan.weekdays == {6, 0}


# ── zones, and both changes of their clocks ──────────────────────────────────────────────────

BERLIN = "Europe/Berlin"
ZONES = (BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo")


def moments(text: str, after: str, number: int) -> list[str]:
    plan = parse_every(text)
    assert isinstance(plan, Cron)
    return [f"{one:%m-%dT%H:%M}" for one in islice(plan.moments(at(after)), number)]


@pytest.mark.parametrize(
    ("every", "after", "expected"),
    [
        (f"0 5 * * * {BERLIN}", "2026-03-27T12:00", ["03-28T04:00", "03-29T03:00", "03-30T03:00"]),
        (f"0 5 * * * {BERLIN}", "2026-10-23T12:00", ["10-24T03:00", "10-25T04:00", "10-26T04:00"]),
        # 2:30 does not come: the clock jumps from 2:00 to 3:00 at 1:00 UTC
        (f"30 2 * * * {BERLIN}", "2026-03-28T00:00", ["03-28T01:30", "03-29T01:30", "03-30T00:30"]),
        # 2:30 comes twice: the first counts
        (f"30 2 * * * {BERLIN}", "2026-10-24T12:00", ["10-25T00:30", "10-26T01:30"]),
        # every hour: real hours count
        (f"30 * * * * {BERLIN}", "2026-10-24T23:31", ["10-25T00:30", "10-25T01:30", "10-25T02:30"]),
        (f"30 * * * * {BERLIN}", "2026-03-29T00:00", ["03-29T00:30", "03-29T01:30", "03-29T02:30"]),
        # a whole day that a zone left out
        ("0 12 * * * Pacific/Apia", "2011-12-29T00:00", ["12-29T22:00", "12-30T22:00"]),
        (f"@daily {BERLIN}", "2026-06-01T00:00", ["06-01T22:00", "06-02T22:00"]),
        ("0 0 * * sun Asia/Tokyo", "2026-11-20T00:00", ["11-21T15:00", "11-28T15:00"]),
    ],
)
def test_a_zone_may_stand_behind_cron_text(every: str, after: str, expected: list[str]) -> None:
    assert moments(every, after, len(expected)) == expected


@pytest.mark.parametrize("every", ["0 5 * * * Nowhere/Town", "6h Europe/Berlin", "0 5 * * * 1999"])
def test_a_zone_that_is_none_is_refused(every: str) -> None:
    with pytest.raises(ConfigurationError, match="`"):
        parse_every(every)


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    day=st.integers(0, 3 * 365),
)
def test_a_time_of_day_comes_once_on_each_day_of_its_zone(
    zone: str, hour: int, minute: int, day: int
) -> None:
    plan = parse_every(f"{minute} {hour} * * * {zone}")
    assert isinstance(plan, Cron)
    found = list(islice(plan.moments(at("2015-01-01") + timedelta(days=day)), 400))
    assert found == sorted(set(found))
    local = [one.astimezone(ZoneInfo(zone)) for one in found]
    days = [one.date() for one in local]
    assert [b - a for a, b in pairwise(days)] == [timedelta(days=1)] * 399
    meant = [one for one in local if (one.hour, one.minute) == (hour, minute)]
    assert len(meant) >= 397  # but where the clock jumps over it: then it comes as much later
    assert all(one.fold == 0 for one in meant)


@settings(max_examples=40, deadline=None)
@given(
    zone=st.sampled_from((BERLIN, "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu")),
    minute=st.integers(0, 59),
    hour=st.integers(0, 3 * 365 * 24),
)
def test_every_hour_means_real_hours_in_any_zone(zone: str, minute: int, hour: int) -> None:
    plan = parse_every(f"{minute} * * * * {zone}")
    assert isinstance(plan, Cron)
    found = list(islice(plan.moments(at("2015-01-01") + timedelta(hours=hour)), 24 * 3))
    assert {b - a for a, b in pairwise(found)} == {timedelta(hours=1)}


# ── the next times, quiet hours, tries after failures ────────────────────────────────────────


@settings(max_examples=100, deadline=None)
@given(
    every=st.sampled_from(["6h", "1d", "*/20 * * * *", "0 5 * * *", f"30 2 * * * {BERLIN}"]),
    first=st.integers(0, 2 * 365 * 24 * 60).map(lambda m: at("2026-01-01") + timedelta(minutes=m)),
    quiet=st.sampled_from(["", "22:00-06:00", "1:30-3:15 Europe/Berlin", "04:00-04:30"]),
    name=st.sampled_from(["", "reef", "dune"]),
)
def test_the_next_times_ascend_and_lie_outside_of_quiet_hours(
    every: str, first: datetime, quiet: str, name: str
) -> None:
    found = upcoming(every, first, 5, name=name, quiet=quiet)
    assert len(found) == 5
    assert found[0] == after_quiet(quiet, first, name) >= first
    assert all(a < b for a, b in pairwise(found))
    if not name:
        assert all(quiet_until(quiet, one) is None for one in found)


@settings(max_examples=100, deadline=None)
@given(
    begin=st.tuples(st.integers(0, 23), st.sampled_from([0, 30])),
    length=st.integers(1, 47),
    zone=st.sampled_from(ZONES),
    now=st.integers(0, 3 * 365 * 24 * 60).map(lambda m: at("2016-01-01") + timedelta(minutes=m)),
)
def test_quiet_hours_end_by_the_clock_of_their_zone(
    begin: tuple[int, int], length: int, zone: str, now: datetime
) -> None:
    last = (begin[0] * 60 + begin[1] + length * 30) % 1440
    text = f"{begin[0]}:{begin[1]:02}-{last // 60}:{last % 60:02} {zone}"
    until = quiet_until(text, now)
    if until is not None:
        assert now < until <= now + timedelta(minutes=length * 30 + 60)
        assert quiet_until(text, until) is None


@settings(max_examples=100, deadline=None)
@given(
    every=st.sampled_from(["15m", "1h", "6h", "1d", "7d", "0 5 * * sun"]),
    cause=st.sampled_from(["", "timed-out", "http-5xx", "http-404", "blocked"]),
    name=st.sampled_from(["", "reef"]),
)
def test_what_keeps_failing_is_tried_ever_more_rarely_and_at_least_once_a_day(
    every: str, cause: str, name: str
) -> None:
    now = at("2026-11-20T12:34")
    waits = [retry_at(every, n, cause, now, name=name) - now for n in range(60)]
    assert waits == sorted(waits)
    assert all(timedelta(0) < one <= timedelta(days=1) for one in waits)
    assert waits[-1] == timedelta(days=1)
    if cause == "timed-out":
        assert waits[0] <= retry_at(every, 0, "http-404", now, name=name) - now
