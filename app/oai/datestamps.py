"""Datestamps of requests: text in, whole seconds since 1970 out. Both bounds are inclusive.

Only the two forms of the protocol are read, in ASCII digits, for days and times that exist;
a day as `until` means its last second, a second means that second.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from msgspec import Struct

GRANULARITY = "YYYY-MM-DDThh:mm:ssZ"
LAST_SECOND_OF_DAY = 86_399

_FORM = re.compile(
    "([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})Z)?", re.ASCII
)


class Bound(Struct, frozen=True):
    """A bound as it was asked: the first second that it names, and whether it is a whole day."""

    first: int
    day: bool

    @property
    def last(self) -> int:
        """The last second that it names."""
        return self.first + LAST_SECOND_OF_DAY if self.day else self.first


def read(text: str) -> Bound | None:
    """Read `from` or `until`; None when it is no UTC day or second of the protocol."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return Bound(int(at.timestamp()), found[4] is None)
