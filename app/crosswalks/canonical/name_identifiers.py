"""Identifiers of names and affiliations, web addresses and language tags, each in one spelling.

What does not hold (a wrong check digit, an address that is none) is left out with a problem.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.crosswalks.reading import Notes
from app.datacite import identifiers
from app.datacite.languages import tag
from app.datacite.resource import Affiliation, Contributor, Creator, NameIdentifier
from app.datacite.text import clean, is_null

ORCID, ROR = "https://orcid.org", "https://ror.org"
_SCHEMES = {"orcid": "ORCID", "ror": "ROR", "isni": "ISNI", "gnd": "GND", "viaf": "VIAF"}
_MAIL = re.compile(r"(?:mailto:)?[^@\s/]+@[^@\s/]+\.[A-Za-z]{2,24}")
"""An address of somebody's mail, which is not carried."""
_IN_BRACKETS = re.compile(r"\([^()]+\)")
"""An affiliation as a list of authors has it behind a name."""
_RESEARCHER_ID = re.compile(r"[A-Z]{1,3}-[0-9]{4}-(?:19|20)[0-9]{2}")
Given = Creator | Contributor


def name_identifiers(given: Given, path: str, notes: Notes) -> tuple[NameIdentifier, ...]:
    """Return the identifiers that hold, each in its one spelling."""
    if not given.name_identifiers:
        return ()
    found: dict[NameIdentifier, None] = {}
    for n, one in enumerate(given.name_identifiers):
        made = _name_identifier(one, f"{path}/nameIdentifiers/{n}", notes)
        if made is not None:
            found.setdefault(made)
    return tuple(found)


def _name_identifier(given: NameIdentifier, path: str, notes: Notes) -> NameIdentifier | None:
    value = clean(given.name_identifier)
    if is_null(value) or _MAIL.fullmatch(value):
        return None
    scheme = scheme_of(clean(given.name_identifier_scheme or ""), value)
    if not scheme:
        notes.problem("nameIdentifier.scheme", path, value)
        return None
    if not given.name_identifier_scheme:
        notes.inferred(f"{path}/nameIdentifierScheme", "nameIdentifier.scheme", value)
    if scheme not in ("ORCID", "ROR"):
        if scheme == "ISNI" and identifiers.isni(value) is None:
            notes.problem("nameIdentifier.checksum", path, value)
            return None
        return NameIdentifier(value, scheme, uri(given.scheme_uri, f"{path}/schemeUri", notes))
    link = identifiers.orcid(value) if scheme == "ORCID" else identifiers.ror(value)
    if link is None:
        notes.problem("nameIdentifier.checksum", path, value)
        return None
    return NameIdentifier(link, scheme, ORCID if scheme == "ORCID" else ROR)


def scheme_of(scheme: str, value: str) -> str:
    """Return the scheme's usual name; the value decides where nothing else does."""
    word = "".join(filter(str.isalnum, scheme.lower()))
    if word.startswith("orcid") or "orcid.org" in word:
        return "ORCID"
    lower = value.lower()
    if "orcid.org/" in lower and word in ("", "nameidentifier", "url", "uri"):
        return "ORCID"
    if "ror.org/" in lower and word in ("", "url", "uri", "rorid"):
        return "ROR"
    if word in _SCHEMES:
        return _SCHEMES[word]
    return scheme or _by_value(value, lower)


def _by_value(value: str, lower: str) -> str:
    if identifiers.orcid(value):
        return "ORCID"
    if identifiers.ror(value):
        return "ROR"
    if "isni" in lower and identifiers.isni(value):
        return "ISNI"
    if lower.startswith("grid."):
        return "GRID"
    if _RESEARCHER_ID.fullmatch(value):
        return "ResearcherID"
    if "10.13039/" in lower:
        return "Crossref Funder ID"
    hosts = {"d-nb.info/gnd": "GND", "viaf.org": "VIAF", "wikidata.org": "Wikidata"}
    return next((name for host, name in hosts.items() if host in lower), "")


def affiliations(given: Sequence[Affiliation], path: str, notes: Notes) -> tuple[Affiliation, ...]:
    """Return the affiliations with name; a lone identifier stands in for its name."""
    if not given:
        return ()
    found: dict[Affiliation, None] = {}
    for n, one in enumerate(given):
        made = _affiliation(one, f"{path}/affiliation/{n}", notes)
        if made is not None:
            found.setdefault(made)
    return tuple(found)


def _affiliation(given: Affiliation, path: str, notes: Notes) -> Affiliation | None:
    name = clean(given.name)
    if _IN_BRACKETS.fullmatch(name):
        name = name[1:-1].strip()
    name = "" if is_null(name) or _MAIL.fullmatch(name) else name
    value = clean(given.affiliation_identifier or "")
    if is_null(value):
        return Affiliation(name) if name else None
    scheme = scheme_of(clean(given.affiliation_identifier_scheme or ""), value)
    home = uri(given.scheme_uri, f"{path}/schemeUri", notes)
    if not scheme:
        notes.problem("affiliationIdentifier.scheme", path, value)
        return Affiliation(name or value)
    if not given.affiliation_identifier_scheme:
        notes.inferred(f"{path}/affiliationIdentifierScheme", "affiliationIdentifier.scheme", value)
    if scheme == "ROR" and (link := identifiers.ror(value)):
        value, home = link, ROR
    return Affiliation(name or value, value, scheme, home)


def uri(text: str | None, path: str, notes: Notes) -> str | None:
    """Return a URI attribute made fit for XML; what cannot be one is left out with a problem."""
    if not text:
        return None
    value = clean(text)
    if is_null(value):
        return None
    found = identifiers.uri(value)
    if found is None:
        notes.problem("uri.invalid", path, value)
    return found


def language(text: str | None, path: str, notes: Notes) -> str | None:
    """Return an xml:lang as a tag; `none`, `*` and the like are absent."""
    if not text or text.strip() in ("", "*") or is_null(text):
        return None
    found = tag(text)
    if found is None:
        notes.problem("language.invalid", path, text)
    elif found != text:
        notes.inferred(path, "language.tag", text)
    return found
