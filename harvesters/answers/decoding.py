"""The first step of the ladder: bytes to text.

A wrong declaration parses without a complaint and gives "CafÃ©", so this comes before the parser.
Nothing is guessed by statistics.
"""

from __future__ import annotations

import codecs
import re

from harvesters.answers.repairs import REPLACEMENT, Repair, Repairs

_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']\s*([A-Za-z0-9._:\-]{1,40})\s*[\"']"
)
_LOOK = 1000
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WITHOUT_BOM = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
LATIN1 = frozenset(("iso8859-1", "latin-1", "ascii", "cp1252"))
_NO_TEXT = frozenset(("utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode"))
WIDE = ("utf-16", "utf-32")
_BAD_BYTES = re.compile("[\udc80-\udcff]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_ONLY_CP1252 = re.compile(rb"[\x80-\x9f]")

CP1252 = "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
"""Every byte has a character: the five that cp1252 leaves open are the control characters."""


def declared_encoding(data: bytes) -> str:
    """Return the encoding that the XML declaration names, lower case, or nothing."""
    found = _DECLARED.search(data, 0, _LOOK)
    return found[1].decode("ascii").lower() if found else ""


def is_plain(data: bytes) -> bool:
    """Tell whether the parser itself can be trusted to decode: UTF-8, declared or by default."""
    return declared_encoding(data) in ("", "utf-8", "utf8") and b"\0" not in data[:4]


def decode(data: bytes) -> tuple[str, tuple[Repair, ...]]:
    """Return the text of a body, and the repair `encoding` if it was not what it said."""
    if data.startswith(codecs.BOM_UTF8):
        return _decode_as(data[len(codecs.BOM_UTF8) :], "utf-8")
    wide = wide_encoding(data)
    if wide:
        return _decode_as(data, wide)
    return _decode_declared(data, known_encoding(declared_encoding(data) or "utf-8"))


def wide_encoding(data: bytes) -> str:
    """Return the encoding of two or four bytes a character that a body begins in, or nothing."""
    for start, encoding in (*_BOMS, *_WITHOUT_BOM):
        if data.startswith(start):
            return encoding
    return ""


def _decode_declared(data: bytes, encoding: str) -> tuple[str, tuple[Repair, ...]]:
    if encoding == "utf-8" or not encoding or encoding.startswith(WIDE):
        text, repairs = _decode_as(data, "utf-8")
        return text, repairs or (() if encoding == "utf-8" else _whole(text))
    as_utf8 = _strictly(data, "utf-8") if _HIGH.search(data) else None
    if as_utf8 is not None:
        return as_utf8, _whole(as_utf8)
    if encoding in LATIN1:
        latin = codecs.charmap_decode(data, "strict", CP1252)[0]
        return latin, _whole(latin) if _ONLY_CP1252.search(data) else ()
    as_declared = _strictly(data, encoding)
    return (as_declared, ()) if as_declared is not None else _decode_as(data, "utf-8")


def _decode_as(data: bytes, encoding: str) -> tuple[str, tuple[Repair, ...]]:
    text = _strictly(data, encoding)
    if text is not None:
        return text, ()
    if encoding != "utf-8":
        text = data.decode(encoding, "replace")
        return text, _whole(text, guessed=True)
    return _mend_utf8(data.decode("utf-8", "surrogateescape"))


def _mend_utf8(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Read each byte that is not valid UTF-8 as cp1252; join surrogates in pairs (CESU-8)."""
    repairs = Repairs("encoding", text)

    def one(match: re.Match[str]) -> str:
        raw = match[0].encode("utf-8", "surrogateescape")
        joined = _cesu8(raw)
        new = codecs.charmap_decode(raw, "strict", CP1252)[0] if joined is None else joined
        repairs.at(match.start(), match.end(), guessed=REPLACEMENT in new)
        return new

    mended = _BAD_BYTES.sub(one, text)
    return mended, _printable(repairs.all())


def _cesu8(raw: bytes) -> str | None:
    try:
        halves = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _printable(repairs: tuple[Repair, ...]) -> tuple[Repair, ...]:
    """Excerpts show the bytes as they would be in cp1252: text must be storable."""
    return tuple(
        Repair(r.name, r.count, r.identifier, _shown(r.excerpt), r.guessed) for r in repairs
    )


def _shown(text: str) -> str:
    return _BAD_BYTES.sub(lambda m: "".join(CP1252[ord(c) - 0xDC00] for c in m[0]), text)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def known_encoding(name: str) -> str:
    """Return the codec's own name for an encoding, or nothing if nobody knows it as text."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    is_text = getattr(codec, "_is_text_encoding", True)
    return codec.name if is_text and codec.name not in _NO_TEXT else ""


def _whole(text: str, *, guessed: bool = False) -> tuple[Repair, ...]:
    return (Repair("encoding", 1, "", text[:160], guessed),)
