"""Brings the orders in which journals, catalogues and archives cite into the common one.

What comes out reads "title, vol. V(I), pages (year)"; a text in no known order stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

_YEAR = r"(?P<year>1[5-9][0-9]{2}|20[0-9]{2})"
_HAS_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_VOLUME = r"(?P<volume>[A-Z]?[0-9]{1,4}[A-Z]?)"
_VOLUME_LABEL = r"(?:vols?|volume|v|bd|band(?!\.)|tomo|tome|t|jg|jahrgang|årg)\b\.?\s*"
_ISSUE_LABEL = r"(?:(?:no|nr|núm|num|number|heft|h|hft|issue|iss|fasc|n)\b\.?|№|n°|nº)\s*"
_ISSUE = r"(?P<issue>[0-9][\w./–&-]{0,12}|spe\w*)"
_PAGE = r"[A-Za-z]?[0-9]{1,7}[A-Za-z]?"
_PAGES_LABEL = r"(?!(?-i:[PS])[0-9])(?:pp?|S|Seiten?|pages?)\b\.?\s*"
_PAGES = rf"(?:{_PAGES_LABEL})?(?P<pages>{_PAGE}(?:\s*[-–—]{{1,2}}\s*{_PAGE})?)"
_TITLE = r"(?P<title>[^\n]{2,300}?)"
_LINK = re.compile(
    r"[\s.,;]*[〈⟨<\[(]?\s*(?:doi\s*:?\s*|https?://(?:dx\.)?doi\.org/)?10\.[0-9]{4,9}/\S+$", re.I
)
_PLACEHOLDER = re.compile(r"##issue\.(vol|no|year)##\s*")
_GLUED = re.compile(r"\bv([0-9]{1,4}),? n([0-9]{1,4})\b")
_MONTH_IN_YEAR = re.compile(r"\(((?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])\)")
_SECTION = re.compile(r"(?<=[0-9])\([A-Z]\)(?=[\s,;]|$)")
_FORMS = (
    # Geom. Topol. 12 (2008), no. 4, 1921-1993
    (
        rf"[\s,;.:–-]+(?:{_VOLUME_LABEL})?{_VOLUME}\s*\({_YEAR}\)[\s,;:]*"
        rf"(?:{_ISSUE_LABEL}{_ISSUE}[\s,;:]+"
        r"|(?P<number>[0-9]{1,3}(?:[/–-][0-9]{1,3})?)[,;:]\s*)?"
        rf"(?:pp?\.\s*)?{_PAGES}"
    ),
    # New J. Phys. 16 113050 (2014)
    rf"[\s,]+{_VOLUME}\s(?P<pages>[0-9]{{3,7}})\s\({_YEAR}\)",
    # Ex. J. Med. 2014 Mar;12(3):45-67
    (
        rf"[.,]?\s{_YEAR}(?:\s[A-Z][a-z]{{2}}(?:\s[0-9]{{1,2}})?)?;\s?"
        rf"{_VOLUME}\s?(?:\({_ISSUE}\))?:\s?{_PAGES}"
    ),
    # Phys. Rev. D68:094011,2003
    rf"(?<=[^\W\d_]|[\s.]){_VOLUME}:\s?(?P<pages>[\w-]{{1,12}}),\s?{_YEAR}",
    # Journal, Publisher, 2013, 87 (3), pp.12-19
    rf",\s{_YEAR},\s(?:{_VOLUME_LABEL})?{_VOLUME}(?:\s?\({_ISSUE}\))?,\s?{_PAGES}",
    # Journal, 2009, № 6
    rf",\s{_YEAR},\s{_ISSUE_LABEL}{_ISSUE}",
    # Rev. Ex. vol.72 n.2 suppl.1 Exampleton June 2000; Vol. 33, No. 12, Pages 1-9, May 1997
    (
        rf"[\s,;.:]+{_VOLUME_LABEL}{_VOLUME}(?:[\s,;.]+{_ISSUE_LABEL}{_ISSUE})?"
        r"(?P<supplement>\s+suppl?\.?\s?[0-9]{0,2})?"
        rf"(?:[\s,;:]+{_PAGES_LABEL}(?P<pages>{_PAGE}(?:[-–—]{_PAGE})?))?"
        rf"[\s,;.]+(?:[^\W\d_][^\d;:]{{0,60}}\s)?{_YEAR}"
    ),
)
_LABEL_AT_END = re.compile(rf"(?:^|[\s,;.]){_ISSUE_LABEL}$", re.IGNORECASE)
LONGEST = 700
"""A longer text is not looked into: it cites more than one place."""


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the forms compiled: they are large, and most processes never meet a citation."""
    return tuple(re.compile(f"{_TITLE}{form}[\\s.]*", re.IGNORECASE) for form in _FORMS)


def ordinary(text: str) -> str:
    """Return a citation in the common order, without the address of its own work."""
    if "10." in text:
        text = _LINK.sub("", text)
    if "##" in text:
        text = _PLACEHOLDER.sub(_label, text)
    if " v" in text or ",v" in text:
        text = _GLUED.sub(r"vol. \1 no. \2", text)
    if len(text) > LONGEST or _HAS_YEAR.search(text) is None:
        return text
    if "(" in text:
        text = _SECTION.sub("", _MONTH_IN_YEAR.sub(r"(\1)", text))
    for form in _patterns():
        found = form.fullmatch(text)
        if found is not None and not _LABEL_AT_END.search(found["title"]):
            return _common(found)
    return text


def _label(match: re.Match[str]) -> str:
    """Return the label that a journal has not filled in; a year needs none."""
    return {"vol": "vol. ", "no": "no. "}.get(match[1], "")


def with_stop(text: str, end: int) -> str:
    """Return the title that ends there; an abbreviation (`Geom. Topol.`) keeps its full stop."""
    title = text[:end]
    return f"{title}." if text[end : end + 1] == "." and "." in title else title


def _common(found: re.Match[str]) -> str:
    parts = found.groupdict(default="")
    title = with_stop(found.string, found.end("title"))
    issue = parts.get("issue") or parts.get("number") or ""
    issue += f" {parts['supplement'].strip()}" if parts.get("supplement") else ""
    place = f"vol. {parts['volume']}" if parts.get("volume") else ""
    if issue and place:
        place += f"({issue.strip()})"
    elif issue:
        place = f"no. {issue.strip()}"
    pages = f", {parts['pages'].replace(' ', '')}" if parts.get("pages") else ""
    return f"{title.strip(' ,;:–-')}, {place}{pages} ({parts['year']})"
