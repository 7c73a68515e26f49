"""Reads MARC 21 as MARCXML: a step for each group of fields."""

from __future__ import annotations

from collections.abc import Callable

from app.crosswalks.draft import Draft
from app.crosswalks.marc21 import (
    coverage,
    identifiers,
    imprint,
    names,
    notes,
    related,
    subjects,
    titles,
    types,
)
from app.crosswalks.marc21.fields import Record, gather
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.volatile import Volatile, without
from app.crosswalks.xml import Element, children, local_name, namespace
from app.datacite.problem import Problem, problem

_STEPS: tuple[Callable[[Record, Draft], None], ...] = (
    types.read,
    titles.read,
    imprint.read,
    notes.read,
    names.read,
    subjects.read,
    coverage.read,
    identifiers.read,
    related.read,
)
"""In an order in which each step finds what it depends on."""
_HOLDINGS, _AUTHORITY = "uvxy", "z"
_UNIMARC = ("200", "210", "215")

stable = without(
    Volatile(
        "controlfield",
        "The time of the latest transaction: loading or indexing a catalogue anew stamps it.",
        having=("tag", "005"),
    )
)


def read(root: Element, about: Circumstances) -> Reading:
    """Read one record; of a collection the first."""
    records = _records(root)
    record = gather(records[0]) if records else Record()
    space = namespace(root)
    other = _other(record)
    if other is not None:
        return Reading(None, (other,), format="marc21", namespace=space)
    draft = Draft(about)
    if len(records) > 1:
        draft.notes.problem("payload.repeated", "", f"{len(records) - 1} more")
    for step in _STEPS:
        step(record, draft)
    return draft.reading("marc21", space)


def _records(root: Element) -> list[Element]:
    if local_name(root).lower() != "collection":
        return [root]
    return [child for name, child in children(root) if name == "record"]


def _other(record: Record) -> Problem | None:
    """Return why a record describes no work: it is empty, or one of another kind."""
    if not record.fields and not record.controls:
        return problem("format.empty")
    if "245" in record.tags:
        return None
    kind = record.leader[6:7]
    if kind and kind in _HOLDINGS:
        return problem("format.empty", message="A record of holdings, not of a work.")
    if kind == _AUTHORITY:
        return problem("format.empty", message="An authority record, not the record of a work.")
    if record.tags.issuperset(_UNIMARC[:2]) and not record.tags & {"260", "264", "300"}:
        return problem("format.unknown", "", "UNIMARC", message=(
            "The fields are those of UNIMARC, which is not read; the record is kept as it is."
        ))  # fmt: skip
    return None
