"""Marks for italics and links in a citation that is being made, and the two forms it ends as.

They are characters of Unicode's private use, so no text of a record can be taken for one: they are
cut out of every text first.
"""

from __future__ import annotations

import re
from html import escape

_ITALIC, _ROMAN, _LINK, _TEXT, _END = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_ALL = str.maketrans("", "", _ITALIC + _ROMAN + _LINK + _TEXT + _END)
_TARGET = re.compile(f"{_LINK}[^{_TEXT}]*{_TEXT}")
_LINKED = re.compile(f"{_LINK}([^{_TEXT}]*){_TEXT}([^{_END}]*){_END}")
_FOLLOWED = ("https://", "http://", "ftp://")


def without(text: str) -> str:
    """Return a text of a record without characters that are marks here."""
    return text.translate(_ALL)


def italic(text: str) -> str:
    """Mark a text as italic."""
    return f"{_ITALIC}{text}{_ROMAN}" if text else ""


def link(address: str, text: str = "") -> str:
    """Mark a text, by itself the address, as a link."""
    return f"{_LINK}{address}{_TEXT}{text or address}{_END}" if address else ""


def plain(marked: str) -> str:
    """Return the text alone, on one line."""
    return without(_TARGET.sub("", marked))


def html(marked: str) -> str:
    """Return the text as HTML, with `<i>` for italics and its link where that leads somewhere."""
    safe = escape(marked, quote=True).replace(_ITALIC, "<i>").replace(_ROMAN, "</i>")
    return _LINKED.sub(_anchor, safe)


def _anchor(found: re.Match[str]) -> str:
    address, text = found.groups()
    if not address.lower().startswith(_FOLLOWED):
        return text
    return f'<a href="{address}" rel="noopener">{text}</a>'
