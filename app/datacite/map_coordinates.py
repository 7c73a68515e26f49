"""Coordinates as maps and library catalogues write them: coded degrees, and edges of a sheet."""

from __future__ import annotations

import re

from app.datacite.coordinates import box
from app.datacite.resource import Box

_CODED = re.compile(r"([NSEW+-])?([0-9]{1,7})(\.[0-9]*)?([NSEW])?")
_SIDE = r"([NSEW])"
_NUMBERS = (
    r"([0-9]{1,3}(?:\.[0-9]+)?)\s*[°⁰º˚o]?\s*(?:([0-9]{1,2})\s*['ʹ′’´]?\s*)?"
    r"(?:([0-9]{1,2})\s*(?:[\"ʺ″”]|''|ʹʹ)?)?"
)
_EDGE = re.compile(rf"(?:{_SIDE}\.?\s*{_NUMBERS}|{_NUMBERS}\s*{_SIDE})\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:--|[-–—/]|\bto\b|,|;)\s*")
_NEGATIVE = ("S", "W", "-")
LONGEST = 120


def coded(text: str) -> float | None:
    """Return decimal degrees of a code: `W0133000`, `133.5W`, `-13.5`; None if it is none.

    More than three digits before the point are degrees, minutes and seconds.
    """
    match = _CODED.fullmatch(re.sub(r"\s", "", text.upper()))
    if match is None:
        return None
    before, digits, fraction, behind = match.groups()
    number = float(digits + (fraction or ""))
    if len(digits) >= 6:
        seconds = float(digits[-2:] + (fraction or ""))
        number = _degrees(digits[:-4], digits[-4:-2], seconds)
    elif len(digits) >= 4:
        number = int(digits[:-2]) + float(digits[-2:] + (fraction or "")) / 60
    return round(-number if (before or behind or "+") in _NEGATIVE else number, 6)


def _degrees(degrees: str, minutes: str, seconds: float) -> float:
    return int(degrees) + int(minutes) / 60 + seconds / 3600


def coded_box(west: str, east: str, north: str, south: str) -> Box | None:
    """Return a box of four codes."""
    sides = [coded(text) for text in (west, east, south, north)]
    if any(side is None for side in sides):
        return None
    shape = box(*(str(side) for side in sides))
    return shape.box if shape else None


def on_sheet(text: str) -> Box | None:
    """Read the edges of a sheet: `W 2°0ʹ--W 1°30ʹ/N 5°0ʹ--N 4°40ʹ`; None if they are no four."""
    text = text.strip(" ().[]")
    if len(text) > LONGEST:
        return None
    edges = [_edge(part) for part in _BETWEEN.split(text) if part]
    if len(edges) != 4 or any(edge is None for edge in edges):
        return None
    across = [number for edge in edges if edge and (number := edge[1]) is not None and edge[0]]
    along = [edge[1] for edge in edges if edge and not edge[0]]
    if len(across) != 2 or len(along) != 2:
        return None
    shape = box(str(across[0]), str(across[1]), str(min(along)), str(max(along)))
    return shape.box if shape else None


def _edge(text: str) -> tuple[bool, float] | None:
    """Return whether an edge is of longitude, and its degrees."""
    match = _EDGE.fullmatch(text)
    if match is None:
        return None
    side = (match[1] or match[8]).upper()
    parts = match.groups()[1:4] if match[1] else match.groups()[4:7]
    number = float(parts[0] or 0) + float(parts[1] or 0) / 60 + float(parts[2] or 0) / 3600
    return side in "EW", round(-number if side in _NEGATIVE else number, 6)
