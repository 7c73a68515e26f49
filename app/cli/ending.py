"""How every command ends: with an exit code, and on failure with a sentence or a problem document.

The sentence goes to stderr; with `--json` the document `{"error": …}` goes to stdout besides.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click
import msgspec

from app.cli.manners import common_options
from app.errors import (
    AlreadyExists,
    ConfigurationError,
    FileError,
    GarneryError,
    HarvestError,
    IncompleteResource,
    NotFound,
    Refused,
    StoreError,
)

DEFECT, INTERRUPTED, USAGE = 70, 130, 2

# error: code of the problem document, its title, its HTTP status
_KINDS: tuple[tuple[type[Exception], str, str, int], ...] = (
    (click.UsageError, "invalid-parameter", "We could not read that command", 400),
    (NotFound, "not-found", "There is nothing here", 404),
    (AlreadyExists, "conflict", "That is taken", 409),
    (Refused, "conflict", "That is not possible now", 409),
    (IncompleteResource, "not-acceptable", "We cannot give that format", 406),
    (HarvestError, "bad-gateway", "The repository did not answer as it should", 502),
    (ConfigurationError, "invalid-settings", "The settings cannot be used", 400),
    (StoreError, "unavailable", "The database cannot be used", 503),
    (FileError, "unavailable", "A file cannot be written", 503),
)


class Ended(Exception):
    """A command that ran and ends with another exit code than 0."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Root(click.Group):
    """The topmost group: runs a command and ends the process with the code of its outcome."""

    def __init__(self, name: str, **attributes: Any) -> None:
        version = click.Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version,
            help="Show the version and end.",
        )  # fmt: skip
        super().__init__(name, params=[*common_options(), version], **attributes)
        self.callback = _remember

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> NoReturn:
        """Run the command line and exit; never returns."""
        words = list(sys.argv[1:] if args is None else args)
        extra["standalone_mode"] = False
        try:
            code = super().main(words, *more, **extra)
        except Ended as end:
            code = end.code
        except (KeyboardInterrupt, click.Abort):
            code = INTERRUPTED
        except Exception as error:  # noqa: BLE001 the outermost edge of the command line
            code = _failed(error, as_json="--json" in words)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; that whoever read its output has gone is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise Ended(0) from None


def end(code: int) -> NoReturn:
    """End the command with one of the exit codes of docs/commands.md."""
    raise Ended(code)


def exit_code(error: Exception) -> int:
    """Return the exit code of an error."""
    if isinstance(error, GarneryError):
        return error.exit_code
    return USAGE if isinstance(error, click.ClickException) else DEFECT


def problem_document(error: Exception, base_url: str = "") -> dict[str, Any]:
    """Return the problem document of an error (RFC 9457), with the exit code."""
    code, title, status = _kind(error)
    detail = error.format_message() if isinstance(error, click.ClickException) else str(error)
    document = {
        "type": f"{base_url}/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "exit": exit_code(error),
    }
    return document | ({"cause": error.cause} if isinstance(error, HarvestError) else {})


def _kind(error: Exception) -> tuple[str, str, int]:
    for kind, code, title, status in _KINDS:
        if isinstance(error, kind):
            return code, title, status
    return "internal", "Something broke on our side", 500


def _failed(error: Exception, *, as_json: bool) -> int:
    code = exit_code(error)
    if as_json:
        document = msgspec.json.encode({"error": problem_document(error)})
        sys.stdout.write(msgspec.json.format(document, indent=2).decode() + "\n")
    if code == DEFECT:
        _report_defect(error)
    elif isinstance(error, click.ClickException):
        error.show(sys.stderr)
    else:
        click.echo(f"garnery: {error}", err=True)
    return code


def _report_defect(error: Exception) -> None:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="garnery-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.write(" ".join(sys.argv) + "\n")
        traceback.print_exception(error, file=file)
    click.echo(
        f"garnery: a defect of ours: {type(error).__name__}: {error}\n"
        f"Please report it with the file {file.name}.",
        err=True,
    )


def _version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 click's signature
    if wanted:
        from app import __version__

        click.echo(f"garnery {__version__}")
        context.exit(0)


def _remember(**common: Any) -> None:
    """Keep the options given before the command's name; the command's own come on top."""
    click.get_current_context().obj = common
