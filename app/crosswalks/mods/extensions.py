"""What repositories put into the extensions of MODS: DSpace's dates, degrees, grants."""

from __future__ import annotations

from app.crosswalks import degree
from app.crosswalks.draft import Draft
from app.crosswalks.mods.elements import first
from app.crosswalks.xml import Element, local_name, text_of
from app.datacite.dates import read_date
from app.datacite.resource import FundingReference
from app.datacite.text import clean

_DATES = ("dateavailable", "dateaccessioned")


def read(extensions: list[Element], draft: Draft) -> None:
    """Add degrees, grants, and the day from which a record could be had."""
    stamps: list[str] = []
    parts: dict[str, list[str]] = {}
    for extension in extensions:
        for element in extension.iterdescendants():
            name = local_name(element).lower()
            if name in _DATES:
                stamps.append(clean(text_of(element)))
            elif name == "degree" and len(element):
                for one in degree.read(element):
                    degree.put(one, draft)
            elif name == "grantagreement":
                _grant(element, draft)
            elif name.startswith("degree") and name.removeprefix("degree") in degree.PARTS:
                parts.setdefault(name.removeprefix("degree"), []).append(text_of(element))
    for one in degree.of_texts(parts):
        degree.put(one, draft)
    _available(stamps, draft)


def _available(stamps: list[str], draft: Draft) -> None:
    """Add the earliest of the repository's own dates, of which it takes one for another."""
    read_as = sorted(date[:10] for text in stamps if (date := read_date(text).date))
    if read_as:
        draft.notes.inferred(f"/dates/{len(draft.dates)}", "date.earliest", "; ".join(stamps))
        draft.date(read_as[0], "Available")


def _grant(element: Element, draft: Draft) -> None:
    code = str(element.get("code") or "").strip()
    if len(element) == 0:
        draft.grant(text_of(element)) or draft.grant(code)
        return
    number = code or first(element, "code", "number", "identifier")
    if number.lower().startswith("info:eu-repo/") and draft.grant(number):
        return
    funder, title = first(element, "funder", "fundername"), first(element, "title")
    draft.funding.append(
        FundingReference(funder, award_number=number or None, award_title=title or None)
    )
