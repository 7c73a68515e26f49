"""What elements come to that many records have alike: read once, with its notes, then recalled.

Rights, types, formats with the language, and publishers repeat within a repository, and hardly ever
alone: what is recalled is the whole group. Dates do not: five of six times a group of them is new.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from app.crosswalks.dublin_core.values import Values
from app.crosswalks.reading import Inference, Notes
from app.datacite.problem import Problem

MOST = 2048
"""A full store is emptied: what still repeats is soon there again."""
LONGEST = 600
"""Characters of a group beyond which it is read each time."""

_T = TypeVar("_T")
_More = TypeVar("_More", bound=Hashable)
_Kept = tuple[_T, tuple[Problem, ...], tuple[Inference, ...]]


def recalled(
    names: tuple[str, ...], read: Callable[[Values, _More, Notes], _T]
) -> Callable[[Values, _More, Notes], _T]:
    """Make a reader keep what it has read. names: all elements that it looks at.

    Only for readers whose outcome and notes follow from these elements and the second argument.
    """
    kept: dict[Hashable, _Kept[_T]] = {}

    def again(values: Values, more: _More, notes: Notes) -> _T:
        told: list[Hashable] = [more]
        for name in names:
            if name in values:
                told.append(name)
                told += values[name]
        key = tuple(told)
        found = kept.get(key)
        if found is None:
            own = Notes()
            made = read(values, more, own)
            found = made, tuple(own.problems), tuple(own.inferences)
            if _size(values, names) <= LONGEST:
                if len(kept) >= MOST:
                    kept.clear()
                kept[key] = found
        if found[1]:
            notes.problems += found[1]
        if found[2]:
            notes.inferences += found[2]
        return found[0]

    return again


def _size(values: Values, names: tuple[str, ...]) -> int:
    return sum(len(value.text) for name in names for value in values.get(name, ()))
