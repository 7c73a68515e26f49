"""Which media type an `Accept` header asks for, of those on offer.

Pure and total: no header makes an error. Of the ranges that match a type the most specific one
decides; the highest quality wins, among equals the order of the offers. Parameters narrow nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_RANGES = 100
"""So many ranges of a header are read."""

_QUOTED = r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)'
_PARTS = {mark: re.compile(rf'(?:[^"{mark}]|{_QUOTED})+', re.DOTALL) for mark in ",;"}
_NAME = r"[!#$%&'+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"({_NAME})/({_NAME}|\*)|(\*)/(\*)")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")


class MediaRange(Struct, frozen=True):
    """One range of a header: `*` stands for any type or subtype."""

    type: str
    subtype: str
    quality: float = 1.0
    parameters: Mapping[str, str] = {}
    """Those before the quality, names in lower case."""

    @property
    def precision(self) -> int:
        """0 for `*/*`, 1 for `type/*`, 2 for a full name."""
        return (self.type != "*") + (self.subtype != "*")

    def matches(self, media_type: str) -> bool:
        """Tell whether a media type, in lower case, lies in the range."""
        kind, _, name = media_type.partition("/")
        return self.type in ("*", kind) and self.subtype in ("*", name)


class Offered(Struct, frozen=True):
    """A media type that a format can be given as."""

    format: str
    media_type: str


_TWO = (Offered("html", "text/html"), Offered("json", "application/json"))


class Choice(Struct, frozen=True):
    """What is to be given, under which name, with the parameters it was asked for with."""

    format: str
    media_type: str
    parameters: Mapping[str, str] = {}


ANYTHING = MediaRange("*", "*")


def choose(accept: str | None, offers: Sequence[Offered]) -> Choice | None:
    """Return what a header wants most of the offers, given in order of preference; else None.

    No header, an empty one, and one without any readable range want anything.
    """
    wanted = ranges(accept or "")
    best: Choice | None = None
    highest = 0.0
    for offer in offers:
        by = deciding(wanted, offer.media_type)
        if by is not None and by.quality > highest:
            best, highest = Choice(offer.format, offer.media_type, by.parameters), by.quality
    return best


def page_or_json(accept: str | None) -> str:
    """Return which of two a header prefers, `html` or `json`; the page where it takes neither."""
    choice = choose(accept, _TWO)
    return choice.format if choice else "html"


def deciding(wanted: Sequence[MediaRange], media_type: str) -> MediaRange | None:
    """Return the range that decides on a media type; None if none matches."""
    matching = [one for one in wanted if one.matches(media_type)]
    return max(matching, key=lambda one: (one.precision, one.quality), default=None)


def ranges(accept: str) -> tuple[MediaRange, ...]:
    """Return the readable ranges of a header; `*/*` if there is none."""
    found: list[MediaRange] = []
    for number, text in enumerate(_split(accept, ",")):
        if number == MOST_RANGES:
            break
        one = _range(text)
        if one is not None:
            found.append(one)
    return tuple(found) or (ANYTHING,)


def _range(text: str) -> MediaRange | None:
    name, *parameters = _split(text, ";")
    match = _RANGE.fullmatch(name.strip().lower())
    if match is None:
        return None
    kind, subtype = match[1] or match[3], match[2] or match[4]
    known: dict[str, str] = {}
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        key, value = key.strip().lower(), _unquoted(value.strip())
        if key == "q":
            return MediaRange(kind, subtype, _quality(value), known)
        known.setdefault(key, value)
    return MediaRange(kind, subtype, 1.0, known)


def _split(text: str, mark: str) -> Iterator[str]:
    """Yield the parts between marks that do not stand in quotes; an empty text has one."""
    found = False
    for match in _PARTS[mark].finditer(text):
        found = True
        yield match[0]
    if not found:
        yield ""


def _unquoted(value: str) -> str:
    if value[:1] != '"':
        return value
    return re.sub(r"\\(.)", r"\1", value[1:].removesuffix('"'))


def _quality(text: str) -> float:
    return min(1.0, max(0.0, float(text))) if _NUMBER.fullmatch(text) else 1.0
