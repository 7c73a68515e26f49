"""ISO 19115 geographic metadata in both of its encodings, ISO 19139 and ISO 19115-3.

Elements count by local name, so profiles with namespaces of their own are read as well.
"""

from __future__ import annotations

from app.crosswalks.draft import Draft
from app.crosswalks.iso19115 import citation, content, distribution, extent, people, relations
from app.crosswalks.iso19115.elements import Languages, every, value
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.recognise import format_of
from app.crosswalks.xml import Element, local_name, namespace
from app.datacite.problem import problem

__all__ = ["read"]


def read(root: Element, about: Circumstances) -> Reading:
    """Read an MD_Metadata or MI_Metadata of either encoding."""
    form, space = format_of(root) or "iso19139", namespace(root)
    draft = Draft(about)
    languages = Languages(root)
    own, services = _identifications(root)
    citations = [one for part in own for one in every(part, "citation/*")]
    for one in citations:
        citation.read(draft, one, languages)
    citation.name_record(draft, root, citations)
    for part in own:
        content.describe(draft, part, languages)
        content.keywords(draft, part, languages)
        content.rights(draft, part, languages)
        relations.associations(draft, part)
    relations.parents(draft, root)
    content.lineage(draft, root, languages)
    people.read(draft, own, citations, root)
    _extents(draft, own)
    pages = distribution.read(draft, root, [*own, *services])
    distribution.settle(draft, pages, list(citation.pages(citations)))
    if draft.is_empty():
        return Reading(None, (problem("format.empty"),), format=form, namespace=space)
    content.language(draft, own, languages)
    content.scope(draft, root)
    return draft.reading(form, space)


def _identifications(root: Element) -> tuple[list[Element], list[Element]]:
    """Return what identifies the resource, and the services that some records describe beside.

    What stands outside of an identification, but in its place, is taken as part of it.
    """
    held = list(every(root, "identificationinfo/*"))
    named = [one for one in held if any(map(value, every(one, "citation/*/title")))]
    own = next((one for one in named if not _is_service(one)), next(iter(named), None))
    if own is None:
        own = next(iter(held), None)
    services = [one for one in held if one is not own and _is_service(one)]
    loose = list(every(root, "identificationinfo"))
    return ([own] if own is not None else []) + loose, services


def _is_service(identification: Element) -> bool:
    return local_name(identification).lower().startswith("sv_")


def _extents(draft: Draft, own: list[Element]) -> None:
    places, draft.geo_locations = draft.geo_locations, []
    for part in own:
        for one in every(part, "extent/*"):
            extent.read(draft, one)
    named = {one.geo_location_place for one in draft.geo_locations}
    draft.geo_locations += (one for one in places if one.geo_location_place not in named)
