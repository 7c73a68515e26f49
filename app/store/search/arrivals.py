"""How many live records came on which day, by repository: kept with the stock, and set right.

When a record came never changes, nor whose it is. So what was counted when stock was taken is right
but for the records that are live now and were not then, or the other way round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    func,
    literal_column,
    select,
    type_coerce,
)

from app.store.dialects import Dialect
from app.store.search import bitmaps, columns
from app.store.search.broad import Broad
from app.store.search.stock import Stock
from app.store.search.tables import SHOWN, search
from app.store.search.ways import Wanted
from app.store.tables import records

MOST_MOVED = 20_000
"""Records that became live or ceased to be; where there are more, all are counted anew."""
_DAY_BITS = 20
DAY: ColumnElement[int] = literal_column("86400", BigInteger)
"""Seconds; written out, so that what is selected and what is grouped by are the same text."""
_R, _S = records.c, search.c
FIRST: ColumnElement[int] = type_coerce(_R.first_harvested_at, BigInteger) // DAY
"""The day on which a record came, in days since 1970, UTC."""
Days = Mapping[tuple[int, int], int]
"""By repository and day how many records came."""


def counted(connection: Connection) -> list[tuple[int, int]]:
    """Count all, to be kept."""
    query = _by_day().join(search, _S.record_id == _R.id).where(_S.shown == SHOWN)
    return [
        (owner << _DAY_BITS | day, number)
        for owner, day, number in connection.execute(query)
        if day is not None
    ]


def days(
    connection: Connection, dialect: Dialect, stock: Stock | None, wanted: Wanted
) -> Days | None:
    """Return when the records of a search for everything came; None where that is not known."""
    if stock is None:
        return None
    broad = Broad(connection, dialect, stock)
    now = broad.hits(wanted)
    before = bitmaps.resized(stock.bits(connection, columns.shown_as(SHOWN)), stock.size, now.size)
    gone, come = before & ~now.bits, now.bits & ~before
    if not broad.answers or gone.bit_count() + come.bit_count() > MOST_MOVED:
        return None
    found: Counter[tuple[int, int]] = Counter()
    for key, number in zip(*stock.arrivals, strict=True):
        found[key >> _DAY_BITS, key & (1 << _DAY_BITS) - 1] += number
    for bits, sign in ((gone, -1), (come, 1)):
        ids = bitmaps.numbers(bits, now.size)
        moved = list(_of(connection, dialect, ids))
        if sum(number for _, number in moved) != len(ids):
            return None
        for place, number in moved:
            found[place] += sign * number
    return {key: number for key, number in found.items() if number}


def _of(
    connection: Connection, dialect: Dialect, ids: list[int]
) -> Iterable[tuple[tuple[int, int], int]]:
    if ids:
        query = _by_day().where(dialect.among(_R.id, "ids"))
        for owner, day, number in connection.execute(query, {"ids": dialect.many_values(ids)}):
            yield (owner, day or 0), number


def _by_day() -> Select[Any]:
    query = select(_R.repository_id, FIRST.label("day"), func.count()).select_from(records)
    return query.group_by(_R.repository_id, "day")
