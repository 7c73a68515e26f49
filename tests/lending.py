"""Databases of a PostgreSQL server with all tables and no records, lent to one test after another.

To make a database is to make a thousand files, and to drop it to take them away: most of what a
short test costs. So one that comes back is emptied instead, under another name, so that no process
that a test left behind finds it again. Only rows may have been written meanwhile: whoever changed
the schema in any way, or left much behind, gives back a database that is dropped.
"""

from __future__ import annotations

from itertools import count

import psycopg

from tests import postgres

FIRST = 16384
"""The first number of an object that is not PostgreSQL's own."""
MOST_GROWN = 4 * 1024 * 1024
"""Bytes by which an emptied database may be larger than a new one: indexes keep their pages."""

_CATALOGS = {
    "pg_attribute": "attrelid",
    "pg_attrdef": "oid",
    "pg_constraint": "oid",
    "pg_description": "objoid",
    "pg_namespace": "oid",
    "pg_proc": "oid",
    "pg_sequence": "seqrelid",
    "pg_statistic_ext": "oid",
    "pg_trigger": "oid",
    "pg_type": "oid",
}
_RELATIONS = f"""
SELECT concat_ws(' ', oid, relname, relnamespace, reltype, relowner, relam, relkind,
       relpersistence, reltablespace, relnatts, relchecks, relhasrules, relhastriggers,
       relrowsecurity, relforcerowsecurity, relreplident, relacl, reloptions)
  FROM pg_class WHERE oid >= {FIRST}"""
_VERSIONS = " UNION ALL ".join(
    f"SELECT concat_ws(' ', '{name}', {oid}, xmin) FROM {name} WHERE {oid} >= {FIRST}"
    for name, oid in _CATALOGS.items()
)
SHAPE = (
    "SELECT md5(string_agg(it, ';' ORDER BY it))"
    f" FROM ({_RELATIONS} UNION ALL {_VERSIONS}) AS versions(it)"
)
"""Changes with every change of the schema, mostly also with one that was taken back."""
BESIDES = """
SELECT (SELECT count(*) FROM pg_db_role_setting) + (SELECT count(*) FROM pg_extension)
     + (SELECT count(*) FROM pg_event_trigger) + (SELECT count(*) FROM pg_largeobject_metadata)"""
CONNECTED = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{}'"
FILLED = f"""
SELECT oid::regclass::text FROM pg_class
 WHERE relkind = 'r' AND oid >= {FIRST} AND pg_relation_size(oid) > 0"""
SIZE = f"SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relkind <> 'S' AND oid >= {FIRST}"
COUNTED = "SELECT pg_stat_force_next_flush()"
"""Lets what was deleted be counted now: later, it would bring the autovacuum to an empty table."""
LEARNED = f"""
SET allow_system_table_mods = on;
DELETE FROM pg_statistic WHERE starelid >= {FIRST};
SELECT pg_clear_relation_stats('public', relname::text) FROM pg_class
 WHERE oid >= {FIRST} AND relkind = 'r' AND relnamespace = 'public'::regnamespace
   AND (relpages > 0 OR reltuples >= 0);
SELECT pg_stat_reset()"""
"""Forgets what was learned of the rows that were there, for whoever plans by it."""


class Lending:
    """Lends databases made from a template, which must have nobody connected to it."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._numbers, self._spare = count(1), list[str]()
        self._new: tuple[object, ...] = ()
        self._size, self._restoring = 0, ""

    def lend(self) -> str:
        """The address of a database that is as the template."""
        if self._spare:
            return self._spare.pop()
        url = postgres.create(self._server, self._name(), self._template)
        if not self._new:
            self._look(url)
        return url

    def take_back(self, url: str) -> None:
        """Empty a database that was lent, or drop it, whoever is still connected."""
        name, other = url.partition("?")[0].rpartition("/")[2], self._name()
        try:
            with psycopg.connect(self._server, autocommit=True) as connection:
                connection.execute(CONNECTED.format(name))
                connection.execute(f"ALTER DATABASE {name} RENAME TO {other}")
            url, name = url.replace(f"/{name}?", f"/{other}?"), other
            emptied = self._empty(url)
        except psycopg.Error:
            emptied = False
        if emptied:
            self._spare.append(url)
        else:
            postgres.drop(self._server, name)

    def _name(self) -> str:
        return f"garnery_{next(self._numbers)}"

    def _look(self, url: str) -> None:
        """Remember what a new database looks like, and how its few rows are put back."""
        with psycopg.connect(url, autocommit=True) as connection:
            self._new, self._size = shape(connection), _number(connection, SIZE)
            kept = {name: _rows(connection, name) for (name,) in connection.execute(FILLED)}
            sequences = "SELECT quote_ident(sequencename), last_value FROM pg_sequences"
            last: dict[str, int | None] = dict(connection.execute(sequences).fetchall())
        inserts = [
            f"INSERT INTO {name} SELECT * FROM json_populate_recordset(NULL::{name}, $${rows}$$)"
            for name, rows in kept.items()
        ]
        places = [
            f"SELECT setval('{name}', {value or 1}, {value is not None})"
            for name, value in last.items()
        ]
        self._restoring = "; ".join((*inserts, *places))

    def _empty(self, url: str) -> bool:
        """Make a database as it was when it was new; False where that cannot be."""
        with psycopg.connect(url, autocommit=True) as connection:
            if shape(connection) != self._new:
                return False
            filled = [name for (name,) in connection.execute(FILLED)]
            deletes = "; ".join(f"DELETE FROM {name}" for name in filled)
            connection.execute(f"SET session_replication_role = replica; {deletes}")
            connection.execute(f"VACUUM {', '.join(filled)}")
            connection.execute(COUNTED)
            connection.execute(f"{self._restoring}; {LEARNED}")
            return _number(connection, SIZE) <= self._size + MOST_GROWN


def shape(connection: psycopg.Connection) -> tuple[object, ...]:
    """Return what differs once the schema of a database was changed."""
    return (_one(connection, SHAPE), _one(connection, BESIDES))


def _rows(connection: psycopg.Connection, table: str) -> object:
    return _one(connection, f"SELECT json_agg(kept)::text FROM {table} AS kept")


def _number(connection: psycopg.Connection, statement: str) -> int:
    return int(str(_one(connection, statement)))


def _one(connection: psycopg.Connection, statement: str) -> object:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]
