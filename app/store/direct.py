"""Statements run by the driver itself: single ones that read, and those of a transaction.

SQLAlchemy compiles each once; what it does beside the driver for each call, 12 µs where rows are
written and 30 where they are read, would often cost more than the statement. Rows are plain tuples,
as the driver gives them. A single statement needs no transaction: it sees one snapshot anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ClauseElement, Connection, Engine
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from app.store.dialects import Dialect

Rows: TypeAlias = Sequence[tuple[Any, ...]]
"""The rows of a result."""
_NOTHING: Mapping[str, Any] = {}


class Statement:
    """A query that is compiled once for each kind of database.

    Only for columns and parameters that drivers read right by themselves: texts, numbers, bytes.
    """

    def __init__(self, make: Callable[[], ClauseElement]) -> None:
        self._make = make
        self._compiled: dict[str, tuple[str, tuple[str, ...], Mapping[str, Any]]] = {}

    def sql(self, engine: Engine, values: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """Return the text for the driver, and the parameters in its order."""
        found = self._compiled.get(engine.dialect.name)
        if found is None:
            made: Any = self._make().compile(dialect=engine.dialect)
            found = str(made), tuple(made.positiontup), dict(made.params)
            self._compiled[engine.dialect.name] = found
        text, order, fixed = found
        given = {**fixed, **values}
        return text, tuple([given[name] for name in order])

    def within(self, connection: Connection, values: Mapping[str, Any] = _NOTHING) -> Rows:
        """Return all rows, as a transaction sees them. Raises SQLAlchemyError."""
        return rows_of(connection, *self.sql(connection.engine, values))


class Direct:
    """Runs statements on connections of a pool; safe to share between threads."""

    def __init__(self, engine: Engine, dialect: Dialect) -> None:
        self._engine = engine
        self._dialect = dialect

    def dispose(self) -> None:
        """Close its connections."""
        self._engine.dispose()

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> Rows:
        """Return all rows. Raises SQLAlchemyError.

        A connection that turns out to be lost is replaced once, since reading again does no harm.
        """
        sql, parameters = statement.sql(self._engine, values)
        try:
            return self._run(sql, parameters)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self._engine.dispose()
            return self._run(sql, parameters)

    def _run(self, sql: str, parameters: tuple[Any, ...]) -> Rows:
        driver = self._engine.dialect.loaded_dbapi.Error
        try:
            connection = self._engine.raw_connection()
        except driver as error:
            raise DBAPIError(sql, parameters, error) from error
        try:
            return self._dialect.fetch(connection.driver_connection, sql, parameters)
        except driver as error:
            dialect: Any = self._engine.dialect
            lost = dialect.is_disconnect(error, connection.driver_connection, None)
            if lost:
                connection.invalidate(error)
            raise DBAPIError(sql, parameters, error, connection_invalidated=lost) from error
        finally:
            connection.close()


def rows_of(connection: Connection, sql: str, values: tuple[Any, ...] = ()) -> Rows:
    """Run a statement of a transaction and return its rows. Raises SQLAlchemyError."""
    if _heard(connection):
        return list(map(tuple, connection.exec_driver_sql(sql, values)))
    with _cursor(connection, sql) as cursor:
        rows: Rows = cursor.execute(sql, values).fetchall()
        return rows


def run(connection: Connection, sql: str, values: tuple[Any, ...] = ()) -> int:
    """Run a statement of a transaction; return how many rows it changed. Raises SQLAlchemyError."""
    if _heard(connection):
        return connection.exec_driver_sql(sql, values).rowcount
    with _cursor(connection, sql) as cursor:
        return int(cursor.execute(sql, values).rowcount)


def run_many(connection: Connection, sql: str, rows: list[tuple[Any, ...]]) -> int:
    """Run a statement of a transaction for each of some rows, and return how many it changed."""
    if _heard(connection):
        return connection.exec_driver_sql(sql, rows).rowcount
    with _cursor(connection, sql) as cursor:
        cursor.executemany(sql, rows)
        return int(cursor.rowcount)


def _heard(connection: Connection) -> bool:
    """Tell whether somebody listens to statements: who does hears these as well."""
    return bool(connection.engine.dispatch.before_cursor_execute)


@contextmanager
def _cursor(connection: Connection, sql: str) -> Iterator[Any]:
    """Lend a cursor of the driver; its errors become those of SQLAlchemy."""
    dialect: Any = connection.dialect
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except dialect.loaded_dbapi.Error as error:
        lost = dialect.is_disconnect(error, connection.connection.driver_connection, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError(sql, None, error, connection_invalidated=lost) from error
    finally:
        cursor.close()
