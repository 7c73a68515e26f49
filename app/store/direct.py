"""Single statements that read, run by the driver itself, without a transaction around them.

One statement sees one snapshot anyway. SQLAlchemy compiles it once; what it does beside the driver
for each call would cost more than the statement. Rows are plain tuples, as the driver gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Engine, Select, TextClause
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from app.store.dialects import Dialect

Rows: TypeAlias = Sequence[Sequence[Any]]
"""The rows of a result; each is a tuple."""


class Statement:
    """A query that is compiled once for each kind of database.

    Only for columns and parameters that drivers read right by themselves: texts, numbers, bytes.
    """

    def __init__(self, make: Callable[[], Select[Any] | TextClause]) -> None:
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
