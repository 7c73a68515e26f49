"""Bytes as text that stands in any address: base64url without padding, one text for each."""

from __future__ import annotations

import base64
import binascii
import re

_ALPHABET = re.compile(r"[A-Za-z0-9_\-]+")


def written(raw: bytes) -> str:
    """Return the text of some bytes."""
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def read(text: str) -> bytes | None:
    """Undo `written`; None for anything that it would not have written."""
    if not _ALPHABET.fullmatch(text):
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return None
    return raw if written(raw) == text else None
