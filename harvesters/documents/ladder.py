"""Documents that are not sound, brought before the repair ladder as the OAI-PMH pages they hold.

Only what stands around the records is written anew; what is inside is mended, salvaged and named
as in any page. A list that has no end in its document is told as cut.
"""

from __future__ import annotations

import codecs
import re

from msgspec import Struct
from msgspec.structs import replace

from app.crosswalks.xml import element
from harvesters.answers.decoding import decode, wide_encoding
from harvesters.answers.mending import cut_doctype
from harvesters.answers.reading import read_answer, read_page
from harvesters.answers.repair import Damage, mend
from harvesters.answers.repairs import Repair
from harvesters.base import HarvestedRecord

_NAME = r"(?:[\w.-]+:)?"
_ROOT = re.compile(rf"<(?P<prefix>{_NAME})Repository(?P<attributes>(?:\s[^<>]*)?)>")
_ROOT_END = re.compile(rf"</{_NAME}Repository\s*>\s*\Z")
_LIST = re.compile(
    rf"<{_NAME}ListRecords\s[^<>]*?metadataPrefix\s*=\s*[\"']([^\"'<>]*)[\"'][^<>]*>"
)
_LIST_END = re.compile(rf"</{_NAME}ListRecords\s*>")
_DECLARATION = re.compile(r"\A\s*(<\?xml\s[^>]*\?>)?")
_OPENING = '<oai:OAI-PMH xmlns:oai="http://www.openarchives.org/OAI/2.0/">'
_CLOSING = "</oai:OAI-PMH>"
_LAST_TAG = re.compile(r"</([\w.:-]+)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.DOTALL)
_HEADER = re.compile(rf"<{_NAME}header[\s>]")
_FIRST_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)")


class Mended(Struct, frozen=True):
    """The records of a damaged document, as far as they can be had."""

    records: tuple[HarvestedRecord, ...] = ()
    repairs: tuple[Repair, ...] = ()
    cut: bool = False


def page_of(data: bytes) -> Mended:
    """Read a damaged OAI-PMH answer; raises Damage."""
    mended = mend(data)
    for verb in ("ListRecords", "GetRecord"):
        answer = read_answer(mended, verb)
        if answer.container is not None:
            page = read_page(answer, mended.lost, "", cut=mended.cut)
            return Mended(page.records, page.repairs, page.cut)
    return Mended(repairs=mended.repairs, cut=mended.cut)


def answer_of(data: bytes, root: str) -> Mended:
    """Read a damaged answer, or a part of one whose outermost element is `root`; raises Damage."""
    if root == "OAI-PMH":
        return page_of(data)
    declaration, text, repairs = _bytewise(data)
    if root not in ("ListRecords", "GetRecord"):
        inside = _FIRST_TAG.search(text) if root in ("records", "Records") else None
        text = text if inside is None else text[text.index(">", inside.end()) + 1 :]
        text = "<oai:ListRecords>" + (_LAST_TAG.sub("", text) if inside else text)
        text += "</oai:ListRecords>"
    page = page_of("".join((declaration, _OPENING, text, _CLOSING)).encode("latin-1"))
    return Mended(page.records, repairs + page.repairs, page.cut or not ends(data))


def ends(data: bytes) -> bool:
    """Tell whether bytes end with an end tag, or what may follow one."""
    return _LAST_TAG.search(data.decode("latin-1")) is not None


def has_header(data: bytes) -> bool:
    """Tell whether a damaged record has a header, as those of OAI-PMH have."""
    return _HEADER.search(data.decode("latin-1")) is not None


def prefixes_of(data: bytes) -> tuple[str, ...]:
    """Return the prefixes of the lists in a damaged static repository."""
    return tuple(dict.fromkeys(_LIST.findall(decode(data)[0])))


def list_of(data: bytes, prefix: str) -> Mended:
    """Read one list of a damaged static repository; raises Damage."""
    declaration, text, repairs = _bytewise(data)
    root = _ROOT.search(text)
    begun = next((one for one in _LIST.finditer(text) if one[1] == prefix), None)
    if root is None or begun is None:
        raise Damage("damaged-xml", f"It holds no list of {prefix}.")
    end = _LIST_END.search(text, begun.end())
    opening = declaration + "<OAI-PMH" + root["attributes"] + ">"
    inside = text[begun.start() : end.end()] + "</OAI-PMH>" if end else text[begun.start() :]
    page = page_of((opening + inside).encode("latin-1"))
    found = tuple(one for one in (*repairs, *page.repairs) if one.name != "namespace")
    return Mended(page.records, found, page.cut or _ROOT_END.search(text) is None)


def record_of(data: bytes, name: str, stamp: str) -> Mended:
    """Read a document that is one bare record, under a name; raises Damage."""
    declaration, text, repairs = _bytewise(data)
    header = element("identifier", name) + element("datestamp", stamp)
    parts = (
        *(declaration, _OPENING, "<oai:GetRecord><oai:record><oai:header>"),
        *(header.encode("ascii", "xmlcharrefreplace").decode("ascii"), "</oai:header>"),
        *("<oai:metadata>", text, "</oai:metadata></oai:record></oai:GetRecord>", _CLOSING),
    )
    page = page_of("".join(parts).encode("latin-1"))
    found = tuple(replace(one, identifier=one.identifier or name) for one in repairs)
    return Mended(page.records, found + page.repairs, not is_closed(text))


def is_closed(text: str) -> bool:
    """Tell whether a text ends with the end of the element that it begins with."""
    first, last = _FIRST_TAG.search(text), _LAST_TAG.search(text)
    return first is not None and last is not None and first[1] == last[1]


def _bytewise(data: bytes) -> tuple[str, str, tuple[Repair, ...]]:
    """Return the declaration and the rest, a character a byte, without a DOCTYPE."""
    data = data.removeprefix(codecs.BOM_UTF8)
    if wide_encoding(data):
        data = _DECLARATION.sub("", decode(data)[0]).encode("utf-8", "replace")
    done = cut_doctype(data.decode("latin-1"))
    if done is None:
        raise Damage("doctype-refused", "It declares a document type that has no end.")
    found = _DECLARATION.match(done[0])
    return (found[1] or "" if found else ""), done[0][found.end() if found else 0 :], done[1]
