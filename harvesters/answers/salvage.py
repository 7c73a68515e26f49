"""The last step of the ladder: a page is cut at its records, each is parsed alone.

What parses is taken; of the others the header is read, so that they are lost by name or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree
from msgspec import Struct

from harvesters.answers.repairs import matches_outside_literals

Parse = Callable[[str], etree._Element | None]
"""Parses text strictly; None if it is not well-formed."""

_NAME = r"(?:[\w.-]+:)?"
_RECORD_START = rf"<{_NAME}record(?:\s[^<>]*)?>(?=\s*(?:<!--[^>]*-->\s*)?<{_NAME}header[\s>/])"
_HEADER_START = rf"<{_NAME}header(?=[\s>])"
LIST_START = re.compile(
    rf"<(?P<name>{_NAME}(?:ListRecords|ListIdentifiers|GetRecord))(?:\s[^<>]*)?>"
)
ROOT_START = re.compile(rf"<(?P<name>{_NAME}OAI-PMH)(?=[\s>])[^<>]*>")
HEADER = re.compile(rf"<{_NAME}header[\s>].*?</{_NAME}header\s*>|<{_NAME}header[^>]*/>", re.DOTALL)
LIST_END = re.compile(rf"<{_NAME}resumptionToken[\s>/]|</{_NAME}(?:List\w+|GetRecord)\s*>")
_DATE = re.compile(rf"<({_NAME}responseDate)\b[^<>]*>[^<]*</\1\s*>")
_TOKEN = re.compile(rf"<({_NAME}resumptionToken)\b(?:[^<>]*/>|[^<>]*>[^<]*</\1\s*>)", re.DOTALL)


class Lost(Struct, frozen=True):
    """A record that begins and cannot be had from this page."""

    header: etree._Element | None
    raw: str
    position: int
    """Its place in the page, from 1."""


class Salvaged(Struct, frozen=True):
    """What a damaged page still gives: a tree that holds the whole records, and the lost ones."""

    root: etree._Element
    lost: tuple[Lost, ...]


def salvage(text: str, parse: Parse, *, closed: bool) -> Salvaged | None:
    """Return the whole records of a page; None if the page around them cannot be read.

    closed: whether the page came to its end; a record that is cut at the end of one that did not
    is left out, since it is asked for again with its page.
    """
    root_start, list_start = ROOT_START.search(text), LIST_START.search(text)
    if root_start is None or list_start is None:
        return None
    kind = "header" if list_start["name"].endswith("ListIdentifiers") else "record"
    slices, end = _slices(text, list_start.end(), kind, closed=closed)
    before = text[: slices[0].start if slices else list_start.end()]
    closing = f"</{list_start['name']}></{root_start['name']}>"
    skeleton = parse(before + (text[end:] if closed else closing))
    opening = f"{root_start[0]}{list_start[0]}"
    if skeleton is None and slices:
        skeleton = parse(_frame(before, text[end:], root_start[0], list_start[0]) + closing)
    if skeleton is None:
        return None
    return _gather(skeleton, slices, lambda part: parse(f"{opening}{part}{closing}"))


def _frame(before: str, after: str, root_start: str, list_start: str) -> str:
    """Write a page's beginning anew from the parts that count, where its own is damaged."""
    date, token = _DATE.search(before), _TOKEN.search(after)
    return f"{root_start}{date[0] if date else ''}{list_start}{token[0] if token else ''}"


def starts_of(kind: str) -> str:
    """Return the pattern of where an item of a list begins: a `record` or a `header`."""
    return _RECORD_START if kind == "record" else _HEADER_START


class _Slice(Struct, frozen=True):
    start: int
    text: str


def _slices(text: str, first: int, kind: str, *, closed: bool) -> tuple[list[_Slice], int]:
    """Cut the text of each record (or header), and tell where the last one ends."""
    matches = matches_outside_literals(text, starts_of(kind))
    starts = [m.start() for m in matches if m.start() >= first]
    slices = []
    end = first
    for place, start in enumerate(starts):
        limit = starts[place + 1] if place + 1 < len(starts) else len(text)
        stop = _end_of(text, start, limit, kind)
        if stop is None and limit == len(text) and not closed:
            break
        end = stop or _list_end(text, start, limit)
        slices.append(_Slice(start, text[start:end]))
    return slices, end


def _end_of(text: str, start: int, limit: int, kind: str) -> int | None:
    """Return where a record ends: at its last end tag before the next record begins."""
    end = None
    for match in re.compile(rf"</{_NAME}{kind}\s*>").finditer(text, start, limit):
        end = match.end()
    return end


def _list_end(text: str, start: int, limit: int) -> int:
    found = LIST_END.search(text, start, limit)
    return found.start() if found else limit


def _gather(skeleton: etree._Element, slices: list[_Slice], parse: Parse) -> Salvaged:
    container = _container(skeleton)
    lost = []
    at = 0
    for position, part in enumerate(slices, 1):
        page = parse(part.text)
        records = list(_container(page)) if page is not None else []
        if len(records) == 1:
            container.insert(at, records[0])
            at += 1
        else:
            lost.append(Lost(_header(part.text, parse), part.text, position))
    return Salvaged(skeleton, tuple(lost))


def _header(text: str, parse: Parse) -> etree._Element | None:
    found = HEADER.search(text)
    if found is None:
        return None
    page = parse(f"<record>{found[0]}</record>")
    if page is None or not len(_container(page)):
        return None
    record = _container(page)[0]
    return record[0] if len(record) else None


def _container(root: etree._Element) -> etree._Element:
    """Return the list element of a page."""
    for child in root:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] in (
            "ListRecords",
            "ListIdentifiers",
            "GetRecord",
        ):
            return child
    return root
