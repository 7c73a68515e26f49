"""Flow control as a pure decision: pace, waiting, too many at once, shutting out."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from app.oai import pace
from app.oai.pace import Limits, Standing, Verdict

LIMITS = Limits(pace=60, at_once=2)


def asked(standing: Standing, now: float, limits: Limits = LIMITS) -> tuple[Standing, Verdict]:
    """Ask, and be answered at once."""
    standing, verdict = pace.judged(standing, now, limits)
    return (pace.ended(standing) if verdict.served else standing), verdict


def spent(now: float = 0.0) -> tuple[Standing, Verdict]:
    """A client that has used up what it had saved, and the verdict on its next request."""
    standing = pace.new(now, LIMITS)
    for _ in range(LIMITS.pace):
        standing, verdict = asked(standing, now)
        assert verdict.served
    return asked(standing, now)


def test_a_minutes_requests_may_be_made_at_once_then_the_client_waits() -> None:
    standing, verdict = spent()
    assert verdict == Verdict(wait=5)
    for _ in range(5):
        standing, verdict = asked(standing, 5.0)
        assert verdict.served
    assert not asked(standing, 5.0)[1].served


def test_who_asks_too_early_is_told_what_is_left() -> None:
    standing, _ = spent()
    assert asked(standing, 3.2)[1] == Verdict(wait=2)


def test_ten_heedless_requests_in_a_row_shut_a_client_out_for_an_hour() -> None:
    standing, _ = spent()
    for _ in range(9):
        standing, verdict = asked(standing, 1.0)
        assert not verdict.shut_out
    standing, verdict = asked(standing, 1.0)
    assert verdict == Verdict(wait=3600, shut_out=True)
    assert asked(standing, 3600.5)[1].shut_out
    assert asked(standing, 3601.0)[1].served


def test_waiting_once_makes_good() -> None:
    standing, _ = spent()
    for _ in range(9):
        standing, _ = asked(standing, 1.0)
    standing, verdict = asked(standing, 5.0)
    assert verdict.served
    assert standing.heedless == 0


def test_too_many_at_once_wait_a_second_and_are_never_shut_out() -> None:
    standing = pace.new(0.0, LIMITS)
    for _ in range(2):
        standing, verdict = pace.judged(standing, 0.0, LIMITS)
        assert verdict.served
    for _ in range(30):
        standing, verdict = pace.judged(standing, 0.0, LIMITS)
        assert verdict == Verdict(wait=1, crowded=True)
    standing, verdict = pace.judged(pace.ended(standing), 0.0, LIMITS)
    assert verdict.served


def test_zero_switches_off() -> None:
    standing = pace.new(0.0, Limits(0, 0))
    for _ in range(10_000):
        standing, verdict = pace.judged(standing, 0.0, Limits(0, 0))
        assert verdict.served


@given(st.integers(1, 100_000), st.integers(0, 2**32))
def test_who_waits_as_told_is_served_every_time(requests_a_minute: int, seed: int) -> None:
    limits, dice = Limits(requests_a_minute, 1), random.Random(seed)
    standing, now, waits = pace.new(0.0, limits), 0.0, 0
    for _ in range(300):
        standing, verdict = asked(standing, now, limits)
        if not verdict.served:
            waits += 1
            assert 1 <= verdict.wait <= 3600
            now += verdict.wait
            standing, verdict = asked(standing, now, limits)
        assert verdict.served
        now += dice.choice((0, 0, 0, 0.001, 0.2))
    assert waits <= 300
