"""Punctuation of library catalogues (ISBD), taken off where a value ends, put where two meet."""

from __future__ import annotations

import re

from app.datacite.text import clean

_ENDS = re.compile(r"(?:\s+[/=+]|\s*[:;,])\s*$")
_INITIAL = re.compile(r"(?:^|[\s.,(\[-])[^\W\d_]\.$")
_ABBREVIATIONS = """
    abr abt acad al anm arr aufl ausg avg bd bde bearb bibl bl blz bros ca co col comp corp
    dept diss dr ed eds engl ergänzungsbd etc f facs fasc ff fig fol ger hft hrsg ill illus in inc
    incl introd izd jg jr l ltd m mass mus n no nos nr num op orig p pag pl pp pref priv prof
    pseud pt pts pub publ r repr rev roč s ser sér sess sr st sup suppl t tab teilw trans
    transl u übers univ v verb verl vol vols vyd wiss z zs č éd"""
_KEPT = frozenset(_ABBREVIATIONS.split())
_WORD = re.compile(r"([^\W\d_]+)\.$")
_MARKED = re.compile("[\x88\x98](.*?)[\x89\x9c]")
_CHEVRONS = re.compile(r"<<(.*?)>>")


def plain(text: str) -> str:
    """Return a text without the marks that catalogues put round an article at its beginning."""
    if "<<" in text:
        text = _CHEVRONS.sub(r"\1", text)
    if text.count("¬") == 2:
        text = text.replace("¬", "")
    return _MARKED.sub(r"\1", text)


def ended(text: str) -> str:
    """Return a text without the punctuation that leads to the next value; a full stop stays."""
    text = clean(text)
    while found := _ENDS.search(text):
        text = text[: found.start()]
    return text


def stripped(text: str) -> str:
    """Return a text without the punctuation that leads to the next value, and no full stop.

    The stop of an initial or an abbreviation stays.
    """
    text = ended(text)
    if text.endswith(".") and not _is_part(text):
        return stripped(text[:-1])
    return text


def _is_part(text: str) -> bool:
    """Whether a stop at the end belongs to the last word."""
    if text.endswith("..") or _INITIAL.search(text):
        return True
    word = _WORD.search(text)
    return word is not None and word[1].casefold() in _KEPT


def unbracketed(text: str) -> str:
    """Return a text that the cataloguer supplied, in square brackets, without them."""
    inner = text[1:-1]
    return inner if text[:1] == "[" and text[-1:] == "]" and "[" not in inner else text


def title(main: str, rest: str = "", numbers: str = "", parts: str = "") -> str:
    """Return a whole title: `main : rest. numbers, parts`."""
    parallel = clean(main).endswith("=") or clean(rest).startswith("=")
    found, rest = stripped(main), rest.lstrip(" =")
    if rest := stripped(rest):
        found = f"{found}{' = ' if parallel else ' : '}{rest}" if found else rest
    numbers, parts = stripped(numbers), stripped(parts)
    part = ", ".join(filter(None, (numbers, parts)))
    return sentence(found, part)


def sentence(front: str, part: str) -> str:
    """Return two parts of a title, a stop between them."""
    stop = "" if front[-1:] in ".!?" else "."
    return f"{front}{stop} {part}" if front and part else front or part
