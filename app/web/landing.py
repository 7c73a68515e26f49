"""Record pages: a live record, its tombstone, what was set aside, its formats, its original.

What was citable stays explained: a record that is gone answers 410 with what, when and why, never
404; one that was never visible here does not exist. Each address speaks for every format: what is
asked for by name or header is given, and nothing in its place.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, Response, abort, request
from werkzeug.http import is_resource_modified

from app import clock
from app.state import repository_state
from app.web import frame, history, provenance, record_formats, record_views, related_view
from app.web.known_records import TOMBSTONES, known
from app.web.record_offers import (
    Asked,
    UnknownName,
    by_header,
    by_name,
)

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as PlainResponse

    from app.store.values import Repository, StoredRecord
    from app.web.related_view import Block

blueprint = Blueprint("landing", __name__)
Given = TypeVar("Given", bound="PlainResponse")

NO_TYPE = "None of the formats of this record fits what was asked for."


@blueprint.get("/records/<local_id>")
def show(local_id: str) -> Response:
    """Show a record, or give it in the format that is asked for."""
    stored, repository = known(local_id)
    return answer(stored, repository, asked())


@blueprint.get("/records/<local_id>/source")
def source(local_id: str) -> Response:
    """Show the metadata as it was received, escaped, never rendered; perhaps of a version."""
    number = last("version")
    if number:
        if not number.isdecimal():
            abort(400, f"“{number}” is no number of a version; write it as version=1.")
        return history.source(local_id, int(number[:19]))
    stored, _ = known(local_id)
    if stored.state in TOMBSTONES:
        abort(410, "This record was removed; what its repository had sent is no longer shown.")
    original = frame.store().records.original(stored.local_id)
    if original is None:
        abort(404, "Nothing is kept of what was received for this record.")
    return record_views.source(stored, original)


def asked() -> Asked | None:
    """Return what the request asks for; None if no format is acceptable to it.

    A name in the address goes before the header. Answers 400 for a name that there is not.
    """
    name, style = last("format"), last("style")
    try:
        if name:
            return by_name(name, style, marked=last("as") == "html", locale=last("locale"))
        return by_header(request.headers.get("Accept"), style, locale=last("locale"))
    except UnknownName as error:
        abort(400, str(error))


def last(parameter: str) -> str:
    """Return the last value of a parameter, empty without one."""
    return next(reversed(request.args.getlist(parameter)), "")


def answer(stored: StoredRecord, repository: Repository | None, wanted: Asked | None) -> Response:
    """Give a record as it is asked for: its page, a format, or what is left of it."""
    if wanted is None:
        return negotiated(record_formats.not_acceptable(stored, NO_TYPE))
    if stored.state in TOMBSTONES:
        given = record_views.gone(stored, repository, wanted)
    elif wanted.is_page:
        given = _page(stored, repository)
    else:
        given = record_formats.answer(stored, repository, wanted)
        given.make_conditional(request)
    return given if wanted.by_name else negotiated(given)


def negotiated(given: Given) -> Given:
    """Mark an answer as one that another header would have made another."""
    given.vary.add("Accept")
    return given


def _page(stored: StoredRecord, repository: Repository | None) -> Response:
    if stored.state != "live":
        return record_views.set_aside(stored, repository)
    block = related_view.block(frame.store(), stored)
    etag, changed = _validators(stored, repository, block)
    at = clock.moment(changed)
    if is_resource_modified(request.environ, etag=f'W/"{etag}"', last_modified=at):
        given = record_views.live(stored, repository, block)
    else:
        given = Response(status=304)
    if given.status_code in (200, 304):
        given.set_etag(etag, weak=True)
        given.last_modified = min(at, clock.now())
        given.headers["Cache-Control"] = frame.PUBLIC
    return given


def _validators(
    stored: StoredRecord, repository: Repository | None, block: Block
) -> tuple[str, int]:
    """A weak ETag of all that the page is made of, and when the record last changed."""
    state = repository_state(repository, clock.now()) if repository else ""
    parts = (
        frame.build(),
        frame.settings().hub,
        frame.settings().base_url,
        stored.local_id,
        stored.stamp,
        stored.last_changed_at,
        stored.crosswalk,
        stored.state,
        stored.quarantine,
        stored.repository_title,
        repository and (repository.public_url, repository.home_page, repository.last_whole_at),
        provenance.unconfirmed(stored, repository, state, clock.now()),
        block.stamp,
        request.query_string,
    )
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:20]
    moments = stored.last_changed_at, block.changed_at
    return digest, max(stored.stamp, *(clock.seconds(at) for at in moments if at))
