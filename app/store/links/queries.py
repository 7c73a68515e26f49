"""What the graph is asked while it is changed: rows by numbers, each query compiled once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    func,
    literal_column,
    select,
)

from app.store.database import Lookup
from app.store.dialects import Dialect
from app.store.direct import Statement
from app.store.links.tables import ALTERNATE, SHOWN, identifiers, links, nodes

_N, _L, _I = nodes.c, links.c, identifiers.c


class Node(NamedTuple):
    """A row of `nodes`."""

    record_id: int
    node: int
    state: int
    literature: bool
    publisher: int
    preferred: bool
    reason: str
    kind: str
    value: str
    own: bytes
    past: bytes | None


class Link(NamedTuple):
    """A row of `links`; the moment in seconds."""

    record_id: int
    position: int
    relation: str
    kind: str
    value: str
    target: int
    other: int
    class_: int
    turned: int
    target_type: str
    information: str
    first_seen: int


class Between(NamedTuple):
    """One shown statement between two objects: `a` says it of `b`."""

    a: int
    b: int
    class_: int
    turned: int
    record_id: int
    position: int
    target_type: str
    """resourceTypeGeneral of `b`, if `a` says it."""


_NODE = tuple(_N[name] for name in Node._fields)
_LINK = tuple(_L[name] for name in Link._fields)
_ZERO: ColumnElement[int] = literal_column("0")
_SHOWN = _N.state == literal_column(str(SHOWN))

_BY_RECORD = Lookup(lambda kind: select(*_NODE).where(kind.among(_N.record_id, "ids")))
_BY_NODE = Lookup(lambda kind: select(*_NODE).where(kind.among(_N.node, "ids")))
_LINKS = Lookup(lambda kind: select(*_LINK).where(kind.among(_L.record_id, "ids")))
_LEADING = Lookup(lambda kind: _from_shown().where(kind.among(_L.target, "ids")))
_TO = Lookup(lambda kind: _from_shown().where(kind.among(_L.other, "ids")))
_CALLED = Lookup(
    lambda kind: select(_I.node, _I.record_id).where(
        kind.among(_I.node, "ids"), _I.kind == literal_column(str(ALTERNATE))
    )
)


def _from_shown() -> Select[Any]:
    """Return the query for links with the object that states them, 0 for one that is not shown."""
    source = func.coalesce(_N.node, _ZERO).label("source")
    stating = links.outerjoin(nodes, (_N.record_id == _L.record_id) & _SHOWN)
    return select(source, *_LINK).select_from(stating)


@cache
def _pairs(kind: type[Dialect]) -> FromClause | None:
    return kind.table_parameter({"a": BigInteger(), "b": BigInteger()})


@cache
def _between(kind: type[Dialect]) -> Statement:
    """Return the query for what is stated between objects."""
    given = _pairs(kind)
    if given is None:
        each = func.json_each(bindparam("pairs")).table_valued("value")
        first, second = (func.json_extract(each.c.value, f"$[{n}]") for n in (0, 1))
        given = select(first.label("a"), second.label("b")).subquery()
    stating = given.join(nodes, (_N.node == given.c.a) & _SHOWN).join(
        links, (_L.other == given.c.b) & (_L.record_id == _N.record_id)
    )
    query = select(
        given.c.a, given.c.b, _L.class_, _L.turned, _L.record_id, _L.position, _L.target_type
    ).select_from(stating)
    return Statement(lambda: query)


class Graph:
    """The graph as a transaction sees it."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self.connection = connection
        self.dialect = dialect

    def of_records(self, ids: Collection[int]) -> dict[int, Node]:
        """Return the rows of records, by their number."""
        return {row[0]: Node(*row) for row in self._run(_BY_RECORD, ids)}

    def of_nodes(self, ids: Collection[int]) -> list[Node]:
        """Return the rows of all records of objects."""
        return [Node(*row) for row in self._run(_BY_NODE, ids)]

    def stated(self, records: Collection[int]) -> dict[int, list[Link]]:
        """Return the links that records state, in their order."""
        found: dict[int, list[Link]] = {}
        for row in sorted(Link(*row) for row in self._run(_LINKS, records)):
            found.setdefault(row.record_id, []).append(row)
        return found

    def leading(self, targets: Collection[int]) -> list[tuple[int, Link]]:
        """Return the links that state these targets, each with the object that states it."""
        return [(row[0], Link(*row[1:])) for row in self._run(_LEADING, targets)]

    def to(self, others: Collection[int]) -> list[tuple[int, Link]]:
        """Return the links that lead to these objects, each with the object that states it."""
        return [(row[0], Link(*row[1:])) for row in self._run(_TO, others)]

    def called(self, ids: Collection[int]) -> list[tuple[int, int]]:
        """Return who has these as alternate identifiers: identifier and record."""
        return [(row[0], row[1]) for row in self._run(_CALLED, ids)]

    def between(self, pairs: Iterable[tuple[int, int]]) -> list[Between]:
        """Return what is stated between objects, for pairs in the order in which it is stated."""
        wanted = sorted(pairs)
        if not wanted:
            return []
        kind = type(self.dialect)
        if _pairs(kind) is None:
            values: dict[str, Any] = {"pairs": json.dumps(wanted)}
        else:
            first, second = zip(*wanted, strict=True)
            values = {"a": list(first), "b": list(second)}
        return [Between(*row) for row in _between(kind).within(self.connection, values)]

    def _run(self, lookup: Lookup, ids: Collection[int]) -> Iterable[Any]:
        if not ids:
            return ()
        return lookup.run(self.connection, self.dialect, self.dialect.many_values(sorted(ids)))
