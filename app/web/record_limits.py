"""How much of a record a page shows, so that no record makes a page heavier than it may be.

Pure: lists are cut and say how many there are, texts are cut and say so.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Limits(Struct, frozen=True):
    """How much of a record a page shows: items of a list, characters of a text."""

    items: int = 25
    text: int = 1000
    description: int = 20_000


LADDER = (Limits(), Limits(10, 300, 4000), Limits(5, 120, 600), Limits(2, 40, 200))
"""Tried in turn until the page is light enough."""


class Cut(Struct, Generic[T], frozen=True):
    """The first items of a list, and how many there are; `part` names the page with all."""

    items: tuple[T, ...]
    total: int
    part: str

    @property
    def more(self) -> int:
        """How many are not here."""
        return self.total - len(self.items)
