"""Bodies of answers: unpacked by what their bytes are, never by what their label says.

Unpacking goes along with the reading and stops at the cap, not after it. Pure: parts in, parts out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, cast

from isal import igzip_lib, isal_zlib

from app.errors import HarvestError
from harvesters.failures import failure

GZIP = b"\x1f\x8b"
SUSPECT_SIZE = 10 * 1024 * 1024
"""Above this many bytes, a body that grew more than `SUSPECT_RATIO` times is refused."""
SUSPECT_RATIO = 200
_DAMAGED = cast("type[Exception]", igzip_lib.IsalError)
_STEP = 1024 * 1024
_LAYERS = 2
_PEEK = 8
_TEXT = (b"<", b"\xef", b" ", b"\n", b"\r")


def unpacked(parts: Iterable[bytes], label: str, *, cap: int, url: str = "") -> Iterator[bytes]:
    """Yield a body without its packing, as its parts come.

    label: the Content-Encoding, which only tells raw deflate from plain text. Raises HarvestError
    `too-large` at the cap, `compression-damaged` where packing is broken.
    """
    size = 0
    for part in _without_layers(parts, label, cap, url, _LAYERS):
        size += len(part)
        if size > cap:
            raise too_large(cap, url)
        yield part


def too_large(cap: int, url: str) -> HarvestError:
    """Return the error for a page that exceeds the cap."""
    return failure("too-large", f"The answer is larger than {cap:,} bytes.", url=url)


def _without_layers(
    parts: Iterable[bytes], label: str, cap: int, url: str, layers: int
) -> Iterator[bytes]:
    begin, rest = _peek(iter(parts))
    window = _window_bits(begin, label) if layers else None
    whole = chain((begin,), rest) if begin else rest
    if window is None:
        return iter(whole)
    return _without_layers(_Inflated(whole, window, cap, url), "", cap, url, layers - 1)


def _peek(parts: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return as much of the beginning as tells what it is, and what follows."""
    begin = b""
    for part in parts:
        begin += part
        if len(begin) >= _PEEK:
            break
    return begin, parts


def _window_bits(data: bytes, label: str) -> int | None:
    if data.startswith(GZIP):
        return 31
    if len(data) > 2 and data[0] == 0x78 and (data[0] << 8 | data[1]) % 31 == 0:
        return 15
    if label.strip().lower() == "deflate" and data and not data.startswith(_TEXT):
        return -15
    return None


class _Inflated:
    """The content of packed parts, member by member; junk behind the last one is left out."""

    def __init__(self, parts: Iterable[bytes], window: int, cap: int, url: str) -> None:
        self._parts = iter(parts)
        self._window = window
        self._cap = cap
        self._url = url
        self._packed = self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        pending = self._next()
        while pending:
            inflater: Any = isal_zlib.decompressobj(self._window)
            while not inflater.eof:
                pending = pending or self._next()
                part = self._step(inflater, pending)
                if not part and not pending and not inflater.eof:
                    raise _damaged(self._url, "it ends in the middle")
                yield part
                pending = inflater.unconsumed_tail
            pending = inflater.unused_data
            while len(pending) < len(GZIP) and (more := self._next()):
                pending += more
            if not pending.startswith(GZIP):
                break
        for _ in self._parts:  # the rest is read, so that a cut is noticed
            pass

    def _next(self) -> bytes:
        for part in self._parts:
            if part:
                self._packed += len(part)
                return part
        return b""

    def _step(self, inflater: Any, pending: bytes) -> bytes:
        try:
            part: bytes = inflater.decompress(pending, _STEP)
        except _DAMAGED as error:
            raise _damaged(self._url, str(error)) from error
        self._size += len(part)
        if self._size > self._cap:
            raise too_large(self._cap, self._url)
        if self._size > SUSPECT_SIZE and self._size > SUSPECT_RATIO * self._packed:
            words = f"The answer grows to more than {SUSPECT_RATIO} times its size when unpacked."
            raise failure("too-large", words, url=self._url)
        return part


def _damaged(url: str, why: str) -> HarvestError:
    return failure("compression-damaged", f"The compressed answer is damaged: {why}.", url=url)
