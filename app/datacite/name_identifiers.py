"""Takes the identifiers of people and organisations out of the text of a name.

Only what a label, an address or a right check digit shows to be an identifier is one; what has
the form of one and a wrong check digit is taken off and told, never kept.
"""

from __future__ import annotations

import re

from msgspec import Struct

from app.datacite.identifiers import isni, orcid, ror
from app.datacite.resource import NameIdentifier

ORCID, ROR, ISNI = "ORCID", "ROR", "ISNI"
_ORCID_URI, _ROR_URI = "https://orcid.org", "https://ror.org"


class Taken(Struct, frozen=True):
    """The text that is left, the identifiers, and those with a wrong check digit."""

    text: str
    identifiers: tuple[NameIdentifier, ...] = ()
    rejected: tuple[str, ...] = ()


_OPEN = r"(?:(?<![\s,])[\s,]++|(?<![\s,]))[\[({<]?\s*"
_CLOSE = r"/?\s*[\])}>]?"
_PERSON_DIGITS = r"(?:[0-9]{4}[- ]?){3}[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
_ISNI = re.compile(
    rf"{_OPEN}(?:(?:https?://)?(?:www\.)?isni\.org/(?:isni/)?|\bisni\b\s*[:#]?\s*)"
    rf"(?P<given_value>{_PERSON_DIGITS}){_CLOSE}",
    re.IGNORECASE,
)
_ORCID = re.compile(
    rf"{_OPEN}(?P<orcid_label>orcid(?:[\s-]*id)?\s*[:#=]?\s*)?"
    rf"(?P<orcid_host>(?:https?://)?(?:www\.)?orcid\.org/)?(?<![0-9A-Za-z-])"
    rf"(?P<given_value>{_PERSON_DIGITS}){_CLOSE}",
    re.IGNORECASE,
)
_HYPHENS = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9Xx]")
_ROR = re.compile(
    rf"{_OPEN}(?:(?:https?://)?(?:www\.)?ror\.org/|\bror\b\s*[:#]\s*)"
    rf"(?P<given_value>0[0-9a-z]{{8}})(?![0-9a-z]){_CLOSE}",
    re.IGNORECASE,
)
_GND = re.compile(
    rf"{_OPEN}(?:(?P<home_url>(?:https?://)?d-nb\.info/gnd/)|\(DE-588\)\s*|\bgnd\b\s*[:#]?\s*)"
    rf"(?P<given_value>[0-9][0-9-]{{4,12}}[0-9X])(?![0-9A-Za-z]){_CLOSE}",
    re.IGNORECASE,
)
_VIAF = re.compile(
    rf"{_OPEN}(?:(?P<home_url>(?:https?://)?(?:www\.)?viaf\.org/viaf/)|\bviaf(?:\s*id)?\s*[:#]?\s*)"
    rf"(?P<given_value>[0-9]{{4,24}})(?![0-9A-Za-z]){_CLOSE}",
    re.IGNORECASE,
)
_SCOPUS = re.compile(
    rf"{_OPEN}(?:(?P<home_url>(?:https?://)?(?:www\.)?scopus\.com/authid/detail\.uri\?authorId=)"
    rf"|\bscopus(?:\s+author)?(?:[\s-]*id)?\s*[:#]\s*)(?P<given_value>[0-9]{{6,12}})(?![0-9]){_CLOSE}",
    re.IGNORECASE,
)
_RESEARCHER = re.compile(
    rf"{_OPEN}(?:(?P<home_url>(?:https?://)?(?:www\.)?(?:researcherid\.com/rid/"
    r"|publons\.com/researcher/|webofscience\.com/wos/author/record/))"
    rf"|\bresearcher[\s-]*id\s*[:#]?\s*)(?P<given_value>[A-Z]{{1,3}}-[0-9]{{4}}-[0-9]{{4}}){_CLOSE}",
    re.IGNORECASE,
)
_OTHERS = (
    ("gnd", "GND", _GND), ("de-588", "GND", _GND), ("viaf", "VIAF", _VIAF),
    ("scopus", "Scopus Author ID", _SCOPUS), ("researcher", "ResearcherID", _RESEARCHER),
    ("publons", "ResearcherID", _RESEARCHER), ("webofscience", "ResearcherID", _RESEARCHER),
)  # fmt: skip
_EDGE = " ,;:|"
_MANY_DIGITS = re.compile(r"[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{3}")


def take_identifiers(text: str) -> Taken:
    """Take all identifiers of a name, of seven schemes, off its text."""
    found: list[NameIdentifier] = []
    rejected: list[str] = []
    lower = text.lower()
    if _MANY_DIGITS.search(text):
        text = _take_checked(text, lower, found, rejected)
    if "ror" in lower:
        text = _take_ror(text, found, rejected)
    for guard, scheme, pattern in _OTHERS:
        if guard in lower:
            text = _take_plain(text, scheme, pattern, found)
    return Taken(_tidy(text), tuple(found), tuple(rejected))


def _take_checked(text: str, lower: str, found: list[NameIdentifier], rejected: list[str]) -> str:
    """Take ISNI and ORCID, which have the same form."""

    def take_isni(match: re.Match[str]) -> str:
        given = match["given_value"].strip()
        value = isni(given)
        found.append(NameIdentifier(value, ISNI)) if value else rejected.append(given)
        return " "

    def take_orcid(match: re.Match[str]) -> str:
        given = match["given_value"].strip()
        is_said = bool(match["orcid_label"] or match["orcid_host"])
        if not is_said and _HYPHENS.fullmatch(given) is None:
            return match[0]
        value = orcid(given)
        if value:
            found.append(NameIdentifier(value, ORCID, _ORCID_URI))
        else:
            rejected.append(given)
        return " "

    if "isni" in lower:
        text = _ISNI.sub(take_isni, text)
    return _ORCID.sub(take_orcid, text)


def _take_ror(text: str, found: list[NameIdentifier], rejected: list[str]) -> str:
    def take(match: re.Match[str]) -> str:
        value = ror(f"https://ror.org/{match['given_value'].lower()}")
        if value:
            found.append(NameIdentifier(value, ROR, _ROR_URI))
        else:
            rejected.append(match["given_value"])
        return " "

    return _ROR.sub(take, text)


def _take_plain(
    text: str, scheme: str, pattern: re.Pattern[str], found: list[NameIdentifier]
) -> str:
    def take(match: re.Match[str]) -> str:
        found.append(NameIdentifier((match["home_url"] or "") + match["given_value"], scheme))
        return " "

    return pattern.sub(take, text)


def _tidy(text: str) -> str:
    """Close the gaps that identifiers leave: double blanks, commas at an end."""
    return " ".join(text.split()).strip(_EDGE).removesuffix("()").removesuffix("[]").strip(_EDGE)
