"""What a check finds."""

from __future__ import annotations

from msgspec import Struct


class Finding(Struct, frozen=True):
    """Something that is not as it should be; severity: error, warning or info."""

    id: str
    severity: str
    sentence: str
    cure: str
