"""Answers are compressed by gzip where the client asks for it; what is small, or is packed, is not.

One body in two encodings is the same to a weak ETag, so only a strong one is weakened here. What is
streamed stays a stream: an answer that breaks off has no end, in either form.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from isal import igzip, isal_zlib

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

blueprint = Blueprint("compression", __name__)

LEAST = 1000
"""Bytes; a shorter body would not become shorter on the wire."""
LEVEL = 1
_WBITS = 31
"""What makes a compressor write gzip."""
_QUALITY = re.compile(r"[01](?:\.[0-9]{0,3})?")
_TEXTS = ("/json", "+json", "/xml", "+xml", "/javascript", "/x-ndjson", "/x-bibtex", "/linkset",
          "/x-research-info-systems")  # fmt: skip


@blueprint.after_app_request
def compress(answer: Response) -> Response:
    """Compress an answer if it may be, and say that another header would have made it another."""
    if answer.status_code == 304:
        answer.vary.add("Accept-Encoding")
        return answer
    if not _may_be(answer):
        return answer
    answer.vary.add("Accept-Encoding")
    if not wants_gzip(request.headers.get("Accept-Encoding", "")):
        return answer
    if answer.is_sequence:
        body = answer.get_data()
        if len(body) < LEAST:
            return answer
        answer.set_data(gzip(body))
    else:
        answer.response = packed(answer.iter_encoded())
        answer.headers.pop("Content-Length", None)
    answer.headers["Content-Encoding"] = "gzip"
    tag, is_weak = answer.get_etag()
    if tag and not is_weak:
        answer.set_etag(tag, weak=True)
    return answer


def _may_be(answer: Response) -> bool:
    """Tell whether a body is text, whole, and not packed yet. Files are sent as they lie."""
    kind = answer.mimetype or ""
    return (
        (kind.startswith("text/") or kind.endswith(_TEXTS))
        and answer.status_code not in (204, 206)
        and not 300 <= answer.status_code < 400
        and not answer.direct_passthrough
        and not answer.headers.get("Content-Encoding")
    )


def packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces compressed, the first one at once, so that the client sees that it begins."""
    packer = isal_zlib.compressobj(LEVEL, wbits=_WBITS)
    begun = False
    for piece in pieces:
        out = packer.compress(piece)
        if piece and not begun:
            out, begun = out + packer.flush(isal_zlib.Z_SYNC_FLUSH), True
        if out:
            yield out
    yield packer.flush()


def gzip(body: bytes) -> bytes:
    """Return a body compressed; the same body gives the same bytes."""
    whole: bytes = igzip.compress(body, compresslevel=LEVEL, mtime=0)
    return whole


@lru_cache(64)
def wants_gzip(accepted: str) -> bool:
    """Tell whether gzip is named, and not less welcome than the plain answer."""
    qualities = {"identity": 0.0}
    for choice in accepted.lower().split(","):
        name, _, parameter = choice.partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        qualities[name.strip()] = float(quality) if _QUALITY.fullmatch(quality) else 0.0
    return 0 < qualities.get("gzip", 0) >= qualities["identity"]
