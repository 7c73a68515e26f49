"""`garnery repository …`: member repositories, added, shown, changed, paused, removed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from app.cli import kinds
from app.cli.ending import end
from app.cli.manners import Call, add_to, group

if TYPE_CHECKING:
    from datetime import datetime

    from app.store.values import Repository

NAME = click.argument("name", metavar="NAME")
STATES = ("held", "failing", "late", "new", "ok", "paused")
_PREFIX = click.option(
    "--prefix",
    multiple=True,
    callback=lambda _context, _parameter, given: kinds.prefixes(given),
    help="The metadataPrefix to harvest; `auto` takes the richest. Repeated: the preferred first.",
)
_SETS = click.option("--set", "sets", multiple=True, help="Harvest this set only; may be repeated.")
_EVERY = click.option("--every", help="How often: 6h, 1d, 7d, or cron text: 'cron 0 3 * * 0'.")
_RECONCILE = click.option("--reconcile", help="How often everything is compared: 30d, or never.")
_TITLE = click.option("--title", help="Its name for people; default: what Identify says.")
_CONTACT = click.option("--contact", help="Mail address of the people who run it.")
_HOME_PAGE = click.option("--home-page", metavar="URL", help="Its pages for people.")
_DESCRIPTION = click.option("--description", help="A sentence or two on what it holds.")
_LICENSE = click.option("--metadata-license", metavar="URL", help="The licence of its metadata.")
_ICON = click.option("--icon-url", metavar="URL", help="Its icon, of 88 by 31 pixels.")
_OPTION = click.option(
    "--option",
    "given",
    multiple=True,
    metavar="KEY=VALUE",
    help="How it is asked; may be repeated.",
)


@group("repository", short_help="Member repositories: add, list, show, edit, pause, remove.")
def repository(_call: Call) -> None:
    """Member repositories: what the hub harvests, and how often."""


@add_to(repository, "add", short_help="Add a repository.")
@NAME
@click.argument("base_url", metavar="BASE_URL", default="")
@click.option(
    "--kind",
    type=click.Choice(kinds.KINDS),
    default=kinds.OAI,
    help="oai (default); static: one XML document; files: a folder, archive or file.",
)
@_PREFIX
@_SETS
@_EVERY
@_RECONCILE
@_TITLE
@_CONTACT
@_HOME_PAGE
@_DESCRIPTION
@_LICENSE
@_ICON
@_OPTION
@click.option("--no-probe", is_flag=True, help="Add it without asking it who it is.")
@click.option("--paused", is_flag=True, help="Do not harvest it yet.")
@click.option("--private", is_flag=True, help="Keep it and its records from the public.")
@click.option("--allow-private-address", is_flag=True, help="It may lie in a private network.")
def add(call: Call, name: str, base_url: str, **options: Any) -> None:
    """Add a repository, after asking it who it is; its first harvest is due at once.

    NAME is permanent: it stands in the identifiers of its records. Nothing is added when the
    repository does not answer (exit code 1); --no-probe adds it all the same. With --kind files
    BASE_URL is a path of this machine, or left out: then files are imported into it.
    """
    from app.cli import joining

    found = joining.join(call, name, base_url, options)
    value = joining.joined_object(found, call.store.now())
    call.show(value, lambda: joining.joined_lines(found))


@add_to(repository, "probe", short_help="Look a repository over, without harvesting it.")
@click.argument("named", metavar="NAME|URL")
@click.option("--samples", type=click.IntRange(1, 100), default=20, help="Records to read: 20.")
@_PREFIX
@click.option("--allow-private-address", is_flag=True, help="It may lie in a private network.")
def probe(
    call: Call, named: str, *, samples: int, prefix: str | None, allow_private_address: bool
) -> None:
    """Look a repository over, by about 25 requests in a minute, one at a time.

    Says what it offers and how its lists behave, what is wrong with them, and which settings suit
    it. Stores no record. With the NAME of a member, what it finds becomes its quirks.
    """
    from app.cli import probing

    one = probing.target(call, named, allow_private=allow_private_address)
    began = call.store.now()
    found = probing.looked_over(call, one, samples=samples, prefix=prefix or "auto")
    if one.id:
        probing.keep_row(call, one, found, began)
        probing.keep_quirks(call, one, found)
    call.show(probing.probe_object(found), lambda: probing.probe_lines(found))
    if not found.usable:
        end(1)


@add_to(repository, "quirk", short_help="Say that a repository has a quirk, or has it not.")
@NAME
@click.argument("quirk", metavar="QUIRK")
@click.option("--off", "action", flag_value="off", help="It is not so, whatever harvests see.")
@click.option("--on", "action", flag_value="on", help="It is so; heed it.")
@click.option("--forget", "action", flag_value="forget", help="Take it off the list.")
def quirk_(call: Call, name: str, *, quirk: str, action: str | None) -> None:
    """Switch a quirk of a repository on or off, or forget it. `repository show` lists them."""
    from app.cli import quirks

    if action is None:
        raise click.UsageError("Say --off, --on or --forget.")
    found = call.store.repositories.get(name)
    words = quirks.change(call, found, quirk, action)
    value = {"name": name, "quirks": quirks.quirk_objects(call, found)}
    call.show(value, lambda: (words,))


@add_to(repository, "list", short_help="List the repositories.")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--kind", type=click.Choice(kinds.KINDS), help="Only those of this kind.")
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
    from app import clock
    from app.cli import asking, quirks
    from app.cli.objects import harvest_object, repository_object
    from app.state import next_times

    found, now = call.store.repositories.get(name), call.store.now()
    harvests = call.store.harvests.list(repository=name, limit=5)
    value = repository_object(found, now) | asking.asked_object(call.store, found)
    value |= {"next_times": [clock.text(at) for at in next_times(found)]}
    value |= {"quirks": quirks.quirk_objects(call, found)}
    value |= {"harvests": [harvest_object(h) for h in harvests]}
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
@_HOME_PAGE
@_DESCRIPTION
@_LICENSE
@_ICON
@_OPTION
@click.option("--rank", type=click.IntRange(0, 10_000), help="Of its copies; lower is preferred.")
@click.option(
    "--doi-prefix", "doi_prefixes", multiple=True, metavar="10.N",
    help="A prefix of DOIs that is its own; may be repeated. Empty: none.",
)  # fmt: skip
@click.option("--unset", multiple=True, metavar="KEY", help="Ask as all others again.")
@click.option("--public/--private", default=None, help="Whether everyone may see it.")
@click.option(
    "--allow-private-address/--forbid-private-address",
    default=None,
    help="Whether it may lie in a private network.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def edit(call: Call, name: str, *, yes: bool, **options: Any) -> None:
    """Change a repository, and say what will follow.

    With --private its visible records become deleted ones for harvesters, with --public all its
    records come into the lists; both say how many and ask. Broken off, the same command goes on.
    """
    from app.cli import joining, showing
    from app.cli.objects import repository_object

    before = call.store.repositories.get(name)
    changes = joining.changes(call, before, options)
    if not changes:
        raise click.UsageError("Nothing to change; name at least one option.")
    moved = showing.concerned(call, before, changes)
    if moved and not yes:
        showing.ask(name, moved, public=changes["public"])
    after = joining.change(call, before, changes)
    value = repository_object(after, call.store.now()) | {"changed": sorted(changes)}
    if moved:
        value |= {"moved": moved}
    lines = [showing.done(moved, public=after.public)] if moved else []
    call.show(value, lambda: [*joining.changed_lines(before, after, call.store.now()), *lines])


@add_to(repository, "missing", short_help="List what a format lacks, with the reasons.")
@NAME
@click.option("--prefix", default="datacite", help="The metadataPrefix: datacite.")
@click.option("--limit", type=click.IntRange(1), default=100, help="At most so many: 100.")
def missing(call: Call, name: str, *, prefix: str, limit: int) -> None:
    """List records of a repository that harvesters do not get in a format, each with the reason.

    Deleted records are not among them. Exit code 1 when there are any.
    """
    from app.cli import lacking

    end(lacking.show(call, call.store.repositories.get(name), prefix, limit))


@add_to(repository, "credentials", short_help="Keep the secrets that its server wants.")
@NAME
@click.option("--basic", metavar="USER", help="A user; the password is read from stdin.")
@click.option("--bearer", is_flag=True, help="A bearer token, read from stdin.")
@click.option("--query-key", metavar="ARGUMENT", help="An argument of the address; read likewise.")
@click.option("--clear", is_flag=True, help="Forget what there is.")
def credentials(
    call: Call, name: str, *, basic: str | None, bearer: bool, query_key: str | None, clear: bool
) -> None:
    """Keep a secret that is sent to the repository's own host, and nowhere else.

    The secret is asked for on a terminal, else it is the first line of stdin; it is never shown.
    """
    from app.cli import credentials as secrets

    found = call.store.repositories.get(name)
    wanted = secrets.wanted(found, basic=basic, bearer=bearer, query_key=query_key, clear=clear)
    call.store.repositories.set_credentials(name, wanted)
    value = {"name": name, "credentials": secrets.credentials_object(wanted, found)}
    call.show(value, lambda: secrets.lines(name, wanted, found))


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


def held_words(r: Repository) -> str:
    """Say how many deletions wait for a person, and how to look at them."""
    if not r.held:
        return ""
    return f"deletion of {r.held:,} of {r.live:,} records; see garnery decisions"


def _list_lines(found: tuple[Repository, ...], now: datetime) -> Iterator[str]:
    from app.cli.asking import marked
    from app.cli.output import ago, coming, table
    from app.state import repository_state

    rows = [
        (r.name, repository_state(r, now), ago(r.last_whole_at, now), r.live,
         coming(r.next_harvest_at, now, paused=r.paused), marked(r))
        for r in found
    ]  # fmt: skip
    yield from table(
        ("Name", "State", "Last complete", "Records", "Next", "Title"), rows, right=(3,)
    )


def _schedule(r: Repository, now: datetime) -> str:
    """Say how often a repository is harvested, and how much later than others."""
    from app.errors import ConfigurationError
    from app.schedule import delay
    from app.web.words import duration, every

    try:
        later = delay(r.every, now, r.name)
    except ConfigurationError:  # a schedule of an older version
        return every(r.every)
    return f"{every(r.every)}, put off by {duration(later)}" if later else every(r.every)


def _show_lines(call: Call, r: Repository, now: datetime) -> Iterator[str]:
    from app.addresses import veiled
    from app.cli.asking import asked_pairs
    from app.cli.harvests import list_lines
    from app.cli.output import ago, coming, pairs
    from app.cli.quirks import quirk_lines
    from app.state import next_times, repository_state

    yield from pairs(
        (
            ("Name", r.name),
            ("Title", r.title),
            ("State", repository_state(r, now)),
            ("Base URL", veiled(r.base_url)),
            ("Prefix", r.prefix + (f" ({r.chosen_prefix})" if r.chosen_prefix else "")),
            ("Sets", r.sets or "all"),
            ("Harvested", _schedule(r, now)),
            ("Compared", r.reconcile),
            ("Contact", r.contact),
            ("Home page", r.home_page),
            ("Description", r.description),
            ("Metadata licence", r.metadata_license),
            ("Icon", r.icon_url),
            ("Public", r.public),
            ("Private address", r.allow_private or None),
            *asked_pairs(call.store, r, now),
            ("Calls itself", r.identify_name),
            ("Software", r.software),
            ("Granularity", r.granularity),
            ("Deleted records", r.deleted_record),
            ("Records", r.live),
            ("Deleted", r.deleted),
            ("Set aside", r.quarantined),
            ("Held", held_words(r)),
            ("Last complete", ago(r.last_whole_at, now)),
            ("Next harvest", coming(r.next_harvest_at, now, paused=r.paused)),
            ("Next times", ", ".join(f"{at:%Y-%m-%d %H:%M}" for at in next_times(r))),
        )
    )
    learned = list(quirk_lines(call, r))
    if learned:
        yield from ("", "Its quirks", *learned)
    harvests = call.store.harvests.list(repository=r.name, limit=5)
    if harvests:
        yield ""
        yield from list_lines(harvests, now)
