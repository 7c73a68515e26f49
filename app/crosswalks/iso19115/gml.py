"""Shapes in GML: points and polygons, with their coordinates in the order that is meant.

EPSG codes put latitude first, CRS84 longitude; without a name latitude is first unless the
numbers forbid it, or the box of the same extent shows the other order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.crosswalks.iso19115.elements import attribute
from app.crosswalks.xml import Element, children, local_name, text_of
from app.datacite.resource import Box, GeoLocation, Point, PolygonPart

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_LONGITUDE_FIRST = re.compile(r"CRS:?84|/CRS/1\.3/|OGC:1\.3:CRS84", re.IGNORECASE)
_PATCHES = ("polygon", "polygonpatch")
_OUTER = ("exterior", "outerboundaryis")
MOST_POINTS = 10_000
SLACK = 0.01
"""How far a corner may lie outside the box of its extent, in degrees, for rounding."""

Pairs = list[tuple[float, float]]


def shapes(element: Element, box: Box | None) -> Iterator[GeoLocation]:
    """Yield the points and polygons inside an element. box: that of the same extent."""
    named = _named(element)
    for one in element.iter():
        name = local_name(one).lower()
        named = attribute(one, "srsname") or named
        if name in _PATCHES:
            outer = next((child for tag, child in children(one) if tag in _OUTER), None)
            pairs = _oriented(_pairs(outer), named, box) if outer is not None else []
            if pairs:
                yield GeoLocation(geo_location_polygon=tuple(map(_corner, pairs)))
        elif name == "point":
            for east, north in _oriented(_pairs(one), named, box)[:1]:
                yield GeoLocation(geo_location_point=Point(east, north))


def _named(element: Element) -> str:
    return attribute(element, "srsname")


def _corner(pair: tuple[float, float]) -> PolygonPart:
    return PolygonPart(polygon_point=Point(*pair))


def _pairs(element: Element) -> Pairs:
    """Return the positions below an element, in their own order, heights left out."""
    found: Pairs = []
    for one in element.iter():
        name = local_name(one).lower()
        if name in ("pos", "poslist"):
            numbers = _numbers(text_of(one))
            step = _dimension(one, len(numbers) if name == "pos" else 0)
            found += zip(numbers[::step], numbers[1::step], strict=False)
        elif name == "coordinates":
            for part in text_of(one).split():
                numbers = _numbers(part.replace(",", " "))
                found += [(numbers[0], numbers[1])] if len(numbers) > 1 else []
        if len(found) > MOST_POINTS:
            return []
    return found


def _numbers(text: str) -> list[float]:
    return [float(word) for word in _NUMBER.findall(text)]


def _dimension(element: Element, numbers: int) -> int:
    """Return how many numbers a position has: as is told on it or above it, else two."""
    if numbers:
        return max(2, numbers)
    for one in (element, *element.iterancestors()):
        told = attribute(one, "srsdimension") or attribute(one, "dimension")
        if told in ("2", "3"):
            return int(told)
    return 2


# ── which number comes first ─────────────────────────────────────────────────────────────────


def _oriented(pairs: Pairs, named: str, box: Box | None) -> Pairs:
    """Return (longitude, latitude) of each position; nothing if they are none."""
    swapped = [(second, first) for first, second in pairs]
    orders = (pairs, swapped) if _LONGITUDE_FIRST.search(named) else (swapped, pairs)
    possible = [order for order in orders if order and all(map(_on_globe, order))]
    if box is not None and len(possible) > 1:
        inside = [order for order in possible if _lies_in(order, box)]
        possible = inside or possible
    return possible[0] if possible else []


def _on_globe(pair: tuple[float, float]) -> bool:
    return -180 <= pair[0] <= 360 and -90 <= pair[1] <= 90


def _lies_in(pairs: Sequence[tuple[float, float]], box: Box) -> bool:
    west, east = box.west_bound_longitude, box.east_bound_longitude
    south, north = box.south_bound_latitude, box.north_bound_latitude
    if west is None or east is None or south is None or north is None or west > east:
        return False
    return all(
        west - SLACK <= x <= east + SLACK and south - SLACK <= y <= north + SLACK for x, y in pairs
    )
