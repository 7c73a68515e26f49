"""Notes for the provider's statistics: kept in memory, written in batches by a thread.

Answers never wait for it. When the store is broken or slow, notes stay in memory as far as there
is room, then they are dropped and counted; the count is written with the next batch.
"""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from multiprocessing.util import Finalize

from app.errors import StoreError
from app.store.served.values import Note

Write = Callable[[Sequence[Note], int], None]

MOST = 20_000
BATCH = 1_000
GATHER = 1.0
"""Seconds that notes wait for others."""
IDLE = 30.0
"""Seconds without a note after which the thread ends; the next note begins another."""
LONGEST_PAUSE = 60.0
MOST_FAILURES = 15
"""In a row, with ever smaller batches; from then on each one drops a note."""
LAST_WORDS = 4.0
"""Seconds that the end of the process waits for the last batch."""

log = logging.getLogger(__name__)


class Notebook:
    """Takes notes from any thread, and never blocks one of them."""

    _lock: threading.Lock
    """Held for moments only, never while the store is asked."""
    _notes: deque[Note]
    _thread: threading.Thread | None
    _failures: int
    _seen_to: bool
    """Whether what is left will be written when the process ends."""

    def __init__(
        self,
        write: Write,
        *,
        most: int = MOST,
        gather: float = GATHER,
        what: str = "statistics of the provider",
    ) -> None:
        """write: keeps notes, and how many more were dropped before; may raise StoreError.

        what: the notes are, for the log.
        """
        self._write = write
        self._what = what
        self._most = most
        self._gather = gather
        self._begin()
        _forget_after_fork(self)

    @property
    def unnoted(self) -> int:
        """How many notes were dropped and are not yet counted in the store."""
        return self._unnoted

    def note(self, note: Note) -> None:
        """Take a note, or count it as dropped when there is no room."""
        with self._lock:
            if len(self._notes) >= self._most:
                self._unnoted += 1
                return
            self._notes.append(note)
            if self._thread is None and not self._stop.is_set():
                self._start()
        self._wake.set()

    def drop(self) -> None:
        """Count a request of which no note could be made."""
        with self._lock:
            self._unnoted += 1

    def flush(self) -> bool:
        """Write all that is there; False when the store cannot take it now."""
        with self._writing:
            while True:
                with self._lock:
                    batch = tuple(islice(self._notes, max(1, BATCH >> self._failures)))
                    unnoted = self._unnoted
                if not batch and not unnoted:
                    return True
                if not self._written(batch, unnoted):
                    return False

    def close(self) -> None:
        """Write what is left, for a few seconds at most; later notes stay unwritten."""
        self._stop.set()
        self._wake.set()
        thread = self._thread
        if thread is not None:
            thread.join(LAST_WORDS)

    def _written(self, batch: Sequence[Note], unnoted: int) -> bool:
        lost = 0
        try:
            self._write(batch, unnoted)
        except StoreError as error:
            self._failures += 1
            if self._failures == 1:
                log.warning("%s wait in memory: %s", self._what, error)
            if self._failures < MOST_FAILURES or not batch:
                return False
            lost, unnoted = len(batch), 0  # one note by now, that may be what is wrong
        except Exception:  # whatever is wrong with these notes, later ones must be written
            log.exception("%d notes of requests could not be written and are dropped", len(batch))
            lost, unnoted = len(batch), 0
        else:
            self._failures = 0
        with self._lock:
            for _ in batch:
                self._notes.popleft()
            self._unnoted += lost - unnoted
        return not lost

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._wake.wait(IDLE) and self._ends():
                return
            self._stop.wait(self._pause())
            self._wake.clear()
            if not self.flush():
                self._wake.set()
        self.flush()

    def _ends(self) -> bool:
        """End the thread if there is nothing for it to do."""
        with self._lock:
            if self._notes:
                return False
            self._thread = None
            return True

    def _pause(self) -> float:
        return min(LONGEST_PAUSE, self._gather * (1 << min(self._failures, 10)))

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True, name="notes")
        self._thread.start()
        if not self._seen_to:
            self._seen_to = True
            # Runs at the end of processes of multiprocessing too, in which atexit does not.
            Finalize(None, _close, args=(weakref.ref(self),), exitpriority=10)

    def _begin(self) -> None:
        """Begin without notes and without a thread: a forked process leaves them to its parent."""
        self._notes = deque()
        self._unnoted = 0
        self._failures = 0
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = None
        self._seen_to = False


def _close(weak: weakref.ref[Notebook]) -> None:
    notebook = weak()
    if notebook is not None:
        notebook.close()


def _forget_after_fork(notebook: Notebook) -> None:
    reference = weakref.ref(notebook)

    def forget() -> None:
        inherited = reference()
        if inherited is not None:
            inherited._begin()

    os.register_at_fork(after_in_child=forget)
