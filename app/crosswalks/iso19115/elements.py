"""What ISO 19139 and 19115-3 wrap every value in: strings, anchors, languages, codes, paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from app.crosswalks.xml import Element, children, local_name, plain_name, text_of
from app.datacite.languages import tag
from app.datacite.text import clean, is_null
from app.datacite.types import blind

_FREE_TEXT = "pt_freetext"
_NIL = frozenset(("inapplicable", "missing", "withheld", "template", "other:inapplicable"))
"""Reasons for a missing value that stand where the value would be."""
ANY = "*"


def every(element: Element, path: str) -> Iterator[Element]:
    """Yield the elements along a path of local names in lower case; `*` is any name."""
    name, _, rest = path.partition("/")
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and (name == ANY or plain_name(tag) == name):
            if rest:
                yield from every(child, rest)
            else:
                yield child


def first(element: Element, path: str) -> Element | None:
    """Return the first element along a path."""
    return next(every(element, path), None)


def value(element: Element | None) -> str:
    """Return the text that a property holds in whatever wrapper, clean; empty if it is none."""
    if element is None:
        return ""
    wrapped = _wrapped(element)
    if wrapped is None:
        return _said(element.text)
    return _said(wrapped.text) or (_said(text_of(wrapped)) if len(wrapped) == 0 else "")


def _wrapped(element: Element) -> Element | None:
    """Return the element with the property's own text, not that of another language."""
    for child in element:
        if isinstance(child.tag, str) and plain_name(child.tag) != _FREE_TEXT:
            return child
    return None


def _said(text: str | None) -> str:
    found = clean(text or "")
    return "" if is_null(found) or found.lower() in _NIL else found


def values(element: Element, path: str) -> Iterator[str]:
    """Yield the texts along a path that say something."""
    for found in every(element, path):
        if text := value(found):
            yield text


def link(element: Element | None) -> str:
    """Return the address behind a property or its anchor."""
    if element is None:
        return ""
    wrapped = _wrapped(element)
    for one in (wrapped, element):
        found = attribute(one, "href") if one is not None else ""
        if found:
            return found
    return ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its local name in lower case, in any namespace."""
    return next((str(v).strip() for k, v in element.items() if plain_name(str(k)) == name), "")


# ── code lists ───────────────────────────────────────────────────────────────────────────────


def codes(element: Element | None) -> tuple[str, ...]:
    """Return what a property's code may be, the attribute before the text."""
    if element is None:
        return ()
    wrapped = _wrapped(element)
    held = element if wrapped is None else wrapped
    given = (attribute(held, "codelistvalue"), value(element))
    return tuple(dict.fromkeys(filter(None, (_said(_short(code)) for code in given))))


def _short(code: str) -> str:
    """Take the address of the code list off: `…gmxCodelists.xml#CI_RoleCode_author`."""
    return code.rpartition("#")[2].rpartition("Code_")[2] if "#" in code else code


def term(element: Element | None, table: Mapping[str, str]) -> str:
    """Return what a table, whose words are blind, says of a property's code; empty if nothing."""
    return next((table[word] for word in map(blind, codes(element)) if word in table), "")


# ── languages ────────────────────────────────────────────────────────────────────────────────


class Localised(Struct, frozen=True):
    """A text with its language, where that is known."""

    text: str
    lang: str = ""


class Languages:
    """Which languages a record is written in, by the ids that its texts refer to."""

    def __init__(self, root: Element) -> None:
        """Read the record's own language and the locales that are declared."""
        self.main = ""
        self.named: dict[str, str] = {}
        for name, child in children(root):
            if name in ("language", "defaultlocale"):
                self.main = self.main or spoken(child)
            if name in ("locale", "otherlocale", "defaultlocale"):
                for locale in every(child, ANY):
                    self.named[attribute(locale, "id").lower()] = spoken(child)

    def texts(self, element: Element) -> tuple[Localised, ...]:
        """Return a property's text in each language, the record's own first."""
        others = tuple(self._others(element))
        main = value(element)
        if not main:
            return others
        lang = self.main if others else ""
        rest = (one for one in others if one.text != main)
        return (Localised(main, lang), *rest)

    def _others(self, element: Element) -> Iterator[Localised]:
        for inner in every(element, f"{_FREE_TEXT}/textgroup/localisedcharacterstring"):
            if text := _said(text_of(inner)):
                yield Localised(text, self._language(attribute(inner, "locale")))

    def _language(self, locale: str) -> str:
        name = locale.removeprefix("#")
        return self.named.get(name.lower()) or tag(name.lower().removeprefix("locale-")) or ""


def spoken(element: Element) -> str:
    """Return the language of a `language` property or a locale as a tag."""
    for inner in (element, *every(element, "pt_locale/*")):
        if local_name(inner).lower() in ("language", "languagecode", "defaultlocale"):
            for code in codes(inner):
                if found := tag(code):
                    return found
    return ""
