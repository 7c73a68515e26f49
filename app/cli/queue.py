"""`garnery jobs …`: the work that waits, runs or has ended, and taking a job back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from app.cli.manners import Call, add_to, group

if TYPE_CHECKING:
    from app.store.jobs import JobRow

STATES = ("queued", "running", "done", "failed", "cancelled")


@group("jobs", short_help="The work for workers: list, cancel.")
def jobs(_call: Call) -> None:
    """The work that waits for workers, that they do, and that they ended."""


@add_to(jobs, "list", short_help="List jobs.")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only these.")
@click.option("--limit", type=click.IntRange(1, 10000), default=50, show_default=True)
def list_(call: Call, states: tuple[str, ...], limit: int) -> None:
    """List jobs: first those that run, then those that wait in their order, then what ended."""
    from app.cli.objects import listed

    found, now = call.store.jobs.list(states=states, limit=limit), call.store.now()
    call.show(listed(map(job_object, found)), lambda: _lines(found, now))


@add_to(jobs, "cancel", short_help="Take a job back, or ask it to end.")
@click.argument("number", metavar="N", type=int)
def cancel(call: Call, number: int) -> None:
    """Take a job back that waits, or ask one that runs to end at its next safe place.

    A harvest that runs ends after the page in hand, as incomplete.
    """
    job = call.store.jobs.get(number)
    if job.state == "running" and _stop_harvest(call, job):
        said = f"Job {number} ends with its harvest, after the page in hand."
    else:
        job = call.store.jobs.cancel(number)
        done = job.state == "cancelled"
        said = f"Job {number} is taken back." if done else f"Job {number} ends at a safe place."
    call.show(job_object(call.store.jobs.get(number)), lambda: (said,))


def _stop_harvest(call: Call, job: JobRow) -> bool:
    """Ask the harvest that a job does to stop; tell whether it does one."""
    from app.jobs import HARVEST

    if job.kind != HARVEST:
        return False
    repository = call.store.repositories.get(_arguments(job)["repository"])
    harvest = call.store.harvests.running(repository.id)
    if harvest is not None:
        call.store.harvests.request_stop(harvest.id)
    return harvest is not None


def job_object(job: JobRow) -> dict[str, Any]:
    """Return a job as its JSON object; what is absent is left out."""
    from app import clock

    moments = {
        "run_at": job.run_at, "submitted": job.submitted_at, "heartbeat": job.heartbeat_at,
        "finished": job.finished_at,
    }  # fmt: skip
    told = {name: clock.text(at) for name, at in moments.items() if at is not None}
    words = {"lock": job.lock, "worker": job.worker, "error": job.error}
    return {
        "id": job.id,
        "kind": job.kind,
        "arguments": _arguments(job),
        "state": job.state,
        "priority": job.priority,
        "attempts": job.attempts,
        **{name: text for name, text in words.items() if text},
        **told,
        **({"asked_to_end": True} if job.asked_to_end else {}),
    }


def _arguments(job: JobRow) -> dict[str, Any]:
    import msgspec

    return msgspec.json.decode(job.arguments, type=dict[str, Any])


def _lines(found: tuple[JobRow, ...], now: datetime) -> Iterator[str]:
    from app.cli.output import ago, coming, table

    def when(job: JobRow) -> str:
        if job.state == "queued":
            return coming(job.run_at, now)
        return ago(job.finished_at or job.heartbeat_at, now)

    rows = [
        (str(j.id), j.kind, _what(j), j.state, j.priority, j.attempts, when(j), j.error or j.worker)
        for j in found
    ]
    head = ("N", "Kind", "What", "State", "Priority", "Begun", "When", "Worker or reason")
    yield from table(head, rows, right=(0, 4, 5))


def _what(job: JobRow) -> str:
    """Return the arguments of a job in a few words."""
    arguments = _arguments(job)
    name = arguments.pop("repository", "")
    arguments.pop("trigger", None)
    rest = " ".join(f"{key}={value}" for key, value in arguments.items())
    return f"{name} {rest}".strip()
