"""Places in lists, packed and signed: a cursor is good for the list that gave it, and for no other.

Nothing is kept. The secret is a value of the hub, so that all its processes take each other's.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlencode

from flask import request

from app import base64url
from app.web import frame
from app.web.api.register import unknown_place

_SECRET = "place-secret"  # noqa: S105 - the name of one
_SIGNATURE_BYTES = 12
_FREE = ("cursor", "per_page", "mailto", "metadata", "from", "kinds")
"""Parameters that may change from one part of a list to the next, or only say where it begins."""


def sealed(place: str) -> str:
    """Return a place in the list of the request in hand as a cursor."""
    body = place.encode("utf-8", "surrogatepass")
    return base64url.written(body + _signature(body))


def unsealed(cursor: str) -> str:
    """Return the place that a cursor of the same list names; raises Refused for any other."""
    raw = base64url.read(cursor) or b""
    body, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    if not hmac.compare_digest(_signature(body), signature):
        raise unknown_place()
    return body.decode("utf-8", "surrogatepass")


def _signature(body: bytes) -> bytes:
    pairs = sorted(pair for pair in request.args.items(multi=True) if pair[0] not in _FREE)
    listed = f"{request.path}?{urlencode(pairs)}\n".encode("utf-8", "surrogatepass")
    return hmac.digest(_secret(), listed + body, "sha256")[:_SIGNATURE_BYTES]


def _secret() -> bytes:
    hub = frame.store().hub
    return hub.setdefault(_SECRET, secrets.token_hex(32)).encode("ascii")
