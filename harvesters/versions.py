"""Which identifiers a list has brought, and in which version.

The first ones stand in a dictionary, which is fast and takes some 140 bytes each; lists that go on
without end, in a table of 27 to 53 bytes an identifier. Either knows an identifier by a 64-bit hash
that differs from process to process, and by 23 more bits of another one, since a record that seems
to be an older version of another is left out: among ten million, two are mistaken for one by a
chance of 1 in 10^12.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence

FEW = 1 << 16
"""Identifiers that the dictionary holds."""
_FULL = 0.6
_MASK = (1 << 64) - 1
_CHECK_BITS = 23
_CHECK = (1 << _CHECK_BITS) - 1
_MOST = (1 << 64 - _CHECK_BITS) - 1


class Versions:
    """The newest version of each identifier that came."""

    def __init__(self) -> None:
        self._few: dict[int, int] = {}
        self._many: Table | None = None

    def __len__(self) -> int:
        return len(self._few) if self._many is None else len(self._many)

    def note(self, names: Sequence[str | bytes], orders: Sequence[int]) -> tuple[int, list[int]]:
        """Note versions; return how many identifiers are new, and the places of older versions.

        orders: what orders the versions of one identifier, from 0 to 2^41; beyond, they are equal.
        An identifier that has the hash of another one is new each time that it comes.
        """
        entry = self._entry(len(names))
        new, older = 0, []
        for at, (name, given) in enumerate(zip(names, orders, strict=True)):
            order = given if 0 <= given <= _MOST else max(0, min(given, _MOST))
            text = name if isinstance(name, bytes) else name.encode()
            value = order << _CHECK_BITS | zlib.crc32(text) & _CHECK
            key = hash(name) & _MASK
            known = entry(key, value)
            if known is value or (known ^ value) & _CHECK:
                new += 1
            elif value < known:
                older.append(at)
            elif value > known:
                self._put(key, value)
        return new, older

    def _entry(self, number: int) -> Callable[[int, int], int]:
        """Return what gives the value of a key, and the given one to a key that had none."""
        if self._many is None and len(self._few) + number > FEW:
            self._many, self._few = Table(self._few), {}
        if self._many is None:
            return self._few.setdefault
        self._many.make_room(number)
        return self._many.setdefault

    def _put(self, key: int, value: int) -> None:
        if self._many is None:
            self._few[key] = value
        else:
            self._many.put(key, value)


class Table:
    """64-bit values by 64-bit keys: two arrays, at most six tenths full; 0 is taken for 1."""

    def __init__(self, few: Mapping[int, int]) -> None:
        self._keys, self._values = _arrays(4 * FEW)
        self._mask = 4 * FEW - 1
        self._number = 0
        self.make_room(len(few))
        for key, value in few.items():
            self.setdefault(key, value)

    def __len__(self) -> int:
        return self._number

    def make_room(self, number: int) -> None:
        """Make room for so many more keys."""
        while self._number + number > _FULL * len(self._keys):
            self._grow()

    def setdefault(self, key: int, value: int) -> int:
        """Return the value of a key; one that has none gets this one. There must be room."""
        keys, mask, key = self._keys, self._mask, key or 1
        place = key & mask
        while there := keys[place]:
            if there == key:
                return self._values[place]
            place = (place + 1) & mask
        keys[place], self._values[place] = key, value
        self._number += 1
        return value

    def put(self, key: int, value: int) -> None:
        """Change the value of a key that is there."""
        key = key or 1
        place = key & self._mask
        while self._keys[place] != key:
            place = (place + 1) & self._mask
        self._values[place] = value

    def _grow(self) -> None:
        pairs = zip(self._keys, self._values, strict=True)
        self._mask = 2 * len(self._keys) - 1
        self._number = 0
        self._keys, self._values = _arrays(2 * len(self._keys))
        for key, value in pairs:
            if key:
                self.setdefault(key, value)


def _arrays(slots: int) -> tuple[array[int], array[int]]:
    return array("Q", bytes(8 * slots)), array("Q", bytes(8 * slots))
