"""Connections that records state, as a list and in numbers, each connection once.

What cites stands first, whoever states it; connections of other classes have no direction, and the
lower number stands first. It takes as long as there are links: whoever asks sets a deadline.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, and_, case, func, select

from app.datacite.relation_classes import CITATIONS, CLASSES, REFERENCES
from app.query.request import Request
from app.store.links.moves import NUMBER
from app.store.links.tables import SHOWN, links, nodes
from app.store.links.walk import Turned, Walked, turned
from app.store.search.ways import Way, wanted
from app.store.tables import records, repositories

if TYPE_CHECKING:
    from app.store import Store

LISTED = tuple(name for name in CLASSES if name != CITATIONS)
"""Classes of connections; a citation is a reference of the other side."""
_L, _N = links.c, nodes.c
_THERE = nodes.alias("there")
_FIRST, _SECOND = nodes.alias("first"), nodes.alias("second")
_OF_FIRST, _OF_SECOND = records.alias("of_first"), records.alias("of_second")
Numbers = dict[str, tuple[int, int]]
Pair = tuple[str, str, int]
"""Two repositories by name, and how many connections join their objects."""


def link_numbers(store: Store, request: Request) -> Numbers:
    """Return by class how many connections the records of a search state, how many resolved.

    A connection is resolved if both its objects are in the hub.
    """
    keys = _keys(store, request).subquery()
    query = select(keys.c.c, func.count(), func.sum(keys.c.here)).group_by(keys.c.c)
    with store.database.read() as connection:
        rows = {number: (total, int(here)) for number, total, here in connection.execute(query)}
    return {name: rows.get(NUMBER[name], (0, 0)) for name in LISTED}


def link_list(
    store: Store,
    request: Request,
    *,
    classes: Collection[str] = (),
    resolved: bool | None = None,
    between: tuple[str, str] | None = None,
    offset: int = 0,
    limit: int = 50,
) -> Walked:
    """Return a part of those connections. classes: of LISTED, none means any.

    between: names of two repositories, each of which has one of the objects.
    """
    keys = _keys(store, request).subquery()
    columns = keys.c.a, keys.c.c, keys.c.b
    query = select(*columns)
    if classes:
        query = query.where(keys.c.c.in_(sorted(NUMBER[name] for name in classes)))
    if resolved is not None:
        query = query.where(keys.c.here == int(resolved))
    if between is not None:
        query = _joining(query, keys).where(_are(between))
    part = query.order_by(*columns).limit(limit).offset(offset)
    with store.database.read() as connection:
        counted = select(func.count()).select_from(query.subquery())
        total = connection.execute(counted).scalar_one()
        found: list[Turned] = [
            turned(connection, store.database, (row.a, row.c, row.b))
            for row in connection.execute(part).all()
        ]
        return Walked(total, tuple(found))


def connected_pairs(store: Store, request: Request, limit: int = 10) -> tuple[Pair, ...]:
    """Return the repositories whose objects those connections join most, the most joined first.

    An object belongs to the repository of its preferred copy.
    """
    keys = _keys(store, request).subquery()
    one, other = _OF_FIRST.c.repository_id, _OF_SECOND.c.repository_id
    low, high = case((one < other, one), else_=other), case((one < other, other), else_=one)
    number = func.count()
    query = _joining(select(low.label("low"), high.label("high"), number.label("number")), keys)
    query = query.where(one != other).group_by("low", "high")
    query = query.order_by(number.desc(), "low", "high").limit(limit)
    with store.database.read() as connection:
        rows = connection.execute(query).all()
        named = connection.execute(select(repositories.c.id, repositories.c.name))
        names = {row.id: row.name for row in named}
    return tuple((names[row.low], names[row.high], row.number) for row in rows)


def _joining(query: Select[Any], keys: Subquery) -> Select[Any]:
    """Return a query over connections with the preferred copies of both their objects."""
    joined: FromClause = keys
    for end, record, key in ((_FIRST, _OF_FIRST, keys.c.a), (_SECOND, _OF_SECOND, keys.c.b)):
        shown = and_(end.c.node == key, end.c.preferred, end.c.state == SHOWN)
        joined = joined.join(end, shown).join(record, record.c.id == end.c.record_id)
    return query.select_from(joined)


def _are(between: tuple[str, str]) -> ColumnElement[bool]:
    """Return the condition that one object is of the one repository, one of the other."""
    one, other = (
        select(repositories.c.id).where(repositories.c.name == name).scalar_subquery()
        for name in between
    )
    first, second = _OF_FIRST.c.repository_id, _OF_SECOND.c.repository_id
    return ((first == one) & (second == other)) | ((first == other) & (second == one))


def _keys(store: Store, request: Request) -> Select[Any]:
    """Return the query for both objects and the class of each connection, and if it is resolved."""
    mine, other = _N.node, _L.other
    turn = (_L.class_ == NUMBER[CITATIONS]) | (
        (_L.class_ != NUMBER[REFERENCES]) & (other < mine)
    )  # fmt: skip
    first, second = case((turn, other), else_=mine), case((turn, mine), else_=other)
    class_ = case(
        (_L.class_ == NUMBER[CITATIONS], NUMBER[REFERENCES]), else_=_L.class_
    )  # fmt: skip
    here = func.max(case((_THERE.c.record_id.is_not(None), 1), else_=0))
    found = links.join(nodes, _N.record_id == _L.record_id).outerjoin(
        _THERE, and_(_THERE.c.node == other, _THERE.c.preferred, _THERE.c.state == SHOWN)
    )
    keys = (first.label("a"), class_.label("c"), second.label("b"))
    query = select(*keys, here.label("here")).select_from(found)
    query = query.where(_N.state == SHOWN, mine != other)
    if request.query is not None or request.without("copies").chosen:
        ids = Way(wanted(request), store.database.dialect).ids()
        query = query.where(_L.record_id.in_(ids))
    return query.group_by("a", "c", "b")
