"""What a record was: its history, and single versions of its description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli import renderings
from app.errors import NotFound

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.record_history import Entry, Event
    from app.store.values import StoredRecord


def show(call: Call, record: StoredRecord) -> None:
    """Print the versions of a record, newest first, with what each changed."""
    import msgspec

    from app.record_history import entries, events, history_object, interleaved

    found = entries(call.store.versions.history(record))
    acts = events(call.store.withdrawals.history(record.id))
    value = history_object(record.local_id, found, call.settings.base_url, acts)
    told = interleaved(found, acts)
    call.show(msgspec.to_builtins(value), lambda: (line for one in told for line in _lines(one)))


def give(call: Call, record: StoredRecord, number: int, form: str | None, *, source: bool) -> None:
    """Print a version in a format, else as DataCite JSON; source: what it was read from."""
    from app.crosswalks import as_document, write
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
    body = as_document(known.name, write(known.name, decode(kept)))
    renderings.put_out(call, record, known.name, body)


def _lines(entry: Entry | Event) -> Iterator[str]:
    from app import clock
    from app.record_history import Event

    if isinstance(entry, Event):
        words = " ".join(filter(None, (entry.successor, entry.reason)))
        yield f"–  {clock.text(entry.at)}  {entry.kind} by an operator. {words}".rstrip()
        return
    one = entry.version
    began = clock.text(one.began_at) if one.began_at else "?"
    yield f"{one.number}  {began}  {one.state}: {entry.cause}"
    for change in entry.changes.found:
        parts = [f"“{text}”" for text in (change.before, change.after) if text]
        yield f"   {change.kind} {change.path} {' → '.join(parts)}".rstrip()
    if entry.changes.more:
        yield "   … more fields differ"
