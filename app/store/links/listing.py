"""Connections that records state, as a list and in numbers, each connection once.

What cites stands first, whoever states it; connections of other classes have no direction, and the
lower number stands first. Lists are read by key, behind the last connection of the part before.
Of all records the numbers are kept; of some, it takes as long as there are links: whoever asks
sets a deadline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    and_,
    func,
    literal,
    select,
    tuple_,
    union,
)

from app.datacite.relation_classes import CITATIONS, CLASSES, REFERENCES
from app.query.request import Request
from app.store.links.moves import NUMBER
from app.store.links.sums import (
    ALL,
    OF_CLASS,
    OF_PAIR,
    RESOLVED,
    THERE,
    bound,
    keyed,
    keyed_between,
    lower,
)
from app.store.links.tables import SHOWN, link_sums, links, nodes
from app.store.links.views import is_whole, of_objects, of_records
from app.store.links.walk import Key, Turned, Walked, turned
from app.store.search.tables import search
from app.store.search.ways import Way, wanted
from app.store.tables import records, repositories

if TYPE_CHECKING:
    from app.store import Store
    from app.store.dialects import Dialect

LISTED = tuple(name for name in CLASSES if name != CITATIONS)
"""Classes of connections; a citation is a reference of the other side."""
_L, _N, _S = links.c, nodes.c, link_sums.c
_FIRST, _SECOND = nodes.alias("first"), nodes.alias("second")
_OF_FIRST, _OF_SECOND = records.alias("of_first"), records.alias("of_second")
Numbers = dict[str, tuple[int, int]]
Pair = tuple[str, str, int]
"""Two repositories by name, and how many connections join their objects."""


class Narrowed(Struct, frozen=True):
    """What a list of connections is narrowed to.

    classes: of LISTED, none means any. resolved: both objects are in the hub, or not. between:
    names of two repositories, each of which has one of the objects. cited: not those that the
    records of the search state, but those that cite one of them, whoever states it.
    """

    classes: tuple[str, ...] = ()
    resolved: bool | None = None
    between: tuple[str, str] | None = None
    cited: bool = False


_ALL = Narrowed()
FEWEST, _LAST = 200, (1 << 63) - 1
"""Objects of which connections are looked for at a time, at least; the highest number of one."""


def link_numbers(store: Store, request: Request) -> Numbers:
    """Return by class how many connections the records of a search state, how many resolved.

    A connection is resolved if both its objects are in the hub.
    """
    with store.database.read() as connection:
        if is_whole(request):
            rows = _kept(connection)
        else:
            keys = _keys(store.database.dialect, request).subquery()
            query = select(keys.c.c, func.count(), func.sum(keys.c.here)).group_by(keys.c.c)
            rows = {number: (total, int(here)) for number, total, here in connection.execute(query)}
    return {name: rows.get(NUMBER[name], (0, 0)) for name in LISTED}


def _kept(connection: Connection) -> dict[int, tuple[int, int]]:
    query = select(_S.one, _S.other, _S.number).where(_S.kind == OF_CLASS)
    found = {(one, other): number for one, other, number in connection.execute(query)}
    return {one: (found.get((one, ALL), 0), found.get((one, RESOLVED), 0)) for one, _ in found}


def number_of_citations(store: Store, request: Request) -> int:
    """Return how many connections lead to the records of a search and cite them, from here."""
    with store.database.read() as connection:
        if is_whole(request):
            return _kept(connection).get(NUMBER[REFERENCES], (0, 0))[1]
        way = Way(wanted(request), store.database.dialect)
        way.prepare(connection)
        cited = way.values(search.c.record_id, search.c.citations).where(search.c.citations > 0)
        found = cited.subquery()
        each = select(func.max(found.c.citations).label("number")).join_from(
            found, nodes, _N.record_id == found.c.record_id
        )
        objects = each.group_by(_N.node).subquery()
        query = select(func.coalesce(func.sum(objects.c.number), 0))
        return int(connection.execute(query).scalar_one())


def link_list(
    store: Store, request: Request, narrowed: Narrowed = _ALL, *, after: Key | None = None,
    limit: int = 50,
) -> Walked:  # fmt: skip
    """Return a part of those connections, behind one of them, and how many there are in all."""
    dialect = store.database.dialect
    if is_whole(request) and narrowed.cited:
        narrowed = Narrowed((REFERENCES,), resolved=True)
    with store.database.read() as connection:
        total: int | None = None
        if is_whole(request) and narrowed.between is None:
            total = _known(connection, narrowed)
            keys = _walked(connection, narrowed, after, limit)
        else:
            query = _narrowed((_citing if narrowed.cited else _keys)(dialect, request), narrowed)
            counted = select(func.count()).select_from(query.subquery())
            total = connection.execute(counted).scalar_one()
            keys = _part(connection, query, after, limit)
        found: list[Turned] = [turned(connection, store.database, key) for key in keys]
        return Walked(total, tuple(found))


def _part(connection: Connection, query: Select[Any], after: Key | None, limit: int) -> list[Key]:
    columns = tuple(query.selected_columns)
    if after is not None:
        query = query.where(tuple_(*columns) > tuple_(*after))
    rows = connection.execute(query.order_by(*columns).limit(limit))
    return [(row.a, row.c, row.b) for row in rows]


def _walked(connection: Connection, narrowed: Narrowed, after: Key | None, limit: int) -> list[Key]:
    """Return a part of all connections: of some objects after the others, until it is full."""
    found: list[Key] = []
    first, objects = after[0] if after else -(1 << 63), max(limit, FEWEST)
    while len(found) < limit:
        last = bound(connection, first, objects)
        query = _narrowed(keyed_between(first, last), narrowed)
        found += _part(connection, query, after, limit - len(found))
        if last is None or last == _LAST:
            break
        first, objects = last + 1, 2 * objects
    return found


def _known(connection: Connection, narrowed: Narrowed) -> int:
    """Return how many connections there are of all records."""
    kept, names = _kept(connection), narrowed.classes or LISTED
    found = [kept.get(NUMBER[name], (0, 0)) for name in names]
    total, here = sum(one for one, _ in found), sum(one for _, one in found)
    return {None: total, True: here, False: total - here}[narrowed.resolved]


def _narrowed(connections: Select[Any], narrowed: Narrowed) -> Select[Any]:
    keys = connections.subquery()
    query = select(keys.c.a, keys.c.c, keys.c.b)
    if narrowed.classes:
        query = query.where(keys.c.c.in_(sorted(NUMBER[name] for name in narrowed.classes)))
    if narrowed.resolved is not None:
        query = query.where(keys.c.here == int(narrowed.resolved))
    if narrowed.between is not None:
        query = _joining(query, keys).where(_are(narrowed.between))
    return query


def connected_pairs(store: Store, request: Request, limit: int = 10) -> tuple[Pair, ...]:
    """Return the repositories whose objects those connections join most, the most joined first.

    An object belongs to the repository of its preferred copy.
    """
    if is_whole(request):
        number: Any = _S.number
        query = select(_S.one.label("low"), _S.other.label("high"), number.label("number"))
        query = query.where(_S.kind == OF_PAIR, number > 0)
    else:
        both_here = THERE.c.record_id.is_not(None)
        keys = _keys(store.database.dialect, request).where(both_here).subquery()
        one, other = _OF_FIRST.c.repository_id, _OF_SECOND.c.repository_id
        low, high = lower(one, other)
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


def _keys(dialect: Dialect, request: Request) -> Select[Any]:
    """Return the query for connections that the records of a search state."""
    if is_whole(request):
        return keyed()
    return keyed().where(_L.record_id.in_(of_records(dialect, request)))


def _citing(dialect: Dialect, request: Request) -> Select[Any]:
    """Return the query for connections that cite the records of a search, with both ends here."""
    cites, cited, class_ = NUMBER[REFERENCES], NUMBER[CITATIONS], NUMBER[REFERENCES]
    there = nodes.alias("there")
    here = and_(there.c.node == _L.other, there.c.preferred, there.c.state == SHOWN)
    source = links.join(nodes, _N.record_id == _L.record_id).join(there, here)
    view = None
    if not is_whole(request):
        view = select(of_objects(dialect, request).cte("in_view"))
    sides = []
    for number, a, b in ((cites, _N.node, _L.other), (cited, _L.other, _N.node)):
        query = select(
            a.label("a"), literal(class_).label("c"), b.label("b"), literal(1).label("here")
        ).select_from(source)
        query = query.where(_L.class_ == number, _N.state == SHOWN, a != b)
        if view is not None:
            query = query.where(b.in_(view))
        sides.append(query)
    both = union(*sides).subquery()
    return select(both)
