"""`garnery db …`: the schema of the database, backups of all it holds, and how to restore them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.ending import end
from app.cli.manners import Call, add_to, group

if TYPE_CHECKING:
    from app.backups import Manifest
    from app.findings import Finding


@group("db", short_help="The database: upgrade, status, backup, restore.")
def db(_call: Call) -> None:
    """The database and its schema."""


@add_to(db, "upgrade", short_help="Bring the schema up to date.")
def upgrade(call: Call) -> None:
    """Make the database if there is none, and bring its schema up to date.

    The file of an SQLite database is copied before, unless database.copy_before_upgrade is off.
    """
    from app.cli.upgrading import upgrade as upgrade_database
    from app.store import schema_status

    steps, copied = upgrade_database(call)
    status = schema_status(call.settings.database.url)
    value = {
        "current": status.current, "head": status.head, "steps": steps,
        "copy": str(copied) if copied else None,
    }  # fmt: skip
    said = [f"Step {step} is done." for step in steps] or ["There was nothing to do."]
    call.show(value, lambda: (*said, f"The schema is {status.current}."))


@add_to(db, "status", short_help="Tell whether the schema is up to date.")
def status(call: Call) -> None:
    """Tell the version of the schema; exit code 1 when it is behind this program."""
    from app.store import schema_status

    found = schema_status(call.settings.database.url)
    value = {"current": found.current, "head": found.head, "behind": found.behind}
    call.show(value, lambda: _lines(found.current, found.head, found.behind))
    end(1 if found.behind or found.current != found.head else 0)


@add_to(db, "backup", short_help="Write everything into a file, while the hub runs.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--as", "form", type=click.Choice(["archive", "sqlite"]), default="archive",
    help="An archive (for both databases), or a copy of the SQLite file.",
)  # fmt: skip
@click.option("--with-secrets", is_flag=True, help="Credentials and secrets, too.")
@click.option("--force", is_flag=True, help="Over a file that is there.")
def backup(call: Call, file: Path, form: str, *, with_secrets: bool, force: bool) -> None:
    """Write all that the database holds into FILE, as it stands at one moment.

    The file gets its name once it is whole and on the disk. An archive lacks the secrets of
    members and of this hub unless they are asked for; a copy of the SQLite file has them always.
    """
    from app.cli.watching import telling

    begun = time.monotonic()
    with telling(call) as tell:
        if form == "sqlite":
            value = _copied(call, file, force=force, tell=tell)
        else:
            value = _archived(call, file, secrets=with_secrets, force=force, tell=tell)
    value |= {"file": str(file), "bytes": file.stat().st_size}
    value["seconds"] = round(time.monotonic() - begun, 1)
    call.show(value, lambda: _backup_lines(value))


@add_to(db, "restore", short_help="Make a hub of a backup.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--into", metavar="URL", help="Another database than database.url.")
@click.option("--moved", is_flag=True, help="The hub was stopped, and goes on in this place.")
@click.option("--yes", is_flag=True, help="Needed: without it only the backup is looked through.")
def restore(call: Call, file: Path, into: str | None, *, moved: bool, yes: bool) -> None:
    """Make a hub of the backup in FILE, in a database that is empty or not there yet.

    The file is read to its end before anything is written. Afterwards every record is checked; the
    exit code is 1 when that finds errors. Unless the hub only moved, the next harvest of each
    member reads everything, and resumption tokens of before end.
    """
    from app.backups import Backup, shown
    from app.cli.watching import telling

    _refuse_a_copy(file)
    if not yes:
        packed = Backup(file)
        with telling(call) as tell:
            packed.verify(tell)
        value = {"restored": False, **shown(packed.manifest)}
        call.show(value, lambda: (*_manifest_lines(packed.manifest), _UNDONE))
        end(5)
    url = into or call.settings.database.url
    with telling(call) as tell:
        value, found = _restored(call, file, url, moved=moved, tell=tell)
    call.show(value, lambda: _restore_lines(value, found, url))
    end(1 if any(one.severity == "error" for one in found) else 0)


_UNDONE = "The backup is whole. Nothing was restored: add --yes."


def _archived(call: Call, file: Path, *, secrets: bool, force: bool, tell: Any) -> dict[str, Any]:
    from app.backups import backup as write
    from app.backups import shown

    store = call.store
    manifest = write(
        store.database, file, call.settings, secrets=secrets, force=force, told=tell
    )  # fmt: skip
    return {"form": "archive", **shown(manifest)}


def _copied(call: Call, file: Path, *, force: bool, tell: Any) -> dict[str, Any]:
    from app.backups import require_place
    from app.store import copying

    require_place(file, force=force)
    source = copying.file_of(call.settings.database.url)
    call.store.ping()
    copying.require_room(file.absolute().parent, source.stat().st_size)
    copying.copy(source, file, lambda done, of: tell(f"{done / 1e6:,.0f} MB copied", done, of))
    file.chmod(0o600)
    return {"form": "sqlite", "secrets": True, "without_credentials": []}


def _refuse_a_copy(file: Path) -> None:
    """A copy of an SQLite file needs no restore: it is a database."""
    from app.errors import Refused
    from app.store.copying import MAGIC

    if not file.is_file():
        return
    with file.open("rb") as opened:
        if opened.read(len(MAGIC)) == MAGIC:
            raise Refused(
                f"{file} is a copy of an SQLite database, not an archive: stop the hub, put the "
                "copy in the place of the database file (and remove the files beside it that end "
                "in -wal and -shm), then run `garnery harvest --all --full --queue`."
            )


def _restored(
    call: Call, file: Path, url: str, *, moved: bool, tell: Any
) -> tuple[dict[str, Any], list[Finding]]:
    from app import clock
    from app.backups import restore as put
    from app.backups import shown
    from app.deep import examine
    from app.store import open_store

    begun = time.monotonic()
    done = put(file, url, now=clock.now(), as_moved=moved, told=tell)
    store = open_store(url)
    try:
        found = list(examine(store, call.settings, tell))
    finally:
        store.dispose()
    value = {"restored": True, **shown(done.manifest), "steps": list(done.steps)}
    value |= {"findings": found, "seconds": round(time.monotonic() - begun, 1)}
    return value, found


def _backup_lines(value: dict[str, Any]) -> Iterator[str]:
    rows = f"{value['records']:,} records, {value['rows']:,} rows: " if "rows" in value else ""
    size = f"{value['bytes'] / 1e6:,.1f} MB"
    yield f"{value['file']}: {rows}{size} in {value['seconds']:,} s."
    if value["secrets"]:
        yield "It holds credentials and secrets: keep it where only you can read it."
    else:
        yield "It holds no secrets: --with-secrets takes them along."
    yield from _lacking(value["without_credentials"])


def _manifest_lines(manifest: Manifest) -> Iterator[str]:
    facts = manifest.facts
    yield (
        f"A backup of {facts.taken_at}, by Garnery {manifest.garnery}, at step {facts.step}: "
        f"{manifest.records:,} records, {manifest.rows:,} rows."
    )
    yield from _lacking(manifest.without_credentials)


def _restore_lines(value: dict[str, Any], found: list[Finding], url: str) -> Iterator[str]:
    yield (
        f"The hub of {value['taken_at']} is restored: {value['records']:,} records, "
        f"{value['rows']:,} rows in {value['seconds']:,} s."
    )
    yield from _lacking(value["without_credentials"])
    for finding in found:
        yield f"{finding.severity:<8}{finding.id:<20}{finding.sentence}"
    if not found:
        yield "Every record was checked: all is as it should be."
    if url.startswith("postgresql"):
        yield "Set database.url to this database, unless it is there already."


def _lacking(names: Any) -> Iterator[str]:
    if names:
        yield f"Without credentials, to be entered again: {', '.join(names)}."


def _lines(current: str | None, head: str, behind: list[str]) -> tuple[str, ...]:
    if current == head:
        return (f"The schema is {current}, as this program needs it.",)
    steps = [f"Missing: {step}" for step in behind]
    return (
        f"The schema is {current or 'not there'}; this program needs {head}.",
        *steps,
        "Bring it up to date with: garnery db upgrade",
    )
