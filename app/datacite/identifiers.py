"""Recognises identifiers by their form, brings each to one spelling, and links it.

Total and offline: every text is something (`local` at worst), nothing is looked up, and nothing
is called an identifier of a kind unless its form, label or host says so.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from app.datacite.check_digits import orcid_holds, ror_holds
from app.datacite.identifier_forms import (
    DOI_NAME,
    HOSTS,
    SCHEMES,
    WHOLE,
    Identifier,
    ark,
    arxiv,
    bibcode,
    cut,
    doi_name,
    handle,
    isbn,
    issn,
    key,
    pmc,
    urn,
    urn_in_url,
)
from app.datacite.text import unescape
from app.datacite.uris import is_any_uri, is_file_url, is_preview_url, is_web_url, uri

__all__ = [
    "Identifier", "doi", "fits", "is_any_uri", "is_file_url", "is_preview_url", "is_web_url",
    "isni", "link", "of_scheme", "orcid", "recognise", "ror", "uri",
]  # fmt: skip

_PLAIN_DOI = re.compile(
    rf"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:)?({DOI_NAME}/[A-Za-z0-9._/-]*[A-Za-z0-9])"
)
_URL = re.compile(r"(?:https?|ftp)://([^/?#\s]+)(.*)", re.IGNORECASE | re.DOTALL)
_YEAR = re.compile("1[0-9]{3}|20[0-9]{2}")
_DAY = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")
_BARE_HANDLE = re.compile(r"([0-9]{4,}|[0-9]{2,}(?:\.[0-9A-Za-z]+)+)/\S+")
_BARE_ARXIV = re.compile(r"[0-3][0-9](?:0[1-9]|1[0-2])\.(?:[0-9]{5}(?:v[0-9]+)?|[0-9]{4}v[0-9]+)")
_HEAD = re.compile(r"[^:=\s]+")
_LABEL = re.compile(r"([^\W\d_]+(?:[ .-]+[^\W\d_]+){0,3}\.?)(?:\s*=\s*|\s*:\s+)(\S.*)", re.DOTALL)
_CITED_YEAR = re.compile(r"\((?:1[5-9]|20)[0-9]{2}\)")
_NO_LABELS = frozenset(
    ("info", "tag", "mailto", "file", "data", "javascript", "oai", "http", "https", "ftp", "doi")
)
_INFO_SCHEMES = frozenset(("doi", "hdl", "pmid", "ark"))
_ALTERNATE = "eu-repo/semantics/altIdentifier/"
_ENCLOSING = {"<": ">", "[": "]", "(": ")", '"': '"', "'": "'", "“": "”", "«": "»", "„": "“"}
_PERSON = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:orcid\.org/|isni\.org/(?:isni/)?)|orcid(?:\s*id)?[:\s]\s*"
    r"|isni[:\s]\s*){0,3}([0-9]{4})[-‐-― ]?([0-9]{4})[-‐-― ]?([0-9]{4})[-‐-― ]?([0-9]{3}[0-9Xx])/?",
    re.IGNORECASE,
)
_ROR = re.compile(
    r"(?:(?:https?://)?(?:www\.)?ror\.org/|ror:\s*)?(0[0-9a-hjkmnp-tv-z]{6}[0-9]{2})/?",
    re.IGNORECASE,
)


def recognise(text: str) -> Identifier:
    """Return what a text is as an identifier. Never raises; what is nothing else is `local`."""
    if "10." in text:
        plain = _PLAIN_DOI.fullmatch(text)
        if plain is not None:
            return Identifier("DOI", plain[1].lower())
    value = _bare(text)
    if "10." in value:
        name = doi_name(value)
        if name is not None:
            return Identifier("DOI", name)
    if value[:4].lower() == "www.":
        value = f"http://{value}"
    found = _of_url(value) if "://" in value[:8] else None
    return found or _of_label(value) or _of_form(value) or Identifier("local", text.strip())


def of_scheme(scheme: str, value: str) -> Identifier:
    """Return a value whose scheme is known by name, as in `altIdentifier/<scheme>/<value>`.

    A value that does not fit its scheme is recognised by its own form; an unknown scheme becomes
    the kind as it stands.
    """
    if "%" in value and "://" not in value:
        value = unquote(value)
    reader = SCHEMES.get(key(scheme))
    if reader is not None:
        return reader(value.strip()) or recognise(value)
    found = recognise(value)
    return Identifier(scheme, value.strip()) if found.kind == "local" else found


def doi(text: str) -> str | None:
    """Return the DOI that a whole text is, bare and lower-case, or None."""
    if "10." not in text:
        return None
    plain = _PLAIN_DOI.fullmatch(text)
    return plain[1].lower() if plain else doi_name(_bare(text))


def fits(kind: str, value: str) -> bool:
    """Whether a value looks like its relatedIdentifierType; kinds without a form always fit."""
    if kind == "DOI":
        return doi(value) is not None
    if kind in ("URL", "PURL", "w3id"):
        return "://" in value[:16] and uri(value) is not None
    reader = SCHEMES.get(kind.lower())
    return reader is None or reader(value) is not None


def _bare(text: str) -> str:
    """Take escapes, blanks, one pair of brackets and one of quotes off."""
    if "&" in text:
        text = unescape(text)
    text = text.strip()
    if text[:1] not in _ENCLOSING:
        return text
    for _ in range(2):
        if len(text) < 3 or text[-1] != _ENCLOSING.get(text[0]):
            break
        inner = text[1:-1]
        opens, closes = inner.find(text[0]), inner.find(text[-1])
        if closes >= 0 and (opens < 0 or closes < opens):
            break
        text = inner.strip()
    return text


def _of_url(value: str) -> Identifier | None:
    """Read an address: of a resolver we know it is what it resolves, else it is a URL."""
    match = _URL.fullmatch(value)
    if match is None:
        return None
    host, rest = match[1].lower().removeprefix("www."), match[2]
    reader = HOSTS.get(host)
    found = reader(rest) if reader else None
    if found is None and "urn" in rest.lower():
        found = urn_in_url(rest)
    if found is None and "ark:" in rest:
        found = ark(rest)
    if found is not None:
        return found
    if host == "w3id.org":
        return Identifier("w3id", cut(value))
    return Identifier("PURL" if host.startswith("purl.") else "URL", cut(value))


def _of_label(value: str) -> Identifier | None:
    """Read a value with a label in front: `ISSN 2049-3673`, `urn:…`, `Study number: 4711`."""
    start = value[:48].lower()
    if start[:4] == "oai:":
        return Identifier("oai", value)
    if start[:5] == "info:":
        return _info(value)
    if start[:4] == "urn:":
        return urn(value)
    if "issn" in start or "isbn" in start:
        return issn(value) or isbn(value)
    head = _HEAD.match(value)
    if head is None or head.end() == len(value):
        return None
    label = key(head[0])
    reader = SCHEMES.get(label)
    if reader is not None:
        whole = label in WHOLE and value[head.end()] == ":"
        return reader(value if whole else value[head.end() :].lstrip(":= \t"))
    if label in ("url", "uri", "link", "purl", "w3id"):
        return _of_url(value[head.end() :].lstrip(":= \t"))
    return _labelled(value) if ":" in value or "=" in value else None


def _info(value: str) -> Identifier | None:
    """Read `info:hdl/…`, `info:pmid/…`, `info:eu-repo/semantics/altIdentifier/<scheme>/<id>`."""
    rest = value[5:]
    alternate = rest.startswith(_ALTERNATE)
    scheme, _, name = rest[len(_ALTERNATE) if alternate else 0 :].partition("/")
    if not name or not (alternate or scheme in _INFO_SCHEMES):
        return None
    return of_scheme(scheme, name)


def _labelled(value: str) -> Identifier | None:
    """Read any other label; a colon without a blank after it is part of the value.

    What follows is a number or a mark: a few words with a digit, and no citation.
    """
    match = _LABEL.fullmatch(value)
    if match is None:
        return None
    label, rest = match.groups()
    if label.lower() in _NO_LABELS or len(label) > 40 or len(rest) > 60:
        return None
    if rest.count(" ") > 3 or _CITED_YEAR.search(rest) or not any(c.isdigit() for c in rest):
        return None
    return Identifier(label, rest)


def _of_form(value: str) -> Identifier | None:
    """Read a value that nothing but its form tells."""
    first = value[:1]
    if first in ("P", "p"):
        return pmc(value)
    if not first.isdigit() or not value.isascii():
        return None
    return _bare_number(value) or _bare_handle(value) or _bare_code(value)


def _bare_number(value: str) -> Identifier | None:
    """Read an ISSN that is no pair of years, an ISBN with its hyphens or its 978."""
    if len(value) == 9 and value[4] == "-":
        return None if _YEAR.match(value) and _YEAR.fullmatch(value[5:]) else issn(value)
    return isbn(value) if value.startswith(("978", "979")) or value.count("-") >= 3 else None


def _bare_handle(value: str) -> Identifier | None:
    match = _BARE_HANDLE.fullmatch(value) if "/" in value else None
    if match is None or _YEAR.fullmatch(match[1]) or _DAY.fullmatch(match[1]):
        return None
    return handle(value) if sum(map(str.isdigit, match[1])) >= 4 else None


def _bare_code(value: str) -> Identifier | None:
    return arxiv(value) if _BARE_ARXIV.fullmatch(value) else bibcode(value)


def _person(text: str, label: str) -> str | None:
    match = _PERSON.fullmatch(text.strip())
    if match is None or label not in ("orcid", "isni"):
        return None
    other = "isni" if label == "orcid" else "orcid"
    characters = "".join(match.groups()).upper()
    return characters if other not in text.lower() and orcid_holds(characters) else None


def orcid(text: str) -> str | None:
    """Return `https://orcid.org/0000-…` of an ORCID in any form, None if its check digit fails."""
    bare = _person(text, "orcid")
    return f"https://orcid.org/{bare[:4]}-{bare[4:8]}-{bare[8:12]}-{bare[12:]}" if bare else None


def isni(text: str) -> str | None:
    """Return the 16 characters of an ISNI in any form, None if its check digit fails."""
    return _person(text, "isni")


def ror(text: str) -> str | None:
    """Return `https://ror.org/0…` of a ROR in any form, None if its checksum fails."""
    match = _ROR.fullmatch(text.strip())
    name = match[1].lower() if match else ""
    return f"https://ror.org/{name}" if ror_holds(name) else None


_LINKS = {
    "DOI": "https://doi.org/", "Handle": "https://hdl.handle.net/", "ARK": "https://n2t.net/",
    "PMID": "https://pubmed.ncbi.nlm.nih.gov/", "arXiv": "https://arxiv.org/abs/",
    "SWHID": "https://archive.softwareheritage.org/", "IGSN": "https://igsn.org/",
    "RRID": "https://scicrunch.org/resolver/", "bibcode": "https://ui.adsabs.harvard.edu/abs/",
    "ISNI": "https://isni.org/isni/",
}  # fmt: skip
_URN_HOMES = {
    "de": "https://nbn-resolving.org/", "ch": "https://nbn-resolving.org/",
    "at": "https://nbn-resolving.org/", "fi": "https://urn.fi/",
    "nl": "https://resolver.kb.nl/resolve?urn=", "se": "https://urn.kb.se/resolve?urn=",
    "no": "https://urn.nb.no/", "hr": "https://urn.nsk.hr/", "hu": "http://nbn.urn.hu/",
    "it": "http://nbn.depositolegale.it/",
}  # fmt: skip
_NO_QUOTING = re.compile(r"[A-Za-z0-9._/:()~-]*")
_LINK_SAFE = "/:;()._-~!$&'*+,=@"


def link(kind: str, value: str) -> str | None:
    """Return the address a person can open for an identifier, or None if it is only text."""
    if kind == "ORCID":
        return orcid(value)
    if kind == "ROR":
        return ror(value)
    if kind == "URN":
        return _urn_link(value)
    home = _LINKS.get(kind)
    if home is None or value.startswith(("https://", "http://")):
        return value if is_web_url(value) else None
    name = value
    if kind == "arXiv":
        name = value.removeprefix("arXiv:")
    elif kind == "ISNI":
        name = value.replace(" ", "").replace("-", "")
    elif kind == "PMID":
        name = f"{value}/"
    return home + (name if _NO_QUOTING.fullmatch(name) else _quoted(name))


def _quoted(name: str) -> str:
    return quote(name, safe=_LINK_SAFE, errors="replace")


def _urn_link(value: str) -> str | None:
    """Return the national resolver's address for `urn:nbn:<country>…`; other URNs have none."""
    parts = value.lower().split(":", 3)
    if parts[:2] != ["urn", "nbn"] or len(parts) < 3:
        return None
    home = _URN_HOMES.get(parts[2][:2])
    return home + _quoted(value) if home else None
