"""How a resource is cited: titles, identifiers, dates, edition, series."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks.draft import Draft
from app.crosswalks.iso19115.elements import (
    Languages,
    attribute,
    codes,
    every,
    first,
    link,
    term,
    value,
    values,
)
from app.crosswalks.xml import Element
from app.datacite import identifiers
from app.datacite.names import read_names
from app.datacite.resource import RelatedItem, Title
from app.datacite.text import clean

FILE = "ISO fileIdentifier"
LABEL = 40
"""A longer title of an authority says who it is, not what its numbers are called."""
_DATES = {
    "publication": "Issued",
    "released": "Issued",
    "creation": "Created",
    "revision": "Updated",
    "lastrevision": "Updated",
    "lastupdate": "Updated",
    "lastupdated": "Updated",
    "adopted": "Accepted",
    "deprecated": "Withdrawn",
    "superseded": "Withdrawn",
    "unavailable": "Withdrawn",
    "distribution": "Available",
    "inforce": "Valid",
    "nextupdate": "-",
}
_BEGINS, _ENDS = ("validitybegins",), ("validityexpires", "expiry")
_DOI_SPACES = ("doi", "dxdoiorg", "doiorg")


def read(draft: Draft, citation: Element, languages: Languages) -> None:
    """Read what is told of the resource itself in its citation, but for the names."""
    _titles(draft, citation, languages)
    _dates(draft, citation)
    draft.version = draft.version or next(values(citation, "edition"), "")
    _series(draft, citation)


def _titles(draft: Draft, citation: Element, languages: Languages) -> None:
    for element in every(citation, "title"):
        for n, one in enumerate(languages.texts(element)):
            kind = ("TranslatedTitle" if one.lang else "AlternativeTitle") if n else None
            draft.titles.append(Title(one.text, kind, one.lang or None))
    for element in every(citation, "alternatetitle"):
        for one in languages.texts(element):
            draft.titles.append(Title(one.text, "AlternativeTitle", one.lang or None))


def _series(draft: Draft, citation: Element) -> None:
    for series in every(citation, "series/*"):
        if title := value(first(series, "name")):
            item = RelatedItem(
                "Collection",
                "IsPartOf",
                titles=(Title(title),),
                issue=value(first(series, "issueidentification")) or None,
            )
            draft.related_items.append(item)


# ── dates ────────────────────────────────────────────────────────────────────────────────────


def _dates(draft: Draft, citation: Element) -> None:
    valid = {"begins": "", "ends": ""}
    for date in every(citation, "date/ci_date"):
        text, kind = value(first(date, "date")), first(date, "datetype")
        words = [code.lower() for code in codes(kind)]
        if any(word in _BEGINS for word in words):
            valid["begins"] = valid["begins"] or text
        elif any(word in _ENDS for word in words):
            valid["ends"] = valid["ends"] or text
        elif not words:
            draft.text("date", text)
        elif (told := term(kind, _DATES)) != "-":
            draft.date(text, told or words[-1])
    if any(valid.values()):
        draft.date(f"{valid['begins']}/{valid['ends']}", "Valid")


# ── identifiers ──────────────────────────────────────────────────────────────────────────────


def name_record(draft: Draft, root: Element, citations: list[Element]) -> None:
    """Read the identifiers of the resource, then those of its record."""
    files = list(_file_identifiers(root))
    own = [value(element) for element in every(root, "dataseturi")]
    plain = {clean(text) for text, _ in files}
    named = [pair for citation in citations for pair in numbers(citation, "identifier")]
    named += [(text, "") for text in own if identifiers.doi(text)]
    has_doi = any(identifiers.recognise(text).kind == "DOI" for text, _ in named)
    for text, label in named:
        if text not in plain:
            draft.identifier(text, label)
    for text, label in files:
        if identifiers.doi(text) and has_doi:
            draft.notes.lost("/alternateIdentifiers", text, "The citation has another DOI.")
        else:
            draft.identifier(text, label)
    for citation in citations:
        for number in ("isbn", "issn"):
            for text in values(citation, number):
                draft.identifier(text, number.upper())


def _file_identifiers(root: Element) -> Iterator[tuple[str, str]]:
    for text in values(root, "fileidentifier"):
        yield text, FILE
    for one in every(root, "metadataidentifier/*"):
        text = value(first(one, "code"))
        if not text:
            continue
        space = value(first(one, "codespace"))
        yield (joined(text, space) if _is_doi_space(space) else text), FILE


def numbers(element: Element, path: str) -> Iterator[tuple[str, str]]:
    """Yield the identifiers along a path, each with what it is called."""
    for one in every(element, f"{path}/*"):
        code = first(one, "code")
        text, address = value(code), link(code)
        if not text or (address and _is_better(address, text)):
            text = address
        if not text:
            continue
        space = value(first(one, "codespace")) or link(first(one, "codespace"))
        whole = joined(text, space)
        label = "" if whole != text else space.strip(": ")
        yield whole, label or _authority(one)


def _is_better(address: str, text: str) -> bool:
    """Whether an anchor leads by a DOI or Handle to what its text only calls a number."""
    named = ("DOI", "Handle", "ARK", "URN")
    return (
        identifiers.recognise(address).kind in named
        and identifiers.recognise(text).kind not in named
    )


def joined(code: str, space: str) -> str:
    """Put a namespace in front of a code, where that makes one identifier."""
    if not space or code.startswith(space) or ":" in code[:8] or identifiers.doi(code):
        return code
    if _is_doi_space(space):
        return f"doi:{code.lstrip('/')}"
    if space.lower().startswith(("http://", "https://")):
        return f"{space.rstrip('/')}/{code}" if space[-1] not in "#=" else space + code
    if space.lower().startswith("urn:"):
        return f"{space.rstrip(':')}:{code}"
    return code


def _is_doi_space(space: str) -> bool:
    word = "".join(filter(str.isalnum, space.lower().partition("://")[2] or space.lower()))
    return word in _DOI_SPACES


def _authority(identifier: Element) -> str:
    """Return what an authority calls its numbers, unless it only gives its own name."""
    title = value(first(identifier, "authority/*/title"))
    if not title or len(title) > LABEL:
        return ""
    return "" if any(n.name_type == "Organizational" for n in read_names(title)) else title


def pages(citations: list[Element]) -> Iterator[str]:
    """Yield the addresses behind the identifiers of the resource."""
    for citation in citations:
        for code in every(citation, "identifier/*/code"):
            if address := link(code) or attribute(code, "href"):
                yield address
