"""Sets of records as bitmaps: one large number each, so that they meet and are counted at C speed.

The number of a record is its place from the left in a row of `size` bits; pure.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence

import msgspec
import zstandard

_SET, _UNSET = b"1"[0], b"0"[0]
_LEVEL, _LARGEST = 1, 1 << 31
_NUMBERS, _BITS = b"n", b"b"
_SPARSE = 128
"""Less than one record in so many is kept, and held, as a list of numbers."""
_THIN = 16
"""Less than one in so many is put into its place bit by bit."""


def of(numbers: Collection[int], size: int) -> int:
    """Return the bitmap of numbers below `size`."""
    if len(numbers) * _THIN < size:
        octets = bytearray((size + 7) // 8)
        for number in numbers:
            octets[number >> 3] |= 128 >> (number & 7)
        return int.from_bytes(octets) >> (-size % 8)
    spread = places(size)
    put(spread, numbers)
    return of_places(spread)


def places(size: int) -> bytearray:
    """Return so many places, in which nothing is put yet."""
    return bytearray(b"0") * size


def put(places: bytearray, numbers: Iterable[int]) -> None:
    """Put numbers into their places."""
    for number in numbers:
        places[number] = _SET


def of_places(places: bytearray) -> int:
    """Return the bitmap of the numbers that were put into places."""
    return int(places, 2) if places else 0


def numbers(bits: int, size: int, most: int | None = None) -> list[int]:
    """Return the numbers of a bitmap, ascending; only so many of them if there are more."""
    if not bits:
        return []
    text, at = f"{bits:0{size}b}", -1
    found: list[int] = []
    while (at := text.find("1", at + 1)) >= 0 and len(found) != most:
        found.append(at)
    return found


def resized(bits: int, size: int, new: int) -> int:
    """Return a bitmap of one size as one of another; numbers that have no place there go."""
    return bits << (new - size) if new >= size else bits >> (size - new)


def as_bits(having: int | Collection[int], size: int) -> int:
    """Return the bitmap of what is a bitmap or a list of numbers."""
    return having if isinstance(having, int) else of(having, size)


def octets(bits: int, size: int) -> bytes:
    """Return a bitmap as bytes of which `has` tells single numbers."""
    return (bits << (-size % 8)).to_bytes((size + 7) // 8)


def has(places: bytes, number: int) -> bool:
    """Tell whether a number is in a bitmap of bytes."""
    return number >> 3 < len(places) and bool(places[number >> 3] & (128 >> (number & 7)))


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


def packed(having: int | Sequence[int], size: int) -> bytes:
    """Return a bitmap, or numbers, as bytes to be kept, as is shorter."""
    if isinstance(having, int):
        if having.bit_count() * _SPARSE > size:
            return _BITS + packed_bits(having)
        having = numbers(having, size)
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


def packed_words(words: Sequence[tuple[str, int]]) -> bytes:
    """Return words and how many have each as bytes to be kept."""
    return _compressed(msgspec.json.encode(words))


def unpacked_words(kept: bytes) -> list[tuple[str, int]]:
    """Return the words that were kept."""
    return msgspec.json.decode(_decompressed(kept), type=list[tuple[str, int]])


def _compressed(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL).compress(body)


def _decompressed(kept: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(kept, max_output_size=_LARGEST)
