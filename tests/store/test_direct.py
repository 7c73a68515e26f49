"""Single statements by the driver: the same rows, the same failures, the same deadline."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, event, select, text

from app.errors import StoreError
from app.store import Store, deadline, open_store
from app.store.direct import Statement, rows_of, run, run_many
from app.store.pages import RECORDS
from app.store.tables import records
from tests.oai.filling import change, member, put, visible

NAMES = Statement(lambda: select(records.c.local_id).where(records.c.id > bindparam("after")))
SLOW = Statement(
    lambda: text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    )
)
PAGE = {"set_id": 0, "after_stamp": 0, "after_record": 0, "until": 1 << 40, "limit": 10}


def filled(store: Store) -> Store:
    put(store, member(store, "m"), [change("m", f"a:{n}") for n in range(3)])
    visible(store)
    return store


def test_rows_are_those_of_a_transaction(store: Store) -> None:
    filled(store)
    values = PAGE | {"prefix_id": store.records._prefixes.known("oai_dc")}
    direct = store.database.rows(RECORDS, values)
    with store.database.read() as connection:
        engine = connection.engine
        ordinary = connection.exec_driver_sql(*RECORDS.sql(engine, values)).all()
    assert [tuple(row) for row in direct] == [tuple(row) for row in ordinary]
    assert len(direct) == 3
    assert all(isinstance(row[-1], bytes) for row in direct)


def test_who_listens_to_statements_hears_them(store: Store) -> None:
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    event.listen(store.database._read, "before_cursor_execute", hear)
    assert store.database.rows(NAMES, {"after": 0}) == []
    event.remove(store.database._read, "before_cursor_execute", hear)
    assert any("records" in statement for statement in heard)


def test_a_failure_is_one_of_the_store(store: Store) -> None:
    with store.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE records RENAME TO records_gone")
    with pytest.raises(StoreError):
        store.database.rows(NAMES, {"after": 0})
    with store.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE records_gone RENAME TO records")
    assert store.database.rows(NAMES, {"after": 0}) == []


def test_a_statement_ends_at_the_deadline(store: Store) -> None:
    with deadline.within(0.3), pytest.raises(StoreError, match="longer"):
        store.database.rows(SLOW, {})
    with deadline.within(-1), pytest.raises(StoreError, match="longer"):
        store.database.rows(NAMES, {"after": 0})
    assert store.database.rows(NAMES, {"after": 0}) == []


def test_a_connection_that_was_lost_is_replaced(postgresql_url: str) -> None:
    store = filled(open_store(postgresql_url))
    assert len(store.database.rows(NAMES, {"after": 0})) == 3
    with store.database.write() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert len(store.database.rows(NAMES, {"after": 0})) == 3
    store.dispose()


def test_statements_of_a_transaction_are_written_or_undone_with_it(store: Store) -> None:
    made = "INSERT INTO stampings (stamp, harvest) VALUES (1, NULL)"

    def half() -> None:
        with store.database.write() as connection:
            assert run(connection, made) == 1
            run(connection, "DELETE FROM nowhere")

    with pytest.raises(StoreError):
        half()
    with store.database.write() as connection:
        assert rows_of(connection, "SELECT stamp FROM stampings") == []
        assert run(connection, made) == 1
        assert rows_of(connection, "SELECT stamp FROM stampings") == [(1,)]
        assert run_many(connection, "DELETE FROM stampings", [(), ()]) == 1


def test_a_failure_within_a_transaction_is_one_of_the_store(store: Store) -> None:
    for call in (rows_of, run):
        with pytest.raises(StoreError), store.database.write() as connection:
            call(connection, "SELECT nothing FROM nowhere")
    with pytest.raises(StoreError), store.database.write() as connection:
        run_many(connection, "DELETE FROM nowhere", [()])
    with store.database.write() as connection:
        assert rows_of(connection, "SELECT 1") == [(1,)]


def test_who_listens_to_a_transaction_hears_its_statements(store: Store) -> None:
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    event.listen(store.database._write, "before_cursor_execute", hear)
    with store.database.write() as connection:
        assert rows_of(connection, "SELECT 1") == [(1,)]
        run(connection, "DELETE FROM stampings")
        run_many(connection, "DELETE FROM sightings", [()])
    event.remove(store.database._write, "before_cursor_execute", hear)
    assert heard[-3:] == ["SELECT 1", "DELETE FROM stampings", "DELETE FROM sightings"]


def test_a_connection_lost_within_a_transaction_is_not_used_again(postgresql_url: str) -> None:
    store = filled(open_store(postgresql_url))
    with pytest.raises(StoreError) as lost, store.database.write() as connection:
        run(connection, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert lost.value.cause == "database-busy"
    with store.database.write() as connection:
        assert rows_of(connection, "SELECT 1") == [(1,)]
    store.dispose()
