"""Choosing preferred copies again, when an operator has changed what the choice goes by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, exists, select

from app import clock
from app.store.database import AnyRow, Database
from app.store.links import shift as link_shift
from app.store.links.tables import nodes
from app.store.tables import records

PIECE = 1000
"""Records of one transaction."""


def choose_again(database: Database, repository_id: int) -> int:
    """Choose for all objects of which a repository has a copy beside others; return how many.

    Works in pieces of one transaction each, beside harvests.
    """
    number, after = 0, 0
    while True:
        with database.write() as connection:
            found = _copies(connection, repository_id, after)
            if not found:
                return number
            now = clock.seconds(database.dialect.now(connection))
            objects = {row.node for row in found}
            link_shift.change(connection, database.dialect, now, (), objects)
        number, after = number + len(objects), found[-1].record_id


def _copies(connection: Connection, repository_id: int, after: int) -> Sequence[AnyRow]:
    other = nodes.alias()
    several = exists().where(other.c.node == nodes.c.node, other.c.record_id != nodes.c.record_id)
    query = (
        select(nodes.c.record_id, nodes.c.node)
        .join(records, records.c.id == nodes.c.record_id)
        .where(records.c.repository_id == repository_id, nodes.c.record_id > after, several)
    )
    return connection.execute(query.order_by(nodes.c.record_id).limit(PIECE)).all()
