"""The OAI-PMH data provider on the web, at `/oai`: methods, media types, caches, compression.

What is said in XML is decided in `app.oai`; here is only transport. A store that cannot be asked
is 503 with Retry-After, never an OAI error. Programs are answered by `Provided`, which stands
before Flask, since Flask would cost as much as the page; browsers and OPTIONS go through Flask.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Flask, Response, current_app, redirect, request
from flask.sansio.blueprints import BlueprintSetupState
from msgspec import Struct
from structlog.contextvars import bound_contextvars
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as PlainResponse

from app.errors import StoreError
from app.oai import Answer, Provider, arguments
from app.settings import Settings
from app.store import Store, deadline
from app.store.served.values import Facts
from app.web import explorer, fair_use, frame, metering
from app.web.compression import gzip, wants_gzip
from app.web.errors import error_page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from app.web.metering import Meter

blueprint = Blueprint("provider", __name__)
log = logging.getLogger(__name__)

PATH, RAW = "/oai", "/oai/raw"
_ROUTES = {PATH: "provider.provide", RAW: "provider.provide_raw"}
"""As Flask would name them."""
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
FORM = "application/x-www-form-urlencoded"
LONGEST_BODY = 1024 * 1024
RETRY_AFTER = "30"
LONGEST_SECONDS = 30.0
"""What the database may take for a request, in all."""
MOST_ETAGS = 4
"""Of those a client sends; each costs a look at the page."""

_ETAG = re.compile(r'"([0-9]{1,6}-[0-9a-f]+)"')
_PLAIN = "text/plain; charset=UTF-8"
_XML = "text/xml; charset=UTF-8"
_STATUS = {status.value: f"{status.value} {status.phrase.upper()}" for status in HTTPStatus}


@blueprint.record_once
def set_up(state: BlueprintSetupState) -> None:
    """Make the provider of this application, from its store and settings, and its door."""
    known, app = state.app.extensions, cast("Flask", state.app)
    store = cast("Store", known["garnery.store"])
    known["garnery.provider"] = Provider(store, cast("Settings", known["garnery.settings"]))
    fair_use.set_up(app)
    app.wsgi_app = Provided(app, app.wsgi_app).answer  # type: ignore[method-assign, assignment]


# ── programs ─────────────────────────────────────────────────────────────────────────────────


class Reply(Struct, frozen=True):
    """An answer as it goes out, but for the headers that all have."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    facts: Facts = Facts()


class Provided:
    """A WSGI application that answers the requests of programs; all others go to the next one."""

    def __init__(self, app: Flask, following: WSGIApplication) -> None:
        self._known = app.extensions
        self._following = following
        self._settings = cast("Settings", app.extensions["garnery.settings"])

    def answer(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        if not _by_a_program(environ):
            return self._following(environ, start)
        name = frame.named(environ.get("HTTP_X_REQUEST_ID", ""), self._settings.web.trusted_proxies)
        begun = time.perf_counter()
        with bound_contextvars(request_id=name):
            reply = self._watched(environ)
        meter = cast("Meter", self._known[metering.NAME])
        meter.note(_ROUTES[environ["PATH_INFO"]], time.perf_counter() - begun)
        return self._sent(reply, environ["REQUEST_METHOD"], name, start)

    def _watched(self, environ: WSGIEnvironment) -> Reply:
        """Answer whom fair use lets in, and note what became of it."""
        use = cast("fair_use.FairUse", self._known[fair_use.NAME])
        visit, reply = use.begin(environ), None
        try:
            if visit.verdict.served:
                reply = self._reply(environ)
            else:
                reply = _reply_of(use.refusal(visit.verdict))
        finally:
            if reply is None:
                use.end(visit, 500, 0, Facts())
            else:
                size = 0 if environ["REQUEST_METHOD"] == "HEAD" else len(reply.body)
                use.end(visit, reply.status, size, reply.facts)
        return reply

    def _reply(self, environ: WSGIEnvironment) -> Reply:
        """Answer whatever a request comes to: in the protocol, or by a status with a sentence."""
        try:
            body: bytes | Reply = b""
            if environ["REQUEST_METHOD"] == "POST":
                body = _posted(Request(environ))
            if isinstance(body, Reply):
                return body
            with deadline.within(LONGEST_SECONDS):
                query = environ.get("QUERY_STRING", "").encode("latin-1")
                known = _known(environ.get("HTTP_IF_NONE_MATCH", ""))
                answer = _asked(self._known, arguments.read(query, body), known)
                return _reply(answer, environ.get("HTTP_ACCEPT_ENCODING", ""))
        except StoreError as error:
            log.error("an OAI-PMH request could not be answered: %s", error)
        except Exception as error:
            log.error("an OAI-PMH request failed", exc_info=error)
        return _refused(503, "The hub cannot look at the moment. Nothing is lost; ask again later.")

    def _sent(self, reply: Reply, method: str, name: str, start: StartResponse) -> Iterable[bytes]:
        kind = reply.headers.get("Content-Type", "text/html")
        headers = frame.common(kind, method, self._settings.base_url, name) | reply.headers
        if reply.status != 304:
            headers["Content-Length"] = str(len(reply.body))
        start(_STATUS[reply.status], list(headers.items()))
        return () if method == "HEAD" or not reply.body else (reply.body,)


def _by_a_program(environ: WSGIEnvironment) -> bool:
    """Tell whether a request is to the provider and not a browser's."""
    path, method = environ.get("PATH_INFO"), environ["REQUEST_METHOD"]
    if path not in (PATH, RAW) or method not in ("GET", "HEAD", "POST"):
        return False
    return (
        path == RAW or method == "POST" or not explorer.is_browser(environ.get("HTTP_ACCEPT", ""))
    )


def _posted(sent: Request) -> bytes | Reply:
    """Return the body of a POST, or the answer to one whose body is none that we read."""
    length = sent.content_length or 0
    if length <= LONGEST_BODY:
        if sent.mimetype != FORM and (sent.mimetype or length):
            return _refused(415, f"A request by POST is of the media type {FORM}.")
        body = sent.stream.read(LONGEST_BODY + 1)
        if len(body) <= LONGEST_BODY:
            return body
    return _refused(413, "The body of a request may hold one mebibyte.")


def _known(named: str) -> tuple[str, ...]:
    """Return the ETags that the client holds, bare."""
    return tuple(_ETAG.findall(named)[:MOST_ETAGS]) if named else ()


def _asked(
    extensions: dict[str, Any], pairs: arguments.Pairs, known: tuple[str, ...] = ()
) -> Answer:
    store = cast("Store", extensions["garnery.store"])
    provider = cast("Provider", extensions["garnery.provider"])
    store.schema.require()
    return provider.answer(pairs, now=store.now(), known=known)


def _reply(answer: Answer, accepted: str) -> Reply:
    """Put an answer into HTTP: caches may keep what has an ETag, but must ask."""
    headers = {"Vary": "Accept, Accept-Encoding"}
    if not answer.etag:
        headers["Cache-Control"] = "no-store"
    else:
        headers |= {"Cache-Control": "no-cache", "ETag": f'W/"{answer.etag}"'}
    if answer.not_modified:
        return Reply(304, headers, facts=answer.facts)
    headers["Content-Type"] = _XML
    body = answer.body
    if wants_gzip(accepted):
        headers["Content-Encoding"], body = "gzip", gzip(body)
    return Reply(200, headers, body, answer.facts)


def _refused(status: int, sentence: str) -> Reply:
    """Answer outside the protocol, in words."""
    headers = {"Cache-Control": "no-store", "Content-Type": _PLAIN}
    if status == 503:
        headers["Retry-After"] = RETRY_AFTER
    return Reply(status, headers, f"{sentence}\n".encode())


def _reply_of(refusal: fair_use.Refusal) -> Reply:
    return Reply(refusal.status, refusal.headers, refusal.text.encode())


# ── browsers ─────────────────────────────────────────────────────────────────────────────────


@blueprint.route(PATH, methods=METHODS, provide_automatic_options=False)
def provide() -> Response:
    """Answer a browser by a page, and OPTIONS."""
    return _options() if request.method == "OPTIONS" else _as_page()


@blueprint.route(RAW, methods=METHODS, provide_automatic_options=False)
def provide_raw() -> Response:
    """Answer OPTIONS; all else never comes so far."""
    return _options()


@blueprint.route("/oai/", methods=METHODS, provide_automatic_options=False)
def with_slash() -> PlainResponse:
    """Lead to the one base URL, by the same method."""
    query = request.query_string.decode("latin-1")
    return redirect(f"{frame.settings().base_url}/oai" + (f"?{query}" if query else ""), 308)


def _options() -> Response:
    return Response(status=204, headers={"Allow": ", ".join(METHODS)})


@fair_use.watched
def _as_page() -> Response:
    """Return the answer as a page; who asks for nothing is shown the beginning."""
    try:
        with deadline.within(LONGEST_SECONDS):
            pairs = arguments.read(request.query_string)
            answer = _asked(current_app.extensions, pairs or explorer.START)
            fair_use.tell(answer.facts)
            return explorer.page(answer, pairs)
    except StoreError as error:
        log.error("an OAI-PMH request could not be answered: %s", error)
    except Exception as error:
        log.error("an OAI-PMH request failed", exc_info=error)
    return error_page(503)
