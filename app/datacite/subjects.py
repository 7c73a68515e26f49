"""Reads subjects: one text parted into keywords, codes with their scheme, and URIs.

The text of a keyword stays the source's; a hierarchy is one keyword.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from app.datacite.resource import Subject
from app.datacite.text import clean, is_null, joined
from app.datacite.uris import uri

_SCHEMES = {
    "ddc": "DDC", "dewey": "DDC", "dewey decimal classification": "DDC", "sdnb": "DDC-Sachgruppen",
    "lcc": "LCC", "lcsh": "LCSH", "library of congress subject headings": "LCSH",
    "mesh": "MeSH", "medical subject headings": "MeSH", "msc": "MSC", "msc2010": "MSC2010",
    "msc2020": "MSC2020", "jel": "JEL", "jel classification": "JEL", "jel codes": "JEL",
    "jel code": "JEL", "udc": "UDC", "pacs": "PACS", "acm": "ACM", "acm ccs": "ACM CCS",
    "ccs": "ACM CCS", "rvk": "RVK", "bkl": "BKL", "gnd": "GND", "swd": "SWD", "fast": "FAST",
    "aat": "AAT", "agrovoc": "AGROVOC", "gemet": "GEMET", "eurovoc": "EuroVoc", "elsst": "ELSST",
    "fos": "FOS", "oecd fos": "FOS", "anzsrc": "ANZSRC", "anzsrc for": "ANZSRC FOR",
    "bisac": "BISAC", "bic": "BIC", "rameau": "RAMEAU", "unesco": "UNESCO",
    "stw": "STW", "thesoz": "TheSoz", "gcmd": "GCMD", "inspec": "INSPEC", "ndc": "NDC",
    "ndlsh": "NDLSH", "ndlc": "NDLC", "bsh": "BSH", "sab": "SAB",
}  # fmt: skip
"""Names of classifications and vocabularies as they stand in front of their terms."""
_LABEL = re.compile(r"([^\W_][\w ]{1,40}?)\s?::?\s?(?=\S)(.+)", re.DOTALL)
_CODE = re.compile(r"(ddc|udc|lcc|msc|jel|pacs|rvk)\s+((?=[^\s]*[0-9])[A-Z0-9].*)", re.IGNORECASE)
_CODES = {
    "DDC": re.compile(r"[0-9]{3}(?:\.[0-9]+)?"),
    "JEL": re.compile(r"[A-Z](?:[0-9]{1,2})?"),
    "MSC": re.compile(r"[0-9]{2}[-A-Z][0-9x]{2}", re.IGNORECASE),
    "PACS": re.compile(r"[0-9]{2}\.[0-9]{2}\.[-+A-Za-z]+"),
}
"""What one code of a scheme looks like; a list of such codes is parted at commas."""
_EUREPO = re.compile(r"info:eu-repo/classification/([^/\s]+)/(.+)", re.IGNORECASE)
_URI = re.compile(r"(?:https?://|urn:)\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}(?:[ _-][^\W\d_]+)*")
_SEPARATOR = re.compile(r"[;\n]| \| ")
_DDC_NAME = re.compile(r"[0-9]{3} [^;]{3,60}; ?[^;]{3,60}")
"""The heading of a class: `570 Life sciences; biology`."""
_YEARS = re.compile(r"(?:ca?\. ?|b\. ?|d\. ?)?[0-9]{4}\??(?: ?[-–] ?(?:[0-9]{4})?)?\.?")
_KEYED = re.compile(r"scheme=([^;]+);(?:\s*code=[^;]*;)?\s*value=([^;]+);?")
"""A term as archives of excavations give it: `scheme=S; code=C; value=Settlement`."""
_LAST_WORDS = frozenset(("and", "or", "und", "oder", "et", "ou", "y", "e", "etc.", "&"))
"""Before the last part they say that the whole is one heading."""
SHORTEST, _LAYOUT = 5, "[](){}-–—.,:;|/_ "
"""A shorter text of such marks alone is no keyword."""
_LEAST_COMMAS, _MOST_WORDS = 3, 3
CACHED = 8192
LONGEST_CACHED = 100
"""The same keywords stand in many records of a repository; a longer text is a list of its own."""
_SPECIAL = frozenset(":;\n|,&<")


def read_subject(text: str) -> tuple[Subject, ...]:
    """Read one text as its subjects; an empty tuple where it says nothing."""
    return _read_cached(text) if len(text) <= LONGEST_CACHED else read_anew(text)


def read_anew(text: str) -> tuple[Subject, ...]:
    """Read one text as `read_subject` does, without asking what was read before."""
    if _SPECIAL.isdisjoint(text):
        text = clean(text)
        return () if is_null(text) else (_one(text),)
    keyed = _KEYED.fullmatch(clean(text)) if "value=" in text else None
    if keyed is not None:
        return (Subject(keyed[2].strip(), keyed[1].strip()),)
    found = [subject for part in _parts(text) for subject in _of_part(part)]
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


_read_cached = lru_cache(maxsize=CACHED)(read_anew)


def scheme_name(word: str) -> str | None:
    """Return the name of a classification or vocabulary that a word means; None if it has none."""
    return _SCHEMES.get(word.strip().lower())


def _parts(text: str) -> list[str]:
    """Part a text into keywords."""
    text = _in_lines(text) if "\n" in text else clean(text)
    if text[:4].lower() == "http" and " " not in text:
        return [text]
    if text[:3].isdecimal() and _DDC_NAME.fullmatch(text):
        return [text]
    pieces = [text]
    if ";" in text or "|" in text or "\n" in text:
        pieces = _SEPARATOR.split(text)
    pieces = [bare for piece in pieces if (bare := piece.strip())]
    if len(pieces) == 1 and "," in text and "::" not in text and "--" not in text:
        return _at_commas(pieces[0])
    return pieces


def _in_lines(text: str) -> str:
    """Clean line by line; ends of lines that do not part keywords are blanks.

    They do not where other marks do, nor where a line is no more than a bracket or a comma.
    """
    lines = [line for line in map(clean, text.split("\n")) if line]
    laid_out = any(not any(map(str.isalnum, line)) for line in lines)
    parted = any(";" in line[:-1] for line in lines)
    return joined(lines) if laid_out or parted else "\n".join(lines)


def _at_commas(text: str) -> list[str]:
    """Part at commas if there are more than three parts, all short, none a sentence or a year."""
    parts = [part.strip() for part in text.split(",")]
    parts = [part for part in parts if part]
    if any(_YEARS.fullmatch(part) for part in parts):
        return [text]
    if parts and parts[-1].partition(" ")[0] in _LAST_WORDS:
        return [text]
    short = all(part.count(" ") < _MOST_WORDS and part[-1] not in ".!?" for part in parts)
    return parts if len(parts) > _LEAST_COMMAS and short else [text]


def _of_part(text: str) -> tuple[Subject, ...]:
    if is_null(text) or (len(text) < SHORTEST and not text.strip(_LAYOUT)):
        return ()
    if ":" not in text:
        return (_one(text),)
    eurepo = _EUREPO.fullmatch(text) if text[:1] in "iI" else None
    if eurepo is not None:
        name, value = eurepo[1], clean(unquote(eurepo[2]))
        return (Subject(value, _SCHEMES.get(name.lower(), name)),) if value else ()
    if text[:1] in "hHuU" and _URI.fullmatch(text):
        return (_of_uri(text),)
    label = _LABEL.fullmatch(text)
    scheme = _SCHEMES.get(label[1].strip().lower()) if label else None
    if label is None or scheme is None:
        return (Subject(text),)
    return _of_scheme(scheme, label[2].strip())


def _one(text: str) -> Subject:
    """Read a keyword, or a code behind its scheme ("DDC 550")."""
    code = _CODE.fullmatch(text) if text[3:4].isspace() or text[4:5].isspace() else None
    if code is None:
        return Subject(text)
    return Subject(code[2], _SCHEMES[code[1].lower()])


def _of_scheme(scheme: str, value: str) -> tuple[Subject, ...]:
    pattern = _CODES.get(scheme)
    codes = [code.strip() for code in value.split(",")] if "," in value else []
    if pattern and codes and all(pattern.fullmatch(code) for code in codes):
        return tuple(Subject(code, scheme) for code in codes)
    return (Subject(value, scheme),) if any(map(str.isalnum, value)) else ()


def _of_uri(text: str) -> Subject:
    """Return a URI as value, with its last part as subject if that is a word."""
    value = uri(text)
    if value is None:
        return Subject(text)
    tail = text.rpartition("#")[2] if "#" in text else text.rstrip("/").rpartition("/")[2]
    word = clean(unquote(tail))
    is_word = "/" in text and _WORD.fullmatch(word) and word.count("-") < 5
    return Subject(word.replace("_", " ") if is_word else text, value_uri=value)
