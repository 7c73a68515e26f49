"""The rows of the graph, written: by difference, in statements that are made once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import FromClause, Select, select, update
from sqlalchemy.sql.expression import Executable

from app.datacite.relation_classes import CITATIONS, CLASSES, REFERENCES
from app.query.terms import LINKED
from app.store.bulk import Bulk, Values, deleted, inserted, updated
from app.store.database import Lookup
from app.store.dialects import Dialect
from app.store.links.moves import NUMBER, Move, own
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
ADDED = Bulk({column.name: column for column in link_counts.columns}, _added)
TURNED = updated(search, ("preferred", "citations", "linked"))
COUNTED_ANEW = updated(search, ("citations", "linked"))
SearchFace = tuple[bool, int, int]
"""What a row of searches shows: whether it is preferred, citations, bits of `linked`."""


def _faces_query(kind: type[Dialect]) -> Select[Any]:
    return faces().where(kind.among(nodes.c.node, "ids"))


def faces() -> Select[Any]:
    """Return the query for what rows of searches show of links and copies, and what they should.

    Of each record: its number; preferred, citations and linked as they are shown; whether it is
    preferred; the counts of its object, which are null where it has none.
    """
    shown = search.c.record_id, search.c.preferred, search.c.citations, search.c.linked
    found = nodes.join(search, search.c.record_id == nodes.c.record_id)
    found = found.outerjoin(link_counts, link_counts.c.node == nodes.c.node)
    counts = [link_counts.c[name] for name in COUNTED]
    return select(*shown, nodes.c.preferred.label("copy"), *counts).select_from(found)


FACES = Lookup(_faces_query)


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
        if one.old:
            old, new = set(one.old), set(one.new)
            ended += old - new
            begun += new - old
        else:
            begun += one.new
        if one.after is None:
            erased.append((number,))
    FORGOTTEN.run(connection, dialect, erased)
    NODES.run(connection, dialect, list(changed))
    UNCALLED.run(connection, dialect, gone)
    CALLED.run(connection, dialect, come)
    UNLINKED.run(connection, dialect, [link[:2] for link in ended])
    LINKS.run(connection, dialect, list(begun))
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


def face_search(graph: Graph, objects: Collection[int]) -> None:
    """Tell the rows of the search what they are to show of the links of these objects.

    A row that shows it already is left alone. `preferred` is written only where it differs: all
    orders of the search have it in their index, so that a row costs 25 µs with it and 5 without.
    """
    if not objects:
        return
    dialect = graph.dialect
    turned, counted = [], []
    for row in FACES.run(graph.connection, dialect, dialect.many_values(sorted(objects))):
        there, face = face_of(row)
        if there[0] != face[0]:
            turned.append((*face, row[0]))
        elif there != face:
            counted.append((*face[1:], row[0]))
    TURNED.run(graph.connection, dialect, turned)
    COUNTED_ANEW.run(graph.connection, dialect, counted)


def face_of(row: Sequence[Any]) -> tuple[SearchFace, SearchFace]:
    """Return what a row of searches shows, and what it should, by a row of `faces`."""
    _, preferred, citations, bits, copy, *counts = row
    should = (0, 0) if counts[0] is None else (counts[CITED], linked(counts))
    return (bool(preferred), citations, bits), (bool(copy), *should)


def linked(counts: list[int]) -> int:
    """Return the bits of the classes of which something is here, in the order of `LINKED`."""
    there = {name: counts[2 * NUMBER[name] + 1] for name in CLASSES}
    there |= {"article": counts[_ARTICLES], "data": counts[_DATA]}
    return sum(1 << place for place, name in enumerate(LINKED) if there[name])
