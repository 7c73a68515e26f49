"""Reads shapes that a graph gives as text: WKT of GeoSPARQL, GeoJSON, GML.

Which number comes first is told by the reference system; where none is named, the longitude does.
"""

from __future__ import annotations

import re

from app.datacite.coordinates import Shape, box, of_geojson, of_wkt, point, polygon_of
from app.datacite.resource import Box, PolygonPart

_CRS = re.compile(r"\s*<([^<>\s]+)>\s*(?=[A-Za-z])")
_NUMBER = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
_NUMBERS = re.compile(_NUMBER)
_PAIR = re.compile(rf"({_NUMBER})\s+({_NUMBER})")
_LATITUDE_FIRST = re.compile(r"def[:/]crs[:/]EPSG[:/][0-9.]*[:/]4326|crs/EPSG/4326", re.I)
_GML = re.compile(
    r"<(?:\w+:)?(lowerCorner|upperCorner|pos|posList|coordinates)\b[^>]*>([^<]*)<", re.I
)
LONGEST = 2_000_000


def read_geometry(text: str) -> tuple[Shape, ...]:
    """Return the shapes of one text; none where it is in no known notation."""
    text = text.strip()
    if len(text) > LONGEST:
        return ()
    if text[:1] == "{":
        return of_geojson(text) or ()
    crs = _CRS.match(text)
    if crs is not None:
        text = text[crs.end() :]
        if _LATITUDE_FIRST.search(crs[1]):
            text = _PAIR.sub(r"\2 \1", text)
    if text[:1] == "<":
        return _of_gml(text)
    return of_wkt(text) or ()


def _of_gml(text: str) -> tuple[Shape, ...]:
    turned = _LATITUDE_FIRST.search(text) is not None
    told = [(name.lower(), _pairs(numbers, turned=turned)) for name, numbers in _GML.findall(text)]
    pairs = [pair for _, some in told for pair in some]
    found: Shape | None = None
    if any(name == "lowercorner" for name, _ in told) and len(pairs) == 2:
        (west, south), (east, north) = pairs
        found = box(west, east, south, north)
    elif len(pairs) == 1:
        found = point(*pairs[0])
    elif len(pairs) > 2:
        shape = polygon_of([(float(x), float(y)) for x, y in pairs])
        found = Shape(polygon=shape) if shape else None
    return (found,) if found else ()


def _pairs(text: str, *, turned: bool) -> list[tuple[str, str]]:
    """Return (longitude, latitude) of numbers in a row."""
    numbers = _NUMBERS.findall(text)
    first, second = (numbers[1::2], numbers[::2]) if turned else (numbers[::2], numbers[1::2])
    return list(zip(first, second, strict=False))


def bounds(shape: Shape) -> Box | None:
    """Return the box around a shape: what a bounding box given as a polygon means.

    Two polygons that meet at the date line are one box across it.
    """
    if shape.box is not None or not shape.polygon:
        return shape.box
    rings = [part for part in shape.polygon if isinstance(part, tuple)]
    single = tuple(part for part in shape.polygon if isinstance(part, PolygonPart))
    boxes = [found for ring in (*rings, single) if (found := _around(ring))]
    if not boxes:
        return None
    south = min(x.south_bound_latitude or 0.0 for x in boxes)
    north = max(x.north_bound_latitude or 0.0 for x in boxes)
    west = min(x.west_bound_longitude or 0.0 for x in boxes)
    east = max(x.east_bound_longitude or 0.0 for x in boxes)
    if len(boxes) == 2 and (west, east) == (-180, 180):
        left, right = sorted(boxes, key=lambda one: one.west_bound_longitude == -180)
        west, east = left.west_bound_longitude or 0.0, right.east_bound_longitude or 0.0
    return Box(west, east, south, north)


def _around(ring: tuple[PolygonPart, ...]) -> Box | None:
    points = [part.polygon_point for part in ring if part.polygon_point is not None]
    x = [p.point_longitude for p in points if p.point_longitude is not None]
    y = [p.point_latitude for p in points if p.point_latitude is not None]
    return Box(min(x), max(x), min(y), max(y)) if x and y else None
