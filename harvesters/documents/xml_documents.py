"""Records in XML: a bare record, an OAI-PMH record or answer, a whole static repository.

A document is read twice, strictly: once to know that it is sound and what is in it, once for its
records, one at a time. What is not sound goes up the same ladder as any page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import cast

from lxml import etree
from msgspec import Struct

from app.crosswalks.xml import STRICT, TEXT_LIMIT
from harvesters.answers.decoding import decode, is_plain, wide_encoding
from harvesters.answers.mending import cut_doctype
from harvesters.answers.reading import fields, local, read_item
from harvesters.base import HarvestedRecord
from harvesters.documents.bodies import Body

HEAD = 64 * 1024
STATIC = "Repository"
LISTS = frozenset(("OAI-PMH", STATIC, "ListRecords", "GetRecord", "records", "Records"))
"""Roots that hold records with headers."""
_TAGS = ("{*}record", "{*}ListRecords", "{*}Identify", "{*}metadataFormat")
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+(?:<(?P<root>[A-Za-z_][\w.:-]*)|<!(?P<type>D))",
    re.DOTALL,
)


class Sketch(Struct, frozen=True):
    """What is in a document with a list of records."""

    root: str
    """Its local name."""
    records: int = 0
    """How many have a header."""
    formats: tuple[tuple[str, str], ...] = ()
    """Prefix and namespace of each format of a static repository."""
    identify: tuple[tuple[str, str], ...] = ()
    complaint: str = ""
    """Why it is not sound; empty if it is."""
    huge: bool = False
    """It has a text larger than the parser takes unasked."""


class Unsound(Exception):
    """The document is not well-formed, or no strict parser may see it."""


def root_of(body: Body) -> str:
    """Return the local name of a document's root; empty if none is found, or no XML."""
    head = body.head(HEAD)
    if wide_encoding(head):
        head = decode(head)[0].encode("utf-8", "replace")
    found = _PROLOG.match(head)
    if found and found["type"]:
        done = cut_doctype(head.decode("latin-1"))
        found = _PROLOG.match(done[0].encode("latin-1")) if done else None
    return found["root"].decode().rpartition(":")[2] if found and found["root"] else ""


def is_strict(body: Body) -> bool:
    """Tell whether the strict parser may read a document as it is: plain UTF-8, no DOCTYPE."""
    head = body.head(HEAD)
    found = _PROLOG.match(head)
    return found is not None and found["root"] is not None and is_plain(head)


def sketch(body: Body) -> Sketch:
    """Read a document once, strictly, and say what is in it."""
    root = root_of(body)
    if not is_strict(body):
        return Sketch(root, complaint="It is not plain UTF-8, or declares a document type.")
    for huge in (False, True):
        try:
            return _sketched(root, body, huge=huge)
        except etree.XMLSyntaxError as error:
            complaint = str(error.msg)
            if TEXT_LIMIT not in complaint:
                break
    return Sketch(root, complaint=complaint)


def _sketched(root: str, body: Body, *, huge: bool) -> Sketch:
    records = 0
    listed: dict[str, str] = {}
    offered: dict[str, str] = {}
    identify: dict[str, str] = {}
    for element, prefix in _walk(body.chunks(), huge=huge):
        name = local(element.tag)
        if name == "record":
            records += _has_header(element)
            listed.setdefault(prefix, "")
        elif name == "metadataFormat":
            said = fields(element)
            offered[said.get("metadataPrefix", "")] = said.get("metadataNamespace", "")
        elif name == "Identify":
            identify = fields(element)
    formats = {name: space for name, space in (listed | offered).items() if name}
    return Sketch(root, records, tuple(formats.items()), tuple(identify.items()), huge=huge)


def records(body: Body, found: Sketch, prefix: str = "") -> Iterator[HarvestedRecord]:
    """Yield the records of a sound document; of a static repository those of one prefix."""
    position = 0
    for element, of in _walk(body.chunks(), huge=found.huge):
        if local(element.tag) == "record" and _has_header(element) and of == prefix:
            position += 1
            record = read_item(element, position)
            if record is not None:
                yield record


def _has_header(record: etree._Element) -> bool:
    return any(local(child.tag) == "header" for child in record)


def _walk(parts: Iterable[bytes], *, huge: bool) -> Iterator[tuple[etree._Element, str]]:
    """Yield each outermost element of `_TAGS` once it is whole, with the prefix of its list.

    What was yielded is let go of when the next one is asked for.
    """
    parser = etree.XMLPullParser(
        ("start", "end"),
        tag=_TAGS,
        huge_tree=huge,
        **STRICT,
    )
    outer: etree._Element | None = None
    prefix = ""
    for part in _with_end(parser, parts):
        del part
        for event, found in parser.read_events():
            element = cast("etree._Element", found)
            name = local(element.tag)
            if name == "ListRecords":
                prefix = element.get("metadataPrefix", "") if event == "start" else ""
            elif event == "start":
                outer = element if outer is None else outer
            elif element is outer:
                outer = None
                yield element, prefix
                _forget(element)


def _with_end(parser: etree.XMLPullParser, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Feed a parser part by part, and close it at the end."""
    for part in parts:
        parser.feed(part)
        yield part
    parser.close()
    yield b""


def _forget(element: etree._Element) -> None:
    """Free an element, and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
