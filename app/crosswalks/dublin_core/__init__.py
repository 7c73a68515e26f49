"""Dublin Core in every flavour: read into a Resource, written as oai_dc.

The record is read once, element by element by name; the rules for names, dates, types, rights and
so on are those of `app.datacite`, and nothing clever happens here.
"""

from __future__ import annotations

from msgspec.structs import replace

from app.crosswalks import degree, draft
from app.crosswalks.canonical.completion import complete
from app.crosswalks.dublin_core import flat
from app.crosswalks.dublin_core.parts import parts, read_type
from app.crosswalks.dublin_core.values import DEGREE, Values, gather, texts
from app.crosswalks.dublin_core.writing import NAMESPACE, SCHEMA, write
from app.crosswalks.reading import Circumstances, Notes, Reading
from app.crosswalks.xml import Element, namespace
from app.datacite.identifiers import link
from app.datacite.problem import problem

__all__ = ["NAMESPACE", "SCHEMA", "read", "read_flat", "write"]


def read(root: Element, about: Circumstances, *, guessed: bool = False) -> Reading:
    """Read a Dublin Core record. guessed: the root is unknown, its elements count wherever."""
    return _read(gather(root, everywhere=guessed), namespace(root), about)


def read_flat(data: bytes, about: Circumstances) -> Reading | None:
    """Read a record from its bytes, which are known to be sound; None unless it is quite plain."""
    found = flat.values_of(data)
    return None if found is None else _read(*found, about)


def _read(values: Values, space: str, about: Circumstances) -> Reading:
    if not values:
        return Reading(None, (problem("format.empty"),), format="oai_dc", namespace=space)
    if degrees := _degrees(values):
        return _thesis(values, degrees, about, space)
    notes = Notes()
    types = read_type(values, about, notes)
    resource, access = parts(values, types, about, notes)
    resource = complete(resource, "", notes, about)
    if resource.url is None and resource.doi is not None:
        resource = replace(resource, url=link("DOI", resource.doi))
    return notes.reading(resource, access, "oai_dc", space)


_DEGREE = {f"{DEGREE}.{part}": part for part in degree.PARTS}


def _degrees(values: Values) -> tuple[degree.Degree, ...]:
    """Return the degrees that a record names."""
    if values.keys().isdisjoint(_DEGREE):
        return ()
    found = {part: texts(values, name) for name, part in _DEGREE.items()}
    return tuple(degree.of_texts(found))


def _thesis(
    values: Values, degrees: tuple[degree.Degree, ...], about: Circumstances, space: str
) -> Reading:
    """Read a record whose degree says what it is and who stands behind it."""
    made = draft.Draft(about)
    made.untold = values
    for one in degrees:
        degree.put(one, made)
    return made.reading("oai_dc", space)
