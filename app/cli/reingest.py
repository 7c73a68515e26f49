"""`garnery reingest`: read what was kept again, with the crosswalks of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from app.cli.ending import end
from app.cli.manners import Call, command

if TYPE_CHECKING:
    from app.reingest import Outcome
    from app.store.values import Repository


@command("reingest", short_help="Read kept originals again.")
@click.option("--repository", "names", metavar="NAME", multiple=True, help="Only of this one.")
@click.option("--prefix", metavar="P", default="", help="Only records asked for with this prefix.")
@click.option("--every", is_flag=True, help="Also what today's crosswalks have read already.")
@click.option("--dry-run", is_flag=True, help="Compare, but write nothing.")
@click.option("--queue", is_flag=True, help="Only queue the work; the workers do it.")
def reingest(call: Call, names: tuple[str, ...], **options: Any) -> None:
    """Read the originals that were kept again, with the crosswalks of today.

    Only records whose resource differs get a new datestamp. What can be read no more stays as it
    is. Ctrl-C ends after the batch in hand; the next call goes on there. Exit code 1 when records
    are worse than before; they are named.
    """
    store = call.store
    chosen = [store.repositories.get(name) for name in dict.fromkeys(names)]
    chosen = chosen or list(store.repositories.list())
    end(_queue(call, chosen, options) if options["queue"] else _run(call, chosen, options))


def _arguments(repository: Repository, options: dict[str, Any]) -> dict[str, Any]:
    given = {name: options[name] for name in ("prefix", "every") if options[name]}
    return {"repository": repository.name} | given


def _queue(call: Call, repositories: Sequence[Repository], options: dict[str, Any]) -> int:
    from app import jobs
    from app.cli import holding

    if options["dry_run"]:
        raise click.UsageError("--dry-run shows what would differ here; it cannot be queued.")
    return holding.queue(call, jobs.REINGEST, repositories, lambda one: _arguments(one, options))


def _run(call: Call, repositories: Sequence[Repository], options: dict[str, Any]) -> int:
    from app.cli.running import stopping
    from app.reingest import Outcome

    whole = Outcome()
    with stopping() as stopped:
        for one in repositories:
            whole.add(_one(call, one, options, stopped.asked.is_set))
            if stopped.asked.is_set():
                break
    ended_early = bool(stopped.code)
    value = _document(whole, ended_early=ended_early, dry_run=options["dry_run"])
    call.show(value, lambda: _lines(whole, ended_early=ended_early, dry_run=options["dry_run"]))
    return stopped.code or int(whole.worse > 0)


def _one(call: Call, repository: Repository, options: dict[str, Any], stop: Any) -> Outcome:
    """Read one repository's originals, under the lock of its host unless nothing is written."""
    from contextlib import nullcontext

    from app import jobs
    from app.cli.holding import held
    from app.cli.watching import telling
    from app.crosswalks.further import renderer
    from app.reingest import Outcome, reingest, total

    which = {"prefix": options["prefix"], "every": options["every"]}
    count, done = total(call.store, repository, **which), Outcome()
    if not count:
        return done
    arguments = _arguments(repository, options)
    holding = (
        nullcontext()
        if options["dry_run"]
        else held(call, repository, jobs.REINGEST, arguments, jobs.worker_name())
    )
    with holding as lease, telling(call) as tell:

        def at_batch_end(so_far: Outcome) -> None:
            nonlocal done
            done = so_far
            tell(_line(repository.name, so_far, count), so_far.read, count)
            if lease is not None:
                lease.check()
            if stop():
                raise _Ended

        try:
            return reingest(
                call.store, repository, own_url=f"{call.settings.base_url}/oai",
                dry_run=options["dry_run"], further=renderer(call.settings.oai),
                at_batch_end=at_batch_end, **which,
            )  # fmt: skip
        except _Ended:
            return done


class _Ended(Exception):
    """Ends a run after the batch in hand."""


def _line(name: str, done: Outcome, count: int) -> str:
    return f"{name}: {done.read:,} of {count:,} records   ~{done.changed:,} !{done.worse:,}"


def _document(done: Outcome, *, ended_early: bool, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "ended_early": ended_early,
        "read": done.read,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "unreadable": done.unreadable,
        "worse": done.worse,
        "fields": dict(done.fields.most_common()),
        "samples": done.samples,
    }


def _lines(done: Outcome, *, ended_early: bool, dry_run: bool) -> Iterator[str]:
    if not done.read:
        yield "Nothing to read: today's crosswalks have read everything that is kept."
        return
    would = "would change" if dry_run else "changed"
    yield (
        f"{done.read:,} records read again: {done.changed:,} {would}, "
        f"{done.unchanged:,} stay as they are, {done.unreadable:,} cannot be read, "
        f"{done.worse:,} are worse."
    )
    for name, count in done.fields.most_common():
        yield f"  {name}: {count:,}"
    for one in done.samples:
        yield f"worse: {one.local_id} ({one.identifier}) {one.reason}"
    if done.worse > len(done.samples):
        yield f"and {done.worse - len(done.samples):,} more that are worse."
    if ended_early:
        yield "Ended before everything was read; call it again to go on."
