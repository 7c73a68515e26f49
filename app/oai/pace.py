"""Flow control: whether a client may ask now, by a bucket of tokens that fills with time. Pure.

A client may have saved up a minute's requests. Who asks faster is told how long to wait; who waits
as told is served everything. Only who asks again too early, ten times in a row, is shut out.
"""

from __future__ import annotations

import math

from msgspec import Struct
from msgspec.structs import replace

HEEDLESS = 10
"""Requests in a row, before the told time, after which a client is shut out."""
SHUT_OUT = 3600.0
"""Seconds for which it is."""
LONGEST_WAIT = 3600
"""Seconds; clients give up beyond."""
BREATH = 5.0
"""Seconds of requests that a client has saved up again when it was told to wait."""
ENOUGH = 1 - 1e-9
"""A whole request, but for the rounding of fractions."""
CROWDED = 1
"""Seconds to wait when too many requests of a client are under way."""


class Limits(Struct, frozen=True):
    """What one client may do; 0 switches a limit off."""

    pace: int
    """Requests a minute."""
    at_once: int


class Standing(Struct, frozen=True):
    """A client as it stands; moments are seconds of a clock that only goes on."""

    saved: float
    """Requests it may make at once."""
    at: float
    """When that was reckoned."""
    under_way: int = 0
    wait_until: float = 0.0
    heedless: int = 0
    shut_until: float = 0.0


class Verdict(Struct, frozen=True):
    """Whether a request is served: if not, for how many whole seconds, and whether for long."""

    wait: int = 0
    shut_out: bool = False
    crowded: bool = False
    """Too many at once, rather than too fast."""

    @property
    def served(self) -> bool:
        """Tell whether the request is answered."""
        return not self.wait


SERVED = Verdict()


def new(now: float, limits: Limits) -> Standing:
    """Return the standing of a client that was not seen for long."""
    return Standing(float(limits.pace), now)


def judged(standing: Standing, now: float, limits: Limits) -> tuple[Standing, Verdict]:
    """Judge a request; return the client's new standing, and the verdict.

    A request that is served is under way until `ended`.
    """
    if now < standing.shut_until:
        return standing, Verdict(_seconds(standing.shut_until - now), shut_out=True)
    if now < standing.wait_until:
        return _too_early(standing, now)
    saved = standing.saved
    if limits.pace:
        saved = min(limits.pace, saved + max(0.0, now - standing.at) * limits.pace / 60)
        if saved < ENOUGH:
            wait = _wait(saved, limits)
            stopped = replace(standing, saved=saved, at=now, wait_until=now + wait)
            return stopped, Verdict(wait)
        saved -= 1
    heeded = replace(standing, saved=saved, at=now, heedless=0, wait_until=0.0)
    if limits.at_once and standing.under_way >= limits.at_once:
        return heeded, Verdict(CROWDED, crowded=True)
    return replace(heeded, under_way=standing.under_way + 1), SERVED


def ended(standing: Standing) -> Standing:
    """Return the standing when a request that was served has been answered."""
    return replace(standing, under_way=max(0, standing.under_way - 1))


def _too_early(standing: Standing, now: float) -> tuple[Standing, Verdict]:
    heedless = standing.heedless + 1
    if heedless < HEEDLESS:
        wait = _seconds(standing.wait_until - now)
        return replace(standing, heedless=heedless), Verdict(wait)
    shut = replace(standing, heedless=0, wait_until=0.0, shut_until=now + SHUT_OUT)
    return shut, Verdict(_seconds(SHUT_OUT), shut_out=True)


def _wait(saved: float, limits: Limits) -> int:
    a_second = limits.pace / 60
    return _seconds((max(1.0, a_second * BREATH) - saved) / a_second)


def _seconds(length: float) -> int:
    return min(LONGEST_WAIT, max(1, math.ceil(length)))
