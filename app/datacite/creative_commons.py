"""Reads Creative Commons licences from their addresses and from their names.

A licence is named only when kind and version are certain; a ported version has an identifier only
where SPDX gives one to that port, never the identifier of the unported text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from msgspec import Struct


class Licence(Struct, frozen=True):
    """uri: the canonical address. spdx: what the SPDX id would be, were there one."""

    uri: str
    spdx: str


_HOME = "https://creativecommons.org"
_URL = re.compile(
    r"(?:https?:)?(?://)?(?:www\.)?creativecommons\.org/"
    r"(?:licen[sc]es/([a-z+-]+)/([0-9]\.[0-9])|publicdomain/(zero|mark)/1\.0)((?:[/?#].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_KINDS = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
_OLD_KINDS = ("sa", "nd", "nc", "nc-sa", "nd-nc")
_VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")
_PORT = re.compile(r"[a-z]{2}|igo|scotland")
_ZERO = Licence(f"{_HOME}/publicdomain/zero/1.0/", "CC0-1.0")
_MARK = Licence(f"{_HOME}/publicdomain/mark/1.0/", "CC-PDM-1.0")

_PHRASES = (
    ("creative commons", "cc"), ("creativecommons", "cc"), ("non commercial", "nc"),
    ("noncommercial", "nc"), ("share alike", "sa"), ("sharealike", "sa"),
    ("no derivative works", "nd"), ("no derivatives", "nd"), ("no derivs", "nd"),
    ("noderivatives", "nd"), ("noderivs", "nd"), ("no derivative", "nd"),
    ("attribution", "by"), ("namensnennung", "by"), ("nicht kommerziell", "nc"),
    ("nicht kommerzielle", "nc"), ("keine kommerzielle nutzung", "nc"),
    ("weitergabe unter gleichen bedingungen", "sa"), ("keine bearbeitungen", "nd"),
    ("keine bearbeitung", "nd"), ("pas d utilisation commerciale", "nc"),
    ("pas de modification", "nd"), ("partage dans les mêmes conditions", "sa"),
    ("partage à l identique", "sa"), ("paternité", "by"), ("reconocimiento", "by"),
    ("atribución", "by"), ("nocomercial", "nc"), ("no comercial", "nc"), ("compartirigual", "sa"),
    ("compartir igual", "sa"), ("sinobraderivada", "nd"), ("sin obra derivada", "nd"),
    ("sinderivadas", "nd"), ("sin derivadas", "nd"), ("attribuzione", "by"),
    ("non commerciale", "nc"), ("condividi allo stesso modo", "sa"), ("non opere derivate", "nd"),
    ("atribuição", "by"), ("não comercial", "nc"), ("naamsvermelding", "by"),
    ("niet commercieel", "nc"), ("gelijk delen", "sa"), ("geen afgeleide werken", "nd"),
    ("united states", "us"), ("united kingdom", "uk"), ("england and wales", "uk"),
    ("england wales", "uk"), ("vereinigte staaten", "us"), ("public domain mark", "pdm"),
    ("public domain dedication", "dedication"),
)  # fmt: skip
"""Wordings of the licences' elements, longest first where one begins another."""
_PORTS = {
    "germany": "de", "deutschland": "de", "austria": "at", "österreich": "at", "australia": "au",
    "netherlands": "nl", "nederland": "nl", "france": "fr", "japan": "jp", "us": "us", "uk": "uk",
    "igo": "igo", "de": "de", "at": "at", "au": "au", "nl": "nl", "fr": "fr", "jp": "jp",
    "switzerland": "ch", "schweiz": "ch", "ch": "ch", "spain": "es", "españa": "es", "es": "es",
    "italy": "it", "italia": "it", "it": "it", "brazil": "br", "brasil": "br", "br": "br",
    "portugal": "pt", "pt": "pt", "poland": "pl", "polska": "pl", "pl": "pl", "canada": "ca",
    "ca": "ca", "norway": "no", "norge": "no", "sweden": "se", "sverige": "se", "denmark": "dk",
    "new": "", "zealand": "nz", "nz": "nz", "greece": "gr", "gr": "gr", "scotland": "scotland",
}  # fmt: skip
_UNPORTED = frozenset(
    ("international", "unported", "generic", "universal", "internacional", "internazionale",
     "intl", "int")
)  # fmt: skip
_FILLERS = frozenset(
    ("license", "licence", "licenses", "lizenz", "licencia", "licença", "licenza", "licentie",
     "public", "deed", "legal", "code", "the", "a", "an", "v", "version", "ver", "waiver", "und",
     "and", "y", "e", "et", "en")
)  # fmt: skip
_ZERO_WORDS = frozenset(
    ("cc0", "cc", "zero", "0", "1.0", "1", "universal", "dedication", "domain", "no", "rights",
     "reserved", *_FILLERS)
)  # fmt: skip
_MARK_WORDS = frozenset(("cc", "pdm", "1.0", "1", "universal", *_FILLERS))
_TOKEN = re.compile(r"cc0|[0-9]+(?:\.[0-9]+)?|[^\W\d_]+")
_COMPACT = re.compile(r"(cc)?(by)?(nc)?(sa|nd)?")
_VERSION = re.compile(r"[0-9]\.[0-9]|[1-4]")
_MARKS = re.compile(r"[^\w.]+|_+|\.(?![0-9])")


def of_url(text: str) -> Licence | None:
    """Return the licence that a Creative Commons address names, or None."""
    match = _URL.fullmatch(text)
    if match is None:
        return None
    kind, version, public_domain, rest = match.groups()
    if public_domain:
        return _ZERO if public_domain.lower() == "zero" else _MARK
    canonical = _canonical(kind.lower().split("-"))
    if canonical is None or version not in _VERSIONS:
        return None
    return _licence(canonical, version, _port(rest))


def _canonical(elements: list[str]) -> str | None:
    """Return the elements in their usual order ("by-nd-nc" is "by-nc-nd"), or None."""
    kind = "-".join(element for element in ("by", "nc", "sa", "nd") if element in elements)
    if len(set(elements)) != len(elements) or set(elements) - {"by", "nc", "sa", "nd"}:
        return None
    if kind in _KINDS:
        return kind
    given = "-".join(elements)
    return given if given in _OLD_KINDS else None


def _port(rest: str) -> str:
    """Return the jurisdiction: a whole part of the path, so the `de` of `deed.en` is none."""
    parts = re.split(r"[?#]", rest, maxsplit=1)[0].lower().split("/")
    return parts[1] if len(parts) > 1 and _PORT.fullmatch(parts[1]) else ""


def _licence(kind: str, version: str, port: str) -> Licence:
    place = f"{port}/" if port else ""
    suffix = f"-{port.upper()}" if port else ""
    return Licence(
        f"{_HOME}/licenses/{kind}/{version}/{place}", f"CC-{kind.upper()}-{version}{suffix}"
    )


def of_name(text: str) -> Licence | None:
    """Return the licence that a name says, if kind and version are certain, or None.

    "CC" or "Creative Commons" stands in it (or it is "Public Domain Mark"), and nothing but the
    words of such names.
    """
    tokens = _tokens(text)
    if not tokens:
        return None
    words = set(tokens)
    if words <= _ZERO_WORDS and (
        "cc0" in words or {"cc", "zero"} <= words or tokens == ["cc", "0"]
    ):
        return _ZERO
    if words <= _MARK_WORDS and "pdm" in words:
        return _MARK
    return _of_tokens(tokens) if "cc" in words else None


def _tokens(text: str) -> list[str]:
    lower = _MARKS.sub(" ", text.casefold()).strip()
    for phrase, token in _PHRASES:
        if phrase in lower:
            lower = lower.replace(phrase, f" {token} ")
    tokens: list[str] = []
    for token in _TOKEN.findall(lower):
        compact = _COMPACT.fullmatch(token) if len(token) <= 8 else None
        tokens.extend(filter(None, compact.groups()) if compact else (token,))
    return tokens


def _of_tokens(tokens: list[str]) -> Licence | None:
    elements, versions, ports = set[str](), set[str](), set[str]()
    known = _meanings()
    for token in tokens:
        meaning = known.get(token)
        if meaning == "element":
            elements.add(token)
        elif meaning == "port":
            ports.add(_PORTS[token])
        elif meaning is None:
            if _VERSION.fullmatch(token) is None:
                return None
            versions.add(token if "." in token else f"{token}.0")
    ports.discard("")
    if len(versions) != 1 or len(ports) > 1 or "by" not in elements:
        return None
    version, kind = versions.pop(), _canonical(sorted(elements))
    if kind is None or version not in _VERSIONS:
        return None
    return _licence(kind, version, ports.pop() if ports else "")


@cache
def _meanings() -> Mapping[str, str]:
    table = dict.fromkeys(_PORTS, "port")
    table.update(dict.fromkeys((*_FILLERS, *_UNPORTED, "cc"), "filler"))
    table.update(dict.fromkeys(("by", "nc", "sa", "nd"), "element"))
    return table
