"""Cursors: where in a list of results a reader stands, packed and signed; nothing is kept.

A cursor belongs to one search in one order, and carries the total that was counted at its start.
"""

from __future__ import annotations

import hmac
from hashlib import blake2b

import msgspec
from msgspec import Struct

from app import base64url

VERSION = 1
SIGNATURE_BYTES = 12


class Cursor(Struct, frozen=True, array_like=True):
    """A place between two rows of a list of results."""

    version: int
    search: bytes
    """Digest of the search."""
    sort: str
    back: bool
    """The page before the place is wanted, not the one behind it."""
    key: tuple[int | str, int]
    """What the row at the place is sorted by, and its number."""
    ordinal: int
    """Of the first row of the page that is wanted, from 1."""
    total: int


_DECODER = msgspec.msgpack.Decoder(Cursor)


def digest(text: str) -> bytes:
    """Return what a cursor keeps of its search."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


def seal(cursor: Cursor, key: bytes) -> str:
    """Write a cursor as text of `[A-Za-z0-9_-]`."""
    body = msgspec.msgpack.encode(cursor)
    return base64url.written(body + _signature(key, body))


def unseal(text: str, key: bytes) -> Cursor | None:
    """Read a cursor; None for anything that was not given here."""
    raw = base64url.read(text)
    if raw is None:
        return None
    body, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    if not hmac.compare_digest(_signature(key, body), signature):
        return None
    found = _DECODER.decode(body)
    return found if found.version == VERSION else None


def _signature(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, b"cursor" + body, "sha256")[:SIGNATURE_BYTES]
