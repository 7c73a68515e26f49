"""Numbers of all that a search finds: how many came when, whose they are, what they state.

Each is one pass over rows, counted by the database; what counts by value is `search_facets`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, literal_column, select, type_coerce

from app.query.request import Request
from app.store.search.tables import search
from app.store.search.ways import Way, wanted
from app.store.tables import records, repositories

if TYPE_CHECKING:
    from app.store import Store

_DAY: ColumnElement[int] = literal_column("86400", BigInteger)
"""Seconds; written out, so that what is selected and what is grouped by are the same text."""
_S, _R, _P = search.c, records.c, repositories.c


class ByDay(Struct, frozen=True):
    """How many records of a repository belong to a day. day: days since 1970, UTC."""

    repository: str
    day: int
    number: int


class ByMask(Struct, frozen=True):
    """How many records of a repository have the same properties, a sum of `BITS`."""

    repository: str
    mask: int
    number: int


def first_seen(store: Store, request: Request) -> tuple[ByDay, ...]:
    """Return how many records a search finds, by repository and the day they first came."""
    moment = type_coerce(_R.first_harvested_at, BigInteger)
    return tuple(ByDay(*row) for row in _counted(store, request, moment // _DAY) if row[1])


def changed(store: Store, request: Request) -> tuple[ByDay, ...]:
    """Return how many records a search finds, by repository and the day of their datestamp."""
    return tuple(ByDay(*row) for row in _counted(store, request, _S.stamp // _DAY))


def properties(store: Store, request: Request) -> tuple[ByMask, ...]:
    """Return how many records a search finds, by repository and the properties they have."""
    return tuple(ByMask(*row) for row in _counted(store, request, _S.properties))


def _counted(
    store: Store, request: Request, column: ColumnElement[Any]
) -> list[tuple[str, int, int]]:
    way = Way(wanted(request), store.database.dialect)
    key = column.label("key")
    with store.database.read() as connection:
        rows = connection.execute(way.counted(_R.repository_id, key)).all()
        names = {row.id: row.name for row in connection.execute(select(_P.id, _P.name))}
    found: Counter[tuple[str, int]] = Counter()
    for repository, value, number in rows:
        found[names[repository], value or 0] += number
    return [(name, value, number) for (name, value), number in sorted(found.items())]
