"""Texts as they are compared: words without case and marks, in any script.

The same for what is searched and for what is asked, and made here alone, so that a query finds the
same records in every database. Chinese, Japanese and Korean run on without blanks: a run of them
becomes overlapping pairs of characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import category, normalize

BETWEEN = "|"
"""Stands between two values of one text, where no phrase goes across."""

_VALUE, _FIELD = "\x01", "\x02"
"""Stand between values and between fields while several are folded at once."""
_KEPT = _VALUE + _FIELD
_ASCII = bytes(
    ord(c.lower()) if c.isascii() and (c.isalnum() or c in _KEPT) else ord(" ")
    for c in map(chr, range(256))
)
"""From a character of ASCII to its folded form; what is no letter or digit becomes a blank."""
_RUN = re.compile(rf"[^\W_]+|[{_KEPT}]")
_PAIRED = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECE = re.compile(f"[{_PAIRED}]+|[^{_PAIRED}]+")
_IS_PAIRED = re.compile(f"[{_PAIRED}]")
_MARKS = re.compile("[\u0300-\u036f]+")
"""The marks of Latin, Greek and Cyrillic, which are most."""
_LETTERS = {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ħ": "h", "ı": "i"}
"""What is no letter with a mark, but read as one."""
_LETTER = re.compile("|".join(_LETTERS))
_OTHER = re.compile("[\u0483-\u1dff\u20d0-\uffff\U00010000-\U0010ffff]")
"""Where other marks are, and what is composed again."""
_VOICED = frozenset("\u3099\u309a")
"""Marks of Japanese letters that make another letter of them."""
_ROUNDS = 4


def words(text: str) -> list[str]:
    """Return the words of a text, folded; folded once more, they stay as they are."""
    return _words(_plain(text))


def searchable(*fields: Iterable[str]) -> list[str]:
    """Return the values of each field as one text, in which ` word ` and ` one other ` are found.

    Empty where there are no words. All are folded at once.
    """
    given = [[value for value in values if value] for values in fields]
    text = f" {_FIELD} ".join([f" {_VALUE} ".join(values) for values in given])
    if text.count(_FIELD) != len(given) - 1 or text.count(_VALUE) != _between(given):
        return searchable(*[[_plain(value) for value in values] for values in given])
    folded = f" {' '.join(_words(text))} ".replace(_VALUE, BETWEEN).split(_FIELD)
    return [each if each.strip() else "" for each in folded]


def _between(given: list[list[str]]) -> int:
    return sum(len(values) - 1 for values in given if values)


def _plain(text: str) -> str:
    return text.replace(_VALUE, " ").replace(_FIELD, " ")


def _words(text: str) -> list[str]:
    if not text.isascii():
        text = _folded(text)
    if text.isascii():
        return text.encode("ascii").translate(_ASCII).decode("ascii").split()
    runs = _RUN.findall(text)
    if not _IS_PAIRED.search(text):
        return runs
    return [piece for run in runs for piece in _pieces(run)]


def _folded(text: str) -> str:
    """Take case and marks off, over again until nothing changes; what is ASCII is done."""
    for _ in range(_ROUNDS):
        before = text
        text = _MARKS.sub("", normalize("NFD", normalize("NFKC", text).casefold()))
        text = _LETTER.sub(lambda found: _LETTERS[found[0]], text)
        if _OTHER.search(text):
            text = normalize("NFC", "".join(c for c in text if not _is_mark(c)))
        if text == before or text.isascii():
            break
    return text


def _is_mark(character: str) -> bool:
    return category(character)[0] == "M" and character not in _VOICED


def _pieces(run: str) -> list[str]:
    found: list[str] = []
    for piece in _PIECE.findall(run):
        if len(piece) > 1 and _IS_PAIRED.match(piece):
            found += [piece[at : at + 2] for at in range(len(piece) - 1)]
        else:
            found.append(piece)
    return found
