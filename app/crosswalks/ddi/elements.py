"""The elements of a codebook, sorted by name wherever they stand.

Software puts them where the schema has no place for them (contacts among the study's information,
abstracts in the summary), so an element counts by its name; only what describes another work, or
is a part of its own, is not looked into.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from app.crosswalks.xml import Element, attributes, children, text_of
from app.datacite.languages import tag

_CONTAINERS = frozenset(
    ("citation", "titlstmt", "rspstmt", "prodstmt", "diststmt", "serstmt", "verstmt", "stdyinfo",
     "subject", "sumdscr", "method", "datacoll", "sources", "targetsamplesize", "dataaccs",
     "setavail", "usestmt", "othrstdymat")
)  # fmt: skip
_TELLING = ("date", "uri")
"""Attributes that make an element without text say something."""
_CODES = frozenset(("concept", "extlink"))
"""Children whose text is not part of what an element says."""


class Leaf(Struct, frozen=True):
    """An element that says something, with the name of the one that it stands in."""

    name: str
    parent: str
    element: Element


class Section:
    """A `stdyDscr` or `docDscr`: its elements by name, in their order.

    language: that of the codebook; of names in several languages its own are given.
    """

    def __init__(self, element: Element | None, language: str = "") -> None:
        """element: None for a section that is missing."""
        self.language = language
        self.leaves = [] if element is None else list(_leaves(element))

    def every(self, *names: str) -> list[Element]:
        """Return the elements of some names, whatever their language."""
        return [leaf.element for leaf in self.leaves if leaf.name in names]

    def own(self, *names: str) -> list[Element]:
        """Return the elements of some names in one language: the codebook's, else the first's."""
        found = self.every(*names)
        if len(found) < 2:
            return found
        return [e for e in found if self.is_main(e)] or [
            e for e in found if lang_of(e) == lang_of(found[0])
        ]

    def texts(self, *names: str) -> list[str]:
        """Return the texts of some names in one language."""
        return [text for e in self.own(*names) if (text := plain(e))]

    def is_main(self, element: Element) -> bool:
        """Whether an element is not in another language than the codebook."""
        lang = lang_of(element)
        return not lang or not self.language or base(lang) == base(self.language)


def _leaves(parent: Element, name: str = "") -> Iterator[Leaf]:
    for found, child in children(parent):
        if found in _CONTAINERS or (found == "distrbtr" and _holds(child, "distrbtr")):
            if found == "sumdscr" or (child.text and not child.text.isspace()):
                yield Leaf(found, name, child)
            yield from _leaves(child, found)
        elif _says(child):
            yield Leaf(found, name, child)


def _holds(element: Element, name: str) -> bool:
    return any(found == name for found, _ in children(element))


def _says(element: Element) -> bool:
    """Whether an element has text, or an attribute that stands for it."""
    if len(element) or (element.text and not element.text.isspace()):
        return bool(text_of(element).strip()) or any(
            child.get("URI") for child in element.iter() if child is not element
        )
    return any(name in _TELLING for name, _ in attributes(element))


def attribute(element: Element, *names: str) -> str:
    """Return the first of some attributes that says something, by local name in lower case."""
    found = dict(attributes(element))
    return next((found[name].strip() for name in names if name in found), "")


def lang_of(element: Element) -> str:
    """Return an element's own language, as it stands."""
    return attribute(element, "lang", "xml-lang")


def base(lang: str) -> str:
    """Return the language of a tag without script and region."""
    return (tag(lang) or lang).partition("-")[0].lower()


def plain(element: Element) -> str:
    """Return what an element says, without codes and links inside it; not cleaned."""
    if len(element) == 0:
        return (element.text or "").strip()
    pieces = [element.text or ""]
    for name, child in children(element):
        if name == "br":
            pieces.append("<br>")
        elif name in ("p", "div", "li", "ul"):
            pieces.append(f"<p>{plain(child)}</p>")
        elif name not in _CODES:
            pieces.append(plain(child))
        pieces.append(child.tail or "")
    return "".join(pieces).strip()


def date_of(element: Element) -> str:
    """Return the date of an element: its attribute, else its text."""
    return attribute(element, "date") or plain(element)
