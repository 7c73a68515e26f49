"""What the lists of a format lack, each with the reason: for those who run the hub and its members.

The reason is found by trying: what cannot be written says so itself.
"""

from __future__ import annotations

from msgspec import Struct

from app.crosswalks import write
from app.datacite.resource import decode
from app.errors import IncompleteResource, NotFound
from app.oai.context import Context, Offer
from app.store import missing as stored
from app.store.records import DAMAGED
from app.store.values import StoredRecord

LATER = "It can be written; that is done when it is next read."


class Missing(Struct, frozen=True):
    """A record that a format lacks, and why."""

    record: StoredRecord
    reason: str


def missing(
    context: Context, repository_id: int, prefix: str, *, after: int = 0, limit: int
) -> tuple[Missing, ...]:
    """Return what the lists of a format lack of a repository, in the order it came.

    Raises NotFound for a format that is not on offer.
    """
    offer = _offer(context, prefix)
    store = context.store
    found = stored.missing(store, repository_id, offer.stored, after=after, limit=limit)
    return tuple(Missing(one, _reason(context, one, offer)) for one in found)


def count(context: Context, repository_id: int, prefix: str) -> int:
    """Return how many there are, at most `app.store.missing.COUNTED`."""
    return stored.count_missing(context.store, repository_id, _offer(context, prefix).stored)


def _offer(context: Context, prefix: str) -> Offer:
    offer = context.formats.get(prefix)
    if offer is None:
        raise NotFound(f"No format {prefix} is offered; there are {', '.join(context.formats)}.")
    return offer


def _reason(context: Context, record: StoredRecord, offer: Offer) -> str:
    if record.state == "unread" or record.quarantine == DAMAGED:
        return record.reason or record.quarantine
    store, prefix, today = context.store, offer.stored, context.store.now().date()
    body = store.records.resource(record.local_id)
    if body is None:
        return LATER
    renderer, resource = context.renderer(), decode(body)
    if prefix in renderer.prefixes:
        original = store.records.original(record.local_id)
        return renderer.render(resource, original, today).reasons.get(prefix, LATER)
    try:
        made = write(prefix, resource, today=today)
    except IncompleteResource as error:
        return str(error)
    return renderer.complaint(prefix, made) or LATER
