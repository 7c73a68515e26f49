"""Titles of MODS: article, title, subtitle and part in one text."""

from __future__ import annotations

import re

from app.crosswalks.draft import Draft
from app.crosswalks.isbd import sentence, stripped
from app.crosswalks.mods.elements import first, is_set, lang, texts, told
from app.crosswalks.xml import Element, children, text_of
from app.datacite.resource import Title
from app.datacite.text import clean

_KINDS = {
    "alternative": "AlternativeTitle",
    "abbreviated": "AlternativeTitle",
    "uniform": "AlternativeTitle",
    "translated": "TranslatedTitle",
}
_LEADS = re.compile(r"\s+[/:;=]$")
"""What leads to the next value in the catalogue that a record was made from."""
_JOINED = ("'", "’", "ʼ", "‘", "-", "־")
"""How articles end that have no blank behind them."""


def read(infos: list[Element], draft: Draft) -> None:
    """Add all titles: those without type by the rules for titles, the others typed."""
    found = [(whole(info), _KINDS.get(told(info, "type").lower()), info) for info in infos]
    found = [one for one in found if one[0]]
    found.sort(key=lambda one: told(one[2], "usage") != "primary")
    alone = all(kind for _, kind, _ in found)
    for n, (text, kind, info) in enumerate(found):
        if kind is None or (alone and n == 0):
            draft.text("title", text, lang=lang(info))
        else:
            draft.titles.append(Title(text, kind, lang(info) or None))


def whole(info: Element, *, numbered: bool = True) -> str:
    """Return a title in one text: `The title : subtitle. Part, name`; without number if asked."""
    text = _LEADS.sub("", _with_article(info))
    for rest in texts(info, "subtitle"):
        text = f"{stripped(text)} : {rest}" if text else rest
    numbers = texts(info, "partnumber") if numbered else []
    part = ", ".join((*numbers, *texts(info, "partname")))
    return sentence(stripped(text), part) if part else text


def _with_article(info: Element) -> str:
    article, text = first(info, "nonsort"), " ".join(texts(info, "title"))
    if not article or not text:
        return text
    return f"{article}{'' if article.endswith(_JOINED) else ' '}{text}"


def plain(info: Element) -> str:
    """Return the text of an element that holds a title without its parts told."""
    return whole(info, numbered=False) or (clean(text_of(info)) if not any(children(info)) else "")


def is_primary(info: Element) -> bool:
    """Whether a title has no type."""
    return not told(info, "type") and not is_set(info, "supplied")
