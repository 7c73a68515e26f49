"""One reader for each kind of identifier: a text in, an Identifier or None out.

A reader is given a value whose scheme, host or form already points to its kind; it only judges
whether the value can be one, and spells it the one way we spell it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import unquote

from msgspec import Struct

from app.datacite.check_digits import ean_holds, isbn13, issn_holds


class Identifier(Struct, frozen=True, gc=False):
    """kind: a relatedIdentifierType, `local`, `oai`, or the label that stood in front."""

    kind: str
    value: str


Reader = Callable[[str], Identifier | None]

DOI_NAME = r"10\.[0-9]{4,9}(?:\.[0-9]+)*"
_DOI_FRONT = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/+|(?:info:|urn:)?doi[:=/\s]\s*"
    r"|info:eu-repo/semantics/altIdentifier/doi/|https?://hdl\.handle\.net/(?=10\.))*+",
    re.IGNORECASE,
)
_DOI = re.compile(rf"({DOI_NAME})(/|%2[Ff])(\S+)")
_HANDLE = re.compile(r"[0-9][0-9A-Za-z]*(?:\.[0-9A-Za-z]+)*/\S+")
_HANDLE_FRONT = re.compile(r"https?://hdl\.handle\.net/", re.IGNORECASE)
_ISBN_LABEL = re.compile(r"[^0-9]{0,12}?isbn(?:[- ]?1[03](?![0-9-]))?[^0-9]{0,14}", re.IGNORECASE)
_ISBN = re.compile(r"((?:97[89][ -]?)?(?:[0-9][ -]?){9}[0-9Xx])(?:\s*[\[(:;,.].*|\s+[a-z].*)?")
_ISSN_LABEL = re.compile(r"([^0-9]{0,30}?)[\s:=]*(?=[0-9]{4})")
_ISSN = re.compile(r"([0-9]{4})-?([0-9]{3}[0-9Xx])(?![0-9])")
_ISSN_KINDS = {
    "": "ISSN", "issn": "ISSN", "urnissn": "ISSN", "pissn": "ISSN", "printissn": "ISSN",
    "issnprint": "ISSN", "issnp": "ISSN", "eissn": "EISSN", "onlineissn": "EISSN",
    "issnonline": "EISSN", "electronicissn": "EISSN", "issnelectronic": "EISSN", "issne": "EISSN",
    "issnl": "LISSN", "lissn": "LISSN", "linkingissn": "LISSN",
}  # fmt: skip
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")
_ARK = re.compile(r"ark:(/?[0-9a-z]{5,16}/[^\s?#]+)", re.IGNORECASE)
_URN_NBN = re.compile(r"urn:nbn:[a-z]{2,}[^\s?#&]+", re.IGNORECASE)
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:\S+", re.IGNORECASE)
_ARXIV_FRONT = re.compile(r"(?:arxiv[:\s]\s*|/?(?:abs|pdf|format|html)/|/)*+", re.IGNORECASE)
_ARXIV = re.compile(
    r"((?:[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]+)?)"
    r"(?:\.pdf)?(?:\s+\[[^\]]*\])?"
)
_PMID = re.compile("[0-9]{1,9}")
_PMC = re.compile("PMC[0-9]{3,}", re.IGNORECASE)
_SWHID = re.compile(r"(swh:1:(?:cnt|dir|rel|rev|snp):[0-9a-f]{40})((?:;\S+)?)", re.IGNORECASE)
_RRID = re.compile(r"(?:rrid:\s?)?([A-Za-z]+[_:-]?\S+)", re.IGNORECASE)
_RAID = re.compile(r"10\.\S+/\S+")
_BIBCODE = re.compile(r"[12][0-9]{3}[A-Za-z&][A-Za-z0-9&.]{4}[0-9.]{4}[A-Za-z0-9.][0-9.]{4}[A-Z.:]")
_OPENING = {")": "(", "]": "[", ">": "<"}


def cut(value: str) -> str:
    """Take off what is no part of an identifier: final punctuation, brackets never opened."""
    end = len(value)
    if not end or (value[-1] not in ".,;:" and value[-1] not in _OPENING):
        return value
    surplus = {mark: value.count(mark) - value.count(open_) for mark, open_ in _OPENING.items()}
    while end:
        last = value[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in ".,;:":
            break
        end -= 1
    return value[:end]


def key(label: str) -> str:
    """Return a label without case, blanks and punctuation."""
    lower = label.lower()
    return lower if lower.isalnum() else "".join(filter(str.isalnum, lower))


def doi_name(value: str) -> str | None:
    """Return the DOI a value is, after any chain of resolvers and labels; bare and lower-case."""
    front = _DOI_FRONT.match(value)
    start = front.end() if front else 0
    match = _DOI.match(value, start)
    if match is None:
        return None
    prefix, slash, suffix = match.groups()
    if "%" in suffix and (slash != "/" or "//" in value[:start]):
        decoded = unquote(suffix)
        if decoded.isprintable() and " " not in decoded and "\ufffd" not in decoded:
            suffix = decoded
    suffix = cut(suffix)
    if suffix.isascii():
        return f"{prefix}/{suffix.lower()}" if suffix else None
    return f"{prefix}/" + "".join(c.lower() if c.isascii() else c for c in suffix)


def _doi(value: str) -> Identifier | None:
    name = doi_name(value)
    return Identifier("DOI", name) if name else None


def handle(value: str) -> Identifier | None:
    """Read `prefix/suffix`; `10.` is a DOI, `123456789` the default of software never set up."""
    value = cut(_HANDLE_FRONT.sub("", value.lstrip("/"), count=1))
    if value.startswith("10."):
        return _doi(value)
    if value.startswith("123456789/") or _HANDLE.fullmatch(value) is None:
        return None
    return Identifier("Handle", value)


def _handle_path(rest: str) -> Identifier | None:
    return handle(unquote(re.split("[?#]", rest, maxsplit=1)[0]))


def isbn(value: str) -> Identifier | None:
    """Read an ISBN of 10 or 13 digits, with or without label, hyphens, a remark after it."""
    value = value.translate(_DASHES)
    label = _ISBN_LABEL.match(value)
    match = _ISBN.fullmatch(value, label.end() if label else 0)
    digits = isbn13(match[1].replace("-", "").replace(" ", "")) if match else None
    return Identifier("ISBN", digits) if digits else None


def issn(value: str) -> Identifier | None:
    """Read an ISSN, with or without a label, which decides between ISSN, EISSN and LISSN."""
    value = value.translate(_DASHES)
    label = _ISSN_LABEL.match(value)
    kind = _ISSN_KINDS.get(key(label[1])) if label else None
    match = _ISSN.match(value, label.end()) if label else None
    if kind is None or match is None or not issn_holds(match[1] + match[2]):
        return None
    return Identifier(kind, f"{match[1]}-{match[2].upper()}")


def _issn_of(kind: str) -> Reader:
    def read(value: str) -> Identifier | None:
        found = issn(value)
        return Identifier(kind, found.value) if found else None

    return read


def _issn_path(rest: str) -> Identifier | None:
    match = _ISSN.search(rest) if "issn" in rest.lower() else None
    return issn(match[0]) if match else None


def urn(value: str) -> Identifier | None:
    """Read a URN; those of ISBN and ISSN are what they name, those of LSID are LSID."""
    if value[:4].lower() == "urn:":
        value = value[4:].lstrip()
    if value[:4].lower() != "urn:":
        value = f"urn:{value}"
    scheme, _, rest = value[4:].partition(":")
    name = scheme.lower()
    if name in ("isbn", "issn", "doi"):
        found = SCHEMES[name](rest)
        if found is not None:
            return found
    if _URN.fullmatch(value) is None:
        return None
    start = 5 + len(scheme)
    return Identifier(
        "LSID" if name == "lsid" else "URN", value[:start].lower() + cut(value[start:])
    )


def urn_in_url(rest: str) -> Identifier | None:
    """Find a national bibliography number in the address of a resolver."""
    match = _URN_NBN.search(unquote(rest))
    return urn(match[0]) if match else None


def ark(value: str) -> Identifier | None:
    """Read or find an ARK, old style (`ark:/`) or new."""
    match = _ARK.search(value)
    return Identifier("ARK", f"ark:{cut(match[1])}") if match else None


def arxiv(value: str) -> Identifier | None:
    """Read an arXiv number of both styles, its version kept."""
    front = _ARXIV_FRONT.match(value)
    name = re.split("[?#]", value[front.end() :] if front else value, maxsplit=1)[0]
    match = _ARXIV.fullmatch(cut(name))
    return Identifier("arXiv", f"arXiv:{match[1]}") if match else None


def _pmid(value: str) -> Identifier | None:
    digits = cut(value.removeprefix("/pubmed/").strip("/ "))
    return Identifier("PMID", digits) if _PMID.fullmatch(digits) else None


def pmc(value: str) -> Identifier | None:
    """Read a PubMed Central number; DataCite has no type for it, so it is its URL."""
    name = cut(value.strip())
    name = f"PMC{name}" if name.isdigit() else name
    if not _PMC.fullmatch(name):
        return None
    return Identifier("URL", f"https://www.ncbi.nlm.nih.gov/pmc/articles/{name.upper()}")


def _ncbi_path(rest: str) -> Identifier | None:
    path = rest.removeprefix("/pmc").rstrip("/")
    return pmc(path[10:]) if path.startswith("/articles/") else _pmid(rest)


def _swhid(value: str) -> Identifier | None:
    match = _SWHID.fullmatch(cut(value.removeprefix("/")))
    return Identifier("SWHID", match[1].lower() + match[2]) if match else None


def _rrid(value: str) -> Identifier | None:
    match = _RRID.fullmatch(cut(value.removeprefix("/resolver/")))
    return Identifier("RRID", f"RRID:{match[1]}") if match else None


def _raid(value: str) -> Identifier | None:
    name = cut(value.removeprefix("https://raid.org").strip("/"))
    return Identifier("RAiD", f"https://raid.org/{name}") if _RAID.fullmatch(name) else None


def _cstr(value: str) -> Identifier | None:
    name = cut(value.removeprefix("/"))
    name = name[5:] if name[:5].lower() == "cstr:" else name
    return Identifier("CSTR", f"CSTR:{name.strip()}") if name.strip() else None


def bibcode(value: str) -> Identifier | None:
    """Read the 19 characters of an ADS bibcode: year, journal, volume, page, initial."""
    match = _BIBCODE.fullmatch(unquote(value).removeprefix("/abs/").removesuffix("/abstract"))
    return Identifier("bibcode", match[0]) if match else None


def _ean_of(kind: str) -> Reader:
    def read(value: str) -> Identifier | None:
        digits = value.replace("-", "").replace(" ", "")
        return Identifier(kind, digits) if ean_holds(digits) else None

    return read


def _plain(kind: str) -> Reader:
    def read(value: str) -> Identifier | None:
        name = cut(value.strip("/ "))
        return Identifier(kind, name) if name and " " not in name else None

    return read


SCHEMES: Mapping[str, Reader] = MappingProxyType(
    {
        "doi": _doi, "hdl": handle, "handle": handle,
        "isbn": isbn, "isbn10": isbn, "isbn13": isbn,
        "issn": issn, "pissn": _issn_of("ISSN"), "eissn": _issn_of("EISSN"),
        "issnl": _issn_of("LISSN"), "lissn": _issn_of("LISSN"),
        "urn": urn, "lsid": urn, "ark": ark, "arxiv": arxiv,
        "pmid": _pmid, "pubmed": _pmid, "pmc": pmc, "pmcid": pmc,
        "swh": _swhid, "swhid": _swhid, "rrid": _rrid, "raid": _raid, "cstr": _cstr,
        "igsn": _plain("IGSN"), "istc": _plain("ISTC"), "bibcode": bibcode, "ads": bibcode,
        "ean": _ean_of("EAN13"), "ean13": _ean_of("EAN13"), "upc": _ean_of("UPC"),
    }
)  # fmt: skip
"""The reader of a scheme, by its label without case and punctuation."""

WHOLE = frozenset(("urn", "ark", "swh", "rrid", "cstr", "arxiv"))
"""Schemes whose label is a part of the identifier."""

HOSTS: Mapping[str, Reader] = MappingProxyType(
    {
        "hdl.handle.net": _handle_path, "arxiv.org": arxiv, "export.arxiv.org": arxiv,
        "pubmed.ncbi.nlm.nih.gov": _pmid, "ncbi.nlm.nih.gov": _ncbi_path,
        "pmc.ncbi.nlm.nih.gov": _ncbi_path, "portal.issn.org": _issn_path,
        "worldcat.org": _issn_path, "archive.softwareheritage.org": _swhid,
        "raid.org": _raid, "scicrunch.org": _rrid, "igsn.org": _plain("IGSN"),
        "ui.adsabs.harvard.edu": bibcode, "adsabs.harvard.edu": bibcode, "cstr.cn": _cstr,
    }
)  # fmt: skip
"""What the path of an address on a known host is; the host without `www.`."""
