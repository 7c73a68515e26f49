"""Reads JPCOAR: a table of elements, each with where it goes."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from app.crosswalks import degree
from app.crosswalks.datacite.reading import geo_locations
from app.crosswalks.degree import Degree
from app.crosswalks.draft import Draft
from app.crosswalks.jpcoar import people
from app.crosswalks.jpcoar.languages import (
    all_of,
    first_of,
    in_first_language,
    told,
    translated,
)
from app.crosswalks.jpcoar.relations import add_relation, add_source
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import Element, attributes, children, namespace, text_of
from app.datacite.dates import read_date
from app.datacite.resource import FundingReference, Publisher, Subject, Title
from app.datacite.text import is_null
from app.datacite.types import version_status

NAME = "jpcoar"
_NO_CONTENT = frozenset(("abstract", "summary", "thumbnail", "other", "iiif"))
"""Kinds of files that are not the work itself."""
_REGISTERED = "identifierregistration"
"""What the repository has registered itself; it comes before any other identifier."""
_FUNDERS = {"crossref funder": "Crossref Funder ID"}
Handler = Callable[[Element, Draft], None]


def read(root: Element, about: Circumstances) -> Reading:
    """Read a JPCOAR record."""
    draft = Draft(about)
    _titles(root, draft)
    _publishers(root, draft)
    for name, child in sorted(children(root), key=lambda one: one[0] != _REGISTERED):
        handler = _HANDLERS.get(name)
        if handler is not None:
            handler(child, draft)
        elif name in _UNTOLD:
            found = told(child)
            draft.text(_UNTOLD[name], found.text, lang=found.lang or "")
    _plain_dates(root, draft)
    add_source(root, draft)
    _degree(root, draft)
    return draft.reading(NAME, namespace(root))


# ── what is told in several languages ────────────────────────────────────────────────────────


def _titles(root: Element, draft: Draft) -> None:
    """Add the titles: the first counts, others translate it or spell it out."""
    titles = all_of(root, "title")
    for n, one in enumerate(titles):
        kind = translated(titles, n)
        if kind:
            draft.notes.inferred(f"/titles/{n}/titleType", "title.second", one.text)
        draft.titles.append(Title(one.text, kind, one.lang))
    for one in all_of(root, "alternative"):
        draft.titles.append(Title(one.text, "AlternativeTitle", one.lang))


def _publishers(root: Element, draft: Draft) -> None:
    """Add the publishers, each once: those in another language than the first are the same."""
    plain = [told(child) for name, child in children(root)
             if name == "publisher" and len(child) == 0]  # fmt: skip
    found = in_first_language([one for one in plain if not is_null(one.text)])
    for name, child in children(root):
        if name == "publisher" and len(child) and (one := first_of(child, "publishername")):
            found.append(one)
    if found:
        draft.publisher = Publisher(found[0].text, lang=found[0].lang)
    for one in found:
        draft.text("publisher", one.text, lang=one.lang or "")


def _degree(root: Element, draft: Draft) -> None:
    grantors = [
        one.text
        for name, child in children(root)
        if name == "degreegrantor"
        if (one := first_of(child, "degreegrantorname"))
    ]
    name = first_of(root, "degreename")
    for n, grantor in enumerate(grantors or [""]):
        degree.put(Degree(name=name.text if name and n == 0 else "", grantor=grantor), draft)


# ── one element each ─────────────────────────────────────────────────────────────────────────


def _creator(element: Element, draft: Draft) -> None:
    found = people.person(element)
    if found is not None:
        draft.creators.append(found)


def _contributor(element: Element, draft: Draft) -> None:
    role = dict(attributes(element)).get("contributortype", "Other")
    _helper(element, role, draft)


def _helper(element: Element, role: str, draft: Draft) -> None:
    found = people.contributor(element, role)
    if found is not None:
        draft.contributors.append(found)


def _rights(element: Element, draft: Draft) -> None:
    """Add a statement of rights, with the address that stands beside it."""
    found = told(element)
    link = found.given.get("resource", "")
    text = found.text if not link or found.text == link else f"{found.text} {link}".strip()
    draft.text("rights", text, lang=found.lang or "")


def _subject(element: Element, draft: Draft) -> None:
    found = told(element)
    scheme, link = found.given.get("subjectscheme", ""), found.given.get("subjecturi")
    if scheme.lower() in ("", "other") and link is None:
        draft.text("subject", found.text, lang=found.lang or "")
    else:
        scheme = "" if scheme.lower() == "other" else scheme
        draft.subjects.append(Subject(found.text, scheme or None, value_uri=link, lang=found.lang))


def _description(element: Element, draft: Draft) -> None:
    found = told(element)
    kind = found.given.get("descriptiontype", "Abstract")
    draft.describe(text_of(element), kind, found.lang)


def _kind(element: Element, draft: Draft) -> None:
    found = told(element)
    draft.text("type", found.text)
    draft.text("type", found.given.get("resource"))


def _version(element: Element, draft: Draft) -> None:
    """Add a version number; a version status in words, where there is no number."""
    found = told(element)
    status = version_status(found.text) or version_status(found.given.get("resource", ""))
    if status is None and not is_null(found.text) and found.text.lower() != "na":
        draft.version = found.text
    else:
        draft.version = draft.version or status or ""


def _identifier(element: Element, draft: Draft) -> None:
    found = told(element)
    draft.identifier(found.text, found.given.get("identifiertype", ""))


def _number(element: Element, draft: Draft) -> None:
    draft.identifier(text_of(element), "dissertationNumber")


def _place(element: Element, draft: Draft) -> None:
    draft.geo_locations.extend(geo_locations(element, draft.notes))


def _date(element: Element, draft: Draft) -> None:
    """Add a typed date; one without a type (`dcterms:date`) waits until the others are known."""
    found = told(element)
    if kind := found.given.get("datetype"):
        draft.date(found.text, kind)


def _granted(element: Element, draft: Draft) -> None:
    draft.date(text_of(element), "Accepted")


def _funding(element: Element, draft: Draft) -> None:
    name, title = first_of(element, "fundername"), first_of(element, "awardtitle")
    known, award = first_of(element, "funderidentifier"), first_of(element, "awardnumber")
    kind = known.given.get("funderidentifiertype", "") if known else ""
    draft.funding.append(
        FundingReference(
            name.text if name else "",
            known.text if known else None,
            "Other"
            if kind.lower().startswith("e-rad")
            else _FUNDERS.get(kind.lower(), kind) or None,
            None,
            award.text if award else None,
            award.given.get("awarduri") if award else None,
            title.text if title else None,
        )
    )


def _file(element: Element, draft: Draft) -> None:
    """Add a file of the work itself; of its dates only when it becomes available."""
    address = first_of(element, "uri")
    if address is None or address.given.get("objecttype", "").lower() in _NO_CONTENT:
        return
    mime = first_of(element, "mimetype")
    draft.file(address.text, mime.text if mime else None)
    draft.sizes.extend(one.text for one in all_of(element, "extent"))


def _plain_dates(root: Element, draft: Draft) -> None:
    """Add what the record does not say itself: untyped dates, and when its files are available."""
    available = any(date.date_type.lower() == "available" for date in draft.dates)
    for name, child in children(root):
        if name == "date" and "datetype" not in dict(attributes(child)):
            _untyped(told(child).text, draft)
        elif name == "file" and not available:
            for found in all_of(child, "date"):
                if found.given.get("datetype", "").lower() == "available":
                    draft.date(found.text, "Available")


def _untyped(text: str, draft: Draft) -> None:
    """Add a date without type: beside one of issue it is how that is written in the source."""
    place = next((n for n, date in enumerate(draft.dates) if date.date_type == "Issued"), None)
    date = read_date(text).date
    if place is None:
        draft.text("date", text)
    elif date is None and not is_null(text):
        draft.dates[place] = replace(draft.dates[place], date_information=text)
    elif all(date != told.date for told in draft.dates):
        draft.date(text, "Other")


_UNTOLD = {
    "language": "language",
    "temporal": "temporal",
    "spatial": "spatial",
    "extent": "extent",
    "format": "format",
    "coverage": "coverage",
}
_HANDLERS: dict[str, Handler] = {
    "creator": _creator,
    "contributor": _contributor,
    "rightsholder": lambda element, draft: _helper(element, "RightsHolder", draft),
    "holdingagent": lambda element, draft: _helper(element, "HostingInstitution", draft),
    "accessrights": _rights,
    "rights": _rights,
    "subject": _subject,
    "description": _description,
    "date": _date,
    "type": _kind,
    "version": _version,
    "identifier": _identifier,
    _REGISTERED: _identifier,
    "dissertationnumber": _number,
    "dategranted": _granted,
    "relation": add_relation,
    "geolocation": _place,
    "fundingreference": _funding,
    "file": _file,
}
