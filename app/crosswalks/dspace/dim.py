"""DIM, DSpace's internal metadata: one flat list of fields."""

from __future__ import annotations

from app.crosswalks.draft import Draft
from app.crosswalks.dspace import table
from app.crosswalks.dspace.fields import Field, field
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import Element, attributes, children, namespace, text_of
from app.datacite.problem import problem


def read(root: Element, about: Circumstances) -> Reading:
    """Read a DIM record."""
    draft = Draft(about)
    table.put([_field(child) for name, child in children(root) if name == "field"], draft)
    if draft.is_empty():
        return Reading(None, (problem("format.empty"),), format="dim", namespace=namespace(root))
    return draft.reading("dim", namespace(root))


def _field(element: Element) -> Field | None:
    told = dict(attributes(element))
    return field(
        told.get("mdschema", "dc"),
        told.get("element", ""),
        told.get("qualifier", ""),
        text_of(element),
        lang=told.get("lang") or told.get("language", ""),
        authority=told.get("authority", ""),
        orcid=told.get("orcid_id", ""),
    )
