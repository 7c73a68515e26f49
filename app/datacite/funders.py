"""Reads grants: OpenAIRE grant agreements, and texts that name a funder and an award.

A funder is named by the table of acronyms or by the source's own text; an identifier is given
only with an acronym of the table, never for a name that looks alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import unquote

from msgspec import Struct

from app.datacite.funder_table import TABLE
from app.datacite.resource import FundingReference
from app.datacite.text import clean, is_null

CACHED = 4096
CROSSREF = "Crossref Funder ID"
CORDIS = "https://cordis.europa.eu/project/id/"
LONGEST_NAME = 200
"""A longer text before a grant number is prose, not a name."""

LONGEST_TEXT = 1000
"""So much of a text is looked through for a funder and a number."""


class Funder(Struct, frozen=True):
    """A funder of the table. identifier: a Crossref Funder ID as URL, where it is known."""

    acronym: str
    name: str
    identifier: str | None = None


def _rows() -> dict[str, Funder]:
    table: dict[str, Funder] = {}
    for line in filter(None, map(str.strip, TABLE.splitlines())):
        acronym, name, *number = (part.strip() for part in line.split("|"))
        uri = f"https://doi.org/10.13039/{number[0]}" if number and number[0] else None
        table[acronym] = Funder(acronym, name, uri)
    return table


FUNDERS: Mapping[str, Funder] = MappingProxyType(_rows())
"""Funders by the acronym that grant agreements call them by."""

_BLIND = {acronym.casefold(): funder for acronym, funder in FUNDERS.items()}
_BY_NAME = {name.casefold(): f for f in FUNDERS.values() for name in (f.acronym, f.name)}
_BY_IDENTIFIER = {f.identifier: f for f in reversed(tuple(FUNDERS.values())) if f.identifier}
_KEPT = frozenset(("FCT",))
"""Acronyms that stay the funder's name as they are in a grant agreement."""

_AGREEMENT = re.compile(r"(?:info:)?eu-repo/grantAgreement/(.*)", re.IGNORECASE | re.DOTALL)
_LABEL = re.compile(
    r"(?:(?:this|the)\s+(?:\w+\s+){1,4}(?:was|were|is|has been|have been)\s+"
    r"|data\s+(?:\w+\s+){1,3}with\s+)?"
    r"(?:funding(?:\s+(?:information|reference|source|agency|body))?|funded|funders?"
    r"|financed|(?:financial )?support|sponsor(?:ed|ship|s)?|supported)\b"
    r"(?:(?:\s+for(?:\s+\w+){1,5})?\s+(?:was|were|is|has been)(?:\s+\w+)?\s+provided\b)?"
    r"(?:\s+(?:in part|partly|partially))?(?:\s+(?:by|from|under|through))?"
    r"\s*[:=]?\s*(?:by\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_NUMBER = r"(?P<number>(?:[A-Z]{1,5}\s)?[^\s,;()]*[0-9][^\s,;()]*)"
_AWARD = re.compile(
    r"(?<![\s,;:(–-])[\s,;:(–-]*+(?:\b(?:under|through|with|via)\s+)?(?:the\s+)?"
    r"\b(?:grant\s+agreement|(?:grant|award)(?:s|\(s\))?|contract|project|projekt|förderkennzeichen|fkz|bourse|subvention)(?!\w)"
    r"\s*(?:agreement\s*)?(?:nos?|nr|n°|nº|numbers?|number\(s\)|num|id|#s?)?\.?\s*[:#]?\s*"
    + _NUMBER,
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*[(\[](?P<number>[^()\[\]]*[0-9][^()\[\]]*)[)\]]")
_NUMBER_LABEL = re.compile(
    r"(?:grant\s+agreement|grant|award|contract|project)?\s*(?:no|nr|number|id)?\.?\s*[:#]?\s*",
    re.IGNORECASE,
)
_ENDS = " \t.,;:[]–-"


def read_grant(text: str) -> FundingReference | None:
    """Read a grant agreement or a text of sponsorship; None where no funder is named."""
    text = text.strip()
    agreement = _AGREEMENT.fullmatch(text) if "grantagreement" in text[:40].lower() else None
    if agreement is not None:
        path = agreement[1]
        return _agreement(path) if len(path) <= LONGEST_TEXT else _agreement.__wrapped__(path)
    if is_null(text) or "://" in text or "eu-repo/" in text:
        return None
    return _sponsorship(clean(text[:LONGEST_TEXT]))


@lru_cache(maxsize=CACHED)
def _agreement(path: str) -> FundingReference | None:
    """Read what stands in a grant agreement; all works of one project have the same."""
    parts = [clean(unquote(part)) for part in path.split("/")]
    acronym, _, number, _, title, short = (parts + [""] * 6)[:6]
    if not acronym:
        return None
    known = _BLIND.get(acronym.casefold())
    if known is None or known.acronym in _KEPT:
        known = Funder(acronym, acronym)
    is_project = known.acronym == "EC" and number.isascii() and number.isdigit()
    return FundingReference(
        funder_name=known.name,
        funder_identifier=known.identifier,
        funder_identifier_type=CROSSREF if known.identifier else None,
        award_number=number or None,
        award_uri=CORDIS + number if is_project else None,
        award_title=(title or short or None) if number else None,
    )


def _sponsorship(text: str) -> FundingReference | None:
    """Read "Funder (4711)", "Funder, Grant No. 4711", "Funded by the Funder"."""
    label = _LABEL.match(text)
    text = text[label.end() :] if label else text
    found = min(
        filter(None, map(_first, (_AWARD, _BRACKET), (text, text))), key=_start, default=None
    )
    name = _bare(text[: found.start()] if found else text)
    if is_null(name) or len(name) > LONGEST_NAME or not any(map(str.isalpha, name)):
        return None
    number = found["number"] if found else ""
    if found and found.re is _BRACKET:
        number = _NUMBER_LABEL.sub("", number, count=1)
    if not found and ". " in name:
        return None
    return FundingReference(funder_name=name, award_number=_bare(number) or None)


def _bare(text: str) -> str:
    """Take punctuation off both ends, and brackets that have lost their other half."""
    text = text.strip(_ENDS)
    if text.count(")") > text.count("("):
        text = text.rstrip(_ENDS + ")").lstrip(")")
    elif text.count("(") > text.count(")"):
        text = text.rstrip(_ENDS + "(").lstrip("(")
    return text.strip(_ENDS)


def _first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return pattern.search(text)


def _start(match: re.Match[str]) -> int:
    return match.start()


def acronym(name: str) -> str | None:
    """Return the acronym of a funder that the table has by this name or acronym."""
    known = _BY_NAME.get(name.casefold())
    return known.acronym if known else None


def funder_name(identifier: str | None) -> str | None:
    """Return the name of a funder that the table has by this Crossref Funder ID (as URL or DOI)."""
    if not identifier or "10.13039/" not in identifier:
        return None
    number = identifier.rpartition("10.13039/")[2].strip().rstrip("/")
    known = _BY_IDENTIFIER.get(f"https://doi.org/10.13039/{number}")
    return known.name if known else None
