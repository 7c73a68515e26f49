"""Formats and sizes of a Dublin Core record, which one element mixes."""

from __future__ import annotations

import re

from app.crosswalks.dublin_core.values import Values
from app.datacite.text import clean, is_null

_TOP_LEVELS = """
    application audio chemical font image message model multipart text video"""
_MIME_TOPS = frozenset(_TOP_LEVELS.split())
_UNITS = r"""(?:bytes?|octets?|[kmgt]i?b|kbytes?|mbytes?|gbytes?|pages?|pgs?|pp?|s|seiten|bl
    |blatt|leaves|leaf|ff?|v|vol|vols|volumes?|sheets?|min|mins|minutes?|h|hours?|hrs?|sec|seconds?
    |cm|mm|m|in|inch|inches|px|pixels?|files?|items?|records?|rows?|slides?|reels?|boxes|items?
    |photographs?|images?|prints?|maps?|p[aá]ginas?|folhas|sivua|stran|str|linear\s+f(?:ee|oo)t)"""
_SIZE = re.compile(
    rf"[^\W\d_]{{0,3}}\.?\s*\[?[0-9][0-9.,:]*\s*(?:(?:x|×|by)\s*[0-9.,]+\s*)*{_UNITS}\b.*",
    re.IGNORECASE | re.VERBOSE,
)
_COUNTED = re.compile(
    r"[0-9][0-9.,]*\s+(?:[^\W\d_]{2,14}\s+){0,2}[^\W\d_]{2,14}s?\.?(?:\s+[:;(].*)?"
)
_DIGIT = re.compile("[0-9]")
_INCHES = r"""[0-9][0-9.,]*(?:\s[0-9]/[0-9])?\s*(?:["”″]+|''|in\.?|inches|cm|mm)?"""
_DIMENSIONS = re.compile(rf"{_INCHES}\s*(?:x|×)\s*{_INCHES}.*", re.IGNORECASE)
_MEASURE = re.compile(
    r"(?:^|[\s(\[;,])[0-9][0-9.,/\]]*\s?(?:bytes|[kmgt]i?b|pp?|pages?|seiten|leaves|cm|mm|min|hours?|in)"
    r"(?:[.\s,;:)]|$)",
    re.IGNORECASE,
)
"""A number with a unit inside a longer statement: `ii, 25 p. : ill. ; 33 cm.`"""
LONGEST_SIZE = 120
MOST_WORDS = 2
ELEMENTS = ("format", "medium", "extent", "language")
"""Where formats and sizes stand; in the last, sizes by mistake."""


def formats_and_sizes(values: Values) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the formats and the sizes."""
    formats: dict[str, None] = {}
    sizes: dict[str, None] = {}
    for name in ELEMENTS[:3]:
        for value in values.get(name, ()):
            text = clean(value.text)
            if " http" in text and "/" in text.partition(" ")[0]:
                text = text.partition(" ")[0]
            if not is_null(text):
                size = name == "extent" or (name == "format" and is_size(text))
                (sizes if size else formats).setdefault(text)
    for value in values.get("language", ()):
        if value.text[:1].isdigit() and is_size(text := clean(value.text)):
            sizes.setdefault(text)
    return tuple(formats), tuple(sizes)


def is_measure(text: str) -> bool:
    """Whether a text begins with a number and its unit, and says little more."""
    words = sum(map(str.isalpha, text.split()))
    is_short = words <= MOST_WORDS or text.rstrip(".").endswith(" cm")
    return is_short and len(text) <= LONGEST_SIZE and _SIZE.fullmatch(text) is not None


def is_size(text: str) -> bool:
    """Whether a text is a number with a unit: `214 p.`, `3.4 MB`, `21 x 30 cm`."""
    if len(text) > LONGEST_SIZE or _DIGIT.search(text) is None:
        return False
    if text.partition("/")[0].lower() in _MIME_TOPS:
        return False
    return any(form.fullmatch(text) for form in (_SIZE, _COUNTED, _DIMENSIONS)) or bool(
        _MEASURE.search(text)
    )
