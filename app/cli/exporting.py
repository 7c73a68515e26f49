"""`garnery export …`: records in a format, and repositories with their settings."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import click

from app.cli.ending import end
from app.cli.manners import Call, add_to, group


@group("export", short_help="Write records or repositories out.")
def export(_call: Call) -> None:
    """Write records, or repositories with their settings, out for others or as a copy."""


_OUTPUT = click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file, not to stdout; it is there once it is whole.",
)


@add_to(export, "records", short_help="Write all records out in a format.")
@click.option("--repository", metavar="NAME", help="Only those of this repository.")
@click.option("--format", "form", required=True, help="jsonl, ids, or a format's name.")
@_OUTPUT
def records(call: Call, repository: str | None, form: str, output: Path | None) -> None:
    """Write all live records out: jsonl has the whole record on each line.

    Formats of garnery formats are written one record after another; JSON formats one a line.
    Exit code 1 when there was none, or when a record cannot be written in the format.
    """
    from app.cli import exports

    exports.require_form(form)
    if repository:
        call.store.repositories.get(repository)
    with _to(output):
        code = exports.write(call, exports.Wanted(repository, ("live",), 0), form)
    end(code)


@add_to(export, "repositories", short_help="Write the repositories and their settings out.")
@_OUTPUT
def repositories(call: Call, output: Path | None) -> None:
    """Write every repository with all that a person set of it, as TOML; no secrets.

    The file is read back by garnery import repositories.
    """
    from app.cli import repository_file

    found = call.store.repositories.list()
    with _to(output):
        click.echo(repository_file.written(found), nl=False)


@contextmanager
def _to(output: Path | None) -> Iterator[None]:
    """Let stdout lead to a file, which gets its name once all is written."""
    if output is None:
        yield
        return
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as file, redirect_stdout(io.TextIOWrapper(file, "utf-8")) as stdout:
            yield
            stdout.flush()
            stdout.detach()
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
