"""The versions of an object: what is linked as another version of it, from either side.

Followed from link to link, up to a number of steps; a circle is gone round once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlalchemy import Connection, select

from app.datacite.resource import Resource
from app.store.codec import Codec
from app.store.database import Database
from app.store.links import reading
from app.store.links.effects import readable
from app.store.links.moves import NUMBER
from app.store.links.queries import Graph
from app.store.links.reading import Said
from app.store.links.tables import SHOWN
from app.store.links.values import Version
from app.store.packing import unpack_reading
from app.store.tables import contents
from app.store.values import StoredRecord

STEPS = 50
"""Objects that are followed."""
NEWER = frozenset(("IsNewVersionOf", "Obsoletes"))
OLDER = frozenset(("IsPreviousVersionOf", "IsObsoletedBy"))
_VERSIONS = NUMBER["versions"]
_NUMBER = re.compile(r"\d+")


class _Member(Struct):
    """An object of a chain; newer: it replaces another one, older: another one replaces it."""

    node: int
    kind: str = ""
    value: str = ""
    newer: bool = False
    older: bool = False


def chain(
    connection: Connection, database: Database, codec: Codec, node: int
) -> tuple[Version, ...]:
    """Return all versions of an object with itself, the newest first; empty if it is alone."""
    members = _follow(connection, node)
    if len(members) < 2:
        return ()
    rows = Graph(connection, database.dialect).of_nodes(members)
    here = {row.node: row.record_id for row in rows if row.preferred and row.state == SHOWN}
    names = {row.node: (row.kind, row.value) for row in rows}
    records = reading.records_of(connection, database, here.values())
    known = resources(connection, database, codec, here.values())
    newest = [one.node for one in members.values() if one.newer and not one.older]
    latest = newest[0] if len(newest) == 1 and len(members) < STEPS else 0
    found = []
    for one in members.values():
        number = here.get(one.node, 0)
        record = records.get(number)
        kind, value = names.get(one.node, (one.kind, one.value))
        found.append(
            _version(one, record, known.get(number), (kind, value), node=node, latest=latest)
        )
    return tuple(sorted(found, key=_order, reverse=True))


def _follow(connection: Connection, node: int) -> dict[int, _Member]:
    members = {node: _Member(node)}
    waiting = [node]
    while waiting:
        at = waiting.pop(0)
        values = {"node": at, "number": _VERSIONS, "most": STEPS}
        for row in reading.said(connection, reading.OF_CLASS, **values):
            if row.node not in members and len(members) < STEPS:
                members[row.node] = _Member(row.node, row.kind, row.value)
                waiting.append(row.node)
            if row.node in members:
                _mark(members[at], members[row.node], row)
    return members


def _mark(one: _Member, other: _Member, row: Said) -> None:
    relation = reading.seen(row)
    if relation in NEWER:
        one.newer = other.older = True
    elif relation in OLDER:
        one.older = other.newer = True


def resources(
    connection: Connection, database: Database, codec: Codec, ids: Iterable[int]
) -> dict[int, Resource]:
    """Return the resources of records by their numbers; what cannot be read is left out."""
    among = database.dialect.among(contents.c.record_id, "ids")
    query = select(contents.c.record_id, contents.c.reading).where(among)
    rows = connection.execute(query, {"ids": database.dialect.many_values(sorted(ids))})
    read = ((row.record_id, readable(unpack_reading(codec, row.reading).resource)) for row in rows)
    return {number: found for number, found in read if found is not None}


def _version(
    one: _Member, record: StoredRecord | None, resource: Resource | None,
    name: tuple[str, str], *, node: int, latest: int,
) -> Version:  # fmt: skip
    kind, value = name
    if record is not None and record.summary.doi:
        kind, value = "DOI", record.summary.doi
    dates: Sequence[str] = ()
    if resource is not None:
        dates = [date.date for date in resource.dates if date.date_type == "Issued"]
    year = record.summary.year if record else None
    return Version(
        node=one.node,
        record=record,
        kind=kind,
        value=value,
        version=(resource.version or "") if resource else "",
        date=dates[0] if dates else str(year or ""),
        this=one.node == node,
        latest=one.node == latest,
    )


def _order(version: Version) -> tuple[bool, list[int], str, str, int]:
    numbers = [int(part[:18]) for part in _NUMBER.findall(version.version)]
    there = version.record is not None
    return there, numbers, version.version, version.date, version.node
