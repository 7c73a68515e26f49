"""Pieces of XML that many records share: written once, then taken from memory.

Names, types, formats and licences repeat within a repository; titles, descriptions and identifiers
do not, and are never kept. Nor are keywords and dates: two of three come for the first time, and to
write one takes no longer than to look it up.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

MOST = 8192
"""A full store is emptied: what still repeats is soon there again."""
LONGEST = 500
"""A longer piece is written each time, so that a store stays at a few megabytes."""

_Part = TypeVar("_Part", bound=Hashable)


def shared(write: Callable[[_Part], str]) -> Callable[[_Part], str]:
    """Make a writer keep what it has written; for pure ones that say all that the part holds."""
    return _Fragments(write).__getitem__


class _Fragments(dict[_Part, str]):
    """What was written, by the part: to look one up costs less than to call a function."""

    __slots__ = ("_write",)

    def __init__(self, write: Callable[[_Part], str]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, part: _Part) -> str:
        written = self._write(part)
        if len(written) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[part] = written
        return written
