"""`garnery harvest` and `garnery harvests`: harvest now, and look at what harvests brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from app.cli.dates import DATE, moment
from app.cli.ending import end
from app.cli.manners import Call, add_to, command, group

if TYPE_CHECKING:
    from app.store.requests import Request
    from app.store.values import Failure, Harvest, Window

OUTCOMES = ("complete", "complete-with-quarantine", "incomplete", "deferred", "failed")


@command("harvest", short_help="Harvest repositories now, here.")
@click.argument("names", metavar="NAME…", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All repositories that are not paused.")
@click.option("--due", is_flag=True, help="All repositories that are due.")
@click.option("--full", is_flag=True, help="Read everything, not only what is new.")
@click.option(
    "--kind",
    type=click.Choice(["sweep", "retry"]),
    help="sweep: compare all headers; retry: ask again for what is set aside.",
)
@click.option("--from", "from_", type=DATE, help="Records changed since this day or moment.")
@click.option("--until", type=DATE, help="Records changed until this day or moment.")
@click.option("--set", "sets", multiple=True, help="This set only; may be repeated.")
@click.option("--limit", type=click.IntRange(1), help="Stop after so many records (exit code 11).")
@click.option("--dry-run", is_flag=True, help="Read and compare, but write nothing.")
@click.option("--queue", is_flag=True, help="Only queue the harvests; the workers do them.")
def harvest(call: Call, names: tuple[str, ...], **options: Any) -> None:
    """Harvest repositories now, in this process, and tell what came of it.

    Exit code 0 only when every harvest was complete; 10 some records were set aside, 11 incomplete,
    12 deferred, 13 failed, 5 one was running already. Ctrl-C ends after the page in hand (130).
    """
    from app.cli import running

    if sum((bool(names), options["every"], options["due"])) != 1:
        raise click.UsageError("Name repositories, or say --all or --due.")
    if options["kind"] and any(options[name] for name in ("full", "from_", "until", "sets")):
        raise click.UsageError("--kind goes with neither --full nor --from, --until and --set.")
    chosen = running.chosen(call, names, every=options["every"])
    end(running.queue(call, chosen, options) if options["queue"] else
        running.run(call, chosen, options))  # fmt: skip


@group("harvests", short_help="Look at harvests; stop one.", invoke_without_command=True)
@click.option("--repository", metavar="NAME", help="Only those of this repository.")
@click.option("--outcome", type=click.Choice(OUTCOMES), help="Only those that ended so.")
@click.option("--since", type=DATE, help="Only those begun since this day or moment.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, help="At most so many.")
def harvests(
    call: Call, repository: str | None, outcome: str | None, since: str | None, limit: int
) -> None:
    """List harvests, newest first."""
    if click.get_current_context().invoked_subcommand:
        return
    from app.cli.objects import harvest_object, listed

    if repository:
        call.store.repositories.get(repository)
    found = call.store.harvests.list(
        repository=repository, outcome=outcome, since=moment(since), limit=limit
    )
    now = call.store.now()
    call.show(listed(map(harvest_object, found)), lambda: list_lines(found, now))


@add_to(harvests, "show", short_help="Show one harvest.")
@click.argument("number", metavar="N", type=int)
def show(call: Call, number: int) -> None:
    """Show one harvest: its sentence, counts, windows and failures."""
    from app.cli.objects import harvest_object
    from app.store.decisions import held_by

    found = call.store.harvests.get(number)
    failures = call.store.harvests.failures(number, limit=1000)
    windows = call.store.harvests.windows(number)
    held = held_by(call.store, number)
    value = harvest_object(found, failures, held=held) | {
        "windows": list(map(_window_object, windows))
    }
    call.show(value, lambda: _show_lines(found, windows, failures))


@add_to(harvests, "failures", short_help="List the failures of one harvest.")
@click.argument("number", metavar="N", type=int)
@click.option("--cause", help="Only those of this cause.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, help="At most so many.")
def failures(call: Call, number: int, cause: str | None, limit: int) -> None:
    """List what went wrong in a harvest: cause, what it concerns, and a sentence."""
    from app.cli.objects import failure_object, listed
    from app.cli.output import table

    call.store.harvests.get(number)
    found = [
        f for f in call.store.harvests.failures(number, limit=limit) if cause in (None, f.cause)
    ]
    rows = [(f.cause, f.identifier or f.url, f.sentence) for f in found]
    call.show(listed(map(failure_object, found)), lambda: table(("Cause", "Of", "What"), rows))


@add_to(harvests, "requests", short_help="List the requests of one harvest.")
@click.argument("number", metavar="N", type=int)
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, help="At most so many.")
def requests(call: Call, number: int, limit: int) -> None:
    """List what a harvest asked and was answered, in order, with what had to be mended.

    The number in front of a request that has its answer kept leads to it: `garnery harvests raw`.
    """
    from app.cli.objects import listed, request_object
    from app.store.requests import requests_of

    call.store.harvests.get(number)
    found = requests_of(call.store, number, limit=limit)
    call.show(listed(map(request_object, found)), lambda: _request_lines(found))


@add_to(harvests, "raw", short_help="Print an answer as it came.")
@click.argument("request", metavar="REQUEST", type=int)
def raw(call: Call, request: int) -> None:
    """Print what a request was answered with, byte by byte as it came, before any repair."""
    from app.store.requests import body_of

    click.echo(body_of(call.store, request), nl=False)


@add_to(harvests, "retry", short_help="Ask again for what a repository's harvests set aside.")
@click.argument("number", metavar="N", type=int)
@click.option("--queue", is_flag=True, help="Only queue it; the workers do it.")
def retry(call: Call, number: int, queue: bool) -> None:  # noqa: FBT001 - an option
    """Ask again for all that is set aside of the repository of a harvest, as a harvest of its own.

    Records are asked for one by one, parts of lists that could not be had as lists. Exit codes as
    with `garnery harvest`.
    """
    from app.cli import running

    name = call.store.harvests.get(number).repository
    end(running.retry(call, name, queued=queue))


@add_to(harvests, "stop", short_help="Ask a running harvest to stop.")
@click.argument("number", metavar="N", type=int)
def stop(call: Call, number: int) -> None:
    """Ask a running harvest to stop after the page in hand."""
    from app.cli.objects import harvest_object
    from app.errors import Refused

    found = call.store.harvests.get(number)
    if found.state == "ended":
        raise Refused(f"Harvest {number} has ended already: {found.outcome}.")
    call.store.harvests.request_stop(number)
    value = harvest_object(call.store.harvests.get(number))
    call.show(value, lambda: (f"Harvest {number} of {found.repository} stops after its page.",))


def list_lines(found: Sequence[Harvest], now: datetime) -> Iterator[str]:
    """Yield a table of harvests."""
    from app.cli.output import ago, table

    head = ("N", "Repository", "Kind", "Started", "Took", "Outcome", "Seen", "New", "Changed",
            "Removed", "Set aside")  # fmt: skip
    rows = [
        (str(h.id), h.repository, h.kind, ago(h.started_at, now), _took(h), h.outcome or h.state,
         h.counts.seen, h.counts.new, h.counts.changed, h.counts.removed, h.counts.quarantined)
        for h in found
    ]  # fmt: skip
    yield from table(head, rows, right=(0, 6, 7, 8, 9, 10))


def count_words(harvest: Harvest) -> str:
    """Say what a harvest brought, in one line of counts."""
    c, told = harvest.counts, harvest.told
    named = (("seen", c.seen), ("told", told), ("new", c.new), ("changed", c.changed),
             ("unchanged", c.unchanged), ("removed", c.removed), ("set aside", c.quarantined),
             ("repaired", c.repaired), ("requests", c.requests),
             ("retries", c.retries))  # fmt: skip
    return "   ".join(f"{name} {value:,}" for name, value in named if value is not None)


def _show_lines(
    h: Harvest, windows: Sequence[Window], failures: Sequence[Failure]
) -> Iterator[str]:
    from app.cli.objects import grouped, rate
    from app.cli.output import pairs, table

    yield f"Harvest {h.id} of {h.repository}: {h.outcome or h.state}"
    if h.sentence:
        yield h.sentence
    yield from pairs(
        (
            ("Kind", f"{h.kind}, by {h.trigger}"),
            ("Started", h.started_at),
            ("Took", _took(h)),
            ("Prefix", h.prefix),
            ("From", h.from_),
            ("Until", h.until),
            ("Sets", h.sets),
            ("Worker", h.worker),
            ("Software", h.software),
            ("Waited", f"{h.counts.waited / 1000:,.1f} s" if h.counts.waited else ""),
            ("Records a second", rate(h)),
            ("Last request", h.last_request if h.state != "ended" else ""),
        )
    )
    yield count_words(h)
    if windows:
        yield ""
        rows = [
            (w.set_spec or "all", w.from_, w.until, w.state, w.pages, w.listed, w.told, w.reason)
            for w in windows
        ]
        head = ("Set", "From", "Until", "State", "Pages", "Listed", "Told", "Why")
        yield from table(head, rows, right=(4, 5, 6))
    for group_ in grouped(failures):
        yield f"{group_['cause']} ({group_['count']}): {group_['sentence']}"
        yield from pairs((("", " ".join(group_.get("samples", ()))), ("", group_.get("advice"))))


def _request_lines(found: Sequence[Request]) -> Iterator[str]:
    from app.cli.output import table
    from app.web.words import size

    head = ("Request", "At", "Verb", "Arguments", "Status", "Size", "ms", "Try", "Records",
            "From", "To", "Told", "What")  # fmt: skip
    rows = [
        (f"{r.id}{'' if r.body_until else ' –'}", r.at, r.verb, r.arguments[:60], r.status,
         size(r.size), r.milliseconds, r.attempt, r.records, r.first_identifier,
         r.last_identifier, r.told, " ".join((r.cause, *r.repairs)).strip())
        for r in found
    ]  # fmt: skip
    yield from table(head, rows, right=(0, 4, 5, 6, 7, 8, 11))


def _window_object(window: Window) -> dict[str, Any]:
    named = {"set": window.set_spec, "from": window.from_, "until": window.until,
             "state": window.state, "pages": window.pages, "seen": window.listed,
             "told": window.told, "reason": window.reason}  # fmt: skip
    return {name: value for name, value in named.items() if value not in (None, "")}


def _took(h: Harvest) -> str:
    from app.web.words import duration

    return duration(h.ended_at - h.started_at) if h.ended_at and h.started_at else ""
