"""What a `dc:source` says that is no journal: who keeps a thing and where, what it supplements."""

from __future__ import annotations

import re

from app.datacite import identifiers
from app.datacite.identifiers import Identifier
from app.datacite.organisations import words_of
from app.datacite.resource import RelatedIdentifier

_KEEPERS = """
    library libraries archive archives museum museums bibliothek bibliothèque biblioteca bibliotek
    archiv archivo arquivo archivio musée museo museu herbarium bibliothek landesbibliothek
    universitätsbibliothek staatsarchiv landesarchiv"""
_KEEPER_WORDS = frozenset(_KEEPERS.split())
_BODIES = """
    institute institut institution instituto istituto university universität université universidad
    universidade foundation academy society observatory center centre laboratory department college
    school state national public county city municipal historical"""
_BODY_WORDS = frozenset(_BODIES.split())
_STRONG = _KEEPER_WORDS | frozenset(
    ("institute", "institut", "institution", "university", "universität", "université",
     "foundation", "academy", "society", "observatory")
)  # fmt: skip
"""Words that tell a keeper by themselves; `state` or `school` do not."""
_WORKS = """
    journal journals proceedings bulletin review reviews annals transactions memoirs papers paper
    letters letter correspondence collection collections diary diaries records record album albums
    yearbook yearbooks newsletter news magazine gazette report reports series studies publications
    scholarship works theses thesis dissertations dissertation file files photographs catalog
    catalogue survey conference meeting lectures digest press project yearbook zeitschrift jahrbuch
    mitteilungen berichte abhandlungen schriften revue annales cahiers revista anales anuario
    boletín boletim rivista annali atti data database dataset census statistics metadata broadsides
    scrapbook"""
_WORK_WORDS = frozenset(_WORKS.split())
_LOCATION = re.compile(
    r"(?:[A-Z0-9-]{1,12}, )?(?:box|folder|drawer|reel|shelf|map|item|carton|album|mappe|karton)"
    r"[ #]*[A-Z]?[0-9]{1,6}[A-Z]?"
    r"(?:[,;] (?:box|folder|drawer|item|carton|negative(?: number)?|map|page)[ #]*\w{1,8}){0,4}",
    re.IGNORECASE,
)
_SERIES = re.compile(
    r"(?P<title>.{3,200}?)\s?;\s?(?:no\.?\s)?(?P<number>[A-Za-z.]{0,12}-?[0-9][\w./-]{0,20})"
)
_WORD = re.compile(r"[^\W\d_]{3}|[^\x00-\u02ff]")
_DIGIT = re.compile("[0-9]")
_YEAR = re.compile("(?:1[5-9]|20)[0-9]{2}")
_STREET = re.compile(r",\s+[0-9]+\s.*|,\s+[A-Z]{0,4}[0-9][\w-]*$|\s+\S+@\S+$")
_SUPPLEMENT = re.compile(r"(?:in )?(supplement to|related to|cited in|references):\s+(.*)", re.I)
_RELATIONS = {
    "supplement to": "IsSupplementTo",
    "related to": "Other",
    "cited in": "IsCitedBy",
    "references": "References",
}
_LAST_DOI = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:\s?)(10\.[0-9]{4,9}/\S+?)[\s.,;)]*$", re.IGNORECASE
)
_ARTICLES = frozenset(
    ("JournalArticle", "DataPaper", "BookChapter", "ConferencePaper", "PeerReview", "Preprint")
)
_SPECIAL = re.compile("special collections", re.IGNORECASE)
LONGEST = 120
NAME_LENGTH = 5


def keeper(text: str, general: str) -> str | None:
    """Return the institution that a source names as the one that keeps the thing; else None.

    general: the type of the record. A text may come out of a journal called `Archives of …`, or be
    a paper of a society: there the name must tell both a library and whose it is.
    """
    if not NAME_LENGTH <= len(text) <= LONGEST or ";" in text or general in _ARTICLES:
        return None
    words = words_of(_SPECIAL.sub("library", text) if "ollections" in text else text)
    if len(words) < 2 or not text[0].isupper() or not _WORK_WORDS.isdisjoint(words):
        return None
    told = (not _KEEPER_WORDS.isdisjoint(words)) + (not _BODY_WORDS.isdisjoint(words))
    if told < (2 if general == "Text" else 1) or (told == 1 and _STRONG.isdisjoint(words)):
        return None
    return _STREET.sub("", text).strip(" ,;.")


def is_location(text: str) -> bool:
    """Whether a text only tells a place in an archive: `Box 12, Folder 3`, `M-15-24`."""
    if " " not in text and _DIGIT.search(text) is not None and any(map(str.isalpha, text)):
        return True
    return len(text) < LONGEST and text[-1].isalnum() and _LOCATION.fullmatch(text) is not None


def is_title(text: str) -> bool:
    """Whether a text can be the title of a work: it has a word, and is not all in small letters."""
    if _DIGIT.search(text) is not None and _WORD.search(text) is None:
        return False
    return " " not in text or text != text.lower() or text.upper() == text


def series(text: str) -> tuple[str, str] | None:
    """Return title and number of "Series;TR-12"; a year alone is no number."""
    found = _SERIES.fullmatch(text) if ";" in text else None
    if found is None or _YEAR.fullmatch(found["number"]):
        return None
    return found["title"], found["number"]


def cited_doi(text: str) -> Identifier | None:
    """Return the DOI that a citation ends with."""
    found = _LAST_DOI.search(text) if "10." in text and " " in text else None
    shown = identifiers.recognise(found[1]) if found else None
    return shown if shown and shown.kind == "DOI" else None


def supplemented(text: str) -> RelatedIdentifier | None:
    """Return the work that a data record supplements: a citation with its DOI at the end."""
    told = _SUPPLEMENT.fullmatch(text)
    shown = cited_doi(text) if told else None
    if told is None or shown is None:
        return None
    return RelatedIdentifier(shown.value, "DOI", _RELATIONS[told[1].lower()])
