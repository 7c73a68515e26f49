"""Every error that a person sees: one template that says what happened, why, and what next.

A failing database is always 503, never an empty answer. The page itself
asks the store for nothing, so that it can be shown when the store is gone.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, g, request
from msgspec import Struct
from werkzeug.exceptions import HTTPException

from app.errors import NotFound, StoreError
from app.web import frame

blueprint = Blueprint("errors", __name__)
log = logging.getLogger(__name__)

RETRY_AFTER = "30"


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


def error_page(status: int, what: str = "", *, allowed: str = "", elsewhere: str = "") -> Response:
    """Return the page of an error.

    what: replaces the first sentence. allowed: the methods that the address takes.
    elsewhere: an address outside the hub where the thing may be found.
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
        path=request.path,
    )
    if status == 503:
        answer.headers["Retry-After"] = RETRY_AFTER
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
    return error_page(error.code, own or "", allowed=allowed)


@blueprint.app_errorhandler(NotFound)
def of_name(error: NotFound) -> Response:
    """Show that no such thing is known; its sentence names what is near."""
    return error_page(404, str(error))


@blueprint.app_errorhandler(StoreError)
def of_store(error: StoreError) -> Response:
    """Show that the database fails; what exactly is for the log, not for the page."""
    log.error("request %s: the store failed: %s", g.get("request_id", ""), error)
    return error_page(503)


@blueprint.app_errorhandler(Exception)
def of_ours(error: Exception) -> Response:
    """Show that we are at fault; the traceback is for the log, not for the page."""
    log.error("request %s failed", g.get("request_id", ""), exc_info=error)
    return error_page(500)
