"""Numbers of requests that are added up in memory, and written every few seconds by a thread.

Nothing waits for it. While the store cannot be written they stay; a server that is killed loses
those of the last seconds.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Hashable, Mapping
from operator import add
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from app.web.noting import Notebook

if TYPE_CHECKING:
    from app.store.served.values import Note

K = TypeVar("K", bound=Hashable)
Numbers = tuple[int, ...]
GATHER = 10.0
"""Seconds between two writings."""
MOST = 20_000


class Tally(Generic[K]):
    """Adds up numbers by key; safe between threads, empty after a fork."""

    def __init__(
        self,
        write: Callable[[Mapping[K, Numbers]], None],
        *,
        gather: float = GATHER,
        what: str,
        most: int = MOST,
        spare: Callable[[K], K] = lambda key: key,
    ) -> None:
        """write: adds to what is kept; may raise StoreError, then it is tried again later.

        what: the numbers are, for the log. most: keys in memory; one more is counted as `spare`
        of it, of which there are few.
        """
        self._write = write
        self._most = most
        self._spare = spare
        self.forget()
        self._clock = Notebook(self._written, gather=gather, what=what)
        _forget_after_fork(self)

    def add(self, key: K, *numbers: int) -> None:
        """Add numbers to those of a key, which always has as many."""
        with self._lock:
            is_first = not self._sums
            self._add(key, numbers)
        if is_first:
            self._clock.note(cast("Note", None))  # it only wakes the thread

    def flush(self) -> bool:
        """Write what is there now; False when the store cannot take it."""
        return self._clock.flush()

    def forget(self) -> None:
        """Begin anew, in a process that was forked: the numbers are its parent's."""
        self._lock = threading.Lock()
        self._sums: dict[K, Numbers] = {}

    def _add(self, key: K, numbers: Numbers) -> None:
        before = self._sums.get(key)
        if before is None and len(self._sums) >= self._most:
            key = self._spare(key)
            before = self._sums.get(key)
        if before is not None:
            numbers = tuple(map(add, before, numbers))
        self._sums[key] = numbers

    def _written(self, *_: object) -> None:
        with self._lock:
            sums, self._sums = self._sums, {}
        if not sums:
            return
        try:
            self._write(sums)
        except BaseException:
            with self._lock:
                for key, numbers in sums.items():
                    self._add(key, numbers)
            raise


def _forget_after_fork(tally: Tally[K]) -> None:
    reference = weakref.ref(tally)

    def forget() -> None:
        inherited = reference()
        if inherited is not None:
            inherited.forget()

    os.register_at_fork(after_in_child=forget)
