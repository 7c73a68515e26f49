"""How MODS elements are looked into: attributes without their namespaces, texts of children."""

from __future__ import annotations

from app.crosswalks.xml import XML_LANG, Element, children, text_of
from app.datacite.subjects import scheme_name
from app.datacite.text import clean

NAMESPACE = "http://www.loc.gov/mods/v3"
HREF = "{http://www.w3.org/1999/xlink}href"


def told(element: Element, name: str) -> str:
    """Return an attribute of MODS's own, clean; empty where there is none."""
    value = element.get(name) or element.get(f"{{{NAMESPACE}}}{name}")
    return clean(str(value)) if value else ""


def lang(element: Element) -> str:
    """Return the language of an element as it stands."""
    return told(element, "lang") or str(element.get(XML_LANG) or "").strip()


def href(element: Element) -> str:
    """Return where an element points with XLink."""
    return str(element.get(HREF) or "").strip()


def texts(element: Element, *names: str) -> list[str]:
    """Return the clean texts of the children of some names, in their order; empty ones not."""
    found = (clean(text_of(child)) for name, child in children(element) if name in names)
    return [text for text in found if text]


def first(element: Element, *names: str) -> str:
    """Return the first of these texts, empty if there is none."""
    return next(iter(texts(element, *names)), "")


def is_set(element: Element, name: str) -> bool:
    """Whether an attribute says yes."""
    return told(element, name).lower() == "yes"


def scheme(element: Element) -> str:
    """Return what the authority of an element is usually called."""
    word = told(element, "authority")
    return scheme_name(word) or word
