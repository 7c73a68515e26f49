"""One request at a time, in a thread that only waits and reads bytes; the caller keeps its lease.

The next page may be asked for while this one is worked on: one ahead, never more. Reading and
deciding stay in the caller's thread, which lets its turn to compute go for as long as it waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from app.processor import ALONE, Processor
from harvesters.base import Pulse
from harvesters.transport.http import PoliteSession, Response

BEAT = 0.5
"""Seconds between two pulses while a request is under way."""


class Fetcher:
    """Sends requests of one run, each in turn."""

    def __init__(self, session: PoliteSession, pulse: Pulse, processor: Processor = ALONE) -> None:
        self.session = session
        self._pulse = pulse
        self._processor = processor
        self._thread = ThreadPoolExecutor(1, "fetch")
        self._ahead: tuple[object, Future[Response]] | None = None

    def begin(self, url: str, arguments: Mapping[str, str], *, verbatim: bool = False) -> None:
        """Start a request that a later `fetch` of the same will find under way."""
        self._ahead = _key(url, arguments, verbatim), self._start(url, arguments, verbatim)

    def fetch(
        self,
        url: str,
        arguments: Mapping[str, str],
        *,
        verbatim: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the answer to a request; raises HarvestError, or what the pulse raises.

        headers: more of them, for a request that was not begun ahead.
        """
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] != _key(url, arguments, verbatim):
            self._await(ahead[1])
            ahead = None
        under_way = ahead[1] if ahead else self._start(url, arguments, verbatim, headers)
        self._await(under_way)
        return under_way.result()

    def settle(self) -> None:
        """Wait until no request is under way; what came stays for its `fetch`."""
        if self._ahead is not None:
            self._await(self._ahead[1])

    def close(self) -> None:
        """Give up what is under way."""
        self.session.abort()
        with self._processor.released():
            self._thread.shutdown(wait=True, cancel_futures=True)
        self.session.close()

    def _start(
        self,
        url: str,
        arguments: Mapping[str, str],
        verbatim: bool,  # noqa: FBT001 - internal
        headers: Mapping[str, str] | None = None,
    ) -> Future[Response]:
        return self._thread.submit(
            self.session.get, url, dict(arguments), verbatim=verbatim, headers=headers
        )

    def _await(self, under_way: Future[Response]) -> None:
        if under_way.done():
            self._processor.give_way(self._pulse)
            return
        with self._processor.released(self._pulse):
            while not wait((under_way,), BEAT).done:
                self._pulse()


def _key(url: str, arguments: Mapping[str, str], verbatim: bool) -> object:  # noqa: FBT001
    return url, tuple(sorted(arguments.items())), verbatim
