"""Which words many records have, and which records those are, as a stock-taking writes it down.

The words are chosen by a look at some records; their records are found by a look at all. From then
on only what came or changed is looked at, until there are twice as many records as at the choice.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec
import zstandard
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, select

from app.query import Words
from app.query.indexing import APART, TEXTS
from app.query.terms import GAP, number
from app.store.dialects import Dialect, Sqlite
from app.store.search import bitmaps, pairs
from app.store.search.numbers import of_index
from app.store.search.tables import facet_postings, search_texts
from app.store.search.writing import LETTERS, MOST_UNPACKED

FIELDS = ("title", "creator", "subject", "publisher")
"""Fields of which it is known besides in which records they have a word."""
WORD, START = "word", "word*"
FREQUENT, OFTEN = 400, 8
"""A word is kept if one record in so many has it, the beginning of words if one in so many."""
SAMPLE, FEWEST = 4_000, 10
MOST_WORDS, MOST_STARTS = 6_000, 600
LENGTHS = (3, 4)
"""Characters of beginnings."""
GROWN, MOST_NEW = 2, 2_000
"""Words are chosen again at so many times the records; more new ones are found by a look at all."""
_BATCH, _SPAN, _DENSE = 1_000, 65_536, 64
_ANYWHERE = tuple(place for place, name in enumerate(TEXTS) if name not in APART)
_PLACES = tuple(TEXTS.index(name) for name in FIELDS)
_LETTERS_ANYWHERE = frozenset(LETTERS[place] for place in _ANYWHERE)
_T, _P = search_texts.c, facet_postings.c
Having = int | Sequence[int]
Said = tuple[set[str], tuple[set[str], ...], set[pairs.Pair]]
"""The words of a record in any field that is searched by bare words, those of FIELDS, and pairs."""
Told = tuple[int, Said]
"""A record, and its words."""


class Known(Struct, frozen=True):
    """What a stock-taking knows of words. records: how many there were when they were chosen."""

    records: int
    words: dict[str, int]
    """How many records have each."""
    starts: dict[str, int]
    common: dict[str, int]
    """Words of which it is known, too, which records have any two in a row."""
    bodies: dict[int, bytes]
    """Their records, packed, by the number of word and field, of start or of pair."""


class Before(Struct, frozen=True):
    """What the stock-taking before knew."""

    taking: int
    size: int
    records: int
    words: Collection[str]
    starts: Collection[str]
    common: Collection[str] | None
    """None: it knew no pairs."""


class Now(Struct, frozen=True):
    """The records that there are. changed: those that are not as the stock before knew them."""

    size: int
    known: array[int]
    changed: frozenset[int]


def word_number(word: str, field: str = "") -> int:
    """Return the number under which the records are kept that have a word."""
    return number(f"{WORD}:{field}", word)


def start_number(start: str) -> int:
    """Return the number under which the records are kept that have a word so begun."""
    return number(START, start)


def taken(
    connection: Connection, dialect: Dialect, before: Before | None, now: Now,
    heed: Callable[[], None],
) -> Known:  # fmt: skip
    """Return which records have the words that many have. heed: called now and then; may raise."""
    wanted, records, new = _wanted(connection, dialect, before, now.known)
    gathered = _Gathered(wanted, now.size)
    told = partial(_told, connection, dialect, frozenset(wanted.common))
    if before is None or wanted.common != before.common or len(new) > MOST_NEW:
        gathered.look(told(None), heed)
        return gathered.words(records)
    present = now.changed.intersection(now.known)
    gathered.look(told(sorted(present)), heed)
    kept = _kept(connection, dialect, before, gathered.numbers)
    gathered.add_kept(kept, before.size, set(now.changed))
    for one in new:
        heed()
        gathered.put(one, of_index(connection, dialect, gathered.node(one)))
    return gathered.words(records)


class _Wanted(Struct, frozen=True):
    """The words and beginnings of which the records are wanted."""

    words: Collection[str]
    starts: Collection[str]
    common: Collection[str]


def _wanted(
    connection: Connection, dialect: Dialect, before: Before | None, known: Sequence[int]
) -> tuple[_Wanted, int, list[int]]:
    """Return what is wanted, of how many records it was chosen, and which numbers are new."""
    if before is not None and before.common is not None and len(known) <= before.records * GROWN:
        return _Wanted(before.words, before.starts, before.common), before.records, []
    wanted = _chosen(connection, dialect, known)
    if before is None:
        return wanted, len(known), []
    new = [word_number(one, field) for one in set(wanted.words).difference(before.words)
           for field in ("", *FIELDS)]  # fmt: skip
    new += [start_number(one) for one in set(wanted.starts).difference(before.starts)]
    return wanted, len(known), new


def _chosen(connection: Connection, dialect: Dialect, known: Sequence[int]) -> _Wanted:
    """Return what seems to be in many records."""
    some = known[:: max(1, len(known) // SAMPLE)]
    words: Counter[str] = Counter()
    starts: Counter[str] = Counter()
    for _, (anywhere, _, _) in _told(connection, dialect, frozenset(), some):
        words.update(anywhere)
        for length in LENGTHS:
            starts.update({word[:length] for word in anywhere if len(word) >= length})
    del words[GAP]
    return _Wanted(
        _most(words, max(FEWEST, len(some) // FREQUENT), MOST_WORDS),
        _most(starts, max(FEWEST, len(some) // OFTEN), MOST_STARTS),
        sorted(pairs.common(words, len(some))),
    )


def _most(counts: Counter[str], fewest: int, most: int) -> list[str]:
    return [word for word, times in counts.most_common(most) if times >= fewest]


class _Gathered:
    """The records of words, as they are seen: lists, and bitmaps once these are shorter."""

    def __init__(self, wanted: _Wanted, size: int) -> None:
        self._size = size
        self._words, self._starts = frozenset(wanted.words), frozenset(wanted.starts)
        self._common, self._pairs = wanted.common, pairs.of(wanted.common)
        self._lengths = sorted({len(start) for start in self._starts})
        self._by_field: tuple[dict[str, array[int]], ...] = tuple(
            {word: array("I") for word in self._words} for _ in ("", *FIELDS)
        )
        self._by_start = {start: array("I") for start in self._starts}
        self._by_pair = {pair: array("I") for pair in self._pairs}
        self._nodes = {
            **{word_number(word, field): Words(field, (word,)) for word in self._words
               for field in ("", *FIELDS)},
            **{start_number(start): Words("", (start,), open=True) for start in self._starts},
            **{pairs.pair_number(pair): Words("", pair) for pair in self._pairs},
        }  # fmt: skip
        self._dense: dict[int, int] = {}

    @property
    def numbers(self) -> Collection[int]:
        """The numbers of all that is wanted."""
        return self._nodes.keys()

    def look(self, told: Iterable[Told], heed: Callable[[], None]) -> None:
        """Take the words of records, which come ascending."""
        full = _SPAN
        for record, (anywhere, fields, phrases) in told:
            if not record % _BATCH:
                heed()
            if record >= full:
                self._shorten()
                full = record + _SPAN
            for place, words in enumerate((anywhere, *fields)):
                lists = self._by_field[place]
                for word in words & self._words:
                    lists[word].append(record)
            for length in self._lengths:
                for start in {word[:length] for word in anywhere} & self._starts:
                    self._by_start[start].append(record)
            for pair in phrases & self._pairs:
                self._by_pair[pair].append(record)
        self._shorten()

    def add_kept(self, kept: Iterable[tuple[int, Having]], size: int, gone: set[int]) -> None:
        """Take what was known before, but for records of which it holds no more."""
        lost = {one for one in gone if one < size}
        still = bitmaps.resized(~bitmaps.of(lost, size), size, self._size)
        for one, having in kept:
            if isinstance(having, int):
                bits = bitmaps.resized(having, size, self._size) & still
                self._dense[one] = self._dense.get(one, 0) | bits
            elif lost:
                here = array("I", [record for record in having if record not in lost])
                self._list(one)[:] = array("I", sorted(here + self._list(one)))
            else:
                self._list(one)[:0] = array("I", having)

    def node(self, one: int) -> Words:
        """Return the query for the records of a number."""
        return self._nodes[one]

    def put(self, one: int, records: Sequence[int]) -> None:
        """Take all records of a number, as the index tells them."""
        self._dense.pop(one, None)
        self._list(one)[:] = array("I", records)

    def words(self, records: int) -> Known:
        """Return all that was gathered."""
        counts: dict[int, int] = {}
        bodies: dict[int, bytes] = {}
        for one in self._nodes:
            found, bits = self._list(one), self._dense.pop(one, 0)
            if bits and found:
                bits |= bitmaps.of(found, self._size)
            counts[one] = bits.bit_count() if bits else len(found)
            if counts[one]:
                bodies[one] = bitmaps.packed(bits or found, self._size)
        words = {word: counts[word_number(word)] for word in sorted(self._words)}
        starts = {start: counts[start_number(start)] for start in sorted(self._starts)}
        common = {word: words.get(word, 0) for word in self._common}
        return Known(records, words, starts, common, bodies)

    def _shorten(self) -> None:
        """Make bitmaps of long lists."""
        for one in self._nodes:
            found = self._list(one)
            span = found[-1] - found[0] + 1 if found else 0
            if len(found) * _DENSE > span > _DENSE:
                first, last = found[0], found[-1]
                bits = bitmaps.of([each - first for each in found], span)
                self._dense[one] = self._dense.get(one, 0) | bits << (self._size - 1 - last)
                del found[:]

    def _list(self, one: int) -> array[int]:
        node = self._nodes[one]
        if node.open:
            return self._by_start[node.words[0]]
        if len(node.words) > 1:
            return self._by_pair[node.words[0], node.words[1]]
        return self._by_field[("", *FIELDS).index(node.field)][node.words[0]]


def _kept(
    connection: Connection, dialect: Dialect, before: Before, numbers: Iterable[int]
) -> Iterator[tuple[int, Having]]:
    query = select(_P.value_id, _P.body).where(
        _P.taking == before.taking, dialect.among(_P.value_id, "ids")
    )
    wanted = list(numbers)
    for at in range(0, len(wanted), _BATCH):
        ids = {"ids": dialect.many_values(wanted[at : at + _BATCH])}
        for value, body in connection.execute(query, ids):
            yield value, bitmaps.unpacked(body)


# ── what records say ─────────────────────────────────────────────────────────────────────────


def _told(
    connection: Connection, dialect: Dialect, common: frozenset[str], ids: Sequence[int] | None
) -> Iterator[Told]:
    """Yield the words of some records, or of all, ascending; pairs: of common words."""
    sqlite = isinstance(dialect, Sqlite)
    read = _of_sqlite(common) if sqlite else _of_postgres(common)
    plain = _T.body if common else func.strip(_T.body)
    body: ColumnElement[Any] = _T.body if sqlite else cast(plain, Text)
    query = select(_T.record_id, body).order_by(_T.record_id)
    for record, kept in _rows(connection, dialect, query, ids):
        if kept:
            yield record, read(kept)


def _rows(
    connection: Connection, dialect: Dialect, query: Select[Any], ids: Sequence[int] | None
) -> Iterator[Any]:
    if ids is None:
        streamed = connection.execution_options(stream_results=True)
        for part in streamed.execute(query).partitions(_BATCH):
            yield from part
        return
    some = query.where(dialect.among(_T.record_id, "ids"))
    for at in range(0, len(ids), _BATCH):
        given = {"ids": dialect.many_values(list(ids[at : at + _BATCH]))}
        yield from connection.execute(some, given).all()


def _of_sqlite(common: frozenset[str]) -> Callable[[bytes], Said]:
    unpack = zstandard.ZstdDecompressor().decompress
    decode = msgspec.json.Decoder(list[str]).decode

    def read(body: bytes) -> Said:
        texts = decode(unpack(body, max_output_size=MOST_UNPACKED))
        anywhere = f" {GAP} ".join([texts[place] for place in _ANYWHERE]).split()
        phrases = pairs.in_order(anywhere) if common else set()
        fields = tuple([set(texts[place].split()) for place in _PLACES])
        return set(anywhere), fields, phrases

    return read


def _of_postgres(common: frozenset[str]) -> Callable[[str], Said]:
    def read(body: str) -> Said:
        """Each word stands in quotes, after the letter of its field; its places follow."""
        parts = body.split("'")
        given = parts[1::2]
        fields = tuple([{one[1:] for one in given if one[0] == LETTERS[p]} for p in _PLACES])
        anywhere = [one for one in given if one[0] in _LETTERS_ANYWHERE]
        phrases = set()
        if common:
            whole = zip(given, parts[2::2], strict=True)
            placed = ((one, at) for one, at in whole if one[0] in _LETTERS_ANYWHERE)
            phrases = pairs.by_places(placed, common)
        return {one[1:] for one in anywhere}, fields, phrases

    return read
