"""Connections that records state, as a list and in numbers, each connection once.

What cites stands first, whoever states it; connections of other classes have no direction, and the
lower number stands first. It takes as long as there are links: whoever asks sets a deadline.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, case, func, select

from app.datacite.relation_classes import CITATIONS, CLASSES, REFERENCES
from app.query.request import Request
from app.store.links.moves import NUMBER
from app.store.links.tables import SHOWN, links, nodes
from app.store.links.walk import Turned, Walked, turned
from app.store.search.finding import wanted
from app.store.search.ways import Way

if TYPE_CHECKING:
    from app.store import Store

LISTED = tuple(name for name in CLASSES if name != CITATIONS)
"""Classes of connections; a citation is a reference of the other side."""
_L, _N = links.c, nodes.c
_THERE = nodes.alias("there")
Numbers = dict[str, tuple[int, int]]


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
    offset: int = 0,
    limit: int = 50,
) -> Walked:
    """Return a part of those connections. classes: of LISTED, none means any."""
    keys = _keys(store, request).subquery()
    columns = keys.c.a, keys.c.c, keys.c.b
    query = select(*columns)
    if classes:
        query = query.where(keys.c.c.in_(sorted(NUMBER[name] for name in classes)))
    if resolved is not None:
        query = query.where(keys.c.here == int(resolved))
    part = query.order_by(*columns).limit(limit).offset(offset)
    with store.database.read() as connection:
        counted = select(func.count()).select_from(query.subquery())
        total = connection.execute(counted).scalar_one()
        found: list[Turned] = [
            turned(connection, store.database, (row.a, row.c, row.b))
            for row in connection.execute(part).all()
        ]
        return Walked(total, tuple(found))


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
