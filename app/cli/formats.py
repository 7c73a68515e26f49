"""`garnery formats`: which there are; what is switched on is rendered for all records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from app.cli.ending import end
from app.cli.manners import Call, add_to, group

if TYPE_CHECKING:
    from app.crosswalks.further import Renderer
    from app.further import Outcome
    from app.store.values import Repository

NAMES = click.option("--repository", "names", metavar="NAME", multiple=True, help="Only of this.")
Work = Callable[["Repository", Callable[["Outcome"], None]], "Outcome"]


@group("formats", short_help="The metadata formats.", invoke_without_command=True)
def formats(call: Call) -> None:
    """List the metadata formats: names, media types, whether they are read and written."""
    if click.get_current_context().invoked_subcommand:
        return
    from app.cli.objects import listed
    from app.crosswalks import FORMATS

    on = set(call.settings.oai.formats)
    call.show(listed(_object(form, on) for form in FORMATS.values()), lambda: _lines(on))


@add_to(formats, "apply", short_help="Render what is switched on for records that are there.")
@NAMES
@click.option("--every", is_flag=True, help="Also where all records were gone through already.")
@click.option("--queue", is_flag=True, help="Only queue the work; the workers do it.")
def apply(call: Call, names: tuple[str, ...], *, every: bool, queue: bool) -> None:
    """Render the formats of the setting oai.formats for the records that are there.

    The hub does so by itself when the setting has changed. Only those formats get a new datestamp.
    Ctrl-C ends after the batch in hand; the next call goes on there.
    """
    from app import further, jobs
    from app.cli import holding
    from app.crosswalks.further import renderer
    from app.store.further import switch

    rendering = renderer(call.settings.oai)
    chosen = _chosen(call, names)
    switched = switch(call.store, rendering.prefixes if rendering else ())
    if rendering is None or not rendering.further:
        _none_on(call)
        return
    if queue:
        more = {"every": True} if every else {}
        job = jobs.FORMATS
        end(holding.queue(call, job, chosen, lambda one: {"repository": one.name} | more))

    def one(repository: Repository, tell: Callable[[Outcome], None]) -> Outcome:
        return further.apply(
            call.store, repository, rendering, switched, every=every, at_batch_end=tell
        )

    end(_run(call, chosen, one, rendering))


@add_to(formats, "prune", short_help="Take back what is stored of a format that is off.")
@click.argument("prefix", metavar="PREFIX")
@NAMES
def prune(call: Call, prefix: str, names: tuple[str, ...]) -> None:
    """Take the renderings of a format back that is switched off; tombstones stay.

    What is stored of a format stays when it is switched off, so that nothing need be rendered
    when it is switched on again; this makes room.
    """
    from app import further
    from app.crosswalks.further import ALWAYS, chosen
    from app.errors import Refused
    from app.store.further import switch

    on = tuple(one.prefix for one in chosen(call.settings.oai))
    if prefix in (*ALWAYS, *on):
        raise Refused(f"The format {prefix} is on offer; take it out of oai.formats first.")
    further.require_stored(call.store, prefix)
    switch(call.store, on)  # so that it is rendered anew when it is switched on again
    end(
        _run(
            call,
            _chosen(call, names),
            lambda one, tell: further.prune(call.store, one, prefix, at_batch_end=tell),
        )
    )


def _chosen(call: Call, names: tuple[str, ...]) -> list[Repository]:
    found = [call.store.repositories.get(name) for name in dict.fromkeys(names)]
    return found or list(call.store.repositories.list())


def _none_on(call: Call) -> None:
    sentence = "No format is switched on besides those that every record has: oai.formats is empty."
    value = {"formats": [], "ended_early": False, "read": 0}
    call.show(value, lambda: (sentence,))


def _run(
    call: Call, repositories: list[Repository], work: Work, rendering: Renderer | None = None
) -> int:
    """Do the work for each repository, under the lock of its host; returns the exit code."""
    from app.cli.running import stopping
    from app.further import Outcome

    whole = Outcome()
    with stopping() as stopped:
        for repository in repositories:
            whole.add(_one(call, repository, work, stopped.asked.is_set))
            if stopped.asked.is_set():
                break
    early = bool(stopped.code)
    names = list(rendering.prefixes) if rendering else []
    value = {"formats": names, "ended_early": early} | {
        name: getattr(whole, name) for name in whole.__struct_fields__
    }
    call.show(value, lambda: _done_lines(whole, early=early))
    return stopped.code


def _one(call: Call, repository: Repository, work: Work, stop: Callable[[], bool]) -> Outcome:
    from app import jobs
    from app.cli.holding import held
    from app.cli.watching import telling
    from app.further import Outcome, total

    count, done = total(call.store, repository), Outcome()
    arguments = {"repository": repository.name}
    with (
        held(call, repository, jobs.FORMATS, arguments, jobs.worker_name()) as lease,
        telling(call) as tell,
    ):

        def at_batch_end(so_far: Outcome) -> None:
            nonlocal done
            done = so_far
            tell(f"{repository.name}: {done.read:,} of {count:,} records", done.read, count)
            lease.check()
            if stop():
                raise _Ended

        try:
            return work(repository, at_batch_end)
        except _Ended:
            return done


class _Ended(Exception):
    """Ends a run after the batch in hand."""


def _done_lines(done: Outcome, *, early: bool) -> Iterator[str]:
    if not done.read:
        yield "Nothing to do: all records have been gone through."
        return
    yield (
        f"{done.read:,} records: {done.rendered:,} renderings, {done.lacking:,} that cannot be, "
        f"{done.ended:,} taken back."
    )
    if done.lacking:
        yield "Why: garnery repository missing NAME --prefix PREFIX"
    if early:
        yield "Ended before all was done; call it again to go on."


def _object(known: Any, on: set[str]) -> dict[str, Any]:
    return {
        "name": known.name,
        "title": known.title,
        "media_types": list(known.media_types),
        "extension": known.extension,
        "read": known.readable,
        "written": known.writable,
        "oai": known.oai or known.name in on,
        "schema": known.schema,
        "namespace": known.namespace,
    }


def _lines(on: set[str]) -> Iterator[str]:
    from app.cli.output import table
    from app.crosswalks import FORMATS

    rows = [
        (
            form.name, form.readable, form.writable, form.oai or form.name in on,
            form.media_types[0] if form.media_types else "", form.title,
        )
        for form in FORMATS.values()
    ]  # fmt: skip
    yield from table(("Name", "Read", "Written", "OAI-PMH", "Media type", "Title"), rows)
