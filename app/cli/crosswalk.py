"""`garnery crosswalk`: records from one metadata format into another.

Needs no database, no settings and no network.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from app.cli.ending import end
from app.cli.manners import Call, command

if TYPE_CHECKING:
    from app.conversion import Converted
    from app.crosswalks import MetadataFormat

STDIN = "-"


@command("crosswalk", short_help="Convert records from one metadata format into another.")
@click.argument("files", metavar="FILE…|-", nargs=-1)
@click.option("--from", "source", default="auto", help="The format that is read; default: auto.")
@click.option("--to", "target", default="datacite_json", help="Default: datacite_json.")
@click.option("--style", help="Of the format citation: a name of garnery styles.")
@click.option("--strict", is_flag=True, help="Exit code 1 when a problem is an error.")
@click.option("--problems", type=click.Path(dir_okay=False), help="Write the problems to a file.")
@click.option("--jsonl", is_flag=True, help="Batch: one JSON object a line, in and out.")
def crosswalk(
    call: Call,
    files: tuple[str, ...],
    source: str,
    target: str,
    style: str | None,
    *,
    strict: bool,
    problems: str | None,
    jsonl: bool,
) -> None:
    """Convert records from one metadata format into another.

    A FILE holds a record's metadata, an OAI-PMH record, or a whole OAI-PMH answer; - is stdin.
    With --jsonl each line is {"id": …, "data": "…"}, with "data_base64", "from", "to", "header"
    as one likes, and each answer is a line, in the same order. Exit code 1 when something could
    not be converted.
    """
    from app import conversion
    from app.cli import batch
    from app.cli.renderings import announced_format, known_format, known_style

    to = known_format(target)
    to = conversion.styled(to, known_style(style, to))
    announced = announced_format(source)
    if not files and sys.stdin.isatty():
        raise click.UsageError("Name a file, or - for stdin.")
    with ExitStack() as stack:
        opened = [_open(name, stack) for name in files or (STDIN,)]
        if jsonl:
            end(batch.run(opened, sys.stdout.buffer, announced=announced, to=to))
        found = [
            one
            for file in opened
            for one in conversion.convert(file.read(), announced=announced, to=to)
        ]
    _report(call, found, problems)
    _print(call, found, to)
    end(0 if found and all(_good(one, strict=strict) for one in found) else 1)


def _open(name: str, stack: ExitStack) -> IO[bytes]:
    if name == STDIN:
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(name).open("rb"))
    except OSError as error:
        raise click.BadParameter(f"{name} cannot be read: {error.strerror}.") from error


def _report(call: Call, found: Iterable[Converted], path: str | None) -> None:
    """Tell the problems on stderr, or write them to a file as JSON."""
    import msgspec

    from app.cli.records import problem_line

    all_of_them = [problem for one in found for problem in one.problems]
    if path is not None:
        text = msgspec.json.format(msgspec.json.encode(all_of_them), indent=2)
        Path(path).write_bytes(text + b"\n")
    elif not call.json:
        for problem in all_of_them:
            call.say(problem_line(problem))


def _print(call: Call, found: list[Converted], to: MetadataFormat) -> None:
    if call.json:
        items = [one.document() for one in found]
        call.document(items[0] if len(items) == 1 else {"total": len(items), "items": items})
        return
    bodies = [one.body for one in found if one.body is not None]
    if len(bodies) > 1 and _is_xml(to):
        raise click.UsageError(
            f"{len(bodies)} records were found; {to.name} can hold one. Use --jsonl for many."
        )
    if to.join is not None:
        bodies = [to.join(bodies)] if bodies else []
    for piece in _joined(bodies, as_array=to.json and len(found) > 1):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def _joined(bodies: list[bytes], *, as_array: bool) -> Iterator[bytes]:
    lines = [body.rstrip(b"\n") for body in bodies]
    if as_array:
        yield b"[\n" + b",\n".join(lines) + b"\n]\n"
    else:
        yield from (line + b"\n" for line in lines)


def _is_xml(known: MetadataFormat) -> bool:
    return known.extension.lstrip(".") == "xml"


def _good(one: Converted, *, strict: bool) -> bool:
    return one.ok and not (strict and any(p.severity == "error" for p in one.problems))
