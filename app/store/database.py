"""Connections: a transaction that reads, a transaction that writes, and nothing else.

Every failure of the database leaves here as a StoreError whose sentence names the cure.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, Row, Select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.expression import Executable

from app import clock
from app.errors import StoreError
from app.store import deadline, direct
from app.store.dialects import Dialect, dialect_of
from app.store.direct import Direct, Rows, Statement
from app.store.replica import Replica, require_one

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of a result, of whatever columns."""


class Database:
    """One database with its two engines; safe to share between threads, and over a fork."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.dialect: Dialect = dialect_of(url)
        self._write: Engine = self.dialect.write_engine()
        self._read: Engine = self.dialect.read_engine()
        self._single: Engine = self.dialect.direct_engine(self._read)
        self._direct = Direct(self._single, self.dialect)
        self._replica: Replica | None = None
        _forget_after_fork(self._write, self._read, self._single)

    def follow(self, read_url: str, longest_lag: float) -> None:
        """Read from a replica from now on, as long as it lags no more than so many seconds.

        Raises ConfigurationError for an address that cannot be one.
        """
        require_one(read_url)
        dialect = dialect_of(read_url)
        engine = dialect.read_engine()
        single = dialect.direct_engine(engine)
        _forget_after_fork(engine, single)
        self._replica = Replica(self._read, engine, Direct(single, dialect), longest_lag)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may write; it is committed at the end, or rolled back."""
        left = deadline.left()
        with self.translated(), self._write.begin() as connection:
            if left is not None:
                self.dialect.limit(connection, left)
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads, over one snapshot; of the replica, if it may be."""
        left = deadline.left()
        with self.translated(), self._reader() as connection:
            if left is not None:
                self.dialect.limit(connection, left)
            yield connection

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> Rows:
        """Return the rows of a single statement that reads: over one snapshot, as `read` does.

        Who listens to the statements of readers hears these too, since they are run so then.
        """
        left = deadline.left()
        ample = left is None or left >= self.dialect.direct_seconds
        if ample and not self._read.dispatch.before_cursor_execute:
            with self.translated():
                if self._replica is not None and self._replica.usable():
                    return self._replica.direct.rows(statement, values)
                return self._direct.rows(statement, values)
        with self.read() as connection:
            return statement.within(connection, values)

    def now(self) -> datetime:
        """Return the moment up to which readers see everything, by the clock of the stamps.

        Where a replica is read, that is the moment up to which it has replayed.
        """
        if self._replica is not None:
            with self.translated():
                seen = self._replica.now()
            if seen is not None:
                return seen
        found = self.primary_now()
        self.bind(found.timestamp())
        return found

    def primary_now(self) -> datetime:
        """Return the moment by the clock that stamps come from, whatever readers see."""
        if self.dialect.clock is None:
            return clock.now()
        with self.translated():
            ((seconds,),) = self._direct.rows(self.dialect.clock, {})
        return datetime.fromtimestamp(seconds, UTC)

    def bind(self, moment: float) -> None:
        """Let readers see everything up to a moment that was told, maybe by another process."""
        if self._replica is not None:
            self._replica.bind(moment)

    def _reader(self) -> AbstractContextManager[Connection]:
        if self._replica is not None and self._replica.usable():
            try:
                return _transaction(self._replica.engine.connect())
            except SQLAlchemyError as error:
                self._replica.away(error)
        return self._read.begin()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn errors of the database into StoreError."""
        try:
            yield
        except SQLAlchemyError as error:
            sentence, cause = self.dialect.told(error)
            raise StoreError(sentence, cause=cause) from error

    def dispose(self) -> None:
        """Close all connections."""
        self._write.dispose()
        self._read.dispose()
        self._single.dispose()
        if self._replica is not None:
            self._replica.dispose()


class Many:
    """A statement that is compiled once and run for many rows.

    Rows are tuples in the order of `columns`; their values go to the driver as they are.
    """

    def __init__(self, statement: Executable, columns: Sequence[str]) -> None:
        self.statement = statement
        self.columns = tuple(columns)
        self._sql: dict[str, str] = {}

    def run(self, connection: Connection, rows: list[tuple[Any, ...]]) -> int:
        """Run the statement for each row; return how many rows it changed. No rows, no call."""
        if not rows:
            return 0
        sql = self._sql.get(connection.dialect.name) or self._compile(connection)
        return direct.run_many(connection, sql, rows)

    def returned(self, connection: Connection, row: tuple[Any, ...]) -> Rows:
        """Run the statement for one row; return the rows that it returns."""
        sql = self._sql.get(connection.dialect.name) or self._compile(connection)
        return direct.rows_of(connection, sql, row)

    def _compile(self, connection: Connection) -> str:
        compiled: Any = self.statement.compile(  # type: ignore[attr-defined]
            dialect=connection.dialect, column_keys=[*self.columns]
        )
        order = tuple(compiled.positiontup)
        if order != self.columns:
            raise AssertionError(f"rows are in the order {self.columns}, wanted is {order}")
        return self._sql.setdefault(connection.dialect.name, str(compiled))


class Lookup:
    """A query with one parameter that is compiled once; its values come as the driver gives them.

    Only for columns that the driver reads right by itself: texts, numbers, bytes.
    """

    def __init__(self, make: Callable[[type[Dialect]], Select[Any]]) -> None:
        self._make = make
        self._sql: dict[type[Dialect], str] = {}

    def run(self, connection: Connection, dialect: Dialect, value: object) -> Rows:
        """Return the rows for a value of the parameter."""
        kind = type(dialect)
        sql = self._sql.get(kind)
        if sql is None:
            compiled: Any = self._make(kind).compile(dialect=connection.dialect)
            if len(compiled.positiontup) != 1:
                raise AssertionError(f"wanted is one parameter, not {compiled.positiontup}")
            sql = self._sql.setdefault(kind, str(compiled))
        return direct.rows_of(connection, sql, (value,))


@contextmanager
def _transaction(connection: Connection) -> Iterator[Connection]:
    with connection, connection.begin():
        yield connection


def _forget_after_fork(*engines: Engine) -> None:
    for engine in engines:
        reference = weakref.ref(engine)

        def forget(reference: weakref.ref[Engine] = reference) -> None:
            engine = reference()
            if engine is not None:
                engine.dispose(close=False)

        os.register_at_fork(after_in_child=forget)
