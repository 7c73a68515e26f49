"""Identifiers and addresses of a MARC record."""

from __future__ import annotations

import re

from app.crosswalks.draft import Draft
from app.crosswalks.marc21.fields import Field, Record
from app.datacite import identifiers
from app.datacite.resource import RelatedIdentifier

_ISBN = re.compile(r"[0-9][0-9 –-]{7,16}[0-9Xx]")
_CONTROL = re.compile(r"\(([^()]+)\)\s*(\S.*)")
_KINDS = {"0": "ISRC", "1": "UPC", "2": "ISMN", "3": "EAN13", "4": "SICI"}
_NO_KINDS = ("uri", "url", "orcid", "checksum")
_ABOUT = re.compile(
    r"content|inhalt|cover|descri|biograph|review|rezension|sample|leseprobe|abstract|klappentext"
    r"|finding aid|table des|obsah|vollst.*bibliogr|publisher",
    re.IGNORECASE,
)
_ICONS = ("icon", "thumbnail")
_RELATED = "2"
_EMAIL = "0"


def read(record: Record, draft: Draft) -> None:
    """Add identifiers, the page and the files."""
    for field in record.of("024"):
        _standard(field, draft)
    for field in record.of("020"):
        for text in field.texts("a"):
            number = _ISBN.match(text)
            draft.identifier(number[0] if number else text, "ISBN")
    for field in record.of("022"):
        _serial(field, draft)
    for field in record.of("856"):
        _address(field, draft)
    draft.identifier(record.controls.get("001", "").strip(), "local")
    for field in record.of("035"):
        for text in field.texts("a"):
            match = _CONTROL.fullmatch(text)
            kind = match[1] if match else field.text("9") or "local"
            draft.identifier(match[2] if match else text, kind)


def _standard(field: Field, draft: Draft) -> None:
    kind = field.text("2") if field.first in "7 8" else _KINDS.get(field.first, "")
    if kind.lower() == "checksum":
        return
    for text in field.texts("a"):
        draft.identifier(text, "" if kind.lower() in _NO_KINDS else kind)


def _serial(field: Field, draft: Draft) -> None:
    own = field.texts("a")
    for text in own:
        draft.identifier(text if "ISSN" in text.upper() else f"ISSN {text}", "ISSN")
    for text in field.texts("l"):
        if text not in own:
            draft.identifier(f"ISSN-L {text}", "ISSN")


def _address(field: Field, draft: Draft) -> None:
    """Add an address: of the work, or of what is about it."""
    if field.first == _EMAIL or any(t.lower().startswith(_ICONS) for t in field.texts("x")):
        return
    said = next((t for t in field.texts("3", "y") if _ABOUT.search(t)), "")
    for text in field.texts("u"):
        if text.lower().startswith("mailto:"):
            continue
        if field.second != _RELATED and not said:
            draft.identifier(text)
            continue
        shown = identifiers.recognise(text)
        if shown.kind not in ("local", "oai"):
            information = field.text("3", "y", "z") or "marc:856"
            related = RelatedIdentifier(
                shown.value, shown.kind, "Other", relation_type_information=information
            )
            draft.related_identifiers.append(related)
