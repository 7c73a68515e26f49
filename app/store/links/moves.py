"""What becomes of a record's place in the graph: pure. Links change by difference.

A link that stays keeps the moment at which it was first seen; a tombstone has no links, and keeps
those moments for the day it comes back.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from app.datacite.relation_classes import CLASSES, OTHER, RELATIONS, inverse_group
from app.query.connected import Connected
from app.store.links.queries import Link, Node
from app.store.links.tables import ALTERNATE, LANDING, OBJECT, SHOWN

STATED, ENDED, TURNED, ERASED = "stated", "ended", "turned", "erased"
"""Fates: the record is as it says, it is a tombstone, others see it or not any more, it is gone."""
NUMBER = {name: number for number, name in enumerate(CLASSES)}
_CLASSES = {
    name: (NUMBER[relation.group], NUMBER[inverse_group(name)])
    for name, relation in RELATIONS.items()
}
_UNKNOWN = NUMBER[OTHER], NUMBER[OTHER]
_NOTHING = Connected()
_OWN = struct.Struct(">bq")
Past = tuple[tuple[str, int, int], ...]
"""relation, target, first seen"""


class Given(Struct, frozen=True):
    """A record that changes; state: as visitors see it from now on."""

    record_id: int
    state: int
    fate: str
    connected: Connected | None = None
    since: int = 0
    """When it was first seen to say what it says, in seconds; 0: now."""
    fresh: bool = False
    """It is certain that it has no row yet."""


class Move(Struct, frozen=True):
    """A record before and after; None: it has no row."""

    record_id: int
    before: Node | None
    after: Node | None
    old: list[Link]
    new: list[Link]

    @property
    def moved(self) -> bool:
        """It is another object, or another thing to visitors, or called otherwise."""
        before, after = self.before, self.after
        if before is None or after is None:
            return True
        return before[1:3] != after[1:3] or before.own != after.own


def move(given: Given, row: Node | None, old: list[Link], now: int) -> Move | None:
    """Return what a change does to a record's rows; None if nothing."""
    if given.fate == ERASED:
        return Move(given.record_id, row, None, old, []) if row else None
    if given.fate == STATED:
        said = given.connected or _NOTHING
        after = _stated(given, said, row)
        new = list(
            _links(given.record_id, said, old, row.past if row else None, given.since or now)
        )
    elif row is None:
        return None
    elif given.fate == ENDED:
        past = _packed(old) if old else row.past
        after, new = row._replace(state=given.state, past=past), []
    else:
        after, new = row._replace(state=given.state), list(old)
    if row == after and old == new:
        return None
    return Move(given.record_id, row, after, old, new)


def _stated(given: Given, said: Connected, row: Node | None) -> Node:
    preferred, reason = (row.preferred, row.reason) if row else (True, "")
    return Node(
        given.record_id, said.node or -given.record_id, given.state, said.literature,
        said.publisher, preferred, reason, said.kind, said.value, packed_own(said), None,
    )  # fmt: skip


def _links(
    record_id: int, said: Connected, old: Sequence[Link], past: bytes | None, now: int
) -> Iterator[Link]:
    known = {(one.relation, one.target): one for one in old}
    seen = {(name, target): at for name, target, at in _unpacked(past)}
    for position, one in enumerate(said.links):
        key = one.relation, one.target
        there = known.get(key)
        yield Link(
            record_id, position, one.relation, one.kind, one.value, one.target,
            there.other if there else one.target, *_CLASSES.get(one.relation, _UNKNOWN),
            one.target_type, one.information,
            there.first_seen if there else seen.get(key, now),
        )  # fmt: skip


def packed_own(said: Connected) -> bytes:
    """Return the rows of `identifiers` of a record, packed."""
    if not said.alternates and not said.objects:
        return _OWN.pack(LANDING, said.landing) if said.landing else b""
    rows = [(ALTERNATE, node) for node in said.alternates]
    rows += [(OBJECT, node) for node in said.objects]
    if said.landing:
        rows.append((LANDING, said.landing))
    return b"".join([_OWN.pack(kind, node) for kind, node in rows])


def own(row: Node | None) -> set[tuple[int, int]]:
    """Return kind and node of the identifiers of a record besides the primary one."""
    return set(unpacked(row.own)) if row is not None and row.own else set()


def unpacked(packed: bytes) -> Iterator[tuple[int, int]]:
    """Yield kind and node of packed identifiers."""
    yield from _OWN.iter_unpack(packed)


def alternates(row: Node | None) -> set[int]:
    """Return the alternate identifiers by which others may know a record, if it is shown."""
    if row is None or row.state != SHOWN or not row.own:
        return set()
    return {node for kind, node in _OWN.iter_unpack(row.own) if kind == ALTERNATE}


def _packed(rows: Iterable[Link]) -> bytes:
    return msgspec.json.encode([(one.relation, one.target, one.first_seen) for one in rows])


def _unpacked(past: bytes | None) -> Past:
    return msgspec.json.decode(past, type=Past) if past else ()
