"""A database that a test gives back is as new for the next one, or it is dropped."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from app.store import open_store
from tests.lending import FIRST, Lending, shape
from tests.store.making import change, dump, harvest, member, put

NUMBER = "SELECT oid FROM pg_database WHERE datname = current_database()"
STATE = f"""
SELECT (SELECT json_agg(s) FROM (SELECT * FROM pg_sequences ORDER BY 2) AS s),
       (SELECT json_agg(c) FROM (SELECT relname, relkind, relnatts, reltuples FROM pg_class
         WHERE relnamespace = 'public'::regnamespace ORDER BY 1) AS c),
       (SELECT count(*) FROM pg_statistic WHERE starelid >= {FIRST})"""


def state(url: str) -> Any:
    """What can be told of a database: its rows, counters, relations and statistics."""
    store = open_store(url)
    rows = dump(store)
    store.dispose()
    return rows, ask(url, STATE)


def ask(url: str, statement: str) -> Any:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchone()


def test_what_was_written_is_gone_whoever_is_still_connected(postgres_databases: Lending) -> None:
    url = postgres_databases.lend()
    number, new = ask(url, NUMBER), state(url)
    store = open_store(url)
    reef = member(store)
    put(store, reef, *(change(n) for n in range(9)))
    harvest(store, reef)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    assert all(was != now for was, now in zip(new[1], ask(url, STATE), strict=True))
    left_open = psycopg.connect(url)
    left_open.execute("LOCK TABLE records")
    postgres_databases.take_back(url)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):  # by its old name nobody finds it
        psycopg.connect(url)
    again = postgres_databases.lend()
    assert (ask(again, NUMBER), state(again)) == (number, new)
    postgres_databases.take_back(again)


def test_a_schema_that_was_changed_ends_the_database(postgres_databases: Lending) -> None:
    url = postgres_databases.lend()
    (number,) = ask(url, NUMBER)
    changes = (
        "CREATE TABLE more (n int)",
        "CREATE INDEX more ON records (state)",
        "ALTER TABLE records ADD COLUMN more int",
        "ALTER TABLE records ALTER COLUMN state DROP NOT NULL",
        "ALTER TABLE records DISABLE TRIGGER ALL",
        "ALTER TABLE facet_values DROP CONSTRAINT pk_facet_values",
        "COMMENT ON TABLE records IS 'else'",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql RETURN 1",
        f"ALTER DATABASE {psycopg.conninfo.conninfo_to_dict(url)['dbname']} SET work_mem TO 64",
    )
    with psycopg.connect(url) as connection:
        new = shape(connection)
        for statement in changes:
            connection.execute(statement)
            assert shape(connection) != new, statement
            connection.rollback()
        assert shape(connection) == new
        connection.execute(changes[0])
    postgres_databases.take_back(url)
    again = postgres_databases.lend()
    assert ask(again, f"SELECT 1 FROM pg_database WHERE oid = {number}") is None
    postgres_databases.take_back(again)
