"""Places as DCAT has them: names, and shapes in well-known text, longitude before latitude."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.crosswalks.datacite.writing import number
from app.crosswalks.exporting import plain
from app.crosswalks.graph import Literal, Node, Value
from app.crosswalks.linking import rings
from app.datacite.resource import Box, GeoLocation, Point

WKT = "geo:wktLiteral"


def places(told: Iterable[GeoLocation]) -> Iterator[tuple[str, Value]]:
    """Yield each place with its name and its shapes."""
    for place in told:
        facts = tuple(_facts(place))
        if facts:
            yield "dct:spatial", Node("", ("dct:Location",), facts)


def _facts(place: GeoLocation) -> Iterator[tuple[str, Value]]:
    if place.geo_location_place:
        yield "skos:prefLabel", Literal(plain(place.geo_location_place))
    if box := _box(place.geo_location_box):
        yield "dcat:bbox", Literal(box, datatype=WKT)
    point = place.geo_location_point
    if point and (text := _position(point.point_longitude, point.point_latitude)):
        yield "dcat:centroid", Literal(f"POINT({text})", datatype=WKT)
    for corners in rings(place):
        text = ", ".join(map(_corner, corners))
        yield "locn:geometry", Literal(f"POLYGON(({text}))", datatype=WKT)


def _position(longitude: float | None, latitude: float | None) -> str:
    east, north = number(longitude, 180), number(latitude, 90)
    return f"{east} {north}" if east and north else ""


def _corner(point: Point) -> str:
    return _position(point.point_longitude, point.point_latitude)


def _box(box: Box | None) -> str:
    """Return the box as a ring from the south-west; two where it crosses the date line."""
    if box is None:
        return ""
    west, east = box.west_bound_longitude, box.east_bound_longitude
    south, north = box.south_bound_latitude, box.north_bound_latitude
    corners = [_position(x, y) for x, y in ((west, south), (east, north))]
    if west is None or east is None or not all(corners):
        return ""
    if west <= east:
        return f"POLYGON({_ring(west, south, east, north)})"
    rest = _ring(west, south, 180.0, north), _ring(-180.0, south, east, north)
    return f"MULTIPOLYGON(({rest[0]}), ({rest[1]}))"


def _ring(west: float, south: float | None, east: float, north: float | None) -> str:
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return f"({', '.join(_position(x, y) for x, y in corners)})"
