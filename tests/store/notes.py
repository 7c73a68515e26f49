"""Notes of requests, as the provider's statistics are made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app import clock
from app.store.served.values import Facts, Note

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
END = clock.seconds(NOW)
PAGE, SIZE = 10, 25


def page(cursor: int, *, minutes: float = 0, who: str = "metha/1", **more: Any) -> Note:
    """The note of a page of ten of a list of 25 records; the first has the cursor 0."""
    records = min(PAGE, SIZE - cursor)
    told = {
        "verb": "ListRecords",
        "prefix": "oai_dc",
        "until": END,
        "listed": True,
        "first": cursor == 0,
        "final": cursor + records == SIZE,
        "cursor": cursor,
        "records": records,
        "size": SIZE if cursor else 0,
        "members": (("m", records - 1), ("n", 1)),
    }
    return Note(
        NOW + timedelta(minutes=minutes),
        Facts(**(told | more)),  # type: ignore[arg-type]
        network="203.0.113.0/24",
        user_agent=who,
        sender="harvest@example.org",
        family=who.partition("/")[0],
        bytes=1000,
        milliseconds=5,
    )
