"""The best of what a search finds, by relevance, where the stock knows frequent words.

Few results are weighed by the database, but for the frequent words among those asked for: what
these add is told by the fields they are in, which the stock knows. So are many results weighed, by
all their words, and all of them: they part into groups of the same weight, the heaviest first.
A record that came since stock was taken stands among many results as if it had no words but those
in its description.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from sqlalchemy import Connection

from app.query import Words
from app.store.dialects import Dialect, Sqlite
from app.store.search import bitmaps
from app.store.search.broad import Broad, Hits
from app.store.search.matching import positive
from app.store.search.results import BEST
from app.store.search.ways import WEIGHTS, Wanted, most_ranked, weighed

MOST_WORDS = 4
"""Words that are weighed, the rarest, where there are more."""
_SCALE_OF_POSTGRES = 0.02
"""What a frequent word counts there beside what the database says of the others."""
_LEVELS = (("title",), ("creator", "subject"), ("publisher",))
_K = 1.2
Level = tuple[float, int]
"""A weight, and the bitmap of the records that a word is so much worth in."""
Row = tuple[float, int]


class Ranking:
    """Puts what a search finds in order."""

    def __init__(
        self, connection: Connection, dialect: Dialect, broad: Broad, wanted: Wanted, hits: Hits
    ) -> None:
        self._connection, self._dialect = connection, dialect
        self._broad, self._wanted, self._hits = broad, wanted, hits

    def best(self) -> list[Row]:
        """Return the best (rank, number), best first; rank counts down, ties go by number."""
        words = list(dict.fromkeys(positive(self._wanted.tree)))
        asked = self._broad.asked(self._wanted.tree)
        if asked is None or self._hits.total > most_ranked(self._dialect):
            return self._by_groups(words)
        ids = bitmaps.numbers(self._hits.bits, self._hits.size)
        ranks = dict.fromkeys(ids, 0.0)
        ranks |= weighed(self._connection, self._dialect, asked, ids)
        known = [word for word in words if self._broad.known(word) is not None]
        scale = 1.0 if isinstance(self._dialect, Sqlite) else _SCALE_OF_POSTGRES
        for weight, bits in self._levels(known):
            for number in bitmaps.numbers(bits, self._hits.size):
                ranks[number] -= weight * scale
        return sorted((rank, number) for number, rank in ranks.items())[:BEST]

    def _by_groups(self, words: list[Words]) -> list[Row]:
        groups = [(0.0, self._hits.bits)]
        for levels in self._by_word(words):
            groups = list(_parted(groups, levels))
        found: list[Row] = []
        for rank, bits in sorted(groups, key=lambda group: group[0]):
            left = BEST - len(found)
            found += [(rank, one) for one in bitmaps.numbers(bits, self._hits.size, left)]
            if len(found) == BEST:
                break
        return found

    def _levels(self, words: list[Words]) -> Iterator[Level]:
        for levels in self._by_word(words):
            yield from levels

    def _by_word(self, words: list[Words]) -> Iterator[list[Level]]:
        """Yield what each word is worth, the rarest words first."""
        stock = self._broad.stock
        known = [(self._broad.of(word), word) for word in words]
        for own, word in sorted(known, key=lambda one: one[0].bit_count())[:MOST_WORDS]:
            times, size = own.bit_count(), stock.known.bit_count()
            rare = log(1 + (size - times + 0.5) / (times + 0.5))
            left = bitmaps.resized(own, stock.size, self._hits.size) & self._hits.bits
            levels: list[Level] = []
            for fields in _LEVELS if word.field == "" else ():
                there = 0
                for field in fields:
                    there |= self._broad.in_field(word, field)
                bits = bitmaps.resized(there, stock.size, self._hits.size) & left
                left &= ~bits
                levels.append((rare * _worth(WEIGHTS[fields[0]]), bits))
            yield [*levels, (rare * _worth(WEIGHTS.get(word.field, 1.0)), left)]


def _worth(weight: float) -> float:
    """Return what one word of a field counts: the more, the less each further one adds."""
    return weight * (_K + 1) / (weight + _K)


def _parted(groups: list[Level], levels: list[Level]) -> Iterator[Level]:
    """Part groups by what a word is worth in their records."""
    for rank, bits in groups:
        for weight, those in levels:
            if some := bits & those:
                yield rank - weight, some
                bits ^= some
        if bits:
            yield rank, bits
