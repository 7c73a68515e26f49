"""The history of a record: what its description was, when, why it changed, and in what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request
from msgspec import json
from msgspec.structs import replace

from app.crosswalks import FORMATS, as_document, own_language, write
from app.datacite.resource import decode, encode
from app.errors import IncompleteResource
from app.record_difference import Differences, differences
from app.record_history import entries, events, history_object, interleaved
from app.web import frame, record_formats, record_page, words
from app.web.citing import DEFAULT
from app.web.known_records import TOMBSTONES, known
from app.web.negotiation import choose, page_or_json
from app.web.record_limits import LADDER
from app.web.record_offers import NEGOTIABLE, OFFERS, PAGE, Asked, UnknownName, by_name
from app.web.record_views import CRUMB

if TYPE_CHECKING:
    from app.store.values import StoredRecord
    from app.store.versioning import Version

blueprint = Blueprint("history", __name__)
GONE = "This record was removed; what its repository said of it is no longer shown."
NO_TYPE = "None of the formats of this version fits what was asked for."
WRITTEN = (PAGE.name, *(f.name for f in FORMATS.values() if f.writable))
"""Names of what a version can be given in; the hub's own formats speak of records as they are."""
VERSIONED = tuple(one for one in NEGOTIABLE if one.format in WRITTEN)
SHOWN = ((20, 100, 500), (8, 100, 500), (3, 100, 500), (3, 25, 200), (1, 10, 100))
"""Versions on the page, differences of each, characters of each: the most that stay light.

JSON gives all.
"""
COMPARED = ((100, 500), (50, 200), (20, 100))
"""Differences of two records on a page, characters of each."""


@blueprint.get("/records/<local_id>/history")
def history(local_id: str) -> Response:
    """Show what became of a record, newest first."""
    stored, _ = known(local_id)
    found = entries(frame.store().versions.history(stored), shown=stored.state == "live")
    acts = events(frame.store().withdrawals.history(stored.id))
    if not found:
        abort(404, "This record was never readable, so it has no history.")
    if (_form() or page_or_json(request.headers.get("Accept"))) == "json":
        body = history_object(local_id, found, frame.settings().base_url, acts)
        return negotiated(_given(json.encode(body), "application/json"))

    def page(most: tuple[int, int, int]) -> Response:
        versions, fields, characters = most
        kept = tuple(
            replace(one, changes=shortened(one.changes, fields, characters))
            for one in found[:versions]
        )
        return frame.page(
            "history/list.html",
            title=f"History: {stored.summary.title or stored.identifier}"[:120],
            crumbs=_crumbs(stored, "History"),
            stored=stored,
            told=interleaved(kept, acts),
            entries=kept,
            total=len(found),
        )

    return negotiated(frame.light(page, SHOWN))


@blueprint.get("/records/<local_id>/versions/<int:number>")
def version(local_id: str, number: int) -> Response:
    """Show the description that a record had, or give it in a format."""
    stored, found = _version(local_id, number)
    data = found.reading.resource
    if data is None:
        abort(404, f"In version {number} the record was deleted; it has no description.")
    wanted = _wanted()
    if wanted is None:
        path = f"/records/{local_id}/versions/{number}"
        there = tuple(dict.fromkeys(one.format for one in VERSIONED))
        given = record_formats.not_acceptable(stored, NO_TYPE, available=there, path=path)
    else:
        given = _shown(stored, found, data) if wanted.is_page else _written(found, stored, wanted)
    given = negotiated(given)
    given.headers["X-Robots-Tag"] = "noindex"
    latest = f"{frame.settings().base_url}/records/{local_id}"
    given.headers.add("Link", f'<{latest}>; rel="latest-version"')
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
    told = differences(one, two)
    return frame.light(
        lambda most: frame.page(
            "history/differences.html",
            title=f"Differences: {stored.summary.title or stored.identifier}"[:120],
            crumbs=_crumbs(stored, "Differences"),
            stored=stored,
            other=other,
            told=shortened(told, *most),
        ),
        COMPARED,
    )


def shortened(told: Differences, most: int, characters: int) -> Differences:
    """Return the first of some differences, their values cut to so many characters."""
    kept = tuple(
        replace(
            one,
            before=words.cut(one.before, characters),
            after=words.cut(one.after, characters),
        )
        for one in told.found[:most]
    )
    return Differences(kept, told.more or len(told.found) > most)


def _shown(stored: StoredRecord, found: Version, data: bytes) -> Response:
    """Return the page of a version, with as much of it as stays light."""
    resource = decode(data)
    spoken = own_language.language_of(found.original, found.format) if found.original else ""
    return frame.light(
        lambda limits: frame.page(
            "history/version.html",
            title=f"Version {found.number}: {stored.summary.title or stored.identifier}"[:120],
            crumbs=_crumbs(stored, f"Version {found.number}"),
            stored=stored,
            told=found,
            view=record_page.record_page(resource, limits, written_in=spoken),
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


def negotiated(given: Response) -> Response:
    """Mark an answer as one that another header would have made another, if no name had a say."""
    if not _form():
        given.vary.add("Accept")
    return given


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


def _wanted() -> Asked | None:
    """Return in which format a version is asked for; None if there is none that is acceptable."""
    name = _form()
    try:
        asked = by_name(name) if name else None
    except UnknownName as error:
        abort(400, str(error))
    if asked is None:
        choice = choose(request.headers.get("Accept"), VERSIONED)
        return Asked(OFFERS[choice.format], choice.media_type, style=DEFAULT) if choice else None
    if asked.offer.name not in WRITTEN:
        abort(400, f"Versions are not given as “{name}”. There are: {', '.join(WRITTEN)}.")
    return asked


def _written(found: Version, stored: StoredRecord, wanted: Asked) -> Response:
    data = found.reading.resource or b""
    page = f"{frame.settings().base_url}/records/{stored.local_id}"
    try:
        body = write(wanted.offer.name, decode(data), style=wanted.style, page=page)
    except IncompleteResource as error:
        abort(406, str(error))
    kind, ending = wanted.content_type, wanted.offer.extension
    body = as_document(wanted.offer.name, body)
    return record_formats.given(stored, body, kind, ending, version=found.number)


def _given(body: bytes, kind: str) -> Response:
    given = Response(body, content_type=kind)
    given.headers["Cache-Control"] = frame.METADATA
    given.add_etag(weak=True)
    return given


def _crumbs(stored: StoredRecord, here: str) -> tuple[frame.Crumb, ...]:
    title = stored.summary.title or "this record"
    return CRUMB, frame.Crumb(title, f"/records/{stored.local_id}"), frame.Crumb(here)
