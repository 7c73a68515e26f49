"""Statements for many rows, made once a database; rows are tuples in a fixed order of columns.

Where the database takes a table as a parameter, all rows go out in one statement, column by column;
else the driver runs the statement row by row. Values go to the driver as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Table,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.sql.expression import Executable

from app.store import direct
from app.store.dialects import Dialect

Values = Mapping[str, ColumnElement[Any]]
Make = Callable[[type[Dialect], Values, FromClause | None], Executable]
KEY = "key"


class Bulk:
    """One statement, for any number of rows."""

    def __init__(self, columns: Mapping[str, Column[Any]], make: Make) -> None:
        """columns: in the order of the rows, the name of each value and the column it is for."""
        self._columns = columns
        self._make = make
        self._made: dict[type[Dialect], tuple[str, bool]] = {}

    def run(self, connection: Connection, dialect: Dialect, rows: list[tuple[Any, ...]]) -> None:
        """Run the statement for the rows; no rows, no call."""
        if not rows:
            return
        kind = type(dialect)
        sql, by_column = self._made.get(kind) or self._compile(connection, kind)
        if by_column:
            direct.run(connection, sql, tuple(map(list, zip(*rows, strict=True))))
        else:
            direct.run_many(connection, sql, rows)

    def _compile(self, connection: Connection, kind: type[Dialect]) -> tuple[str, bool]:
        types = {name: column.type for name, column in self._columns.items()}
        source = kind.table_parameter(types)
        binds: Values = {name: bindparam(name) for name in types}
        values = binds if source is None else {name: source.c[name] for name in types}
        statement = self._make(kind, values, source)
        compiled: Any = statement.compile(dialect=connection.dialect)  # type: ignore[attr-defined]
        order = tuple(compiled.positiontup)
        if order != tuple(types):
            raise AssertionError(f"rows are in the order {tuple(types)}, wanted is {order}")
        sql = kind.in_binary(str(compiled))
        return self._made.setdefault(kind, (sql, source is not None))


def inserted(table: Table, columns: Sequence[str], key: str = "") -> Bulk:
    """Insert rows; with a key column they take the place of rows that are there."""

    def make(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:
        row = kind.insert(table)
        if source is not None:
            row = row.from_select(list(columns), select(*source.c))
        else:
            row = row.values({name: values[f"new_{name}"] for name in columns})
        others = {name: row.excluded[name] for name in columns if name != key}
        return row.on_conflict_do_update(index_elements=[key], set_=others) if key else row

    return Bulk({f"new_{name}": table.c[name] for name in columns}, make)


def updated(table: Table, columns: Sequence[str], *kept: str) -> Bulk:
    """Update rows by their primary key, which comes last; a null leaves a column of `kept`."""
    number = table.primary_key.columns[0]

    def make(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:  # noqa: ARG001
        new = {name: values[f"new_{name}"] for name in columns}
        for name in kept:
            new[name] = func.coalesce(new[name], table.c[name])
        return update(table).values(new).where(number == values[KEY])

    return Bulk({f"new_{name}": table.c[name] for name in columns} | {KEY: number}, make)


def deleted(table: Table, columns: Sequence[str]) -> Bulk:
    """Delete the rows that have these values."""

    def make(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:  # noqa: ARG001
        return delete(table).where(*(table.c[name] == values[f"old_{name}"] for name in columns))

    return Bulk({f"old_{name}": table.c[name] for name in columns}, make)
