"""The one place where time comes from: aware UTC, and its two text forms in OAI-PMH."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment in UTC, with microseconds."""
    return datetime.now(UTC)


def seconds(moment: datetime) -> int:
    """Return whole seconds since 1970 (rounded down), the form in which the store keeps moments."""
    return int(moment.timestamp() // 1)


def moment(seconds_since_1970: int) -> datetime:
    """Return the aware UTC moment of whole seconds since 1970."""
    return datetime.fromtimestamp(seconds_since_1970, UTC)


def text(at: datetime | int) -> str:
    """Write a moment as `YYYY-MM-DDThh:mm:ssZ`, cut to the second (OAI-PMH 3.3.1)."""
    when = moment(at) if isinstance(at, int) else at.astimezone(UTC)
    return (
        when.strftime("%Y-%m-%dT%H:%M:%SZ")
        if when.year >= 1000
        else f"{when.year:04}" + (when.strftime("-%m-%dT%H:%M:%SZ"))
    )
