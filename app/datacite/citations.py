"""Reads citations as text: a journal or series with its volume, issue, pages and year.

A number is a volume only where its place or label says so; a text that does not parse stays a
title.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from app.datacite.citation_forms import ordinary, with_stop
from app.datacite.identifiers import recognise
from app.datacite.resource import RelatedItem, RelatedItemIdentifier, Title
from app.datacite.text import clean, is_null
from app.datacite.vocabularies import CURRENT

LONGEST = 300
"""A longer text that does not parse is no title."""
LONGEST_TITLE = 200
ARTICLE_LIKE = frozenset(("JournalArticle", "DataPaper", "BookChapter", "ConferencePaper"))
"""Types whose source is what they were published in, even if it names no volume."""

_IDENTIFIERS = CURRENT["relatedIdentifierType"]
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
_YEAR_END = re.compile(rf"[\s,;.]*\(({_YEAR})\)[\s.,;]*$")
_ISSUE_TITLE = re.compile(rf"(\({_YEAR}\)):\s[^;]{{1,200}}$")
_PAGE = r"[A-Za-z]?[0-9]{1,7}[A-Za-z]?"
_PAGES = re.compile(
    rf"(?:(?:[,;:]\s*|\s+)(?!(?-i:[PS])[0-9])(?:pp?|S|Seiten?|pages?|pags?|págs?)\.?\s*|[,;]\s*|:\s*)"
    rf"(?P<first_page>{_PAGE})(?:\s*[-–—]{{1,2}}\s*(?P<last_page>{_PAGE}))?\s*(?:pp?\.?|S\.)?[\s.,;]*$",
    re.IGNORECASE,
)
_LABELLED_PAGES = re.compile(
    r"[\s,;:(]+(?:pp|pages?|Seiten?)\.?\s*(?P<first_page>[0-9ivxlc]+)\s*[-–—]\s*(?P<last_page>[0-9ivxlc]+)"
    r"\)?[\s.,;]*$",
    re.IGNORECASE,
)
_VOLUME_LABEL = r"(?:vols?(?:ume)?|bd|band(?!\.)|tomo?|tome|t|v|jg|jahrgang|årg)\b\.?"
_ISSUE_LABEL = r"(?:no|nr|n°|nº|núm|num|number|heft|h|hft|issue|iss|fasc|n)\b\.?|№|n°|nº"
_ISSUE_LABEL_FIRST = re.compile(rf"^(?:{_ISSUE_LABEL})\s*", re.IGNORECASE)
_ISSUE = r"[0-9A-Za-z][\w./–&-]{0,19}(?:\s[0-9]{1,3})?"
_PLACE = re.compile(
    rf"[\s,;:.]+(?<![0-9]\.)(?P<volume_label>{_VOLUME_LABEL}\s*)?"
    r"(?P<volume_number>[0-9]{1,4}[A-Za-z]?|(?<=vol\. )[A-Z][0-9]{1,4})"
    rf"(?:\s*\((?P<in_bracket>[^()]{{1,20}})\)|[\s,;]*(?:{_ISSUE_LABEL})\s*(?P<issue_number>{_ISSUE})"
    r"|/(?P<behind_slash>[0-9]{1,3}(?:-[0-9]{1,3})?))?[\s.,;:]*$",
    re.IGNORECASE,
)
_ONLY_ISSUE = re.compile(
    rf"[\s,;:.]+(?:{_ISSUE_LABEL})\s*(?P<issue_number>[0-9][\w./–-]{{0,12}})[\s.,;:]*$",
    re.IGNORECASE,
)
_NO_VOLUME = "box|folder|map|item|file|shelf|reel|page|sheet|slides?|drawer|roll|karton|mappe|blatt"
_ENDS_IN_LABEL = re.compile(rf"(?:^|[\s,;.])(?:{_ISSUE_LABEL}|(?:{_NO_VOLUME}))\s*$", re.IGNORECASE)
_LABELS_ONLY = re.compile(
    rf"(?:{_VOLUME_LABEL}|{_ISSUE_LABEL}|(?:pp?|S)\b\.?|[\d\W_])*", re.IGNORECASE
)
_LATE_YEAR = re.compile(rf"[\s,;]+({_YEAR})[\s.,;]*$")
_IS_YEAR = re.compile(_YEAR)
_DIGIT = re.compile("[0-9]")
_REFERENCE = re.compile(
    r"[^\W\d_][^():]{1,200}?\((?P<year>1[0-9]{3}|20[0-9]{2})[a-z]?\)[.,:]?\s+.{10,}?[.?!]\s+"
    r"(?:In:?\s+)?(?P<title>[^.?!]{3,})$"
)
_ISSN = re.compile(r"[\s,;]*\(?[ep]?-?ISSN:?\s*([0-9]{4}-?[0-9]{3}[0-9Xx])\)?")
_IN_BOOK = re.compile(
    r"In:\s+(?P<title>[^.]{3,200})\.\s+(?:(?P<publisher>[^,.]{2,100})(?:,[^.]{0,80})?,\s+)?"
    r"pp?\.?\s*(?P<first>[0-9]{1,5})(?:\s*[-–]\s*(?P<last>[0-9]{1,5}))?\.?"
    r"(?:\s+ISBN:?\s+(?P<identifier>[0-9X-]{10,17}))?\.?"
)
"""A chapter's book, as repositories cite it behind the chapter's own title."""
_KEYS = re.compile(r"(?:^|[;&|\n])\s*([A-Za-z]{2,20})\s*=\s*([^;&|\n]*)")
_KEYED = {
    "title": "title", "journal": "title", "jtitle": "title", "publicationtitle": "title",
    "source": "title", "series": "title", "volume": "volume", "vol": "volume", "issue": "issue",
    "number": "issue", "no": "issue", "startpage": "first", "spage": "first",
    "firstpage": "first", "endpage": "last", "epage": "last", "lastpage": "last",
    "pages": "pages", "year": "year", "date": "year", "issn": "issn", "eissn": "issn",
    "pissn": "issn", "isbn": "isbn", "publisher": "publisher", "edition": "edition",
}  # fmt: skip
_ROMAN = re.compile("[ivxlcIVXLC]+")


class _Parts(Struct, frozen=True):
    """What stands in a citation."""

    title: str = ""
    volume: str = ""
    issue: str = ""
    first: str = ""
    last: str = ""
    year: str = ""
    identifier: str = ""
    publisher: str = ""
    edition: str = ""


def read_citation(
    text: str, *, general: str | None, issn: str | None = None, isbn: str | None = None
) -> RelatedItem | None:
    """Read a text as the item a resource of this general type was published in.

    issn, isbn: identifiers of the item that stand elsewhere in the record. None for what is
    neither a citation nor a title; a text of more than 300 characters that does not parse is
    for a description.
    """
    text = clean(text)
    if len(text) < 2 or len(text) > 10 * LONGEST or is_null(text) or _is_identifier(text):
        return None
    parts = _keyed(text) if "=" in text else _parsed(text)
    if parts is None:
        return _unparsed(text, general, issn, isbn)
    return _item(parts, general, issn, isbn)


def _is_identifier(text: str) -> bool:
    """Whether a text is an identifier or address as a whole."""
    return " " not in text.strip()[8:] and recognise(text).kind in _IDENTIFIERS


def _keyed(text: str) -> _Parts | None:
    """Read "ISSN=…;VOLUME=…;STARTPAGE=…"; a text before the first key is the title."""
    found: dict[str, str] = {}
    for key, value in _KEYS.findall(text):
        name = _KEYED.get(key.lower())
        if name and value.strip() and not is_null(value):
            found.setdefault(name, value.strip())
    if len(found) < 2 or not found.keys() & {"volume", "issue", "first", "pages", "issn", "isbn"}:
        return None
    first, _, last = found.get("pages", "").replace("–", "-").partition("-")
    year = _IS_YEAR.search(found.get("year", ""))
    return _Parts(
        title=found.get("title") or _before_keys(text),
        volume=found.get("volume", ""),
        issue=found.get("issue", ""),
        first=found.get("first", first.strip()),
        last=found.get("last", last.strip()),
        year=year[0] if year else "",
        identifier=found.get("issn") or found.get("isbn", ""),
        publisher=found.get("publisher", ""),
        edition=found.get("edition", ""),
    )


def _before_keys(text: str) -> str:
    key = re.search(r"[A-Za-z]{2,20}\s*=", text)
    title = text[: key.start()].strip(" ,;:.") if key else ""
    return title if any(map(str.isalpha, title)) else ""


def _parsed(text: str) -> _Parts | None:
    """Read "title, vol. V(I), pages (year)" from its end to its beginning."""
    if _DIGIT.search(text) is None:
        return None
    book = _IN_BOOK.fullmatch(text) if text[:3] == "In:" else None
    if book is not None:
        return _Parts(**{key: value.strip() for key, value in book.groupdict("").items()})
    text, identifier = _take_issn(ordinary(text))
    rest, year = _take_year(text)
    rest, first, last = _take_pages(rest)
    if not year:
        rest, year = _take_year(rest)
    if "):" in rest:
        rest, late = _take_year(_ISSUE_TITLE.sub(r"\1", rest))
        year = year or late
    place = _place(rest, has_more=bool(first))
    if place is None and first and not last:
        place = _place(_take_year(text)[0], has_more=False)
        first = ""
    if place is None:
        return None
    title, late = _title(place.title)
    if not title or len(title) > LONGEST_TITLE:
        return None
    year = year or place.year or late
    last = _completed(first, last)
    return _Parts(title, place.volume, place.issue, first, last, year, identifier)


def _take_issn(text: str) -> tuple[str, str]:
    match = _ISSN.search(text) if "ISSN" in text else None
    return (text[: match.start()] + text[match.end() :], match[1]) if match else (text, "")


def _take_year(text: str) -> tuple[str, str]:
    match = _YEAR_END.search(text) if ")" in text[-5:] else None
    return (text[: match.start()], match[1]) if match else (text, "")


def _take_pages(text: str) -> tuple[str, str, str]:
    lower = text.lower()
    is_labelled = "pp" in lower or "page" in lower or "eite" in lower
    match = (_LABELLED_PAGES.search(text) if is_labelled else None) or _PAGES.search(text)
    if match is None or not match.start():
        return text, "", ""
    first, last = match["first_page"], match["last_page"] or ""
    is_page = any(map(str.isdigit, first)) or _ROMAN.fullmatch(first)
    return (text[: match.start()], first, last) if is_page else (text, "", "")


def _place(text: str, *, has_more: bool) -> _Parts | None:
    """Read volume and issue from the end of a text; the rest is the title.

    has_more: pages follow, so that even a number like a year is a volume.
    """
    match = _PLACE.search(text)
    if match is not None:
        found = _volume(text, match, has_more=has_more)
        if found is not None:
            return found
        late = _LATE_YEAR.search(text)
        if late is not None:
            place = _place(text[: late.start()], has_more=has_more)
            return replace(place, year=late[1]) if place else None
    issue = _ONLY_ISSUE.search(text)
    return _Parts(with_stop(text, issue.start()), issue=issue["issue_number"]) if issue else None


def _volume(text: str, match: re.Match[str], *, has_more: bool) -> _Parts | None:
    volume, issue = match["volume_number"], match["issue_number"] or match["behind_slash"] or ""
    bracket = (match["in_bracket"] or "").strip()
    if bracket and not _IS_YEAR.fullmatch(bracket):
        issue = bracket if bracket[0].isdigit() else _ISSUE_LABEL_FIRST.sub("", bracket)
    title = with_stop(text, match.start())
    if match["volume_label"] or issue:
        return _Parts(title, volume, issue)
    if _ENDS_IN_LABEL.search(title):
        return None
    is_year = _IS_YEAR.fullmatch(volume) is not None
    if is_year and (not has_more or _place(title, has_more=False) is not None):
        return None
    return _Parts(title, volume, issue)


def is_reference(text: str) -> bool:
    """Whether a text cites a work with its authors, year and own title."""
    return len(text) < 3 * LONGEST and _REFERENCE.fullmatch(text.rstrip(" .")) is not None


def _title(text: str) -> tuple[str, str]:
    """Return the title without what joins it to the volume; of a whole reference the journal's.

    With it comes the year in brackets that a reference has behind its authors.
    """
    text = text.strip(" ,;:–—-")
    is_short = len(text) < 3 * LONGEST
    reference = _REFERENCE.fullmatch(text) if "(" in text and is_short else None
    if reference is not None:
        text = reference["title"].strip(" ,;:–—-")
    title = text[3:].lstrip() if text[:3] == "In:" and text[3:4].isspace() else text
    if title[:1] in ("”", "»") or (title[:1] == '"' and title.count('"') % 2):
        title = title[1:].lstrip(" ,;:")
    if _LABELS_ONLY.fullmatch(title):
        return "", ""
    return title, reference["year"] if reference else ""


def _completed(first: str, last: str) -> str:
    """Complete a short last page from the first: 145-67 is 145-167."""
    if first.isdigit() and last.isdigit() and len(last) < len(first) and int(last) < int(first):
        return first[: -len(last)] + last
    return last


def _item(
    parts: _Parts, general: str | None, issn: str | None, isbn: str | None
) -> RelatedItem | None:
    identifier = _identifier(issn or isbn or parts.identifier)
    if not parts.title and identifier is None:
        return None
    return RelatedItem(
        related_item_type=item_type(general, in_journal=_is_journal(parts, identifier)),
        relation_type="IsPublishedIn",
        related_item_identifier=identifier,
        titles=(Title(parts.title),) if parts.title else (),
        publication_year=int(parts.year) if parts.year else None,
        volume=parts.volume or None,
        issue=parts.issue or None,
        first_page=parts.first or None,
        last_page=parts.last or None,
        publisher=parts.publisher or None,
        edition=parts.edition or None,
    )


def _unparsed(
    text: str, general: str | None, issn: str | None, isbn: str | None
) -> RelatedItem | None:
    if len(text) > LONGEST or _LABELS_ONLY.fullmatch(text):
        return None
    identifier = _identifier(issn or isbn)
    return RelatedItem(
        related_item_type=item_type(general, in_journal=_is_journal(_Parts(), identifier)),
        relation_type="IsPublishedIn" if general in ARTICLE_LIKE else "IsPartOf",
        related_item_identifier=identifier,
        titles=(Title(text),),
    )


def _identifier(text: str | None) -> RelatedItemIdentifier | None:
    found = recognise(text) if text else None
    if found is None or found.kind not in ("ISSN", "EISSN", "LISSN", "ISBN"):
        return None
    return RelatedItemIdentifier(found.value, found.kind)


def _is_journal(parts: _Parts, identifier: RelatedItemIdentifier | None) -> bool:
    kind = identifier.related_item_identifier_type if identifier else None
    return bool(parts.issue) or kind in ("ISSN", "EISSN", "LISSN")


def item_type(general: str | None, *, in_journal: bool) -> str:
    """Return what a resource of a general type is published in. in_journal: an issue or ISSN."""
    if in_journal or general in ("JournalArticle", "DataPaper", "Text"):
        return "Journal"
    if general == "BookChapter":
        return "Book"
    return "ConferenceProceeding" if general == "ConferencePaper" else "Collection"
