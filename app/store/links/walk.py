"""Connections of all objects of a type or a publisher, turned so that the question is their source.

What is asked of no single object is looked for in all that is stated, so it takes as long as there
are links; parts are read by key, behind the last connection of the part before.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    func,
    select,
    tuple_,
    type_coerce,
    union_all,
)

from app.datacite.relation_classes import RELATIONS, relation
from app.datacite.type_groups import LITERATURE
from app.store.database import Database
from app.store.links import reading
from app.store.links.queries import Graph
from app.store.links.tables import SHOWN, links, nodes
from app.store.links.values import Connection as Connected
from app.store.tables import records
from app.store.values import StoredRecord

_L, _N = links.c, nodes.c
_UNKNOWN = ("", "Other")
Key = tuple[int, int, int]
"""Source, class, target."""


class End(Struct, frozen=True):
    """What is asked of one end; empty or 0: anything.

    kind: `literature`, `dataset`, `software` or `other`. publisher: the number of its name.
    """

    kind: str = ""
    publisher: int = 0


class Asked(Struct, frozen=True):
    """Which connections are asked for, from source to target; moments in seconds, inclusive."""

    source: End = End()
    target: End = End()
    relations: frozenset[str] | None = None
    """relationTypes from the source's side."""
    since: int | None = None
    until: int | None = None
    after: Key | None = None
    offset: int = 0
    limit: int = 100


class Turned(Struct, frozen=True):
    """A connection with its source; record: None if that is not here."""

    key: Key
    record: StoredRecord | None
    kind: str
    value: str
    source_type: str
    connection: Connected


class Walked(Struct, frozen=True):
    """A part of the connections, and how many there are in all."""

    total: int
    found: tuple[Turned, ...]


def walk(connection: Connection, database: Database, asked: Asked) -> Walked:
    """Return the part of the connections that is asked for."""
    keys = _keys(asked).subquery()
    total = connection.execute(select(func.count()).select_from(keys)).scalar_one()
    columns = keys.c.a, keys.c.c, keys.c.b
    query = select(*columns).order_by(*columns).limit(asked.limit).offset(asked.offset)
    if asked.after is not None:
        query = query.where(tuple_(*columns) > tuple_(*asked.after))
    found = [(row.a, row.c, row.b) for row in connection.execute(query)]
    return Walked(total, tuple(turned(connection, database, key) for key in found))


def _keys(asked: Asked) -> Select[Any]:
    """Return the query for source, class and target of each connection that is asked for."""
    sides = union_all(*(_side(asked, turned=turned) for turned in (False, True))).subquery()
    query = select(sides.c.a, sides.c.c, sides.c.b).group_by(sides.c.a, sides.c.c, sides.c.b)
    began = func.min(sides.c.first_seen)
    if asked.since is not None:
        query = query.having(began >= asked.since)
    if asked.until is not None:
        query = query.having(began <= asked.until)
    return query


def _side(asked: Asked, *, turned: bool) -> Select[Any]:
    """Return the query for what is stated, as it is stated or turned round."""
    mine, other = _N.node, _L.other
    first, second = (other, mine) if turned else (mine, other)
    query = select(
        first.label("a"), (_L.turned if turned else _L.class_).label("c"), second.label("b"),
        func.coalesce(type_coerce(_L.first_seen, BigInteger), 0).label("first_seen"),
    )  # fmt: skip
    source: FromClause = links.join(nodes, _N.record_id == _L.record_id)
    near, far = (asked.target, asked.source) if turned else (asked.source, asked.target)
    conditions: list[ColumnElement[bool]] = [_N.state == SHOWN, mine != other]
    if near.kind:
        source = source.join(records, records.c.id == _N.record_id)
    conditions += _conditions(near, records.c.type, _N.publisher)
    if far != End():
        there, record = nodes.alias(), records.alias()
        source = source.outerjoin(
            there, and_(there.c.node == other, there.c.preferred, there.c.state == SHOWN)
        ).outerjoin(record, record.c.id == there.c.record_id)
        conditions += _conditions(
            far, func.coalesce(record.c.type, _L.target_type), there.c.publisher
        )
    if asked.relations is not None:
        conditions.append(_L.relation.in_(sorted(_stated(asked.relations, turned=turned))))
    return query.select_from(source).where(*conditions)


def _conditions(end: End, kind: Any, publisher: Any) -> list[ColumnElement[bool]]:
    found = [kind_of(end.kind, kind)] if end.kind else []
    return [*found, publisher == end.publisher] if end.publisher else found


def kind_of(kind: str, general: Any) -> ColumnElement[bool]:
    """Return the condition that a resourceTypeGeneral is of a kind, as in `End`."""
    conditions: dict[str, ColumnElement[bool]] = {
        "literature": general.in_(sorted(LITERATURE)),
        "dataset": general.not_in((*sorted(LITERATURE), *_UNKNOWN)),
        "software": general == "Software",
        "other": general.in_(_UNKNOWN),
    }
    return conditions[kind]


def _stated(relations: frozenset[str], *, turned: bool) -> set[str]:
    """Return the relations as they are stated, if they are to be these from the source's side."""
    if not turned:
        return set(relations)
    return {name for name in RELATIONS if (relation(name).inverse or "") in relations}


def turned(connection: Connection, database: Database, key: Key) -> Turned:
    """Return a connection with its source, by source, class and target."""
    source, class_, target = key
    rows = reading.said(connection, reading.BETWEEN, node=source, number=class_, target=target)
    told = reading.told(connection, database, (rows,))[0]
    here = [
        row
        for row in Graph(connection, database.dialect).of_nodes([source])
        if row.preferred and row.state == SHOWN
    ]
    if here:
        record = reading.records_of(connection, database, [here[0].record_id])[here[0].record_id]
        doi = record.summary.doi
        name = ("DOI", doi) if doi else (here[0].kind, here[0].value)
        return Turned(key, record, *name, record.summary.type, told)
    first = rows[0]
    return Turned(key, None, first.kind, first.value, first.target_type, told)
