"""`garnery export …`: records in a format, and repositories with their settings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from app.cli.dates import DATE
from app.cli.ending import end
from app.cli.manners import Call, add_to, group

if TYPE_CHECKING:
    from app.store.extracts import Choice

CURE = "choose a folder that is there, in which this user may write."


@group("export", short_help="Write records or repositories out.")
def export(_call: Call) -> None:
    """Write records, or repositories with their settings, out for others or as a copy."""


_OUTPUT = click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file, not to stdout; it is there once it is whole. FILE.gz: compressed.",
)


@add_to(export, "records", short_help="Write all records out in a format.")
@click.argument("query", nargs=-1)
@click.option("--format", "form", required=True, help="jsonl, ids, or a format's name.")
@_OUTPUT
@click.option("--repository", metavar="NAME", help="Only those of this repository.")
@click.option("--set", "set_spec", metavar="SPEC", help="Only those in this set of the provider.")
@click.option("--changed-since", type=DATE, help="Only those with this datestamp or a later one.")
@click.option("--deleted", is_flag=True, help="The tombstones, too.")
def records(
    call: Call,
    query: tuple[str, ...],
    form: str,
    output: Path | None,
    repository: str | None,
    set_spec: str | None,
    changed_since: str | None,
    *,
    deleted: bool,
) -> None:
    """Write all live records out, however many, or those that a search finds.

    They come in the order in which they first came in, each once. QUERY is as with garnery
    records: garnery export records 'type:Dataset year:2020..' --format jsonl. One that names
    states itself, as in state:deleted, goes by them.

    jsonl has the whole record on each line, a tombstone as a line with "deleted": true. XML formats
    are one document: the root OAI-PMH with one ListRecords that is not cut into pages, each record
    with its header, as the provider gives it; a tombstone is a header with status="deleted". Other
    formats are laid end to end, JSON one a line, and have no tombstones.

    Exit code 1 when there was none, or when a record cannot be written in the format.
    """
    from app.cli import queries
    from app.query.request import names
    from app.store.extracts import Choice

    tree = queries.understood(call, " ".join(query))
    since, deleted = _second(changed_since), deleted or names(tree, "state")
    choice = Choice(repository or "", set_spec or "", since, deleted, tree)
    _require(call, choice, form)
    with _opened(output) as file:
        given, refused = _write(call, form, choice, file)
    if not given:
        call.say("No record matches.")
    end(1 if refused or not given else 0)


@add_to(export, "repositories", short_help="Write the repositories and their settings out.")
@_OUTPUT
def repositories(call: Call, output: Path | None) -> None:
    """Write every repository with all that a person set of it, as TOML; no secrets.

    The file is read back by garnery import repositories.
    """
    from app.cli import repository_file

    found = call.store.repositories.list()
    with _opened(output) as file:
        file.write(repository_file.written(found).encode())


def _require(call: Call, choice: Choice, form: str) -> None:
    """Refuse what cannot be, before anything is written."""
    from app.bulk.streams import OWN_FORMS
    from app.cli.renderings import known_format
    from app.crosswalks.further import chosen

    further = {one.prefix for one in chosen(call.settings.oai)}
    if form not in OWN_FORMS and form not in further:
        known_format(form)
    if choice.repository:
        call.store.repositories.get(choice.repository)


def _second(text: str | None) -> int | None:
    from datetime import UTC, datetime

    from app import clock

    return clock.seconds(datetime.fromisoformat(text).replace(tzinfo=UTC)) if text else None


def _write(call: Call, form: str, choice: Choice, file: BinaryIO) -> tuple[int, int]:
    """Write the records; return how many there are, and how many could not be written."""
    from app.bulk.streams import stream
    from app.cli.watching import telling

    given = refused = 0

    def left_out(name: str, why: str) -> None:
        nonlocal refused
        refused += 1
        call.say(f"{name}: {why}")

    with telling(call) as tell:

        def counted() -> None:
            nonlocal given
            given += 1
            if given % STEP == 0:
                tell(f"{given:,} records", given, None)

        pieces = stream(
            call.store, call.settings, form, choice, call.store.now(),
            counted=counted, left_out=left_out,
        )  # fmt: skip
        for piece in pieces:
            file.write(piece)
    return given, refused


STEP = 1000
"""Records between two words on progress."""


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    """Open a file, which gets its name once all is written, or stdout."""
    from app.dumps.files import translated, whole

    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with translated(output, CURE), whole(output) as file:
        yield file
