"""One record in one metadata format, or as it was received: the bytes that the web gives too."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from app.conversion import as_data
from app.crosswalks import FORMATS, as_document, named, write
from app.datacite.resource import decode
from app.errors import IncompleteResource, NotFound

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.crosswalks import MetadataFormat
    from app.store import Store
    from app.store.values import StoredRecord

STORED = {"oai_dc": "oai_dc", "datacite": "datacite", "oai_datacite": "datacite"}
"""Formats whose bytes are kept, and under which prefix."""


def known_format(name: str) -> MetadataFormat:
    """Return a format that can be written, by name or alias; else a usage error."""
    found = named(name)
    if found is None or not found.writable:
        names = ", ".join(key for key, value in FORMATS.items() if value.writable)
        raise click.BadParameter(f"There is no format `{name}`. There are: {names}.")
    return found


def announced_format(name: str) -> str:
    """Return the format that --from tells, empty for `auto`; unknown names are usage errors."""
    if name == "auto":
        return ""
    found = named(name)
    if found is None or not found.readable:
        names = ", ".join(key for key, value in FORMATS.items() if value.readable)
        raise click.BadParameter(f"`{name}` cannot be read. Formats: auto, {names}.")
    return found.name


def known_style(name: str | None, known: MetadataFormat) -> str:
    """Return a style of citation by name or alias, empty for none; else a usage error."""
    from app.crosswalks.citation import STYLES, style_of

    if name is None:
        return ""
    style = style_of(name)
    if known.name != "citation":
        raise click.BadParameter(f"`{known.name}` has no styles. Add the format citation.")
    if style is None:
        raise click.BadParameter(f"There is no style `{name}`. There are: {', '.join(STYLES)}.")
    return style.name


def rendering(store: Store, record: StoredRecord, known: MetadataFormat, style: str = "") -> bytes:
    """Return a live record in a format; raises IncompleteResource where that cannot be."""
    if known.name in STORED:
        row = store.records.row(record.local_id, STORED[known.name], withheld=True)
        if row is None or row.body is None:
            raise IncompleteResource("property that the format demands", known.name)
        return _whole(known.name, row.body)
    data = store.records.resource(record.local_id)
    if data is None:
        raise NotFound(f"The record {record.local_id} could not be read; it has only its source.")
    return write(known.name, decode(data), style=style)


def give(call: Call, record: StoredRecord, form: str, style: str | None = None) -> None:
    """Print a record in a format; with `--json` wrapped into a document."""
    known = known_format(form)
    chosen = known_style(style, known)
    if record.state != "live":
        raise NotFound(f"The record {record.local_id} is {record.state}; it is in no format now.")
    put_out(call, record, known.name, rendering(call.store, record, known, chosen))


def give_source(call: Call, record: StoredRecord) -> None:
    """Print what was received."""
    original = call.store.records.original(record.local_id)
    if original is None:
        raise NotFound(f"Nothing is kept of what was received for {record.local_id}.")
    put_out(call, record, "source", original)


def _whole(name: str, body: bytes) -> bytes:
    from app.crosswalks import oai_datacite

    if name == "oai_datacite":
        return oai_datacite.envelope(body, oai_datacite.DATACENTRE)
    return as_document(name, body)


def put_out(call: Call, record: StoredRecord, form: str, body: bytes) -> None:
    """Print bytes; with `--json` wrapped into a document."""
    if call.json:
        call.document({"id": record.local_id, "format": form, "data": as_data(form, body)})
        return
    sys.stdout.buffer.write(body)
    if sys.stdout.isatty() and not body.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()
