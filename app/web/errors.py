"""Every error that a person sees: one template that says what happened, why, and what next.

A failing database is always 503, never an empty answer. The page itself
asks the store for nothing, so that it can be shown when the store is gone.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request
from msgspec import Struct
from werkzeug.exceptions import HTTPException

from app.errors import NotFound, StoreError
from app.web import frame
from app.web.problems import problem

blueprint = Blueprint("errors", __name__)
log = logging.getLogger(__name__)

RETRY_AFTER = "30"
WAITS = {429: "10", 503: RETRY_AFTER}
"""Seconds after which to ask again, by status."""
PROGRAMS = ("/api/", "/scholix/")
"""Under these addresses every error is a problem document."""


class Shown(Struct, frozen=True):
    """The words of an error page."""

    title: str
    what: str
    next: str = ""


ERRORS = {
    400: Shown(
        "We could not read that request",
        "Something in the address or in what came with it is not as it should be.",
        "Check the address, or begin at the home page.",
    ),
    401: Shown(
        "This needs an account",
        "The address is not open to everyone.",
    ),
    403: Shown(
        "You are signed in, but this is not yours",
        "The address needs a role that you do not have.",
    ),
    404: Shown(
        "There is nothing here",
        "No page of this hub has that address.",
        "Check the address, or look for the record in the lists of records and repositories.",
    ),
    405: Shown(
        "That address does not take this",
        "The address exists, but not for that kind of request.",
    ),
    406: Shown(
        "We do not have that format",
        "The record cannot be given in the format that was asked for.",
    ),
    410: Shown("This is gone", "There was something here, and it has been removed."),
    413: Shown(
        "We could not take that",
        "What was sent is larger than this address takes.",
        "Send less at once.",
    ),
    414: Shown(
        "We could not read that request",
        "The address is longer than this hub reads.",
    ),
    415: Shown(
        "We could not take that",
        "What was sent is of a type that this address does not take.",
    ),
    422: Shown(
        "We could not take that",
        "What was sent could be read, but it is not as it should be.",
    ),
    429: Shown(
        "Too many requests",
        "More requests came from you than the hub answers in that time.",
        "Wait a while, and ask less often.",
    ),
    500: Shown(
        "Something broke on our side",
        "The page could not be made. Nothing was changed.",
        "Try again. If it happens again, write to us and name the request id below.",
    ),
    503: Shown(
        "The hub is busy or being repaired",
        "Its database does not answer at the moment. Nothing is lost.",
        "Try again in half a minute.",
    ),
}


def error_page(
    status: int,
    what: str = "",
    *,
    allowed: str = "",
    elsewhere: str = "",
    choices: tuple[tuple[str, str, str], ...] = (),
    wait: str = "",
) -> Response:
    """Return the page of an error.

    what: replaces the first sentence. allowed: the methods that the address takes.
    elsewhere: an address outside the hub where the thing may be found. choices: what may be
    asked for instead, each as title, small addition and address. wait: seconds, if not as usual.
    """
    shown = ERRORS.get(status) or ERRORS[400 if status < 500 else 500]
    answer = frame.page(
        "errors/error.html",
        title=shown.title,
        status=status,
        cached=frame.NEVER,
        shown=shown,
        what=what or shown.what,
        code=status,
        allowed=allowed,
        elsewhere=elsewhere,
        choices=choices,
        path=request.path,
    )
    if wait or status in WAITS:
        answer.headers["Retry-After"] = wait or WAITS[status]
    if allowed:
        answer.headers["Allow"] = allowed
    return answer


@blueprint.app_errorhandler(HTTPException)
def of_http(error: HTTPException) -> Response:
    """Show an error of HTTP; an own description given to `abort` is shown, a stock one is not."""
    if error.code is None or error.code < 400:
        return Response(error.get_response().get_data(), error.code or 500)
    stock = type(error).description
    own = error.description if error.description != stock else ""
    allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    wait = str(getattr(error, "retry_after", None) or "")
    return told(error.code, own or "", allowed=allowed, wait=wait)


def told(status: int, what: str = "", *, allowed: str = "", wait: str = "") -> Response:
    """Return the page of an error, or its problem document where programs ask."""
    wait = wait or WAITS.get(status, "")
    if not request.path.startswith(PROGRAMS):
        return error_page(status, what, allowed=allowed, wait=wait)
    shown = ERRORS.get(status) or ERRORS[400 if status < 500 else 500]
    methods = allowed.split(", ") if allowed else None
    more = {"allowed": methods, "retry_after": int(wait) if wait else None}
    answer = problem(status, shown.title, what or shown.what, more=more)
    if wait:
        answer.headers["Retry-After"] = wait
    if allowed:
        answer.headers["Allow"] = allowed
    return answer


@blueprint.app_errorhandler(NotFound)
def of_name(error: NotFound) -> Response:
    """Show that no such thing is known; its sentence names what is near."""
    return told(404, str(error))


@blueprint.app_errorhandler(StoreError)
def of_store(error: StoreError) -> Response:
    """Show that the database fails; what exactly is for the log, not for the page."""
    log.error("the store failed: %s", error)
    return told(503)


@blueprint.app_errorhandler(Exception)
def of_ours(error: Exception) -> Response:
    """Show that we are at fault; the traceback is for the log, not for the page."""
    log.error("the request failed", exc_info=error)
    return told(500)
