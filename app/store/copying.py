"""A copy of an SQLite file, whole and consistent, while others write into it.

A read transaction holds the state of one moment while the pages are copied, so writers neither wait
nor make the copy begin again. The copy gets its name once it is on the disk.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.errors import ConfigurationError, FileError, StoreError
from app.store.database import Database
from app.store.dialects import BUSY_SECONDS, Sqlite

MAGIC = b"SQLite format 3\x00"
"""What every SQLite file begins with."""
PAGES = 4096
"""Pages between two words on progress."""
SPARE = 16 * 1024 * 1024
"""Bytes that are to be left free beside a copy."""
Told = Callable[[int, int], None]
"""Is told how many bytes of how many are done."""


def file_of(url: str) -> Path:
    """Return the file of an SQLite database; raises ConfigurationError for another kind."""
    database = Database(url)
    try:
        if not isinstance(database.dialect, Sqlite):
            raise ConfigurationError("Only an SQLite database is a file that can be copied.")
        return database.dialect.path
    finally:
        database.dispose()


def is_file(url: str) -> bool:
    """Tell whether the database of an address is a file."""
    return url.startswith("sqlite")


def copy(source: Path, target: Path, told: Told = lambda *_: None) -> int:
    """Copy a database file; return the bytes of the copy. Whatever breaks off leaves no copy."""
    part = target.with_name(f".part-{os.getpid()}-{target.name}")
    try:
        _copy(source, part, told)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
        return target.stat().st_size
    except sqlite3.Error as error:
        if "full" in str(error):
            raise no_room(target) from error
        raise StoreError(f"{source} cannot be copied: {error}.") from error
    except OSError as error:
        raise FileError(
            f"{target} cannot be written ({error.strerror or error}): choose another place."
        ) from error
    finally:
        for rest in ("", "-wal", "-shm", "-journal"):
            part.with_name(part.name + rest).unlink(missing_ok=True)


def pour(source: Path, target: Path) -> None:
    """Put the contents of a file into one that is there, in one transaction of that one."""
    with closing(_opened(source)) as here, closing(_opened(target)) as there:
        here.backup(there)


def require_room(folder: Path, needed: int) -> None:
    """Raise FileError unless a folder has room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise FileError(
            f"{folder} has room for {free / 1e6:,.0f} MB, and up to {needed / 1e6:,.0f} MB are "
            "needed: make room, or choose another place. Nothing was written."
        )


def no_room(target: Path) -> FileError:
    """Return the error for a disk that is full."""
    return FileError(
        f"The disk that holds {target} is full: free some space, then try again. "
        "Nothing half was left there, and the database is untouched."
    )


def _copy(source: Path, part: Path, told: Told) -> None:
    with closing(_opened(source)) as here, closing(sqlite3.connect(part)) as there:
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # holds the moment
        length = here.execute("PRAGMA page_size").fetchone()[0]

        def progress(_status: int, remaining: int, total: int) -> None:
            told((total - remaining) * length, total * length)

        here.backup(there, pages=PAGES, progress=progress)
        here.rollback()
        there.execute("PRAGMA journal_mode=DELETE").fetchone()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA query_only=OFF").close()
    return connection
