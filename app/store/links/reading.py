"""Reads the connections of an object from what both sides state, each once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, literal, select

from app import clock
from app.datacite.relation_classes import CLASSES
from app.datacite.relation_classes import relation as known
from app.store.database import AnyRow, Database
from app.store.found import STORED, stored
from app.store.links.tables import SHOWN, links, nodes
from app.store.links.values import Connection as Connected
from app.store.links.values import Statement
from app.store.tables import records
from app.store.values import StoredRecord

_L, _N, _R = links.c, nodes.c, records.c
_OTHER = nodes.alias("other_nodes")
_HERE = records.alias("here")
_NODE: ColumnElement[int] = bindparam("node")


class Said(NamedTuple):
    """One statement about an object and another one, seen from the object."""

    mine: bool
    place: int
    class_: int
    node: int
    relation: str
    kind: str
    value: str
    target_type: str
    information: str
    first_seen: int
    record_id: int
    repository_id: int
    here: int | None
    """The preferred copy of the other object."""
    here_type: str | None
    publisher: int | None


def _columns(mine: Any, place: Any, class_: Any, other: Any) -> Select[Any]:
    joined = (
        links.join(nodes, _N.record_id == _L.record_id)
        .join(records, _R.id == _L.record_id)
        .outerjoin(
            _OTHER, and_(_OTHER.c.node == other, _OTHER.c.preferred, _OTHER.c.state == SHOWN)
        )
        .outerjoin(_HERE, _HERE.c.id == _OTHER.c.record_id)
    )
    return select(
        mine, place, class_, other, _L.relation, _L.kind, _L.value, _L.target_type,
        _L.information, func.coalesce(_L.first_seen, 0), _L.record_id, _R.repository_id,
        _OTHER.c.record_id, _HERE.c.type, _OTHER.c.publisher,
    ).select_from(joined)  # fmt: skip


def _own() -> Select[Any]:
    query = _columns(literal(1), _L.position, _L.class_, _L.other)
    query = query.where(_N.node == _NODE, _N.state == SHOWN, _L.other != _NODE)
    return query.order_by(_L.record_id, _L.position)


def _incoming() -> Select[Any]:
    query = _columns(literal(0), _L.record_id, _L.turned, _N.node)
    query = query.where(_L.other == _NODE, _N.state == SHOWN, _N.node != _NODE)
    return query.order_by(_L.record_id, _L.position)


OWN, INCOMING = _own(), _incoming()
"""What the copies of the object `node` state of others, and what others state of it."""
OF_CLASS = (
    OWN.where(_L.class_ == bindparam("number")).limit(bindparam("most")),
    INCOMING.where(_L.turned == bindparam("number")).limit(bindparam("most")),
)
"""The first `most` of both of the class `number`."""
BETWEEN = (
    OWN.where(_L.class_ == bindparam("number"), _L.other == bindparam("target")),
    INCOMING.where(_L.turned == bindparam("number"), _N.node == bindparam("target")),
)
"""Both of the class `number` that join it with the object `target`."""


def said(connection: Connection, queries: Iterable[Select[Any]], **values: int) -> list[Said]:
    """Return the statements that queries find."""
    found = []
    for query in queries:
        for mine, *rest in connection.execute(query, values):
            row = Said(bool(mine), *rest)
            at = row.first_seen
            found.append(row._replace(first_seen=at if isinstance(at, int) else clock.seconds(at)))
    return found


def grouped(rows: Iterable[Said]) -> dict[tuple[int, int], list[Said]]:
    """Return statements by connection: class and other object, in the order of the first."""
    found: dict[tuple[int, int], list[Said]] = {}
    for row in rows:
        found.setdefault((row.class_, row.node), []).append(row)
    return found


def seen(row: Said) -> str:
    """Return the relation from the object's side; empty where the schema has no word for it."""
    return row.relation if row.mine else known(row.relation).inverse or ""


def _type(rows: Sequence[Said]) -> str:
    """Return the type of the other object; of several that are stated, the last by letters."""
    first = rows[0]
    if first.here is not None:
        return first.here_type or ""
    return max(row.target_type for row in rows)


def told(
    connection: Connection, database: Database, found: Sequence[Sequence[Said]]
) -> tuple[Connected, ...]:
    """Return connections with all there is to show of them."""
    rows = [row for group in found for row in group]
    here = {row.here for row in rows if row.here is not None}
    there = records_of(connection, database, here | {row.record_id for row in rows})
    names = _identifiers(connection, database, here)
    return tuple(_connection(group, there, names) for group in found)


def _connection(
    rows: Sequence[Said], there: Mapping[int, StoredRecord], names: Mapping[int, AnyRow]
) -> Connected:
    first = rows[0]
    record = None if first.here is None else there.get(first.here)
    kind, value = first.kind, first.value
    if record is not None:
        kind, value = identifier(record, names.get(record.id))
    began = min(row.first_seen for row in rows)
    return Connected(
        group=CLASSES[first.class_],
        relations=tuple(dict.fromkeys(seen(row) for row in rows)),
        node=first.node,
        record=record,
        kind=kind,
        value=value,
        target_type=_type(rows),
        statements=tuple(_statement(row, there) for row in rows if row.record_id in there),
        first_seen=clock.moment(began) if began else None,
    )


def identifier(record: StoredRecord, row: AnyRow | None) -> tuple[str, str]:
    """Return kind and value of the primary identifier of a record; empty if it has none."""
    if record.summary.doi:
        return "DOI", record.summary.doi
    return (row.kind, row.value) if row is not None else ("", "")


def _statement(row: Said, there: Mapping[int, StoredRecord]) -> Statement:
    record = there[row.record_id]
    return Statement(
        record.repository, record.repository_title or record.repository, record.id,
        record.local_id, row.mine, row.relation, row.information,
        clock.moment(row.first_seen) if row.first_seen else None,
    )  # fmt: skip


def records_of(
    connection: Connection, database: Database, ids: Collection[int]
) -> dict[int, StoredRecord]:
    """Return records by their numbers."""
    if not ids:
        return {}
    query = STORED.where(database.dialect.among(_R.id, "ids"))
    values = {"ids": database.dialect.many_values(sorted(ids))}
    return {row.id: stored(row) for row in connection.execute(query, values)}


def _identifiers(
    connection: Connection, database: Database, ids: Collection[int]
) -> dict[int, AnyRow]:
    if not ids:
        return {}
    query = select(_N.record_id, _N.kind, _N.value)
    query = query.where(database.dialect.among(_N.record_id, "ids"))
    values = {"ids": database.dialect.many_values(sorted(ids))}
    return {row.record_id: row for row in connection.execute(query, values)}
