"""The turn to compute: of the threads of a process that work at the same time, one has it.

Whoever waits, for the network or for a time to come, lets it go meanwhile. So a process has as many
harvests under way as it may, and never two threads that fight over the interpreter.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

SHARE = 0.05
"""Seconds that a holder keeps the turn at least while others want it, but for its own waits."""
BEAT = 0.5
"""Seconds between two pulses of a thread that waits for the turn."""

Pulse = Callable[[], object]
"""Called every half second while the turn is waited for; may raise."""


def nothing() -> None:
    """The pulse of who has nothing to do while it waits."""


class Processor:
    """The turn of a thread that shares it with nobody: there is nothing to wait for."""

    def held(self) -> AbstractContextManager[None]:
        """Have the turn, once it is free."""
        return nullcontext()

    def released(self, pulse: Pulse = nothing) -> AbstractContextManager[None]:  # noqa: ARG002
        """Let the turn go for as long as the context lasts, and have it again behind it.

        Raises what the pulse raises, with the turn in hand.
        """
        return nullcontext()

    def give_way(self, pulse: Pulse = nothing) -> None:
        """Let others have the turn who want it, if it was held for its share of time."""


class SharedProcessor(Processor):
    """The turn of the threads of one process, given in the order in which they ask for it.

    A thread that holds it must not ask for it.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._taken = False
        self._since = 0.0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the turn, once it is free."""
        self._take(nothing)
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def released(self, pulse: Pulse = nothing) -> Iterator[None]:
        """Let the turn go for as long as the context lasts, and have it again behind it."""
        self._give()
        try:
            yield
        finally:
            self._take(pulse)

    def give_way(self, pulse: Pulse = nothing) -> None:
        """Let others have the turn who want it, if it was held for its share of time."""
        if self._queue and time.monotonic() - self._since >= SHARE:
            self._give()
            self._take(pulse)

    def _take(self, pulse: Pulse) -> None:
        mine = self._place()
        if mine is not None:
            try:
                while not mine.wait(BEAT):
                    pulse()
            except BaseException:
                mine.wait()  # what is left to do on the way out is done in turn as well
                raise
            finally:
                self._since = time.monotonic()

    def _place(self) -> threading.Event | None:
        """Take the turn if it is free, else a place in the queue."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                self._since = time.monotonic()
                return None
            mine = threading.Event()
            self._queue.append(mine)
            return mine

    def _give(self) -> None:
        with self._mutex:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._taken = False


ALONE = Processor()
