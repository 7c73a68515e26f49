"""What keeps foreign text harmless on a page.

Escaping is Jinja's, always on; here are the three things escaping does not do: bidirectional and
control characters are taken out, only safe addresses become links, and `<br>` becomes a line.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""Control characters and the marks that turn the direction of what follows."""

LONGEST_LINK = 1000
LONGEST_WHOLE = 36
"""Characters of an address that stand on one line of the narrowest screen."""

_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>\"]+|mailto:[^\s<>\"]+", re.IGNORECASE)
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_JOINT = re.compile(r"([/.])(?=[^/.])")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)


def finalize(value: Any) -> Any:
    """Clean every text that a template puts out; Markup stays Markup, other values stay."""
    if not isinstance(value, str) or not UNSEEN.search(value):
        return value
    cleaned = UNSEEN.sub("", value)
    return Markup(cleaned) if isinstance(value, Markup) else cleaned  # noqa: S704 - was Markup


def href(address: str | None) -> str:
    """Return an address that may become a link, else an empty text: http, https, ftp, mailto.

    One that is longer than any true address is no link either.
    """
    text = UNSEEN.sub("", address or "").strip()
    return text if len(text) <= LONGEST_LINK and _ADDRESS.fullmatch(text) else ""


def breaking(address: str) -> Markup | str:
    """Return a long address with places to break a line after each `/` and `.`."""
    if len(address) <= LONGEST_WHOLE:
        return address
    return Markup(_JOINT.sub(r"\1<wbr>", str(escape(address))))  # noqa: S704 - escaped


def spoken(language: str | None) -> Markup:
    """Return the attribute that tells a browser the language of a text; none for what is no tag."""
    tag = language or ""
    return Markup(f' lang="{tag}"') if _TAG.fullmatch(tag) else Markup("")  # noqa: S704 - letters


def paragraphs(description: str) -> tuple[tuple[str, ...], ...]:
    """Split a description at its `<br>` marks into paragraphs (two or more) of lines."""
    lines = [line.strip() for line in _BREAK.split(description)]
    found: list[list[str]] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return tuple(tuple(part) for part in found if part)


def flat(description: str) -> str:
    """Return a description as one line, its breaks as blanks."""
    return " ".join(_BREAK.sub(" ", description).split())
