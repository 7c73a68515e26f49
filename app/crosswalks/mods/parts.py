"""The smaller elements of MODS: type, language, extent, notes, identifiers, places, rights."""

from __future__ import annotations

import re

from app.crosswalks import genres as words
from app.crosswalks.draft import Draft
from app.crosswalks.mods.elements import first, href, is_set, lang, texts, told
from app.crosswalks.xml import Element, children, first_child, text_of
from app.datacite.resource import Contributor
from app.datacite.text import clean, is_null
from app.datacite.types import TypeWord, human_word, type_word

PROSE = 20
"""A longer note is worth being a description."""
_NO_KINDS = ("uri", "url", "purl", "other")
_CITATIONS = ("citation", "bibliographic citation")
_RESPONSIBILITY = "statement of responsibility"
_FUNDING = ("funding", "funder", "sponsor", "grant")
_LICENCE = re.compile(r".*[#/](cc[-_ ][\w.-]+|cc0[\w.-]*)", re.IGNORECASE)
"""A licence as the term of a classification: `licenses#cc_by_4.0`."""


# ── type ─────────────────────────────────────────────────────────────────────────────────────


def genres(elements: list[Element], draft: Draft) -> None:
    """Add the genres as type words."""
    for element in elements:
        text = clean(text_of(element))
        if text:
            words.put(text, words.known(text), draft)
        else:
            draft.text("type", told(element, "valueURI"))


def kinds(elements: list[Element], draft: Draft) -> None:
    """Add the types of resource; a collection is one whatever it holds."""
    for element in elements:
        text = clean(text_of(element))
        found = type_word("mods", text) if text else None
        if found is None or (human_word(text) or TypeWord()).general == found.general:
            draft.text("type", text or told(element, "valueURI"))
        else:
            words.put(text, found, draft)
        if is_set(element, "collection"):
            draft.general = "Collection"


# ── language, extent, texts ──────────────────────────────────────────────────────────────────


def languages(elements: list[Element], draft: Draft) -> None:
    """Add the languages, the code of each before its name; those of a part only if alone."""
    whole = [one for one in elements if not told(one, "objectPart")] or elements
    whole.sort(key=lambda one: told(one, "usage") != "primary")
    for element in whole:
        terms = [t for name, t in children(element) if name == "languageterm"]
        terms.sort(key=lambda term: told(term, "type").lower() != "code")
        texts_of = [text_of(term) for term in terms] or [text_of(element)]
        draft.text("language", next((t for t in texts_of if not is_null(clean(t))), ""))


def physical(elements: list[Element], draft: Draft) -> None:
    """Add extents and media types."""
    for element in elements:
        for name, child in children(element):
            text = clean(text_of(child))
            if name == "extent":
                unit = told(child, "unit")
                draft.sizes.append(f"{text} {unit}" if unit and text.isdigit() else text)
            elif name == "internetmediatype":
                draft.formats.append(text)


def abstracts(elements: list[Element], draft: Draft) -> None:
    """Add the abstracts that are for others to read."""
    for element in elements:
        if told(element, "shareable").lower() == "no":
            continue
        draft.describe(text_of(element), "Abstract", lang(element) or None)


def contents(elements: list[Element], draft: Draft) -> None:
    """Add the tables of contents."""
    for element in elements:
        draft.describe(text_of(element), "TableOfContents", lang(element) or None)


def notes(elements: list[Element], draft: Draft) -> None:
    """Add funding, and what is long enough to say something."""
    for element in elements:
        sort, text = told(element, "type").lower(), clean(text_of(element))
        if sort == _RESPONSIBILITY or is_null(text):
            continue
        if sort in _FUNDING and draft.grant(text):
            continue
        if len(text) > PROSE:
            draft.describe(text_of(element), "Other", lang(element) or None)


# ── identifiers, places ──────────────────────────────────────────────────────────────────────


def identifiers(elements: list[Element], draft: Draft) -> None:
    """Add the identifiers that are valid, each with the name of its kind."""
    for element in elements:
        if not is_set(element, "invalid"):
            sort = told(element, "type")
            if sort.lower() in _CITATIONS:
                draft.text("bibliographiccitation", text_of(element))
                continue
            draft.identifier(text_of(element), "" if sort.lower() in _NO_KINDS else sort)


def locations(elements: list[Element], draft: Draft) -> None:
    """Add the addresses: the page, and the files; a preview is neither."""
    urls = [url for element in elements for name, url in children(element) if name == "url"]
    paged = False
    for url in urls:
        text, access = text_of(url).strip(), told(url, "access").lower()
        usage = told(url, "usage").lower()
        if access == "preview" or not text:
            continue
        if access == "raw object" and not usage:
            draft.file(text)
            continue
        if usage.startswith("primary") or access == "object in context":
            draft.url = draft.url or (text if text.lower().startswith("http") else "")
        paged = True
        draft.identifier(text)
    if not paged and draft.content_url:
        draft.identifier(draft.content_url[0])


def record(elements: list[Element], draft: Draft) -> None:
    """Add the identifiers of the record itself."""
    for element in elements:
        for text in texts(element, "recordidentifier"):
            draft.identifier(text, "local")


# ── rights ───────────────────────────────────────────────────────────────────────────────────


def conditions(elements: list[Element], draft: Draft) -> None:
    """Add the conditions of use and access."""
    for element in elements:
        if any(children(element)):
            _structured(element, draft)
            continue
        text, address = clean(text_of(element)), href(element)
        licence = _LICENCE.fullmatch(address or (text if "://" in text else ""))
        if licence is not None and "creativecommons" not in licence[0].lower():
            draft.text("rights", text if text != licence[0] and text else _spoken(licence[1]))
        elif address:
            draft.licence(text, address, lang(element))
        else:
            draft.text("rights", _spoken(text) if _is_term(text) else text, lang=lang(element))


def _is_term(text: str) -> bool:
    return text.lower().startswith("cc_")


def _spoken(term: str) -> str:
    return term.replace("_", " ").upper() if term[:2].islower() else term.replace("_", " ")


def _structured(element: Element, draft: Draft) -> None:
    """Read a statement of rights in a schema of its own: the holder's name and the notes."""
    for inner in element.iter("{*}rights.holder"):
        name = first(inner, "name") or clean(text_of(inner))
        if not is_null(name):
            draft.contributors.append(Contributor(name, contributor_type="RightsHolder"))
    for inner in element.iter("{*}general.note"):
        draft.text("rights", text_of(inner))
    if first_child(element, "copyright") is None:
        draft.text("rights", text_of(element))
