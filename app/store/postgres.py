"""What is PostgreSQL's own: the one dialect beside SQLite's, see `app.store.dialects`."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Select,
    Table,
    any_,
    bindparam,
    column,
    create_engine,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeEngine

from app.errors import ConfigurationError
from app.store import sentences
from app.store.direct import Statement
from app.store.turns import SessionTurns, Turns

_CLOCK = text("SELECT extract(epoch FROM clock_timestamp())")
_SECONDS = text("SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)")
_ADVISORY = text("SELECT pg_advisory_xact_lock(:key)")
_DRAW = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :number)")
_SIZE = text(
    "SELECT coalesce(sum(pg_table_size(c.oid)), 0) FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind = 'r' AND n.nspname = ANY (current_schemas(false))"
)
_COUNTED = text("SELECT pg_get_serial_sequence(:name, :column)")


class Postgres:
    """PostgreSQL by psycopg 3."""

    clock: Statement | None = Statement(lambda: _SECONDS)
    carried = True

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

    direct_seconds = 25.0
    """Less than a request may take: what is asked later in it goes by a transaction's limit."""

    def direct_engine(self, reading: Engine) -> Engine:  # noqa: ARG002
        """Connections of their own: not asked whether they live, no BEGIN, no limit set anew."""
        limit = round(self.direct_seconds * 1000)
        options = f"-c jit=off -c default_transaction_read_only=on -c statement_timeout={limit}"
        more = {"pool_size": 8, "pool_pre_ping": False, "isolation_level": "AUTOCOMMIT"}
        return self._engine(options, **more)

    @staticmethod
    def fetch(connection: Any, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Rows in binary form are read almost three times as fast; psycopg prepares by itself."""
        with connection.cursor(binary=True) as cursor:
            rows: list[tuple[Any, ...]] = cursor.execute(sql, values).fetchall()
            return rows

    def _engine(self, options: str, **more: Any) -> Engine:
        arguments = {"options": options, "connect_timeout": 10}
        settings = {"paramstyle": "format", "pool_pre_ping": True, "max_overflow": 56}
        return create_engine(self.url, connect_args=arguments, **(settings | more))

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

    def by_index(self, connection: Connection) -> None:
        """It takes a look at each row for cheap, not knowing what unpacking its words costs.

        And it guesses that any word is in many rows, and starts helpers that take longer than all;
        a plan for whatever is asked goes through all rows, so each question gets a plan of its own.
        """
        connection.exec_driver_sql(
            "SELECT set_config('enable_seqscan', 'off', true), "
            "set_config('max_parallel_workers_per_gather', '0', true), "
            "set_config('plan_cache_mode', 'force_custom_plan', true)"
        )

    def allocate(self, connection: Connection, table: Table, number: int) -> Sequence[int]:
        """Draw from the sequence of the table."""
        rows = connection.execute(_DRAW, {"name": table.name, "number": number})
        return sorted(rows.scalars())

    @staticmethod
    def insert(table: Table) -> postgresql.Insert:
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

    def size(self, connection: Connection) -> int:
        """What the tables take on the server, without their indexes."""
        return int(connection.execute(_SIZE).scalar_one())

    def load(
        self, connection: Connection, table: str, columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
    ) -> None:  # fmt: skip
        """By COPY."""
        names = ", ".join(f'"{name}"' for name in columns)
        driver: Any = connection.connection.driver_connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def count_on(self, connection: Connection, table: Table) -> None:
        """Set the sequence that numbers the rows."""
        for key in table.primary_key.columns:
            values = {"name": table.name, "column": key.name}
            sequence = connection.execute(_COUNTED, values).scalar()
            highest = connection.execute(select(func.max(key))).scalar() if sequence else None
            if highest:
                connection.execute(select(func.setval(sequence, highest)))

    def faults(self, connection: Connection) -> list[str]:  # noqa: ARG002
        """Nothing to ask: a server looks after its own files (data checksums, pg_amcheck)."""
        return []
