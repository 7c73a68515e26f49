"""Starts real `garnery` processes for system tests, and ends all that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from app.store import Store, open_store, upgrade
from app.store.values import Harvest
from tests.cli.commandline import Ran
from tests.cli.commandline import garnery as in_this_process

ROOT = Path(__file__).resolve().parents[2]
LEASE = 2.0


class Garnery:
    """A hub's database and the processes that work on it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []
        self._watched: Store | None = None
        self.environ = {
            "GARNERY_DATABASE_URL": url,
            "GARNERY_WORK_LEASE_SECONDS": str(LEASE),
            "GARNERY_WORK_POLL_SECONDS": "0.1",
            "GARNERY_WORK_TICK_SECONDS": "0.2",
            "GARNERY_HARVEST_BACKOFF_BASE": "0.1",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "",  # compiling anew doubles the start of each process
        }

    def start(
        self, *words: str, before: tuple[str, ...] = (), **environ: str
    ) -> subprocess.Popen[bytes]:
        """Start a command; its output goes to files of its own. before: what runs it."""
        name = f"{len(self.started)}-{words[0]}"
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "app.cli", *words],
            env={**os.environ, **self.environ, **environ},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=(self.folder / f"{name}.out").open("wb"),
            stderr=(self.folder / f"{name}.err").open("wb"),
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *words: str, seconds: float = 60, **environ: str) -> tuple[int, str]:
        """Run a command to its end; returns its exit code and what it wrote to stdout."""
        process = self.start(*words, **environ)
        code = process.wait(seconds)
        return code, self.output(process)

    def here(self, *words: str, **environ: str) -> Ran:
        """Run a command in this process: where what it does counts, and starting one costs most."""
        return in_this_process(*words, **{**self.environ, **environ})

    def document(self, *words: str) -> Any:
        """Run a command with --json, in this process, and return its document."""
        return self.here(*words, "--json").document

    def output(self, process: subprocess.Popen[bytes], ending: str = "out") -> str:
        number = self.started.index(process)
        return next(self.folder.glob(f"{number}-*.{ending}")).read_text("utf-8")

    def store(self) -> Store:
        return open_store(self.url)

    def join(self, name: str, base_url: str) -> None:
        """Let a repository of this machine join, as `garnery repository add` lets it: it is due."""
        with self.opened() as store:
            store.repositories.add(
                name,
                title=name,
                base_url=base_url,
                every="1d",
                allow_private=True,
                next_harvest_at=store.now(),
            )

    def harvests(self) -> list[Harvest]:
        """The harvests so far, the newest first; read here, since a process costs a second."""
        return list(self.watched.harvests.list())

    @property
    def watched(self) -> Store:
        """A store that stays open, for what is asked again and again until it is so."""
        if self._watched is None:
            self._watched = self.store()
        return self._watched

    @contextmanager
    def opened(self) -> Iterator[Store]:
        store = self.store()
        try:
            yield store
        finally:
            store.dispose()

    def end(self) -> None:
        """End everything that was started here, and its children."""
        if self._watched is not None:
            self._watched.dispose()
        for process in self.started:
            for one in (*family(process.pid), process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            process.wait()


@contextmanager
def garnery(url: str, folder: Path) -> Iterator[Garnery]:
    """A hub on this database, upgraded; all its processes end with the block."""
    upgrade(url)
    made = Garnery(url, folder)
    try:
        yield made
    finally:
        made.end()


def family(pid: int) -> list[int]:
    """The living descendants of a process."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return [p.pid for p in psutil.Process(pid).children(recursive=True)]
    return []


def alive(pid: int) -> bool:
    """Whether a process lives; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until(true: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Wait until something is so; returns what the question returned."""
    deadline = time.monotonic() + seconds
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def fetch(url: str) -> bytes | None:
    """What an address answers; None while it does not answer 200."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bytes(answer.read())
    except OSError:
        return None
