"""What became of a record, entry by entry: what made a version, and in what it differs. Pure.

Pages and commands tell it from here, and give the same JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from app import clock
from app.record_difference import Differences, differences
from app.store.removal import REASON
from app.store.versioning import Version

if TYPE_CHECKING:
    from app.store.withdrawing import Withdrawal

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Entry(Struct, frozen=True):
    """A version, and what it changed."""

    version: Version
    first: bool
    """Nothing before it is kept."""
    changes: Differences

    @property
    def harvest(self) -> int | None:
        """The harvest that made it; None where none did."""
        return self.version.harvest if self.version.reason != REASON else None

    @property
    def cause(self) -> str:
        """What made it, in words."""
        if self.harvest is not None:
            return f"Harvest {self.harvest}"
        return self.version.reason or "The hub read the original again"


def entries(found: tuple[Version, ...], *, shown: bool = True) -> tuple[Entry, ...]:
    """Return versions, newest first, with what each changed; shown: descriptions may be shown."""
    return tuple(
        Entry(now, before is None, _changes(now, before) if shown else Differences())
        for now, before in pairwise((*found, None))
        if now is not None
    )


def _changes(now: Version, before: Version | None) -> Differences:
    if before is None or not now.state == before.state == "live":
        return Differences()
    return differences(before.reading.resource, now.reading.resource)


class Event(Struct, frozen=True):
    """What an operator did with a record: the description stays as it was."""

    at: datetime
    kind: str
    """`withdrawn`, `restored`, `merged`, `parted`."""
    reason: str = ""
    """As everyone may read it."""
    successor: str = ""
    """Local id of the record that it was merged into."""


_ENDED = {"withdrawn": "restored", "merged": "parted"}


def events(found: tuple[Withdrawal, ...]) -> tuple[Event, ...]:
    """Return what operators did with a record, newest first; nothing that is for operators only."""
    told = []
    for one in found:
        told.append(Event(one.at, one.kind, one.public_reason, one.successor))
        if one.ended_at is not None:
            told.append(Event(one.ended_at, _ENDED[one.kind]))
    return tuple(reversed(told))


def interleaved(found: Sequence[Entry], acts: tuple[Event, ...]) -> tuple[Entry | Event, ...]:
    """Return versions and events in one order, newest first; what has no moment is the oldest."""
    told: list[tuple[datetime, int, Entry | Event]] = [
        (one.version.began_at or _BEGINNING, one.version.number, one) for one in found
    ]
    told += [(act.at, len(found) + len(acts) - place, act) for place, act in enumerate(acts)]
    return tuple(one for *_, one in sorted(told, key=lambda row: row[:2], reverse=True))


def history_object(
    local_id: str, found: tuple[Entry, ...], base_url: str, acts: tuple[Event, ...] = ()
) -> dict[str, Any]:
    """Return the history of a record as programs read it."""
    page = f"{base_url}/records/{local_id}"
    value = {"id": local_id, "versions": [_object(entry, page) for entry in found]}
    return value | ({"events": [_event(act) for act in acts]} if acts else {})


def _event(act: Event) -> dict[str, str]:
    told = {
        "at": clock.text(act.at),
        "event": act.kind,
        "reason": act.reason,
        "into": act.successor,
    }
    return {name: text for name, text in told.items() if text}


def _object(entry: Entry, page: str) -> dict[str, Any]:
    one, changes = entry.version, entry.changes
    told = {
        "number": one.number,
        "state": one.state,
        "began": clock.text(one.began_at) if one.began_at else None,
        "ended": clock.text(one.ended_at) if one.ended_at else None,
        "cause": entry.cause,
        "harvest": entry.harvest,
        "crosswalk": one.crosswalk,
        "changes": changes.found,
        "more_changes": changes.more,
        "url": f"{page}/versions/{one.number}" if one.state == "live" else None,
    }
    return {name: value for name, value in told.items() if value is not None}
