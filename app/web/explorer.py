"""The provider for people: each answer of OAI-PMH as a page, at the address of the answer itself.

The page is made from the bytes that a harvester would get, on the server. Only a browser gets it:
whoever does not name both HTML and XHTML as welcome gets XML, as does everyone under `/oai/raw`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, request

from app.oai import arguments, readable
from app.store.set_counts import MOST, SetCounts, main_sets
from app.web import explorer_view, frame
from app.web.public import public_repositories

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.sansio.blueprints import BlueprintSetupState
    from werkzeug.wrappers import Response as PlainResponse

    from app.oai import Answer, Provider
    from app.oai.arguments import Pairs
    from app.store import Store

blueprint = Blueprint("explorer", __name__)

START: Pairs = (("verb", "Identify"),)
"""What is shown to who asks for nothing."""
BOTH = {"text/html", "application/xhtml+xml"}
MOST_SETS = 100
COUNTING_SECONDS = 1.0
COUNTED_PREFIX = "oai_dc"
"""The format that every item has."""
LONGEST_VALUE = 4_000
CRUMB = frame.Crumb("OAI-PMH", "/oai")
_NAMES = tuple(dict.fromkeys(name for one in arguments.VERBS.values() for name in one.known))


@blueprint.record_once
def set_up(state: BlueprintSetupState) -> None:
    """Make what remembers the counts of sets."""
    known = state.app.extensions
    known["garnery.set-counts"] = SetCounts(cast("Store", known["garnery.store"]))


@lru_cache(256)
def is_browser(accepted: str) -> bool:
    """Tell whether an Accept header is a browser's: it names both HTML and XHTML."""
    named = set()
    for choice in accepted.lower().split(","):
        name, _, parameters = choice.partition(";")
        if parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            named.add(name.strip())
    return named >= BOTH


def page(answer: Answer, pairs: Pairs) -> Response:
    """Return an answer as a page; `pairs` are the arguments as they came, none at the start."""
    shown = readable.read(answer.body)
    view = explorer_view.view(
        shown,
        pairs,
        around=explorer_view.Around(
            frame.settings().base_url + "/oai",
            _provider().formats,
            _provider().prefix_of(pairs) or COUNTED_PREFIX,
            frozenset(r.name for r in public_repositories(frame.store())),
        ),
    )
    response = frame.page(
        "explorer/answer.html",
        title=view.title,
        crumbs=(CRUMB, frame.Crumb(view.title)) if pairs else (frame.Crumb(CRUMB.text),),
        cached="no-cache" if answer.etag else frame.NEVER,
        shown=shown,
        view=view,
        xml=f"/oai/raw?{_query(pairs or START)}",
        counted=_counted(shown),
        most=MOST,
        size=len(answer.body),
    )
    response.headers["Vary"] = "Accept, Accept-Encoding"
    return response


@blueprint.get("/oai/ask")
def ask() -> PlainResponse:
    """Take what a form sends and lead to the request; what was left empty is left out."""
    given = [
        (name, value.strip()[:LONGEST_VALUE])
        for name in ("verb", *_NAMES)
        for value in request.args.getlist(name)[:2]
    ]
    query = _query([(name, value) for name, value in given if value])
    return redirect(frame.to("/oai") + (f"?{query}" if query else ""), 303)


def _query(pairs: Pairs) -> str:
    return urlencode(pairs, encoding="utf-8", errors="surrogateescape")


def _provider() -> Provider:
    return cast("Provider", current_app.extensions["garnery.provider"])


def _counted(shown: readable.Readable) -> tuple[explorer_view.Counted, ...]:
    """Return the sets of an answer, or at the start the main ones, with counts of records."""
    store = frame.store()
    if shown.verb == "Identify":
        names: Mapping[str, str] = {s.spec: s.name for s in main_sets(store, MOST_SETS)}
    else:
        names = {s.spec: s.name for s in shown.sets}
    counts = current_app.extensions["garnery.set-counts"].of(
        tuple(names), prefix=COUNTED_PREFIX, seconds=COUNTING_SECONDS
    )
    return tuple(
        explorer_view.counted(spec, name, counts.get(spec)) for spec, name in names.items()
    )
