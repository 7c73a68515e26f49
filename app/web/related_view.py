"""What the pages show of links and copies, as frozen values: words, addresses, who says so."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from app.datacite import identifiers
from app.datacite.resource import encode
from app.record_difference import differences
from app.web import foreign, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.record_difference import Differences
    from app.store import Store
    from app.store.links.values import Connection, Copy, Group, Version
    from app.store.values import StoredRecord

SHOWN, COMPARED = 10, 25
GROUPS = (
    ("Articles and data", ("references", "citations")),
    ("Parts", ("parts",)),
    ("Other related works", ("other",)),
)
"""The groups of the block, each with the classes in it; versions have a block of their own."""
NOT_HERE = "not in this hub"


class Entry(Struct, frozen=True):
    """A related work."""

    relations: tuple[str, ...]
    """In words, from this record's side."""
    kernel: tuple[str, ...]
    text: str
    href: str
    identifier: str
    kind: str
    year: str
    here: bool
    stated_by: str
    since: datetime | None


class Related(Struct, frozen=True):
    """A group of related works; href: of the list of all of them."""

    heading: str
    entries: tuple[Entry, ...]
    total: int
    resolved: int
    href: str


class VersionEntry(Struct, frozen=True):
    """A version of the object."""

    text: str
    href: str
    version: str
    date: str
    here: bool
    this: bool
    latest: bool


class CopyEntry(Struct, frozen=True):
    """A record of the same object; differs: in how much of its description from this record."""

    title: str
    identifier: str
    differs: str
    differences: str
    """The address of a page that shows them, empty where there are none."""
    repository: str
    href: str
    preferred: bool
    reason: str
    this: bool
    removed: bool


class Block(Struct, frozen=True):
    """What stands on a record's page about its links, versions and copies."""

    groups: tuple[Related, ...] = ()
    versions: tuple[VersionEntry, ...] = ()
    copies: tuple[CopyEntry, ...] = ()
    changed_at: datetime | None = None

    @property
    def stamp(self) -> str:
        """A digest of all that is shown: the page is another when it is."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:20]


def block(store: Store, record: StoredRecord) -> Block:
    """Return what the page of a record shows of its links and copies."""
    around = store.links.around(record.id, per_group=SHOWN)
    by_name = {group.name: group for group in around.groups}
    groups = tuple(
        _related(heading, [by_name[name] for name in names if name in by_name], record)
        for heading, names in GROUPS
        if any(name in by_name for name in names)
    )
    return Block(
        groups,
        tuple(map(_version, around.versions)),
        _copies(store, record.id, record.local_id),
        changed_at=around.changed_at,
    )


def _related(heading: str, groups: Sequence[Group], record: StoredRecord) -> Related:
    entries = [entry(one, record.repository) for group in groups for one in group.connections]
    asked = "&".join(f"class={group.name}" for group in groups)
    return Related(
        heading,
        tuple(entries[:SHOWN]),
        sum(group.total for group in groups),
        sum(group.resolved for group in groups),
        f"/records/{record.local_id}/links?{asked}",
    )


def entry(one: Connection, repository: str = "") -> Entry:
    """Return a connection as lists show it. repository: of the record whose page it stands on."""
    record = one.record
    link = foreign.href(identifiers.link(one.kind, one.value) or one.value) if one.value else ""
    return Entry(
        relations=tuple(dict.fromkeys(relation_words(name) for name in one.relations)),
        kernel=tuple(name for name in one.relations if name),
        text=words.cut((record.summary.title or record.identifier) if record else
                       (link or one.value), 300),
        href=f"/records/{record.local_id}" if record else link,
        identifier=words.cut(link or one.value, 300),
        kind=words.term(one.target_type) if one.target_type not in ("", "Other") else "",
        year=str(record.summary.year or "") if record else "",
        here=record is not None,
        stated_by=stated_by(one, repository),
        since=one.first_seen,
    )  # fmt: skip


def relation_words(name: str) -> str:
    """Return a relation in words; what the schema has no word for is merely related."""
    return words.relation(name) if name else "Related to"


def stated_by(one: Connection, repository: str = "") -> str:
    """Say who states a connection, seen from a record of a repository."""

    def named(*, mine: bool) -> Iterator[str]:
        for said in one.statements:
            if said.mine is mine:
                yield "this repository" if said.repository == repository else said.title

    own, others = dict.fromkeys(named(mine=True)), dict.fromkeys(named(mine=False))
    both = "both: " if own and others else ""
    return f"stated by {both}{', '.join(own | others)}"


def _version(one: Version) -> VersionEntry:
    record = one.record
    link = foreign.href(identifiers.link(one.kind, one.value) or one.value) if one.value else ""
    text = (record.summary.title or record.identifier) if record else (link or one.value)
    href = f"/records/{record.local_id}" if record else link
    return VersionEntry(
        words.cut(text, 300), href, words.cut(one.version, 60), one.date, record is not None,
        one.this, one.latest,
    )  # fmt: skip


def _copies(store: Store, record_id: int, local_id: str) -> tuple[CopyEntry, ...]:
    """Return all copies; the first of them are compared with this record."""
    found = store.links.copies(record_id)
    compared = [one.record for one in found[:COMPARED] if one.record.state == "live"]
    here = [one.record for one in found if one.record.id == record_id]
    read = store.links.resources([*compared, *here]) if found else {}
    mine = read.get(record_id)
    told = {
        record.id: differences(encode(mine), encode(read[record.id]))
        for record in compared
        if mine is not None and record.id in read and record.id != record_id
    }
    return tuple(_copy(one, record_id, local_id, told.get(one.record.id)) for one in found)


def _differing(told: Differences | None) -> str:
    if told is None:
        return ""
    if not told.found:
        return "same description"
    more = "more than " if told.more else ""
    return f"differs in {more}{words.plural(len(told.found), 'field')}"


def _copy(one: Copy, record_id: int, local_id: str, told: Differences | None) -> CopyEntry:
    record = one.record
    other = f"/records/{local_id}/differences/{record.local_id}"
    return CopyEntry(
        words.cut(record.summary.title or record.identifier, 300),
        words.cut(record.identifier, 200),
        _differing(told),
        other if told and told.found else "",
        record.repository_title or record.repository,
        f"/records/{record.local_id}",
        one.preferred,
        one.reason,
        record.id == record_id,
        record.state != "live",
    )
