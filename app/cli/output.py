"""Text for people on a terminal: tables, pairs of label and value, marks, times ago.

Pure: values in, lines out. Colours are left to those who print (and none when not a terminal).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

BARS = "▁▂▃▄▅▆▇█"
GAP = "  "
LABEL = 18


def table(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()
) -> Iterator[str]:
    """Yield a table as aligned lines, without borders; `right` names columns of numbers."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(head, *cells, strict=True)]
    for row in ([str(text) for text in head], *cells):
        padded = (
            _pad(text, size, to_right=n in right)
            for n, (text, size) in enumerate(zip(row, widths, strict=True))
        )
        yield GAP.join(padded).rstrip()


def pairs(values: Iterable[tuple[str, object]]) -> Iterator[str]:
    """Yield `label  value` lines; what is empty is left out."""
    for label, value in values:
        text = _cell(value)
        if text:
            yield f"{label:<{LABEL}}{text}"


def ago(at: datetime | None, now: datetime) -> str:
    """Write a moment as seen from now: `2 h ago`, `in 22 h`, `–`."""
    if at is None:
        return "–"
    return f"in {_rough(at, now)}" if at > now else f"{_rough(now, at)} ago"


def coming(at: datetime | None, now: datetime, *, paused: bool = False) -> str:
    """Write when the next harvest is: `in 22 h`, `due`, `–` when there is none."""
    if paused or at is None:
        return "–"
    return ago(at, now) if at > now else "due"


def bars(values: Sequence[tuple[str, int]]) -> str:
    """Draw harvests, oldest first, from (outcome, records seen): height by records, ✕ for none."""
    most = max((seen for _, seen in values), default=0)
    return "".join(_bar(outcome, seen, most) for outcome, seen in values)


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def _bar(outcome: str, seen: int, most: int) -> str:
    if outcome in ("failed", "incomplete"):
        return "✕"
    if outcome in ("deferred", ""):
        return "·"
    return BARS[min(len(BARS) - 1, seen * len(BARS) // (most + 1))]


def _rough(later: datetime, earlier: datetime) -> str:
    """The largest unit of a span alone."""
    from app.web import words

    return " ".join(words.duration(later - earlier).split(" ")[:2])


def _pad(text: str, size: int, *, to_right: bool) -> str:
    blanks = " " * (size - width(text))
    return blanks + text if to_right else text + blanks


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, tuple | list):
        return " ".join(map(str, value))
    return " ".join(str(value).split())
