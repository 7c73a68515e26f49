"""Numbers of records as the database gives them: as one text, which is read at C speed."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, literal, select

from app.query import Node
from app.store.dialects import Dialect, Sqlite
from app.store.search.conditions import Conditions
from app.store.search.tables import search_index, search_texts


def all_of(connection: Connection, query: Select[Any], dialect: Dialect) -> list[int]:
    """Return all numbers of a query of one column."""
    some = query.subquery()
    text = connection.execute(select(_as_text(some.c[0], dialect))).scalar()
    return msgspec.json.decode(text, type=list[int]) if text else []


def of_index(connection: Connection, dialect: Dialect, node: Node) -> list[int]:
    """Return the records of a part of a query that the index of words answers."""
    conditions = Conditions(dialect)
    number = search_index.c.rowid if isinstance(dialect, Sqlite) else search_texts.c.record_id
    dialect.by_index(connection)
    query = select(number).where(conditions.matches(node)).params(conditions.given)
    return all_of(connection, query, dialect)


def _as_text(column: ColumnElement[int], dialect: Dialect) -> ColumnElement[Any]:
    if isinstance(dialect, Sqlite):
        return func.json_group_array(column)
    return literal("[") + func.string_agg(cast(column, Text), literal(",")) + literal("]")
