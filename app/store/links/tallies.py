"""How much is connected with each of some records, for lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from app.datacite.relation_classes import CITATIONS, CLASSES, REFERENCES
from app.store.database import Database
from app.store.links.tables import SHOWN, link_counts, nodes
from app.store.links.values import Tally

_N, _C = nodes.c, link_counts.c
_COPY = nodes.alias("copies")
_COPIES = (
    select(func.count())
    .where(_COPY.c.node == _N.node, _COPY.c.state == SHOWN)
    .correlate(nodes)
    .scalar_subquery()
)
_ALL: Any = sum((_C[f"{name}_total"] for name in CLASSES[1:]), _C[f"{CLASSES[0]}_total"])


def tallies(connection: Connection, database: Database, ids: Sequence[int]) -> dict[int, Tally]:
    """Return what is connected with live records, by the number of each."""
    dialect = database.dialect
    query: Select[Any] = select(
        _N.record_id,
        func.coalesce(_C[f"{CITATIONS}_total"], 0),
        func.coalesce(_ALL, 0),
        _COPIES,
        func.coalesce(_C[f"{REFERENCES}_resolved"], 0),
        func.coalesce(_C[f"{CITATIONS}_resolved"], 0),
    ).select_from(nodes.outerjoin(link_counts, _C.node == _N.node))
    query = query.where(dialect.among(_N.record_id, "ids"), _N.state == SHOWN)
    rows = connection.execute(query, {"ids": dialect.many_values(list(ids))})
    return {row[0]: Tally(row[1], row[2], *row[3:]) for row in rows}
