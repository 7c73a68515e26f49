"""What of the hub is used, besides the provider: each answer is counted with others of its kind.

Nothing personal is counted: a day, what was asked for by names of ours, the family of the software,
the status. No answer waits for it, and none fails for it. The provider notes its own use.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, current_app, request

from app import agents, clock
from app.datacite import identifiers
from app.result_lists import RESULT_FORMATS
from app.store.served.using import SOUGHT, Numbers, Use, add_uses
from app.web.clients import LONGEST_HEADER
from app.web.record_offers import OFFERS
from app.web.tallying import Tally

if TYPE_CHECKING:
    from flask.sansio.blueprints import BlueprintSetupState

    from app.store import Store

blueprint = Blueprint("using", __name__)
log = logging.getLogger(__name__)

NAME = "garnery.using"
UNCOUNTED = frozenset(("frame", "health", "metrics", "provider", "explorer"))
"""Files, what watches the hub, and the provider, by the first part of the route."""
RECORD, PAGE, SEARCH, EXPORT, FEED, API = "record", "page", "search", "export", "feed", "api"
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("landing", "records", "history", "related", "resolving", "bibliography"),
                    RECORD),
    "search": SEARCH, "api": API, "scholix": "scholix", "dumps": "dump",
    "resourcesync": "resourcesync", "site_map": "sitemap",
}  # fmt: skip
"""What is asked for, by the first part of the route; all else are pages."""
_OF_A_RECORD = ("landing", "resolving")
_RESOLVING = "resolving"
_ROBOTS = frozenset(("search engines", "other robots"))
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[a-z0-9._;()/:+-]{1,100}")
"""DOIs that are counted by name: no others are in use, but for very few."""
NO_ROUTE = "nothing here"


@blueprint.record_once
def set_up(state: BlueprintSetupState) -> None:
    """Give an application its counting."""
    store = cast("Store", state.app.extensions["garnery.store"])

    def write(counted: Mapping[Use, Numbers]) -> None:
        if not store.closed:
            add_uses(store.database, counted)

    state.app.extensions[NAME] = Tally(write, what="numbers of use", spare=_spare)


def tally() -> Tally[Use]:
    """Return the counting of this application."""
    return cast("Tally[Use]", current_app.extensions[NAME])


@blueprint.after_app_request
def count(answer: Response) -> Response:
    """Count an answer; whatever goes wrong with that is only logged."""
    try:
        if request.blueprint not in UNCOUNTED and request.method != "OPTIONS":
            _count(answer)
    except Exception:
        log.exception("a request could not be counted")
    return answer


def _count(answer: Response) -> None:
    family = family_of(request.headers.get("User-Agent", ""))
    use = Use(_today(), *_asked_for(answer), family, answer.status_code)
    streamed = answer.is_streamed and not answer.direct_passthrough and request.method != "HEAD"
    size = 0 if streamed or request.method == "HEAD" else answer.calculate_content_length() or 0
    tally().add(use, 1, 0, size, 0)
    if streamed:
        records = answer.headers.get("X-Total-Count", type=int) if use.kind == EXPORT else 0
        pieces = cast("Iterable[bytes]", answer.response)
        answer.response = _Passing(pieces, use, records or 0, tally())
    if answer.status_code == 404 and request.blueprint == _RESOLVING and family not in _ROBOTS:
        doi = _sought()
        if doi is not None:
            tally().add(Use(use.period, SOUGHT, doi), 1, 0, 0, 0)


def _asked_for(answer: Response) -> tuple[str, str]:
    """Return what was asked for, by names of ours alone: its kind, and which of them."""
    group, _, view = (request.endpoint or "").rpartition(".")
    if not view or (view == "by_link" and answer.status_code == 404 and _sought() is None):
        return PAGE, NO_ROUTE
    if group in ("search", "api") and "format" in request.args:
        form = request.args["format"].replace("-", "_").lower()
        if form == "atom":
            return FEED, form
        if form in RESULT_FORMATS:
            return EXPORT, form
    if group in _OF_A_RECORD and view != "source":
        return RECORD, _formats().get(answer.mimetype or "", "") if answer.status_code < 300 else ""
    return KINDS.get(group, PAGE), view


@cache
def _formats() -> Mapping[str, str]:
    """Return the names of formats by their media types; the first that has one holds."""
    pairs = [(kind, offer.name) for offer in OFFERS.values() for kind in offer.media_types]
    return dict(reversed(pairs))


@lru_cache(1024)
def family_of(user_agent: str) -> str:
    """Return the family of a User-Agent, of those that have a name here."""
    return agents.shown(agents.family(user_agent[:LONGEST_HEADER]))


def _sought() -> str | None:
    """Return the DOI that was asked for; empty if it is not one to be named, None if it is none."""
    given = next(iter(reversed((request.view_args or {}).values())), "")
    doi = identifiers.doi(given)
    if doi is None:
        return None
    return doi if _DOI.fullmatch(doi) else ""


def _today() -> str:
    return clock.text(clock.now())[:10]


def _spare(use: Use) -> Use:
    """Return what stands for a use when there are too many kinds of them in memory."""
    return use._replace(name="", family="" if use.kind == SOUGHT else agents.OTHERS)


class _Passing:
    """A stream that tells its bytes, and whether it was left before its end."""

    def __init__(self, pieces: Iterable[bytes], use: Use, records: int, into: Tally[Use]) -> None:
        self._pieces = pieces
        self._each = iter(pieces)
        self._use, self._records, self._into = use, records, into
        self._size = 0
        self._open, self._whole = True, False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self._each)
        except StopIteration:
            self._whole = True
            raise
        self._size += len(piece)
        return piece

    def close(self) -> None:
        """Let the stream go, and count what of it was given."""
        if self._open:
            self._open = False
            self._into.add(
                self._use, 0, self._records * self._whole, self._size, int(not self._whole)
            )
        close = getattr(self._pieces, "close", None)
        if close is not None:
            close()
