"""Which engine works: the one that fits the database."""

from __future__ import annotations

import importlib.util

from app.errors import ConfigurationError
from app.jobs import Engine, Register
from app.jobs.embedded import EmbeddedEngine
from app.store import Store


def engine_for(
    store: Store, register: Register, *, worker: str, poll: float, lease: float, most: int
) -> Engine:
    """Return the engine for a store, with what `EmbeddedEngine` takes.

    Raises ConfigurationError where procrastinate is not installed.
    """
    if not store.database.dialect.carried:
        return EmbeddedEngine(store, register, worker=worker, poll=poll, lease=lease, most=most)
    require_procrastinate()
    from app.jobs.procrastinate import ProcrastinateEngine

    return ProcrastinateEngine(store, register, worker=worker, poll=poll, lease=lease, most=most)


def prepare(store: Store) -> bool:
    """Make what the engine of this store needs in its database; tell whether there was anything."""
    if not store.database.dialect.carried:
        return False
    require_procrastinate()
    from app.jobs import procrastinate

    return procrastinate.prepare(store)


def require_procrastinate() -> None:
    """Raise ConfigurationError unless procrastinate is installed."""
    if importlib.util.find_spec("procrastinate") is None:
        raise ConfigurationError(
            "Workers on PostgreSQL need the extra `postgres`: pip install 'garnery[postgres]'."
        )
