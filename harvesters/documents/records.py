"""Reads any document: its records one by one, and what was wrong with it.

An error among them says that the document could not be read whole, so that a run that meets one
has not seen everything.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from app.crosswalks import FORMATS
from app.crosswalks.xml import MalformedXML, parse
from app.errors import HarvestError
from app.record import Header
from harvesters import prefixes
from harvesters.answers.repair import Damage
from harvesters.answers.repairs import Repair
from harvesters.base import HarvestedRecord
from harvesters.documents import json_documents, ladder, xml_documents
from harvesters.documents.bodies import Body, body_of
from harvesters.documents.lists import Lists
from harvesters.documents.places import JSON, LINES, Document

Found = HarvestedRecord | Repair | HarvestError
_PACKING = {
    "compression-damaged": "is packed, and its packing is damaged or ends in the middle.",
    "too-large": "is larger than is taken, or grows beyond measure when it is unpacked.",
}
"""What may be wrong with the bytes of a document before they are read."""


class Wanted(Struct, frozen=True):
    """What is read of each document."""

    prefixes: tuple[str, ...] = ()
    """Of a static repository: the formats, the preferred first; none: the richest first."""
    largest: int = 64 * 1024 * 1024
    """The most bytes of one record."""
    largest_page: int = 512 * 1024 * 1024
    """The most bytes of a document that is mended."""
    folder: str = ""
    """Where large documents are kept meanwhile."""


def read(document: Document, wanted: Wanted) -> Iterator[Found]:
    """Yield what a document holds; never raises HarvestError."""
    try:
        yield from _read(document, wanted)
    except HarvestError as error:
        words = _PACKING.get(error.cause)
        named = f"{document.name} {words}" if words else str(error)
        yield HarvestError(error.cause, named, url=document.name)


def _read(document: Document, wanted: Wanted) -> Iterator[Found]:
    if document.kind in LINES:
        yield from json_documents.of_lines(document, wanted.largest)
    elif document.kind in JSON:
        yield from json_documents.of_document(document, wanted.largest)
    else:
        body = body_of(document.parts(), folder=wanted.folder)
        try:
            yield from _of_body(body, document, wanted)
        finally:
            body.close()


def _of_body(body: Body, document: Document, wanted: Wanted) -> Iterator[Found]:
    if not document.kind and body.head(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        again = Document(document.name, "", document.stamp, body.chunks)
        yield from json_documents.of_lines(again, wanted.largest)
        return
    root = xml_documents.root_of(body)
    if root in xml_documents.LISTS:
        yield from of_lists(Lists(body, document.name, wanted.largest_page), wanted)
    else:
        yield from _single(body, document, wanted)


def of_lists(lists: Lists, wanted: Wanted) -> Iterator[Found]:
    """Yield the records of a document with lists, each from the first format that has it."""
    names: tuple[str, ...] = ("",)
    if lists.is_static:
        names = wanted.prefixes or tuple(prefixes.ranked(lists.formats, FORMATS))
    try:
        yield from lists.read(names)
    except Damage as damage:
        words = f"{lists.name} cannot be read: {damage}"
        yield HarvestError(damage.cause, words, url=lists.name)


def _single(body: Body, document: Document, wanted: Wanted) -> Iterator[Found]:
    """Yield the one record of a document that is a record, bare or with its header."""
    name, stamp = document.name, document.stamp
    header = Header(name, stamp)
    if body.size > wanted.largest:
        words = f"The record has {body.size:,} bytes; at most {wanted.largest:,} are taken."
        yield HarvestedRecord(header, quarantine="record-unreadable", reason=words)
        return
    if xml_documents.root_of(body) == "record":
        lists = Lists(body, name, wanted.largest_page)
        damaged = bool(lists.sketch.complaint) and ladder.has_header(body.whole())
        if lists.sketch.records or damaged:
            yield from of_lists(lists, wanted)
            return
    data = body.whole()
    try:
        if xml_documents.is_strict(body):
            yield HarvestedRecord(header, parse(data), data)
            return
    except MalformedXML:
        pass
    yield from _mended(data, header)


def _mended(data: bytes, header: Header) -> Iterator[Found]:
    name = header.identifier
    try:
        found = ladder.record_of(data, name, header.datestamp)
    except Damage as damage:
        cut = not ladder.is_closed(data.decode("latin-1"))
        why = f"{name} cannot be read: {damage}"
        found = ladder.Mended(
            (HarvestedRecord(header, None, data, quarantine="record-unreadable", reason=why),),
            cut=cut,
        )
    yield from found.repairs
    for record in found.records:
        yield replace(record, original=data) if record.quarantine else record
    if found.cut:
        yield HarvestError("truncated", f"{name} ends in the middle.", url=name)
