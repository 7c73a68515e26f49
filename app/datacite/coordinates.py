"""Reads coordinates as text into points, boxes and polygons of WGS 84, longitude first.

Longitudes up to 360 are brought to -180…180, north and south put in order; what is out of range
all the same is no coordinate.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from app.datacite.resource import Box, Point, PolygonPart

Polygon = tuple[PolygonPart | tuple[PolygonPart, ...], ...]


class Shape(NamedTuple):
    """The first four fields of a GeoLocation; at most one of point, box, polygon is there."""

    point: Point | None = None
    box: Box | None = None
    place: str | None = None
    polygon: Polygon = ()


MOST_POINTS = 10_000
_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?"
_PAIR = re.compile(rf"\s*({_NUMBER})[\s,]+({_NUMBER})(?:[\s,]+{_NUMBER}){{0,2}}\s*")
_WKT = re.compile(
    r"(?:SRID\s*=\s*4326\s*;\s*)?(POINT|ENVELOPE|BOX|BBOX|POLYGON|MULTIPOLYGON)\s*Z?M?\s*\((.*)\)",
    re.IGNORECASE | re.DOTALL,
)
_RING = re.compile(r"\(([^()]+)\)")
_COMPASS = re.compile(
    r"\b(north|south|east|west|[nsew])"
    r"(?:[- ]?(?:bound(?:ing)?|limit)(?:[- ]?(?:latitude|longitude))?)?"
    rf"\s*[:=]?\s*({_NUMBER})\s*°?(?:[\s,;/]+|$)",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    r"(?<![0-9.])([0-9]{1,3}(?:\.[0-9]{1,20})?)\s*(?:[°º˚]\s*"
    r"(?:([0-9]{1,2}(?:\.[0-9]{1,10})?)\s*['′’´]\s*)?"
    r"(?:([0-9]{1,2}(?:\.[0-9]{1,10})?)\s*(?:[\"″”]|'')\s*)?)?([NSEW])\b[\s,;/–-]*"
)


def _float(text: str) -> float | None:
    """Return a finite number, also one with a decimal comma."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number + 0.0 if math.isfinite(number) else None


def longitude(number: float) -> float | None:
    """Bring 180…360 to -180…0; None if it is out of range."""
    if 180 < number <= 360:
        number = round(number - 360, 12)
    return number + 0.0 if -180 <= number <= 180 else None


def latitude(number: float) -> float | None:
    """Return a latitude, None if it is out of range."""
    return number + 0.0 if -90 <= number <= 90 else None


def _point(east: float | None, north: float | None) -> Point | None:
    x = longitude(east) if east is not None else None
    y = latitude(north) if north is not None else None
    return Point(x, y) if x is not None and y is not None else None


def point(east: str, north: str) -> Shape | None:
    """Return a point of two numbers as text, longitude first."""
    found = _point(_float(east), _float(north))
    return Shape(point=found) if found else None


def box(west: str, east: str, south: str, north: str) -> Shape | None:
    """Return a box; north below south is turned round, west beyond east is kept."""
    left, right = _float(west), _float(east)
    if left is not None and right is not None and right - left == 360:
        left, right = -180.0, 180.0
    low, high = _point(left, _float(south)), _point(right, _float(north))
    if low is None or high is None:
        return None
    ys = sorted(y for y in (low.point_latitude, high.point_latitude) if y is not None)
    return Shape(box=Box(low.point_longitude, high.point_longitude, ys[0], ys[1]))


def of_wkt(text: str) -> tuple[Shape, ...] | None:
    """Read WKT: POINT, POLYGON, MULTIPOLYGON (outer rings), ENVELOPE(w, e, n, s), BOX(w s, e n)."""
    match = _WKT.fullmatch(text.strip())
    if match is None:
        return None
    kind, inside = match[1].upper(), match[2]
    if kind == "POINT":
        pair = _PAIR.fullmatch(inside)
        found = point(*pair.groups()) if pair else None
        return (found,) if found else None
    if kind in ("POLYGON", "MULTIPOLYGON"):
        return _rings(kind, inside)
    numbers = re.findall(_NUMBER, inside)
    if len(numbers) != 4:
        return None
    if kind == "ENVELOPE":
        west, east, north, south = numbers
    else:
        west, south, east, north = numbers
    found = box(west, east, south, north)
    return (found,) if found else None


def _rings(kind: str, inside: str) -> tuple[Shape, ...] | None:
    """Read the outer ring of each polygon; holes have no place in the schema."""
    polygons = re.split(r"\)\s*\)\s*,\s*\(\s*\(", inside) if kind == "MULTIPOLYGON" else [inside]
    found = []
    for polygon in polygons:
        ring = _RING.search(f"({polygon.strip().lstrip('(').rstrip(')').partition(')')[0]})")
        pairs = [_PAIR.fullmatch(pair) for pair in ring[1].split(",")] if ring else []
        if not pairs or len(pairs) > MOST_POINTS or not all(pairs):
            return None
        made = polygon_of([(float(p[1]), float(p[2])) for p in pairs if p])
        if made is None:
            return None
        found.append(made)
    return (_shape(found),) if found else None


def _shape(polygons: Sequence[tuple[PolygonPart, ...]]) -> Shape:
    """Return one polygon as a list of parts, several as a list of such lists."""
    return Shape(polygon=polygons[0] if len(polygons) == 1 else tuple(polygons))


def polygon_of(pairs: Sequence[tuple[float, float]]) -> tuple[PolygonPart, ...] | None:
    """Return a closed polygon of (longitude, latitude); None below three distinct points."""
    points = [_point(x, y) for x, y in pairs if math.isfinite(x) and math.isfinite(y)]
    known = [p for p in points if p is not None]
    if len(known) != len(pairs) or len(set(known)) < 3:
        return None
    if known[0] != known[-1]:
        known.append(known[0])
    return tuple(PolygonPart(polygon_point=p) for p in known) if len(known) > 3 else None


class _GeoJSON(msgspec.Struct, frozen=True):
    type: str = ""
    coordinates: object = None
    geometry: object = None
    bbox: object = None


def of_geojson(text: str) -> tuple[Shape, ...] | None:
    """Read a GeoJSON Point, Polygon, MultiPolygon, a Feature of these, or its bbox."""
    try:
        found = msgspec.json.decode(text, type=_GeoJSON)
        if found.type == "Feature":
            inner = msgspec.convert(found.geometry, _GeoJSON)
            found = _GeoJSON(inner.type, inner.coordinates, None, inner.bbox or found.bbox)
        return _geometry(found)
    except (msgspec.DecodeError, ValueError, OverflowError, RecursionError):
        return None


def _geometry(found: _GeoJSON) -> tuple[Shape, ...] | None:
    if found.type == "Point":
        x, y = msgspec.convert(found.coordinates, list[float])[:2]
        made = _point(x, y)
        return (Shape(point=made),) if made else None
    if found.type == "Polygon":
        rings = msgspec.convert(found.coordinates, list[list[list[float]]])
        return _outer([rings])
    if found.type == "MultiPolygon":
        return _outer(msgspec.convert(found.coordinates, list[list[list[list[float]]]]))
    if found.bbox:
        west, south, east, north = msgspec.convert(found.bbox, list[float])
        shape = box(str(west), str(east), str(south), str(north))
        return (shape,) if shape else None
    return None


def _outer(polygons: Sequence[Sequence[Sequence[Sequence[float]]]]) -> tuple[Shape, ...] | None:
    rings = [polygon[0] for polygon in polygons if polygon]
    made = [polygon_of([(pair[0], pair[1]) for pair in r if len(pair) > 1]) for r in rings]
    known = [polygon for polygon in made if polygon]
    return (_shape(known),) if known and len(known) == len(made) else None


def of_hemispheres(text: str) -> tuple[Shape, ...] | None:
    """Read numbers with their compass points, in front ("N 47.9 …") or behind (`47°22'N`)."""
    pairs = _COMPASS.findall(text)
    if pairs and not _COMPASS.sub("", text).strip(" ,;"):
        sides = {side[0].upper(): number for side, number in pairs}
        if len(sides) == len(pairs):
            return _of_sides(sides)
    return _of_degrees(text)


def _of_sides(sides: dict[str, str]) -> tuple[Shape, ...] | None:
    found: Shape | None = None
    if len(sides) == 4:
        found = box(sides["W"], sides["E"], sides["S"], sides["N"])
    elif sides.keys() == {"N", "E"}:
        found = point(sides["E"], sides["N"])
    return (found,) if found else None


def _of_degrees(text: str) -> tuple[Shape, ...] | None:
    """Read a point in degrees, minutes and seconds with the compass points behind."""
    parts = _DEGREES.findall(text)
    if len(parts) != 2 or _DEGREES.sub("", text).strip(" ,;()"):
        return None
    numbers: dict[str, float] = {}
    for degrees, minutes, seconds, side in parts:
        number = float(degrees) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
        axis = "y" if side in "NS" else "x"
        numbers[axis] = round(-number if side in "SW" else number, 6)
    made = _point(numbers.get("x"), numbers.get("y"))
    return (Shape(point=made),) if made else None
