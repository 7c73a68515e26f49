"""What the changes of a page mean for the graph: pure."""

from __future__ import annotations

import msgspec

from app.datacite.resource import Resource, decode
from app.query.connected import Connected, connected
from app.record import Change
from app.store.effects import Held
from app.store.links.moves import ENDED, STATED, Given
from app.store.links.tables import GONE, HIDDEN, SHOWN

_STATED = frozenset(("new", "changed", "retouched"))


def given(change: Change, held: Held | None, record_id: int, *, private: bool) -> Given | None:
    """Return what becomes of a record's place; None if its links and identifiers stay.

    Those of one that an operator withdrew stay until it is restored.
    """
    if held is not None and held.withdrawal:
        return None
    was_live = held is not None and held.state == "live"
    if change.kind in _STATED:
        if change.kind == "retouched" and was_live:
            return None
        said = change.connected or of_resource(change.resource)
        return Given(record_id, HIDDEN if private else SHOWN, STATED, said, fresh=held is None)
    if change.kind == "deleted" and held is not None:
        visible = held.seen and not private
        return Given(record_id, GONE if visible else HIDDEN, ENDED)
    return None


def of_resource(resource: bytes | None) -> Connected:
    """Return what a stored resource is called and linked to; nothing if it cannot be read."""
    found = readable(resource)
    return connected(found) if found is not None else Connected()


def readable(resource: bytes | None) -> Resource | None:
    """Return a stored resource; None if there is none, or it cannot be read."""
    try:
        return decode(resource) if resource else None
    except msgspec.DecodeError:
        return None
