"""What a work is, in the words of library catalogues: genres, kinds of content, forms of material.

A word that the tables know, in singular or plural, says the type; any other is a word.
"""

from __future__ import annotations

from functools import lru_cache

from app.crosswalks.draft import Draft
from app.datacite.text import clean, is_null
from app.datacite.types import TypeWord, human_word, type_word

_WORDS = """
    Dissertation: theses; academic theses; dissertations, academic; academic dissertations;
        hochschulschriften; theses, dissertations
    ConferenceProceeding: conference papers and proceedings; conference proceedings; proceedings;
        konferenzschrift; congresses
    Journal: periodicals; newspapers; journals; zeitschriften; serials; serial
    Audiovisual: two-dimensional moving image; three-dimensional moving image; motion pictures;
        video recordings; films; tdi; tdm; videodisc
    Sound: performed music; spoken word; sounds; prm; spw; snd; sound recordings
    Image: cartographic image; cartographic tactile image; still image; cri; crt; sti; maps;
        photographs; photographic prints; postcards; posters
    PhysicalObject: three-dimensional form; tdf; cartographic three-dimensional form; crf
    Software: computer program; cop
    Dataset: computer dataset; cod; cartographic dataset; crd; data sets; datasets
    Other: notated music; ntm; notated movement; ntv
    Text: txt; tactile text; tct; letters (correspondence); correspondence; letters
"""


def _table() -> dict[str, TypeWord]:
    table: dict[str, TypeWord] = {}
    for line in _WORDS.replace("\n        ", " ").strip().splitlines():
        general, _, words = line.strip().partition(": ")
        table.update({word.strip(): TypeWord(general) for word in words.split(";")})
    return table


_KNOWN = _table()
_CODES = frozenset(word for word in _KNOWN if len(word) == 3)


@lru_cache(2048)
def known(word: str) -> TypeWord | None:
    """Return what a genre or form means as a type; None if no table has it."""
    text = clean(word).rstrip(". ")
    if is_null(text) or len(text) > 100:
        return None
    found = _KNOWN.get(text.casefold()) or human_word(text) or type_word("marcgt", text)
    if found is None and text[-1:] == "s":
        found = human_word(text[:-1]) or type_word("marcgt", text[:-1])
    return found if found is not None and found.general else None


def put(word: str, found: TypeWord | None, draft: Draft) -> None:
    """Add a type word to a draft, and what it means where the rules for types would not know."""
    text = clean(word)
    if found is None:
        draft.text("type", text)
        return
    if text.casefold() not in _CODES:
        draft.text("type", text)
    if (human_word(text) or TypeWord()).general != found.general:
        draft.text("type", found.general)
