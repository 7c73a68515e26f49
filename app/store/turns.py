"""Turns: who may ask a host now. A turn ends with its process, however that ends.

Nothing durable: a lock of the operating system beside an SQLite file, a lock of its session in
PostgreSQL.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import struct
import threading
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

OPEN_FILE = getattr(fcntl, "F_OFD_SETLK", None)
"""Locks that belong to an open file, not to a process; Linux has them."""
_TRY = text("SELECT pg_try_advisory_lock(:key)")
_GIVE = text("SELECT pg_advisory_unlock(:key)")


class Turns(Protocol):
    """Takes turns by name, each held by one holder in all processes."""

    def take(self, name: str) -> bool:
        """Take a turn if nobody has it; tell whether that worked."""

    def give_back(self, name: str) -> None:
        """End a turn."""

    def dispose(self) -> None:
        """End all turns."""


class FileTurns:
    """Turns as locks on bytes of an empty file, one byte a name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: dict[str, int] = {}
        self._mutex = threading.Lock()

    def take(self, name: str) -> bool:
        """Take a turn if nobody has it; tell whether that worked."""
        with self._mutex:
            if name in self._held:
                return False
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                _lock(descriptor, _number(name))
            except BlockingIOError:
                os.close(descriptor)
                return False
            except OSError:
                os.close(descriptor)
                raise
            self._held[name] = descriptor
            return True

    def give_back(self, name: str) -> None:
        """End a turn."""
        with self._mutex:
            os.close(self._held.pop(name))

    def dispose(self) -> None:
        """End all turns."""
        with self._mutex:
            while self._held:
                os.close(self._held.popitem()[1])


class SessionTurns:
    """Turns as advisory locks of one session, which is one connection a process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._held: set[str] = set()
        self._mutex = threading.Lock()

    def take(self, name: str) -> bool:
        """Take a turn if nobody has it; tell whether that worked."""
        with self._mutex:
            if name in self._held or not self._ask(name):
                return False
            self._held.add(name)
            return True

    def give_back(self, name: str) -> None:
        """End a turn."""
        with self._mutex:
            self._held.discard(name)
            if self._connection is None or self._connection.closed:
                return
            with contextlib.suppress(SQLAlchemyError):  # a session that is lost holds nothing
                self._connection.execute(_GIVE, {"key": _number(name)})

    def dispose(self) -> None:
        """End all turns."""
        with self._mutex:
            self._held.clear()
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._engine.dispose()

    def _ask(self, name: str) -> bool:
        if self._connection is None or self._connection.closed or self._connection.invalidated:
            self._connection = self._engine.connect()
        return bool(self._connection.execute(_TRY, {"key": _number(name)}).scalar_one())


def _lock(descriptor: int, offset: int) -> None:
    """Lock one byte of an open file; raises BlockingIOError if another has it."""
    if OPEN_FILE is None:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, offset)
        return
    wish = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, offset, 1, 0)
    fcntl.fcntl(descriptor, OPEN_FILE, wish)


def _number(name: str) -> int:
    """Return 63 bits that stand for a name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 1
