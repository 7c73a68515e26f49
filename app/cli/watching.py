"""Progress of a harvest on stderr: a live line on a terminal, else a line every ten seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from harvesters.progress import Progress

if TYPE_CHECKING:
    from app.cli.manners import Call

EVERY = 10.0
"""Seconds between two plain lines."""
Show = Callable[[Progress], None]


@contextmanager
def watching(call: Call) -> Iterator[Show]:
    """Yield the function that is told of each page."""
    if call.quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with _live() as show:
            yield show
    else:
        yield plain_lines(time.monotonic)


def plain_lines(clock: Callable[[], float]) -> Show:
    """Return a function that writes a line when ten seconds have gone by since the last."""
    last = clock()

    def show(progress: Progress) -> None:
        nonlocal last
        if clock() - last >= EVERY:
            last = clock()
            click.echo(line(progress), err=True)

    return show


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
def _live() -> Iterator[Show]:
    """A line that is written over, with a bar once the repository tells how many there are."""
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bars

    columns: list[Any] = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20)]
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("asking …", total=None)

        def show(progress: Progress) -> None:
            seen = progress.counts.seen
            bars.update(task, description=line(progress), completed=seen, total=progress.told)

        yield show
