"""Subjects of MODS: headings, classes, places with their coordinates, times."""

from __future__ import annotations

from msgspec.structs import replace

from app.crosswalks.draft import Draft
from app.crosswalks.mods import names, titles
from app.crosswalks.mods.elements import scheme, told
from app.crosswalks.xml import Element, children, text_of
from app.datacite.coverage import read_coverage
from app.datacite.map_coordinates import on_sheet
from app.datacite.resource import Date, GeoLocation, Subject
from app.datacite.text import clean, is_null

_HEADINGS = frozenset(("topic", "name", "titleinfo", "occupation", "genre"))
_PLACES = frozenset(("geographic", "geographiccode", "hierarchicalgeographic"))
_LEVELS = (
    "extraterrestrialarea", "continent", "country", "province", "region", "state", "territory",
    "county", "city", "citysection", "island", "area",
)  # fmt: skip
"""Parts of a place, from the largest."""
BETWEEN = "--"


def read(subjects: list[Element], draft: Draft) -> None:
    """Add each subject: its headings as one, its places and times as coverage."""
    for subject in subjects:
        _heading(subject, draft)
        _where(subject, draft)
        _when(subject, draft)


def classifications(elements: list[Element], draft: Draft) -> None:
    """Add classes; those that a program drew from others of the record say nothing new."""
    for element in elements:
        text = clean(text_of(element))
        if text and not told(element, "generator"):
            link = told(element, "valueURI")
            draft.subjects.append(Subject(text, scheme(element) or None, value_uri=link or None))


def _heading(subject: Element, draft: Draft) -> None:
    parts = [(child, _text(name, child)) for name, child in children(subject) if name in _HEADINGS]
    parts = [part for part in parts if part[1]]
    if not parts:
        if not any(children(subject)):
            draft.subject(text_of(subject), told(subject, "lang") or None)
        return
    first = parts[0][0]
    text = BETWEEN.join(text for _, text in parts)
    word = scheme(subject) or scheme(first)
    whole = sum(1 for _ in children(subject)) == len(parts)
    link = (told(subject, "valueURI") if whole else "") or (
        told(first, "valueURI") if len(parts) == 1 else ""
    )
    home = told(subject, "authorityURI") or told(first, "authorityURI")
    draft.subject(
        text,
        told(subject, "lang") or None,
        scheme=word or None,
        scheme_uri=home or None,
        value_uri=link or None,
    )


def _text(name: str, element: Element) -> str:
    if name == "name":
        return next((one.person.name for one in names.agents([element])), "")
    if name == "titleinfo":
        return titles.plain(element)
    text = clean(text_of(element))
    return "" if is_null(text) else text


def _where(subject: Element, draft: Draft) -> None:
    """Add places; the one place of a subject has its coordinates with it."""
    places: list[GeoLocation] = []
    shapes: list[GeoLocation] = []
    for name, child in children(subject):
        if name in _PLACES:
            text = _place(name, child)
            found = read_coverage(text).geo_locations if text else ()
            places.extend(found or ([GeoLocation(geo_location_place=text)] if text else []))
        elif name == "cartographics":
            for inner, coordinates in children(child):
                if inner == "coordinates":
                    shapes.extend(_shapes(clean(text_of(coordinates))))
    if len(places) == 1 and len(shapes) == 1 and not shapes[0].geo_location_place:
        shapes = [replace(shapes[0], geo_location_place=places.pop().geo_location_place)]
    draft.geo_locations.extend((*places, *shapes))


def _shapes(text: str) -> tuple[GeoLocation, ...]:
    found = on_sheet(text)
    if found is not None:
        return (GeoLocation(geo_location_box=found),)
    return read_coverage(text).geo_locations


def _place(name: str, element: Element) -> str:
    if name == "hierarchicalgeographic":
        parts = [(name, clean(text_of(child))) for name, child in children(element)]
        parts.sort(key=lambda part: _LEVELS.index(part[0]) if part[0] in _LEVELS else 99)
        return ", ".join(text for _, text in parts if text)
    text = clean(text_of(element))
    return "" if name == "geographiccode" and text.isdigit() else text


def _when(subject: Element, draft: Draft) -> None:
    """Add times: a start and an end are one; a period without dates is a subject."""
    start = ""
    for name, child in children(subject):
        if name != "temporal":
            continue
        text, point = clean(text_of(child)), told(child, "point").lower()
        if point == "start":
            start = text
            continue
        if point == "end" and start:
            text, start = f"{start}/{text}", ""
        _time(text, scheme(child) or scheme(subject), draft)
    if start:
        _time(f"{start}/", "", draft)


def _time(text: str, word: str, draft: Draft) -> None:
    if is_null(text):
        return
    found = read_coverage(text)
    for date in found.dates:
        draft.notes.inferred(f"/dates/{len(draft.dates)}", "coverage.time", text)
        draft.dates.append(Date(date.date, "Coverage", date.date_information))
    if not found.dates:
        draft.subjects.append(Subject(text, word or None))
