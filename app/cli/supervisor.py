"""Runs child processes: starts again what dies, ends all when asked, and leaves no orphan.

A child watches its parent (`watch_parent`) and ends itself when that is gone, even by kill -9.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import TypeVar

from msgspec import Struct

GRACE = 8.5
"""Seconds that children have to end by themselves."""
PATIENCE = 6.5
"""Seconds after which a worker leaves its page, to be read again by the next."""
LOOK = 0.2
"""Seconds between two looks at the children."""
FIRST_PAUSE, LONGEST_PAUSE, PROVEN = 1.0, 30.0, 60.0
"""Seconds before a dead child is started again, at first and at most, and after which it is new."""
UNUSABLE = 4
"""Exit code of a child that cannot work as things are configured."""
M_ARENA_MAX = -8
"""The number of that limit, from malloc.h."""
PARENT = "GARNERY_PARENT"
"""Variable that tells a child whom to watch."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Child(Struct, frozen=True):
    """A process to keep alive: its name in the log and the words of its `garnery` command."""

    name: str
    words: tuple[str, ...]
    environ: Mapping[str, str] = {}


class _Running:
    """A child that was started, and when to start it again if it died."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.pause = FIRST_PAUSE
        self.again_at = 0.0
        self.start()

    def start(self) -> None:
        """Start the process, in a group of its own, so that Ctrl-C reaches only the supervisor."""
        self.began = time.monotonic()
        self.process: subprocess.Popen[bytes] | None = subprocess.Popen(  # noqa: S603 our own command
            [sys.executable, "-m", "app.cli", *self.child.words],
            env={**os.environ, **self.child.environ, PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            process_group=0,
        )

    def look(self) -> int | None:
        """Start the process again when it is time; return its exit code when it has just died."""
        if self.process is None:
            if time.monotonic() >= self.again_at:
                self.start()
            return None
        code = self.process.poll()
        if code is not None:
            self._plan()
        return code

    def _plan(self) -> None:
        proven = time.monotonic() - self.began >= PROVEN
        wait = FIRST_PAUSE if proven else self.pause
        self.pause = min(2 * wait, LONGEST_PAUSE)
        self.again_at = time.monotonic() + wait
        log.error(
            "%s ended %s; it is started again in %.0f s",
            self.child.name,
            ended(self.process.returncode if self.process else 0),
            wait,
        )
        self.process = None


class Supervisor:
    """Keeps children alive until it is asked to end; as a context, it ends them when it is left."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._running: list[_Running] = []

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_: object) -> None:
        """Ask all children to end, and kill those that do not within the grace."""
        alive = [r.process for r in self._running if r.process and r.process.poll() is None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in alive:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, *children: Child) -> None:
        """Start children."""
        self._running += [_Running(child) for child in children]

    def run(self, ready: Callable[[], bool] = lambda: True) -> int:
        """Keep the children alive until asked to end; returns the exit code.

        ready: asked until it says True; a child that calls itself unusable before then ends all.
        """
        is_ready = False
        while not self._stop.is_set():
            codes = [running.look() for running in self._running]
            if not is_ready and UNUSABLE in codes:
                return UNUSABLE
            is_ready = is_ready or ready()
            self._stop.wait(LOOK)
        return 0

    def run_to_end(self) -> int:
        """Wait until every child has ended by itself, or until asked; returns the worst code."""
        processes = [r.process for r in self._running if r.process]
        while not self._stop.is_set() and any(p.poll() is None for p in processes):
            self._stop.wait(LOOK)
        return max((abs(p.returncode or 0) for p in processes), default=0)


def stop_on_signals() -> threading.Event:
    """Return an event that SIGINT and SIGTERM set; the handlers stay installed."""
    stop = threading.Event()

    def ask_to_end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, ask_to_end)
    signal.signal(signal.SIGTERM, ask_to_end)
    return stop


def leave_on_signals() -> None:
    """End with exit code 0 at SIGINT and SIGTERM; for a process that has nothing in hand yet."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)


def watch_parent() -> None:
    """If a supervisor started this process: end when it is gone, after the work in hand."""
    parent = os.environ.pop(PARENT, "")
    if parent:
        follow(int(parent))


def follow(parent: int) -> None:
    """End this process, first politely, when its parent is no longer that process."""
    threading.Thread(target=_follow, args=(parent,), daemon=True, name="parent").start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


def ended(code: int) -> str:
    """Say how a process ended."""
    if code >= 0:
        return f"with exit code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"


def leave_in_time(stop: threading.Event, release: Callable[[], None]) -> None:
    """When asked to end, leave within the grace even if the work in hand takes longer."""

    def leave() -> None:
        stop.wait()
        time.sleep(PATIENCE)
        try:
            release()
        finally:
            os._exit(0)

    threading.Thread(target=leave, daemon=True, name="leave").start()


def share_memory() -> None:
    """Let the threads of this process allocate from one place: only one of them computes at a time.

    glibc keeps up to eight a core, each with its own free memory. Elsewhere nothing happens.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def aside(work: Callable[[], T]) -> T:
    """Work in another thread, so that signals are taken by this one alone; returns its result.

    A harvest in the main thread would take them itself, and end as stopped by a person.
    """
    with ThreadPoolExecutor(1, "work") as threads:
        return threads.submit(work).result()
