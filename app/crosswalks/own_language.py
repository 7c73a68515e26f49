"""The language that a record is described in, where its format has a place to say so.

DataCite has none, so no Resource holds it: it is read from the original, in the formats below
alone, and only where the repository states it; it is never guessed from texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.crosswalks.iso19115.elements import Languages
from app.crosswalks.recognise import payload, records
from app.crosswalks.xml import (
    XML_LANG,
    Element,
    MalformedXML,
    attributes,
    children,
    first_child,
    parse,
    text_of,
)
from app.datacite.languages import tag

LARGEST = 1_000_000
"""Bytes of an original that is looked into."""


def language_of(original: bytes, form: str) -> str:
    """Return the tag of the language that metadata in a format are written in, empty if unsaid.

    form: the name of the format that the original is in.
    """
    told = _READERS.get(form)
    if told is None or len(original) > LARGEST:
        return ""
    try:
        root = next(element for _, element in records(parse(original)))
    except MalformedXML:
        return ""
    return tag(told(payload(root).root)) or ""


def _iso(root: Element) -> str:
    return Languages(root).main


def _root_lang(root: Element) -> str:
    return str(root.get(XML_LANG) or "")


def _marc(root: Element) -> str:
    """Return the language of cataloguing, subfield b of field 040."""
    fields = (field for _, field in children(root) if ("tag", "040") in attributes(field))
    parts = (part for field in fields for _, part in children(field))
    return next((text_of(one).strip() for one in parts if ("code", "b") in attributes(one)), "")


def _mods(root: Element) -> str:
    return _inside(root, "recordinfo", "languageofcataloging", "languageterm")


def _lom(root: Element) -> str:
    return _inside(root, "metametadata", "language")


def _inside(element: Element | None, *path: str) -> str:
    """Return the text at the end of a path of names, empty where it breaks off."""
    for name in path:
        element = None if element is None else first_child(element, name)
    return "" if element is None else text_of(element).strip()


_READERS: Mapping[str, Callable[[Element], str]] = {
    "iso19139": _iso,
    "iso19115-3": _iso,
    "ddi": _root_lang,
    "marc21": _marc,
    "mods": _mods,
    "lom": _lom,
}
FORMATS = frozenset(_READERS)
"""Names of the formats that have such a place."""
