"""Places and times as schema.org gives them; its shapes name the latitude first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.crosswalks.canonical.places import coordinate
from app.crosswalks.draft import Draft
from app.crosswalks.schema_org.nodes import Document, is_a
from app.datacite.coordinates import polygon_of
from app.datacite.dates import read_date
from app.datacite.geometries import read_geometry
from app.datacite.resource import Box, GeoLocation, Point

_SHAPES = ("geoshape", "geocoordinates", "geocircle")


def places(document: Document, value: Any, draft: Draft) -> None:
    """Add the places of one value: a name, a shape, or a place that has both."""
    if not isinstance(value, dict):
        text = str(value)
        found = [GeoLocation(s.point, s.box, None, s.polygon) for s in read_geometry(text)]
        draft.geo_locations.extend(found)
        if not found:
            draft.text("spatial", text)
        return
    name = document.label(value)
    inside = [value] if is_a(value, *_SHAPES) else document.values(value, "geo")
    shapes = [shape for one in inside for shape in _shapes(document, one)]
    for n, shape in enumerate(shapes or [GeoLocation()]):
        named = (name or (document.address(value) if not shapes else "")) if n == 0 else ""
        if named or shapes:
            draft.geo_locations.append(
                GeoLocation(
                    shape.geo_location_point,
                    shape.geo_location_box,
                    named or shape.geo_location_place,
                    shape.geo_location_polygon,
                )
            )


def _shapes(document: Document, value: Any) -> Iterator[GeoLocation]:
    if not isinstance(value, dict):
        yield GeoLocation(geo_location_place=str(value))
        return
    latitude = coordinate(document.text(value, "latitude"))
    longitude = coordinate(document.text(value, "longitude"))
    if latitude is not None and longitude is not None:
        yield GeoLocation(Point(longitude, latitude))
    for text in document.texts(value, "box"):
        yield _box(text)
    for text in document.texts(value, "polygon"):
        yield _polygon(text)
    for text in document.texts(value, "circle"):
        yield _point(text)
    for middle in document.values(value, "geomidpoint"):
        yield from _shapes(document, middle)


def _numbers(text: str) -> list[float] | None:
    found = [coordinate(word) for word in text.replace(",", " ").split()]
    known = [number for number in found if number is not None]
    return known if len(known) == len(found) else None


def _box(text: str) -> GeoLocation:
    """Read a box: south, west, north, east."""
    numbers = _numbers(text)
    if numbers is None or len(numbers) != 4:
        return GeoLocation(geo_location_place=text)
    south, west, north, east = numbers
    return GeoLocation(geo_location_box=Box(west, east, south, north))


def _polygon(text: str) -> GeoLocation:
    numbers = _numbers(text) or []
    pairs = zip(numbers[1::2], numbers[::2], strict=False)
    corners = polygon_of(list(pairs)) if len(numbers) % 2 == 0 else None
    if corners is None:
        return GeoLocation(geo_location_place=text)
    return GeoLocation(geo_location_polygon=corners)


def _point(text: str) -> GeoLocation:
    """Read the middle of a circle; its radius has no place."""
    numbers = _numbers(text)
    if numbers is None or len(numbers) < 2:
        return GeoLocation(geo_location_place=text)
    return GeoLocation(Point(numbers[1], numbers[0]))


def times(document: Document, value: Any, draft: Draft) -> None:
    """Add one time: a date, a range, or a period by its name."""
    if isinstance(value, dict) and "@value" not in value:
        start, end = document.text(value, "startdate"), document.text(value, "enddate")
        name = document.label(value)
        if start or end:
            draft.date(start if start == end else f"{start}/{end}", "Coverage", name or None)
            return
        value = name
    text = document.label(value)
    if read_date(text).date is not None and text[:1].isdigit():
        draft.date(text, "Coverage")
    else:
        draft.text("temporal", text)
