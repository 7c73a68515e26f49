"""Where and when the data lie: boxes, shapes, places and periods."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from app.crosswalks.canonical.places import coordinate
from app.crosswalks.draft import Draft
from app.crosswalks.iso19115 import gml
from app.crosswalks.iso19115.elements import attribute, every, first, value
from app.crosswalks.xml import Element, local_name
from app.datacite.date_words import PRESENT
from app.datacite.dates import read_date
from app.datacite.resource import Box, GeoLocation
from app.datacite.text import clean, is_null

_OPEN = frozenset((*PRESENT, "now", "9999-12-31", "99991231"))
"""What stands for an end that is not known or not reached, written as a date."""
SHORT = 100
"""A longer description of an extent is prose, not the name of a place."""


def read(draft: Draft, extent: Element) -> None:
    """Read one EX_Extent."""
    parts = list(every(extent, "geographicelement/*"))
    boxes = [box for part in parts if (box := _box(draft, part))]
    only = boxes[0] if len(boxes) == 1 else None
    found = [GeoLocation(geo_location_box=box) for box in boxes]
    for part in parts:
        if local_name(part).lower() == "ex_boundingpolygon" and _is_included(part):
            found += _shapes(draft, part, only)
    places = list(_places(extent, parts))
    if len(found) == 1 and len(places) == 1:
        found, places = [replace(found[0], geo_location_place=places[0])], []
    draft.geo_locations += found
    draft.geo_locations += [GeoLocation(geo_location_place=place) for place in places]
    for time in extent.iter():
        if local_name(time).lower() in ("ex_temporalextent", "ex_spatialtemporalextent"):
            _times(draft, time)


# ── space ────────────────────────────────────────────────────────────────────────────────────


def _is_included(part: Element) -> bool:
    """Whether an extent is one of the data, not one that is left out of them."""
    return value(first(part, "extenttypecode")).lower() not in ("0", "false")


def _box(draft: Draft, part: Element) -> Box | None:
    if local_name(part).lower() != "ex_geographicboundingbox" or not _is_included(part):
        return None
    names = ("westboundlongitude", "eastboundlongitude", "southboundlatitude", "northboundlatitude")
    return box_of(draft, [value(first(part, name)) for name in names])


def box_of(draft: Draft, texts: list[str]) -> Box | None:
    """Return the box of west, east, south and north as texts; None if one of them is missing."""
    sides = list(map(coordinate, texts))
    if None not in sides:
        return Box(*sides)
    if any(texts):
        draft.notes.problem("geo.range", "/geoLocations", " ".join(texts))
    return None


def _shapes(draft: Draft, part: Element, box: Box | None) -> list[GeoLocation]:
    found = list(gml.shapes(part, box))
    if not found and first(part, "polygon/*") is not None:
        name = local_name(next(every(part, "polygon/*")))
        draft.notes.lost("/geoLocations", name, "A shape without degrees, or one of no area.")
    return found


def _places(extent: Element, parts: list[Element]) -> Iterator[str]:
    """Yield the names of the places; a description is one where no code is."""
    codes = [value(code) for part in parts for code in every(part, "geographicidentifier/*/code")]
    names = dict.fromkeys(filter(None, codes))
    description = value(first(extent, "description"))
    if not names and description and len(description) <= SHORT and not set("#:") & set(description):
        names = {description: None}
    yield from names


# ── time ─────────────────────────────────────────────────────────────────────────────────────


def _times(draft: Draft, time: Element) -> None:
    for one in every(time, "extent/*"):
        name = local_name(one).lower()
        if name == "timeperiod":
            begin = _position(one, "beginposition", "begin/*/timeposition")
            end = _position(one, "endposition", "end/*/timeposition")
        elif name == "timeinstant":
            begin = end = _position(one, "timeposition")
        else:
            continue
        period(draft, begin, end)


def _position(element: Element, *paths: str) -> str:
    for path in paths:
        found = first(element, path)
        if found is not None:
            if attribute(found, "indeterminateposition").lower() in ("now", "unknown"):
                return ""
            text = clean(found.text or "")
            return "" if is_null(text) else text
    return ""


def period(draft: Draft, begin: str, end: str) -> None:
    """Add a period; an end that is no date is left open, since a beginning says something."""
    begin, end = ("" if text.lower() in _OPEN else text for text in (begin, end))
    if not begin and not end:
        return
    read = [read_date(text) for text in (begin, end)]
    for text, one in dict(zip((begin, end), read, strict=True)).items():
        if text and one.date is None:
            draft.notes.problem("date.syntax", "/dates", text)
    start, stop = (one.date or "" for one in read)
    if not start and not stop:
        return
    whole = start if start == stop else f"{start}/{stop}"
    given = begin if start == stop else f"{begin}/{end}"
    if whole != given and not any(one.information or one.date is None for one in read):
        path = f"/dates/{len(draft.dates)}"
        draft.notes.problem("date.repaired", path, given)
        draft.notes.inferred(path, "date.repaired", given)
        given = whole
    if read_date(given).date != whole:
        for text, one in zip((begin, end), read, strict=True):
            if one.date and one.rule:
                draft.notes.problem(one.rule, "/dates", text)
        given = whole
    draft.date(given, "Coverage")
