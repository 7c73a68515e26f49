"""What a search finds, taken away whole: files in seven formats, and a feed of its changes.

Exports are streamed; one that breaks is cut without its last piece, so that a client notices.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections import Counter
from typing import TYPE_CHECKING

from flask import Response, abort, request

from app import clock
from app.query.folding import words
from app.result_lists import RESULT_FORMATS
from app.web import feed, frame

if TYPE_CHECKING:
    from app.query.request import Request
    from app.result_lists import ResultFormat

AT_ONCE = 2
"""Exports that one client may take at the same time."""
LONGEST_SLUG = 60
_UNFIT = re.compile(r"[^a-z0-9]+")


class _Taking:
    """How many exports each client takes at the moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def begin(self, client: str) -> bool:
        """Count one more; False if the client has as many as it may."""
        with self._lock:
            if self._taken[client] >= AT_ONCE:
                return False
            self._taken[client] += 1
            return True

    def end(self, client: str) -> None:
        """Count one less."""
        with self._lock:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]


_TAKING = _Taking()


def answer(found: Request, name: str) -> Response:
    """Give what a search finds in a format, or as a feed."""
    if name == "atom":
        return feed.answer(found)
    form = RESULT_FORMATS.get(name.replace("-", "_").lower())
    if form is None:
        names = ", ".join((*RESULT_FORMATS, "atom"))
        abort(400, f"There is no format “{name[:40]}” of results. There are: {names}.")
    client = request.remote_addr or ""
    if not _TAKING.begin(client):
        abort(429, f"One client may take {AT_ONCE} exports at a time. Wait for one to end.")
    try:
        return _streamed(found, form, client)
    except BaseException:
        _TAKING.end(client)
        raise


def _streamed(found: Request, form: ResultFormat, client: str) -> Response:
    search, settings = frame.store().search, frame.settings()
    total = search.count(_written(found, form))
    pieces = form.pieces(search.each(found), settings)
    first = next(pieces, b"")  # a store that cannot be asked is 503, not a broken stream
    given = Response(itertools.chain((first,), pieces), content_type=form.content_type)
    given.call_on_close(lambda: _TAKING.end(client))
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
