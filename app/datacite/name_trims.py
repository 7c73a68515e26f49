"""Parts names that stand in one text, and takes off what stands around a name and is none of it.

Each function returns the text unchanged when there is nothing to take; none leaves nothing.
"""

from __future__ import annotations

import re

from app.datacite.name_words import AFTER_COMMA, DEGREES, TITLE_PARTS, TITLES
from app.datacite.organisations import is_strong, words_of

_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?)+|[^\W\d_](?:[ -][^\W\d_])*")
LONGEST_INITIALS = 20
_TWO = re.compile(r"[^\W\d_]{2}")
_AND = re.compile(r"\s+(?:and|und|et|y|&)\s+", re.IGNORECASE)
_ET_AL = re.compile(
    r"(?<![\s,;])[\s,;]*+(?:[\[(]?(?:(?i:et\.?\s+al\b\.?|et\s+alii\b|(?:and|&)\s+others\b|und\s+andere\b)"
    r"|\bu\.\s?a\.|\be\.\s?a\.)[\])]?|…|\.\.\.)[\s.,;]*$"
)
_BEHIND_ET_AL, _ET_AL_ENDS = " .,;])", ("al", "alii", "others", "andere", ". a", ".a", "…")
"""What may stand behind such words, and how they end: they are looked for only there."""
_EMAIL = re.compile(
    r"(?<![\s,;])[\s,;]*+[<(\[]?\s*(?:mailto:|e-?mail:?\s*)?[\w.+%'-]+@[\w-]+(?:\.[\w-]+)*\s*[>)\]]?",
    re.IGNORECASE,
)
_YEAR = r"(?:ca?\.?\s*|approximately\s+|um\s+)?[0-9]{3,4}\??"
_LIFE = re.compile(
    rf"(?:,\s*[\[(]?|\s*[\[(])\s*(?:(?:\*\s*)?{_YEAR}\s*[-–—]\s*(?:†\s*)?(?:{_YEAR}|[0-9]{{2}})?"
    rf"|[-–—]\s*{_YEAR}|(?:b\.|born|geb\.|d\.|died|gest\.|né|née|\*|†|fl\.|active)\s*{_YEAR}"
    r"(?:\s*[-–—]\s*[0-9]{3,4})?|(?:fl\.|active)?\s*[0-9]{1,2}(?:st|nd|rd|th)\.?\s+(?:century|cent\.))"
    r"\s*[\])]?[\s.,;]*$",
    re.IGNORECASE,
)
_LIFE_WITHOUT_COMMA = re.compile(r"(?<=[^\W\d_.])\s+[0-9]{4}\s*[-–]\s*[0-9]{4}[\s.,;]*$")
_TITLE_BRACKET = re.compile(r"\s*\((?:(?:Dr|Prof|Professor|PhD|Ph\.D|MSc|M\.Sc)\.?\s*)+\)$")
_LEADING = re.compile(r"(\S+)\s+(?=\S)")
_NESTING = {"(": 1, "[": 1, ")": -1, "]": -1}


def split_names(text: str) -> list[str]:
    """Part a text into its names. Line ends part names, unless a line ends in a comma."""
    if "\n" in text:
        text = re.sub(r",\s*\n\s*", ", ", text).replace("\n", ";")
    if "\uff1b" in text:
        text = text.replace("\uff1b", ";")
    pieces = _at_semicolons(text) if ";" in text else [text]
    return [name for piece in pieces if piece.strip() for name in _at_words(piece.strip())]


def _at_semicolons(text: str) -> list[str]:
    """Part at semicolons that stand in no bracket."""
    if "(" not in text and "[" not in text:
        return text.split(";")
    pieces, depth, start = [], 0, 0
    for place, character in enumerate(text):
        depth = max(0, depth + _NESTING.get(character, 0))
        if character == ";" and depth == 0:
            pieces.append(text[start:place])
            start = place + 1
    pieces.append(text[start:])
    return pieces if depth == 0 else text.split(";")


def _at_words(piece: str) -> list[str]:
    if "," not in piece:
        return [piece]
    if piece.count(",") >= 3 and "." in piece:
        pairs = _pairs(piece)
        if pairs:
            return pairs
    sides = _AND.split(piece)
    if len(sides) > 1 and all(_is_comma_name(side) for side in sides):
        kinds = {is_strong(side, words_of(side)) for side in sides}
        return [side.strip() for side in sides] if len(kinds) == 1 else [piece]
    return [piece]


def _is_comma_name(side: str) -> bool:
    """Whether a side of an "and" has exactly one comma, with something on both sides of it."""
    before, comma, after = side.partition(",")
    return bool(comma and before.strip() and after.strip()) and "," not in after


def _pairs(piece: str) -> list[str]:
    """Part "Smith, A.B., Jones, C.D. and Brown, E.F.": every second part is initials."""
    text = _ET_AL.sub("", piece)
    tail = piece[len(text) :]
    parts = [part.strip() for part in _AND.sub(",", text).split(",")]
    parts = [part for part in parts if part]
    if len(parts) < 4 or len(parts) % 2 or not all(map(is_initials, parts[1::2])):
        return []
    names = [f"{one}, {two}" for one, two in zip(parts[::2], parts[1::2], strict=True)]
    names[-1] += tail
    return names


def is_initials(text: str) -> bool:
    """Whether a given name is only initials: "A.B.", "A. B.", "A", "J.-P."."""
    return (
        len(text) <= LONGEST_INITIALS
        and text.upper() == text
        and (_INITIALS.fullmatch(text.strip()) is not None or _TWO.fullmatch(text) is not None)
    )


def take_et_al(text: str) -> tuple[str, bool]:
    """Take "et al." and the like off the end; say whether it stood there."""
    end = text[-20:].lower()
    if not end.rstrip(_BEHIND_ET_AL).endswith(_ET_AL_ENDS) and "..." not in end:
        return text, False
    match = _ET_AL.search(text)
    return (text[: match.start()], True) if match else (text, False)


def take_email(text: str) -> str:
    """Take e-mail addresses off and forget them."""
    return " ".join(_EMAIL.sub(" ", text).split()) if "@" in text else text


def take_life_dates(text: str) -> str:
    """Take the years of a life off the end."""
    match = _LIFE.search(text) or (_LIFE_WITHOUT_COMMA.search(text) if "," in text else None)
    return text[: match.start()].rstrip(" ,;") if match and match.start() else text


def take_titles(text: str) -> str:
    """Take academic titles off the front, the given name and the end."""
    text = _TITLE_BRACKET.sub("", _without_leading(text))
    before, comma, after = text.partition(",")
    if comma and after.strip():
        rest = _without_leading(after.strip())
        if rest != after.strip():
            text = f"{before}, {rest}"
    return _without_trailing(text)


def _without_leading(text: str) -> str:
    rest, titled = text, False
    while match := _LEADING.match(rest):
        word = match[1].lower()
        if word not in TITLES and not (titled and word in TITLE_PARTS):
            break
        rest, titled = rest[match.end() :], True
    return rest


def _without_trailing(text: str) -> str:
    for _ in range(4):
        before, comma, last = text.rpartition(",")
        degrees = last.lower().split()
        many = "," in before
        if (
            comma
            and degrees
            and all(word in (AFTER_COMMA if many else DEGREES) for word in degrees)
        ):
            text = before.rstrip()
            continue
        front, blank, word = text.rpartition(" ")
        if not blank or word.lower() not in DEGREES or not front.rstrip(" ,"):
            break
        text = front.rstrip(" ,")
    return text
