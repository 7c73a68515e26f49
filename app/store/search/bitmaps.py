"""Sets of records as bitmaps: one large number each, so that they meet and are counted at C speed.

The number of a record is its place from the left in a row of `size` bits; pure.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import zstandard

_SET, _UNSET = b"1"[0], b"0"[0]
_LEVEL, _LARGEST = 1, 1 << 31
_NUMBERS, _BITS = b"n", b"b"
_SPARSE = 128
"""Less than one record in so many is kept, and held, as a list of numbers."""


def of(numbers: Iterable[int], size: int) -> int:
    """Return the bitmap of numbers below `size`."""
    places = bytearray(b"0") * size
    for number in numbers:
        places[number] = _SET
    return int(places, 2) if size else 0


def numbers(bits: int, size: int) -> list[int]:
    """Return the numbers of a bitmap, ascending."""
    if not bits:
        return []
    places, found, at = f"{bits:0{size}b}", [], -1
    while (at := places.find("1", at + 1)) >= 0:
        found.append(at)
    return found


class Hits:
    """What a search found, to be counted with one value after another."""

    def __init__(self, bits: int, size: int) -> None:
        self.bits = bits
        self._size = size
        self._places = b""

    def with_all(self, having: int | Sequence[int]) -> int:
        """Return how many of them are among a bitmap or a list of numbers."""
        if isinstance(having, int):
            return (self.bits & having).bit_count()
        if not self._places:
            self._places = f"{self.bits:0{self._size}b}".encode("ascii")
        return sum(map(self._places.__getitem__, having)) - _UNSET * len(having)


def packed(having: Sequence[int], size: int) -> bytes:
    """Return numbers as bytes to be kept, as is shorter."""
    if len(having) * _SPARSE > size:
        return _BITS + packed_bits(of(having, size))
    return _NUMBERS + _compressed(array("I", having).tobytes())


def unpacked(kept: bytes) -> int | array[int]:
    """Return what `packed` made: a bitmap, or a list of numbers."""
    if kept[:1] == _BITS:
        return unpacked_bits(kept[1:])
    having = array("I")
    having.frombytes(_decompressed(kept[1:]))
    return having


def packed_bits(bits: int) -> bytes:
    """Return a bitmap as bytes to be kept."""
    return _compressed(bits.to_bytes((bits.bit_length() + 7) // 8, "little"))


def unpacked_bits(kept: bytes) -> int:
    """Return the bitmap that was kept."""
    return int.from_bytes(_decompressed(kept), "little")


def packed_counts(counts: Sequence[tuple[int, int]]) -> bytes:
    """Return pairs of a value's number and a count as bytes to be kept."""
    return _compressed(array("q", [one for pair in counts for one in pair]).tobytes())


def unpacked_counts(kept: bytes) -> tuple[array[int], array[int]]:
    """Return the numbers of values, and how many have each."""
    both = array("q")
    both.frombytes(_decompressed(kept))
    return both[::2], both[1::2]


def _compressed(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL).compress(body)


def _decompressed(kept: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(kept, max_output_size=_LARGEST)
