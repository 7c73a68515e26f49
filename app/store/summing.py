"""Numbers of all that a search finds: how many came when, whose they are, what they state.

Each is one pass over rows, counted by the database; what counts by value is `search_facets`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, select

from app.query.request import Request
from app.store.links.views import is_whole
from app.store.search.arrivals import DAY, FIRST
from app.store.search.describing import Described, of_masks
from app.store.search.tables import search
from app.store.search.ways import Way, wanted
from app.store.tables import records, repositories

if TYPE_CHECKING:
    from app.store import Store

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
    if is_everything(request):
        kept = store.search.arrivals(request)
        if kept is not None:
            with store.database.read() as connection:
                names = _names(connection)
            found = [(names[o], day, n) for (o, day), n in kept.items() if o in names]
            return tuple(ByDay(*row) for row in sorted(found))
    return tuple(ByDay(*row) for row in _counted(store, request, FIRST) if row[1])


def changed(store: Store, request: Request) -> tuple[ByDay, ...]:
    """Return how many records a search finds, by repository and the day of their datestamp."""
    return tuple(ByDay(*row) for row in _counted(store, request, _S.stamp // DAY))


def properties(store: Store, request: Request) -> tuple[ByMask, ...]:
    """Return how many records a search finds, by repository and the properties they have."""
    return tuple(ByMask(*row) for row in _counted(store, request, _S.properties))


def described(store: Store, request: Request) -> Described:
    """Return how all that a search finds is described, by repository too."""
    found = store.search.described(request)
    if found is not None:
        return found
    rows = properties(store, request)
    return of_masks([(one.repository, one.mask, one.number) for one in rows])


def is_everything(request: Request) -> bool:
    """Tell whether a search finds all live records, with all copies."""
    return is_whole(request) and request.copies == "all"


def _names(connection: Connection) -> dict[int, str]:
    return {row.id: row.name for row in connection.execute(select(_P.id, _P.name))}


def _counted(
    store: Store, request: Request, column: ColumnElement[Any]
) -> list[tuple[str, int, int]]:
    some = None if request.query is not None else store.search.few(request)
    way = Way(wanted(request), store.database.dialect, among=some)
    key = column.label("key")
    with store.database.read() as connection:
        rows = connection.execute(way.counted(_R.repository_id, key)).all()
        names = _names(connection)
    found: Counter[tuple[str, int]] = Counter()
    for repository, value, number in rows:
        found[names[repository], value or 0] += number
    return [(name, value, number) for (name, value), number in sorted(found.items())]
