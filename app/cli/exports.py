"""Many records on stdout: as a table, as ids, as JSON Lines, or in a metadata format."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click
import msgspec
from msgspec import Struct

from app.errors import IncompleteResource
from app.record_object import record_object, whole_object

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.query import Node
    from app.query.request import Request
    from app.store.values import StoredRecord

OWN_FORMS = ("table", "ids", "jsonl")
BATCH = 500
Found = Iterable[tuple["StoredRecord", bytes | None]]


class Wanted(Struct, frozen=True):
    """Which records are asked for; limit 0 means all of them."""

    repository: str | None
    states: tuple[str, ...]
    limit: int
    query: Node | None = None
    request: Request | None = None
    """What visitors find, in an order of theirs, instead of all the rest."""


def require_form(form: str) -> None:
    """Refuse a form that is neither ours nor a format that can be written."""
    from app.cli.renderings import known_format

    if form not in OWN_FORMS:
        known_format(form)


def chosen(call: Call, wanted: Wanted) -> Found:
    """Yield the records that are asked for, with their metadata."""
    return itertools.islice(_all(call, wanted), wanted.limit or None)


def write(call: Call, wanted: Wanted, form: str) -> int:
    """Write the records; returns the exit code: 1 when there were none, or one could not be."""
    found = chosen(call, wanted)
    if form == "table":
        count, refused = _write_table(call, found, wanted), 0
    elif call.json and form != "jsonl":
        return _write_documents(call, found, form)
    elif form in _STREAMS:
        count, refused = _STREAMS[form](call, found), 0
    else:
        count, refused = _write_format(call, found, form)
    if not count:
        call.say("No record matches.")
    return 1 if refused or not count else 0


def total(call: Call, wanted: Wanted, shown: int) -> int:
    """Return how many records there are of those that are asked for, beyond those shown."""
    if not wanted.limit or shown < wanted.limit:
        return shown
    if wanted.request is not None:
        return call.store.search.count(wanted.request)
    if wanted.states == ("live",) and wanted.query is None:
        members = call.store.repositories.list()
        return sum(r.live for r in members if wanted.repository in (r.name, None))
    return sum(1 for _ in _all(call, wanted))


def _in_order(call: Call, request: Request) -> Found:
    """Yield what visitors find, in their order, to the end."""
    from msgspec.structs import replace

    search = call.store.search
    while True:
        results = search.page(request)
        details = search.details(results.rows)
        yield from ((row, details.get(row.id)) for row in results.rows)
        if not results.next:
            if results.ordered is not None:
                call.say(f"These are the {results.ordered:,} best of {results.total:,}.")
            return
        request = replace(request, cursor=results.next)


def _all(call: Call, wanted: Wanted) -> Found:
    if wanted.request is not None:
        return _in_order(call, wanted.request)
    return call.store.records.iterate(
        batch=BATCH, repository=wanted.repository, states=wanted.states, query=wanted.query
    )


def _write_table(call: Call, found: Found, wanted: Wanted) -> int:
    from app import clock
    from app.cli.output import table
    from app.web.words import cut, plural

    records = [record for record, _ in found]
    there = total(call, wanted, len(records))
    if call.json:
        items = [record_object(r, call.settings) for r in records]
        call.document({"total": there, "items": items})
        return len(records)
    rows = [
        (r.local_id, r.repository, f"{r.state} (private)" if r.withheld else r.state,
         clock.text(r.stamp) if r.stamp else "–",
         str(r.summary.year or ""), cut(r.summary.title or r.identifier, 60))
        for r in records
    ]  # fmt: skip
    if rows:
        for line in table(("Id", "Repository", "State", "Datestamp", "Year", "Title"), rows):
            click.echo(line)
        click.echo(f"{len(rows):,} of {plural(there, 'record')}")
    return len(records)


def _write_ids(_call: Call, found: Found) -> int:
    return _count(f"{record.local_id}\n".encode() for record, _ in found)


def _write_lines(call: Call, found: Found) -> int:
    encode = msgspec.json.encode
    return _count(encode(whole_object(r, data, call.settings)) + b"\n" for r, data in found)


_STREAMS = {"ids": _write_ids, "jsonl": _write_lines}


def _write_format(call: Call, found: Found, form: str) -> tuple[int, int]:
    from app.cli.renderings import known_format, rendering

    known, refused = known_format(form), 0

    def bodies() -> Iterator[bytes]:
        nonlocal refused
        for record, _ in found:
            try:
                yield rendering(call.store, record, known).rstrip(b"\n") + b"\n"
            except IncompleteResource as error:
                refused += 1
                call.say(f"{record.local_id}: {error}")

    return _count(bodies()), refused


def _write_documents(call: Call, found: Found, form: str) -> int:
    """One JSON document whatever the form: ids, or what a format wrote."""
    from app.cli.renderings import known_format, rendering
    from app.conversion import as_data

    if form == "ids":
        items: list[Any] = [record.local_id for record, _ in found]
    else:
        known = known_format(form)
        items = []
        for record, _ in found:
            try:
                data = as_data(known.name, rendering(call.store, record, known))
            except IncompleteResource as error:
                items.append({"id": record.local_id, "error": str(error)})
            else:
                items.append({"id": record.local_id, "data": data})
    call.document({"total": len(items), "items": items})
    return 1 if not items or any("error" in i for i in items if isinstance(i, dict)) else 0


def _count(bodies: Iterable[bytes]) -> int:
    count = 0
    for body in bodies:
        sys.stdout.buffer.write(body)
        count += 1
    sys.stdout.buffer.flush()
    return count
