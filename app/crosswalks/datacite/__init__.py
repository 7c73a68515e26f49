"""DataCite XML: every kernel is read, 4.7 is written."""

from __future__ import annotations

from app.crosswalks.canonical import record
from app.crosswalks.datacite import reading
from app.crosswalks.datacite.writing import NAMESPACE, SCHEMA, write
from app.crosswalks.reading import Circumstances, Notes, Reading
from app.crosswalks.xml import Element, namespace
from app.datacite.problem import problem

__all__ = ["NAMESPACE", "SCHEMA", "read", "write"]


def read(root: Element, about: Circumstances) -> Reading:
    """Read a `resource` element of any kernel, in any namespace or none."""
    space = namespace(root)
    if len(root) == 0:
        return Reading(None, (problem("format.empty"),), format="datacite", namespace=space)
    notes = Notes()
    if not space.startswith(NAMESPACE):
        notes.problem("kernel.old", "", space)
    raw, year = reading.read(root, notes)
    resource, access = record.canonical(raw, year, notes, about)
    return notes.reading(resource, access, "datacite", space)
