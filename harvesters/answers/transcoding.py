"""The first step of the ladder for a large body: what is in another encoding is written anew.

The rules are those of `decoding`, for a file that is never held in memory as a whole.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from harvesters.answers.decoding import (
    CP1252,
    LATIN1,
    WIDE,
    declared_encoding,
    is_plain,
    known_encoding,
    wide_encoding,
)
from harvesters.answers.repairs import Repair
from harvesters.transport.spooling import Spool

_STEP = 1024 * 1024
_LOOK = 1000
_HIGH = re.compile(rb"[\x80-\xff]")
_ONLY_CP1252 = re.compile(rb"[\x80-\x9f]")
_DECLARATION = re.compile(r"(<\?xml[^>]{0,200}?)\s+encoding\s*=\s*[\"'][^\"'>]*[\"']")


def as_utf8(body: Spool) -> tuple[Spool, tuple[Repair, ...]]:
    """Return a body that is to be read as UTF-8, and the repair if it was not what it said."""
    head = body.read(0, _LOOK)
    if head.startswith(codecs.BOM_UTF8):
        return body, ()
    wide = wide_encoding(head)
    if wide:
        made = _anew(body, wide, errors="strict")
        return (made, ()) if made else (_anew(body, wide, errors="replace") or body, _told(head))
    if is_plain(head):
        return body, ()
    encoding = known_encoding(declared_encoding(head))
    if encoding in ("", "utf-8") or encoding.startswith(WIDE):
        return body, () if encoding == "utf-8" else _told(head)
    return _declared(body, encoding, head)


def _declared(body: Spool, encoding: str, head: bytes) -> tuple[Spool, tuple[Repair, ...]]:
    """Read what declares an encoding of its own: in UTF-8 all the same if it is valid as such."""
    high, valid, only_cp1252 = _looked_through(body)
    if not high:
        return body, ()
    if valid:
        return body, _told(head)
    latin = encoding in LATIN1
    made = _anew(body, "" if latin else encoding, errors="strict")
    if made is None:
        return body, _told(head)
    return made, _told(head) if latin and only_cp1252 else ()


def _looked_through(body: Spool) -> tuple[bool, bool, bool]:
    """Tell whether a body holds bytes above 7F, is valid UTF-8, and has bytes of cp1252 alone."""
    high = only_cp1252 = False
    valid = True
    decoder = codecs.getincrementaldecoder("utf-8")()
    for part in body.chunks(size=_STEP):
        high = high or bool(_HIGH.search(part))
        only_cp1252 = only_cp1252 or bool(_ONLY_CP1252.search(part))
        valid = valid and _takes(decoder, part)
    return high, valid and _takes(decoder, b"", final=True), only_cp1252


def _takes(decoder: codecs.IncrementalDecoder, part: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(part, final)
    except UnicodeDecodeError:
        return False
    return True


def _anew(body: Spool, encoding: str, *, errors: str) -> Spool | None:
    """Write a body again in UTF-8, without the encoding that it declared; None if it is not so."""
    made = Spool(body.folder)
    texts = _texts(body, encoding, errors)
    try:
        made.write(_DECLARATION.sub(r"\1", next(texts, ""), count=1).encode("utf-8", "replace"))
        for text in texts:
            made.write(text.encode("utf-8", "replace"))
    except UnicodeError:
        made.close()
        return None
    return made


def _texts(body: Spool, encoding: str, errors: str) -> Iterator[str]:
    """Yield a body as text; without an encoding it is cp1252, in which every byte is one."""
    if not encoding:
        for part in body.chunks(size=_STEP):
            yield codecs.charmap_decode(part, "strict", CP1252)[0]
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for part in body.chunks(size=_STEP):
        yield decoder.decode(part)
    yield decoder.decode(b"", final=True)


def _told(head: bytes) -> tuple[Repair, ...]:
    return (Repair("encoding", 1, "", head[:160].decode("utf-8", "replace")),)
