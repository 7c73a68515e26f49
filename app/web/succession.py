"""What is told of a record that is gone: what happened, why, and what came in its place.

What now is a successor that the record or another names, or a copy that still lives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.datacite import identifiers
from app.record import DELETED, LISTED_AS, NOT_LISTED
from app.store.links.values import Wanted
from app.web import foreign, frame
from app.web.finding import records_with
from app.web.record_links import Address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.datacite.resource import Resource
    from app.store.values import Repository, StoredRecord

NEWER = {
    "IsObsoletedBy": "It was replaced by",
    "IsPreviousVersionOf": "A newer version is",
    "IsIdenticalTo": "The same thing is",
}
MOST = 5
UNSAID, UNSAID_HERE = "The repository gave no reason.", "No reason was given."


def what(stored: StoredRecord, repository: Repository | None) -> str:
    """Say what happened to a record that is gone."""
    if stored.state == "withdrawn":
        return "An operator withdrew this record."
    if repository is None:
        return "This record was removed with its repository, which has left the hub."
    if stored.reason.startswith((NOT_LISTED, LISTED_AS)):
        return "The repository no longer lists this record."
    return "The repository removed this record."


def why(stored: StoredRecord) -> str:
    """Return the reason that was given, or say that none was."""
    if stored.state == "withdrawn":
        return stored.reason or UNSAID_HERE
    seen = not stored.reason or stored.reason.startswith((DELETED, NOT_LISTED, LISTED_AS))
    return UNSAID if seen else stored.reason


def evidence(stored: StoredRecord) -> str:
    """Return what the hub saw of it, where that says more than what happened."""
    known = ("", DELETED, why(stored))
    return "" if stored.reason in known else stored.reason


def after(stored: StoredRecord, resource: Resource | None) -> tuple[Address, ...]:
    """Return where to go on from a record that is gone, the best first, each with its words."""
    named = (*_named_here(stored), *(_named(resource) if resource else ()))
    found = {one.href or one.text: one for one in reversed((*named, *_copies(stored)))}
    return tuple(reversed(found.values()))


def _named_here(stored: StoredRecord) -> Iterator[Address]:
    """Yield what is here and is named as a successor by records that live."""
    links = frame.store().links
    wanted = Wanted(relations=frozenset(NEWER), resolved=True)
    found = links.connections(links.node(stored.id), wanted, limit=MOST)
    for one in found.connections:
        relation = next(filter(NEWER.__contains__, one.relations), "")
        if relation and one.record is not None and one.record.state == "live":
            yield _record(one.record, NEWER[relation])


def _named(resource: Resource) -> Iterator[Address]:
    """Yield the successors that the record itself had named."""
    order = list(NEWER)
    found = [r for r in resource.related_identifiers if r.relation_type in NEWER]
    found.sort(key=lambda one: order.index(one.relation_type))
    for one in found[:MOST]:
        kind, value = one.related_identifier_type, one.related_identifier
        link = foreign.href(identifiers.link(kind, value) or value)
        here = records_with(link or value).record
        told = NEWER[one.relation_type]
        known = here is not None and here.state == "live"
        yield _record(here, told) if here and known else Address(link or value, link, told)


def _record(record: StoredRecord, told: str) -> Address:
    return Address(record.summary.title or record.identifier, f"/records/{record.local_id}", told)


def _copies(stored: StoredRecord) -> Iterator[Address]:
    copies = frame.store().links.copies(stored.id)
    others = [c.record for c in copies if c.record.state == "live" and c.record.id != stored.id]
    for one in others[:MOST]:
        title = f"the copy of {one.repository_title or one.repository}"
        yield Address(title, f"/records/{one.local_id}", "This hub still has")
