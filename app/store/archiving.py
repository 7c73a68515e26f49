"""All rows of a hub, out of one database and into another, whichever two they are.

Out they come in one snapshot, a piece at a time, as plain values; a hub that works on meanwhile is
not disturbed. In they go into a database without a hub, at the step of the schema that they come
from. Until all are in, the database stands at a step that every program refuses, so that what was
broken off is never taken for a hub.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Boolean, Connection, MetaData, Table, inspect, select, text, update

from app import clock
from app.errors import Refused, SchemaTooNew, StoreError
from app.store import schema, stamping, training
from app.store.codec import Codec
from app.store.database import Database
from app.store.harvests import LOST, RUNNING
from app.store.links import filling as link_filling
from app.store.search import filling as search_filling
from app.store.tables import METADATA, harvests, hub, jobs, records, repositories

SECRETS: Mapping[str, tuple[str, ...]] = {"repositories": ("credentials",)}
"""Columns that are emptied unless secrets are asked for."""
SECRET_FACTS = frozenset(("token-secret",))
"""Facts of the hub that are left out unless secrets are asked for."""
DERIVED = frozenset(
    ("search", "search_texts", "facet_values", "facet_stock", "facet_lists", "facet_postings",
     "facet_marks")
)  # fmt: skip
"""Tables that are left out: they differ between the databases, and follow from the others."""
RESTORED = "restored"
"""The fact of the hub that says since when it goes on from a backup."""
PIECE_ROWS = 5000
PIECE_BYTES = 4 * 1024 * 1024
_FETCHED = 200
Value = None | int | str | bytes | bool | float
Row = list[Any]


class Shape(Struct, frozen=True):
    """A table as it is read: its columns, in order."""

    table: str
    columns: tuple[str, ...]
    flags: tuple[int, ...] = ()
    """Places of the columns that are yes or no."""


class Facts(Struct, frozen=True):
    """What is said of a snapshot as a whole."""

    step: str
    taken_at: str
    newest: str
    """The newest datestamp that was given by then; empty for none."""


@contextmanager
def opened(database: Database) -> Iterator[Archive]:
    """Open a snapshot of all rows; it lasts as long as the block."""
    with database.read() as connection:
        yield Archive(database, connection)


class Archive:
    """Reads all rows from one snapshot."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self._database = database
        self._connection = connection

    def facts(self) -> Facts:
        """Say what this is a snapshot of."""
        newest = stamping.newest(self._connection)
        now = self._database.dialect.now(self._connection)
        step = self._connection.execute(text("SELECT version_num FROM alembic_version"))
        return Facts(step.scalar_one(), clock.text(now), clock.text(newest) if newest else "")

    def size(self) -> int:
        """Return about how many bytes all rows take in the database."""
        return self._database.dialect.size(self._connection)

    def shapes(self) -> tuple[Shape, ...]:
        """Return the tables, those first to which others refer."""
        kept = (table for table in METADATA.sorted_tables if table.name not in DERIVED)
        return tuple(map(_shape, kept))

    def with_credentials(self) -> tuple[str, ...]:
        """Return the names of the repositories whose secrets the hub keeps."""
        column = repositories.c.credentials
        query = select(repositories.c.name).where(column != "", column != "{}")
        return tuple(self._connection.execute(query.order_by(repositories.c.name)).scalars())

    def pieces(self, shape: Shape, *, secrets: bool) -> Iterator[list[Row]]:
        """Yield the rows of a table, in the order of its key, some at a time."""
        emptied = () if secrets else SECRETS.get(shape.table, ())
        places = [shape.columns.index(name) for name in emptied]
        piece: list[Row] = []
        size = 0
        for row in self._rows(shape):
            if shape.table == "hub" and row[0] in SECRET_FACTS and not secrets:
                continue
            for place in places:
                row[place] = ""
            piece.append(row)
            size += sum(len(value) for value in row if isinstance(value, bytes | str))
            if len(piece) == PIECE_ROWS or size >= PIECE_BYTES:
                yield piece
                piece, size = [], 0
        if piece:
            yield piece

    def _rows(self, shape: Shape) -> Iterator[Row]:
        table = METADATA.tables[shape.table]
        columns = ", ".join(f'"{name}"' for name in shape.columns)
        order = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
        query = text(f'SELECT {columns} FROM "{shape.table}" ORDER BY {order}')  # noqa: S608
        found = self._connection.execute(query, execution_options={"yield_per": _FETCHED})
        for row in map(list, found):
            for place in shape.flags:
                row[place] = None if row[place] is None else bool(row[place])
            yield row


def _shape(table: Table) -> Shape:
    columns = list(table.columns)
    flags = (n for n, column in enumerate(columns) if isinstance(column.type, Boolean))
    names = tuple(str(column.name) for column in columns)
    return Shape(str(table.name), names, tuple(flags))


def require_empty(database: Database) -> None:
    """Raise Refused unless nothing would be lost by a restore into a database."""
    place = database.dialect.url.render_as_string(hide_password=True)
    if not database.dialect.present():
        return
    with database.read() as connection:
        there = set(inspect(connection).get_table_names()) & METADATA.tables.keys()
        if not there or _step(connection) == schema.RESTORING:
            return
        for table in (repositories, records, harvests, jobs):
            if table.name in there and connection.execute(_FIRST(table)).first():
                raise Refused(
                    f"The database {place} is not empty, and nothing is ever restored over a hub. "
                    "Name a new database with --into, or set database.url to one."
                )


def _require_no_tables(database: Database, connection: Connection) -> None:
    if set(inspect(connection).get_table_names()) & METADATA.tables.keys():
        place = database.dialect.url.render_as_string(hide_password=True)
        raise Refused(
            f"The database {place} has tables of a hub, though an empty one, or one of which a "
            "restore was broken off: drop it and make it anew (dropdb, createdb), or name another."
        )


def _FIRST(table: Table) -> Any:  # noqa: N802
    return select(table.primary_key.columns[0]).limit(1)


def _step(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


class Restoring:
    """Puts the rows of a snapshot into a database that has no hub."""

    def __init__(self, database: Database, step: str) -> None:
        """Make the tables as they were at a step; raises Refused, SchemaTooNew."""
        known = schema.revisions()
        if step not in known:
            raise SchemaTooNew(
                f"The backup stands at step {step} of the schema, which this program (step "
                f"{known[-1]}) does not know: install the newest Garnery."
            )
        require_empty(database)
        self._database = database
        self._step = step
        with database.write() as connection:
            _require_no_tables(database, connection)
            schema.move(connection, step)
            schema.stand_at(connection, schema.RESTORING)
            there = MetaData()
            there.reflect(connection)
        self._tables = there.tables

    def load(self, shape: Shape, pieces: Iterable[list[Row]]) -> int:
        """Put the rows of a table in, a transaction a piece; return how many."""
        table, number = self._table(shape), 0
        dialect = self._database.dialect
        for piece in pieces:
            with self._database.write() as connection:
                dialect.load(connection, table.name, shape.columns, piece)
            number += len(piece)
        with self._database.write() as connection:
            dialect.count_on(connection, table)
        return number

    def finish(self) -> list[str]:
        """Bring the schema to the newest step; return the steps that were run."""
        with self._database.write() as connection:
            schema.stand_at(connection, self._step)
            done = schema.bring(self._database, connection)
            for rebuild in REBUILT:
                rebuild(self._database, connection)
            return done

    def _table(self, shape: Shape) -> Table:
        table = self._tables.get(shape.table)
        if table is None or not set(shape.columns) <= set(table.columns.keys()):
            raise StoreError(
                f"The backup has a table {shape.table} that step {self._step} of the schema has "
                "not: the file is no backup of this hub's kind."
            )
        return table


Rebuild = Callable[[Database, Connection], object]


def _search(database: Database, connection: Connection) -> None:
    unpack = Codec(lambda: training.load(database)).unpack
    search_filling.fill(connection, database.dialect, unpack)


def _faces(database: Database, connection: Connection) -> None:
    link_filling.face_all(connection, database.dialect)


REBUILT: tuple[Rebuild, ...] = (_search, _faces)
"""What makes the tables of `DERIVED` anew after a restore, in this order."""


def moved(database: Database) -> None:
    """Let a hub that stood still go on elsewhere: what was under way then is not under way now."""
    with database.write() as connection:
        _stop_all(connection, database.dialect.now(connection))


def mark_restored(database: Database, taken_at: datetime) -> None:
    """Let a hub that stands where it stood at a backup make up for what it has forgotten.

    Checkpoints are taken back, so that the next run of each member reads everything; tokens of
    lists that were given after the backup end.
    """
    with database.write() as connection:
        now = database.dialect.now(connection)
        _stop_all(connection, now)
        connection.execute(hub.delete().where(hub.c.key.in_((*SECRET_FACTS, RESTORED))))
        value = f"{clock.text(now)} {clock.text(taken_at)}"
        connection.execute(hub.insert().values(key=RESTORED, value=value))
        there = update(repositories).where(~repositories.c.removed)
        connection.execute(there.values(checkpoint="", scope="", memory=""))
        due = there.where(repositories.c.next_harvest_at.is_not(None))
        connection.execute(due.values(next_harvest_at=now))


def restored(value: str | None) -> tuple[datetime, datetime] | None:
    """Read the fact `RESTORED`: when the hub was restored, and of when the backup was."""
    moments: Sequence[str] = value.split(" ") if value else ()
    if len(moments) != 2:
        return None
    return datetime.fromisoformat(moments[0]), datetime.fromisoformat(moments[1])


def _stop_all(connection: Connection, now: datetime) -> None:
    """End what was running at the moment of the backup; a later run takes its place."""
    connection.execute(jobs.delete().where(jobs.c.state.in_(("queued", "running"))))
    outcome, cause, sentence = LOST
    ended = {"state": "ended", "outcome": outcome, "cause": cause, "sentence": sentence}
    connection.execute(update(harvests).where(RUNNING).values(ended | {"ended_at": now}))
