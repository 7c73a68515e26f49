"""Connections of one object, a part at a time: an object may have more than memory should hold.

First what it states itself, in its order, then what others state, in the order they came.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    select,
    type_coerce,
    union_all,
)

from app.datacite.relation_classes import RELATIONS, relation
from app.store.database import Database
from app.store.links import reading
from app.store.links.moves import NUMBER
from app.store.links.tables import SHOWN, links, nodes
from app.store.links.values import Connection as Connected
from app.store.links.values import Wanted
from app.store.links.walk import kind_of
from app.store.tables import records, repositories

_L, _N = links.c, nodes.c
_THERE, _RECORD = nodes.alias("there"), records.alias("there_record")
_PLACES = 1 << 20
"""More than the places of links in a record."""
_BEHIND = 1 << 62
"""What is added to the rank of what others state."""
BATCH = 500
Key = tuple[int, int]
"""Class and other object."""


def listed(
    connection: Connection, node: int, wanted: Wanted, *, start: int, limit: int
) -> tuple[int, list[Key]]:
    """Return how many connections are asked for, and a part of them."""
    found = _keys(node, wanted).subquery()
    total = connection.execute(select(func.count()).select_from(found)).scalar_one()
    query = select(found.c.c, found.c.b).order_by(found.c.rank).limit(limit).offset(start)
    return total, [(row.c, row.b) for row in connection.execute(query)]


def told(
    connection: Connection, database: Database, node: int, keys: Sequence[Key]
) -> Iterator[Connected]:
    """Yield connections with all there is to show of them, in the order of their keys."""
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        dialect = database.dialect
        among = (
            reading.OWN.where(dialect.among(_L.other, "others")),
            reading.INCOMING.where(dialect.among(_N.node, "others")),
        )
        others = dialect.many_values(sorted({other for _, other in batch}))
        rows = reading.grouped(reading.said(connection, among, node=node, others=others))
        yield from reading.told(connection, database, [rows[key] for key in batch if key in rows])


def _keys(node: int, wanted: Wanted) -> Select[Any]:
    """Return the query for class, other object and rank of each connection that is asked for."""
    sides = [_side(wanted, mine=mine) for mine in (True, False)]
    found = union_all(*sides).params(node=node).subquery()
    query = select(found.c.c, found.c.b, func.min(found.c.rank).label("rank"))
    query = query.group_by(found.c.c, found.c.b)
    began = func.min(found.c.first_seen)
    if wanted.since is not None:
        query = query.having(began >= wanted.since)
    if wanted.until is not None:
        query = query.having(began <= wanted.until)
    if wanted.relations is not None:
        query = query.having(func.max(found.c.related) == 1)
    if wanted.stated_by is not None:
        query = query.having(func.max(found.c.stated) == 1)
    if wanted.other_kind:
        general = func.coalesce(func.max(found.c.type), func.max(found.c.target_type))
        query = query.having(kind_of(wanted.other_kind, general))
    return query


def _side(wanted: Wanted, *, mine: bool) -> Select[Any]:
    """Return the query for what copies of the object state, or for what others state of it."""
    class_, other = (_L.class_, _L.other) if mine else (_L.turned, _N.node)
    node = bindparam("node", type_=_N.node.type)
    here: ColumnElement[bool] = (
        (_N.node == node) & (other != node) if mine else (_L.other == node) & (other != node)
    )
    rank = _L.record_id * _PLACES + _L.position + (0 if mine else _BEHIND)
    columns = [
        class_.label("c"), other.label("b"), rank.label("rank"),
        func.coalesce(type_coerce(_L.first_seen, BigInteger), 0).label("first_seen"),
    ]  # fmt: skip
    source: FromClause = links.join(nodes, _N.record_id == _L.record_id)
    conditions = [here, _N.state == SHOWN]
    if wanted.relations is not None:
        columns.append(_flag(_L.relation.in_(_stated(wanted.relations, mine=mine)), "related"))
    if wanted.stated_by is not None:
        source = source.join(records, records.c.id == _L.record_id)
        columns.append(_flag(records.c.repository_id == _named(wanted.stated_by), "stated"))
    if wanted.groups is not None:
        conditions.append(class_.in_(sorted(NUMBER[n] for n in wanted.groups if n in NUMBER)))
    if wanted.other is not None:
        conditions.append(other == wanted.other)
    if _looks_there(wanted):
        shown = and_(_THERE.c.node == other, _THERE.c.preferred, _THERE.c.state == SHOWN)
        source = source.outerjoin(_THERE, shown)
    if wanted.resolved is not None:
        there = _THERE.c.record_id
        conditions.append(there.is_not(None) if wanted.resolved else there.is_(None))
    if wanted.other_publisher is not None:
        conditions.append(_THERE.c.publisher == wanted.other_publisher)
    if wanted.other_kind:
        source = source.outerjoin(_RECORD, _RECORD.c.id == _THERE.c.record_id)
        columns += [_RECORD.c.type.label("type"), _L.target_type.label("target_type")]
    return select(*columns).select_from(source).where(*conditions)


def _looks_there(wanted: Wanted) -> bool:
    return (
        wanted.resolved is not None
        or wanted.other_publisher is not None
        or bool(wanted.other_kind)
    )  # fmt: skip


def _flag(condition: ColumnElement[bool], name: str) -> Any:
    return case((condition, 1), else_=0).label(name)


def _stated(relations: frozenset[str], *, mine: bool) -> list[str]:
    """Return the relations as they are stated, if they are to be these from the object's side."""
    if mine:
        return sorted(relations)
    return sorted(name for name in RELATIONS if (relation(name).inverse or "") in relations)


def _named(name: str) -> Any:
    return select(repositories.c.id).where(repositories.c.name == name).scalar_subquery()
