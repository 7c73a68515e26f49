"""What a record was: its history, and single versions of its description."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from app.cli import renderings
from app.errors import NotFound

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.record_difference import Differences
    from app.store.values import StoredRecord
    from app.store.versioning import Version


def show(call: Call, record: StoredRecord) -> None:
    """Print the versions of a record, newest first, with what each changed."""
    found = call.store.versions.history(record)
    changes = [_changes(now, before) for now, before in pairwise((*found, None)) if now]
    both = list(zip(found, changes, strict=True))
    value = {"id": record.local_id, "versions": [_object(*one) for one in both]}
    call.show(value, lambda: (line for one in both for line in _lines(*one)))


def give(call: Call, record: StoredRecord, number: int, form: str | None, *, source: bool) -> None:
    """Print a version in a format, else as DataCite JSON; source: what it was read from."""
    from app.crosswalks import write
    from app.datacite.resource import decode

    found = call.store.versions.version(record, number)
    if found is None:
        raise NotFound(f"Version {number} of {record.local_id} is not kept.")
    kept = found.original if source else found.reading.resource
    if kept is None:
        raise NotFound(f"Version {number} of {record.local_id} has no such part that is kept.")
    if source:
        renderings.put_out(call, record, "source", kept)
        return
    known = renderings.known_format(form or "datacite_json")
    renderings.put_out(call, record, known.name, write(known.name, decode(kept)))


def _changes(now: Version, before: Version | None) -> Differences:
    from app.record_difference import Differences, differences

    if before is None or not now.state == before.state == "live":
        return Differences()
    return differences(before.reading.resource, now.reading.resource)


def _object(one: Version, changes: Differences) -> dict[str, Any]:
    import msgspec

    return {
        "number": one.number, "state": one.state, "began": one.began_at, "ended": one.ended_at,
        "harvest": one.harvest, "reason": one.reason, "crosswalk": one.crosswalk,
        "changes": msgspec.to_builtins(changes.found), "more_changes": changes.more,
    }  # fmt: skip


def _lines(one: Version, changes: Differences) -> Iterator[str]:
    from app import clock

    began = clock.text(one.began_at) if one.began_at else "?"
    by = f"harvest {one.harvest}" if one.harvest else "no harvest"
    yield " ".join(f"{one.number}  {began}  {one.state}, by {by}. {one.reason}".split(" ")).rstrip()
    for change in changes.found:
        parts = [f"“{text}”" for text in (change.before, change.after) if text]
        yield f"   {change.kind} {change.path} {' → '.join(parts)}".rstrip()
    if changes.more:
        yield "   … more fields differ"
