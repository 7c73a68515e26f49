"""Work for workers: a job is a row; what a job of some kind does is registered at the roof.

Nothing here knows a harvester. An engine claims jobs and executes them, each under a lease that is
renewed while it runs. `Engine` is what every engine offers: `embedded` works on either database,
`procrastinate` on PostgreSQL; `engine_for` chooses.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from app.processor import Processor
from app.store import Store
from app.store.values import Job

HARVEST = "harvest"
"""Kind of the jobs that harvest one repository; arguments: `repository`, `trigger`, `full` …"""
REINGEST = "reingest"
"""Kind of the jobs that read a repository's originals again; arguments: `repository`, `prefix`."""
FORMATS = "formats"
"""Kind of the jobs that render a repository's records in the formats that were switched on."""

DECISION = "decision"
"""Kind of the jobs that carry out what a person approved; argument: `decision`, its number."""

DUMP = "dump"
"""Kind of the jobs that bring the dumps up to date; no arguments."""

PERSON, SCHEDULED, BACKGROUND = 10, 0, -10
"""Priorities: what a person waits for, what is due, what has time."""


class GivenUp(BaseException):
    """Ends a job at a safe place because this process is asked to end or has lost the job.

    No error: it passes every `except Exception` on its way to the engine.
    """


class Control(Protocol):
    """What an executor is given to ask, at each safe place, whether it may go on."""

    @property
    def job(self) -> Job:
        """The job in hand."""
        ...

    @property
    def worker(self) -> str:
        """The name under which the job is held."""
        ...

    @property
    def processor(self) -> Processor:
        """The turn to compute, shared by the jobs of this process; not yet in hand."""
        ...

    def check(self) -> None:
        """Raise GivenUp when the process or the job is asked to end, or another has the job."""
        ...


Executor = Callable[[Mapping[str, Any], Control], None]
"""Does a job: its arguments, and whom to ask at safe places; a GarneryError ends it as failed.

Several run at the same time in one process, each in a thread."""

Register = Mapping[str, Executor]
"""Who does the jobs of which kind."""


class Tally(Struct, frozen=True):
    """How many jobs an engine has ended: done, failed, and given up before their end."""

    done: int = 0
    failed: int = 0
    given_up: int = 0


class Engine(Protocol):
    """Claims jobs and executes them in this process."""

    def run(self, stop: threading.Event, *, once: bool = False) -> Tally:
        """Work until `stop` is set; with `once`, until nothing waits."""
        ...

    def release(self) -> None:
        """Queue the jobs in hand again, from any thread, because this process ends now."""
        ...


def submit(
    store: Store,
    kind: str,
    arguments: Mapping[str, Any],
    *,
    lock: str = "",
    priority: int = 0,
    run_at: datetime | None = None,
) -> int:
    """Queue a job and return its number; an equal one that waits already is that job."""
    return store.jobs.submit(kind, dict(arguments), lock=lock, priority=priority, run_at=run_at)


def arguments_of(job: Job) -> dict[str, Any]:
    """Return the arguments of a job."""
    return msgspec.json.decode(job.arguments, type=dict[str, Any])


def execute(register: Register, control: Control) -> None:
    """Do the job that `control` holds, by the register."""
    register[control.job.kind](arguments_of(control.job), control)


def worker_name() -> str:
    """Return a name for this process that no other process bears, now or later."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
