"""ResourceSync on the web: the documents of `app.resourcesync`, with their caches.

Lists are streamed, a batch of rows at a time; the first batch is read before the answer begins, so
that a store that cannot be asked is 503. A stream that breaks is cut, and the client notices.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, request

from app import clock
from app.resourcesync import documents
from app.resourcesync.documents import PREFIX, Place
from app.resourcesync.windows import Window, windows
from app.store import published
from app.web import frame

blueprint = Blueprint("resourcesync", __name__)

LATEST = 253402300799
"""The last second that four digits of a year can name."""
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_WINDOW = re.compile(r"([0-9]{1,12})-([0-9]{1,12})")
_FORMS = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d")


@blueprint.get(documents.DESCRIPTION)
def description() -> Response:
    """Say where the capability list is."""
    return _small(documents.source_description)


@blueprint.get(documents.CAPABILITIES)
def capabilities() -> Response:
    """List the resource list and the change list."""
    return _small(documents.capability_list)


@blueprint.get(documents.RESOURCES)
def resources() -> Response:
    """List the parts of the resource list, or the resources where one part holds them all."""
    place, parts = _place(), published.parts(frame.store(), PREFIX)
    if len(parts) == 1:
        return _part(place, parts[0], part=False)
    etag = _etag(*(f"{p.number} {p.records} {p.newest}" for p in parts))
    return _answer(etag, lambda: iter((documents.resource_index(place, parts),)))


@blueprint.get("/resourcesync/resourcelist/<number>.xml")
def resource_part(number: str) -> Response:
    """List the resources of one part."""
    store = frame.store()
    found = published.parts(store, PREFIX, int(number)) if _NUMBER.fullmatch(number) else ()
    if not found:
        abort(404, f"The resource list has no part {number}; its index names those there are.")
    return _part(_place(), found[0], part=True)


@blueprint.get(documents.CHANGES)
def changes() -> Response:
    """List what changed since a moment (`from`), or ever; in windows where it is much."""
    place, since = _place(), _since()
    store = frame.store()
    found = windows(published.moments(store, PREFIX, since, place.now))
    begin = since or (found[0].from_ if found else place.now)
    etag = _etag("changes", str(since), *map(str, found))
    if len(found) > 1 and sum(window.records for window in found) > published.PART:
        return _answer(etag, lambda: iter((documents.change_index(place, begin, found),)))
    rows = published.changes(store, PREFIX, since, place.now)
    return _answer(etag, lambda: documents.change_list(place, rows, begin))


@blueprint.get("/resourcesync/changelist/<name>.xml")
def change_window(name: str) -> Response:
    """List what changed in one window."""
    bounds = _WINDOW.fullmatch(name)
    if bounds is None or not int(bounds[1]) <= int(bounds[2]) <= LATEST:
        abort(404, f"The change list has no window {name}; its index names those there are.")
    place, store = _place(), frame.store()
    from_, until = int(bounds[1]), min(int(bounds[2]), place.now)
    moments = published.moments(store, PREFIX, from_, until)
    inside = sum(moment.records for moment in moments)
    if inside > published.PART and len(moments) > 1:
        abort(400, "That window holds more changes than a list may; the index names smaller ones.")
    rows = published.changes(store, PREFIX, from_, until)
    window = Window(from_, until, inside)
    etag = _etag("window", str(window), str(moments[-1:]))
    return _answer(etag, lambda: documents.change_list(place, rows, from_, window))


def _part(place: Place, found: published.Part, *, part: bool) -> Response:
    rows = published.of_part(frame.store(), PREFIX, found.number)
    etag = _etag("part", str(part), str(found))
    return _answer(etag, lambda: documents.resource_list(place, rows, part=part))


def _small(make: Callable[[Place], bytes]) -> Response:
    body = make(_place())
    return _answer(_etag(body.decode()), lambda: iter((body,)))


def _place() -> Place:
    """Lists end at this second; all that bears an earlier datestamp is there to be seen."""
    return Place(frame.settings().base_url, clock.seconds(frame.store().now()))


def _since() -> int:
    text = request.args.get("from", "").strip()
    if not text:
        return 0
    found = next(filter(None, (_moment(text, form) for form in _FORMS)), None)
    if found is None:
        abort(400, "`from` is a date or moment in UTC: 2026-11-22 or 2026-11-22T10:00:00Z.")
    return max(0, clock.seconds(found))


def _moment(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None


def _etag(*parts: str) -> str:
    told = "\n".join((frame.build(), frame.settings().base_url, *parts))
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def _answer(etag: str, make: Callable[[], Iterator[bytes]]) -> Response:
    """Stream a document, unless the client holds it: an older `at` is as true as a new one."""
    headers = {"ETag": f'W/"{etag}"', "Cache-Control": "no-cache"}
    if request.if_none_match.contains_weak(etag):
        return Response(status=304, headers=headers)
    pieces = make()
    first = next(pieces, b"")
    whole = _chained(first, pieces)
    return Response(whole, headers=headers, content_type="application/xml; charset=utf-8")


def _chained(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces
