"""What came in place of a record that is gone: a successor it names, a copy that still lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.datacite import identifiers
from app.web import foreign, frame
from app.web.record_links import Address

if TYPE_CHECKING:
    from app.datacite.resource import Resource
    from app.store.values import StoredRecord

NEWER = {
    "IsObsoletedBy": "It was replaced by",
    "IsPreviousVersionOf": "A newer version is",
    "IsIdenticalTo": "The same thing is",
}


def after(stored: StoredRecord, resource: Resource | None) -> tuple[Address, ...]:
    """Return where to go on from a record that is gone, the best first, each with its words."""
    named = tuple(_named(resource)) if resource else ()
    return (*named, *_copies(stored))


def _named(resource: Resource) -> list[Address]:
    order = list(NEWER)
    found = [r for r in resource.related_identifiers if r.relation_type in NEWER]
    found.sort(key=lambda one: order.index(one.relation_type))
    addresses = []
    for one in found[:5]:
        kind, value = one.related_identifier_type, one.related_identifier
        link = foreign.href(identifiers.link(kind, value) or value)
        addresses.append(Address(link or value, link, NEWER[one.relation_type]))
    return addresses


def _copies(stored: StoredRecord) -> list[Address]:
    copies = frame.store().links.copies(stored.id)
    others = [c.record for c in copies if c.record.state == "live" and c.record.id != stored.id]
    return [
        Address(
            f"the copy of {one.repository_title or one.repository}",
            f"/records/{one.local_id}",
            "This hub still has",
        )
        for one in others[:5]
    ]
