"""What is told in several languages and scripts: one of it counts, the rest says it again."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.crosswalks.xml import Element, attributes, children, text_of
from app.datacite.text import clean, is_null

READINGS = ("kana", "latn", "hira", "hrkt")
"""Scripts that a Japanese text is spelt out in."""


class Told(Struct, frozen=True):
    """A text, its language as it stands, and the other attributes of its element."""

    text: str
    lang: str | None = None
    given: dict[str, str] = {}


def told(element: Element) -> Told:
    """Return what one element says."""
    given = dict(attributes(element))
    return Told(clean(text_of(element)), given.pop("lang", None), given)


def all_of(element: Element, *names: str) -> list[Told]:
    """Return what the children of some names say, those that say nothing left out."""
    found = (told(child) for name, child in children(element) if name in names)
    return [one for one in found if not is_null(one.text)]


def first_of(element: Element, *names: str) -> Told | None:
    """Return what the first child of some names says; further ones say it in other languages."""
    return next(iter(all_of(element, *names)), None)


def is_reading(lang: str | None) -> bool:
    """Whether a language tag names the script of a Japanese text that is spelt out."""
    return (lang or "").lower().endswith(READINGS)


def base(lang: str | None) -> str:
    """Return the language of a tag."""
    return (lang or "").replace("_", "-").partition("-")[0].lower()


def in_first_language(values: Sequence[Told]) -> list[Told]:
    """Return the values in the language of the first; those in others are its translations."""
    return [one for one in values if not one.lang or one.lang == values[0].lang]


def translated(values: Sequence[Told], n: int) -> str | None:
    """Return the title type that the n-th of some titles has beside the first."""
    if n == 0:
        return None
    first, lang = base(values[0].lang), base(values[n].lang)
    differs = first and lang and first != lang and not is_reading(values[n].lang)
    return "TranslatedTitle" if differs else "AlternativeTitle"
