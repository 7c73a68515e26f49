"""Problem documents: what went wrong, for programs, as `application/problem+json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Response, g, request

from app.web import frame

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"
CODES = {
    400: "invalid-parameter",
    401: "authentication-required",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    410: "gone",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid-metadata",
    429: "too-many-requests",
    500: "internal",
    503: "unavailable",
}
"""The word for a kind of problem, by the status it usually has."""


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    code: str = "",
    cached: str = frame.NEVER,
    more: Mapping[str, object] | None = None,
) -> Response:
    """Return a problem document; what is None in `more` is left out.

    code: the word for the kind of problem, else that of the status. An answer that may be cached
    bears no request id.
    """
    word = code or CODES.get(status) or CODES[400 if status < 500 else 500]
    found = {
        "type": f"{frame.settings().base_url}/problems/{word}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "request_id": g.get("request_id") if cached == frame.NEVER else None,
        **(more or {}),
    }
    body = msgspec.json.encode({key: value for key, value in found.items() if value is not None})
    answer = Response(body + b"\n", status, content_type=MEDIA_TYPE)
    answer.headers["Cache-Control"] = cached
    return answer
