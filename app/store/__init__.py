"""The metadata store: all durable state of the hub, in SQLite or PostgreSQL.

It keeps bytes and JSON; it never renders or parses metadata. Every public method is one transaction
(walks: one a batch; removing a member, or making it private or public: one a piece), and every
failure of the database is a StoreError whose sentence names the cure.
"""

from __future__ import annotations

from datetime import datetime

from app.store import schema, training
from app.store.applying import Applying
from app.store.codec import Codec
from app.store.database import Database
from app.store.harvests import Harvests
from app.store.hosts import Hosts
from app.store.hub import Hub
from app.store.jobs import Jobs
from app.store.links.graph import Links
from app.store.numbering import Prefixes
from app.store.records import Records
from app.store.repositories import Repositories
from app.store.schema_watch import SchemaWatch
from app.store.search.finding import Finding
from app.store.served.noting import Served
from app.store.sets import Sets
from app.store.showing import Showing
from app.store.values import SchemaStatus
from app.store.versioning import Versions
from app.store.withdrawing import Withdrawals

__all__ = ["Store", "open_store", "schema_status", "upgrade"]


class Store:
    """The store, opened; safe to share between the threads of a process."""

    def __init__(self, database: Database) -> None:
        codec = Codec(lambda: training.load(database))
        prefixes = Prefixes(database)
        applying = Applying(database, codec, prefixes)
        self.database = database
        self.codec = codec
        self.url = database.url
        self.hub = Hub(database)
        self.showing = Showing(database, prefixes)
        self.repositories = Repositories(database, applying, self.showing)
        self.harvests = Harvests(database)
        self.hosts = Hosts(database)
        self.records = Records(database, codec, prefixes, applying)
        self.search = Finding(database, codec, self.hub, self.records)
        self.links = Links(database, codec, self.records)
        self.sets = Sets(database)
        self.versions = Versions(database, codec)
        self.withdrawals = Withdrawals(database, codec, prefixes)
        self.jobs = Jobs(database)
        self.served = Served(database)
        self.schema = SchemaWatch(database)
        self.closed = False

    def now(self) -> datetime:
        """Return the moment up to which reads show everything: use it for responseDate.

        It is the present by the clock that datestamps come from, unless a replica is read.
        """
        return self.database.now()

    def seen_up_to(self, second: int) -> None:
        """Let all that is read show everything up to a second that a list was told to go to."""
        self.database.bind(second)

    def visible_after(self) -> int:
        """Return the second from which on all that is stored is in lists; 0 in an empty store."""
        return self.records.newest() or 0

    def ping(self) -> None:
        """Raise StoreError unless the database answers."""
        self.records.newest()

    def dispose(self) -> None:
        """Close all connections."""
        self.closed = True
        self.hosts.dispose()
        self.database.dispose()


def open_store(
    url: str, *, check: bool = True, read_url: str = "", read_lag: float = 10.0
) -> Store:
    """Open the store at a database URL; pays what a killed process owed to datestamps.

    check: raise SchemaOutdated or SchemaTooNew unless the schema is the one of this program.
    read_url: a replica to read from, while it lags no more than `read_lag` seconds.
    """
    database = Database(url)
    if check:
        schema.check(database)
    store = Store(database)
    if check:
        store.records.settle()
    if read_url:
        database.follow(read_url, read_lag)
    return store


def upgrade(url: str) -> list[str]:
    """Bring the schema of a database to the newest step, making it if need be; return the steps."""
    database = Database(url)
    try:
        return schema.upgrade(database)
    finally:
        database.dispose()


def schema_status(url: str) -> SchemaStatus:
    """Tell at which step the schema of a database stands."""
    database = Database(url)
    try:
        return schema.status(database)
    finally:
        database.dispose()
