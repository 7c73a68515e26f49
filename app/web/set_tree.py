"""Sets of OAI-PMH as a tree, by the words of their setSpecs; a bounded part of it at a time.

Pure. Branches that are cut lead to a page of their own, and a page to the next, so that every set
is reached however many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PAGE = "/data/sets"


class Family(Struct, frozen=True):
    """All sets: those right below each, sorted, and how many there are below each at any depth."""

    children: Mapping[str, Sequence[str]]
    below: Mapping[str, int]


class Room(Struct, frozen=True):
    """How much of a tree is shown: sets side by side, sets in each of them, sets altogether."""

    beside: int
    inside: int
    altogether: int


class Part(Struct, frozen=True):
    """Sets side by side, those shown in each of them, and after which one the next page begins."""

    specs: tuple[str, ...]
    inside: Mapping[str, tuple[str, ...]]
    next: str = ""

    @property
    def every(self) -> tuple[str, ...]:
        """All sets that are shown."""
        return (*self.specs, *(one for several in self.inside.values() for one in several))


def family(specs: Iterable[str]) -> Family:
    """Return sets by the set above them; those of one word stand below the empty text."""
    children: dict[str, list[str]] = {}
    below: dict[str, int] = {}
    for spec in sorted(specs):
        above = spec.rpartition(":")[0]
        children.setdefault(above, []).append(spec)
        while above:
            below[above] = below.get(above, 0) + 1
            above = above.rpartition(":")[0]
    return Family(children, below)


def part(found: Family, room: Room, *, below: str = "", after: str = "") -> Part:
    """Return what a page shows of the sets right below one, those after a setSpec."""
    here = [spec for spec in found.children.get(below, ()) if spec > after]
    shown = here[: room.beside]
    left, inside = room.altogether - len(shown), {}
    for spec in shown:
        held = tuple(found.children.get(spec, ())[: min(room.inside, left)])
        inside[spec] = held
        left -= len(held)
    return Part(tuple(shown), inside, shown[-1] if len(here) > len(shown) else "")


def page_of(below: str, after: str = "") -> str:
    """Return the address of the page of the sets below one, those after a setSpec."""
    asked = {"below": below, "after": after}
    return f"{PAGE}?{urlencode({key: value for key, value in asked.items() if value})}"
