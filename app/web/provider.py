"""The OAI-PMH data provider on the web, at `/oai`: methods, media types, caches, compression.

What is said in XML is decided in `app.oai`; here is only transport. A store that cannot be asked
is 503 with Retry-After, never an OAI error.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import cast

from flask import Blueprint, Response, current_app, redirect, request
from flask.sansio.blueprints import BlueprintSetupState
from isal import igzip
from werkzeug.wrappers import Response as PlainResponse

from app.errors import StoreError
from app.oai import Answer, Provider, arguments
from app.settings import Settings
from app.store import Store, deadline
from app.web import explorer, fair_use
from app.web.errors import error_page

blueprint = Blueprint("provider", __name__)
log = logging.getLogger(__name__)

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
FORM = "application/x-www-form-urlencoded"
LONGEST_BODY = 1024 * 1024
RETRY_AFTER = "30"
GZIP_LEVEL = 1
LONGEST_SECONDS = 30.0
"""What the database may take for a request, in all."""
MOST_ETAGS = 4
"""Of those a client sends; each costs a look at the page."""

_ETAG = re.compile(r'"([0-9]{1,6}-[0-9a-f]+)"')
_QUALITY = re.compile(r"[01](?:\.[0-9]{0,3})?")
_PLAIN = "text/plain; charset=UTF-8"
_XML = "text/xml; charset=UTF-8"


@blueprint.record_once
def set_up(state: BlueprintSetupState) -> None:
    """Make the provider of this application, from its store and settings."""
    known = state.app.extensions
    store = cast("Store", known["garnery.store"])
    known["garnery.provider"] = Provider(store, cast("Settings", known["garnery.settings"]))
    fair_use.set_up(state.app)


@blueprint.route("/oai", methods=METHODS, provide_automatic_options=False)
@fair_use.watched
def provide() -> Response:
    """Answer a request of OAI-PMH; a browser gets the answer as a page."""
    browses = request.method != "POST" and explorer.is_browser(request.headers.get("Accept", ""))
    return _provided(as_page=browses)


@blueprint.route("/oai/raw", methods=METHODS, provide_automatic_options=False)
@fair_use.watched
def provide_raw() -> Response:
    """Answer a request of OAI-PMH in XML, whoever asks."""
    return _provided(as_page=False)


@blueprint.route("/oai/", methods=METHODS, provide_automatic_options=False)
def with_slash() -> PlainResponse:
    """Lead to the one base URL, by the same method."""
    query = request.query_string.decode("latin-1")
    return redirect(f"{_settings().base_url}/oai" + (f"?{query}" if query else ""), 308)


def _provided(*, as_page: bool) -> Response:
    """Answer whatever a request comes to: in the protocol, or by a status with a sentence."""
    if request.method == "OPTIONS":
        return Response(status=204, headers={"Allow": ", ".join(METHODS)})
    body = b""
    if request.method == "POST":
        fault = _unfit()
        if fault is not None:
            return fault
        body = request.stream.read(LONGEST_BODY + 1)
        if len(body) > LONGEST_BODY:
            return _refused(413, "The body of a request may hold one mebibyte.")
    try:
        with deadline.within(LONGEST_SECONDS):
            pairs = arguments.read(request.query_string, body)
            return _page(pairs) if as_page else _response(_answer(pairs, _known()))
    except StoreError as error:
        log.error("an OAI-PMH request could not be answered: %s", error)
    except Exception as error:
        log.error("an OAI-PMH request failed", exc_info=error)
    if as_page:
        return error_page(503)
    return _refused(503, "The hub cannot look at the moment. Nothing is lost; ask again later.")


def _unfit() -> Response | None:
    """Return the answer to a POST whose body is none that we read."""
    if (request.content_length or 0) > LONGEST_BODY:
        return _refused(413, "The body of a request may hold one mebibyte.")
    if request.mimetype != FORM and (request.mimetype or request.content_length):
        return _refused(415, f"A request by POST is of the media type {FORM}.")
    return None


def _known() -> tuple[str, ...]:
    """Return the ETags that the client holds, bare."""
    return tuple(_ETAG.findall(request.headers.get("If-None-Match", ""))[:MOST_ETAGS])


def _answer(pairs: arguments.Pairs, known: tuple[str, ...] = ()) -> Answer:
    store = cast("Store", current_app.extensions["garnery.store"])
    provider = cast("Provider", current_app.extensions["garnery.provider"])
    store.schema.require()
    answer = provider.answer(pairs, now=store.now(), known=known)
    fair_use.tell(answer.facts)
    return answer


def _page(pairs: arguments.Pairs) -> Response:
    """Return the answer as a page; who asks for nothing is shown the beginning."""
    return _packed(explorer.page(_answer(pairs or explorer.START), pairs))


def _response(answer: Answer) -> Response:
    """Put an answer into HTTP: caches may keep what has an ETag, but must ask (C1-C3)."""
    headers = {"Vary": "Accept, Accept-Encoding"}
    if not answer.etag:
        headers["Cache-Control"] = "no-store"
    else:
        headers |= {"Cache-Control": "no-cache", "ETag": f'W/"{answer.etag}"'}
    if answer.not_modified:
        return Response(status=304, headers=headers)
    return _packed(Response(answer.body, headers=headers | {"Content-Type": _XML}))


def _packed(response: Response) -> Response:
    """Compress what goes out, if the client asks for it."""
    if _wants_gzip(request.headers.get("Accept-Encoding", "")):
        packed = igzip.compress(response.get_data(), compresslevel=GZIP_LEVEL, mtime=0)
        response.set_data(packed)
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(64)
def _wants_gzip(accepted: str) -> bool:
    """Tell whether gzip is named, and not less welcome than the plain answer."""
    qualities = {"identity": 0.0}
    for choice in accepted.lower().split(","):
        name, _, parameter = choice.partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        qualities[name.strip()] = float(quality) if _QUALITY.fullmatch(quality) else 0.0
    return 0 < qualities.get("gzip", 0) >= qualities["identity"]


def _refused(status: int, sentence: str) -> Response:
    """Answer outside the protocol, in words."""
    headers = {"Cache-Control": "no-store", "Content-Type": _PLAIN}
    if status == 503:
        headers["Retry-After"] = RETRY_AFTER
    return Response(sentence + "\n", status, headers=headers)


def _settings() -> Settings:
    return cast("Settings", current_app.extensions["garnery.settings"])
