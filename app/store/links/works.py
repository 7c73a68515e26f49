"""Works to be read that are connected with data here: wherever the works are, counted and listed.

A work that is not here is one by the word of who is connected with it. What connects them is a
reference or a citation; a supplement counts as one. What is no work is data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import Connection, Select, and_, func, not_, or_, select, union

from app.datacite.relation_classes import CITATIONS, REFERENCES
from app.datacite.type_groups import LITERATURE
from app.store.links import reading
from app.store.links.moves import NUMBER
from app.store.links.tables import SHOWN, link_counts, links, nodes
from app.store.links.views import is_whole, of_objects

if TYPE_CHECKING:
    from app.query.request import Request
    from app.store import Store
    from app.store.dialects import Dialect
    from app.store.values import StoredRecord

_L, _N, _C = links.c, nodes.c, link_counts.c
_KINDS = (NUMBER[REFERENCES], NUMBER[CITATIONS])
_MINE, _ITS = nodes.alias("mine"), nodes.alias("its")
_ENDS = (
    links.join(nodes, _N.record_id == _L.record_id)
    .join(_MINE, and_(_MINE.c.node == _N.node, _MINE.c.preferred, _MINE.c.state == SHOWN))
    .outerjoin(_ITS, and_(_ITS.c.node == _L.other, _ITS.c.preferred, _ITS.c.state == SHOWN))
)
"""Links with the preferred copies of who states them and of what they lead to."""
_ABSENT = _ITS.c.node.is_(None)
_FIT = {
    True: (_MINE.c.literature, not_(_ITS.c.literature)),
    False: (
        not_(_MINE.c.literature),
        or_(_ITS.c.literature, and_(_ABSENT, _L.target_type.in_(sorted(LITERATURE)))),
    ),
}
"""Whether a link joins a work with data, by whether the work states it."""


class Work(Struct, frozen=True):
    """A work with how many things here it is connected with. record: None if it is not here."""

    node: int
    record: StoredRecord | None
    kind: str
    value: str
    datasets: int


class Works(Struct, frozen=True):
    """A part of the works, and how many there are in all."""

    total: int
    found: tuple[Work, ...]


def number_of_works(store: Store, request: Request) -> int:
    """Return how many works are connected with data among the records of a search."""
    with store.database.read() as connection:
        return _total(connection, store.database.dialect, request)


def works(store: Store, request: Request, *, after: int | None = None, limit: int = 50) -> Works:
    """Return a part of those works, by their numbers, behind one of them."""
    dialect = store.database.dialect
    with store.database.read() as connection:
        total = _total(connection, dialect, request)
        rows = connection.execute(_of_view(connection, dialect, request, after, limit)).all()
        return Works(total, _named(connection, store, rows))


def _named(connection: Connection, store: Store, rows: Any) -> tuple[Work, ...]:
    """Return the works with the records that stand for them, or else as they were called."""
    dialect = store.database.dialect
    ids = {"ids": dialect.many_values([row.x for row in rows])}
    here = and_(_N.preferred, _N.state == SHOWN, dialect.among(_N.node, "ids"))
    there = {row.node: row for row in connection.execute(select(nodes).where(here), ids)}
    found = reading.records_of(connection, store.database, [o.record_id for o in there.values()])
    called = select(_L.other, func.min(_L.kind).label("kind"), func.min(_L.value).label("value"))
    called = called.where(dialect.among(_L.other, "ids")).group_by(_L.other)
    names = {row.other: (row.kind, row.value) for row in connection.execute(called, ids)}
    works = []
    for row in rows:
        record = found.get(there[row.x].record_id) if row.x in there else None
        kind, value = names.get(row.x, ("", ""))
        if record is not None:
            kind, value = reading.identifier(record, there[row.x])
        works.append(Work(row.x, record, kind, value, row.datasets))
    return tuple(works)


def _total(connection: Connection, dialect: Dialect, request: Request) -> int:
    if is_whole(request):
        kept = select(func.count()).where(link_counts.c.datasets > 0)
        return int(connection.execute(kept).scalar_one())
    pairs = pairs_of(dialect, request).subquery()
    query = select(func.count(pairs.c.x.distinct()))
    return int(connection.execute(query).scalar_one())


def _of_view(
    connection: Connection, dialect: Dialect, request: Request, after: int | None, limit: int
) -> Select[Any]:
    """Return the query for a part of the works and how many things each is connected with."""
    if is_whole(request):
        kept = select(_C.node).where(_C.datasets > 0).order_by(_C.node).limit(limit)
        kept = kept if after is None else kept.where(_C.node > after)
        pairs = pairs_of(among=connection.execute(kept).scalars().all()).subquery()
    else:
        pairs = pairs_of(dialect, request).subquery()
    query = select(pairs.c.x, func.count(pairs.c.d.distinct()).label("datasets"))
    query = query.group_by(pairs.c.x).order_by(pairs.c.x).limit(limit)
    return query if after is None else query.where(pairs.c.x > after)


def pairs_of(
    dialect: Dialect | None = None,
    request: Request | None = None,
    among: Sequence[int] | None = None,
) -> Select[Any]:
    """Return the query for work, class and thing of each connection of a work with data here.

    request: only with what is among the records of a search. among: only these works.
    """
    view = None
    if request is not None and dialect is not None and not is_whole(request):
        view = select(of_objects(dialect, request).cte("in_view"))
    sides = []
    for stated in (True, False):
        x, d = (_N.node, _L.other) if stated else (_L.other, _N.node)
        class_ = _L.class_ if stated else _L.turned
        query = select(x.label("x"), class_.label("c"), d.label("d")).select_from(_ENDS)
        query = query.where(_N.state == SHOWN, x != d, class_.in_(_KINDS), *_FIT[stated])
        if view is not None:
            query = query.where(d.in_(view))
        if among is not None:
            query = query.where(x.in_(among))
        sides.append(query)
    return select(union(*sides).subquery())
