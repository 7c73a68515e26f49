"""What the graph gives out: connections of an object, its copies, its versions."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from app.store.values import StoredRecord


class Statement(Struct, frozen=True):
    """Who says that two objects are connected."""

    repository: str
    title: str
    """Of the repository."""
    record_id: int
    local_id: str
    mine: bool
    """A copy of this object says it, not the other one."""
    relation: str
    """As stated."""
    information: str
    first_seen: datetime | None


class Connection(Struct, frozen=True):
    """What connects an object with another one within a class: one entry, whoever states it."""

    group: str
    """A name of CLASSES, seen from this object."""
    relations: tuple[str, ...]
    """relationTypes from this object's side; empty text: related, there is no word from here."""
    node: int
    """The other object."""
    record: StoredRecord | None
    """The preferred copy of the other object; None: it is not in this hub."""
    kind: str
    """Of the other's identifier; empty if it has none."""
    value: str
    target_type: str
    """resourceTypeGeneral of the other: of the record, else as stated."""
    statements: tuple[Statement, ...]
    first_seen: datetime | None


class Group(Struct, frozen=True):
    """The connections of a class: how many, how many of them lead to what is here, some."""

    name: str
    total: int
    resolved: int
    connections: tuple[Connection, ...]


class Tally(Struct, frozen=True):
    """How many connections an object has, of them citations, and how many live copies.

    references_here, citations_here: those of these classes that lead to what is in the hub.
    """

    citations: int = 0
    links: int = 0
    copies: int = 0
    references_here: int = 0
    citations_here: int = 0


class Version(Struct, frozen=True):
    """One of the versions of an object."""

    node: int
    record: StoredRecord | None
    kind: str
    value: str
    version: str
    date: str
    this: bool
    latest: bool


class Around(Struct, frozen=True):
    """What is linked with an object; the groups are those that hold something."""

    node: int
    groups: tuple[Group, ...] = ()
    versions: tuple[Version, ...] = ()
    changed_at: datetime | None = None
    """When its links, or whether they lead to what is here, last changed."""


class Copy(Struct, frozen=True):
    """One record of an object that several records describe."""

    record: StoredRecord
    preferred: bool
    reason: str
    """Why it is preferred, as the end of a sentence; else empty."""


class Resolution(Struct, frozen=True):
    """What an identifier means here."""

    kind: str
    value: str
    url: str
    """Where else it leads."""
    node: int
    """0: it is nothing that a link could lead to."""
    how: str = ""
    """`primary`, `alternate`, `oai`, `object`, `landing`; empty: nothing here has it."""
    records: tuple[StoredRecord, ...] = ()
    """The preferred copy of each object it may mean; more than one are candidates."""
    linked: bool = False
    """Records link to it."""


class Wanted(Struct, frozen=True):
    """Which connections of an object are asked for; None: any."""

    groups: frozenset[str] | None = None
    """Names of classes."""
    relations: frozenset[str] | None = None
    """One of these, from this object's side."""
    resolved: bool | None = None
    stated_by: str | None = None
    """The name of a repository."""
    other: int | None = None
    other_kind: str = ""
    """Of the other object: `literature`, `dataset`, `software`, `other`; empty: any."""
    other_publisher: int | None = None
    since: int | None = None
    until: int | None = None
    """Bounds of when it was first seen, in seconds, both inclusive."""


class Found(Struct, frozen=True):
    """A part of the connections that were asked for."""

    total: int
    connections: tuple[Connection, ...]
