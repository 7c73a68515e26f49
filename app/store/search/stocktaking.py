"""Taking stock: which records have which value or frequent word, written down now and then.

A stock-taking reads one snapshot and takes no lock while it reads. What comes, changes or goes is
marked in the transaction that does it; a mark goes only with a stock-taking that saw it. What was
taken is never changed, so that processes may hold it; a newer one takes its place as a
whole.
"""

from __future__ import annotations

import secrets
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, delete, func, insert, select

from app.query.terms import COUNTED, FACETS, MANY, facet_of, number
from app.store.database import Database
from app.store.dialects import Dialect
from app.store.search import arrivals, bitmaps, words
from app.store.search.columns import PUBLISHED, YEAR, column_values
from app.store.search.pairs import COMMON
from app.store.search.stock import ARRIVALS, Stock, link_values, rare_of
from app.store.search.tables import facet_lists, facet_marks, facet_postings, facet_stock, search
from app.store.search.writing import unpacked

FEWEST = 16
"""Records that a value must have for its records to be written down."""
WORTH_IT = 5_000
"""Records from which on it is worth to take stock at all."""
STALE = 20
"""Stock is taken anew once one in so many has changed or come."""
MOST_IDLE = 10_000
"""Marks that may lie about where no stock is taken."""
_ALWAYS = frozenset(number(name, value) for name in FACETS for value in ("none", "other"))
_LARGEST_ID, _LUCK = 1 << 32, 24
_BATCH, _PIECE = 10_000, 2_000
_LONG = MANY - {"year"}
"""Facets of which rare values are left out; years are listed by their order, so all of them."""
_S = search.c
Records = Mapping[int, "array[int]"]


class Seen(Struct, frozen=True):
    """What a stock-taking saw.

    known: numbers of the records; having: records of each value that is counted; columns: and of
    what searches ask of the row; years: how many were published in each; arrivals: came when.
    """

    before: int | None
    size: int
    known: array[int]
    having: Records
    columns: Records
    years: Mapping[int, int]
    words: words.Known
    arrivals: list[tuple[int, int]]
    marks: tuple[int, ...]


class Stopped(Exception):
    """The process is to end: what was looked at so far is let go."""


def tend(database: Database, stop: Callable[[], bool] = lambda: False) -> bool:
    """Take stock if much has changed since it was last done; tell whether it was.

    stop: asked again and again whether the process is to end; stock is not taken then.
    """
    with database.read() as connection:
        due, idle = _is_due(connection), _is_idle(connection)
    if idle:
        with database.write() as connection:
            connection.execute(delete(facet_marks))
    try:
        return due and take(database, _heeding(stop))
    except Stopped:
        return False


def _heeding(stop: Callable[[], bool]) -> Callable[[], None]:
    def heed() -> None:
        if stop():
            raise Stopped

    return heed


def take(database: Database, heed: Callable[[], None] = lambda: None) -> bool:
    """Take stock; tell whether it holds now: of two at once only the first does.

    heed: called now and then; what it raises ends it, and the stock before still holds.
    """
    with database.read() as connection:
        seen = _look(connection, database.dialect, heed)
    if seen is None:
        return False
    taking = ((seen.before or 0) >> _LUCK) + 1 << _LUCK | secrets.randbits(_LUCK)
    for piece in _pieces(_postings(seen, taking), _PIECE):
        heed()
        with database.write() as connection:
            connection.execute(insert(facet_postings), piece)
    holds = _settle(database, seen, taking)
    _sweep(database)
    return holds


def forget(connection: Connection) -> None:
    """Let all be counted row by row again, until stock is taken."""
    connection.execute(delete(facet_stock))


def _is_due(connection: Connection) -> bool:
    many = connection.execute(select(func.count()).select_from(search)).scalar_one()
    if many < WORTH_IT:
        return False
    stock = connection.execute(select(facet_stock)).first()
    if stock is None:
        return True
    marked = select(func.count(facet_marks.c.record_id.distinct()))
    changed = connection.execute(marked).scalar_one()
    came = many - bitmaps.unpacked_bits(stock.known).bit_count()
    return bool(max(changed, abs(came)) * STALE > many)


def _is_idle(connection: Connection) -> bool:
    """Tell whether marks are of no use: there is no stock, nor will there be one soon."""
    many = connection.execute(select(func.count()).select_from(search)).scalar_one()
    marked = select(func.count()).select_from(facet_marks)
    few = many < WORTH_IT // 2 and connection.execute(select(facet_stock.c.id)).first() is None
    return few and bool(connection.execute(marked).scalar_one() > MOST_IDLE)


def _look(connection: Connection, dialect: Dialect, heed: Callable[[], None]) -> Seen | None:
    """Read all rows as they lie; None if there are none, or their numbers are too large."""
    highest = connection.execute(select(func.max(_S.record_id))).scalar()
    if highest is None or highest >= _LARGEST_ID:
        return None
    before = connection.execute(select(facet_stock.c.taking)).scalar()
    marks = connection.execute(select(facet_marks.c.id, facet_marks.c.record_id)).all()
    known, having, few, rows = array("I"), _Having(), _Having(), _Having()
    linked = _Having()
    read = connection.execution_options(stream_results=True).execute(
        select(_S.record_id, _S.few, _S.many, _S.linked, _S.shown, _S.preferred, _S.properties,
               _S.published)
    )  # fmt: skip
    for part in read.partitions(_BATCH):
        heed()
        for record, some, many, links, *row in part:
            known.append(record)
            few[some].append(record)
            linked[links].append(record)
            rows[tuple(row)].append(record)
            for value in unpacked(many) if many else ():
                having[value].append(record)
    _spread(having, ((unpacked(some) if some else (), found) for some, found in few.items()))
    _spread(having, ((link_values(bits), found) for bits, found in linked.items()))
    columns, years, size = _Having(), Counter[int](), highest + 1
    _spread(columns, ((column_values(*row), found) for row, found in rows.items()))
    for row, found in rows.items():
        years[row[-1] // YEAR] += len(found)
    held = Stock(connection, dialect, before) if before else None
    now = words.Now(size, known, _changed(held, known, size, {row.record_id for row in marks}))
    found = words.taken(connection, dialect, held.words_before() if held else None, now, heed)
    ids = tuple(row.id for row in marks)
    return Seen(
        before, size, known, having, columns, years, found, arrivals.counted(connection), ids
    )  # fmt: skip


def _changed(held: Stock | None, known: array[int], size: int, marked: set[int]) -> frozenset[int]:
    """Return the records that are not as the stock before knew them."""
    if held is None:
        return frozenset()
    most = max(size, held.size)
    old = bitmaps.resized(held.known, held.size, most)
    return frozenset(marked.union(bitmaps.numbers(old ^ bitmaps.of(known, most), most)))


class _Having(dict[Any, Any]):
    def __missing__(self, value: Any) -> array[int]:
        found = self[value] = array("I")
        return found


def _spread(having: _Having, given: Iterable[tuple[Iterable[int], array[int]]]) -> None:
    for values, found in given:
        for value in values:
            having[value].extend(found)


def _is_kept(value: int, found: array[int]) -> bool:
    return len(found) >= FEWEST or value in _ALWAYS or facet_of(value) not in _LONG


def _postings(seen: Seen, taking: int) -> Iterator[dict[str, Any]]:
    for value, found in seen.having.items():
        if _is_kept(value, found):
            body = bitmaps.packed(sorted(found), seen.size)
            yield {"taking": taking, "value_id": value, "body": body}
    for value, found in seen.columns.items():
        body = bitmaps.packed(sorted(found), seen.size)
        yield {"taking": taking, "value_id": value, "body": body}
    for name, rare in _rare(seen).items():
        body = bitmaps.packed(rare, seen.size)
        yield {"taking": taking, "value_id": rare_of(name), "body": body}
    for value, body in seen.words.bodies.items():
        yield {"taking": taking, "value_id": value, "body": body}


def _rare(seen: Seen) -> Mapping[str, int]:
    """Return for each facet the bitmap of the records that have a value which is left out."""
    found: dict[str, bytearray] = {}
    for value, having in seen.having.items():
        if not _is_kept(value, having):
            name = facet_of(value)
            if name not in found:
                found[name] = bitmaps.places(seen.size)
            bitmaps.put(found[name], having)
    return {name: bitmaps.of_places(places) for name, places in found.items()}


def _lists(seen: Seen, taking: int) -> list[dict[str, Any]]:
    kept: dict[str, list[tuple[int, int]]] = {name: [] for name in COUNTED}
    others = dict.fromkeys(COUNTED, 0)
    for value, found in seen.having.items():
        name = facet_of(value)
        if _is_kept(value, found):
            kept[name].append((value, len(found)))
        else:
            others[name] = max(others[name], len(found))
    pairs = {
        name: sorted(some, key=lambda pair: (-pair[1], pair[0])) for name, some in kept.items()
    }
    pairs[PUBLISHED] = sorted(seen.years.items())
    bodies = {name: bitmaps.packed_counts(some) for name, some in pairs.items()}
    bodies[ARRIVALS] = bitmaps.packed_counts(sorted(seen.arrivals))
    bodies[words.WORD] = bitmaps.packed_words(list(seen.words.words.items()))
    bodies[COMMON] = bitmaps.packed_words(list(seen.words.common.items()))
    bodies[words.START] = bitmaps.packed_words(list(seen.words.starts.items()))
    return [
        {"taking": taking, "facet": name, "others": others.get(name, 0), "body": body}
        for name, body in bodies.items()
    ]


def _settle(database: Database, seen: Seen, taking: int) -> bool:
    """Let a stock-taking hold, unless another one did meanwhile."""
    known = bitmaps.packed_bits(bitmaps.of(seen.known, seen.size))
    with database.write() as connection:
        held = connection.execute(select(facet_stock.c.taking).with_for_update()).scalar()
        if held != seen.before:
            return False
        connection.execute(delete(facet_stock))
        connection.execute(
            insert(facet_stock),
            {"id": 1, "taking": taking, "size": seen.size, "known": known,
             "words": seen.words.records},
        )  # fmt: skip
        connection.execute(insert(facet_lists), _lists(seen, taking))
        for piece in _pieces(seen.marks, _PIECE):
            there = database.dialect.among(facet_marks.c.id, "ids")
            ids = {"ids": database.dialect.many_values(piece)}
            connection.execute(delete(facet_marks).where(there), ids)
    return True


def _sweep(database: Database) -> None:
    """Delete what is left of earlier stock-takings, a piece a transaction.

    One that began after this one has a higher number, and is left alone.
    """
    with database.read() as connection:
        held = connection.execute(select(facet_stock.c.taking)).scalar()
    other = facet_postings.c.taking < held
    while True:
        with database.write() as connection:
            some = select(facet_postings.c.value_id).where(other).limit(_PIECE)
            gone = delete(facet_postings).where(other, facet_postings.c.value_id.in_(some))
            if not connection.execute(gone).rowcount:
                connection.execute(delete(facet_lists).where(facet_lists.c.taking < held))
                return


def _pieces(given: Iterable[Any], most: int) -> Iterator[list[Any]]:
    left = iter(given)
    while piece := list(islice(left, most)):
        yield piece
