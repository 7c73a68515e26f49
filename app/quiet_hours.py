"""Quiet hours of a repository: a stretch of each day in which no request is sent to it.

Pure. Written as `22:00-06:00`, in UTC, or with a zone: `22:00-06:00 Europe/Berlin`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.errors import ConfigurationError

_TEXT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})(?:\s+(\S+))?")


class QuietHours(Struct, frozen=True):
    """From when to when, each day, by the clock of a zone."""

    begin: time
    end: time
    zone: tzinfo

    def until(self, now: datetime) -> datetime | None:
        """Return when the quiet hours of this moment end; None outside of them."""
        today = now.astimezone(self.zone).date()
        for back in (1, 0):
            day = today - timedelta(days=back)
            begin = datetime.combine(day, self.begin, self.zone)
            last = day if self.end > self.begin else day + timedelta(days=1)
            end = datetime.combine(last, self.end, self.zone).astimezone(UTC)
            if begin.astimezone(UTC) <= now < end:
                return end
        return None


def parse(text: str) -> QuietHours:
    """Read quiet hours; raises ConfigurationError that shows how they are written."""
    found = _TEXT.fullmatch(text.strip())
    if not found:
        raise _unreadable(text)
    try:
        begin, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    except ValueError:
        raise _unreadable(text) from None
    if begin == end:
        raise ConfigurationError(f"`{text}` is the whole day: nothing would ever be harvested.")
    return QuietHours(begin, end, zone_of(found[5] or "UTC"))


def quiet_until(text: str, now: datetime) -> datetime | None:
    """Return when the quiet hours of this moment end; None outside of them, or without any."""
    return parse(text).until(now) if text else None


def zone_of(name: str) -> tzinfo:
    """Return a time zone by its name; raises ConfigurationError."""
    if name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ConfigurationError(f"`{name}` is no time zone; write it as Europe/Berlin.") from None


def _unreadable(text: str) -> ConfigurationError:
    return ConfigurationError(
        f"`{text}` are no quiet hours; write 22:00-06:00, or 22:00-06:00 Europe/Berlin."
    )
