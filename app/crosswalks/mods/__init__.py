"""Reads MODS 3 of any minor version: one table from elements to what becomes of them."""

from __future__ import annotations

from collections.abc import Callable

from app.crosswalks.draft import Draft
from app.crosswalks.mods import extensions, names, origins, parts, related, subjects, titles
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import Element, children, local_name, namespace

__all__ = ["read"]

COLLECTION = "modscollection"

_STEPS: tuple[tuple[str, Callable[[list[Element], Draft], None]], ...] = (
    ("genre", parts.genres),
    ("typeofresource", parts.kinds),
    ("extension", extensions.read),
    ("titleinfo", titles.read),
    ("origininfo", origins.read),
    ("note", parts.notes),
    ("name", names.read),
    ("language", parts.languages),
    ("physicaldescription", parts.physical),
    ("abstract", parts.abstracts),
    ("tableofcontents", parts.contents),
    ("subject", subjects.read),
    ("classification", subjects.classifications),
    ("identifier", parts.identifiers),
    ("location", parts.locations),
    ("accesscondition", parts.conditions),
    ("recordinfo", parts.record),
)
"""In an order in which each step finds what it depends on."""


def read(root: Element, about: Circumstances) -> Reading:
    """Read one record; of a collection the first."""
    records = _records(root)
    found: dict[str, list[Element]] = {}
    for name, child in children(records[0]) if records else ():
        found.setdefault(name, []).append(child)
    draft = Draft(about)
    if len(records) > 1:
        draft.notes.problem("payload.repeated", "", f"{len(records) - 1} more")
    for name, step in _STEPS:
        if name in found:
            step(found[name], draft)
    related.read(found.get("relateditem", []), found.get("part", []), draft)
    return draft.reading("mods", namespace(root))


def _records(root: Element) -> list[Element]:
    if local_name(root).lower() != COLLECTION:
        return [root]
    return [child for name, child in children(root) if name == "mods"]
