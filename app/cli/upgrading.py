"""The upgrade of the database, and the copy of its file that is made before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import FileError

if TYPE_CHECKING:
    from pathlib import Path

    from app.cli.manners import Call


def upgrade(call: Call) -> tuple[list[str], Path | None]:
    """Bring the schema up to date; return the steps that were run, and where the copy lies.

    The copy of an SQLite file is made before its first step, unless the settings say no. Raises
    FileError, before anything is changed, when there is no room for it.
    """
    from app.store import schema_status
    from app.store import upgrade as upgrade_schema

    url = call.settings.database.url
    found = schema_status(url)
    copied = None
    if found.current and found.behind and call.settings.database.copy_before_upgrade:
        copied = _copy(url, found.current)
        if copied is not None:
            call.say(f"The database was copied before its upgrade, to {copied}.")
    steps = upgrade_schema(url)
    return [*steps, *_engine(call)], copied


def _engine(call: Call) -> tuple[str, ...]:
    """Bring up to date what the engine needs in the database; return what was done."""
    from app.jobs.engines import prepare

    return ("procrastinate",) if prepare(call.store) else ()


def _copy(url: str, step: str) -> Path | None:
    from app.store import copying

    if not copying.is_file(url):
        return None
    source = copying.file_of(url)
    target = source.with_name(f"{source.name}-before-{step}")
    try:
        copying.require_room(source.absolute().parent, source.stat().st_size)
        copying.copy(source, target)
    except FileError as error:
        raise FileError(
            f"The database was not upgraded, since it could not be copied before: {error} "
            "Or copy it yourself, and set database.copy_before_upgrade = false."
        ) from error
    return target
