"""What a database's error means, in a sentence for a person, with the cure; and if it may pass."""

from __future__ import annotations

from pathlib import Path


def of_sqlite(said: str, path: Path) -> tuple[str, str]:
    """Return the sentence for a message of SQLite, and its cause if it may pass."""
    found = _first(_SQLITE_SAYS, said)
    return found.format(path=path, said=said), _PASSING.get(found, "")


def of_postgres(state: str, said: str, place: str) -> tuple[str, str]:
    """Return the sentence for an SQLSTATE, or for a message where no server answered.

    And its cause, if it may pass.
    """
    by_state = (words for sign, words in _POSTGRES_STATES if state.startswith(sign) and state)
    found = next(by_state, None) or _first(_POSTGRES_SAYS, said)
    return found.format(path=place, said=" ".join(said.split())), _PASSING.get(found, "")


def _first(table: tuple[tuple[str, str], ...], said: str) -> str:
    return next(sentence for sign, sentence in table if sign in said)


_UPGRADE = "The database {path} has no tables of Garnery: run `garnery db upgrade`. ({said})"
_BUSY = "Too many threads of this process wait for the database {path}: try again."
_LOCKED = (
    "The database {path} was locked by another process for 30 s: look for a program that holds "
    "it open, then try again."
)
_CLOSED = (
    "The database {path} cannot be opened: its folder must exist, and this user must be allowed "
    "to write in it."
)
_GUARDED = (
    "The database {path} cannot be written: this user needs the right to write the file and "
    "its folder."
)
_CROWDED = (
    "The database {path} takes no more connections: raise max_connections, or run fewer workers."
)
_SILENT = (
    "No PostgreSQL answers at {path}: see that it runs and that database.url is right. ({said})"
)
_ABSENT = "There is no database {path}: make it with `createdb`, or correct database.url."
_REFUSED = "The database {path} refuses this user or password: correct database.url."
_FULL = "The disk that holds {path} is full: free some space, then try again."
_FAILING = "The disk that holds {path} fails: look at its health and free space."
_LATE = "The database {path} took longer than a request may wait: look at what keeps it busy."
_SQLITE_SAYS = (
    ("interrupted", _LATE),
    ("database is locked", _LOCKED),
    ("disk is full", _FULL),
    ("disk I/O error", _FAILING),
    ("unable to open", _CLOSED),
    ("readonly", _GUARDED),
    ("no such table", _UPGRADE),
    ("no such column", _UPGRADE),
    ("malformed", "The database {path} is damaged: restore it from a backup."),
    ("not a database", "{path} is no SQLite database: correct database.url."),
    ("QueuePool", _BUSY),
    ("", "The database {path} reports: {said}."),
)
_FULL_THERE = "The disk of the database {path} is full: free some space, then try again."
_HELD = "Something in the database {path} is locked by another session: try again."
_CROSSED = "Two sessions of the database {path} waited for each other: try again."
_REPLICA = "The database {path} cannot be written: it is a replica, or set read-only."
_DOWN = "The database {path} was shut down: start it, then try again."
_UNFOUND = "The host of {path} cannot be found: correct database.url. ({said})"
_POSTGRES_STATES = (
    ("53100", _FULL_THERE),
    ("53300", _CROWDED),
    ("55P03", _HELD),
    ("40P01", _CROSSED),
    ("42P01", _UPGRADE),
    ("42703", _UPGRADE),
    ("25006", _REPLICA),
    ("28", _REFUSED),
    ("3D000", _ABSENT),
    ("57P0", _DOWN),
    ("57014", _LATE),
)
_POSTGRES_SAYS = (
    ("QueuePool", _BUSY),
    ("does not exist", _ABSENT),
    ("authentication failed", _REFUSED),
    ("resolve", _UNFOUND),
    ("onnection", _SILENT),
    ("", "The database {path} reports: {said}."),
)
_PASSING = dict.fromkeys((_FULL, _FAILING, _FULL_THERE), "disk-full") | dict.fromkeys(
    (_BUSY, _LOCKED, _CLOSED, _CROWDED, _SILENT, _HELD, _CROSSED, _REPLICA, _DOWN, _UNFOUND, _LATE),
    "database-busy",
)
"""Causes of what may pass by itself, or by a person's hand, while a program waits."""
