"""The identifiers of a list, in little memory: 8 bytes each and what an open table leaves free.

Between 13 and 27 bytes an identifier, where a set of texts takes some 150. They are known by a
64-bit hash that differs from process to process: two of ten million meet by a chance of 1 in
300,000.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Sequence

_SMALLEST = 1024
_FULL = 0.6
_MASK = (1 << 64) - 1
MOST_MARKED = 16_384
"""Identifiers of a page that is still marked; a larger one is read again."""
_MARK = 4


class Identifiers:
    """A set of identifiers that only grows."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * _SMALLEST))
        self._number = 0

    def __len__(self) -> int:
        return self._number

    def __contains__(self, identifier: str) -> bool:
        return self._slots[self._slot(_key(identifier))] != 0

    def add(self, identifier: str) -> bool:
        """Add an identifier; return whether it is new."""
        return self.add_all((identifier,))[0]

    def add_all(self, identifiers: Sequence[str]) -> list[bool]:
        """Add identifiers, and tell of each whether it is new; an empty one never is."""
        self._make_room(len(identifiers))
        slots, mask, number = self._slots, len(self._slots) - 1, self._number
        new = []
        for identifier in identifiers:
            key = (hash(identifier) & _MASK) or 1
            place = key & mask
            while (there := slots[place]) and there != key:
                place = (place + 1) & mask
            fresh = not there and bool(identifier)
            if fresh:
                slots[place] = key
                number += 1
            new.append(fresh)
        self._number = number
        return new

    def holds(self, other: Identifiers) -> bool:
        """Tell whether all identifiers of another set are in this one."""
        slots = self._slots
        return all(slots[self._slot(key)] for key in other._slots if key)

    def copy(self) -> Identifiers:
        """Return a set of its own with the same identifiers."""
        made = Identifiers()
        made._slots, made._number = self._slots[:], self._number
        return made

    def _make_room(self, number: int) -> None:
        while self._number + number > _FULL * len(self._slots):
            self._grow()

    def _slot(self, key: int) -> int:
        slots = self._slots
        mask = len(slots) - 1
        place = key & mask
        while (there := slots[place]) and there != key:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        before = self._slots
        self._slots = array("Q", bytes(16 * len(before)))
        for key in before:
            if key:
                self._slots[self._slot(key)] = key


class PageMark:
    """Which identifiers a page has: told to another process in 4 bytes each."""

    def __init__(self, mark: bytes = b"") -> None:
        self._marks = {mark[at : at + _MARK] for at in range(0, len(mark), _MARK)}

    def add(self, identifiers: Iterable[str]) -> None:
        """Mark more identifiers of the page."""
        self._marks.update(_mark(name) for name in identifiers if name)

    def lacks_one_of(self, identifiers: Iterable[str]) -> bool:
        """Tell whether there is surely one among these that the page had not.

        Of a page that was not marked, nothing is sure.
        """
        return bool(self._marks) and any(_mark(name) not in self._marks for name in identifiers)

    def text(self) -> bytes:
        """Return the mark; empty for a page that has too many identifiers."""
        return b"".join(self._marks) if len(self._marks) <= MOST_MARKED else b""


def _mark(identifier: str) -> bytes:
    return zlib.crc32(identifier.encode()).to_bytes(_MARK, "big")


def _key(identifier: str) -> int:
    return (hash(identifier) & _MASK) or 1
