"""Changes made ready for the database: their large parts packed, before any lock is taken.

A reading is kept as three lines of JSON in one blob: the resource, its problems, its inferences.
A rendering and its abouts are one blob too, with the place where they part. A page is packed kind
by kind, since each kind has a dictionary of its own that has to be in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct, structs

from app.datacite.problem import Problem
from app.query.indexing import (
    Indexed,
    Named,
    Searched,
    indexed,
    kernel,
    of_texts,
    searched_of_summary,
)
from app.query.terms import GAP
from app.record import Change, Summary, digest_of
from app.store.codec import Codec, Pack
from app.store.storable import mended, storable

READING = "reading"
ABOUT = "about"
PRESENT = frozenset(("new", "changed", "retouched"))
"""Kinds of changes that may come with another description."""
NOT_READ = indexed(Searched(), Named())
_encode = msgspec.json.Encoder().encode
_decode_problems = msgspec.json.Decoder(tuple[Problem, ...]).decode


class PackedRendering(NamedTuple):
    """A rendering as its row keeps it."""

    digest: bytes
    split: int
    body: bytes


class PackedChange(Struct):
    """A change with its large parts packed."""

    change: Change
    sets: str
    rules: tuple[str, ...]
    original: bytes | None
    source_about: bytes | None
    reading: bytes | None
    renderings: dict[str, PackedRendering]
    indexed: Indexed | None = None
    """What searches are to know of it; None where it was not read."""


class Reading(Struct, frozen=True):
    """What the crosswalk made of a record, unpacked."""

    resource: bytes | None = None
    problems: tuple[Problem, ...] = ()
    inferences: bytes = b"[]"


class Face(Struct, frozen=True, array_like=True):
    """What lists and searches will show of a withheld record, once it is shown again.

    Its tombstone stays as it was when it was withdrawn; what harvests bring meanwhile waits here.
    """

    sets: str
    """Our minimal setSpecs, joined by blanks."""
    summary: Summary
    words: tuple[str, ...] = ()
    """What was searched when no more was: titles, creators, publisher, subjects, type.

    The values of each with `|` between.
    """
    indexed: Indexed | None = None

    def packed(self) -> bytes:
        """Return it as it is kept."""
        return msgspec.json.encode(self)


def unpack_face(kept: bytes) -> Face:
    """Return what `Face.packed` made."""
    return msgspec.json.decode(kept, type=Face)


def pack(codec: Codec, changes: Sequence[Change]) -> list[PackedChange]:
    """Pack the changes of a page."""
    changes = [storable(each) for each in changes]
    with codec.packing() as lent:
        originals = [_pack(lent, f"original {each.format}", each.original) for each in changes]
        abouts = [_pack(lent, ABOUT, each.source_about) for each in changes]
        readings = [_pack(lent, READING, _reading(each)) for each in changes]
        parts = zip(changes, originals, abouts, readings, strict=True)
        packed = [
            PackedChange(each, " ".join(each.sets), _rules(each), original, about, reading, {})
            for each, original, about, reading in parts
        ]
        for prefix in {prefix for each in changes for prefix in each.renderings}:
            _pack_renderings(lent, prefix, packed)
    for each in packed:
        if each.change.kind in PRESENT:
            each.indexed = _indexed(each.change)
    return packed


def unpack_reading(codec: Codec, packed: bytes | None) -> Reading:
    """Return what `pack` put into `reading`."""
    if packed is None:
        return Reading()
    resource, problems, inferences = codec.unpack(packed).split(b"\n", 2)
    return Reading(resource or None, _decode_problems(problems), inferences)


def _indexed(change: Change) -> Indexed:
    summary = change.summary
    given = change.searched or searched_of_summary(summary.title, summary.creators)
    named = Named(
        change.local_id, change.identifier, summary.doi, summary.url, summary.year, change.sets,
        kernel(change.format, change.original), "datacite" in change.renderings,
    )  # fmt: skip
    return indexed(given, named)


def of_face(face: Face, local_id: str, identifier: str) -> Indexed:
    """Return what searches are to know of a record that is shown again."""
    if face.indexed is not None:
        return face.indexed
    summary = face.summary
    named = Named(
        local_id, identifier, summary.doi, summary.url, summary.year, tuple(face.sets.split())
    )
    words = [text.replace("|", GAP).strip() for text in face.words]
    return indexed(Searched(of_texts(words)), named)


def _pack(pack: Pack, kind: str, raw: bytes | None) -> bytes | None:
    return None if raw is None else pack(kind, raw)


def _rules(change: Change) -> tuple[str, ...]:
    return tuple(sorted({problem.rule for problem in change.problems}))


def _reading(change: Change) -> bytes | None:
    if change.resource is None and not change.problems:
        return None
    problems = _problems(change.problems) if change.problems else b"[]"
    return b"\n".join((change.resource or b"", problems, change.inferences))


def _problems(problems: Sequence[Problem]) -> bytes:
    try:
        return _encode(problems)
    except UnicodeEncodeError:
        return _encode([structs.replace(p, value=mended(p.value)) for p in problems])


def _pack_renderings(pack: Pack, prefix: str, packed: Sequence[PackedChange]) -> None:
    for each in packed:
        change = each.change
        body = change.renderings.get(prefix)
        if body is not None:
            digest = change.digests.get(prefix) or digest_of(body)
            about = change.abouts.get(prefix, change.about)
            blob = pack(prefix, body + about if about else body)
            each.renderings[prefix] = PackedRendering(digest, len(body), blob)
