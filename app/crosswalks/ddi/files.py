"""The files of a study: where they lie, in which format, how large."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks.ddi.elements import attribute, plain
from app.crosswalks.draft import Draft
from app.crosswalks.xml import Element, children, first_child
from app.datacite.uris import is_file_url, is_web_url

_COUNTS = {"caseqnty": "cases", "varqnty": "variables", "recnumtot": "records"}


def read(root: Element, draft: Draft) -> None:
    """Read the descriptions of data files, and of other files that belong to the data."""
    for name, child in children(root):
        if name == "filedscr":
            _described(child, draft)
        elif name == "othermat":
            _other(child, draft)


def _described(element: Element, draft: Draft) -> None:
    draft.file(_address(element))
    for name, inner in children(element):
        if name == "filetxt":
            kind = first_child(inner, "filetype")
            draft.file(None, plain(kind) if kind is not None else None)
            for size in _sizes(first_child(inner, "dimensns")):
                draft.file(None, None, size)


def _sizes(dimensions: Element | None) -> Iterator[str]:
    for name, child in children(dimensions) if dimensions is not None else ():
        text = plain(child)
        if name in _COUNTS and text and text != "0":
            yield f"{text} {_COUNTS[name]}" if text.isdigit() else text


def _other(element: Element, draft: Draft) -> None:
    """Add a file of the data; documents elsewhere are no files of the study."""
    address = _address(element)
    if attribute(element, "level").lower() != "datafile" and not is_file_url(address or ""):
        return
    draft.file(address)
    for name, note in children(element):
        if name == "notes" and attribute(note, "type").upper().endswith(":CONTENTTYPE"):
            draft.file(None, plain(note))


def _address(element: Element) -> str | None:
    address = attribute(element, "uri")
    return address if is_web_url(address) else None
