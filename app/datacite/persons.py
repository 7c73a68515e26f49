"""Divides the name of a person into family and given name, where its form leaves no doubt.

"Family, Given" and "Family A.B." are such forms; "Given Family" and names of one word are not.
"""

from __future__ import annotations

import re

from msgspec import Struct

from app.datacite.name_trims import is_initials
from app.datacite.name_words import GENERATIONS, PARTICLES, ROMAN


class Person(Struct, frozen=True):
    """The two parts of a name; either may be empty, not both."""

    family: str
    given: str


MOST_BEFORE, MOST_AFTER = 4, 5
SHORTEST_WORD = 4
MOST_CAPITALS = 6
_SHORTENED = frozenset(("thos", "chas", "benj", "robt", "alex", "margt", "nich"))
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_FULL = re.compile(r"[^\W\d_][\w'’.-]*(?:\s+[^\W\d_][\w'’.-]*)?")
_IMPOSSIBLE = re.compile(r"[0-9/&:;@=*!?\"<>\[\]{}|\\]")
_BEHIND = re.compile(
    r"((?:[^\W\d_A-Z]+\s+){0,3}[^\W\d_][\w'’-]+(?:\s+[^\W\d_][\w'’-]+)?)\s+"
    r"((?:[^\W\d_]\.[ -]?)+|[^\W\d_](?:\s[^\W\d_])*|[^\W\d_]{2})"
)
_NO_INITIALS = frozenset(
    ("AB", "AG", "AS", "BV", "CD", "EC", "EG", "EU", "IT", "KG", "NV", "OY", "PC", "SA", "SE",
     "SL", "SP", "TV", "UK", "UN", "UP", "US")
)  # fmt: skip
"""Two capitals behind a word that are more often no initials."""


def split_person(text: str) -> Person | None:
    """Divide "Family, Given", or return None where that form does not show."""
    if "," not in text or _IMPOSSIBLE.search(text):
        return None
    bare, full = _without_brackets(text)
    parts, generation = _without_generation(bare.split(","))
    if len(parts) != 2:
        return None
    before, after = parts[0].split(), parts[1].split()
    if not 0 < len(before) <= MOST_BEFORE or not 0 < len(after) <= MOST_AFTER:
        return None
    if after[0].casefold() in ("of", "the") or _begins_with_acronym(before):
        return None
    given, particles = _without_particles(after)
    if full and is_initials(" ".join(given)):
        given = full.split()
    given[-1] = _without_stop(given[-1])
    family = [*particles, *before, *generation]
    return Person(" ".join(family), " ".join(given))


def _begins_with_acronym(before: list[str]) -> bool:
    """Whether capitals in front of a word with small letters stand for an institution's name."""
    if len(before) < 2 or not (before[0].isupper() and 3 <= len(before[0]) <= MOST_CAPITALS):
        return False
    return before[0].isalpha() and before[0].lower() not in PARTICLES and not before[1].isupper()


def _without_stop(word: str) -> str:
    """Take a cataloguer's full stop off a whole word; initials and abbreviations keep theirs."""
    bare = word[:-1]
    if word[-1:] != "." or len(bare) < SHORTEST_WORD or not bare.isalpha():
        return word
    return word if bare.lower() in _SHORTENED else bare


def _without_brackets(text: str) -> tuple[str, str]:
    """Return a name without its brackets, and their content if it may be a full given name."""
    if "(" not in text:
        return text, ""
    contents = [content.strip() for content in _BRACKET.findall(text)]
    full = next((c for c in contents if c[:1].isupper() and _FULL.fullmatch(c)), "")
    return _BRACKET.sub("", text), full


def _without_generation(parts: list[str]) -> tuple[list[str], list[str]]:
    """Take Jr., Sr., II, III, IV from behind the last comma or the end of a part."""
    parts = [part.strip() for part in parts]
    if parts and not parts[-1]:
        parts.pop()
    if len(parts) > 2 and _is_generation(parts[-1]):
        return parts[:-1], [parts[-1]]
    for place in (1, 0):
        words = parts[place].split() if place < len(parts) else []
        if len(parts) == 2 and len(words) > 1 and _is_generation(words[-1]):
            parts[place] = " ".join(words[:-1])
            return parts, [words[-1]]
    return parts, []


def _is_generation(word: str) -> bool:
    lower = word.lower()
    return lower in GENERATIONS and (lower not in ROMAN or word.isupper())


def _without_particles(after: list[str]) -> tuple[list[str], list[str]]:
    """Take the particles from the end of a given name, unless nothing would be left of it."""
    end = len(after)
    while end > 1 and after[end - 1] in PARTICLES:
        end -= 1
    return after[:end], after[end:]


def split_behind(text: str) -> Person | None:
    """Divide "Family A.B.": one or two capitalised words, then only initials."""
    match = _BEHIND.fullmatch(text)
    if match is None or _is_generation(match[2]):
        return None
    family, given = match.groups()
    words = family.split()
    while len(words) > 1 and words[0] in PARTICLES:
        words.pop(0)
    if not all(word[0].isupper() for word in words) or given != given.upper():
        return None
    if given in _NO_INITIALS or (given.isalpha() and text.isupper()):
        return None
    return Person(family, given) if given[0].isalpha() and given[0].isupper() else None
