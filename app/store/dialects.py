"""What differs between the databases; only here and in `postgres` is it known which one it is.

SQLite: every write begins IMMEDIATE, because a transaction that reads first and writes later loses
the updates of others; readers have an engine of their own that cannot write, and one snapshot a
method. PostgreSQL: writes read what is committed, readers get one snapshot a method.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
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
    bindparam,
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
from app.store import deadline, direct, sentences
from app.store.direct import Statement
from app.store.postgres import Postgres
from app.store.turns import FileTurns, Turns

BUSY_SECONDS = 30
PAGE_SIZE = 16384
MOST_FAULTS = 20
"""Faults of its own file that SQLite is asked to name."""
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
    carried: bool
    """Work is brought to the workers by procrastinate, see `app.store.carrier`."""

    def write_engine(self) -> Engine:
        """Return an engine for transactions that may write."""

    def read_engine(self) -> Engine:
        """Return an engine that cannot write and sees one snapshot a transaction."""

    clock: Statement | None
    """Reads the seconds of the server's clock; None where it is this machine's."""
    direct_seconds: float
    """How long a statement on `direct_engine` may take at most; 0: it heeds the deadline."""

    def direct_engine(self, reading: Engine) -> Engine:
        """Return an engine for single statements that read, without a transaction."""

    @staticmethod
    def fetch(connection: Any, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Run a statement on a connection of the driver and return its rows."""

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

    def by_index(self, connection: Connection) -> None:
        """Let statements of the transaction go by indexes wherever they can."""

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

    def size(self, connection: Connection) -> int:
        """Return about how many bytes all rows take."""

    def load(
        self, connection: Connection, table: str, columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
    ) -> None:  # fmt: skip
        """Put many rows into a table, their values as the driver takes them."""

    def count_on(self, connection: Connection, table: Table) -> None:
        """Let the numbers of new rows come after those that were loaded."""

    def faults(self, connection: Connection) -> list[str]:
        """Return what the database itself finds wrong with its own file, in its own words."""


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

    clock: Statement | None = None
    carried = False

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

    direct_seconds = 0.0

    def direct_engine(self, reading: Engine) -> Engine:
        """The connections that read: outside of a transaction each statement is one."""
        return reading

    @staticmethod
    def fetch(connection: Any, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """The driver keeps the statements of a connection prepared."""
        rows: list[tuple[Any, ...]] = connection.execute(sql, values).fetchall()
        return rows

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

    def by_index(self, connection: Connection) -> None:
        """Nothing to do: it goes by the index of words by itself."""

    def allocate(self, connection: Connection, table: Table, number: int) -> Sequence[int]:
        """Count on from the highest; the write lock keeps others out."""
        ((highest,),) = _highest(table).within(connection)
        first = (highest or 0) + 1
        return range(first, first + number)

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

    def size(self, connection: Connection) -> int:
        """The pages of the file that are in use."""
        pages, free, length = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * length

    def load(
        self, connection: Connection, table: str, columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
    ) -> None:  # fmt: skip
        """The driver runs a prepared statement row by row in a microsecond or two."""
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        sql = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - our own names
        given = [tuple(row) for row in rows]
        if given:
            connection.exec_driver_sql(sql, given)

    def count_on(self, connection: Connection, table: Table) -> None:
        """Nothing to do: SQLite counts on from the highest."""

    def faults(self, connection: Connection) -> list[str]:
        """Ask SQLite to look through the whole file."""
        found = connection.exec_driver_sql(f"PRAGMA integrity_check({MOST_FAULTS})").scalars()
        return [str(line) for line in found if line != "ok"]


@cache
def _highest(table: Table) -> Statement:
    return Statement(lambda: select(func.max(table.c.id)))


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
    direct.run(connection, "BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    direct.run(connection, "BEGIN")
