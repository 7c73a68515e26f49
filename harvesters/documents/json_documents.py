"""Records in JSON: one object a line, or documents alone and in lists.

An object is either a record with its header, `{"identifier", "datestamp", "sets", "deleted",
"metadata" | "data_base64"}`, or a metadata document as it is. Its bytes are kept untouched.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from app.crosswalks.xml import MalformedXML, parse
from app.datacite import identifiers
from app.errors import HarvestError
from app.record import Header
from harvesters.base import HarvestedRecord
from harvesters.documents.places import Document

UNREADABLE = "record-unreadable"
_PAYLOAD = ("metadata", "data_base64")
_OBJECT = msgspec.json.Decoder(dict[str, Raw])
_LIST = msgspec.json.Decoder(list[Raw])
_WRONG = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_NAMED = re.compile(rb'"identifier"\s*:\s*"((?:[^"\\]|\\.){1,4096})"')

Found = HarvestedRecord | HarvestError


def of_lines(document: Document, largest: int) -> Iterator[Found]:
    """Yield the record of each line; a last line that is cut is an error, others are set aside."""
    for number, (line, ended) in enumerate(_lines(document.parts(), largest), 1):
        place = f"{document.name}#{number}"
        if ended is None:
            words = f"Line {number} is longer than {largest:,} bytes."
            yield _aside(line, Header("", document.stamp), words)
        elif line.strip():
            yield from _of_line(line, place, document.stamp, ended=ended)


def _of_line(line: bytes, place: str, stamp: str, *, ended: bool) -> Iterator[Found]:
    text = line.strip().removeprefix(b"\xef\xbb\xbf")
    try:
        yield record_of(text, _OBJECT.decode(text), place, stamp)
    except _WRONG as error:
        if not ended:
            yield HarvestError(
                "truncated", f"The last line, {place}, ends in the middle.", url=place
            )
            return
        named = _NAMED.search(text)
        name = named[1].decode("utf-8", "replace") if named else ""
        yield _aside(text, Header(name, stamp), f"{place} is no JSON object: {error}.")


def of_document(document: Document, largest: int) -> Iterator[Found]:
    """Yield the records of a JSON file: an object, a list of them, or a page with `data`."""
    data = b""
    for part in document.parts():
        data += part
        if len(data) > largest:
            words = f"{document.name} is larger than {largest:,} bytes; write a record a line."
            yield HarvestError("too-large", words, url=document.name)
            return
    data = data.strip().removeprefix(b"\xef\xbb\xbf")
    try:
        found = _objects(data)
    except _WRONG as error:
        yield from _no_json(data, document, error)
        return
    for number, (text, fields) in enumerate(found, 1):
        alone = len(found) == 1
        place = document.name if alone else f"{document.name}#{number}"
        yield record_of(text, fields, place, document.stamp, alone=alone)


def _no_json(data: bytes, document: Document, error: Exception) -> Iterator[Found]:
    if data[-1:] not in (b"}", b"]"):
        words = f"{document.name} ends in the middle."
        yield HarvestError("truncated", words, url=document.name)
    words = f"{document.name} is no JSON: {error}."
    yield _aside(data, Header(document.name, document.stamp), words)


def _objects(data: bytes) -> list[tuple[bytes, Mapping[str, Raw]]]:
    if data.startswith(b"["):
        return [(bytes(one), _OBJECT.decode(one)) for one in _LIST.decode(data)]
    fields = _OBJECT.decode(data)
    inner = bytes(fields.get("data", b""))
    return _objects(inner) if inner.startswith(b"[") else [(data, fields)]


def record_of(
    text: bytes, fields: Mapping[str, Raw], place: str, stamp: str, *, alone: bool = False
) -> HarvestedRecord:
    """Return the record that an object is.

    place: what names it if it has neither identifier nor DOI. alone: it is all of its file, whose
    name then names it, so that it keeps its name when the file is damaged.
    """
    header = _header(fields, stamp)
    if not header.deleted and not any(key in fields for key in _PAYLOAD):
        return HarvestedRecord(Header(_name(text, place, alone=alone), stamp), None, text)
    payload, wrong = _payload(fields)
    if not header.identifier:
        header = replace(header, identifier=_name(payload, place, alone=alone))
    if header.deleted:
        return HarvestedRecord(header)
    if wrong:
        return _aside(text, header, f"{place}: {wrong}")
    return _with_payload(header, payload, place)


def _name(text: bytes, place: str, *, alone: bool) -> str:
    return place if alone else (_doi(text) or place)


def _with_payload(header: Header, payload: bytes, place: str) -> HarvestedRecord:
    start = payload.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not start:
        return HarvestedRecord(header, None, None)
    if start in (b"{", b"["):
        return HarvestedRecord(header, None, payload)
    try:
        return HarvestedRecord(header, parse(payload), payload)
    except MalformedXML as error:
        return _aside(payload, header, f"{place}: {error}")


def _header(fields: Mapping[str, Raw], stamp: str) -> Header:
    sets = _value(fields, "sets")
    name = _text(fields, "identifier") or _text(fields, "oai_identifier")
    deleted = _value(fields, "deleted") is True or _text(fields, "state") == "deleted"
    return Header(
        name.strip(),
        _text(fields, "datestamp") or stamp,
        tuple(one for one in sets if isinstance(one, str)) if isinstance(sets, list) else (),
        deleted,
    )


def _payload(fields: Mapping[str, Raw]) -> tuple[bytes, str]:
    """Return the bytes of the metadata, or what is wrong with them."""
    if "data_base64" in fields:
        try:
            return base64.b64decode(_text(fields, "data_base64"), validate=True), ""
        except ValueError as error:
            return b"", f"`data_base64` is no Base64: {error}."
    raw = bytes(fields.get("metadata", b""))
    if raw.startswith(b'"'):
        return _text(fields, "metadata").encode("utf-8", "surrogatepass"), ""
    return (b"" if raw == b"null" else raw), ""


def _doi(text: bytes) -> str:
    """Return the name that a document's DOI gives it; empty without one."""
    try:
        value = msgspec.json.decode(text)
    except _WRONG:
        return ""
    for _ in range(3):
        if not isinstance(value, dict):
            return ""
        for key in ("doi", "DOI", "id", "@id"):
            doi = identifiers.doi(value[key]) if isinstance(value.get(key), str) else None
            if doi:
                return f"doi:{doi}"
        value = value.get("data") or value.get("attributes")
    return ""


def _value(fields: Mapping[str, Raw], key: str) -> object:
    try:
        return msgspec.json.decode(fields[key]) if key in fields else None
    except _WRONG:
        return None


def _text(fields: Mapping[str, Raw], key: str) -> str:
    found = _value(fields, key)
    return found if isinstance(found, str) else ""


def _aside(original: bytes, header: Header, why: str) -> HarvestedRecord:
    cause = UNREADABLE if header.identifier else "record-without-name"
    return HarvestedRecord(header, None, original or None, quarantine=cause, reason=why)


def _lines(parts: Iterable[bytes], largest: int) -> Iterator[tuple[bytes, bool | None]]:
    """Yield each line and whether it was ended; None for one that is too long, and its start."""
    left, skipping = b"", False
    for part in parts:
        pieces = (left + part).split(b"\n")
        left = pieces.pop()
        for piece in pieces:
            if skipping:
                skipping = False
            elif len(piece) > largest:
                yield piece[:1000], None
            else:
                yield piece, True
        if len(left) > largest:
            if not skipping:
                yield left[:1000], None
            left, skipping = b"", True
    if left and not skipping:
        yield left, False
