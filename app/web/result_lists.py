"""What a search finds, taken away whole: files in seven formats, and a feed of its changes.

Exports are streamed; one that breaks is cut without its last piece, so that a client notices.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from flask import Response, abort, request

from app import clock
from app.query.folding import words
from app.result_lists import RESULT_FORMATS
from app.web import clients, feed, frame, limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.query.request import Request
    from app.result_lists import ResultFormat

LONGEST_SLUG = 60
_UNFIT = re.compile(r"[^a-z0-9]+")


def answer(found: Request, name: str) -> Response:
    """Give what a search finds in a format, or as a feed."""
    if name == "atom":
        return feed.answer(found)
    form = RESULT_FORMATS.get(name.replace("-", "_").lower())
    if form is None:
        names = ", ".join((*RESULT_FORMATS, "atom"))
        abort(400, f"There is no format “{name[:40]}” of results. There are: {names}.")
    return taken(lambda: _streamed(found, form))


def taken(make: Callable[[], Response]) -> Response:
    """Return an export; one client may take only some at a time."""
    client, most = _client(), frame.settings().limits.exports
    taking = limits.counting().taking
    if not taking.begin(client, most):
        abort(429, f"One client may take {most} exports at a time. Wait for one to end.")
    try:
        given = make()
    except BaseException:
        taking.end(client)
        raise
    given.call_on_close(lambda: taking.end(client))
    return given


def _client() -> str:
    forwarded, proxies = request.headers.getlist("X-Forwarded-For"), frame.settings().web
    peer = request.remote_addr or ""
    return clients.place(clients.client_address(peer, forwarded, proxies.trusted_proxies))


def _streamed(found: Request, form: ResultFormat) -> Response:
    search, settings, tallies = frame.store().search, frame.settings(), frame.store().links.tallies
    total = search.count(_written(found, form))
    pieces = form.pieces(search.each(found), settings, tallies)
    first = next(pieces, b"")  # a store that cannot be asked is 503, not a broken stream
    given = Response(itertools.chain((first,), pieces), content_type=form.content_type)
    file = f"{_slug(settings.hub.title) or 'hub'}-{clock.text(clock.now())[:10]}"
    query = _slug(found.text)
    name = "-".join(filter(None, (file, query)))
    given.headers["Content-Disposition"] = f'attachment; filename="{name}.{form.extension}"'
    given.headers["X-Total-Count"] = str(total)
    given.headers["Cache-Control"] = frame.PUBLIC
    return given


def _written(found: Request, form: ResultFormat) -> Request:
    """Return the search for the records that the format can be written of."""
    return found.that_has("datacite") if form.name == "datacite" else found


def _slug(text: str) -> str:
    """Return a text as part of the name of a file, empty if nothing of it fits."""
    folded = _UNFIT.sub("-", " ".join(words(text)))
    return folded[:LONGEST_SLUG].strip("-")
