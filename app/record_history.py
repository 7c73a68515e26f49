"""What became of a record, entry by entry: what made a version, and in what it differs. Pure.

Pages and commands tell it from here, and give the same JSON.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from msgspec import Struct

from app import clock
from app.record_difference import Differences, differences
from app.store.removal import REASON
from app.store.versioning import Version


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


def history_object(local_id: str, found: tuple[Entry, ...], base_url: str) -> dict[str, Any]:
    """Return the history of a record as programs read it."""
    page = f"{base_url}/records/{local_id}"
    return {"id": local_id, "versions": [_object(entry, page) for entry in found]}


def _object(entry: Entry, page: str) -> dict[str, Any]:
    one, changes = entry.version, entry.changes
    return {
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
