"""Tells the names of organisations from those of people, by their words and their form.

Words are tested as sets of whole words; a name that fits neither is not called an organisation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.datacite.name_words import (
    GROUPS,
    LINKS,
    OTHER_SCRIPTS,
    SHORTEST_INFLECTED,
    STRONG,
    STRONG_PREFIXES,
    STRONG_SUFFIXES,
    WEAK,
)

_WORDS = re.compile(r"[^\W_]+")
_FORM = re.compile(r"\w[\w'’.-]*(?: \w[\w'’.-]*)?,\s*\w[\w'’.-]*(?: \w[\w'’.-]*){0,2}")
_LEGAL = re.compile(r"(?:^|[^,]\s)(?:S\.\s?A\.|B\.\s?V\.|[Cc]o\.|Bros\.)$|\be\.\s?V\.(?:$|[\s,)])")
_ACRONYM = re.compile(r"[^\W\d_]+(?:[/-][^\W\d_]+)*")
_DIGIT = re.compile("[0-9]")
_LATIN_END = "\u024f"


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case; hyphens and dots part words."""
    return _WORDS.findall(text.lower())


def is_strong(text: str, words: Sequence[str]) -> bool:
    """Whether a text has a word or an abbreviation that only organisations have."""
    if not STRONG.isdisjoint(words):
        return True
    for word in words:
        if len(word) >= SHORTEST_INFLECTED and (
            word.startswith(STRONG_PREFIXES) or word.endswith(STRONG_SUFFIXES)
        ):
            return True
    if "." in text and _LEGAL.search(text):
        return True
    if not text.isascii() and max(text) > _LATIN_END and _in_other_script(text.lower()):
        return True
    return ("group" in words or "force" in words) and any(g in text.lower() for g in GROUPS)


def _in_other_script(text: str) -> bool:
    return any(part in text for part in OTHER_SCRIPTS)


def has_organisation_word(text: str) -> bool:
    """Whether a text, like a bracket behind a name, has any word of organisations."""
    words = words_of(text)
    return not WEAK.isdisjoint(words) or is_strong(text, words) or _is_acronym(text)


def is_organisation(text: str, others: Sequence[str] = ()) -> bool:
    """Whether a name is an organisation's. others: the other names of its record."""
    words = words_of(text)
    if is_strong(text, words):
        return True
    weak = sum(word in WEAK for word in words)
    if weak > 1 or (weak and not _is_person_form(text)):
        return True
    return "," not in text and _looks_like_one(text, others)


def _is_person_form(text: str) -> bool:
    """Whether a name is one or two words, a comma, and one to three words with capitals."""
    if _FORM.fullmatch(text) is None:
        return False
    return all(word[0].isupper() for word in text.partition(",")[2].split())


def _looks_like_one(text: str, others: Sequence[str]) -> bool:
    if "&" in text or "/" in text or _DIGIT.search(text):
        return True
    if any(link in text for link in LINKS):
        return text.count(" ") >= 2
    return _is_acronym(text) and not any("," in other and other.isupper() for other in others)


def _is_acronym(text: str) -> bool:
    if not text.isupper() or _ACRONYM.fullmatch(text) is None:
        return False
    return all(3 <= len(part) <= 6 for part in re.split("[/-]", text))
