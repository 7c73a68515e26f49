"""Packs bytes for the database: one byte that names a dictionary, then a zstd frame.

Dictionaries are trained from the store's own records and kept for ever; 0 means none. A reader
that meets a dictionary it does not know yet asks for it, so processes need not be told.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import zstandard as zstd

from app.errors import StoreError

LEVEL, TABLES = 3, {"hash_log": 14, "chain_log": 13}
"""Tables this small stay in the processor's cache: a fifth of the time less for 1 % more bytes."""
DICTIONARY_BYTES = 64 * 1024
_SEGMENT = 2000
"""Bytes that are taken from a sample at once; to try several takes four times as long for 1 %."""
SAMPLES = 500
"""Blobs of a kind that must be there before a dictionary is trained from them."""
_PLAIN = b"\0"
"""The mark of what is packed without a dictionary."""

Turn = Callable[[bytes], bytes]
Pack = Callable[[str, bytes], bytes]
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
        self._idle: dict[int, deque[tuple[Turn, Turn]]] = {}
        self.plain: Counter[str] = Counter()
        """Blobs packed without a dictionary, by kind: when to train."""

    def pack(self, kind: str, raw: bytes) -> bytes:
        """Return bytes in packed form, with the newest dictionary of their kind."""
        with self.packing() as pack:
            return pack(kind, raw)

    @contextmanager
    def packing(self) -> Iterator[Pack]:
        """Lend a function like `pack` for many blobs; only for the thread that asked."""
        if not self._loaded:
            self.refresh()
        lent: dict[int, tuple[Turn, Turn]] = {}
        ready: dict[str, tuple[bytes, Turn]] = {}

        def pack(kind: str, raw: bytes) -> bytes:
            found = ready.get(kind)
            if found is None:
                number = self._newest.get(kind, 0)
                if number not in lent:
                    lent[number] = self._turns(number)
                found = ready[kind] = bytes((number,)), lent[number][0]
            mark, compress = found
            if mark == _PLAIN:
                self.plain[kind] += 1
            return mark + compress(raw)

        try:
            yield pack
        finally:
            self._put_back(lent)

    def unpack(self, packed: bytes) -> bytes:
        """Return the bytes again; raises DamagedBytes."""
        with self.unpacking() as unpack:
            return unpack(packed)

    @contextmanager
    def unpacking(self) -> Iterator[Turn]:
        """Lend a function like `unpack` for many blobs; only for the thread that asked."""
        lent: dict[int, tuple[Turn, Turn]] = {}
        ready: dict[int, Turn] = {}

        def unpack(packed: bytes) -> bytes:
            number = packed[0] if packed else 0
            try:
                return ready[number](packed[1:])
            except KeyError:
                lent[number] = turns = self._turns(number)
                ready[number] = turns[1]
            except zstd.ZstdError as error:
                raise DamagedBytes(f"Stored bytes are damaged: {error}.") from error
            return unpack(packed)

        try:
            yield unpack
        finally:
            self._put_back(lent)

    def _put_back(self, lent: Mapping[int, tuple[Turn, Turn]]) -> None:
        for number, turns in lent.items():
            self._idle[number].append(turns)

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
        """Take what compresses and what decompresses with a dictionary; it is to be put back.

        As many are made as are used at the same time: one a thread would be 3 MB a harvest.
        """
        idle = self._idle.get(number)
        if idle is None:
            idle = self._idle.setdefault(number, deque())
        try:
            return idle.pop()
        except IndexError:
            return self._made(number)

    def _made(self, number: int) -> tuple[Turn, Turn]:
        known = self._dictionary(number) if number else None
        # The checksum makes a changed bit show, whatever it hit.
        how = zstd.ZstdCompressionParameters.from_level(LEVEL, write_checksum=True, **TABLES)
        compressor = zstd.ZstdCompressor(dict_data=known, compression_params=how)
        return compressor.compress, zstd.ZstdDecompressor(dict_data=known).decompress


def train(samples: list[bytes]) -> bytes | None:
    """Return a dictionary for bytes like the samples; None if they have nothing in common."""
    try:
        made = zstd.train_dictionary(DICTIONARY_BYTES, [*samples], k=_SEGMENT, d=8)
        return made.as_bytes()
    except (zstd.ZstdError, ValueError):
        return None
