"""How rich the descriptions of a search's records are, counted by the stock.

Bitmaps of properties meet those of what is found; what came or changed since the stock was taken is
counted from its rows, so that counts are exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import Connection, func, select

from app.datacite import completeness
from app.datacite.completeness import BITS, HIGH
from app.query.terms import number
from app.store.dialects import Dialect
from app.store.search import bitmaps, columns, facets
from app.store.search.broad import Broad
from app.store.search.stock import Stock
from app.store.search.tables import search
from app.store.search.ways import Wanted
from app.store.tables import records, repositories

_S, _R, _P = search.c, records.c, repositories.c


class Member(Struct):
    """A repository's records in view: how many, how many are rich, and their points in all."""

    records: int = 0
    rich: int = 0
    points: int = 0


class Described(Struct, frozen=True):
    """How many records there are, how many have each property, and so by repository."""

    records: int
    there: Mapping[str, int]
    members: Mapping[str, Member]


def of_masks(masks: list[tuple[str, int, int]]) -> Described:
    """Return what repository, properties and number of records come to."""
    members: dict[str, Member] = {}
    for name, mask, times in masks:
        mine = members.setdefault(name, Member())
        mine.records += times
        mine.points += completeness.points(mask) * times
        if completeness.band(completeness.score(mask)) == HIGH:
            mine.rich += times
    there = completeness.counted((mask, times) for _, mask, times in masks)
    return Described(sum(times for _, _, times in masks), there, members)


def described(
    connection: Connection, dialect: Dialect, stock: Stock | None, wanted: Wanted
) -> Described | None:
    """Return how what is found is described; None where the stock is of no use for it."""
    if stock is None:
        return None
    broad = Broad(connection, dialect, stock)
    hits = broad.hits(wanted)
    if not broad.answers or hits.total < max(facets.BROAD, hits.size // facets.BROAD_SHARE):
        return None
    marked = bitmaps.of([one for one in broad.marked if one < stock.size], stock.size)
    old = bitmaps.resized(hits.bits, hits.size, stock.size) & stock.known & ~marked
    others = hits.bits & ~bitmaps.resized(old, stock.size, hits.size)
    by_stock = _Members(connection, stock, old)
    others |= bitmaps.resized(by_stock.left, stock.size, hits.size)
    rest = _by_rows(connection, dialect, bitmaps.numbers(others, hits.size))
    return _both(by_stock.described(), of_masks(rest))


class _Members:
    """Records that the stock knows, by repository; left: those of repositories it leaves out."""

    def __init__(self, connection: Connection, stock: Stock, bits: int) -> None:
        self._connection, self._stock = connection, stock
        self._of: dict[str, int] = {}
        self.left = bits
        for name in connection.execute(select(_P.name).order_by(_P.id)).scalars():
            mine = bits & self._bits(number("repository", name))
            if mine:
                self._of[name] = mine
                self.left &= ~mine
        self._bits_of_all = bits & ~self.left

    def described(self) -> Described:
        there, members = dict.fromkeys(BITS, 0), {name: Member() for name in self._of}
        for key in BITS:
            having = self._bits(columns.has(key)) & self._bits_of_all
            there[key] = having.bit_count()
            points = completeness.points(BITS[key])
            for name, mine in self._of.items() if points else ():
                members[name].points += points * (having & mine).bit_count()
        rich = self._bits(number("quality", HIGH))
        for name, mine in self._of.items():
            members[name].records = mine.bit_count()
            members[name].rich = (mine & rich).bit_count()
        return Described(self._bits_of_all.bit_count(), there, members)

    def _bits(self, value: int) -> int:
        return self._stock.bits(self._connection, value)


def _by_rows(
    connection: Connection, dialect: Dialect, ids: list[int]
) -> list[tuple[str, int, int]]:
    if not ids:
        return []
    source = search.join(records, _R.id == _S.record_id).join(
        repositories, _P.id == _R.repository_id
    )
    query = select(_P.name, _S.properties, func.count()).select_from(source)
    query = query.where(dialect.among(_S.record_id, "ids")).group_by(_P.name, _S.properties)
    rows = connection.execute(query, {"ids": dialect.many_values(ids)})
    return [(name, mask, times) for name, mask, times in rows]


def _both(one: Described, other: Described) -> Described:
    there = Counter(one.there)
    there.update(other.there)
    members = dict(one.members)
    for name, more in other.members.items():
        mine = members.setdefault(name, Member())
        mine.records += more.records
        mine.rich += more.rich
        mine.points += more.points
    return Described(one.records + other.records, there, members)
