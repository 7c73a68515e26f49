"""Texts as they are compared: words without case and marks, in any script.

The same for what is searched and for what is asked, and made here alone, so that a query finds the
same records in every database. Chinese, Japanese and Korean run on without blanks: a run of them
becomes overlapping pairs of characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TypeVar
from unicodedata import category, normalize

from app.query.terms import GAP

Made = TypeVar("Made")
LONGEST_KEPT, MOST_KEPT = 300, 8192
"""Characters of texts whose outcome is kept, and how many such outcomes: 15 MB at the very most."""
_BETWEEN, _FIELD = " · ", " ¶ "
"""Stand between values and fields while they are folded together: no word has such a character."""
_ASCII = bytes(
    ord(c.lower()) if c.isascii() and c.isalnum() else ord(" ") if c.isascii() else ord(c)
    for c in map(chr, range(256))
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
_TOGETHER = re.compile("[\u1100-\u11ff\u2e80-\U0010ffff]")
"""Characters that are folded with those beside them; all others one by one."""
_NOT_ONE = "ßæÆœŒ¼½¾µ–—‘’‚“”„…•€™"
"""What is frequent in western texts, and no character of Latin-1 that is folded to another one."""
_ROUNDS = 4


@cache
def _scripts() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what finds other marks and what is composed again, paired characters, and runs.

    Made for the first text that is not ASCII: it takes 20 ms.
    """
    other = re.compile("[\u0483-\u1dff\u20d0-\uffff\U00010000-\U0010ffff]")
    return other, re.compile(f"[{_PAIRED}]"), re.compile(f"[{_PAIRED}]+|[^{_PAIRED}]+")


class _Folds(dict[int, str]):
    """By the number of a character that is folded alone, what comes of it: found when first asked.

    Bounded: `_TOGETHER` leaves 12,000 of them.
    """

    def __missing__(self, code: int) -> str:
        found = self[code] = _blanked(_folded(chr(code)))
        return found


_FOLDS = _Folds()


@cache
def _western() -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Return what is replaced before a text is taken as Latin-1, and from byte to byte its fold."""
    replaced = tuple((character, _FOLDS[ord(character)]) for character in _NOT_ONE)
    folds = [_FOLDS[code] for code in range(256)]
    single = [one if len(one) == 1 else " " for one in folds]
    return replaced, "".join(single).encode("latin-1", "replace")


def kept(make: Callable[..., Made]) -> Callable[..., Made]:
    """Remember what is made of short texts, and not of too many: names, terms, licences."""
    known = lru_cache(MOST_KEPT)(make)

    def made(*texts: str) -> Made:
        return known(*texts) if sum(map(len, texts)) <= LONGEST_KEPT else make(*texts)

    return made


def words(text: str) -> list[str]:
    """Return the words of a text, folded; folded once more, they stay as they are."""
    if text.isascii():
        return text.encode("ascii").translate(_ASCII).decode("ascii").split()
    return _plain(text).split()


def folded(text: str) -> str:
    """Return the words of a text with a blank between."""
    return " ".join(words(text))


def searchable(*fields: Sequence[str]) -> list[str]:
    """Return the values of each field as one text: words with a blank between, values with a gap.

    Empty where there are no words. All are folded together, what is not ASCII on its own before.
    """
    texts = [
        _BETWEEN.join([value if value.isascii() else _kept(value) for value in values if value])
        if values
        else ""
        for values in fields
    ]
    raw = _FIELD.join(texts).encode("utf-8").translate(_ASCII)
    found = b" ".join(raw.split()).decode("utf-8").replace(_BETWEEN.strip(), GAP)
    return [text.strip() for text in found.split(_FIELD.strip())]


def _plain(text: str) -> str:
    """Return a text that is not ASCII as words with blanks between and around."""
    replaced, table = _western()
    for character, plain in replaced:
        text = text.replace(character, plain)
    try:
        return text.encode("latin-1").translate(table).decode("latin-1")
    except UnicodeEncodeError:
        pass
    if not _TOGETHER.search(text):
        return text.translate(_FOLDS)
    text = _folded(text)
    runs = _RUN.findall(text)
    if not _scripts()[1].search(text):
        return " ".join(runs)
    return " ".join([piece for run in runs for piece in _pieces(run)])


_kept = kept(_plain)


def _blanked(text: str) -> str:
    return "".join([character if character.isalnum() else " " for character in text])


def _folded(text: str) -> str:
    """Take case and marks off, over again until nothing changes; what is ASCII is done."""
    for _ in range(_ROUNDS):
        before = text
        text = _MARKS.sub("", normalize("NFD", normalize("NFKC", text).casefold()))
        text = _LETTER.sub(lambda found: _LETTERS[found[0]], text)
        if _scripts()[0].search(text):
            for mark in filter(_is_mark, set(text)):
                text = text.replace(mark, "")
            text = normalize("NFC", text)
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
