"""Where windows are cut: properties of the pure parts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.store.values import Window
from harvesters.answers.reading import seconds
from harvesters.runs.splitting import (
    BEGINNING,
    DAY,
    Estimates,
    Span,
    aim,
    estimates,
    halves,
    is_large,
    is_within_a_day,
)

NOW = 1_790_000_000
STAMPS = st.integers(BEGINNING - 20 * 365 * DAY, NOW + 400 * DAY)
AROUND = st.builds(Estimates, st.integers(BEGINNING, NOW - 1), st.just(NOW))


def text(at: int, *, fine: bool) -> str:
    return clock.text(at) if fine else clock.text(at)[:10]


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, bool]:
    fine = draw(st.booleans())
    first, last = sorted((draw(STAMPS), draw(STAMPS)))
    from_ = text(first, fine=fine) if draw(st.booleans()) else ""
    until = text(last, fine=fine) if draw(st.booleans()) else ""
    return (from_, until), fine


def covers(span: Span, stamp: int) -> bool:
    """Whether a server that takes `until` as exclusive finds a datestamp in a window."""
    form = clock.text(stamp)
    low, high = span
    return form[: len(low) or None] >= low and (not high or form[: len(high)] < high)


def leaves(span: Span, around: Estimates, *, fine: bool, depth: int) -> list[Span]:
    found = halves(span, around, fine=fine) if depth else None
    if found is None:
        return [span]
    return [one for half in found for one in leaves(half, around, fine=fine, depth=depth - 1)]


@given(given_=spans(), around=AROUND)
def test_halves_share_their_boundary_and_keep_the_outer_bounds(
    given_: tuple[Span, bool], around: Estimates
) -> None:
    span, fine = given_
    found = halves(span, around, fine=fine)
    if found is None:
        return
    (from_, boundary), (also, until) = found
    assert (from_, until) == span
    assert boundary == also
    assert boundary not in ("", from_, until)
    assert {len(one) for one in (from_, boundary, until) if one} == {len(boundary)}


@given(given_=spans(), around=AROUND, stamp=STAMPS)
def test_no_datestamp_falls_between_two_windows(
    given_: tuple[Span, bool], around: Estimates, stamp: int
) -> None:
    span, fine = given_
    if covers(span, stamp):
        parts = leaves(span, around, fine=fine, depth=5)
        assert any(covers(part, stamp) for part in parts)


@given(given_=spans(), around=AROUND, stamp=STAMPS)
def test_halving_comes_to_an_end(given_: tuple[Span, bool], around: Estimates, stamp: int) -> None:
    span, fine = given_
    for _ in range(80):
        found = halves(span, around, fine=fine)
        if found is None:
            return
        span = found[0] if covers(found[0], stamp) else found[1]
    pytest.fail(f"{span} can be halved for ever")


def test_a_list_is_cut_in_the_middle_of_the_time_that_its_records_span() -> None:
    around = Estimates(seconds("2020-01-01") or 0, seconds("2026-01-01") or 0)
    assert halves(("", ""), around, fine=False) == (("", "2023-01-02"), ("2023-01-02", ""))
    assert halves(("", ""), around, fine=True) == (
        ("", "2023-01-02T00:00:00Z"),
        ("2023-01-02T00:00:00Z", ""),
    )


@pytest.mark.parametrize(
    ("span", "fine", "boundary"),
    [
        (("2026-01-01", "2026-01-03"), False, "2026-01-02"),
        (("2026-01-01", "2026-01-02"), False, None),
        (("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"), True, "2026-01-02T00:00:00Z"),
        (("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"), True, "2026-01-01T12:00:00Z"),
        (("2026-01-01T12:00:00Z", "2026-01-01T12:00:02Z"), True, "2026-01-01T12:00:01Z"),
        (("2026-01-01T12:00:00Z", "2026-01-01T12:00:01Z"), True, None),
        (("2026-01-01T22:00:00Z", "2026-01-02T02:00:00Z"), True, "2026-01-02T00:00:00Z"),
        (("2030-01-01", ""), False, None),
        (("", "1985-01-01"), False, None),
    ],
)
def test_days_are_cut_before_seconds(span: Span, fine: bool, boundary: str | None) -> None:
    found = halves(span, Estimates(BEGINNING, NOW), fine=fine)
    assert (found[0][1] if found else None) == boundary


@pytest.mark.parametrize(
    ("earliest", "oldest", "low"),
    [
        ("2020-01-01T00:00:00Z", None, "2020-01-01T00:00:00Z"),
        ("2020-01-01", 1, "2020-01-01T00:00:00Z"),
        ("", None, "1990-01-01T00:00:00Z"),
        ("", 1_600_000_000, "2020-09-13T12:26:40Z"),
        ("0001-01-01", None, "1990-01-01T00:00:00Z"),
        ("2083-03-01", 1_600_000_000, "2020-09-13T12:26:40Z"),
        ("nonsense", 5, "1990-01-01T00:00:00Z"),
    ],
)
def test_an_earliest_datestamp_is_believed_within_reason(
    earliest: str, oldest: int | None, low: str
) -> None:
    assert clock.text(estimates(earliest, oldest, NOW).low) == low


def window(state: str = "closed", attempts: int = 1, parent: int | None = 1) -> Window:
    bounds = ("", "oai_dc", "", "")
    return Window(
        2, 1, *bounds, state, "", "", None, "", None, 1, 9, "", parent=parent, attempts=attempts
    )


@pytest.mark.parametrize(
    ("windows", "aimed"),
    [
        ([], 1000),
        ([window()] * 2, 1000),
        ([window(attempts=2)], 500),
        ([window(attempts=2)] * 2, 250),
        ([window(attempts=2), *[window()] * 3], 1000),
        ([window(attempts=2), *[window()] * 2], 500),
        ([*[window(attempts=2)] * 2, *[window()] * 3], 500),
        ([window()] * 9, 1000),
        ([window(parent=None)] * 9, 1000),
        ([window(attempts=2)] * 30, 1),
    ],
)
def test_windows_grow_while_they_are_easy_and_shrink_when_they_fail(
    windows: list[Window], aimed: int
) -> None:
    assert aim(windows, 1000) == aimed


def test_a_window_is_large_at_twice_the_aim_or_an_hour() -> None:
    assert [is_large(n, 50_000) for n in (100_000, 100_001)] == [False, True]
    assert [is_large(7201, 50_000, rate) for rate in (0.0, 2.0, 3.0)] == [False, True, False]


def test_a_day_is_the_smallest_window_of_days() -> None:
    assert is_within_a_day(("2026-01-01", "2026-01-02"))
    assert not is_within_a_day(("2026-01-01", "2026-01-03"))
    assert not is_within_a_day(("", "2026-01-02"))
    assert all(
        is_within_a_day(pair) for pair in pairwise(("2026-01-01T05:00:00Z", "2026-01-01T06:00:00Z"))
    )
