"""Other works that a library record names: the journal it stands in, its series, its editions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from app.crosswalks.draft import Draft
from app.crosswalks.isbd import stripped
from app.datacite.citations import read_citation
from app.datacite.identifiers import Identifier
from app.datacite.resource import RelatedIdentifier, RelatedItem, RelatedItemIdentifier
from app.datacite.text import clean, is_null
from app.datacite.vocabularies import CURRENT

_RELATED = CURRENT["relatedIdentifierType"]
_ISSNS = ("ISSN", "EISSN", "LISSN")
_LABEL = r"(?:vols?|volume|v|bd|band|t|tom[eo]?|no|nr|n°|nº|num|number|heft|issue|č|sv|p(?:ar)?t)"
_NUMBERED = re.compile(rf"{_LABEL}\b\.?\s*(?=[0-9])", re.IGNORECASE)
_DESIGNATION = re.compile(r"[^;]{0,20}[0-9][^;]{0,20}")
_YEAR = r"(?:1[5-9][0-9]{2}|20[0-9]{2})"
_PAGES = (
    r"(?:S|Seiten?|pp?|pages?)\.?\s*\[?(?P<first>[0-9]+)\]?(?:\s*[-–]\s*\[?(?P<last>[0-9]+)\]?)?"
)
_GERMAN = re.compile(
    rf"(?:(?:volume:|Bd\.|Band|Jg\.)?\s*(?P<volume>[0-9]+)\s*)?[,(]?\s*\(?(?P<year>{_YEAR})\)?"
    rf"(?:,?\s*(?:Heft|H\.|Nr\.|number:)?\s*(?P<issue>[0-9]+(?:[-/][0-9]+)?))?,?\s*{_PAGES}.*",
    re.IGNORECASE,
)
_SLASHES = re.compile(
    rf"(?P<year>{_YEAR})/(?P<volume>[^/]*)/(?P<issue>[^/]*)/(?P<first>[^/-]*)-?(?P<last>[^/]*)"
)
_CODED = re.compile(r"(?P<volume>[^:<]+)(?::(?P<issue>[^:<]+))?(?::[^<]*)?(?:<(?P<first>\w+))?")
_FORMS = (_GERMAN, _SLASHES)
_VOLUME = re.compile(
    r"\b(?:vols?|volume|v|bd|band|jg|jahrgang|t|tom[eo]?|roč|årg)\b\.?\s*([0-9]+[A-Za-z]?"
    r"(?:[-/][0-9]+)?)",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"(?:\b(?:no|nr|n|num|number|issue|iss|heft|h|č)\b\.?|n°|nº|№)\s*([0-9]+(?:[-–/][0-9]+)?)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\b(?:pp?|s|seiten?|pages?|str)\b\.?\s*([0-9]+)(?:\s*[-–]\s*([0-9]+))?", re.IGNORECASE
)


def add(draft: Draft, item: RelatedItem, identifiers: Sequence[Identifier] = ()) -> bool:
    """Add another work: told by its title as an item, by its identifiers as relations too.

    Returns False where there is neither.
    """
    known = [one for one in identifiers if one.kind in _RELATED]
    for one in known:
        draft.related_identifiers.append(
            RelatedIdentifier(
                one.value,
                one.kind,
                item.relation_type,
                relation_type_information=item.relation_type_information,
            )
        )
    if item.titles:
        if known:
            best = min(known, key=lambda one: one.kind not in (*_ISSNS, "ISBN", "DOI"))
            named = RelatedItemIdentifier(best.value, best.kind)
            item = replace(item, related_item_identifier=named)
        _add_item(draft, item)
    return bool(known or item.titles)


def _add_item(draft: Draft, item: RelatedItem) -> None:
    """Add an item; one that was told by its title alone is told better."""
    bare = replace(item, related_item_identifier=None)
    if bare in draft.related_items:
        draft.related_items[draft.related_items.index(bare)] = item
    elif not any(
        replace(held, related_item_identifier=None) == item for held in draft.related_items
    ):
        draft.related_items.append(item)


def holder(general: str, *, in_journal: bool, in_book: bool = False) -> str:
    """Return what a work of a general type stands in, where the source does not say."""
    if in_journal or general in ("JournalArticle", "DataPaper"):
        return "Journal"
    if in_book or general == "BookChapter":
        return "Book"
    return "ConferenceProceeding" if general == "ConferencePaper" else "Collection"


def is_serial(identifiers: Sequence[Identifier]) -> bool:
    """Whether one of the identifiers is that of a serial."""
    return any(one.kind in _ISSNS for one in identifiers)


def place(item: RelatedItem, text: str) -> RelatedItem:
    """Return an item with the volume, issue, pages and year that a text tells of a place in it."""
    text = stripped(text)
    if is_null(text):
        return item
    for form in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            return _filled(item, match.groupdict())
    volume, issue = _VOLUME.search(text), _ISSUE.search(text)
    if volume or issue or _SPAN.fullmatch(text):
        return _labelled(item, text, volume, issue)
    read = read_citation(f"Title, {text}", general="JournalArticle")
    if read is not None and read.titles and read.titles[0].title == "Title":
        return replace(
            item,
            volume=item.volume or read.volume,
            issue=item.issue or read.issue,
            first_page=item.first_page or read.first_page,
            last_page=item.last_page or read.last_page,
            publication_year=item.publication_year or read.publication_year,
        )
    return item if item.volume else replace(item, number=item.number or text)


def _labelled(
    item: RelatedItem, text: str, volume: re.Match[str] | None, issue: re.Match[str] | None
) -> RelatedItem:
    pages, told = _SPAN.search(text), year(text)
    first, last = (pages[1], pages[2] or "") if pages else ("", "")
    if len(last) < len(first) and last:
        last = first[: -len(last)] + last
    return _filled(
        item,
        {
            "volume": volume[1] if volume else None,
            "issue": issue[1] if issue else None,
            "first": first,
            "last": last,
            "year": str(told) if told else None,
        },
    )


def coded_place(item: RelatedItem, text: str) -> RelatedItem:
    """Return an item with the place that a code tells: `34:1<14`."""
    match = _CODED.fullmatch(clean(text))
    return _filled(item, match.groupdict()) if match else item


def _filled(item: RelatedItem, found: dict[str, str | None]) -> RelatedItem:
    year = found.get("year")
    return replace(
        item,
        volume=item.volume or found.get("volume") or None,
        issue=item.issue or found.get("issue") or None,
        first_page=item.first_page or found.get("first") or None,
        last_page=item.last_page or found.get("last") or None,
        publication_year=item.publication_year or (int(year) if year else None),
    )


def designation(text: str) -> str:
    """Return a number in a series without the word for it."""
    text = stripped(text)
    return _NUMBERED.sub("", text, count=1) if _NUMBERED.match(text) else text


def series(text: str) -> tuple[str, str]:
    """Return the title of a series and the number behind a semicolon in it."""
    front, mark, behind = text.rpartition(";")
    if mark and front.strip() and _DESIGNATION.fullmatch(behind.strip(" .")):
        return stripped(front), designation(behind)
    return stripped(text), ""


def year(text: str) -> int | None:
    """Return the last year in a text."""
    found = re.findall(rf"(?<![0-9]){_YEAR}(?![0-9])", text)
    return int(found[-1]) if found else None
