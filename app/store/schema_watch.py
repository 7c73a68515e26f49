"""Whether the schema is still the one of this program, looked at now and then by what runs long.

A database may be upgraded, or put back, under a program that runs: it stops answering then, rather
than read columns that mean something else.
"""

from __future__ import annotations

import time

from app.store import schema
from app.store.database import Database

LOOK_SECONDS = 2.0


class SchemaWatch:
    """Remembers for a moment that all was well; safe to use from threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._well_until = 0.0

    def require(self) -> None:
        """Raise SchemaOutdated or SchemaTooNew unless the schema is the one of this program."""
        if time.monotonic() >= self._well_until:
            schema.check(self._database)
            self._well_until = time.monotonic() + LOOK_SECONDS
