"""Exact values as they are indexed: a number for each value of a field, and a word for the number.

The number of a value that is counted says in its last bits what it is a value of, so that counted
numbers are told apart without a look-up: four bits for a facet, two more for what else is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct

FACETS = (
    "repository", "type", "year", "license", "access", "language", "subject", "creator", "funder",
    "affiliation", "linked", "object", "schema", "quality",
)  # fmt: skip
"""The facets, in the order in which they are shown."""
FURTHER = ("publisher", "format", "resource_type")
"""What is counted besides, without being a facet: asked for by its field of the language alone."""
COUNTED = (*FACETS, *FURTHER)
"""All whose values are counted."""
LINKED = ("references", "citations", "parts", "versions", "article", "data")
"""Values of the facet `linked`, in the order of their bits; `none` is no bit."""
MANY = frozenset(("repository", "year", "subject", "creator", "funder", "affiliation", *FURTHER))
"""What has many values; those of the other facets come in few combinations, counted as one."""
STORED_FACETS = tuple(name for name in COUNTED if name != "linked")
"""Those whose values stand in a record's row as numbers."""
TERM_FIELDS = frozenset((*STORED_FACETS, "set", "relation", "to", "orcid", "ror")) - {"year"}
"""Fields whose exact values are words of the index."""
CODE_BITS = 4
_FURTHER_BITS, _FURTHER, _OTHER = 2, 14, 15
_LAST = {name: (CODE_BITS, code) for code, name in enumerate(FACETS)} | {
    name: (CODE_BITS + _FURTHER_BITS, code << CODE_BITS | _FURTHER)
    for code, name in enumerate(FURTHER)
}
"""By what is counted: how many last bits of its numbers tell that, and what stands there."""
_SIGN = 1 << 63
MARK = "_"
"""The first character of a word that stands for an exact value, which no folded word has."""
GAP = "_"
"""A word that stands between two values, so that no phrase goes across."""
_DOI = "_d"
_WHOLE = "_w"


Value = tuple[str, str, str]
"""Field, value as it is compared, value as it is shown."""
Name = tuple[int, str, str, str]
"""Number, field, value and label."""


class Counted(Struct, frozen=True):
    """Values of a record that are counted, as the index keeps them."""

    few: tuple[int, ...] = ()
    """Numbers of those of facets that have few values."""
    many: tuple[int, ...] = ()
    """Numbers of those of facets that have many."""
    names: tuple[Name, ...] = ()
    words: tuple[str, ...] = ()


def counted(values: Iterable[Value], most: int | None = None) -> Counted:
    """Return values with their numbers and words, each once, and not more than so many."""
    names: dict[int, Name] = {}
    words, few = [], []
    for field, value, label in values:
        number, word = numbered(field, value)
        if number in names:
            continue
        if len(names) == most:
            break
        names[number] = (number, field, value, label)
        words.append(word)
        if field not in MANY:
            few.append(number)
    many = [number for number in names if number not in few] if few else names
    return Counted(tuple(few), tuple(many), tuple(names.values()), tuple(words))


@lru_cache(1 << 17)
def numbered(field: str, value: str) -> tuple[int, str]:
    """Return the number of a value of a field, of 64 bits with a sign, and its word."""
    bits, code = _LAST.get(field, (CODE_BITS, _OTHER))
    found = int.from_bytes(_digest(field, value), "big") >> bits << bits | code
    return found - (1 << 64) if found & _SIGN else found, f"{MARK}{found:x}"


def once(field: str, value: str) -> str:
    """Return the word for a value of few records, which is not remembered; of no counted field."""
    return f"{MARK}{_digest(field, value).hex()[:-1].lstrip('0')}{_OTHER:x}"


def _digest(field: str, value: str) -> bytes:
    return blake2b(f"{field}\0{value}".encode("utf-8", "replace"), digest_size=8).digest()


def number(field: str, value: str) -> int:
    """Return the number of a value of a field."""
    return numbered(field, value)[0]


def facet_of(number: int) -> str:
    """Return the facet, or what else is counted, whose value has a number."""
    code = number & ((1 << CODE_BITS) - 1)
    if code == _FURTHER:
        return FURTHER[number >> CODE_BITS & ((1 << _FURTHER_BITS) - 1)]
    return FACETS[code]


def term(field: str, value: str) -> str:
    """Return the word of the index that stands for a value of a field."""
    return numbered(field, value)[1]


def doi_term(name: str) -> str:
    """Return the word for a DOI, bare and lower-case; of its beginning, the word's beginning."""
    return _DOI + name.encode("utf-8", "replace").hex()


def whole_title(folded: str) -> str:
    """Return the word for a whole title of folded words."""
    return _WHOLE + once("title", folded)[1:]
