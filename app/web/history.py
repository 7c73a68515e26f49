"""The history of a record: what its description was, when, why it changed, and in what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request
from msgspec import json

from app.crosswalks import named, write
from app.datacite.resource import decode, encode
from app.errors import IncompleteResource
from app.record_difference import differences
from app.record_history import entries, events, history_object, interleaved
from app.web import frame, record_formats, record_page
from app.web.known_records import TOMBSTONES, known
from app.web.record_limits import LADDER
from app.web.record_views import CRUMB

if TYPE_CHECKING:
    from app.store.values import StoredRecord
    from app.store.versioning import Version

blueprint = Blueprint("history", __name__)
GONE = "This record was removed; what its repository said of it is no longer shown."
SHOWN = (20, 8, 3, 1)
"""Versions that the page gives with their differences, as many as stay light; JSON gives all."""


@blueprint.get("/records/<local_id>/history")
def history(local_id: str) -> Response:
    """Show what became of a record, newest first."""
    stored, _ = known(local_id)
    found = entries(frame.store().versions.history(stored), shown=stored.state == "live")
    acts = events(frame.store().withdrawals.history(stored.id))
    if not found:
        abort(404, "This record was never readable, so it has no history.")
    if _form() == "json":
        body = history_object(local_id, found, frame.settings().base_url, acts)
        return _given(json.encode(body), "application/json")
    return frame.light(
        lambda most: frame.page(
            "history/list.html",
            title=f"History: {stored.summary.title or stored.identifier}"[:120],
            crumbs=_crumbs(stored, "History"),
            stored=stored,
            told=interleaved(found[:most], acts),
            entries=found[:most],
            total=len(found),
        ),
        SHOWN,
    )


@blueprint.get("/records/<local_id>/versions/<int:number>")
def version(local_id: str, number: int) -> Response:
    """Show the description that a record had, or give it in a format."""
    stored, found = _version(local_id, number)
    data = found.reading.resource
    if data is None:
        abort(404, f"In version {number} the record was deleted; it has no description.")
    form = _form()
    given = _shown(stored, found, data) if form in ("", "html") else _written(form, data)
    given.headers["X-Robots-Tag"] = "noindex"
    latest = f"{frame.settings().base_url}/records/{local_id}"
    given.headers["Link"] = f'<{latest}>; rel="latest-version"'
    return given


@blueprint.get("/records/<local_id>/differences/<other_id>")
def compared(local_id: str, other_id: str) -> Response:
    """Show in what two live records of the same object differ."""
    stored, other = known(local_id)[0], known(other_id)[0]
    store = frame.store()
    copies = {one.record.id for one in store.links.copies(stored.id) if one.record.state == "live"}
    if stored.id == other.id or not {stored.id, other.id} <= copies:
        abort(404, "These are no two live records of one object.")
    read = store.links.resources((stored, other))
    one, two = (encode(read[each.id]) if each.id in read else None for each in (stored, other))
    return frame.page(
        "history/differences.html",
        title=f"Differences: {stored.summary.title or stored.identifier}"[:120],
        crumbs=_crumbs(stored, "Differences"),
        stored=stored,
        other=other,
        told=differences(one, two),
    )


def _shown(stored: StoredRecord, found: Version, data: bytes) -> Response:
    """Return the page of a version, with as much of it as stays light."""
    resource = decode(data)
    return frame.light(
        lambda limits: frame.page(
            "history/version.html",
            title=f"Version {found.number}: {stored.summary.title or stored.identifier}"[:120],
            crumbs=_crumbs(stored, f"Version {found.number}"),
            stored=stored,
            told=found,
            view=record_page.record_page(resource, limits),
            has_source=found.original is not None,
        ),
        LADDER,
    )


def source(local_id: str, number: int) -> Response:
    """Show what a version was read from, escaped, never rendered."""
    stored, found = _version(local_id, number)
    if found.original is None:
        abort(404, f"What version {number} was read from is not kept.")
    return frame.page(
        "history/source.html",
        title=f"As received, version {number}: {stored.summary.title}"[:140],
        crumbs=_crumbs(stored, f"Version {number}, as received"),
        stored=stored,
        number=number,
        text=record_formats.readable(found.original),
        size=len(found.original),
    )


def _form() -> str:
    return next(reversed(request.args.getlist("format")), "")


def _version(local_id: str, number: int) -> tuple[StoredRecord, Version]:
    stored, _ = known(local_id)
    if stored.state in TOMBSTONES:
        abort(410, GONE)
    there = number < 1 << 62
    found = frame.store().versions.version(stored, number) if there else None
    if found is None:
        abort(404, f"Version {number} of this record is not kept.")
    return stored, found


def _written(form: str, data: bytes) -> Response:
    known_format = named(form)
    if known_format is None or not known_format.writable:
        abort(400, f"There is no format “{form}”.")
    try:
        body = write(known_format.name, decode(data))
    except IncompleteResource as error:
        abort(406, str(error))
    return _given(body, known_format.media_types[0])


def _given(body: bytes, kind: str) -> Response:
    given = Response(body, content_type=kind)
    given.headers["Cache-Control"] = frame.METADATA
    given.add_etag(weak=True)
    return given


def _crumbs(stored: StoredRecord, here: str) -> tuple[frame.Crumb, ...]:
    title = stored.summary.title or "this record"
    return CRUMB, frame.Crumb(title, f"/records/{stored.local_id}"), frame.Crumb(here)
