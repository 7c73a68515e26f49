"""The statements that write a page, made once; their columns stand in the order of the rows.

`app.store.effects` makes the rows; here they only go to the database.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, update

from app.store.database import Many
from app.store.dialects import Dialect
from app.store.effects import Rows
from app.store.tables import contents, memberships, records, renderings

SUMMARY = ("rules", "title", "creators", "year", "type", "doi", "url")
_MEMBERSHIP = ("set_id", "prefix_id", "stamp", "record_id")
_PRESENT = (
    "datestamp", "source_sets", "sets", "state", "stamp", "fingerprint", "resource_fingerprint",
    "format", "prefix", "crosswalk", "harvest", "last_changed_at", "quarantine", "reason", *SUMMARY,
)  # fmt: skip
_RETOUCHED = (
    "datestamp", "source_sets", "fingerprint", "format", "prefix", "crosswalk", "quarantine",
    "reason",
)  # fmt: skip
_DELETED = (
    "datestamp", "state", "stamp", "fingerprint", "resource_fingerprint", "harvest",
    "last_changed_at", "quarantine", "reason", "rules",
)  # fmt: skip
_QUARANTINED = (
    "datestamp", "state", "fingerprint", "prefix", "crosswalk", "harvest", "quarantine", "reason",
)  # fmt: skip
_RECORD = tuple(column.name for column in records.columns)
_RENDERING = ("id", "stamp", "deleted", "digest", "split", "body")
_CONTENTS = ("record_id", "reading", "original", "source_about")


def _change(table: Table, columns: tuple[str, ...], *kept: str) -> Many:
    """UPDATE one row; a column of `kept` keeps its value where the new one is null."""
    statement = update(table).where(table.primary_key.columns[0] == bindparam("key"))
    values: dict[str, Any] = {
        name: func.coalesce(bindparam(f"new_{name}"), table.c[name]) for name in kept
    }
    names = tuple(f"new_{name}" if name in kept else name for name in columns)
    return Many(statement.values(values) if kept else statement, (*names, "key"))


INSERT = Many(insert(records), _RECORD)
PRESENT = _change(records, _PRESENT)
RETOUCHED = _change(records, _RETOUCHED)
DELETED = _change(records, _DELETED, "harvest", "last_changed_at")
QUARANTINED = _change(records, _QUARANTINED)
ORIGINALS = _change(contents, ("original", "source_about"))
MOVED = _change(renderings, ("stamp",))
ENDED = _change(renderings, ("stamp", "deleted", "digest", "split", "body"))
LEFT = Many(
    delete(memberships).where(*(memberships.c[name] == bindparam(name) for name in _MEMBERSHIP)),
    _MEMBERSHIP,
)
ENTERED = Many(insert(memberships), _MEMBERSHIP)
STAMP_RECORD = _change(records, ("stamp",))


@cache
def _upsert(kind: type[Dialect], table: Table, columns: tuple[str, ...]) -> Many:
    row = kind.insert(table)
    key, *others = columns
    upsert = row.on_conflict_do_update(
        index_elements=[key], set_={column: row.excluded[column] for column in others}
    )
    return Many(upsert, columns)


def write(connection: Connection, dialect: Dialect, rows: Rows) -> None:
    """Write the rows of a page."""
    put_renderings = _upsert(type(dialect), renderings, _RENDERING)
    put_contents = _upsert(type(dialect), contents, _CONTENTS)
    INSERT.run(connection, rows.records)
    PRESENT.run(connection, rows.present)
    RETOUCHED.run(connection, rows.retouched)
    DELETED.run(connection, rows.deleted)
    QUARANTINED.run(connection, rows.quarantined)
    put_contents.run(connection, rows.contents)
    ORIGINALS.run(connection, rows.originals)
    put_renderings.run(connection, rows.renderings)
    MOVED.run(connection, rows.moved)
    ENDED.run(connection, rows.ended)
    LEFT.run(connection, rows.left)
    ENTERED.run(connection, rows.entered)
