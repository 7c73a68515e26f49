"""Progress of long work on stderr: a live line on a terminal, else a line every ten seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from app.cli.manners import Call
    from harvesters.runs.progress import Progress

EVERY = 10.0
"""Seconds between two plain lines."""
Tell = Callable[[str, int, int | None], None]
"""Takes a line for people, how much is done, and of how much, if that is known."""


@contextmanager
def watching(call: Call) -> Iterator[Callable[[Progress], None]]:
    """Yield the function that is told of each page of a harvest."""
    with telling(call) as tell:
        yield lambda progress: tell(line(progress), progress.counts.seen, progress.told)


@contextmanager
def telling(call: Call) -> Iterator[Tell]:
    """Yield the function that is told of each step of long work."""
    if call.quiet:
        yield lambda *_: None
    elif sys.stderr.isatty():
        with _live() as tell:
            yield tell
    else:
        yield plain_lines(time.monotonic)


def plain_lines(clock: Callable[[], float]) -> Tell:
    """Return a function that writes a line when ten seconds have gone by since the last."""
    last = clock()

    def tell(text: str, _done: int, _of: int | None) -> None:
        nonlocal last
        if clock() - last >= EVERY:
            last = clock()
            click.echo(text, err=True)

    return tell


def line(progress: Progress) -> str:
    """Say how far a harvest is."""
    c, told = progress.counts, progress.told
    seen = f"{c.seen:,} of {told:,}" if told else f"{c.seen:,}"
    parts = [
        f"{progress.repository}: {seen} records",
        f"{progress.rate:,.0f}/s",
        f"+{c.new:,} ~{c.changed:,} −{c.removed:,} !{c.quarantined:,}",
    ]
    if progress.windows > 1:
        parts.append(f"window {progress.windows_done + 1} of {progress.windows}")
    return "   ".join(parts)


@contextmanager
def _live() -> Iterator[Tell]:
    """A line that is written over, with a bar once it is known how much there is to do."""
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bars

    columns: list[Any] = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20)]
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("asking …", total=None)

        def tell(text: str, done: int, of: int | None) -> None:
            bars.update(task, description=text, completed=done, total=of)

        yield tell
