"""One record in one metadata format, by `?format=`; and the original as text.

What OAI-PMH delivers is delivered here too, byte for byte; a format that the record cannot be
written in is refused with the reason, never given invalid.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from flask import Response, abort, request

from app import clock
from app.crosswalks import FORMATS, named, oai_datacite, write
from app.datacite.resource import decode
from app.errors import IncompleteResource
from app.ingest import is_json
from app.web import frame
from app.web.errors import error_page

if TYPE_CHECKING:
    from app.crosswalks import MetadataFormat
    from app.store.values import StoredRecord

SYMBOL = "GARNERY"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
SHOWN_BYTES = 60_000
"""How much of an original a page shows; the rest is in the file."""


def answer(stored: StoredRecord, asked: str) -> Response:
    """Give a record in the format that is asked for, a name of the register or `source`."""
    if asked.strip().lower() == "source":
        original = _original(stored)
        kind = "json" if is_json(original) else "xml"
        return _given(stored, original, f"application/{kind}", kind)
    known = named(asked)
    if known is None or not known.writable:
        names = ", ".join(key for key, value in FORMATS.items() if value.writable)
        abort(400, f"There is no format “{asked}”. There are: {names}.")
    if stored.state != "live":
        return error_page(406, "The record could not be read, so it has no formats but its source.")
    try:
        body = _written(stored, known)
    except IncompleteResource as error:
        return error_page(406, str(error))
    if body is None:
        return error_page(406, "The record lacks what this format cannot be written without.")
    return _given(stored, body, media_type(known), known.extension)


def media_type(known: MetadataFormat) -> str:
    """Return the Content-Type of a format: its first media type, else plain XML."""
    kind = known.media_types[0] if known.media_types else "application/xml"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def gone(stored: StoredRecord, asked: str, citation: str) -> Response:
    """Answer 410 to a program: a problem document for JSON, else one line of text."""
    known = named(asked)
    reason = stored.reason or "The repository gave no reason."
    if known and any("json" in kind for kind in known.media_types):
        problem = {
            "type": "about:blank",
            "title": "The record was removed.",
            "status": 410,
            "state": stored.state,
            "since": clock.text(stored.stamp) if stored.stamp else None,
            "reason": reason,
            "identifier": stored.summary.doi or stored.identifier,
            "citation": citation or None,
        }
        body, kind = msgspec.json.encode(problem) + b"\n", "application/problem+json"
    else:
        body, kind = f"410 The record was removed. {reason}\n".encode(), "text/plain; charset=utf-8"
    removed = Response(body, 410, content_type=kind)
    removed.headers["Cache-Control"] = frame.METADATA
    return removed


def readable(original: bytes) -> str:
    """Return the original as text for a page, cut where it is very long."""
    text = original[:SHOWN_BYTES].decode("utf-8", "replace")
    return text + "\n…" if len(original) > SHOWN_BYTES else text


def _written(stored: StoredRecord, known: MetadataFormat) -> bytes | None:
    records = frame.store().records
    if known.name in ("datacite", "oai_datacite", "oai_dc"):
        row = records.row(stored.local_id, "oai_dc" if known.name == "oai_dc" else "datacite")
        if row is None or row.body is None:
            return None
        if known.name == "oai_datacite":
            return oai_datacite.envelope(row.body, SYMBOL)
        return DECLARATION + row.body if known.name == "datacite" else row.body
    data = records.resource(stored.local_id)
    return write(known.name, decode(data)) if data else None


def _original(stored: StoredRecord) -> bytes:
    original = frame.store().records.original(stored.local_id)
    if original is None:
        abort(404, "Nothing is kept of what was received for this record.")
    return original


def _given(stored: StoredRecord, body: bytes, kind: str, ending: str) -> Response:
    given = Response(body, content_type=kind)
    manner = "attachment" if request.args.get("download") == "1" else "inline"
    slug = re.sub(r"[^A-Za-z0-9.-]", "_", stored.summary.doi or stored.local_id)
    name = f"{slug}.{ending.lstrip('.')}"
    given.headers["Content-Disposition"] = f'{manner}; filename="{name}"'
    given.headers["Cache-Control"] = frame.METADATA
    given.add_etag(weak=True)
    given.make_conditional(request)
    return given
