"""Reads the language of a resource, or of one text of its metadata, as a language tag.

Only a valid tag, a known name or a known URI is a language; everything else is none, and is never
written as it came.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from msgspec import Struct

from app.datacite.language_names import NAMES, OTHER_NAMES
from app.datacite.text import is_null

CACHED = 4096
LONGEST = 200
"""A longer text names no language."""


class LanguageReading(Struct, frozen=True):
    """language: the first language found, as a tag; others: the rest of a value with several."""

    language: str | None = None
    others: tuple[str, ...] = ()


_NONE = LanguageReading()
_TAG = re.compile(r"(?:[A-Za-z]{2,3}|[iI](?=-))(?:-[A-Za-z0-9]{1,8})*")
_COUNTRIES = {
    "gr": "el", "jp": "ja", "cn": "zh", "cz": "cs", "dk": "da", "ua": "uk", "vn": "vi", "ge": "ka",
}  # fmt: skip
"""Country codes written for a language whose own code is another one."""
_SPELT = {"na": "nau", "nan": "zh-nan"}
"""Tags that are null words by themselves (Nauru, Min Nan), in a spelling that reads back."""
_NOTHING = frozenset(("und", "mis", "xx", "xxx", "other", "x-none", "x-default"))
_URI = re.compile(
    r"https?://(?:www\.)?(?:id\.loc\.gov/vocabulary/(?:iso639-[125]|languages)|lexvo\.org/(?:id|page|data)"
    r"/iso639-[1-5]|publications\.europa\.eu/(?:mdr/)?resource/authority/language)/([A-Za-z_-]+)"
    r"(?:\.\w+)?/?",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"(?:iso|rfc)[\s_-]*[0-9]+[0-9-]*\s*[:=]\s*(.+)", re.IGNORECASE)
_BRACKET = re.compile(r"(.*?)[\s]*[(\[]([^()\[\]]*)[)\]]")
_AND = re.compile(r"[;,/|\n]|\s(?:and|und|et|e|y|&|\+)\s", re.IGNORECASE)
_BETWEEN_URIS = re.compile(r"[;,|\s]+")
_SUFFIX = re.compile(r"(?:the )?(.+?) language", re.IGNORECASE)
_MOST = 20


def read_language(text: str) -> LanguageReading:
    """Read one value of a language element: a tag, a name, a URI, or several of them."""
    return _read(text) if len(text) <= LONGEST else _NONE


def tag(text: str) -> str | None:
    """Return the language tag for an `xml:lang`, or None where it says none."""
    return _read(text).language if len(text) <= LONGEST else None


def alpha3(tag: str) -> str:
    """Return the three letters that ISO 639-3 has for a tag's language, empty if it has none."""
    import langcodes  # its tables are large, and most processes read no record

    try:
        return langcodes.Language.get(tag).to_alpha3()
    except (LookupError, ValueError):
        return ""


@lru_cache(maxsize=CACHED)
def _read(text: str) -> LanguageReading:
    text = text.strip()
    if not text or text == "*" or is_null(text):
        return _NONE
    single = _single(text)
    if single is not None:
        return LanguageReading(single)
    separator = _BETWEEN_URIS if "://" in text else _AND
    parts = [part.strip() for part in separator.split(text, maxsplit=_MOST)]
    found = dict.fromkeys(tag for part in parts if part and (tag := _single(part)))
    if not found and " " in text:
        found = _codes(text.split())
    first, *others = found or (None,)
    return LanguageReading(first, tuple(other for other in others if other))


def _codes(words: list[str]) -> dict[str, None]:
    """Read "ger eng": codes with nothing but blanks between them, all of them valid."""
    tags = [_standard(word) for word in words[:_MOST]]
    return dict.fromkeys(tag for tag in tags if tag) if all(tags) else {}


def _single(text: str) -> str | None:
    return _code(text) or _name(text)


def _code(text: str) -> str | None:
    """Read a tag, a code with its scheme in front, or a URI with the code at its end."""
    found = _standard(text)
    if found or len(text) < 5:
        return found
    uri = _URI.fullmatch(text) if text[:4].lower() == "http" else None
    scheme = None if uri else _SCHEME.fullmatch(text)
    part = uri or scheme
    return _standard(part[1]) if part else None


def _standard(text: str) -> str | None:
    """Return the tag in its standard form, or None if it is none or says nothing."""
    import langcodes  # as above

    text = text.replace("_", "-") if "_" in text else text
    lower = text.lower()
    if lower in _NOTHING or _TAG.fullmatch(text) is None:
        return None
    if lower in _COUNTRIES:
        return _COUNTRIES[lower]
    try:
        if langcodes.tag_is_valid(text):
            standard = str(langcodes.standardize_tag(text))
            return (
                None if standard.partition("-")[0] in _NOTHING else _SPELT.get(standard, standard)
            )
    except ValueError:
        return None
    head, _, rest = text.partition("-")
    return _standard(head) if rest else None


def _name(text: str) -> str | None:
    """Read a name; a code in brackets after it wins over it, a country does not."""
    names = _names()
    found = names.get(_fold(text))
    bracket = _BRACKET.fullmatch(text) if text[-1] in ")]" else None
    if found is None and bracket is not None:
        before = _single(bracket[1]) if bracket[1] else None
        code = _code(bracket[2].strip())
        found = before if before and _is_region(bracket[2]) else code or before
    if found is None and text[-8:].lower() == "language":
        bare = _SUFFIX.fullmatch(text)
        found = names.get(_fold(bare[1])) if bare else None
    return found


def _is_region(code: str) -> bool:
    """Whether a code in brackets is written as a country ("Deutsch (CH)")."""
    return len(code) == 2 and code.isupper()


def _fold(text: str) -> str:
    """Return a name without case, accents and double blanks."""
    folded = " ".join(text.casefold().replace("’", "'").rstrip(".").split())
    if folded.isascii():
        return folded
    characters = unicodedata.normalize("NFD", folded)
    return "".join(c for c in characters if unicodedata.category(c) != "Mn")


@cache
def _names() -> Mapping[str, str]:
    """Return the tag of each name; of equal names the first line's."""
    table: dict[str, str] = {}
    for code, names in (*_lines(NAMES), *_lines(OTHER_NAMES)):
        for name in names.split(";"):
            if name.strip():
                table.setdefault(_fold(name.strip()), code)
    return table


def _lines(table: str) -> Iterator[tuple[str, str]]:
    for line in table.replace("\n        ", " ").strip().splitlines():
        code, _, names = line.strip().partition(": ")
        yield code, names
