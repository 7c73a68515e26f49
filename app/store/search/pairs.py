"""Phrases of two words that very many records have: which records have which.

An index of words reads the places of both in all those records to answer such a phrase. Pairs of
the commonest words are few, so that a stock-taking can know all of them; of a pair that it does
not know there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise, product

from app.query.terms import number

PAIR, COMMON = "pair", "common"
OFTEN, MOST = 5, 48
"""A word is common if one record in so many has it; of more than so many, the commonest are."""
Pair = tuple[str, str]


def pair_number(pair: Pair) -> int:
    """Return the number under which the records are kept that have two words in a row."""
    return number(PAIR, " ".join(pair))


def common(counts: Counter[str], records: int) -> list[str]:
    """Return the common words; counts: how many of so many records have each."""
    return [word for word, times in counts.most_common(MOST) if times * OFTEN >= records]


def of(words: Collection[str]) -> frozenset[Pair]:
    """Return all pairs of words."""
    return frozenset((first, second) for first in words for second in words)


def in_order(words: Sequence[str]) -> set[Pair]:
    """Return the pairs that stand in a row of words."""
    return set(pairwise(words))


def by_places(words: Iterable[tuple[str, str]], wanted: frozenset[str]) -> set[Pair]:
    """Return the pairs of wanted words, each a field's letter and a word, by their places.

    Places are those of PostgreSQL's text of a tsvector: `:3A,17`.
    """
    at: dict[tuple[str, int], list[str]] = {}
    for word, places in words:
        if word[1:] in wanted:
            for place in places.strip(": ").split(","):
                at.setdefault((word[0], int(place.rstrip("ABCD"))), []).append(word[1:])
    return {
        pair
        for (letter, place), first in at.items()
        for pair in product(first, at.get((letter, place + 1), ()))
    }
