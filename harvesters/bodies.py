"""Bodies of answers: unpacked by what their bytes are, never by what their label says.

Unpacking stops at the cap, not after it. Pure: bytes in, bytes out.
"""

from __future__ import annotations

from typing import Any, cast

from isal import igzip_lib, isal_zlib

from app.errors import HarvestError
from harvesters.failures import failure

GZIP = b"\x1f\x8b"
SUSPECT_SIZE = 10 * 1024 * 1024
"""Above this many bytes, a body that grew more than `SUSPECT_RATIO` times is refused."""
SUSPECT_RATIO = 200
_DAMAGED = cast("type[Exception]", igzip_lib.IsalError)
_STEP = 4 * 1024 * 1024
_LAYERS = 2


def unpack(data: bytes, label: str, *, cap: int, url: str = "") -> bytes:
    """Return a body without its packing.

    label: the Content-Encoding, which only tells raw deflate from plain text. Raises HarvestError
    `too-large` at the cap, `compression-damaged` where packing is broken.
    """
    for _ in range(_LAYERS):
        window = _window_bits(data, label)
        if window is None:
            break
        data, label = _inflate(data, window, cap, url), ""
    if len(data) > cap:
        raise too_large(cap, url)
    return data


def too_large(cap: int, url: str) -> HarvestError:
    """Return the error for a page that exceeds the cap."""
    return failure("too-large", f"The answer is larger than {cap:,} bytes.", url=url)


def _window_bits(data: bytes, label: str) -> int | None:
    if data.startswith(GZIP):
        return 31
    if len(data) > 2 and data[0] == 0x78 and (data[0] << 8 | data[1]) % 31 == 0:
        return 15
    if label.strip().lower() == "deflate" and data[:1] not in (b"<", b"\xef", b" ", b"\n", b"\r"):
        return -15
    return None


def _inflate(data: bytes, window: int, cap: int, url: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    while data:
        inflater: Any = isal_zlib.decompressobj(window)
        pending = data
        while pending and not inflater.eof:
            part = _step(inflater, pending, url)
            parts.append(part)
            size += len(part)
            _refuse_bomb(size, len(data), cap, url)
            pending = inflater.unconsumed_tail
        if not inflater.eof:
            raise _damaged(url, "it ends in the middle")
        rest: bytes = inflater.unused_data
        data = rest if rest.startswith(GZIP) else b""
    return b"".join(parts)


def _step(inflater: Any, pending: bytes, url: str) -> bytes:
    try:
        part: bytes = inflater.decompress(pending, _STEP)
    except _DAMAGED as error:
        raise _damaged(url, str(error)) from error
    return part


def _refuse_bomb(size: int, packed: int, cap: int, url: str) -> None:
    if size > cap:
        raise too_large(cap, url)
    if size > SUSPECT_SIZE and size > SUSPECT_RATIO * packed:
        raise failure(
            "too-large",
            f"The answer grows to more than {SUSPECT_RATIO} times its size when it is unpacked.",
            url=url,
        )


def _damaged(url: str, why: str) -> HarvestError:
    return failure("compression-damaged", f"The compressed answer is damaged: {why}.", url=url)
