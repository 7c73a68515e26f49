"""Harvests that `garnery harvest` does here, or queues: which, under whose lock, and how they end.

A repository's host is held by a job row, as by any worker; so no host is asked by two at once.
"""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from app import jobs
from app.cli import holding
from app.cli.ending import problem_document
from app.cli.executors import take_over
from app.cli.harvests import count_words
from app.cli.objects import harvest_object
from app.errors import Refused
from app.store.decisions import held_by
from harvesters.runs.progress import Progress
from harvesters.transport.hosts import held_until

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.store.values import Harvest, Repository

CODES: dict[str, int] = {
    "complete": 0,
    "complete-with-quarantine": 10,
    "incomplete": 11,
    "deferred": 12,
    "failed": 13,
}
"""Exit code of each outcome."""
REFUSED = 5
SIGNALS: dict[int, int] = {signal.SIGINT: 130, signal.SIGTERM: 143}
"""Exit code of a harvest that a signal ended."""


class Ended:
    """How the harvest of one repository ended here: with a harvest, or with an error."""

    def __init__(self, repository: Repository, *, harvest: Harvest | None, error: str = "") -> None:
        self.repository = repository
        self.harvest = harvest
        self.error = error

    @property
    def code(self) -> int:
        """The exit code."""
        return CODES.get(self.harvest.outcome, 1) if self.harvest else REFUSED


def chosen(call: Call, names: Sequence[str], *, every: bool) -> tuple[Repository, ...]:
    """Return the repositories that are meant; raises NotFound before anything is begun."""
    store, now = call.store, call.store.now()
    if names:
        return tuple(store.repositories.get(name) for name in dict.fromkeys(names))
    active = tuple(r for r in store.repositories.list() if not r.paused and r.base_url)
    barred = store.hosts.barred(now)
    return active if every else tuple(r for r in active if _is_due(r, barred, now))


def _is_due(repository: Repository, barred: Mapping[str, datetime], now: datetime) -> bool:
    if repository.next_harvest_at is None or repository.next_harvest_at > now:
        return False
    return held_until(repository, barred, now) is None


def retry(call: Call, repository: str, *, queued: bool, only: str = "") -> int:
    """Ask a repository again for what is set aside of it; returns the exit code.

    only: the identifier of the one record that is asked for.
    """
    options = {"kind": "retry", "full": False, "from_": None, "until": None, "sets": (),
               "limit": None, "dry_run": False, "due": False, "only": only}  # fmt: skip
    meant = chosen(call, (repository,), every=False)
    return queue(call, meant, options) if queued else run(call, meant, options)


def queue(call: Call, repositories: Sequence[Repository], options: Mapping[str, Any]) -> int:
    """Queue the harvests for the workers; returns the exit code."""
    return holding.queue(
        call,
        jobs.HARVEST,
        repositories,
        lambda one: _arguments(one, options) | {"trigger": "person"},
    )


def run(call: Call, repositories: Sequence[Repository], options: Mapping[str, Any]) -> int:
    """Harvest one after the other; returns the exit code."""
    from app.cli import logs
    from app.cli.watching import watching

    logs.configure_when_needed("harvest", level=logging.WARNING)
    found: list[Ended] = []
    with stopping() as stopped:
        for repository in repositories:
            with watching(call) as show:
                found.append(_harvest(call, repository, options, stopped, show))
            _tell(call, found[-1])
            if stopped.asked.is_set():
                break
    if call.json:
        call.document(_document(call, found))
    elif not found:
        call.say("Nothing is due.")
    return stopped.code or max((one.code for one in found), default=0)


class Stopping:
    """Whether a signal has asked to end, and which."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.number = 0

    @property
    def code(self) -> int:
        """The exit code of the signal; 0 without one."""
        return SIGNALS.get(self.number, 0)

    def take(self, _number: int, _frame: FrameType | None) -> None:
        """Ask to end at the next safe place."""
        self.asked.set()

    def note(self, reader: socket.socket) -> None:
        """Remember each signal, whoever handles it, and tell the person."""
        while number := reader.recv(1):
            if number[0] in SIGNALS:
                self.number = self.number or number[0]
                click.echo("Ends after the page in hand; Ctrl-C again ends at once.", err=True)


@contextmanager
def stopping() -> Iterator[Stopping]:
    """Take SIGINT and SIGTERM as a wish to end at a safe place.

    The harvest has handlers of its own while it runs; the wakeup descriptor hears them all.
    """
    found = Stopping()
    reader, writer = socket.socketpair()
    writer.settimeout(0)
    before = {number: signal.signal(number, found.take) for number in SIGNALS}
    descriptor = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    listener = threading.Thread(target=found.note, args=(reader,), daemon=True, name="signals")
    listener.start()
    try:
        yield found
    finally:
        signal.set_wakeup_fd(descriptor)
        for number, handler in before.items():
            signal.signal(number, handler)
        writer.close()
        listener.join()
        reader.close()


def _harvest(
    call: Call,
    repository: Repository,
    options: Mapping[str, Any],
    stopped: Stopping,
    show: Callable[[Progress], None],
) -> Ended:
    from harvesters.runs.pipeline import harvest

    store, settings, worker = call.store, call.settings, jobs.worker_name()
    arguments = _arguments(repository, options)
    try:
        with holding.held(call, repository, jobs.HARVEST, arguments, worker) as lease:
            take_over(store, repository.name, worker)

            def at_page_end(progress: Progress) -> None:
                lease.check()
                show(progress)

            found = harvest(
                store, settings, repository.name, trigger=_trigger(options), worker=worker,
                kind=options["kind"] or "", full=options["full"],
                from_=options["from_"], until=options["until"],
                sets=options["sets"] or None, limit=options["limit"], dry_run=options["dry_run"],
                progress=at_page_end, stop=stopped.asked,
                place=options.get("place", ""), prefix=options.get("prefix") or "",
                only=options.get("only", ""),
            )  # fmt: skip
    except Refused as error:
        return Ended(repository, harvest=None, error=str(error))
    return Ended(repository, harvest=found)


def _trigger(options: Mapping[str, Any]) -> str:
    """Return who asked: with `--due` the schedule did, so that looks are made when they are due."""
    return "schedule" if options["due"] else "person"


def _arguments(repository: Repository, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the job; what is not given is left out, so that equal ones meet."""
    names = (
        ("kind", "kind"), ("full", "full"), ("from", "from_"), ("until", "until"),
        ("limit", "limit"), ("only", "only"),
    )  # fmt: skip
    given = {name: options[key] for name, key in names if options.get(key)}
    if options["sets"]:
        given["sets"] = list(options["sets"])
    return {"repository": repository.name} | given


def _tell(call: Call, ended: Ended) -> None:
    if call.json:
        return
    if ended.harvest is None:
        click.echo(f"garnery: {ended.error}", err=True)
        return
    click.echo(f"{ended.repository.name}: {ended.harvest.sentence}")
    click.echo(count_words(ended.harvest))


def _document(call: Call, found: Sequence[Ended]) -> dict[str, Any]:
    items = [_object(call, one) for one in found]
    if len(items) == 1:
        return items[0]
    worst = max(found, key=lambda one: one.code, default=None)
    outcome = (
        worst.harvest.outcome if worst and worst.harvest else "refused" if worst else "complete"
    )
    return {"harvests": items, "outcome": outcome}


def _object(call: Call, ended: Ended) -> dict[str, Any]:
    if ended.harvest is None:
        return {"error": problem_document(Refused(ended.error), call.settings.base_url)}
    failures = call.store.harvests.failures(ended.harvest.id, limit=1000)
    after = call.store.repositories.by_id(ended.repository.id)
    held_removals = held_by(call.store, ended.harvest.id)
    return harvest_object(ended.harvest, failures, after.next_harvest_at, held=held_removals)
