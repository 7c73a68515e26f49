"""`garnery dump`: brings the files with everything up to date now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.cli.manners import Call, command

if TYPE_CHECKING:
    from app.bulk.dumping import Dumped


@command("dump", short_help="Bring the dumps up to date.")
@click.option("--queue", is_flag=True, help="Only queue it, for the workers.")
def dump(call: Call, *, queue: bool) -> None:
    """Write all public records into the folder of the setting dumps.folder, by month changed.

    Months in which nothing changed keep their files. The manifest, manifest.json, comes last, so
    that whoever reads it finds every file whole; until then the dump before stays as it is.
    """
    from app import jobs
    from app.bulk import dumping

    if queue:
        dumping.require_folder(call.settings)
        number = jobs.submit(call.store, jobs.DUMP, {}, lock=jobs.DUMP)
        value = {"state": "queued", "job": number}
        call.show(value, lambda: ("The dump is queued for the workers.",))
        return
    done = dumping.dump(call.store, call.settings)
    value = {"folder": call.settings.dumps.folder}
    value |= {name: getattr(done, name) for name in done.__struct_fields__}
    call.show(value, lambda: (_sentence(done),))


def _sentence(done: Dumped) -> str:
    from app.web.words import plural

    lacking = f" {plural(done.left_out, 'damaged record')} left out." if done.left_out else ""
    return (
        f"{plural(done.records, 'record')} up to {done.until}, {done.deleted:,} of them deleted: "
        f"{plural(done.written, 'file')} written, {done.kept:,} kept.{lacking}"
    )
