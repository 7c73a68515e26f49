"""The only module that knows which database it is.

SQLite: every write begins IMMEDIATE, because a transaction that reads first and writes later loses
the updates of others; readers have an engine of their own that cannot write, and one snapshot a
method. PostgreSQL: writes read what is committed, readers get one snapshot a method.
"""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Integer,
    Select,
    Table,
    any_,
    bindparam,
    column,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeEngine

from app import clock
from app.errors import ConfigurationError
from app.store import deadline, sentences
from app.store.turns import FileTurns, SessionTurns, Turns

BUSY_SECONDS = 30
PAGE_SIZE = 16384
STEPS = 100_000
"""Steps of SQLite, a millisecond or two, between two looks at the deadline."""
Insert = sqlite.Insert | postgresql.Insert

BIG_ID = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database counts up; on SQLite only INTEGER is the row's own number."""
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}
"""Table options: the rows lie in the order of the primary key."""


def partial(condition: str) -> dict[str, Any]:
    """Return the options of an index that holds only rows of a condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Dialect(Protocol):
    """What differs between the databases."""

    url: URL
    remote_clock: bool
    """The clock is the server's, and needs a connection."""

    def write_engine(self) -> Engine:
        """Return an engine for transactions that may write."""

    def read_engine(self) -> Engine:
        """Return an engine that cannot write and sees one snapshot a transaction."""

    def present(self) -> bool:
        """Tell whether there is a database to open at all, without making one."""

    def turns(self) -> Turns:
        """Return what gives turns that end with their process."""

    def now(self, connection: Connection) -> datetime:
        """Return the moment by the clock that stamps and responseDates share."""

    def lock(self, connection: Connection, key: int) -> None:
        """Take a lock that ends with the transaction; only one transaction has it."""

    def limit(self, connection: Connection, seconds: float) -> None:
        """Let statements of the transaction end, with an error, at the deadline of this thread."""

    def allocate(self, connection: Connection, table: Table, number: int) -> Sequence[int]:
        """Return numbers for new rows of a table that no other row has or had, ascending."""

    @staticmethod
    def insert(table: Table) -> Insert:
        """Return an INSERT that knows `on_conflict_do_update` and `on_conflict_do_nothing`."""

    @staticmethod
    def among(what: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        """Return `what in (parameter name)`; its value is made by `many_values`."""

    @staticmethod
    def many_values(values: Sequence[Any]) -> Any:
        """Return values in the form of the parameter of `among`."""

    @staticmethod
    def holds(what: ColumnElement[str], text: str) -> ColumnElement[bool]:
        """Return that a text stands somewhere in `what`, letter by letter."""

    @staticmethod
    def table_parameter(types: Mapping[str, TypeEngine[Any]]) -> FromClause | None:
        """Return a table that is a parameter, a list a column; None if there is no such thing."""

    @staticmethod
    def in_binary(sql: str) -> str:
        """Return a compiled statement whose parameters travel in binary form."""

    def skip_locked(self, query: Select[Any]) -> Select[Any]:
        """Return the query so that it locks its rows and passes over those others have locked."""

    def told(self, error: SQLAlchemyError) -> tuple[str, str]:
        """Say in a sentence what is wrong, with the cure; and its cause, if it may pass."""


def dialect_of(url: str) -> Dialect:
    """Return the dialect for a database URL; raises ConfigurationError for an unknown one."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(f"database.url `{url}` is no database address.") from error
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return Sqlite(parsed)
    if kind in {"postgresql", "postgres"}:
        return Postgres(parsed)
    raise ConfigurationError(
        f"database.url begins with `{parsed.drivername}`; Garnery keeps its data in "
        "sqlite:///path or postgresql://user@host/name."
    )


class Sqlite:
    """SQLite, one file."""

    remote_clock = False

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise ConfigurationError(
                "An SQLite database must be a file, such as sqlite:///garnery.sqlite3: "
                "several processes share it."
            )
        self.path = Path(url.database).expanduser()
        self.url = url.set(drivername="sqlite", database=str(self.path))

    def write_engine(self) -> Engine:
        """One connection a process: writers queue here rather than at the file's lock."""
        engine = self._engine(pool_size=1, max_overflow=0, pool_timeout=BUSY_SECONDS)
        event.listen(engine, "connect", _for_writing)
        event.listen(engine, "begin", _begin_immediate)
        return engine

    def read_engine(self) -> Engine:
        """Connections that refuse to write; BEGIN gives each method one snapshot."""
        engine = self._engine(pool_size=8, max_overflow=56)
        event.listen(engine, "connect", _for_reading)
        event.listen(engine, "begin", _begin)
        return engine

    def _engine(self, **options: Any) -> Engine:
        arguments = {"isolation_level": None, "timeout": BUSY_SECONDS, "check_same_thread": False}
        return create_engine(self.url, poolclass=QueuePool, connect_args=arguments, **options)

    def present(self) -> bool:
        """Tell whether the file is there."""
        return self.path.is_file() and self.path.stat().st_size > 0

    def turns(self) -> Turns:
        """All processes are on one machine: locks of a file beside the database."""
        return FileTurns(self.path.with_name(f"{self.path.name}-turns"))

    def now(self, connection: Connection) -> datetime:  # noqa: ARG002
        """All processes are on one machine: its clock."""
        return clock.now()

    def lock(self, connection: Connection, key: int) -> None:
        """Nothing to do: BEGIN IMMEDIATE has the one write lock."""

    def limit(self, connection: Connection, seconds: float) -> None:
        """Nothing to do: every connection looks at the deadline while it works."""

    def allocate(self, connection: Connection, table: Table, number: int) -> Sequence[int]:
        """Count on from the highest; the write lock keeps others out."""
        highest = connection.execute(_highest(table)).scalar() or 0
        return range(highest + 1, highest + 1 + number)

    @staticmethod
    def insert(table: Table) -> Insert:
        """Return SQLite's INSERT."""
        return sqlite.insert(table)

    @staticmethod
    def among(what: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        """One parameter, a JSON list: the statement stays the same for any number of values."""
        return what.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))

    @staticmethod
    def many_values(values: Sequence[Any]) -> str:
        """Return the JSON list."""
        return json.dumps(list(values))

    @staticmethod
    def holds(what: ColumnElement[str], text: str) -> ColumnElement[bool]:
        """By instr, which knows no wildcards."""
        return func.instr(what, text) > 0

    @staticmethod
    def table_parameter(types: Mapping[str, TypeEngine[Any]]) -> FromClause | None:  # noqa: ARG004
        """Its driver runs a prepared statement row by row in a microsecond or two."""
        return None

    @staticmethod
    def in_binary(sql: str) -> str:
        """They never leave the process."""
        return sql

    def skip_locked(self, query: Select[Any]) -> Select[Any]:
        """Nothing to do: only one transaction writes."""
        return query

    def told(self, error: SQLAlchemyError) -> tuple[str, str]:
        """Read SQLite's message."""
        said = str(getattr(error, "orig", None) or error)
        return sentences.of_sqlite(said, self.path)


class Postgres:
    """PostgreSQL by psycopg 3."""

    remote_clock = True

    def __init__(self, url: URL) -> None:
        if importlib.util.find_spec("psycopg") is None:
            raise ConfigurationError(
                "PostgreSQL needs the extra `postgres`: pip install 'garnery[postgres]'."
            )
        self.url = url.set(drivername="postgresql+psycopg")

    def write_engine(self) -> Engine:
        """Read committed, as PostgreSQL does by itself."""
        return self._engine("-c jit=off", pool_size=4)

    def read_engine(self) -> Engine:
        """Repeatable read: one snapshot a transaction."""
        options = "-c jit=off -c default_transaction_read_only=on"
        return self._engine(options, pool_size=8, isolation_level="REPEATABLE READ")

    def _engine(self, options: str, **more: Any) -> Engine:
        arguments = {"options": options, "connect_timeout": 10}
        return create_engine(
            self.url,
            paramstyle="format",
            pool_pre_ping=True,
            max_overflow=56,
            connect_args=arguments,
            **more,
        )

    def present(self) -> bool:
        """Only a connection can tell."""
        return True

    def turns(self) -> Turns:
        """A session of its own, outside of any transaction."""
        return SessionTurns(self._engine("-c jit=off", pool_size=1, isolation_level="AUTOCOMMIT"))

    def now(self, connection: Connection) -> datetime:
        """The server's clock, not that of the transaction's beginning."""
        return datetime.fromtimestamp(float(connection.execute(_CLOCK).scalar_one()), UTC)

    def lock(self, connection: Connection, key: int) -> None:
        """An advisory lock that ends with the transaction."""
        connection.execute(_ADVISORY, {"key": key})

    def limit(self, connection: Connection, seconds: float) -> None:
        """The server ends them."""
        milliseconds = max(1, round(seconds * 1000))
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {milliseconds:d}")

    def allocate(self, connection: Connection, table: Table, number: int) -> Sequence[int]:
        """Draw from the sequence of the table."""
        rows = connection.execute(_DRAW, {"name": table.name, "number": number})
        return sorted(rows.scalars())

    @staticmethod
    def insert(table: Table) -> Insert:
        """Return PostgreSQL's INSERT."""
        return postgresql.insert(table)

    @staticmethod
    def among(what: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        """One parameter, an array."""
        kind: TypeEngine[Any] = what.type
        return what == any_(bindparam(name, type_=postgresql.ARRAY(kind)))

    @staticmethod
    def many_values(values: Sequence[Any]) -> list[Any]:
        """Return the array."""
        return list(values)

    @staticmethod
    def holds(what: ColumnElement[str], text: str) -> ColumnElement[bool]:
        """By strpos, which knows no wildcards."""
        return func.strpos(what, text) > 0

    @staticmethod
    def table_parameter(types: Mapping[str, TypeEngine[Any]]) -> FromClause | None:
        """Arrays, unnested side by side."""
        arrays = [bindparam(name, type_=postgresql.ARRAY(kind)) for name, kind in types.items()]
        columns = [column(name, kind) for name, kind in types.items()]
        return func.unnest(*arrays).table_valued(*columns, name="given").render_derived()

    @staticmethod
    def in_binary(sql: str) -> str:
        """Arrays of bytes as text would be twice as long, and cost twice the time."""
        return sql.replace("%s", "%b")

    def skip_locked(self, query: Select[Any]) -> Select[Any]:
        """FOR UPDATE SKIP LOCKED."""
        return query.with_for_update(skip_locked=True)

    def told(self, error: SQLAlchemyError) -> tuple[str, str]:
        """Read the SQLSTATE, or the message where no server answered."""
        origin = getattr(error, "orig", None)
        state = getattr(origin, "sqlstate", None) or ""
        place = self.url.render_as_string(hide_password=True)
        return sentences.of_postgres(state, str(origin or error), place)


@cache
def _highest(table: Table) -> Select[Any]:
    return select(func.max(table.c.id))


_CLOCK = text("SELECT extract(epoch FROM clock_timestamp())")
_ADVISORY = text("SELECT pg_advisory_xact_lock(:key)")
_DRAW = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :number)")


def _for_writing(connection: Any, record: object) -> None:  # noqa: ARG001
    connection.execute(f"PRAGMA page_size={PAGE_SIZE}").close()
    _begin_log(connection)
    for pragma in (
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-16384",
        "journal_size_limit=67108864",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_log(connection: Any) -> None:
    """Turn the write-ahead log on, again and again: SQLite does not wait for others at this."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _for_reading(connection: Any, record: object) -> None:  # noqa: ARG001
    connection.set_progress_handler(deadline.passed, STEPS)
    for pragma in ("query_only=ON", "cache_size=-16384", "mmap_size=268435456"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
