"""The preferred copies of objects, chosen while the graph changes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from app import clock
from app.store.database import AnyRow
from app.store.links.preference import Copy, choose, owns
from app.store.links.queries import Graph, Node
from app.store.links.tables import HIDDEN, SHOWN
from app.store.tables import records, repositories

_R, _P = records.c, repositories.c


def preferred(graph: Graph, rows: Mapping[int, Node]) -> dict[int, Node]:
    """Return rows of objects, all of each, with the choice of the preferred copy made."""
    found: dict[int, Node] = {}
    several: dict[int, list[Node]] = {}
    by_node: dict[int, list[Node]] = {}
    for number, row in rows.items():
        if row.state == HIDDEN:
            found[number] = row._replace(preferred=False, reason="")
        else:
            by_node.setdefault(row.node, []).append(row)
    for node, copies in by_node.items():
        if len(copies) > 1:
            several[node] = copies
        else:
            row = copies[0]
            alone = row.preferred and not row.reason
            found[row.record_id] = row if alone else row._replace(preferred=True, reason="")
    if several:
        _choose(graph.connection, graph, several, found)
    return found


def _choose(
    connection: Connection, graph: Graph, several: Mapping[int, list[Node]], found: dict[int, Node]
) -> None:
    facts = _facts(connection, graph, [row.record_id for rows in several.values() for row in rows])
    for rows in several.values():
        first, reason = choose([_copy(row, facts[row.record_id]) for row in rows])
        for row in rows:
            mine = row.record_id == first
            told = reason if mine else ""
            found[row.record_id] = row._replace(preferred=mine, reason=told)


def _facts(connection: Connection, graph: Graph, ids: list[int]) -> dict[int, AnyRow]:
    query = select(
        _R.id, _R.doi, _R.first_harvested_at, _P.rank, _P.doi_prefixes
    ).join(repositories, _P.id == _R.repository_id)  # fmt: skip
    wanted = query.where(graph.dialect.among(_R.id, "ids"))
    rows = connection.execute(wanted, {"ids": graph.dialect.many_values(sorted(ids))})
    return {row.id: row for row in rows}


def _copy(row: Node, facts: AnyRow) -> Copy:
    came = facts.first_harvested_at
    return Copy(
        row.record_id,
        live=row.state == SHOWN,
        rank=facts.rank,
        owner=owns(facts.doi_prefixes, facts.doi),
        came=clock.seconds(came) if came else 0,
    )
