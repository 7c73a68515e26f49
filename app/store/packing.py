"""A change made ready for the database: its large parts packed, before any lock is taken.

A reading is kept as three lines of JSON in one blob: the resource, its problems, its inferences.
A rendering and its abouts are one blob too, with the place where they part.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec
from msgspec import Struct

from app.datacite.problem import Problem
from app.record import Change
from app.store.codec import Codec

DIGEST_BYTES = 16
READING = "reading"
ABOUT = "about"
_encode = msgspec.json.Encoder().encode
_decode_problems = msgspec.json.Decoder(tuple[Problem, ...]).decode


class PackedRendering(NamedTuple):
    """A rendering as its row keeps it."""

    digest: bytes
    split: int
    body: bytes


class PackedChange(Struct, frozen=True):
    """A change with its large parts packed."""

    change: Change
    sets: str
    rules: tuple[str, ...]
    original: bytes | None
    source_about: bytes | None
    reading: bytes | None
    renderings: dict[str, PackedRendering]


class Reading(Struct, frozen=True):
    """What the crosswalk made of a record, unpacked."""

    resource: bytes | None = None
    problems: tuple[Problem, ...] = ()
    inferences: bytes = b"[]"


def pack(codec: Codec, change: Change) -> PackedChange:
    """Pack a change."""
    return PackedChange(
        change,
        " ".join(change.sets),
        tuple(sorted({problem.rule for problem in change.problems})),
        _pack(codec, f"original {change.format}", change.original),
        _pack(codec, ABOUT, change.source_about),
        _pack(codec, READING, _reading(change)),
        {
            prefix: _rendering(codec, prefix, body, change.about or b"")
            for prefix, body in change.renderings.items()
        },
    )


def unpack_reading(codec: Codec, packed: bytes | None) -> Reading:
    """Return what `pack` put into `reading`."""
    if packed is None:
        return Reading()
    resource, problems, inferences = codec.unpack(packed).split(b"\n", 2)
    return Reading(resource or None, _decode_problems(problems), inferences)


def _pack(codec: Codec, kind: str, raw: bytes | None) -> bytes | None:
    return None if raw is None else codec.pack(kind, raw)


def _reading(change: Change) -> bytes | None:
    if change.resource is None and not change.problems:
        return None
    problems = _encode(change.problems) if change.problems else b"[]"
    return b"\n".join((change.resource or b"", problems, change.inferences))


def _rendering(codec: Codec, prefix: str, body: bytes, about: bytes) -> PackedRendering:
    digest = hashlib.blake2b(body, digest_size=DIGEST_BYTES).digest()
    return PackedRendering(digest, len(body), codec.pack(prefix, body + about))
