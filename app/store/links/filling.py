"""The graph of records that were stored before there was one; and whether the stored one is right.

Both are made from the resources that were last read, as for records that come in; a record whose
bytes are damaged says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    tuple_,
    union,
    update,
)

from app import clock
from app.store.codec import DamagedBytes
from app.store.database import AnyRow
from app.store.dialects import Dialect
from app.store.links import shift as link_shift
from app.store.links import sums
from app.store.links.choice import preferred
from app.store.links.effects import of_resource
from app.store.links.moves import STATED, Given, move
from app.store.links.queries import Graph, Link, Node
from app.store.links.rows import AS_WORK, add_face, face_of, face_search, faces
from app.store.links.tables import COUNTED, GONE, HIDDEN, SHOWN, link_counts, links, nodes
from app.store.links.works import pairs_of
from app.store.states import STATE
from app.store.tables import contents, records

BATCH = 1000
_R = records.c
_LIVE, _DELETED = "live", "deleted"
Unpack = Callable[[bytes], bytes]


def fill(connection: Connection, dialect: Dialect, unpack: Unpack, *, batch: int = BATCH) -> int:
    """Put all records into the graph that are not there; return how many."""
    query = _stored(batch).outerjoin(nodes, nodes.c.record_id == _R.id)
    query = query.where(nodes.c.record_id.is_(None))
    number, after = 0, 0
    while rows := connection.execute(query.where(_R.id > after)).all():
        given = [_given(row, unpack) for row in rows]
        link_shift.change(connection, dialect, given[-1].since or 1, given)
        number, after = number + len(rows), rows[-1].id
    return number


def _stored(batch: int) -> Select[Any]:
    return (
        select(
            _R.id,
            STATE.label("state"),
            _R.withheld,
            _R.stamp,
            _R.last_changed_at,
            contents.c.reading,
            contents.c.face.is_not(None).label("behind"),
        )
        .outerjoin(contents, contents.c.record_id == _R.id)
        .where(_R.state.in_((_LIVE, _DELETED)))
        .order_by(_R.id)
        .limit(batch)
    )


def _given(row: AnyRow, unpack: Unpack) -> Given:
    said = of_resource(_resource(row.reading, unpack))
    if row.state != _LIVE:
        said = replace(said, links=())
    state = HIDDEN if row.withheld else seen_as(row.state, row.stamp)
    since = clock.seconds(row.last_changed_at) if row.last_changed_at else 0
    return Given(row.id, state, STATED, said, since)


def seen_as(state: str, stamp: int) -> int:
    """Return what a record is to visitors, by its state, if its member is public."""
    if state == "merged" or (state == "withdrawn" and not stamp):
        return HIDDEN
    return SHOWN if state == _LIVE else GONE


def _resource(packed: bytes | None, unpack: Unpack) -> bytes | None:
    try:
        return unpack(packed).split(b"\n", 1)[0] if packed else None
    except DamagedBytes:
        return None


# ── is it right? ─────────────────────────────────────────────────────────────────────────────


def differences(
    connection: Connection, dialect: Dialect, unpack: Unpack, *, batch: int = BATCH
) -> Iterator[str]:
    """Yield in words what of the graph is not as the live records say; nothing if all is right.

    Reads everything.
    """
    after, graph = 0, Graph(connection, dialect)
    while rows := connection.execute(_stored(batch).where(_R.id > after)).all():
        yield from _of_records(graph, rows, unpack)
        after = rows[-1].id
    yield from _of_choices(graph, batch)
    yield from _of_targets(graph, batch)
    yield from _of_counts(connection)
    yield from sums.differences(connection)
    yield from _of_faces(connection)
    orphans = select(func.count()).select_from(nodes).outerjoin(records, _R.id == nodes.c.record_id)
    number = connection.execute(orphans.where(_R.id.is_(None))).scalar_one()
    if number:
        yield f"{number} records are gone, but have an object"


def _of_records(graph: Graph, rows: Sequence[AnyRow], unpack: Unpack) -> Iterator[str]:
    ids = [row.id for row in rows]
    there, stated = graph.of_records(ids), graph.stated(ids)
    for row in rows:
        kept = there.get(row.id)
        wanted = move(_given(row, unpack), None, [], 0)
        assert wanted is not None
        assert wanted.after is not None
        if kept is None:
            yield f"record {row.id} has no object"
            continue
        waits = row.behind and row.state != _LIVE
        """What it is called by now is told once it is shown again."""
        if not waits and _told(kept) != _told(wanted.after):
            yield f"record {row.id} has another object or state: {kept.node}"
        if _said(stated.get(row.id, [])) != _said(wanted.new):
            yield f"the links of record {row.id} are not those it states"


def _told(row: Node) -> tuple[Any, ...]:
    return (*row[1:3], bool(row.literature), row.publisher, *row[7:9], set(row.own))


def _said(rows: Sequence[Link]) -> list[tuple[Any, ...]]:
    return [(*one[:6], *one[7:11]) for one in rows]


def _of_choices(graph: Graph, batch: int) -> Iterator[str]:
    """Compare which copies are preferred."""
    columns = nodes.c
    query = select(columns.node).group_by(columns.node).order_by(columns.node).limit(batch)
    wanted = query
    while found := list(graph.connection.execute(wanted).scalars()):
        rows = {row.record_id: row for row in graph.of_nodes(found)}
        for number, row in preferred(graph, rows).items():
            if (row.preferred, row.reason) != (rows[number].preferred, rows[number].reason):
                yield f"record {number} is preferred, or is not, without reason"
        wanted = query.where(columns.node > found[-1])


def _of_targets(graph: Graph, batch: int) -> Iterator[str]:
    """Compare which objects links lead to."""
    columns = links.c
    place = tuple_(columns.record_id, columns.position)
    query = select(columns.record_id, columns.position, columns.target, columns.other)
    query = query.order_by(columns.record_id, columns.position).limit(batch)
    wanted = query
    while found := graph.connection.execute(wanted).all():
        means = link_shift.objects(graph, {row.target for row in found})
        for row in found:
            if means.get(row.target, row.target) != row.other:
                yield f"link {row.position} of record {row.record_id} leads elsewhere"
        wanted = query.where(place > tuple_(found[-1].record_id, found[-1].position))


def _of_counts(connection: Connection) -> Iterator[str]:
    wanted: dict[int, list[int]] = {}
    for node, number, face, many in (*connection.execute(_connections()), *_as_works(connection)):
        add_face(wanted.setdefault(node, [0] * len(COUNTED)), number, face, many)
    for node, *counts, _ in connection.execute(select(link_counts)):
        if counts != wanted.pop(node, [0] * len(COUNTED)):
            yield f"the connections of object {node} are counted wrongly"
    yield from (f"the connections of object {node} are not counted" for node in wanted)


def _of_faces(connection: Connection) -> Iterator[str]:
    """Compare what the rows of searches tell of links and copies."""
    for row in connection.execute(faces().where(nodes.c.state == SHOWN)):
        shown, should = face_of(row)
        if shown != should:
            yield f"searches know other links or copies of record {row.record_id}"


def face_all(connection: Connection, dialect: Dialect, *, batch: int = BATCH) -> None:
    """Tell the rows of searches what they are to show of links and copies."""
    columns, graph = nodes.c, Graph(connection, dialect)
    counted = columns.node.in_(select(link_counts.c.node))
    query = select(columns.node).group_by(columns.node).order_by(columns.node).limit(batch)
    query = query.having(or_(func.count() > 1, counted))
    wanted = query
    while found := list(connection.execute(wanted).scalars()):
        face_search(graph, set(found))
        wanted = query.where(columns.node > found[-1])


def _as_works(connection: Connection) -> Iterator[tuple[int, int, int, int]]:
    pairs = pairs_of().subquery()
    query = select(pairs.c.x, pairs.c.c, func.count()).group_by(pairs.c.x, pairs.c.c)
    for node, number, many in connection.execute(query):
        yield node, number, AS_WORK, many


def count_anew(connection: Connection) -> None:
    """Write anew what is kept of works that are connected with data, and the sums of links."""
    found: Counter[int] = Counter()
    for node, _, _, many in _as_works(connection):
        found[node] += many
    row = update(link_counts).where(link_counts.c.node == bindparam("of"))
    values = [{"of": node, "many": many} for node, many in found.items()]
    connection.execute(update(link_counts).where(link_counts.c.datasets > 0).values(datasets=0))
    if values:
        connection.execute(row.values(datasets=bindparam("many")), values)
    sums.recount(connection)


def _connections() -> Select[Any]:
    """Return the query: for object, class and what the others are, how many connections."""
    shown = nodes.c.state == SHOWN
    joined = links.join(nodes, and_(nodes.c.record_id == links.c.record_id, shown))
    apart = nodes.c.node != links.c.other
    own = select(nodes.c.node.label("a"), links.c.class_.label("c"), links.c.other.label("b"))
    turned = select(links.c.other, links.c.turned, nodes.c.node)
    pairs = union(
        own.select_from(joined).where(apart), turned.select_from(joined).where(apart)
    ).subquery()
    other = nodes.alias()
    here = and_(other.c.node == pairs.c.b, other.c.preferred, other.c.state == SHOWN)
    face = func.coalesce(_face(other.c.literature), 0)
    seen = (
        select(pairs.c.a, pairs.c.c, face.label("face"))
        .select_from(pairs.outerjoin(other, here))
        .subquery()
    )
    return select(*seen.c, func.count()).group_by(*seen.c)


def _face(literature: ColumnElement[bool]) -> ColumnElement[int]:
    return case((literature.is_(None), 0), (literature, 1), else_=2)
