"""The rows of the graph, written: by difference, in statements that are made once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import FromClause, Select, select, update
from sqlalchemy.sql.expression import Executable

from app.datacite.relation_classes import CITATIONS, CLASSES, REFERENCES
from app.query.terms import LINKED
from app.store.bulk import Bulk, Values, deleted, inserted, updated
from app.store.database import Lookup
from app.store.dialects import Dialect
from app.store.links.moves import NUMBER, Move, own, unpacked
from app.store.links.queries import Graph, Link, Node
from app.store.links.tables import COUNTED, identifiers, link_counts, links, nodes
from app.store.search.tables import search

_ARTICLES, _DATA, _DATASETS = (COUNTED.index(name) for name in ("articles", "data", "datasets"))
_WORKS = (NUMBER[REFERENCES], NUMBER[CITATIONS])
CITED = COUNTED.index(f"{CITATIONS}_resolved")
_KEY = ("record_id", "position")


def _other(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:  # noqa: ARG001
    row = update(links).values(other=values["other"])
    return row.where(*(links.c[name] == values[name] for name in _KEY))


def _added(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:
    row = kind.insert(link_counts)
    names = [column.name for column in link_counts.columns]
    if source is not None:
        row = row.from_select(names, select(*source.c))
    else:
        row = row.values({name: values[name] for name in names})
    new = {name: link_counts.c[name] + row.excluded[name] for name in COUNTED}
    new["changed_at"] = row.excluded.changed_at
    return row.on_conflict_do_update(index_elements=["node"], set_=new)


NODES = inserted(nodes, Node._fields, "record_id")
FORGOTTEN = deleted(nodes, ("record_id",))
CALLED = inserted(identifiers, ("node", "kind", "record_id"))
UNCALLED = deleted(identifiers, ("node", "kind", "record_id"))
LINKS = inserted(links, Link._fields)
UNLINKED = deleted(links, _KEY)
OTHER = Bulk({name: links.c[name] for name in ("other", *_KEY)}, _other)
_COUNTS = tuple(link_counts.columns)
ADDED = Bulk({column.name: column for column in _COUNTS}, _added)
FACED = updated(search, ("preferred", "citations", "linked"))


def _counts_query(kind: type[Dialect]) -> Select[Any]:
    return select(*_COUNTS).where(kind.among(link_counts.c.node, "ids"))


COUNTS = Lookup(_counts_query)


def insert_rows(graph: Graph, rows: list[Node]) -> None:
    """Write records that are new and have no links."""
    called = [
        (node, kind, row.record_id) for row in rows if row.own for kind, node in unpacked(row.own)
    ]
    NODES.run(graph.connection, graph.dialect, list(rows))
    CALLED.run(graph.connection, graph.dialect, called)


def write_rows(
    graph: Graph, moves: Iterable[Move], changed: list[Node], recalled: Iterable[Link]
) -> None:
    """Write what records are and say, and what the links of others lead to."""
    connection, dialect = graph.connection, graph.dialect
    erased, gone, come = [], [], []
    ended: list[Link] = []
    begun: list[Link] = []
    for one in moves:
        number, before, after = one.record_id, own(one.before), own(one.after)
        gone += [(node, kind, number) for kind, node in before - after]
        come += [(node, kind, number) for kind, node in after - before]
        old, new = set(one.old), set(one.new)
        ended += old - new
        begun += new - old
        if one.after is None:
            erased.append((number,))
    FORGOTTEN.run(connection, dialect, erased)
    NODES.run(connection, dialect, list(map(tuple, changed)))
    UNCALLED.run(connection, dialect, gone)
    CALLED.run(connection, dialect, come)
    UNLINKED.run(connection, dialect, [link[:2] for link in ended])
    LINKS.run(connection, dialect, list(map(tuple, begun)))
    OTHER.run(connection, dialect, [(link.other, *link[:2]) for link in recalled])


Seen = tuple[int, int, int, int]
"""Object, class, the other, and what that is: 0 not here, 1 literature, 2 data.

AS_WORK: it is data, and the object a work to be read.
"""
AS_WORK = 3


def add_counts(graph: Graph, now: int, gone: set[Seen], come: set[Seen]) -> set[int]:
    """Add to the counts of objects what came to them, and take off what went.

    Return those that are linked with other things here than before.
    """
    sums: dict[int, list[int]] = {}
    for seen, sign in ((gone - come, -1), (come - gone, 1)):
        for node, number, _, face in seen:
            counts = sums.get(node)
            if counts is None:
                counts = sums[node] = [0] * len(COUNTED)
            add_face(counts, number, face, sign)
    rows = [(node, *counts, now) for node, counts in sorted(sums.items())]
    ADDED.run(graph.connection, graph.dialect, rows)
    return {node for node, counts in sums.items() if any(counts[1::2]) or counts[_ARTICLES]}


def add_face(counts: list[int], number: int, face: int, sign: int) -> None:
    """Count connections of a class with what is not here, literature or something else."""
    if face == AS_WORK:
        counts[_DATASETS] += sign if number in _WORKS else 0
        return
    counts[2 * number] += sign
    if face:
        counts[2 * number + 1] += sign
        if number in _WORKS:
            counts[_ARTICLES if face == 1 else _DATA] += sign


def face_search(graph: Graph, touched: set[int], begun: Collection[int] = ()) -> None:
    """Tell the rows of the search what they are to show of the links of these objects.

    begun: objects that have a new record, which may have been linked with before it came.
    """
    asked = touched.union(begun)
    if not asked:
        return
    dialect = graph.dialect
    found = COUNTS.run(graph.connection, dialect, dialect.many_values(sorted(asked)))
    counts = {node: rest for node, *rest in found}
    rows = []
    for row in graph.of_nodes(touched | counts.keys()):
        mine = counts.get(row.node)
        bits, cited = (linked(mine), mine[CITED]) if mine else (0, 0)
        rows.append((bool(row.preferred), cited, bits, row.record_id))
    FACED.run(graph.connection, dialect, rows)


def linked(counts: list[int]) -> int:
    """Return the bits of the classes of which something is here, in the order of `LINKED`."""
    there = {name: counts[2 * NUMBER[name] + 1] for name in CLASSES}
    there |= {"article": counts[_ARTICLES], "data": counts[_DATA]}
    return sum(1 << place for place, name in enumerate(LINKED) if there[name])
