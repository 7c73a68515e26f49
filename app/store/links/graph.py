"""The graph, read: what is connected with what, which record an identifier means, which copies.

Nothing is promised that is not there: whether a link leads to something in the hub is looked up
each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, select

from app.datacite import identifiers as forms
from app.datacite.relation_classes import CLASSES
from app.datacite.resource import Resource
from app.query.connected import node_of, recognised
from app.store.codec import Codec
from app.store.database import Database
from app.store.found import Found as Records
from app.store.links import parts, reading
from app.store.links import versions as link_versions
from app.store.links import walk as link_walk
from app.store.links.moves import NUMBER
from app.store.links.preference import REASONS
from app.store.links.queries import Graph, Node
from app.store.links.tables import (
    ALTERNATE,
    HIDDEN,
    LANDING,
    OBJECT,
    SHOWN,
    identifiers,
    link_counts,
    nodes,
)
from app.store.links.tallies import tallies
from app.store.links.values import (
    Around,
    Copy,
    Found,
    Group,
    Resolution,
    Tally,
    Version,
    Wanted,
)
from app.store.links.values import Connection as Connected
from app.store.states import GONE
from app.store.values import StoredRecord

PER_GROUP = 10
_FEW = 20
"""Statements that are read for each connection that is shown of a long list."""
_N, _I = nodes.c, identifiers.c
_HOW = {ALTERNATE: "alternate", OBJECT: "object", LANDING: "landing"}
Counts = dict[str, tuple[int, int]]
_ONE = reading.INCOMING.limit(1)


class Links:
    """Connections, identifiers and copies."""

    def __init__(self, database: Database, codec: Codec, records: Records) -> None:
        self._database = database
        self._codec = codec
        self._records = records

    # ── connections ──────────────────────────────────────────────────────────────────────────

    def around(self, record_id: int, *, per_group: int = PER_GROUP) -> Around:
        """Return what a record's page shows: of each class the first connections, and versions."""
        with self._database.read() as connection:
            row = self._row(connection, record_id)
            if row is None or row.state != SHOWN:
                return Around(row.node if row else 0)
            counts, changed_at = _counts(connection, row.node)
            if not any(total for total, _ in counts.values()):
                return Around(row.node, changed_at=changed_at)
            groups = tuple(
                self._group(connection, row.node, name, counts[name], per_group)
                for name in CLASSES
                if counts[name][0]
            )
            found: tuple[Version, ...] = ()
            if counts["versions"][0]:
                found = link_versions.chain(connection, self._database, self._codec, row.node)
            return Around(row.node, groups, found, changed_at)

    def _group(
        self, connection: Connection, node: int, name: str, counts: tuple[int, int], most: int
    ) -> Group:
        values = {"node": node, "number": NUMBER[name], "most": most * _FEW}
        rows = reading.said(connection, reading.OF_CLASS, **values)
        found = list(reading.grouped(rows).values())[:most]
        return Group(name, *counts, reading.told(connection, self._database, found))

    def counts(self, record_id: int) -> Counts:
        """Return the connections of a record by class: how many, how many lead to what is here."""
        with self._database.read() as connection:
            row = self._row(connection, record_id)
            return _counts(connection, row.node if row and row.state == SHOWN else 0)[0]

    def tallies(self, record_ids: Sequence[int]) -> dict[int, Tally]:
        """Return how much is connected with each of some records; only live ones have any."""
        with self._database.read() as connection:
            return tallies(connection, self._database, record_ids)

    def connections(
        self, node: int, wanted: Wanted | None = None, *, start: int = 0, limit: int = 100
    ) -> Found:
        """Return connections of an object, a part of those asked for.

        First what it states itself, in its order, then what others state, in the order they came.
        """
        asked = wanted or Wanted()
        with self._database.read() as connection:
            total, keys = parts.listed(connection, node, asked, start=start, limit=limit)
            return Found(total, tuple(parts.told(connection, self._database, node, keys)))

    def each(self, node: int, wanted: Wanted, *, most: int) -> tuple[int, Iterator[Connected]]:
        """Return how many connections are asked for, and the first `most`, one after the other.

        They are read in batches; what is removed meanwhile is left out.
        """
        with self._database.read() as connection:
            total, keys = parts.listed(connection, node, wanted, start=0, limit=most)
        return total, self._each(node, keys)

    def _each(self, node: int, keys: Sequence[parts.Key]) -> Iterator[Connected]:
        for start in range(0, len(keys), parts.BATCH):
            batch = keys[start : start + parts.BATCH]
            with self._database.read() as connection:
                found = tuple(parts.told(connection, self._database, node, batch))
            yield from found

    def walk(self, asked: link_walk.Asked) -> link_walk.Walked:
        """Return connections of all objects of a kind, turned to the question."""
        with self._database.read() as connection:
            return link_walk.walk(connection, self._database, asked)

    def resources(self, records: Iterable[StoredRecord]) -> dict[int, Resource]:
        """Return the resources of records by their numbers; what cannot be read is left out."""
        ids = {record.id for record in records}
        with self._database.read() as connection:
            return link_versions.resources(connection, self._database, self._codec, ids)

    def identifier(self, record_id: int) -> tuple[str, str]:
        """Return kind and value of a record's primary identifier where it is no DOI, or nothing."""
        with self._database.read() as connection:
            row = self._row(connection, record_id)
            return (row.kind, row.value) if row is not None else ("", "")

    def node(self, record_id: int) -> int:
        """Return the object of a record, 0 if nobody is told of it."""
        with self._database.read() as connection:
            row = self._row(connection, record_id)
            return row.node if row is not None and row.state != HIDDEN else 0

    # ── copies ───────────────────────────────────────────────────────────────────────────────

    def copies(self, record_id: int) -> tuple[Copy, ...]:
        """Return all copies of a record's object, the preferred one first; empty if it is alone."""
        with self._database.read() as connection:
            row = self._row(connection, record_id)
            if row is None or row.state == HIDDEN:
                return ()
            graph = Graph(connection, self._database.dialect)
            rows = [one for one in graph.of_nodes([row.node]) if one.state != HIDDEN]
            if len(rows) < 2:
                return ()
            ids = [one.record_id for one in rows]
            there = reading.records_of(connection, self._database, ids)
            ordered = sorted(rows, key=lambda one: (not one.preferred, one.record_id))
            return tuple(
                Copy(there[one.record_id], bool(one.preferred), REASONS.get(one.reason, ""))
                for one in ordered
                if one.record_id in there
            )

    def preferred(self, record_id: int) -> bool:
        """Tell whether a record stands for all copies of its object."""
        with self._database.read() as connection:
            row = self._row(connection, record_id)
            return row is None or bool(row.preferred)

    # ── identifiers ──────────────────────────────────────────────────────────────────────────

    def resolve(self, text: str) -> Resolution:
        """Return what an identifier in any form means: a record, candidates, or nothing here.

        Primary identifiers are looked at first, then alternate ones, OAI identifiers, files and
        landing pages. It may also be the local id of a record.
        """
        wanted = text.strip()
        known = recognised(wanted)
        node = node_of(known.kind, known.value) if known else 0
        kind, value = (known.kind, known.value) if known else ("", wanted)
        found = Resolution(kind, value, (forms.link(kind, value) or "") if known else "", node)
        how, records = self._by_node(node, (ALTERNATE,)) if node else ("", ())
        if not records:
            how, records = "oai", self._by_name(wanted)
        if not records and node:
            how, records = self._by_node(node, (OBJECT, LANDING))
        if records:
            return replace(found, how=how, records=records)
        return replace(found, linked=bool(node) and self._is_linked(node))

    def _by_node(self, node: int, kinds: Sequence[int]) -> tuple[str, tuple[StoredRecord, ...]]:
        with self._database.read() as connection:
            graph = Graph(connection, self._database.dialect)
            own = graph.of_nodes([node]) if ALTERNATE in kinds else []
            if found := self._shown(connection, own):
                return "primary", found
            for kind in kinds:
                called = select(_I.record_id).where(_I.node == node, _I.kind == kind)
                ids = list(connection.execute(called).scalars())
                objects = {row.node for row in graph.of_records(ids).values()}
                rows = graph.of_nodes(objects)
                mine = {row.node for row in rows if row.record_id in ids and row.state != HIDDEN}
                if found := self._shown(connection, [row for row in rows if row.node in mine]):
                    return _HOW[kind], found
        return "", ()

    def _shown(self, connection: Connection, rows: Sequence[Node]) -> tuple[StoredRecord, ...]:
        ids = [row.record_id for row in rows if row.preferred and row.state != HIDDEN]
        found = reading.records_of(connection, self._database, ids)
        return tuple(found[number] for number in sorted(found))

    def _by_name(self, text: str) -> tuple[StoredRecord, ...]:
        found = self._records.find(text)
        known = [r for r in found if not r.withheld and r.state in ("live", *GONE)]
        named = [r for r in known if r.local_id in text or r.identifier == text]
        return tuple(named or (r for r in known if r.state == "merged"))

    def _is_linked(self, node: int) -> bool:
        with self._database.read() as connection:
            return connection.execute(_ONE, {"node": node}).first() is not None

    def _row(self, connection: Connection, record_id: int) -> Node | None:
        graph = Graph(connection, self._database.dialect)
        return graph.of_records([record_id]).get(record_id)


def _counts(connection: Connection, node: int) -> tuple[Counts, datetime | None]:
    row: Any = connection.execute(select(link_counts).where(link_counts.c.node == node)).first()
    if row is None:
        return dict.fromkeys(CLASSES, (0, 0)), None
    given = row._mapping
    counts = {name: (given[f"{name}_total"], given[f"{name}_resolved"]) for name in CLASSES}
    return counts, row.changed_at
