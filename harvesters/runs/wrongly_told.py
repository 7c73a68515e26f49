"""What a list shows to be wrong in what its repository told, or took no notice of. Pure."""

from __future__ import annotations

from app.record import Checkpoint
from app.store.values import Failure
from harvesters.answers.reading import seconds
from harvesters.base import Page

TOO_OLD = 2 * 86400
"""Seconds before `from` at which a record shows that `from` was ignored."""
TOO_OLD_RECORDS = 3
TOO_OLD_SHARE = 0.05


def is_too_old(page: Page, from_: str) -> bool:
    """Tell whether a page shows that `from` was ignored."""
    asked = seconds(from_)
    if asked is None:
        return False
    stamps = (seconds(record.header.datestamp) for record in page.records)
    old = sum(stamp is not None and stamp < asked - TOO_OLD for stamp in stamps)
    return old >= TOO_OLD_RECORDS and old >= TOO_OLD_SHARE * len(page.records)


def longer(state: Checkpoint) -> tuple[Failure, ...]:
    """Return a note if a window that is read had more records than it told of."""
    if not state.closed or state.told is None or state.listed <= state.told:
        return ()
    words = f"The list told of {state.told:,} records, and {state.listed:,} came."
    return (Failure(0, 0, "list-long", words),)
