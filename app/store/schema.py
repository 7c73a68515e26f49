"""The schema of a database: which step it stands at, and the way to the newest.

The steps are Alembic's; which there are is read from their file names, so that a start that only
looks need not load Alembic.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import SetColumnComment, SetTableComment

from app.errors import SchemaOutdated, SchemaTooNew
from app.store import (  # complete METADATA
    completeness_tables,  # noqa: F401
    harvest_tables,  # noqa: F401
    operation_tables,  # noqa: F401
    training,
    version_tables,  # noqa: F401
    withdrawal_tables,  # noqa: F401
)
from app.store.codec import Codec
from app.store.database import Database
from app.store.links import filling as link_filling
from app.store.links import tables as link_tables  # noqa: F401 - complete METADATA
from app.store.search import filling as search_filling
from app.store.search import tables as search_tables  # noqa: F401 - complete METADATA
from app.store.served import tables as provider_tables  # noqa: F401 - complete METADATA
from app.store.tables import METADATA, prefixes
from app.store.values import SchemaStatus

MIGRATIONS = Path(__file__).parent / "migrations"
PREFIXES = ("oai_dc", "datacite")
"""Prefixes that are there from the beginning."""
SEARCH_SINCE, LINKS_SINCE, NUMBERS_SINCE = "0004", "0005", "0013"
"""The steps that bring what searches look through, links, and more that is counted of both."""
RESTORING = "restoring"
"""Where a database stands while a backup is put into it: no program works on it."""
_LOCK = 0x6761726E
"""Key of the lock that lets one process upgrade at a time."""


def revisions() -> list[str]:
    """Return all steps that this program knows, in order."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("0*.py"))


def status(database: Database) -> SchemaStatus:
    """Tell where a database stands; an absent one stands at ``."""
    known = revisions()
    current = _current(database) if database.dialect.present() else ""
    behind = known[known.index(current) + 1 :] if current in known else known if not current else []
    return SchemaStatus(current, known[-1], behind)


def check(database: Database) -> None:
    """Raise SchemaOutdated or SchemaTooNew unless the schema is the one of this program."""
    found = status(database)
    place = database.dialect.url.render_as_string(hide_password=True)
    if found.current == RESTORING:
        raise SchemaOutdated(
            f"A backup is being restored into the database {place}, or that was broken off: "
            "wait for it, or run `garnery db restore` again."
        )
    if found.behind and not found.current:
        raise SchemaOutdated(f"The database {place} is empty: run `garnery db upgrade`.")
    if found.behind:
        raise SchemaOutdated(
            f"The database {place} stands at step {found.current}, this program needs "
            f"{found.head}: run `garnery db upgrade`."
        )
    if found.current != found.head:
        raise SchemaTooNew(
            f"The database {place} stands at step {found.current}, which this program "
            f"(step {found.head}) does not know: install the newest Garnery."
        )


def upgrade(database: Database) -> list[str]:
    """Bring the schema to the newest step in one transaction; return the steps that were run."""
    with database.write() as connection:
        database.dialect.lock(connection, _LOCK)
        return bring(database, connection)


def bring(database: Database, connection: Connection) -> list[str]:
    """Bring the schema to the newest step in a transaction; return the steps that were run."""
    before, known = _step(connection), revisions()
    if before == known[-1]:
        return []
    if before and before not in known:
        check(database)
    move(connection, "head")
    unpack = Codec(lambda: training.load(database)).unpack
    if before and before < SEARCH_SINCE:
        search_filling.fill(connection, database.dialect, unpack)
    if before and before < LINKS_SINCE:
        link_filling.fill(connection, database.dialect, unpack)
    elif before and before < NUMBERS_SINCE:
        link_filling.count_anew(connection)
        link_filling.face_all(connection, database.dialect)
    if before and SEARCH_SINCE <= before < NUMBERS_SINCE:
        search_filling.again(connection, database.dialect, unpack)
    _comment(connection)
    _begin_prefixes(database, connection)
    return known[known.index(before) + 1 :] if before else known


def stand_at(connection: Connection, step: str) -> None:
    """Say that the schema stands at a step, without going there."""
    connection.execute(text("UPDATE alembic_version SET version_num = :step"), {"step": step})


def _current(database: Database) -> str:
    with database.read() as connection:
        return _step(connection)


def _step(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def move(connection: Connection, step: str) -> None:
    """Take the schema up to a step, whatever the program needs besides."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, step)


def _comment(connection: Connection) -> None:
    """Write the comments of the tables into the database, where it keeps them."""
    if not connection.dialect.supports_comments:
        return
    for table in METADATA.sorted_tables:
        connection.execute(SetTableComment(table))
        for column in table.columns:
            connection.execute(SetColumnComment(column))


def _begin_prefixes(database: Database, connection: Connection) -> None:
    row = database.dialect.insert(prefixes).on_conflict_do_nothing()
    values = [{"id": n, "prefix": prefix} for n, prefix in enumerate(PREFIXES, 1)]
    connection.execute(row, values)
