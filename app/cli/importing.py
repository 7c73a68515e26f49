"""`garnery import …`: records from files, and repositories with their settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import kinds
from app.cli.ending import end
from app.cli.manners import Call, add_to, group

if TYPE_CHECKING:
    from app.store.values import Repository

_NOTHING: dict[str, Any] = {
    "kind": "", "full": False, "from_": None, "until": None, "sets": (), "limit": None,
    "due": False,
}  # fmt: skip
"""The options of `garnery harvest` that an import does not have."""


@group("import", short_help="Take in records from files, or repositories with their settings.")
def import_(_call: Call) -> None:
    """Take in records from files, or repositories with their settings."""


@add_to(import_, "records", short_help="Take in records from files.")
@click.argument("name", metavar="NAME")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--prefix",
    multiple=True,
    callback=lambda _context, _parameter, given: kinds.prefixes(given),
    help="What is taken from a static repository; `auto` takes the richest. May be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Read and compare, but write nothing.")
def records(
    call: Call, name: str, paths: tuple[Path, ...], *, prefix: str | None, dry_run: bool
) -> None:
    """Add the records of files to a repository of the kind files; nothing is removed.

    PATH is a folder, an XML file, JSON Lines, an archive or a static repository. Exit codes as
    garnery harvest: 0 complete, 10 some records were set aside, 11 something could not be read.
    """
    from app.cli import running
    from harvesters.files import address_of

    repository = call.store.repositories.get(name)
    _require_room(repository)
    for path in paths:
        if not path.exists():
            raise click.BadParameter(f"There is no folder or file `{path}`.", param_hint="PATH")
    place = " ".join(map(address_of, dict.fromkeys(paths)))
    options = _NOTHING | {"place": place, "prefix": prefix, "dry_run": dry_run}
    end(running.run(call, (repository,), options))


def _require_room(repository: Repository) -> None:
    """Refuse a repository whose own harvests would take what is imported for gone."""
    from app.errors import Refused

    if repository.kind != kinds.FILES:
        raise Refused(
            f"{repository.name} is of the kind {repository.kind}, and records are imported into "
            "one of the kind files. Add it with: garnery repository add NAME --kind files"
        )
    if repository.base_url:
        raise Refused(
            f"{repository.name} has a folder of its own, and what is not in it would be taken for "
            "gone. Put the files there, or import them into another repository."
        )


@add_to(import_, "repositories", short_help="Add or change repositories as a file says.")
@click.argument("file", metavar="[FILE]", required=False, type=click.File("r", encoding="utf-8"))
@click.option("--dry-run", is_flag=True, help="Say what would change, but write nothing.")
def repositories(call: Call, file: Any, *, dry_run: bool) -> None:
    """Add the repositories of a TOML file, and give those that are there the settings it has.

    Without FILE: repositories.toml beside the settings, which garnery up reads, too. Nothing is
    removed and no repository is asked. Nothing is written unless all of it can be.
    """
    from app.cli import beginning, joining_many

    text = beginning.read(beginning.place(call)) if file is None else file.read()
    plan = joining_many.planned(call, text)
    if not dry_run:
        joining_many.carry_out(call, plan)
    value = {"dry_run": dry_run, "total": len(plan), "items": [one.object() for one in plan]}
    call.show(value, lambda: _lines(plan, dry_run=dry_run))


def _lines(plan: tuple[Any, ...], *, dry_run: bool) -> Iterator[str]:
    words = {"added": "is added", "changed": "is changed", "unchanged": "stays as it is"}
    if dry_run:
        words = {"added": "would be added", "changed": "would be changed"} | {
            "unchanged": words["unchanged"]
        }
    for one in plan:
        fields = f": {', '.join(one.fields)}" if one.fields else ""
        yield f"{one.name} {words[one.what]}{fields}."
    if not plan:
        yield "The file holds no repositories."
    elif all(one.what == "unchanged" for one in plan):
        yield "Nothing changes: all is as the file says."
