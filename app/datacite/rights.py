"""Reads statements of rights: licences, access rights, rights holders.

The text stays the source's; an identifier is given only to a licence that is certain. Access is
read from its own words and URIs, never from a word inside a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from msgspec import Struct

from app.datacite import creative_commons
from app.datacite.licences import (
    ADDRESSES,
    ALIASES,
    COMMON,
    CREATIVE_COMMONS,
    OLD_IDS,
    OTHER_IDS,
)
from app.datacite.resource import Rights
from app.datacite.text import is_null
from app.datacite.uris import uri

CACHED = 4096
LONGEST_CACHED = 300
LONGEST_NAME = 200
"""A longer text is read as a statement, never as a name."""

SPDX = "SPDX"
SPDX_URI = "https://spdx.org/licenses/"
STATEMENTS = "RightsStatements.org"
STATEMENTS_URI = "http://rightsstatements.org/vocab/"
OPEN, EMBARGOED, RESTRICTED = "open", "embargoed", "restricted"
CLOSED, METADATA_ONLY = "closed", "metadata-only"
ACCESS = (OPEN, EMBARGOED, RESTRICTED, CLOSED, METADATA_ONLY)
_ACCESS_URIS = ("info:eu-repo/semantics/", "http://purl.org/coar/access_right/")


class RightsReading(Struct, frozen=True):
    """What one value says.

    rights: the entry, None if there is nothing to keep. access: one of `ACCESS`. rights_holder:
    the name in a copyright line. dropped: a button word or deposit licence, no rights at all.
    rule: what was inferred, `rights.spdx` (identifier) and `rights.name` (text from SPDX too).
    """

    rights: Rights | None = None
    access: str | None = None
    rights_holder: str | None = None
    dropped: bool = False
    rule: str = ""


_NOTHING = RightsReading()
_DROPPED = RightsReading(dropped=True)
_ACCESS_TEXTS = {
    OPEN: "Open Access",
    EMBARGOED: "Embargoed Access",
    RESTRICTED: "Restricted Access",
    CLOSED: "Closed Access",
    METADATA_ONLY: "Metadata Only Access",
}
_EUREPO = re.compile(r"info:eu-repo/semantics/([a-z-]+)access/?", re.IGNORECASE)
_EUREPO_ACCESS = {
    "open": OPEN, "embargoed": EMBARGOED, "restricted": RESTRICTED, "closed": CLOSED,
    "metadata-only": METADATA_ONLY, "metadataonly": METADATA_ONLY,
}  # fmt: skip
_COAR = re.compile(r"https?://(?:www\.)?purl\.org/coar/access_right/(c_\w+)/?", re.IGNORECASE)
_COAR_ACCESS = {
    "c_abf2": OPEN, "c_f1cf": EMBARGOED, "c_16ec": RESTRICTED, "c_14cb": METADATA_ONLY,
}  # fmt: skip
_EPRINT = re.compile(
    r"https?://(?:www\.)?purl\.org/eprint/accessRights/(open|restricted|closed)access/?",
    re.IGNORECASE,
)
_EU = re.compile(
    r"https?://publications\.europa\.eu/(?:mdr/)?resource/authority/access-right/(\w+)/?",
    re.IGNORECASE,
)
_EU_ACCESS = {"public": OPEN, "restricted": RESTRICTED, "non_public": CLOSED}
_ACCESS_WORDS = {
    "openaccess": OPEN, "open": OPEN, "embargoedaccess": EMBARGOED, "embargoed": EMBARGOED,
    "embargo": EMBARGOED, "restrictedaccess": RESTRICTED, "restricted": RESTRICTED,
    "closedaccess": CLOSED, "closed": CLOSED, "metadataonlyaccess": METADATA_ONLY,
    "metadataonly": METADATA_ONLY, "accessconstraints:unrestricted": OPEN,
}  # fmt: skip
_CAMEL = re.compile(r"(?:open|embargoed|restricted|closed|metadataOnly|metadata-only)Access")
_BUTTONS = frozenset(
    ("download", "downloads", "yes", "no", "view", "open file", "click here", "click here to view",
     "here", "link", "show", "details", "more", "read more", "view license", "view licence",
     "true", "false", "full text", "fulltext")
)  # fmt: skip
_DEPOSIT = re.compile(r"https?://\S+/bitstream/\S*licen[sc]e\S*", re.IGNORECASE)
_OF_METADATA = re.compile(
    r"(?:(?:this|the|these|all)\s+)?metadata\s+(?:record\s+)?(?:is|are)\b", re.IGNORECASE
)
"""The licence of a description is none of what it describes."""
_STATEMENT = re.compile(
    r"(?:https?:)?(?://)?(?:www\.)?rightsstatements\.org/(?:vocab|page|data)/([A-Za-z-]+)"
    r"(?:/1\.0)?(?:[/?#].*)?",
    re.IGNORECASE,
)
_STATEMENT_IDS = {
    name.lower(): name
    for name in (
        "InC", "InC-OW-EU", "InC-EDU", "InC-NC", "InC-RUU", "NoC-CR", "NoC-NC", "NoC-OKLR",
        "NoC-US", "CNE", "UND", "NKC",
    )
}  # fmt: skip
_COPYRIGHT = re.compile(
    r"(?:(?:copyright|©|\(c\))[\s:]*)+(?:[12][0-9]{3})(?:\s*[-–,]\s*[12][0-9]{3})*,?\s+(?:by\s+)?"
    r"([^\d©]{2,80})",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"[\s.,;-]*all rights (?:are )?reserved\.?\s*$", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']+"
    r"|(?://)?creativecommons\.org/[^\s<>\"']+"
    r"|info:eu-repo/semantics/[A-Za-z-]+",
    re.IGNORECASE,
)
_EDGE = " \t\n()[]{}<>,;:|–—-"
_LICENSED = re.compile(
    r"(?:this|the|dies|diese|dieses)\b.{0,80}?\b(?:under|unter)\s+(?:the terms of\s+|the\s+|an?\s+"
    r"|einer\s+|der\s+|dem\s+)*",
    re.IGNORECASE,
)
_NAME_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)*[a-z]?\+?|[^\W\d_]+[0-9.]*\+?")
_GLUED = re.compile(r"(v|[a-z]{2,}?)v?([0-9]+(?:\.[0-9]+)*)(\+?)")
_ZEROS = re.compile(r"(?:\.0)+(?=\+?$)")
_FILLERS = frozenset(("the", "license", "licence", "version", "v", "lizenz"))


LICENCES: Mapping[str, str] = MappingProxyType(
    {
        spdx: name
        for spdx, mark, name in (
            line.strip().partition(" | ") for line in (CREATIVE_COMMONS + COMMON).splitlines()
        )
        if mark
    }
)
"""The full names of the common licences by SPDX id."""


def read_rights(text: str) -> RightsReading:
    """Read one value of a rights element, already clean."""
    return _read_cached(text) if len(text) <= LONGEST_CACHED else _read(text)


def _read(text: str) -> RightsReading:
    text = text.strip()
    if is_null(text):
        return _NOTHING
    if text.casefold().rstrip(".:!") in _BUTTONS:
        return _DROPPED
    if "etadata " in text and _OF_METADATA.match(text) is not None:
        return RightsReading(Rights(text))
    address = _ADDRESS.search(text) if ("/" in text or "www." in text) else None
    if address is not None:
        return _with_address(text, address)
    return _of_words(text)


_read_cached = lru_cache(maxsize=CACHED)(_read)


def _with_address(text: str, address: re.Match[str]) -> RightsReading:
    """Read a value that holds an address: alone, at an edge of a text, or inside a sentence."""
    found = _trim(address[0])
    before, after = text[: address.start()], text[address.start() + len(found) :]
    rest = _words_beside(before, after) if _is_edge(before) or _is_edge(after) else text
    if not rest or is_null(rest):
        return _of_address(found)
    reading = _of_address(found)
    if reading.dropped or reading.rights is None:
        return _of_words(rest)
    words = _of_words(rest)
    known = reading.rights.rights_identifier or reading.access
    entry = reading.rights if known or words.rights is None else _joined(reading, words.rights)
    entry = _named(entry, rest)
    rule = "rights.spdx" if entry.rights_identifier_scheme == SPDX else ""
    return RightsReading(entry, reading.access or words.access, words.rights_holder, rule=rule)


def _joined(reading: RightsReading, words: Rights) -> Rights:
    """Return the identifier that the words give, with the address of the source."""
    address = reading.rights.rights_uri if reading.rights else None
    return Rights(
        words.rights,
        address or words.rights_uri,
        words.rights_identifier,
        words.rights_identifier_scheme,
        words.scheme_uri,
    )


def _named(entry: Rights, text: str) -> Rights:
    return Rights(
        text,
        entry.rights_uri,
        entry.rights_identifier,
        entry.rights_identifier_scheme,
        entry.scheme_uri,
    )


def _trim(address: str) -> str:
    """Take final punctuation and brackets that were never opened off an address."""
    address = address.rstrip(".,;:!")
    while address and address[-1] in ")]" and address.count("(") < address.count(")"):
        address = address[:-1].rstrip(".,;:!")
    return address


def _is_edge(text: str) -> bool:
    return not text.strip(_EDGE + ".")


def _words_beside(before: str, after: str) -> str:
    text = before if _is_edge(after) else after
    text = text.strip().strip(",;:|–—- \t\n").strip()
    for opening, closing in ("()", "[]", "<>"):
        if text.count(opening) > text.count(closing):
            text = text.rstrip(opening + " ")
        elif text.count(closing) > text.count(opening):
            text = text.lstrip(closing + " ")
    return text.strip().strip(",;:|–—- ").strip()


def _of_address(address: str) -> RightsReading:
    access = _access_of_uri(address)
    if access is not None:
        return RightsReading(Rights(_ACCESS_TEXTS[access], address), access)
    licence = creative_commons.of_url(address)
    if licence is not None:
        return _of_licence(None, licence.spdx, licence.uri)
    statement = _STATEMENT.fullmatch(address)
    if statement is not None and statement[1].lower() in _STATEMENT_IDS:
        name = _STATEMENT_IDS[statement[1].lower()]
        rights = Rights(None, f"{STATEMENTS_URI}{name}/1.0/", name, STATEMENTS, STATEMENTS_URI)
        return RightsReading(rights)
    if _DEPOSIT.fullmatch(address):
        return _DROPPED
    return _of_known_address(address)


def _of_known_address(address: str) -> RightsReading:
    place = _place(address)
    if place.startswith("spdx.org/licenses/"):
        known = _ids().get(place.removeprefix("spdx.org/licenses/"))
        if known is not None:
            return _of_licence(None, known, None)
    known = _addresses().get(place)
    if known is not None:
        return _of_licence(None, known, address)
    written = uri(f"http://{address}" if address[:4].lower() == "www." else address)
    return RightsReading(Rights(rights_uri=written) if written else Rights(address))


def _place(address: str) -> str:
    """Return host and path of an address as the table of addresses has them."""
    place = address.lower().partition("//")[2] or address.lower()
    place = re.split("[?#]", place.removeprefix("www."), maxsplit=1)[0].rstrip("/")
    return re.sub(r"\.(?:html?|php|txt|en|de|json|rdf)$|/(?:legalcode|summary)$", "", place)


def _access_of_uri(address: str) -> str | None:
    if address[:5].lower() == "info:":
        eurepo = _EUREPO.fullmatch(address)
        return _EUREPO_ACCESS.get(eurepo[1].lower()) if eurepo else None
    coar = _COAR.fullmatch(address)
    if coar:
        return _COAR_ACCESS.get(coar[1].lower())
    eprint = _EPRINT.fullmatch(address)
    if eprint:
        return eprint[1].lower()
    authority = _EU.fullmatch(address)
    return _EU_ACCESS.get(authority[1].lower()) if authority else None


def _of_words(text: str) -> RightsReading:
    word = text.casefold().replace(" ", "").replace("-", "").replace("_", "")
    access = _ACCESS_WORDS.get(word)
    if access is not None:
        label = _ACCESS_TEXTS[access] if _CAMEL.fullmatch(text) else text
        return RightsReading(Rights(label), access)
    if len(text) <= LONGEST_NAME:
        name = _LICENSED.sub("", text, count=1) if text[:1] in "TtDd" else text
        licence = creative_commons.of_name(name)
        if licence is not None:
            return _of_licence(text, licence.spdx, licence.uri)
        known = _known_names().get(_normal(name))
        if known is not None:
            return _of_licence(text, known, None)
    return RightsReading(Rights(text), rights_holder=_holder(text))


def _of_licence(text: str | None, spdx: str, address: str | None) -> RightsReading:
    """Return a licence's entry; an identifier only if SPDX has it, its name if there is no text."""
    address = address or _licence_uri(spdx)
    if spdx.lower() not in _ids():
        return RightsReading(Rights(text, address))
    name = text or LICENCES.get(spdx) or spdx
    rule = "rights.spdx" if text else "rights.name"
    return RightsReading(Rights(name, address, spdx, SPDX, SPDX_URI), rule=rule)


def _licence_uri(spdx: str) -> str:
    licence = creative_commons.of_name(spdx) if spdx.startswith("CC") else None
    return licence.uri if licence else f"{SPDX_URI}{spdx}.html"


def _holder(text: str) -> str | None:
    """Return the name of "© YEAR Name" and "Copyright YEAR Name"; of no other form."""
    if len(text) > LONGEST_NAME or not text.startswith(("©", "(", "C", "c")):
        return None
    match = _COPYRIGHT.fullmatch(_RESERVED.sub("", text))
    if match is None:
        return None
    name = match[1].strip(" .,;")
    is_name = 0 < len(name.split()) <= 8 and ". " not in name and ":" not in name
    return name if is_name and any(c.isalpha() for c in name) else None


def is_access(rights: Rights) -> bool:
    """Whether a statement says who may see the resource, not what one may do with it."""
    return (rights.rights_uri or "").startswith(_ACCESS_URIS)


def is_spdx(identifier: str) -> bool:
    """Whether SPDX has this id, in whatever case."""
    return identifier.lower() in _ids()


@cache
def _ids() -> Mapping[str, str]:
    """Return the ids of SPDX by their lower-case form."""
    return {spdx.lower(): spdx for spdx in (*LICENCES, *OTHER_IDS.split())}


@cache
def _addresses() -> Mapping[str, str]:
    pairs = (line.rpartition(": ") for line in _lines(ADDRESSES))
    return {address: spdx for address, _, spdx in pairs}


@cache
def _known_names() -> Mapping[str, str]:
    """Return the id by every normal name: full names, ids, ids given up, aliases."""
    table: dict[str, str] = {}
    for pair in OLD_IDS.split(";"):
        old, spdx = pair.split()
        table.setdefault(_normal(old), spdx)
    for spdx, name in LICENCES.items():
        table.setdefault(_normal(name), spdx)
        table.setdefault(_normal(spdx), spdx)
    for line in _lines(ALIASES.replace("\n        ", " ")):
        spdx, _, names = line.partition(": ")
        for name in names.split(";"):
            table.setdefault(_normal(name), spdx)
    for spdx in OTHER_IDS.split():
        table.setdefault(_normal(spdx), spdx)
    table.pop("", None)
    return table


def _lines(table: str) -> Iterator[str]:
    return (line.strip() for line in table.splitlines() if line.strip())


def _normal(name: str) -> str:
    """Return a name without case, punctuation, "License" and "Version", "2.0" as "2"."""
    tokens: list[str] = []
    for token in _NAME_TOKEN.findall(name.casefold()):
        glued = _GLUED.fullmatch(token)
        for part in (glued[1], glued[2] + glued[3]) if glued else (token,):
            short = _ZEROS.sub("", part.rstrip("."))
            tokens.extend((short[:-1], "or", "later") if short.endswith("+") else (short,))
    return " ".join(dict.fromkeys(t for t in tokens if t and t not in _FILLERS))
