"""Single facts of the hub itself: its token secret, when it was made."""

from __future__ import annotations

import contextlib

from sqlalchemy import select

from app.store.database import Database
from app.store.tables import hub

TRIAL = 64 * 1024
"""Characters of a trial."""


class _TakenBack(Exception):
    """Rolls a trial back."""


class Hub:
    """Keys and values."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> str | None:
        """Return the value, None if there is none."""
        with self._database.read() as connection:
            return connection.execute(select(hub.c.value).where(hub.c.key == key)).scalar()

    def put(self, key: str, value: str) -> None:
        """Write a value over the one before."""
        row = self._database.dialect.insert(hub).values(key=key, value=value)
        with self._database.write() as connection:
            upsert = row.on_conflict_do_update(index_elements=["key"], set_={"value": value})
            connection.execute(upsert)

    def trial(self) -> None:
        """Raise StoreError unless the database takes a piece of writing, which is taken back."""
        row = self._database.dialect.insert(hub).values(key="trial", value="x" * TRIAL)
        with contextlib.suppress(_TakenBack), self._database.write() as connection:
            connection.execute(row.on_conflict_do_nothing())
            raise _TakenBack

    def versions(self) -> dict[str, str]:
        """Return the kind of the database, and its version."""
        with self._database.read() as connection:
            info = connection.dialect.server_version_info or ()
            return {connection.dialect.name: ".".join(map(str, info))}

    def setdefault(self, key: str, value: str) -> str:
        """Write a value unless there is one; return what is there, the same for all processes."""
        found = self.get(key)
        if found is not None:
            return found
        row = self._database.dialect.insert(hub).values(key=key, value=value)
        with self._database.write() as connection:
            connection.execute(row.on_conflict_do_nothing())
            query = select(hub.c.value).where(hub.c.key == key)
            there: str = connection.execute(query).scalar_one()
            return there
