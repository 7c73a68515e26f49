"""The steps of the ladder that change text: envelope, characters, references, declarations (L3–L8).

Each step takes text and gives text with its repairs; what it changes is certain, never a guess at
what was meant. CDATA and comments are left alone wherever their content is literal.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from harvesters.answers.repairs import (
    REPLACEMENT,
    Repair,
    Repairs,
    matches_outside_literals,
    outside_literals,
)

Step = Callable[[str], tuple[str, tuple[Repair, ...]]]

NAMESPACES = {
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "dcmitype": "http://purl.org/dc/dcmitype/",
    "oai": "http://www.openarchives.org/OAI/2.0/",
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "oai_qdc": "http://worldcat.org/xmlschemas/qdc-1.0/",
    "qdc": "http://worldcat.org/xmlschemas/qdc-1.0/",
    "oai_provenance": "http://www.openarchives.org/OAI/2.0/provenance",
    "oaiProvenance": "http://www.openarchives.org/OAI/2.0/provenance",
    "provenance": "http://www.openarchives.org/OAI/2.0/provenance",
    "toolkit": "http://oai.dlib.vt.edu/OAI/metadata/toolkit",
    "datacite": "http://datacite.org/schema/kernel-4",
    "oaire": "http://namespace.openaire.eu/schema/oaire/",
    "mods": "http://www.loc.gov/mods/v3",
    "marc": "http://www.loc.gov/MARC21/slim",
    "mets": "http://www.loc.gov/METS/",
    "dim": "http://www.dspace.org/xmlns/dspace/dim",
    "doc": "http://www.lyncode.com/xoai",
    "didl": "urn:mpeg:mpeg21:2002:02-DIDL-NS",
    "dii": "urn:mpeg:mpeg21:2002:01-DII-NS",
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "gts": "http://www.isotc211.org/2005/gts",
    "srv": "http://www.isotc211.org/2005/srv",
    "gml": "http://www.opengis.net/gml",
    "edm": "http://www.europeana.eu/schemas/edm/",
    "ore": "http://www.openarchives.org/ore/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rioxxterms": "http://www.rioxx.net/schema/v2.0/rioxxterms/",
    "thesis": "http://www.ndltd.org/standards/metadata/etdms/1.0/",
}
"""Prefixes whose meaning nobody doubts, for pages that use them undeclared."""

_ROOT = re.compile(r"<(?:[\w.-]+:)?OAI-PMH(?=[\s>/])[^>]*>")
_START = re.compile(r"<\?xml[\s?]|<(?:[\w.-]+:)?OAI-PMH(?=[\s>/])")
_END = re.compile(r"</(?:[\w.-]+:)?OAI-PMH\s*>")
_VERB_END = re.compile(
    r"</((?:[\w.-]+:)?(?:ListRecords|ListIdentifiers|ListSets|ListMetadataFormats|GetRecord"
    r"|Identify))\s*>\s*(?:</?(?:[\w.-]*:)?(?:O(?:A(?:I(?:-(?:P(?:MH?)?)?)?)?)?)?)?\Z"
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Patterns begin with plain text: that is what the engine finds fast.
_REFERENCE = r"&#(?:[0-9]{1,10}|[xX][0-9A-Fa-f]{1,8});"
_REFERENCES = f"{_REFERENCE}(?:{_REFERENCE})*"
_DECLARATION = r"<\?xml\s[^>]{0,400}?\?>"
_ENTITY = (
    r"&(?!(?:amp|lt|gt|quot|apos);|#[0-9]{1,10};|#x[0-9A-Fa-f]{1,8};)"
    r"(?:(?P<entity>[A-Za-z][A-Za-z0-9]{0,40};))?"
)
_XMLNS = r"(?P<before>xmlns(?::[\w.-]+)?\s*=\s*)(?:\"(?P<double>[^\"<]*)\"|'(?P<single>[^'<]*)')"
_PROLOG_PART = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_UNDECLARED = re.compile(r"Namespace prefix ([\w.-]+) ")


class NoEnvelope(ValueError):
    """There is no OAI-PMH element in the text."""


class Envelope(Struct, frozen=True):
    """What was found between the ends of the OAI-PMH element."""

    text: str
    repairs: tuple[Repair, ...] = ()
    closed: bool = True
    """Whether the root's end was there, or certainly meant."""


def envelope(text: str) -> Envelope:
    """Cut the text to the OAI-PMH document in it; raises NoEnvelope if there is none."""
    start = _START.search(text)
    if start is None or not _ROOT.search(text):
        raise NoEnvelope(text[:200])
    repairs = []
    if start.start() > 0:
        repairs.append(Repair("leading-junk", 1, "", text[: start.start()][:160]))
    text = text[start.start() :]
    ends = list(_END.finditer(text))
    if not ends:
        return _close(text, tuple(repairs))
    end = ends[-1].end()
    if text[end:].strip():
        repairs.append(Repair("trailing-junk", 1, "", text[end:][:160]))
        text = text[:end]
    return Envelope(text, tuple(repairs))


def ends_whole(tail: bytes) -> bool:
    """Tell from the last bytes of a page whether its root, or at least its list, is closed."""
    text = tail.decode("latin-1")
    return bool(_END.search(text) or _VERB_END.search(text.rstrip()))


def _close(text: str, repairs: tuple[Repair, ...]) -> Envelope:
    """Complete a text whose list is whole and only the root's end tag is cut."""
    whole = _VERB_END.search(text.rstrip())
    if whole is None:
        return Envelope(text, repairs, closed=False)
    root = _ROOT.search(text)
    name = root[0][1:].split(None, 1)[0].rstrip(">") if root else "OAI-PMH"
    end = text.index(">", whole.start()) + 1
    closing = Repair("closing-tag", 1, "", text[-160:])
    return Envelope(f"{text[:end]}</{name}>", (*repairs, closing))


def prolog_doctype(text: str) -> int | None:
    """Return where a DOCTYPE begins before the root element, if there is one."""
    place = 1 if text.startswith("\ufeff") else 0
    while part := _PROLOG_PART.match(text, place):
        place = part.end()
    return place if text.startswith("<!DOCTYPE", place) else None


def cut_doctype(text: str) -> tuple[str, tuple[Repair, ...]] | None:
    """Cut a DOCTYPE out of the prolog; None if its end cannot be told."""
    start = prolog_doctype(text)
    if start is None:
        return text, ()
    end = _doctype_end(text, start)
    if end is None:
        return None
    return text[:start] + text[end:], (Repair("doctype", 1, "", text[start:end][:160]),)


def _doctype_end(text: str, start: int) -> int | None:
    depth = 0
    parts = re.compile(r"\"[^\"]*\"|'[^']*'|<!--.*?-->|<\?.*?\?>|[\[\]<>]", re.DOTALL)
    for part in parts.finditer(text, start + len("<!DOCTYPE")):
        mark = part[0]
        if mark in ("[", "<"):
            depth += 1
        elif mark == "]" or (mark == ">" and depth > 0):
            depth -= 1
        elif mark == ">":
            return part.end()
    return None


def control_characters(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Replace characters that XML forbids by U+FFFD, wherever they stand."""
    repairs = Repairs("control-characters", text)
    for match in _ILLEGAL.finditer(text):
        repairs.at(match.start(), match.end(), guessed=True)
    found = repairs.all()
    if not found:
        return text, ()
    cleaned = tuple(
        Repair(r.name, r.count, r.identifier, _ILLEGAL.sub(REPLACEMENT, r.excerpt), r.guessed)
        for r in found
    )
    return _ILLEGAL.sub(REPLACEMENT, text), cleaned


def character_references(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Replace references to what XML forbids; join two that make a surrogate pair."""
    guessed: set[int] = set()

    def run(match: re.Match[str]) -> str | None:
        new = _mend_run([_code(part) for part in match[0][2:-1].split(";&#")])
        if new is not None and REPLACEMENT in new:
            guessed.add(match.start())
        return new

    return _replaced("character-references", text, _REFERENCES, run, guessed)


def _mend_run(codes: list[int]) -> str | None:
    """Return the text for character references that follow one another; None if all are legal."""
    if all(map(_allowed, codes)):
        return None
    parts = []
    pending = iter(range(len(codes)))
    for place in pending:
        code = codes[place]
        if _allowed(code):
            parts.append(f"&#{code};")
        elif pair := _pair(code, codes[place + 1] if place + 1 < len(codes) else 0):
            parts.append(pair)
            next(pending)
        else:
            parts.append(REPLACEMENT)
    return "".join(parts)


def _code(digits: str) -> int:
    return int(digits[1:], 16) if digits[0] in "xX" else int(digits)


def _pair(high: int, low: int) -> str:
    if high >> 10 != 0x36 or low >> 10 != 0x37:
        return ""
    return chr(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF))


def _allowed(code: int) -> bool:
    if code < 0x20:
        return code in (0x9, 0xA, 0xD)
    return code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF)


def inner_declarations(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Cut out XML declarations and document types inside the body."""
    text, declarations = _replaced(
        "inner-declaration", text, _DECLARATION, lambda match: "" if match.start() else None
    )
    text, doctypes = _replaced("doctype", text, r"<!DOCTYPE[^>\[]{0,1000}>", lambda _: "")
    return text, declarations + doctypes


def entities(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Turn HTML entities into characters, unknown ones and bare ampersands into `&amp;`."""

    def one(match: re.Match[str]) -> str:
        name = match["entity"]
        character = html.entities.html5.get(name, "") if name else ""
        if not character:
            return f"&amp;{name or ''}"
        return character.replace("&", "&amp;").replace("<", "&lt;")

    return _replaced("entities", text, _ENTITY, one)


def namespace_blanks(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Remove blanks inside namespace names."""

    def one(match: re.Match[str]) -> str | None:
        value = match["double"] if match["double"] is not None else match["single"]
        joined = "".join(value.split())
        if joined == value or not text[match.start() - 1].isspace():
            return None
        quote = '"' if match["double"] is not None else "'"
        return f"{match['before']}{quote}{joined}{quote}"

    return _replaced("namespace-blank", text, _XMLNS, one)


def declare_prefix(text: str, complaint: str) -> tuple[str, tuple[Repair, ...]]:
    """Declare a known prefix at the root that the parser complains of."""
    found = _UNDECLARED.search(complaint)
    name = found[1] if found else ""
    root = next(matches_outside_literals(text, r"<[A-Za-z_][\w.:-]*(?=[\s>/])"), None)
    if name not in NAMESPACES or root is None or f"xmlns:{name}=" in _tag(text, root.start()):
        return text, ()
    repairs = Repairs("undeclared-prefix", text)
    used = next(matches_outside_literals(text, rf"[<\s/]{re.escape(name)}:"), None)
    if used is not None:
        repairs.at(used.start(), used.end())
    declared = f'{text[: root.end()]} xmlns:{name}="{NAMESPACES[name]}"{text[root.end() :]}'
    return declared, repairs.all()


def _tag(text: str, start: int) -> str:
    return text[start : text.find(">", start) + 1]


def _replaced(
    name: str,
    text: str,
    pattern: str,
    replacing: Callable[[re.Match[str]], str | None],
    guessed: set[int] | None = None,
) -> tuple[str, tuple[Repair, ...]]:
    new, places = outside_literals(text, pattern, replacing)
    repairs = Repairs(name, text)
    for place in places:
        repairs.at(place, place + 1, guessed=place in (guessed or ()))
    return new, repairs.all()


def steps() -> Iterator[Step]:
    """Yield the steps after the envelope, in the order of the ladder."""
    yield control_characters
    yield character_references
    yield inner_declarations
    yield entities
    yield namespace_blanks
