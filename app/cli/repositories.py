"""`garnery repository …`: member repositories, added, shown, changed, paused, removed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from app.cli.ending import end
from app.cli.manners import Call, add_to, group

if TYPE_CHECKING:
    from datetime import datetime

    from app.store.values import Repository

NAME = click.argument("name", metavar="NAME")
STATES = ("held", "failing", "late", "new", "ok", "paused")
_PREFIX = click.option("--prefix", help="The metadataPrefix to harvest; `auto` takes the richest.")
_SETS = click.option("--set", "sets", multiple=True, help="Harvest this set only; may be repeated.")
_EVERY = click.option("--every", help="How often: 6h, 1d, 7d, or cron text: 'cron 0 3 * * 0'.")
_RECONCILE = click.option("--reconcile", help="How often everything is compared: 30d, or never.")
_TITLE = click.option("--title", help="Its name for people; default: what Identify says.")
_CONTACT = click.option("--contact", help="Mail address of the people who run it.")


@group("repository", short_help="Member repositories: add, list, show, edit, pause, remove.")
def repository(_call: Call) -> None:
    """Member repositories: what the hub harvests, and how often."""


@add_to(repository, "add", short_help="Add a repository.")
@NAME
@click.argument("base_url", metavar="BASE_URL")
@_PREFIX
@_SETS
@_EVERY
@_RECONCILE
@_TITLE
@_CONTACT
@click.option("--no-probe", is_flag=True, help="Add it without asking it who it is.")
@click.option("--paused", is_flag=True, help="Do not harvest it yet.")
@click.option("--private", is_flag=True, help="Keep it and its records from the public.")
@click.option("--allow-private-address", is_flag=True, help="It may lie in a private network.")
def add(call: Call, name: str, base_url: str, **options: Any) -> None:
    """Add a repository, after asking it who it is; its first harvest is due at once.

    NAME is permanent: it stands in the identifiers of its records. Nothing is added when the
    repository does not answer (exit code 1); --no-probe adds it all the same.
    """
    from app.cli import joining

    found = joining.join(call, name, base_url, options)
    value = joining.joined_object(found, call.store.now())
    call.show(value, lambda: joining.joined_lines(found))


@add_to(repository, "list", short_help="List the repositories.")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--kind", type=click.Choice(["oai"]), help="Only those of this kind.")
def list_(call: Call, state: str | None, kind: str | None) -> None:
    """List the repositories: name, state, last complete harvest, records, next harvest."""
    from app.cli.objects import listed, repository_object
    from app.state import repository_state

    now = call.store.now()
    found = [
        r
        for r in call.store.repositories.list()
        if state in (None, repository_state(r, now)) and kind in (None, r.kind)
    ]
    call.show(
        listed(repository_object(r, now) for r in found), lambda: _list_lines(tuple(found), now)
    )


@add_to(repository, "show", short_help="Show one repository.")
@NAME
def show(call: Call, name: str) -> None:
    """Show a repository: its settings, what the hub learned of it, its last harvests."""
    from app.cli.objects import harvest_object, repository_object

    found, now = call.store.repositories.get(name), call.store.now()
    harvests = call.store.harvests.list(repository=name, limit=5)
    value = repository_object(found, now) | {"harvests": [harvest_object(h) for h in harvests]}
    call.show(value, lambda: _show_lines(call, found, now))


@add_to(repository, "edit", short_help="Change a repository.")
@NAME
@click.option("--base-url", help="Its address for OAI-PMH.")
@_PREFIX
@_SETS
@click.option("--all-sets", is_flag=True, help="Harvest it whole again, not only some sets.")
@_EVERY
@_RECONCILE
@_TITLE
@_CONTACT
@click.option("--public/--private", default=None, help="Whether everyone may see it.")
@click.option(
    "--allow-private-address/--forbid-private-address",
    default=None,
    help="Whether it may lie in a private network.",
)
def edit(call: Call, name: str, **options: Any) -> None:
    """Change a repository, and say what will follow."""
    from app.cli import joining
    from app.cli.objects import repository_object

    before = call.store.repositories.get(name)
    changes = joining.changes(call, before, options)
    if not changes:
        raise click.UsageError("Nothing to change; name at least one option.")
    after = joining.change(call, before, changes)
    value = repository_object(after, call.store.now()) | {"changed": sorted(changes)}
    call.show(value, lambda: joining.changed_lines(before, after, call.store.now()))


@add_to(repository, "pause", short_help="Harvest a repository no more.")
@NAME
def pause(call: Call, name: str) -> None:
    """Harvest a repository no more until it is resumed; its records stay."""
    _set_paused(call, name, paused=True)


@add_to(repository, "resume", short_help="Harvest a paused repository again.")
@NAME
def resume(call: Call, name: str) -> None:
    """Harvest a paused repository again; what is overdue is harvested at once."""
    _set_paused(call, name, paused=False)


@add_to(repository, "remove", short_help="Remove a repository.")
@NAME
@click.option(
    "--records",
    type=click.Choice(["tombstone", "erase"]),
    default="tombstone",
    help="Leave its records as deleted ones (default), or erase every trace.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(call: Call, name: str, *, records: str, yes: bool) -> None:
    """Remove a repository. Its records become deleted ones, so that harvesters learn of it.

    --records erase leaves no trace: only for repositories that nobody has harvested from here.
    """
    from app.web.words import plural

    found = call.store.repositories.get(name)
    kept = plural(found.live, "record")
    what = "is erased" if records == "erase" else "becomes deleted ones"
    if not yes:
        _ask(f"{name} is removed: {kept} {what}. Go on?", name)
    count = call.store.repositories.remove(name, erase=records == "erase")
    value = {"name": name, "records": count, "how": records}
    call.show(value, lambda: (f"{name} is removed; {plural(count, 'record')}: {records}.",))


def _ask(question: str, name: str) -> None:
    from app.errors import Refused

    if not sys.stdin.isatty():
        raise Refused(f"Removing needs a yes: garnery repository remove {name} --yes")
    if not click.confirm(question, err=True):
        end(5)


def _set_paused(call: Call, name: str, *, paused: bool) -> None:
    from app.cli.objects import repository_object

    found = call.store.repositories.edit(name, paused=paused)
    words = "is paused" if paused else "is harvested again"
    call.show(repository_object(found, call.store.now()), lambda: (f"{name} {words}.",))


def _list_lines(found: tuple[Repository, ...], now: datetime) -> Iterator[str]:
    from app.cli.output import ago, coming, table
    from app.state import repository_state

    rows = [
        (r.name, repository_state(r, now), ago(r.last_whole_at, now), r.live,
         coming(r.next_harvest_at, now, paused=r.paused), r.title)
        for r in found
    ]  # fmt: skip
    yield from table(
        ("Name", "State", "Last complete", "Records", "Next", "Title"), rows, right=(3,)
    )


def _show_lines(call: Call, r: Repository, now: datetime) -> Iterator[str]:
    from app.cli.harvests import list_lines
    from app.cli.output import ago, coming, pairs
    from app.state import repository_state
    from app.web.words import every

    yield from pairs(
        (
            ("Name", r.name),
            ("Title", r.title),
            ("State", repository_state(r, now)),
            ("Base URL", r.base_url),
            ("Prefix", r.prefix + (f" ({r.chosen_prefix})" if r.chosen_prefix else "")),
            ("Sets", r.sets or "all"),
            ("Harvested", every(r.every)),
            ("Compared", r.reconcile),
            ("Contact", r.contact),
            ("Public", r.public),
            ("Private address", r.allow_private or None),
            ("Calls itself", r.identify_name),
            ("Granularity", r.granularity),
            ("Deleted records", r.deleted_record),
            ("Records", r.live),
            ("Deleted", r.deleted),
            ("Set aside", r.quarantined),
            ("Last complete", ago(r.last_whole_at, now)),
            ("Next harvest", coming(r.next_harvest_at, now, paused=r.paused)),
        )
    )
    harvests = call.store.harvests.list(repository=r.name, limit=5)
    if harvests:
        yield ""
        yield from list_lines(harvests, now)
