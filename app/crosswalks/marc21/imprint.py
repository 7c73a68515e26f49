"""Publication, edition, extent and language of a MARC record."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.crosswalks import works
from app.crosswalks.draft import Draft
from app.crosswalks.isbd import stripped, unbracketed
from app.crosswalks.marc21.fields import Field, Record
from app.datacite.dates import read_date
from app.datacite.resource import Contributor
from app.datacite.text import is_null

_YEAR = re.compile(r"[0-9]{4}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:T.*)?)?")
_CODED_YEAR = re.compile(r"[012][0-9][0-9u][0-9u]")
_EMBARGO = "info:eu-repo/date/embargoEnd/"
_UNDATED = frozenset("bn| ")
"""Kinds of dates in field 008 that tell no year of publication."""
_NOBODY = re.compile(
    r"(?:publisher|distributor) not identified|sine nomine|s\.\s?n\.?|n\. ?pub\.?|verlag nicht.*",
    re.IGNORECASE,
)
_PLACES = ("a", "b")


def read(record: Record, draft: Draft) -> None:
    """Add publisher, date, edition, extent, formats and language."""
    statements = list(_statements(record))
    _publishers(statements, record, draft)
    _issued(statements, record, draft)
    draft.edition = next((text for f in record.of("250") if (text := f.end("a"))), "")
    _extent(record, draft)
    _language(record, draft)


def _statements(record: Record) -> Iterator[Field]:
    """Yield the statements of publication, then what says it less well."""
    modern = list(record.of("264"))
    yield from (field for field in modern if field.second in "1 ")
    yield from record.of("260")
    yield from (field for field in modern if field.second == "0")


def _publishers(statements: list[Field], record: Record, draft: Draft) -> None:
    names = [name for field in statements for name in _names(field)]
    others = [n for f in record.of("264") if f.second == "2" for n in _names(f)]
    if not names:
        names, others = others[:1], others[1:]
    for name in names:
        draft.text("publisher", name)
    for name in others:
        helper = Contributor(name, "Organizational", contributor_type="Distributor")
        draft.contributors.append(helper)


def _names(field: Field) -> Iterator[str]:
    for text in field.ends("b"):
        name = unbracketed(text).rstrip("]") if "[" not in text[1:] else text
        if not is_null(name) and _NOBODY.fullmatch(name.strip("[]")) is None:
            yield name


# ── dates ────────────────────────────────────────────────────────────────────────────────────


def _issued(statements: list[Field], record: Record, draft: Draft) -> None:
    """Add the date of issue: a plain year, else the coded one, else what the statement says."""
    texts = [text for field in statements for text in field.texts("c")]
    for text in texts:
        if text.startswith(_EMBARGO):
            draft.date(text, "Available")
    told = next((text for text in texts if not text.startswith(_EMBARGO)), "")
    year, coded = stripped(told), _coded(record)
    if _YEAR.fullmatch(year) or _DAY.fullmatch(year):
        draft.date(year, "Issued")
    elif coded and "u" not in coded:
        draft.date(coded, "Issued")
    elif told and (date := _of_text(told)):
        draft.date(date, "Issued")
    elif coded:
        draft.date(coded, "Issued")
    else:
        _instead(record, draft)


def _coded(record: Record) -> str:
    """Return the year in field 008, with the day where it is told."""
    kind, year = record.coded(6, 7), record.coded(7, 11)
    if not kind or kind in _UNDATED or _CODED_YEAR.fullmatch(year) is None:
        return ""
    day = record.coded(11, 15)
    if kind == "e" and day.isdigit() and len(day) == 4 and day[:2] != "00" and day[2:] != "00":
        return f"{year}-{day[:2]}-{day[2:]}"
    return "" if year in ("9999", "0000") else year


def _of_text(text: str) -> str:
    """Return a text that can be read as a date, else the last year in it."""
    if read_date(stripped(text)).date is not None:
        return stripped(text)
    year = works.year(text)
    return str(year) if year else ""


def _instead(record: Record, draft: Draft) -> None:
    """Add the date that stands elsewhere: of a copyright, of a thesis, of a first writing."""
    for field in record.of("264"):
        if field.second == "4" and field.text("c"):
            draft.date(field.end("c"), "Copyrighted")
            return
    for tag, codes in (("502", ("d",)), ("269", ("c", "a")), ("046", ("k",))):
        for field in record.of(tag):
            text = field.end(*codes)
            if text and read_date(text).date is not None:
                draft.date(text, "Issued")
                return


# ── extent, language ─────────────────────────────────────────────────────────────────────────


def _extent(record: Record, draft: Draft) -> None:
    for field in record.of("300"):
        if units := field.ends("f", "g"):
            draft.sizes.append(" ".join((*field.ends("a"), *units)))
        else:
            draft.sizes.extend(field.ends("a"))
        draft.sizes.extend(field.ends("c"))
    for field in record.of("347"):
        draft.formats.extend(field.ends("a", "b"))
    for field in record.of("856"):
        draft.formats.extend(field.texts("q"))


def _language(record: Record, draft: Draft) -> None:
    """Add the languages; codes may be run together."""
    codes = [text for field in record.of("041") for text in field.ends("a")]
    if not codes:
        code = record.coded(35, 38).lower()
        codes = [code] if len(code.strip()) == 3 else []
    for text in codes:
        parted = len(text) > 3 and len(text) % 3 == 0 and text.isalpha() and text.isascii()
        for code in re.findall("...", text) if parted and text.islower() else [text]:
            draft.text("language", code)
