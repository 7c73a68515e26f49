"""Writes the use of all but the provider: numbers of requests alike, added up by day.

What asks for something that no register knows is summed under others, and of the DOIs that nobody
here has only so many are named a day: no client decides how many rows there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, func, select

from app.store.database import Database
from app.store.served.noting import DAY_LENGTH, LOCK, add_rows
from app.store.served.tables import sought_dois, use_counts

SOUGHT = "sought"
"""The kind of what is no use: a DOI that was asked for in vain, as the name."""
MOST_DOIS = 1_000
"""DOIs that are named a day; more are summed."""
KEYS = ("period", "kind", "name", "family", "status")
SUMS = ("requests", "records", "bytes", "broken_off")

_S = sought_dois.c


class Use(NamedTuple):
    """What requests that are counted together have in common."""

    period: str
    """A day, 2026-11-26."""
    kind: str
    name: str = ""
    family: str = ""
    status: int = 200


Numbers = tuple[int, ...]
"""In the order of SUMS."""


def add_uses(database: Database, counted: Mapping[Use, Numbers]) -> None:
    """Add numbers to those of all processes."""
    uses = [
        dict(zip((*KEYS, *SUMS), (*use, *numbers), strict=True))
        for use, numbers in sorted(counted.items())
        if use.kind != SOUGHT
    ]
    sought: Counter[tuple[str, str]] = Counter()
    for use, numbers in counted.items():
        if use.kind == SOUGHT:
            sought[use.period, use.name] += numbers[0]
    with database.write() as connection:
        database.dialect.lock(connection, LOCK)
        add_rows(connection, database, use_counts, uses, SUMS)
        if sought:
            _write_sought(connection, database, _named(connection, sought))


def fold_uses(connection: Connection, database: Database, first_day: str, piece: int) -> int:
    """Add the use of days before a day to their months; return how many rows of days that were."""
    rows = _old(connection, use_counts, first_day, piece)
    sums: dict[tuple[Any, ...], Counter[str]] = {}
    for row in rows:
        key = (row["period"][:7], *(row[name] for name in KEYS[1:]))
        sums.setdefault(key, Counter()).update({name: row[name] for name in SUMS})
    made = [
        dict(zip(KEYS, key, strict=True)) | {name: numbers[name] for name in SUMS}
        for key, numbers in sorted(sums.items())
    ]
    add_rows(connection, database, use_counts, made, SUMS)
    return len(rows)


def fold_sought(connection: Connection, database: Database, first_day: str, piece: int) -> int:
    """Add the DOIs of days before a day to their months, no longer by name."""
    rows = _old(connection, sought_dois, first_day, piece)
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows:
        sums[row["period"][:7], ""] += row["requests"]
    _write_sought(connection, database, sums)
    return len(rows)


def _old(connection: Connection, table: Table, first_day: str, piece: int) -> list[dict[str, Any]]:
    """Take rows of days before a day out of a table."""
    column = table.c
    is_old = (func.length(column.period) == DAY_LENGTH) & (column.period < first_day)
    rows = [row._asdict() for row in connection.execute(select(table).where(is_old).limit(piece))]
    for row in rows:
        matches = [column[key.name] == row[key.name] for key in table.primary_key.columns]
        connection.execute(delete(table).where(*matches))
    return rows


def _named(connection: Connection, sought: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Sum what goes beyond the DOIs that are named on a day; those asked for most go first."""
    found: Counter[tuple[str, str]] = Counter()
    for day in sorted({day for day, _ in sought}):
        known = set(connection.execute(select(_S.doi).where(_S.period == day)).scalars())
        for doi, times in _of_day(sought, day):
            if doi not in known and len(known) >= MOST_DOIS:
                doi = ""
            known.add(doi)
            found[day, doi] += times
    return found


def _of_day(sought: Counter[tuple[str, str]], day: str) -> Iterable[tuple[str, int]]:
    mine = ((doi, times) for (of, doi), times in sought.items() if of == day)
    return sorted(mine, key=lambda pair: (-pair[1], pair[0]))


def _write_sought(
    connection: Connection, database: Database, sums: Counter[tuple[str, str]]
) -> None:
    rows = [
        {"period": period, "doi": doi, "requests": times}
        for (period, doi), times in sorted(sums.items())
    ]
    add_rows(connection, database, sought_dois, rows, ("requests",))
