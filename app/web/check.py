"""Try a record: what the hub reads in it, what the checks say, and what would be written of it.

Nothing is stored, and nothing asked of the network; `garnery crosswalk` does the same.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request
from msgspec import Struct
from werkzeug.exceptions import RequestEntityTooLarge

from app import clock, conversion
from app.crosswalks import FORMATS, named
from app.web import frame, words
from app.web.tried import tried

if TYPE_CHECKING:
    from app.web.tried import Tried

blueprint = Blueprint("check", __name__)

ADDRESS, AUTO = "/check", "auto"
LARGEST = 1_000_000
"""Bytes of a record that is tried."""
AROUND = 10_000
"""Bytes that a form puts around it."""
TOO_LARGE = f"A record that is tried may have {words.size(LARGEST)} at most."
LADDER = (16_000, 6_000, 1_500)
"""Characters of each text that are shown; tried in turn until the page is light."""


class Sent(Struct, frozen=True):
    """What was sent to be tried. text: as it was typed, empty for a file; form: of the record."""

    data: bytes = b""
    text: str = ""
    form: str = AUTO


@blueprint.get(ADDRESS)
def ask() -> Response:
    """Show the form."""
    return _page(Sent(), cached=frame.PUBLIC)


@blueprint.post(ADDRESS)
def answer() -> Response:
    """Show what becomes of the record that was sent; it is forgotten with the answer."""
    request.max_content_length = request.max_form_memory_size = LARGEST + AROUND
    try:
        sent = _sent()
    except RequestEntityTooLarge:
        abort(413, TOO_LARGE)
    if len(sent.data) > LARGEST:
        abort(413, TOO_LARGE)
    if not sent.data.strip():
        return _page(sent, wrong="Nothing was sent. Paste a record, or choose a file.")
    announced = "" if sent.form == AUTO else sent.form
    today, page = clock.now().astimezone(UTC).date(), frame.settings().base_url

    def made(most: int) -> Response:
        return _page(sent, tried(sent.data, announced, today, page, most), most=most)

    return frame.light(made, LADDER)


def _sent() -> Sent:
    form = request.form.get("from", AUTO)
    known = named(form) if form != AUTO else None
    if form != AUTO and (known is None or not known.readable):
        abort(400, f"“{words.cut(form, 40)}” is no format that is read here.")
    name = known.name if known else AUTO
    text, file = request.form.get("record", ""), request.files.get("file")
    if text.strip() or file is None:
        return Sent(conversion.as_bytes(text), text, name)
    return Sent(file.read(LARGEST + 1), form=name)


def _page(
    sent: Sent,
    found: Tried | None = None,
    *,
    wrong: str = "",
    most: int = LADDER[0],
    cached: str = frame.NEVER,
) -> Response:
    forms = [(name, form.title) for name, form in FORMATS.items() if form.readable]
    return frame.page(
        "check/show.html",
        title="Check a record",
        crumbs=(frame.Crumb("Check a record"),),
        status=422 if wrong else 200,
        cached=cached,
        sent=sent,
        kept=sent.text if len(sent.text) <= most else "",
        tried=found,
        wrong=wrong,
        forms=sorted(forms, key=lambda pair: pair[1].lower()),
        largest=LARGEST,
    )
