"""The repair ladder: bytes in, a root element and a list of repairs out.

Pure. A repair is a change to the text that is certain; after each the strict parser has the last
word. No parser recovers anything, and none ever sees a DOCTYPE.
"""

from __future__ import annotations

import re

from lxml import etree
from msgspec import Struct

from app.crosswalks.xml import STRICT
from harvesters.answers.decoding import decode, is_plain
from harvesters.answers.mending import (
    NoEnvelope,
    cut_doctype,
    declare_prefix,
    envelope,
    prolog_doctype,
    steps,
)
from harvesters.answers.repairs import Repair
from harvesters.answers.salvage import Lost, salvage

_DOCTYPE_BEFORE_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL
)
_TOO_LONG = "Text node too long"
_UNDEFINED_PREFIX = 201
_MOST_PREFIXES = 40
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)
_SHOWN = 200


class Damage(Exception):
    """The body cannot be read as an OAI-PMH answer; `cause` is one of `app.causes`."""

    def __init__(self, cause: str, sentence: str) -> None:
        super().__init__(sentence)
        self.cause = cause


class Mended(Struct, frozen=True):
    """A page as far as it can be read with certainty."""

    root: etree._Element
    repairs: tuple[Repair, ...] = ()
    lost: tuple[Lost, ...] = ()
    """Records that begin and cannot be read."""
    cut: bool = False
    """The page broke off: what it holds is whole, and it closes no window."""


class _Attempt(Struct, frozen=True):
    root: etree._Element | None
    complaint: str = ""
    code: int = 0


def mend(data: bytes) -> Mended:
    """Read a body as one OAI-PMH document; raises Damage where that cannot be done."""
    if not data.strip(b" \t\r\n\0"):
        raise Damage("empty-body", "The answer was empty.")
    return plain(data) or _ladder(data)


def plain(data: bytes) -> Mended | None:
    """Read a body that needs no repair; None of any other. Raises Damage if it is no OAI-PMH."""
    if is_plain(data) and not _DOCTYPE_BEFORE_ROOT.match(data):
        root = _strict(data).root
        if root is not None:
            return Mended(_checked(root))
    return None


def _ladder(data: bytes) -> Mended:
    text, repairs = decode(data)
    text, repairs = _without_doctype(text, repairs)
    attempt = _parse(text)
    if attempt.root is not None:
        return Mended(_checked(attempt.root), repairs)
    try:
        page = envelope(text)
    except NoEnvelope:
        raise _no_answer(text) from None
    text, repairs = _without_doctype(page.text, repairs + page.repairs)
    if page.closed:
        return _climb(text, repairs)
    return _broken_off(text, repairs)


def _climb(text: str, repairs: tuple[Repair, ...]) -> Mended:
    """Go up the steps; the parser is asked after each that changed something."""
    attempt = _parse(text)
    for step in steps():
        if attempt.root is not None:
            break
        text, found = step(text)
        if found:
            repairs += found
            attempt = _parse(text)
    text, repairs, attempt = _declare(text, repairs, attempt)
    if attempt.root is not None:
        return Mended(_checked(attempt.root), repairs)
    return _salvaged(text, repairs, attempt.complaint, cut=False)


def _declare(
    text: str, repairs: tuple[Repair, ...], attempt: _Attempt
) -> tuple[str, tuple[Repair, ...], _Attempt]:
    for _ in range(_MOST_PREFIXES):
        if attempt.root is not None or attempt.code != _UNDEFINED_PREFIX:
            break
        text, found = declare_prefix(text, attempt.complaint)
        if not found:
            break
        repairs += found
        attempt = _parse(text)
    return text, repairs, attempt


def _broken_off(text: str, repairs: tuple[Repair, ...]) -> Mended:
    """Take the whole records of a page that was cut, after the same steps."""
    for step in steps():
        text, found = step(text)
        repairs += found
    return _salvaged(text, repairs, "it broke off", cut=True)


def _salvaged(text: str, repairs: tuple[Repair, ...], why: str, *, cut: bool) -> Mended:
    cause = "truncated" if cut else "damaged-xml"
    saved = salvage(text, lambda part: _parse(part).root, closed=not cut)
    if saved is None:
        raise Damage(cause, f"The page cannot be read: {why}.")
    note = () if cut else (Repair("salvage", max(len(saved.lost), 1), "", why),)
    return Mended(saved.root, repairs + note, saved.lost, cut)


def _without_doctype(text: str, repairs: tuple[Repair, ...]) -> tuple[str, tuple[Repair, ...]]:
    done = cut_doctype(text)
    if done is None:
        raise Damage("doctype-refused", "The page declares a document type that has no end.")
    return done[0], repairs + done[1]


def _checked(root: etree._Element) -> etree._Element:
    """Refuse a document that is no OAI-PMH answer."""
    name = root.tag.rpartition("}")[2] if isinstance(root.tag, str) else ""
    if name != "OAI-PMH":
        raise Damage("not-xml", f"The answer is no OAI-PMH: it begins with <{name}>.")
    return root


def _no_answer(text: str) -> Damage:
    title = _TITLE.search(text)
    called = f" called “{' '.join(title[1].split())[:_SHOWN]}”" if title else ""
    begins = " ".join(text[:500].split())[:_SHOWN]
    return Damage("not-xml", f"The answer is no OAI-PMH but a page{called}; it begins: {begins}")


def _parse(text: str) -> _Attempt:
    if prolog_doctype(text) is not None:
        return _Attempt(None, "it declares a document type")
    return _strict(text.encode("utf-8", "replace"), encoding="utf-8")


def _strict(data: bytes, encoding: str | None = None) -> _Attempt:
    attempt = _attempt(data, encoding, huge=False)
    if _TOO_LONG in attempt.complaint:
        return _attempt(data, encoding, huge=True)
    return attempt


def _attempt(data: bytes, encoding: str | None, *, huge: bool) -> _Attempt:
    parser = etree.XMLParser(
        encoding=encoding,
        huge_tree=huge,
        **STRICT,
    )
    try:
        return _Attempt(etree.fromstring(data, parser))
    except etree.XMLSyntaxError as error:
        return _Attempt(None, str(error.msg), int(getattr(error, "code", 0) or 0))
