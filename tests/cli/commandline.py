"""Runs `garnery` in this process, for tests that need no process of their own."""

from __future__ import annotations

import json
import logging
from typing import Any

from click.testing import CliRunner
from msgspec import Struct

from app.cli import main


class Ran(Struct, frozen=True):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str
    raw: bytes

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """The lines on stdout."""
        return self.out.splitlines()


def garnery(*words: str, stdin: bytes | str | None = None, **environ: str) -> Ran:
    """Run a command; variables of the hub that are set outside do not reach it.

    What it sets up for its log goes with it, as it would with a process of its own.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        done = CliRunner().invoke(
            main, list(words), input=stdin, env=dict(environ), prog_name="garnery"
        )
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ran(done.exit_code, done.stdout, done.stderr, done.stdout_bytes)
