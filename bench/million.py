"""Hubs of any size, filled in minutes: some records are harvested, then their rows are multiplied.

To harvest a million records would take an hour of which nothing is learned here. So the first ones
come in as always, over HTTP and through the crosswalks, with trained dictionaries; each copy is one
INSERT … SELECT a table, with numbers moved up, names made anew and datestamps a while earlier.
What a hub holds then has the bytes, the sets and the indexes of real records. Copies share their
DOIs and titles, and SQLite's index of words has none of them, so searches, links and counts of
problems say nothing here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from app.store import Store, open_store, upgrade
from app.store.effects import PREFIX_BITS
from app.store.search.tables import search, search_texts
from app.store.tables import contents, memberships, records, renderings, repositories
from bench.tools import OUT, cost, source

GARNERY = [sys.executable, "-m", "app.cli"]
HARVESTED = 20_000
"""Records that come in by harvest; a hub has a multiple of them."""
EARLIER = 600
"""Seconds between the datestamps of one copy and the next."""
MEMBER = "bench"
WITHOUT_ANSWERS = {"GARNERY_HARVEST_KEEP_RAW": "0"}


@contextmanager
def filled(kind: str, wanted: int) -> Iterator[str]:
    """The address of a database with so many records.

    kind: sqlite, whose file is kept for the next time, or postgresql, which is filled anew each
    time and ends with the block.
    """
    if kind == "sqlite":
        url = f"sqlite:///{OUT / f'provider-{wanted}.sqlite3'}"
        ensure(url, wanted)
        yield url
        return
    from tests import postgres

    with postgres.serving(OUT / "provider-postgresql") as server:
        with suppress(Exception):
            postgres.create(server, f"provider_{wanted}")
        url = server.replace("/postgres?", f"/provider_{wanted}?")
        ensure(url, wanted)
        yield url


def ensure(url: str, wanted: int) -> None:
    """Fill a database unless it is full."""
    upgrade(url)
    store = open_store(url)
    try:
        if number_of(store) == 0:
            seed = min(wanted, HARVESTED)
            with source(seed) as base:
                harvest(url, f"{base}/1000", MEMBER)
        if number_of(store) < wanted:
            multiply(store, wanted)
    finally:
        store.dispose()


def harvest(url: str, base_url: str, name: str) -> None:
    """Let a repository join, and harvest it."""
    environ = {"GARNERY_DATABASE_URL": url, **WITHOUT_ANSWERS}
    options = ["--prefix", "oai_dc", "--allow-private-address", "--no-probe"]
    cost([*GARNERY, "repository", "add", name, base_url, *options], **environ)
    cost([*GARNERY, "harvest", name, "--json"], **environ)


def number_of(store: Store) -> int:
    with store.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(records)).scalar_one())


def multiply(store: Store, wanted: int) -> None:
    """Copy the rows of the records that were harvested until there are enough."""
    with store.database.read() as connection:
        last = connection.execute(select(func.max(records.c.id))).scalar_one()
        there = connection.execute(select(func.count()).select_from(records)).scalar_one()
    copies = -(-wanted // there) - 1
    for copy in range(1, copies + 1):
        with store.database.write() as connection:
            _copy(connection, copy, last)
        print(f"copy {copy} of {copies}", file=sys.stderr, end="\r")
    with store.database.write() as connection:
        _settle(connection, store.database.dialect.__class__.__name__, copies + 1)


def _copy(connection: Connection, copy: int, last: int) -> None:
    up, back = copy * last, copy * EARLIER
    name = func.substr(records.c.local_id, 1, 11).concat(literal(f"{copy:05}"))
    again = {
        records: {
            "id": records.c.id + up,
            "local_id": cast(name, String),
            "identifier": records.c.identifier.concat(literal(f":{copy}")),
            "stamp": records.c.stamp - back,
        },
        contents: {"record_id": contents.c.record_id + up},
        search: {"record_id": search.c.record_id + up, "stamp": search.c.stamp - back},
        search_texts: {"record_id": search_texts.c.record_id + up},
        renderings: {
            "id": renderings.c.id + (up << PREFIX_BITS),
            "stamp": renderings.c.stamp - back,
        },
        memberships: {
            "record_id": memberships.c.record_id + up,
            "stamp": memberships.c.stamp - back,
        },
    }
    for table, moved in again.items():
        _again(connection, table, moved, last)


def _again(
    connection: Connection, table: Table, moved: dict[str, ColumnElement[Any]], last: int
) -> None:
    names = [column.name for column in table.columns]
    key = table.c.record_id if "record_id" in table.c else table.c.id
    most = (last + 1) << PREFIX_BITS if table is renderings else last + 1
    rows = select(*[moved.get(name, table.c[name]) for name in names]).where(key < most)
    connection.execute(insert(table).from_select(names, rows))


def _settle(connection: Connection, dialect: str, times: int) -> None:
    columns = repositories.c
    numbers = {name: columns[name] * times for name in ("live", "deleted", "quarantined")}
    connection.execute(update(repositories).values(numbers))
    if dialect == "Postgres":
        highest = "SELECT setval(pg_get_serial_sequence('records', 'id'), max(id)) FROM records"
        connection.execute(text(highest))
        connection.execute(text("ANALYZE"))
    else:
        connection.execute(text("ANALYZE"))


def bytes_on_disk(url: str) -> int:
    """What a database takes on disk, with its log."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*") if one.is_file())
    store = open_store(url)
    try:
        with store.database.read() as connection:
            query = text("SELECT pg_database_size(current_database())")
            return int(connection.execute(query).scalar_one())
    finally:
        store.dispose()
