"""`garnery check`: whether this hub can do its work; each finding with its cure.

A check never changes anything but the trial files of folders; what it tries in the database is
taken back.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import own_look, room
from app.cli import data_checks, host_checks
from app.cli.ending import end
from app.cli.findings import Finding
from app.cli.manners import Call, command
from app.cli.schema_checks import of_formats
from app.errors import ConfigurationError, SchemaOutdated, SchemaTooNew, StoreError

if TYPE_CHECKING:
    from app.settings import Settings
    from app.store import Store

SKEW = timedelta(seconds=5)
"""How far the newest datestamp may lie ahead of the clock: stamps are given a little ahead."""


@command("check", short_help="Check whether this hub can do its work.")
@click.option("--deep", is_flag=True, help="Read every record, too, and all that is kept of it.")
@click.option("--mend", is_flag=True, help="Have what --deep finds made anew from originals.")
def check(call: Call, *, deep: bool, mend: bool) -> None:
    """Check settings, database, disk, clock, workers and scheduler; tell every cure.

    Exit code 1 when something of severity error was found. With --deep every record is read, its
    original once more, and compared with its renderings, lists, words and counts; the hub may work
    on meanwhile.
    """
    found = (*_findings(call), *(data_checks.deep(call, mend=mend) if deep or mend else ()))
    worst = any(f.severity == "error" for f in found)
    value = {"ok": not worst, "versions": _versions(call), "findings": found}
    call.show(value, lambda: _lines(found))
    end(1 if worst else 0)


def _versions(call: Call) -> dict[str, str]:
    try:
        return host_checks.versions(call.store)
    except (ConfigurationError, StoreError):
        return host_checks.versions()


def _lines(found: tuple[Finding, ...]) -> Iterator[str]:
    for finding in found:
        yield f"{finding.severity:<8}{finding.id:<20}{finding.sentence}"
        yield f"{'':<28}{finding.cure}"
    if not found:
        yield "Everything is as it should be."


def _findings(call: Call) -> Iterator[Finding]:
    """Check one thing after the other; what rests on a thing that fails is left out."""
    try:
        settings = call.settings
    except ConfigurationError as error:
        cure = "Correct the file or variable; garnery config shows what is in force."
        yield Finding("settings", "error", str(error), cure)
        return
    yield from _of_settings(settings)
    yield from host_checks.of_files(call)
    yield from host_checks.of_telling(settings)
    yield from of_formats(settings)
    yield from _of_disk(settings)
    yield from _of_dumps(settings)
    try:
        store = call.store
        store.ping()
        store.hub.trial()
    except (SchemaOutdated, SchemaTooNew) as error:
        yield Finding("schema", "error", str(error), "garnery db upgrade")
    except StoreError as error:
        cure = "Start the database, or correct database.url."
        if error.cause == "disk-full":
            cure = "Make room; what stands still goes on by itself."
        yield Finding("database", "error", str(error), cure)
    else:
        yield from host_checks.of_versions(store)
        yield from _of_clock(store)
        yield from host_checks.of_clocks(store)
        yield from _of_processes(store)
        yield from host_checks.of_work(store, settings)
        yield from _of_repositories(store)
        yield from _of_outages(store)
        yield from _of_damage(store)
        yield from data_checks.of_restore(store)
        yield from data_checks.of_replica(settings)


def _of_settings(settings: Settings) -> Iterator[Finding]:
    from app.settings import Settings as Defaults

    default = Defaults()
    if settings.hub.contact == default.hub.contact:
        yield Finding(
            "contact",
            "warning",
            f"The contact is still {default.hub.contact}; nobody can reach you.",
            "Set hub.contact to a mail address that people read.",
        )
    if settings.oai.domain == default.oai.domain:
        yield Finding(
            "domain",
            "warning",
            f"OAI identifiers still bear {default.oai.domain}.",
            "Set oai.domain to a domain of yours before anyone harvests this hub.",
        )
    if settings.base_url == default.base_url:
        yield Finding(
            "base-url",
            "info",
            f"The hub calls itself {default.base_url}, which works on this machine only.",
            "Set base_url to the address at which the world sees it.",
        )
    hub = settings.hub
    for fault in filter(None, (own_look.accent_fault(hub.accent), own_look.logo_fault(hub.logo))):
        yield Finding("own-look", "warning", fault, "Until then pages look as without it.")
    if settings.base_url.startswith("https:") and not settings.web.trusted_proxies:
        yield Finding(
            "proxies",
            "warning",
            "A proxy seems to stand before the hub, and to the hub all clients look like one: "
            "they share one pace.",
            "Set web.trusted_proxies to the number of your proxies; see docs/operating.md.",
        )


def _of_disk(settings: Settings) -> Iterator[Finding]:
    folder = room.database_folder(settings.database.url)
    if folder is not None:
        yield from _of_folder(
            folder,
            ("folder-writable", "disk-space"),
            "Give this user the right to write there, or set database.url to another place.",
            "Make room, or move the database.",
        )
    spool = room.spool_folder(settings)
    if folder is None or spool.resolve() != folder:
        yield from _of_folder(
            spool,
            ("spool-writable", "spool-space"),
            "Make the folder, with the right to write there, or set harvest.spool_folder.",
            "Make room, or set harvest.spool_folder to another disk.",
        )


def _of_dumps(settings: Settings) -> Iterator[Finding]:
    if settings.dumps.folder:
        path = Path(settings.dumps.folder).absolute()
        yield from _of_folder(
            next(place for place in (path, *path.parents) if place.exists()),
            ("dumps-writable", "dumps-space"),
            "Make the folder, with the right to write there, or set dumps.folder.",
            "Make room, or set dumps.folder to another disk; the dump before stays as it is.",
        )


def _of_folder(
    folder: Path, ids: tuple[str, str], cure: str, cure_of_full: str
) -> Iterator[Finding]:
    if not os.access(folder, os.W_OK) or not _takes_a_file(folder):
        yield Finding(ids[0], "error", f"Nothing can be written to {folder}.", cure)
        return
    if not room.is_left(folder):
        free = shutil.disk_usage(folder).free / 1e9
        words = f"Only {free:.1f} GB of the disk of {folder} are free."
        yield Finding(ids[1], "error", words, cure_of_full)


def _of_clock(store: Store) -> Iterator[Finding]:
    from app import clock

    newest = store.records.newest()
    if newest and clock.moment(newest) > store.now() + SKEW:
        yield Finding(
            "clock",
            "error",
            f"The newest datestamp, {clock.text(newest)}, lies ahead of the clock.",
            "Set the clock of this machine (NTP); new records wait behind that datestamp.",
        )


def _of_processes(store: Store) -> Iterator[Finding]:
    from app.jobs import presence

    for role, words in ((presence.WORKER, "work"), (presence.SCHEDULER, "schedule")):
        last = presence.last_sign(store, role)
        if last is None or store.now() - last > timedelta(seconds=presence.LONGEST_SILENCE):
            since = f"since {last:%Y-%m-%d %H:%M:%S} UTC" if last else "and none ever ran"
            yield Finding(
                role,
                "warning",
                f"No {role} is running, {since}: nothing is harvested by schedule.",
                f"Start the hub with garnery up, or a {role} with garnery {words}.",
            )


def _of_repositories(store: Store) -> Iterator[Finding]:
    from app.state import repository_state

    now = store.now()
    for repository in store.repositories.list():
        if repository_state(repository, now) == "failing":
            yield Finding(
                "repository-failing",
                "warning",
                f"{repository.name}: {repository.failures} harvests in a row were not whole.",
                f"garnery harvests --repository {repository.name}",
            )


def _of_outages(store: Store) -> Iterator[Finding]:
    """Name each harvest that stands still, or that ended, for a disk or the database."""
    from app.causes import CAUSES
    from harvesters.runs.ledger import STANDS_STILL
    from harvesters.runs.outages import PASSING

    for repository in store.repositories.list():
        run = store.harvests.running(repository.id)
        cause = "disk-full" if run is not None and run.last_request == STANDS_STILL else ""
        if run is None and repository.last_harvest is not None:
            cause = store.harvests.get(repository.last_harvest).cause
        if cause in PASSING:
            row = CAUSES[cause]
            yield Finding(cause, "warning", f"{repository.name}: {row.words}", row.operator)


def _of_damage(store: Store) -> Iterator[Finding]:
    """Name each repository of which stored bytes are damaged."""
    for number, count in store.records.damaged().items():
        name = store.repositories.by_id(number).name
        yield Finding(
            "rendering-damaged",
            "warning",
            f"{name}: {count:,} of its records cannot be read as stored; lists leave them out.",
            f"The scheduler has them written anew; or do it now: garnery reingest "
            f"--repository {name}. Look at the disk, too.",
        )


def _takes_a_file(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
