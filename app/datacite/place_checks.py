"""What can be said against coordinates: off the globe, exchanged, polygons that are none.

Each function adds Problems to a list. West of east is a crossing of the date line, never an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.datacite.problem import Problem, problem
from app.datacite.resource import Box, GeoLocation, Point, PolygonPart


def geo_locations(locations: Sequence[GeoLocation], found: list[Problem]) -> None:
    """Check points, boxes and polygons."""
    for place, location in enumerate(locations):
        root = f"/geoLocations/{place}"
        if location.geo_location_point is not None:
            _point(location.geo_location_point, f"{root}/geoLocationPoint", found)
        if location.geo_location_box is not None:
            _box(location.geo_location_box, f"{root}/geoLocationBox", found)
        for path, polygon in polygons(location):
            _polygon(polygon, f"{root}/geoLocationPolygon{path}", found)


def polygons(location: GeoLocation) -> Iterator[tuple[str, tuple[PolygonPart, ...]]]:
    """Yield the polygons of a place, each with its pointer below `geoLocationPolygon`."""
    single = tuple(part for part in location.geo_location_polygon if isinstance(part, PolygonPart))
    if single:
        yield "", single
    for place, part in enumerate(location.geo_location_polygon):
        if isinstance(part, tuple):
            yield f"/{place}", part


def _on_globe(longitude: float | None, latitude: float | None) -> bool:
    if longitude is None or latitude is None:
        return False
    return -180 <= longitude <= 180 and -90 <= latitude <= 90


def _point(point: Point, path: str, found: list[Problem]) -> None:
    if not _on_globe(point.point_longitude, point.point_latitude):
        value = f"{point.point_longitude} {point.point_latitude}"
        found.append(problem("geo.range", path, value))


def _box(box: Box, path: str, found: list[Problem]) -> None:
    west, east = box.west_bound_longitude, box.east_bound_longitude
    south, north = box.south_bound_latitude, box.north_bound_latitude
    if not (_on_globe(west, south) and _on_globe(east, north)):
        found.append(problem("geo.range", path, f"{west} {east} {south} {north}"))
        return
    if (south or 0) > (north or 0):
        found.append(problem("geo.latitude-order", path, f"{south} {north}"))
    if (west or 0) > (east or 0):
        found.append(problem("geo.date-line", path, f"{west} {east}"))


def _polygon(parts: Sequence[PolygonPart], path: str, found: list[Problem]) -> None:
    for place, part in enumerate(parts):
        for point, key in (
            (part.polygon_point, "polygonPoint"),
            (part.in_polygon_point, "inPolygonPoint"),
        ):
            if point is not None:
                _point(point, f"{path}/{place}/{key}", found)
    corners = [part.polygon_point for part in parts if part.polygon_point is not None]
    if len(set(corners)) < 3:
        found.append(problem("geo.polygon-short", path, len(corners)))
    elif corners[0] != corners[-1]:
        found.append(problem("geo.polygon-open", path, len(corners)))
