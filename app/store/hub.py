"""Single facts of the hub itself: its token secret, when it was made."""

from __future__ import annotations

from sqlalchemy import select

from app.store.database import Database
from app.store.tables import hub


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
