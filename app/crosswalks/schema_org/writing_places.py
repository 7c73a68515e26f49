"""Places as schema.org has them: latitude before longitude, shapes as one text of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.crosswalks.datacite.writing import number
from app.crosswalks.exporting import plain
from app.crosswalks.linking import rings
from app.datacite.resource import Box, GeoLocation, Point

Shape = dict[str, Any]


def places(told: Iterable[GeoLocation]) -> Iterator[Shape]:
    """Yield each place with its name and its shapes."""
    for place in told:
        shapes = list(_shapes(place))
        found: Shape = {"@type": "Place"}
        if place.geo_location_place:
            found["name"] = plain(place.geo_location_place)
        if shapes:
            found["geo"] = shapes[0] if len(shapes) == 1 else shapes
        if len(found) > 1:
            yield found


def _shapes(place: GeoLocation) -> Iterator[Shape]:
    point = place.geo_location_point
    if point and point.point_latitude is not None and point.point_longitude is not None:
        yield {
            "@type": "GeoCoordinates",
            "latitude": _plain_number(point.point_latitude),
            "longitude": _plain_number(point.point_longitude),
        }
    if box := _box(place.geo_location_box):
        yield {"@type": "GeoShape", "box": box}
    for corners in rings(place):
        text = " ".join(f"{_latitude(one)} {_longitude(one)}" for one in corners)
        yield {"@type": "GeoShape", "polygon": text}


def _plain_number(value: float) -> float:
    return value or 0.0


def _latitude(point: Point) -> str:
    return number(point.point_latitude, 90)


def _longitude(point: Point) -> str:
    return number(point.point_longitude, 180)


def _box(box: Box | None) -> str:
    """Return `south west north east`."""
    if box is None:
        return ""
    sides = (
        number(box.south_bound_latitude, 90),
        number(box.west_bound_longitude, 180),
        number(box.north_bound_latitude, 90),
        number(box.east_bound_longitude, 180),
    )
    return " ".join(sides) if all(sides) else ""
