"""Coordinates as they come, into points, boxes and polygons that the schema takes.

Longitudes of 180 to 360 become negative, north below south is swapped, polygons are closed. What
lies outside the globe after that is dropped with a problem, its text kept as the place's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from app.crosswalks.reading import Notes
from app.crosswalks.xml import Element, attributes, children, local_name, text_of
from app.datacite.resource import Box, GeoLocation, Point, PolygonPart
from app.datacite.text import clean, is_null

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
_SEPARATED = re.compile(r"(?<=[0-9.])\s*[,;]\s+|\s+|;")
DIGITS = 400

Polygon = tuple[PolygonPart, ...]


# ── from text and elements ───────────────────────────────────────────────────────────────────


def coordinate(text: object) -> float | None:
    """Read one coordinate: a number, or its text with point or comma; None if it is none."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        value = float(text) if abs(text) <= 360 else None
        return value if value == value else None
    plain = str(text).strip().rstrip("°").strip() if text is not None else ""
    if len(plain) > DIGITS or not _NUMBER.fullmatch(plain):
        return None
    value = float(plain.replace(",", "."))
    return value if abs(value) <= 360 else None


def _numbers(text: str) -> tuple[float | None, ...]:
    words = [word for word in _SEPARATED.split(text.strip()) if word]
    if len(words) == 1 and text.count(",") in (1, 3):
        words = text.strip().split(",")
    return tuple(map(coordinate, words))


def plain_point(text: str) -> Point | None:
    """Read the text of a kernel-3 point: latitude, then longitude."""
    numbers = _numbers(text)
    if len(numbers) != 2 or None in numbers:
        return None
    return Point(numbers[1], numbers[0])


def plain_box(text: str) -> Box | None:
    """Read the text of a kernel-3 box: south, west, north, east."""
    numbers = _numbers(text)
    if len(numbers) != 4 or None in numbers:
        return None
    south, west, north, east = numbers
    return Box(west, east, south, north)


def point(element: Element) -> Point | None:
    """Read a point of kernel 4; its children carry their names, their order says nothing."""
    longitude = latitude = None
    for name, child in children(element):
        if "longitude" in name:
            longitude = coordinate(text_of(child))
        elif "latitude" in name:
            latitude = coordinate(text_of(child))
    return None if longitude is None or latitude is None else Point(longitude, latitude)


def box(element: Element) -> Box | None:
    """Read a box by the names of its children or attributes, or between two points in it."""
    sides: dict[str, float | None] = {}
    given = [(name, text_of(child)) for name, child in children(element)]
    given += attributes(element)
    for name, text in given:
        for side in ("west", "east", "south", "north"):
            if side in name:
                sides.setdefault(side, coordinate(text))
    if len(sides) < 4 or None in sides.values():
        return _between([found for _, child in children(element) if (found := point(child))])
    return Box(sides["west"], sides["east"], sides["south"], sides["north"])


def _between(points: Sequence[Point]) -> Box | None:
    if len(points) < 2:
        return None
    longitudes = sorted(p.point_longitude or 0.0 for p in points)
    latitudes = sorted(p.point_latitude or 0.0 for p in points)
    return Box(longitudes[0], longitudes[-1], latitudes[0], latitudes[-1])


def corners(element: Element) -> Iterator[Polygon]:
    """Yield the polygon of an element, or each of those in a `geoLocationPolygons`."""
    found = []
    for name, child in children(element):
        if name == "geolocationpolygon":
            yield from corners(child)
        elif name == "inpolygonpoint" and (inside := point(child)):
            found.append(PolygonPart(in_polygon_point=inside))
        elif name == "polygonpoint" and (corner := point(child)):
            found.append(PolygonPart(polygon_point=corner))
    if found or (local_name(element).lower() == "geolocationpolygon" and text_of(element).strip()):
        yield tuple(found)


# ── to canonical places ──────────────────────────────────────────────────────────────────────


def canonical(places: Sequence[GeoLocation], notes: Notes) -> tuple[GeoLocation, ...]:
    """Return the places with every shape repaired; empty ones are left out."""
    kept: list[GeoLocation] = []
    for geo in places:
        found = _canonical(geo, f"/geoLocations/{len(kept)}", notes)
        if found is not None and found not in kept[-50:]:
            kept.append(found)
    return tuple(kept)


def _canonical(geo: GeoLocation, path: str, notes: Notes) -> GeoLocation | None:
    spot = _spot(geo.geo_location_point, f"{path}/geoLocationPoint", notes)
    area = _area(geo.geo_location_box, f"{path}/geoLocationBox", notes)
    shape = _polygons(geo.geo_location_polygon, f"{path}/geoLocationPolygon", notes)
    place = clean(geo.geo_location_place or "")
    if is_null(place):
        place = ""
    if not place:
        place = _as_text(geo, spot, area)
    if not (spot or area or shape or place):
        return None
    return GeoLocation(spot, area, place or None, shape)


def _as_text(geo: GeoLocation, spot: Point | None, area: Box | None) -> str:
    """Return the numbers of a shape that could not be kept, for the name of the place."""
    lost: list[float | None] = []
    if geo.geo_location_point and spot is None:
        lost = [geo.geo_location_point.point_latitude, geo.geo_location_point.point_longitude]
    if geo.geo_location_box and area is None:
        b = geo.geo_location_box
        lost += [b.south_bound_latitude, b.west_bound_longitude]
        lost += [b.north_bound_latitude, b.east_bound_longitude]
    return " ".join(f"{value:g}" for value in lost if value is not None)


def _longitude(value: float | None) -> float | None:
    if value is None or not -180 <= value <= 360:
        return None
    return _zero(round(value - 360, 10) if value > 180 else value)


def _latitude(value: float | None) -> float | None:
    return _zero(value) if value is not None and -90 <= value <= 90 else None


def _zero(value: float) -> float:
    return value + 0.0


def _spot(given: Point | None, path: str, notes: Notes) -> Point | None:
    if given is None:
        return None
    longitude, latitude = _longitude(given.point_longitude), _latitude(given.point_latitude)
    if longitude is None or latitude is None:
        value = f"{given.point_latitude} {given.point_longitude}"
        notes.problem("geo.range", path, value)
        return None
    return Point(longitude, latitude)


def _area(given: Box | None, path: str, notes: Notes) -> Box | None:
    if given is None:
        return None
    west, east = _around(given.west_bound_longitude, given.east_bound_longitude)
    south, north = _latitude(given.south_bound_latitude), _latitude(given.north_bound_latitude)
    if west is None or east is None or south is None or north is None:
        notes.problem("geo.range", path, " ".join(map(str, _sides(given))))
        return None
    if north < south:
        notes.problem("geo.latitude-order", path, f"{south} {north}")
        south, north = north, south
    return Box(west, east, south, north)


def _around(west: float | None, east: float | None) -> tuple[float | None, float | None]:
    """Return both longitudes; 0 to 360 is all around the globe, not a line."""
    if west is not None and east is not None and east - west == 360:
        return -180.0, 180.0
    return _longitude(west), _longitude(east)


def _sides(given: Box) -> tuple[float | None, ...]:
    return (
        given.south_bound_latitude,
        given.west_bound_longitude,
        given.north_bound_latitude,
        given.east_bound_longitude,
    )


def _polygons(
    given: Sequence[PolygonPart | Polygon], path: str, notes: Notes
) -> tuple[PolygonPart | Polygon, ...]:
    """Return one polygon as a list of its parts, several as a list of such lists."""
    several = [part for part in given if isinstance(part, tuple)]
    if single := tuple(part for part in given if isinstance(part, PolygonPart)):
        several.append(single)
    kept = [found for parts in several if (found := _polygon(parts, path, notes))]
    return kept[0] if len(kept) == 1 else tuple(kept)


def _polygon(parts: Polygon, path: str, notes: Notes) -> Polygon:
    outline = [p for part in parts if (p := _spot(part.polygon_point, path, notes))]
    inside = [p for part in parts if (p := _spot(part.in_polygon_point, path, notes))]
    if len(set(outline)) < 3:
        notes.problem("geo.polygon-short", path, len(outline))
        return ()
    if outline[0] != outline[-1]:
        notes.problem("geo.polygon-open", path)
        outline.append(outline[0])
    closed = [PolygonPart(polygon_point=p) for p in outline]
    return (*closed, *(PolygonPart(in_polygon_point=p) for p in inside[:1]))


def named(geo: GeoLocation, place: str) -> GeoLocation:
    """Return the place with a name, if it has none yet."""
    return geo if geo.geo_location_place else replace(geo, geo_location_place=place)
