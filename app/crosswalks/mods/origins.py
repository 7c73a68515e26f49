"""Where and when a work came about, as MODS tells: publishers, dates, edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from app.crosswalks.draft import Draft
from app.crosswalks.mods.elements import first, is_set, texts, told
from app.crosswalks.xml import Element, children, text_of
from app.datacite.dates import read_date
from app.datacite.resource import Date
from app.datacite.text import clean
from app.datacite.vocabularies import match

KINDS = {
    "dateissued": "Issued",
    "datecreated": "Created",
    "copyrightdate": "Copyrighted",
    "datecaptured": "Collected",
    "datevalid": "Valid",
    "datemodified": "Updated",
}
_OTHER = "dateother"
_WORDS = {
    "issuedate": "Issued", "publication": "Issued", "published": "Issued", "update": "Updated",
    "modified": "Updated", "acceptance": "Accepted", "defence": "Accepted", "defense": "Accepted",
    "submission": "Submitted", "embargo": "Available", "copyright": "Copyrighted",
    "creation": "Created",
}  # fmt: skip
"""What sorts of other dates are called beside the terms for types of dates."""
_KEY, _CODED, _PLAIN = range(3)
_PUBLISHING = ("", "publication", "publisher")
_NO_END = "9999"


class _Told(Struct, frozen=True):
    """One date as it stands, with how much it is worth beside others of its type."""

    text: str
    kind: str
    rank: int
    information: str = ""


def read(infos: list[Element], draft: Draft) -> None:
    """Add publishers, that of the publication first, dates, and the edition."""
    ordered = sorted(infos, key=lambda info: told(info, "eventType").lower() not in _PUBLISHING)
    for info in ordered:
        for name in texts(info, "publisher"):
            draft.text("publisher", name.rstrip(" ,:;"))
    for date in _settled([date for info in infos for date in dates(info)]):
        draft.dates.append(Date(date.text, date.kind, date.information or None))
    draft.edition = next(filter(None, (first(info, "edition") for info in ordered)), "")


def year(info: Element) -> int | None:
    """Return the year in which a work was issued or made."""
    for date in sorted(dates(info), key=lambda one: (one.kind != "Issued", one.rank)):
        found = (read_date(date.text).date or "")[:4]
        if found.isdigit():
            return int(found)
    return None


def dates(info: Element) -> list[_Told]:
    """Return the dates of one event; a start and an end are one range."""
    found: list[_Told] = []
    starts: dict[str, tuple[str, int, str]] = {}
    for name, child in children(info):
        kind, text = _kind(name, child), clean(text_of(child))
        if not kind or not text:
            continue
        rank, point = _rank(child), told(child, "point").lower()
        information = told(child, "qualifier")
        if point == "start":
            starts[kind] = (text, rank, information)
        elif point == "end":
            start, held, said = starts.pop(kind, ("", rank, information))
            found.append(_Told(_range(start, text), kind, min(rank, held), said or information))
        else:
            found.append(_Told(text, kind, rank, information or _word(name, child, kind)))
    found.extend(_Told(f"{t}/", kind, rank, said) for kind, (t, rank, said) in starts.items())
    return found


def _kind(name: str, element: Element) -> str:
    if name != _OTHER:
        return KINDS.get(name, "")
    word = told(element, "type")
    term = match("dateType", word).term if word else None
    return term or _WORDS.get(word.lower(), "Other")


def _word(name: str, element: Element, kind: str) -> str:
    return told(element, "type") if name == _OTHER and kind == "Other" else ""


def _rank(element: Element) -> int:
    if is_set(element, "keyDate"):
        return _KEY
    return _CODED if told(element, "encoding") else _PLAIN


def _range(start: str, end: str) -> str:
    if end == _NO_END:
        end = ""
    return start if start == end else f"{start}/{end}"


def _settled(given: Sequence[_Told]) -> Iterator[_Told]:
    """Yield the dates, the best of a type first, without what says less than another."""
    ordered = sorted(given, key=lambda one: one.rank)
    read = [read_date(one.text).date or one.text for one in ordered]
    for n, one in enumerate(ordered):
        others = [(m, read[m]) for m, other in enumerate(ordered) if other.kind == one.kind]
        if not any(
            (read[n] == date and m < n) or (read[n] != date and _says_more(date, read[n]))
            for m, date in others
        ):
            yield one


def _says_more(date: str, than: str) -> bool:
    return date.startswith(f"{than}-") and "/" not in than
