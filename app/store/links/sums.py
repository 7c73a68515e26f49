"""How many connections there are in all, kept in the transaction that changes the graph.

Of each class: all, and those whose objects are both in the hub. Of each pair of repositories: those
that join their objects; an object belongs to the repository of its preferred copy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    not_,
    select,
    union_all,
)
from sqlalchemy.sql.expression import Executable

from app.datacite.relation_classes import CITATIONS, REFERENCES
from app.store.bulk import Bulk, Values
from app.store.database import Lookup
from app.store.dialects import Dialect
from app.store.links.moves import NUMBER
from app.store.links.queries import Between
from app.store.links.tables import SHOWN, link_sums, links, nodes
from app.store.tables import records

OF_CLASS, OF_PAIR = 1, 2
ALL, RESOLVED = 0, 1
_REFERENCES, _CITATIONS = NUMBER[REFERENCES], NUMBER[CITATIONS]
_L, _N, _S = links.c, nodes.c, link_sums.c
Key = tuple[int, int, int]
Joined = tuple[int, int, int, int, int]
"""Both objects, the class between, and the preferred copy of each; 0 where it is not here."""
Keepers = Mapping[int, int]
"""The preferred copy of each object that is here."""


def _added(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:
    row = kind.insert(link_sums)
    names = [column.name for column in link_sums.columns]
    if source is not None:
        row = row.from_select(names, select(*source.c))
    else:
        row = row.values({name: values[name] for name in names})
    new = {"number": _S.number + row.excluded.number}
    return row.on_conflict_do_update(index_elements=["kind", "one", "other"], set_=new)


ADDED = Bulk({column.name: column for column in link_sums.columns}, _added)
_OWNERS = Lookup(
    lambda kind: select(records.c.id, records.c.repository_id).where(
        kind.among(records.c.id, "ids")
    )
)


def joined(said: Iterable[Between], keepers: Keepers) -> set[Joined]:
    """Return the connections that are stated, each once: what cites stands first."""
    found = set()
    for one in said:
        a, class_, b = one.a, one.class_, one.b
        if class_ == _CITATIONS or (class_ != _REFERENCES and b < a):
            a, b = b, a
        if class_ == _CITATIONS:
            class_ = _REFERENCES
        found.add((a, class_, b, keepers.get(a, 0), keepers.get(b, 0)))
    return found


def add(
    connection: Connection, dialect: Dialect, gone: Collection[Joined], come: Collection[Joined]
) -> None:
    """Add the connections that came to the sums, and take off those that went."""
    changed = [(one, -1) for one in gone if one not in come]
    changed += [(one, 1) for one in come if one not in gone]
    if not changed:
        return
    ids = sorted({number for one, _ in changed if one[3] and one[4] for number in one[3:]})
    owners: dict[int, int] = {}
    if ids:
        found = _OWNERS.run(connection, dialect, dialect.many_values(ids))
        owners = {row[0]: row[1] for row in found}
    sums: Counter[Key] = Counter()
    for (_, class_, _, first, second), sign in changed:
        sums[OF_CLASS, class_, ALL] += sign
        if first and second:
            sums[OF_CLASS, class_, RESOLVED] += sign
            low, high = sorted((owners[first], owners[second]))
            if low != high:
                sums[OF_PAIR, low, high] += sign
    ADDED.run(connection, dialect, [(*key, n) for key, n in sorted(sums.items()) if n])


# ── all of them anew ─────────────────────────────────────────────────────────────────────────


def counted(connection: Connection) -> dict[Key, int]:
    """Count all sums anew."""
    keys = keyed().subquery()
    query = select(keys.c.c, func.count(), func.sum(keys.c.here)).group_by(keys.c.c)
    found: dict[Key, int] = {}
    for class_, number, here in connection.execute(query):
        found |= {(OF_CLASS, class_, ALL): number, (OF_CLASS, class_, RESOLVED): int(here)}
    for low, high, number in connection.execute(_by_pair(keys)):
        found[OF_PAIR, low, high] = number
    return {key: number for key, number in found.items() if number}


def recount(connection: Connection) -> None:
    """Write all sums anew."""
    found = counted(connection)
    connection.execute(delete(link_sums))
    names = ("kind", "one", "other")
    rows = [{**dict(zip(names, key, strict=True)), "number": n} for key, n in found.items()]
    if rows:
        connection.execute(insert(link_sums), rows)


def differences(connection: Connection) -> Iterator[str]:
    """Yield in words which sums are not as they would be counted anew."""
    there = {(kind, one, other): n for kind, one, other, n in connection.execute(select(link_sums))}
    wanted = counted(connection)
    for key in sorted(there.keys() | wanted.keys()):
        if there.get(key, 0) != wanted.get(key, 0):
            yield f"the sum {key} is {there.get(key, 0)}, counted anew it is {wanted.get(key, 0)}"


_MINE, _OTHER = _N.node, _L.other
_TURN = (_L.class_ == _CITATIONS) | ((_L.class_ != _REFERENCES) & (_OTHER < _MINE))
"""What the link leads to stands first."""
_CLASS = case((_L.class_ == _CITATIONS, _REFERENCES), else_=_L.class_)
THERE = nodes.alias("there")
_HERE = case((THERE.c.record_id.is_not(None), 1), else_=0)
_STATED = links.join(nodes, _N.record_id == _L.record_id).outerjoin(
    THERE, and_(THERE.c.node == _OTHER, THERE.c.preferred, THERE.c.state == SHOWN)
)


def keyed() -> Select[Any]:
    """Return the query for both objects and the class of each connection, and if it is resolved."""
    first, second = case((_TURN, _OTHER), else_=_MINE), case((_TURN, _MINE), else_=_OTHER)
    keys = (first.label("a"), _CLASS.label("c"), second.label("b"))
    query = select(*keys, func.max(_HERE).label("here")).select_from(_STATED)
    return query.where(_N.state == SHOWN, _MINE != _OTHER).group_by("a", "c", "b")


def keyed_between(first: int, last: int | None) -> Select[Any]:
    """Return the same for those whose first object has a number in between; both included."""
    sides = []
    for turn, a, b in ((not_(_TURN), _MINE, _OTHER), (_TURN, _OTHER, _MINE)):
        query = select(a.label("a"), _CLASS.label("c"), b.label("b"), _HERE.label("here"))
        query = query.select_from(_STATED).where(_N.state == SHOWN, a != b, turn, a >= first)
        sides.append(query if last is None else query.where(a <= last))
    both = union_all(*sides).subquery()
    keys = both.c.a, both.c.c, both.c.b
    return select(*keys, func.max(both.c.here).label("here")).group_by(*keys)


def bound(connection: Connection, first: int, objects: int) -> int | None:
    """Return how far some objects from a number on reach; None to the end."""
    queries = (
        select(column).where(column >= first).order_by(column).limit(objects)
        for column in (_MINE, _OTHER)
    )
    found = [connection.execute(query).scalars().all() for query in queries]
    return min((some[-1] for some in found if len(some) == objects), default=None)


def _by_pair(keys: Any) -> Select[Any]:
    source, owners = keys, []
    for name in ("a", "b"):
        end, record = nodes.alias(), records.alias()
        shown = and_(end.c.node == keys.c[name], end.c.preferred, end.c.state == SHOWN)
        source = source.join(end, shown).join(record, record.c.id == end.c.record_id)
        owners.append(record.c.repository_id)
    low, high = lower(*owners)
    query = select(low.label("low"), high.label("high"), func.count()).select_from(source)
    return query.where(owners[0] != owners[1]).group_by("low", "high")


def lower(one: ColumnElement[int], other: ColumnElement[int]) -> tuple[Any, Any]:
    """Return the lower and the higher of two numbers."""
    return case((one < other, one), else_=other), case((one < other, other), else_=one)
