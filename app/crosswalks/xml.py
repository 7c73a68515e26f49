"""The one safe XML parser and the one place where text becomes XML.

Parsing is strict: no entities, no network, no DOCTYPE, a parser for each parse, never recovery.
Writing joins escaped strings; every text passes `escape` or `attribute`, so what is written is
well-formed and reads back as the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from lxml import etree

from app.datacite.text import LONG, is_printable

Element = etree._Element

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSI_TYPE = f"{{{XSI}}}type"
EMPTY_TAG = ""
TEXT_LIMIT = "Text node too long"

_PROLOG_DOCTYPE = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PLACE = re.compile(r",? line (\d+), column \d+(?: \(.*\))?$")
_MISMATCH = re.compile(r"Opening and ending tag mismatch: (\S+) line (\d+) and (\S+)")
_PREMATURE = re.compile(r"Premature end of data in tag (\S+) line (\d+)")


class MalformedXML(ValueError):
    """The bytes are no XML that we read; `str(error)` is a sentence that names the line."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(f"Line {line}: {sentence}" if line else sentence)
        self.line = line


def parse(data: bytes) -> Element:
    """Parse one document and return its root. Raises MalformedXML for anything that is not sound.

    A text node above libxml2's limit is read (the bytes are capped before they get here);
    elements nested deeper than 256 are not.
    """
    stripped = data.lstrip() if data[:1].isspace() else data
    if _PROLOG_DOCTYPE.match(stripped.replace(b"\0", b"") if b"\0" in stripped[:4] else stripped):
        raise MalformedXML("a document type (DOCTYPE) is declared, which is not accepted.")
    try:
        root = _parse(stripped, huge=False)
    except etree.XMLSyntaxError as error:
        if TEXT_LIMIT not in str(error):
            raise _malformed(error) from None
        root = _parse_huge(stripped)
    if root.getroottree().docinfo.internalDTD is not None:
        raise MalformedXML("a document type (DOCTYPE) is declared, which is not accepted.")
    return root


STRICT: Mapping[str, Any] = MappingProxyType(
    {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "recover": False,
        "remove_comments": True,
        "remove_pis": True,
    }
)
"""How foreign XML is parsed, wherever that is done: nothing is fetched, expanded or guessed."""


def _parse(data: bytes, *, huge: bool) -> Element:
    parser = etree.XMLParser(huge_tree=huge, **STRICT)
    return etree.fromstring(data, parser)


def _parse_huge(data: bytes) -> Element:
    try:
        return _parse(data, huge=True)
    except etree.XMLSyntaxError as error:
        raise _malformed(error) from None


def _malformed(error: etree.XMLSyntaxError) -> MalformedXML:
    message = _PLACE.sub("", str(error).strip().removesuffix(" (<string>, line 1)"))
    line = error.lineno or 0
    if mismatch := _MISMATCH.search(message):
        opened, at, closed = mismatch.groups()
        message = f"the element “{opened}” of line {at} is closed by “{closed}”"
    elif premature := _PREMATURE.search(message):
        message = f"the element “{premature[1]}” of line {premature[2]} is not closed"
    elif "Document is empty" in message:
        message, line = "there is no XML here", 0
    return MalformedXML(message.strip().rstrip(".") + ".", line)


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def local_name(element: Element) -> str:
    """Return the name without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else EMPTY_TAG


def namespace(element: Element) -> str:
    """Return the namespace of an element's name, empty if it has none."""
    tag = element.tag
    return tag[1 : tag.rfind("}")] if isinstance(tag, str) and tag[:1] == "{" else ""


def children(element: Element) -> Iterator[tuple[str, Element]]:
    """Yield (local name in lower case, child) for each child element, in order."""
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            yield plain_name(tag), child


@lru_cache(1024)
def plain_name(name: str) -> str:
    """Return the name of an element or attribute without namespace, in lower case."""
    return name[name.rfind("}") + 1 :].lower()


def first_child(element: Element, *names: str) -> Element | None:
    """Return the first child whose local name, blind to case, is one of the names."""
    return next((child for name, child in children(element) if name in names), None)


def text_of(element: Element) -> str:
    """Return all text inside an element, whatever is nested in it; not cleaned."""
    if len(element) == 0:
        return element.text or ""
    return "".join(map(str, element.itertext(etree.Element, "*")))


def attributes(element: Element) -> Iterator[tuple[str, str]]:
    """Yield (local name in lower case, value) for each attribute that says something."""
    for name, value in element.items():
        if value and not value.isspace():
            yield plain_name(str(name)), str(value)


# ── writing ──────────────────────────────────────────────────────────────────────────────────


def escape(text: str) -> str:
    """Return text as XML character data; characters that XML 1.0 forbids are left out."""
    if text.isprintable() if len(text) < LONG else is_printable(text):
        if "&" in text or "<" in text or ">" in text:
            return _escape_markup(text)
        return text
    text = _escape_markup(_FORBIDDEN.sub("", text))
    return text.replace("\r", "&#13;") if "\r" in text else text


def _escape_markup(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(name: str, value: str | None) -> str:
    """Return ` name="value"` with a blank in front, or nothing when there is no value."""
    if not value:
        return ""
    if not value.isprintable():
        value = escape(value).replace("\t", "&#9;").replace("\n", "&#10;")
    elif "&" in value or "<" in value or ">" in value:
        value = _escape_markup(value)
    if '"' in value:
        value = value.replace('"', "&quot;")
    return f' {name}="{value}"'


def element(name: str, text: str | None, attributes: str = "") -> str:
    """Return one element with escaped text; attributes come ready from `attribute`."""
    if not text:
        return f"<{name}{attributes}/>"
    if not text.isprintable() or "&" in text or "<" in text or ">" in text:
        text = escape(text)
    return f"<{name}{attributes}>{text}</{name}>"


def around(name: str, written: str, attributes: str = "") -> str:
    """Return one element around others that are written already."""
    return f"<{name}{attributes}>{written}</{name}>"


def root_start(name: str, namespaces: dict[str, str], schema: tuple[str, str]) -> str:
    """Return a root's start tag that declares everything it needs and names its schema.

    namespaces: prefix (empty for the default) to URI. schema: the namespace and its URL.
    """
    declared = "".join(
        attribute(f"xmlns:{prefix}" if prefix else "xmlns", uri)
        for prefix, uri in {**namespaces, "xsi": XSI}.items()
    )
    return f"<{name}{declared}{attribute('xsi:schemaLocation', ' '.join(schema))}>"


def serialised(element: Element) -> bytes:
    """Return an element as bytes that stand alone: UTF-8, no declaration, no tail."""
    return etree.tostring(element, encoding="utf-8", with_tail=False, xml_declaration=False)
