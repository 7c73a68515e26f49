"""How often a request is repeated, and how long is waited in between.

Waits beyond what a run can afford are not waited out: they become a HarvestError with `wait`,
from which the pipeline makes a deferred run.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping

from app import clock
from app.errors import HarvestError
from app.processor import ALONE, Processor
from app.settings import Harvest
from harvesters.base import Pulse
from harvesters.failures import failure, shown
from harvesters.transport.hosts import Allowance, Pace, retry_after
from harvesters.transport.http import Response

TRIES: Mapping[str, int] = {
    "connection-refused": 5,
    "connection-reset": 5,
    "http-5xx": 5,
    "asked-to-wait": 5,
    "name-not-found": 2,
    "timed-out": 3,
    "too-slow": 2,
    "not-xml": 3,
    "empty-body": 3,
    "hollow-page": 3,
    "truncated": 3,
    "body-short": 3,
    "damaged-xml": 3,
    "compression-damaged": 3,
}
"""Tries by cause; what is not named here is not repeated."""

REFUSED_FOR = 3600.0
"""Not-before after refusals without a Retry-After."""
LEAST_AFTER_REFUSAL = 1.0
_BEAT = 0.5


class Patience:
    """The patience of one run with one host."""

    def __init__(
        self,
        settings: Harvest,
        pulse: Pulse,
        *,
        pace: Pace | None = None,
        allowance: Allowance | None = None,
        processor: Processor = ALONE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.retries = 0
        self.waited = 0.0
        self._settings = settings
        self._pulse = pulse
        self._sleep = sleep
        self._pace = pace
        self._processor = processor
        self._allowance = allowance or Allowance(settings.longest_wait)

    def after(self, error: HarvestError, attempt: int, *, most: int = 5) -> None:
        """Wait before the next try, or raise the error if there is none."""
        if error.cause == "asked-to-wait" and error.wait is None and self._pace is not None:
            error.wait = self._pace.refused(error.url)
        if attempt >= min(self.tries(error.cause), most):
            raise self._final(error)
        pause = self._pause(error, attempt)
        if not self._allowance.covers(pause):
            raise self._final(error, pause)
        self.retries += 1
        self.wait(pause)

    def tries(self, cause: str) -> int:
        """Return how often a request that fails for this cause is sent in all."""
        return min(TRIES.get(cause, 1), self._settings.attempts)

    def wait(self, length: float) -> None:
        """Wait, with a pulse every half second."""
        self.waited += length
        self._allowance.spent += length
        end = time.monotonic() + length
        with self._processor.released(self._pulse):
            while (left := end - time.monotonic()) > 0:
                self._sleep(min(left, _BEAT))
                self._pulse()

    def _pause(self, error: HarvestError, attempt: int) -> float:
        if error.wait is not None:
            return max(error.wait, LEAST_AFTER_REFUSAL)
        jitter = random.uniform(0.5, 1.5)  # noqa: S311 - spreads requests, guards nothing
        pause = self._settings.backoff_base * 2.0 ** (attempt - 1) * jitter
        if error.cause == "asked-to-wait":
            return max(2 * pause, LEAST_AFTER_REFUSAL)
        return pause

    def _final(self, error: HarvestError, pause: float | None = None) -> HarvestError:
        """Return the error that ends a request; what asks to wait bars its host for everyone."""
        if error.cause == "asked-to-wait":
            if error.wait is None:
                error.wait = pause if pause and pause > REFUSED_FOR else REFUSED_FOR
            if self._pace is not None:
                self._pace.bar(error.url, error.wait)
        return error


def refusal(response: Response) -> HarvestError | None:
    """Return what an answer that is no OAI-PMH says by its status; None if it says nothing."""
    status, headers = response.status, response.headers
    where = shown(response.url)
    if _shielded(response):
        return failure(
            "blocked", f"A shield answered in place of the server ({status}).", url=where
        )
    wait = retry_after(headers.get("Retry-After", ""), clock.now())
    if status in (429, 503) or (wait is not None and status >= 400):
        asked = f" and asked to wait {wait:,.0f} seconds" if wait is not None else ""
        return failure(
            "asked-to-wait", f"The server answered {status}{asked}.", url=where, wait=wait
        )
    if status < 400:
        return None
    return failure(_cause_of_status(status), f"The server answered {status}.", url=where)


def _shielded(response: Response) -> bool:
    headers = response.headers
    if headers.get("Cf-Mitigated", "").strip().lower() == "challenge":
        return True
    return "x-amzn-waf-action" in headers or (response.status == 202 and not response.body)


def _cause_of_status(status: int) -> str:
    if status in (401, 403, 404, 410):
        return f"http-{status}"
    return "http-4xx" if status < 500 else "http-5xx"
