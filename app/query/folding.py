"""Texts as they are compared: words without case and marks, in any script.

The same for what is searched and for what is asked, and made here alone, so that a query finds the
same records in every database. Chinese, Japanese and Korean run on without blanks: a run of them
becomes overlapping pairs of characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from unicodedata import category, normalize

BETWEEN = "|"
"""Stands between two values of one text, where no phrase goes across."""

LONGEST_KEPT, MOST_KEPT = 100, 8192
"""Values up to this length are folded once: names and subjects come again and again."""
_KNOWN: dict[str, str] = {}
_ASCII = bytes(
    ord(c.lower()) if c.isascii() and c.isalnum() else ord(" ") for c in map(chr, range(256))
)
"""From a character of ASCII to its folded form; what is no letter or digit becomes a blank."""
_RUN = re.compile(r"[^\W_]+")
_PAIRED = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = re.compile("[\u0300-\u036f]+")
"""The marks of Latin, Greek and Cyrillic, which are most."""
_LETTERS = {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ħ": "h", "ı": "i"}
"""What is no letter with a mark, but read as one."""
_LETTER = re.compile("|".join(_LETTERS))
_VOICED = frozenset("\u3099\u309a")
"""Marks of Japanese letters that make another letter of them."""
_ROUNDS = 4


@cache
def _scripts() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what finds other marks and what is composed again, paired characters, and runs.

    Made for the first text that is not ASCII: it takes 20 ms.
    """
    other = re.compile("[\u0483-\u1dff\u20d0-\uffff\U00010000-\U0010ffff]")
    return other, re.compile(f"[{_PAIRED}]"), re.compile(f"[{_PAIRED}]+|[^{_PAIRED}]+")


def words(text: str) -> list[str]:
    """Return the words of a text, folded; folded once more, they stay as they are."""
    if not text.isascii():
        text = _folded(text)
    if text.isascii():
        return text.encode("ascii").translate(_ASCII).decode("ascii").split()
    runs = _RUN.findall(text)
    if not _scripts()[1].search(text):
        return runs
    return [piece for run in runs for piece in _pieces(run)]


def folded(text: str) -> str:
    """Return the words of a text with a blank between."""
    return _joined(text)


def searchable(*fields: Iterable[str]) -> list[str]:
    """Return the values of each field as one text, in which ` word ` and ` one other ` are found.

    Empty where there are no words.
    """
    return [_one_text([value for value in values if value]) for values in fields]


def _one_text(values: list[str]) -> str:
    found: list[str] = []
    for n, value in enumerate(values):
        if n:
            found.append(BETWEEN)
        if text := _joined(value):
            found.append(text)
    return f" {' '.join(found)} " if found else ""


def _joined(value: str) -> str:
    """Return the words of a value with a blank between."""
    known = _KNOWN.get(value)
    if known is None:
        known = " ".join(words(value))
        if len(value) <= LONGEST_KEPT:
            if len(_KNOWN) >= MOST_KEPT:
                _KNOWN.clear()
            _KNOWN[value] = known
    return known


def _folded(text: str) -> str:
    """Take case and marks off, over again until nothing changes; what is ASCII is done."""
    for _ in range(_ROUNDS):
        before = text
        text = _MARKS.sub("", normalize("NFD", normalize("NFKC", text).casefold()))
        text = _LETTER.sub(lambda found: _LETTERS[found[0]], text)
        if _scripts()[0].search(text):
            text = normalize("NFC", "".join(c for c in text if not _is_mark(c)))
        if text == before or text.isascii():
            break
    return text


def _is_mark(character: str) -> bool:
    return category(character)[0] == "M" and character not in _VOICED


def _pieces(run: str) -> list[str]:
    found: list[str] = []
    _, paired, pieces = _scripts()
    for piece in pieces.findall(run):
        if len(piece) > 1 and paired.match(piece):
            found += [piece[at : at + 2] for at in range(len(piece) - 1)]
        else:
            found.append(piece)
    return found
