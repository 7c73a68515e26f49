"""The hub's own look: a colour for its links and a logo, and what is wrong with those given.

A colour that reads badly and a picture that cannot be used are left out, and `garnery check` tells.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from pathlib import Path

from msgspec import Struct

LEAST_CONTRAST = 4.5
"""Of a text with what is behind it."""
PAGE, PANEL = "#ffffff", "#f4f6f8"
"""Colours behind links in the light."""
LARGEST = 20_000
"""Bytes of a logo."""
HEIGHT, WIDEST = 28, 240
"""Pixels at which a logo is shown."""
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_PNG = b"\x89PNG\r\n\x1a\n"
_VIEW_BOX = re.compile(rb'<svg[^>]*\sviewBox="[-0-9.]+[ ,]+[-0-9.]+[ ,]+([0-9.]+)[ ,]+([0-9.]+)"')


class Logo(Struct, frozen=True):
    """A picture, with the width in pixels at which it is shown. ending: `svg` or `png`."""

    body: bytes
    ending: str
    width: int


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours such as `#0b57a4`, from 1 to 21, by WCAG."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in parts]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def accent_fault(colour: str) -> str:
    """Return what is wrong with a colour for links, empty if nothing is, or none is given."""
    if not colour:
        return ""
    if not _COLOUR.fullmatch(colour):
        return f"hub.accent `{colour[:40]}` is no colour; write it as #0b57a4."
    least = min(contrast(colour, behind) for behind in (PAGE, PANEL))
    if least < LEAST_CONTRAST:
        return f"hub.accent {colour} reads badly: its contrast is {least:.1f}, and 4.5 is needed."
    return ""


def accent(colour: str) -> str:
    """Return the colour of links in the light, empty for that of the hub's own."""
    return "" if accent_fault(colour) else colour


def logo_fault(path: str) -> str:
    """Return what is wrong with a logo, empty if nothing is, or none is given."""
    if path and logo(path) is None:
        return f"hub.logo `{path[:200]}` is no SVG with a viewBox, nor a PNG, of {LARGEST:,} bytes."
    return ""


@cache
def logo(path: str) -> Logo | None:
    """Return the logo in a file, None if it cannot be used; it is read once."""
    try:
        body = Path(path).read_bytes() if path else b""
    except OSError:
        return None
    size = _size(body) if len(body) <= LARGEST else None
    if size is None or not min(size):
        return None
    ending = "png" if body.startswith(_PNG) else "svg"
    return Logo(body, ending, min(WIDEST, max(1, round(HEIGHT * size[0] / size[1]))))


def _size(body: bytes) -> tuple[float, float] | None:
    """Return width and height of a picture, None for what is none."""
    if body.startswith(_PNG) and len(body) >= 24:
        wide, high = struct.unpack(">II", body[16:24])
        return wide, high
    found = _VIEW_BOX.search(body)
    try:
        return (float(found[1]), float(found[2])) if found else None
    except ValueError:
        return None
