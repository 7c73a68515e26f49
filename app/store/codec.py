"""Packs bytes for the database: one byte that names a dictionary, then a zstd frame.

Dictionaries are trained from the store's own records and kept for ever; 0 means none. A reader
that meets a dictionary it does not know yet asks for it, so processes need not be told.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping

import zstandard as zstd

from app.errors import StoreError

LEVEL = 3
DICTIONARY_BYTES = 64 * 1024
SAMPLES = 1000
"""Blobs of a kind that must be there before a dictionary is trained from them."""

Turn = Callable[[bytes], bytes]
Load = Callable[[], Mapping[int, tuple[str, bytes]]]


class DamagedBytes(StoreError):
    """Packed bytes that cannot be unpacked."""


class Codec:
    """Packs and unpacks; shared between the threads of a process."""

    def __init__(self, load: Load) -> None:
        """load: reads all dictionaries, by number: (kind, bytes)."""
        self._load = load
        self._loaded = False
        self._dictionaries: dict[int, zstd.ZstdCompressionDict] = {}
        self._newest: dict[str, int] = {}
        self._thread = threading.local()
        self.plain: Counter[str] = Counter()
        """Blobs packed without a dictionary, by kind: when to train."""

    def pack(self, kind: str, raw: bytes) -> bytes:
        """Return bytes in packed form, with the newest dictionary of their kind."""
        if not self._loaded:
            self.refresh()
        number = self._newest.get(kind, 0)
        if not number:
            self.plain[kind] += 1
        return bytes((number,)) + self._turns(number)[0](raw)

    def unpack(self, packed: bytes) -> bytes:
        """Return the bytes again; raises DamagedBytes."""
        number = packed[0] if packed else 0
        try:
            return self._turns(number)[1](packed[1:])
        except zstd.ZstdError as error:
            raise DamagedBytes(f"Stored bytes are damaged: {error}.") from error

    def knows(self, kind: str) -> bool:
        """Tell whether there is a dictionary for a kind."""
        return kind in self._newest

    def refresh(self) -> None:
        """Read the dictionaries from the database."""
        for number, (kind, body) in sorted(self._load().items()):
            if number not in self._dictionaries:
                self._dictionaries[number] = zstd.ZstdCompressionDict(body)
            self._newest[kind] = number
        self._loaded = True

    def _dictionary(self, number: int) -> zstd.ZstdCompressionDict:
        if number not in self._dictionaries:
            self.refresh()
        try:
            return self._dictionaries[number]
        except KeyError as error:
            raise DamagedBytes(f"The compression dictionary {number} is missing.") from error

    def _turns(self, number: int) -> tuple[Turn, Turn]:
        """Return what compresses and what decompresses with a dictionary, for this thread alone."""
        made: dict[int, tuple[Turn, Turn]] | None = getattr(self._thread, "made", None)
        if made is None:
            made = self._thread.made = {}
        found = made.get(number)
        if found is None:
            known = self._dictionary(number) if number else None
            compressor = zstd.ZstdCompressor(level=LEVEL, dict_data=known)
            decompressor = zstd.ZstdDecompressor(dict_data=known)
            found = made[number] = (compressor.compress, decompressor.decompress)
        return found


def train(samples: list[bytes]) -> bytes | None:
    """Return a dictionary for bytes like the samples; None if they have nothing in common."""
    try:
        return zstd.train_dictionary(DICTIONARY_BYTES, [*samples]).as_bytes()
    except (zstd.ZstdError, ValueError):
        return None
