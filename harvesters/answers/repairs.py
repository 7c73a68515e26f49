"""What was mended in a page, as values, and the record in which it happened.

A repair is a change to the text that is certain; each is counted and shown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from msgspec import Struct

AROUND = 80
REPLACEMENT = "\ufffd"

_RECORD = re.compile(r"<(?:[\w.-]+:)?record[\s>]")
_RECORD_END = re.compile(r"</(?:[\w.-]+:)?record\s*>")
_IDENTIFIER = re.compile(r"<(?:[\w.-]+:)?identifier[^>]*>([^<]*)<")
_HEADER_REACH = 4000
_LITERAL = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)


class Repair(Struct, frozen=True):
    """One kind of repair in one record, or in the page (`identifier` empty)."""

    name: str
    """encoding, leading-junk, control-characters, entities, …."""
    count: int = 1
    identifier: str = ""
    excerpt: str = ""
    """The damaged place of the first one, with what stands around it."""
    guessed: bool = False
    """Text was lost: a character stands as U+FFFD."""


class Repairs:
    """Gathers the repairs of one step over one text."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._found: dict[str, Repair] = {}
        self._record = (0, 0, "")

    def at(self, start: int, end: int, *, guessed: bool = False) -> None:
        """Note a repair at a place of the text."""
        identifier = self._identifier(start)
        known = self._found.get(identifier)
        if known is None:
            excerpt = self._text[max(start - AROUND, 0) : end + AROUND]
            self._found[identifier] = Repair(self._name, 1, identifier, excerpt, guessed)
        else:
            self._found[identifier] = Repair(
                self._name, known.count + 1, identifier, known.excerpt, known.guessed or guessed
            )

    def all(self) -> tuple[Repair, ...]:
        """Return what was noted, in order."""
        return tuple(self._found.values())

    def _identifier(self, place: int) -> str:
        start, end, identifier = self._record
        if not start <= place < end:
            self._record = start, end, identifier = record_at(self._text, place)
        return identifier


def record_at(text: str, place: int) -> tuple[int, int, str]:
    """Return where the record around a place begins and ends, and its identifier if it has one."""
    start = text.rfind("record", 0, place)
    while start > 0 and not _RECORD.match(text, text.rfind("<", 0, start)):
        start = text.rfind("record", 0, start)
    if start <= 0:
        return 0, _first_record(text), ""
    end = _RECORD_END.search(text, start)
    if end is not None and end.end() <= place:
        following = _RECORD.search(text, place)
        return end.end(), following.start() if following else len(text), ""
    found = _IDENTIFIER.search(text, start, start + _HEADER_REACH)
    name = html.unescape(found[1]).strip() if found else ""
    return start, end.end() if end else len(text), name


def _first_record(text: str) -> int:
    first = _RECORD.search(text)
    return first.start() if first else len(text)


Replacing = Callable[["re.Match[str]"], str | None]
"""Gives the new text for a match, or None to leave it as it is."""


def outside_literals(text: str, pattern: str, replacing: Replacing) -> tuple[str, list[int]]:
    """Replace matches of a pattern that stand neither in CDATA nor in a comment.

    Returns the new text and where replacements were made in the old one.
    """
    places: list[int] = []
    parts: list[str] = []
    end = 0
    for match in matches_outside_literals(text, pattern):
        new = replacing(match)
        if new is not None:
            parts += (text[end : match.start()], new)
            end = match.end()
            places.append(match.start())
    return "".join((*parts, text[end:])), places


def literals(text: str) -> Iterator[re.Match[str]]:
    """Yield the CDATA sections and comments of a text."""
    return _LITERAL.finditer(text)


def matches_outside_literals(text: str, pattern: str) -> Iterator[re.Match[str]]:
    """Yield matches of a pattern that stand neither in CDATA nor in a comment."""
    compiled = re.compile(pattern, re.DOTALL)
    start = 0
    for literal in literals(text):
        yield from compiled.finditer(text, start, literal.start())
        start = literal.end()
    yield from compiled.finditer(text, start)
