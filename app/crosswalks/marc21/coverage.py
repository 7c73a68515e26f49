"""Places and times of a MARC record: coordinates of maps, periods, places of events."""

from __future__ import annotations

import re

from app.crosswalks.draft import Draft
from app.crosswalks.marc21.fields import Field, Record
from app.datacite.coordinates import polygon_of
from app.datacite.coverage import read_coverage
from app.datacite.map_coordinates import coded, coded_box, on_sheet
from app.datacite.resource import Box, GeoLocation, Point

_TIME = re.compile(r"([cd])([0-9]{1,4})([0-9]{2})?([0-9]{2})?.*")
_SINGLE = ("0", "1")
WORDS = 6
"""A note on an event of more words is a sentence, not a place."""


def read(record: Record, draft: Draft) -> None:
    """Add places and times."""
    boxes: list[Box] = []
    for field in record.of("034"):
        _coordinates(field, boxes, draft)
    if not boxes:
        sheets = (on_sheet(text) for field in record.of("255") for text in field.texts("c", "a"))
        boxes.extend(sheet for sheet in sheets if sheet is not None)
    draft.geo_locations.extend(GeoLocation(geo_location_box=box) for box in boxes)
    for field in record.of("045"):
        _period(field, draft)
    for field in record.of("518"):
        _event(field, draft)
    for field in record.of("522"):
        draft.text("coverage", field.end("a"))


def _coordinates(field: Field, boxes: list[Box], draft: Draft) -> None:
    """Add a box, or the points of a ring; what was told in another notation is there already."""
    sides = [field.text(code) for code in "defg"]
    box = coded_box(*sides) if all(sides) else None
    if box is not None:
        if not any(_same(box, held) for held in boxes):
            boxes.append(box)
        return
    ring = [
        (x, y)
        for north, east in zip(field.texts("s"), field.texts("t"), strict=False)
        if (x := coded(east)) is not None and (y := coded(north)) is not None
    ]
    if len(ring) == 1 and abs(ring[0][0]) <= 180 and abs(ring[0][1]) <= 90:
        draft.geo_locations.append(GeoLocation(geo_location_point=Point(*ring[0])))
    elif len(ring) > 1 and (polygon := polygon_of(ring)):
        draft.geo_locations.append(GeoLocation(geo_location_polygon=polygon))
    elif any(sides):
        draft.notes.problem("geo.range", "/geoLocations", " ".join(filter(None, sides)))


def _same(one: Box, other: Box) -> bool:
    """Whether two boxes are one but for the rounding of their numbers."""
    pairs = (
        (one.west_bound_longitude, other.west_bound_longitude),
        (one.east_bound_longitude, other.east_bound_longitude),
        (one.south_bound_latitude, other.south_bound_latitude),
        (one.north_bound_latitude, other.north_bound_latitude),
    )
    return all(abs((a or 0) - (b or 0)) < 0.001 for a, b in pairs)


def _period(field: Field, draft: Draft) -> None:
    """Add the time that is covered: two dates are a range, unless they are said to be single."""
    times = [time for text in field.texts("b") if (time := _time(text))]
    if len(times) == 2 and field.first not in _SINGLE:
        times = ["/".join(times)]
    for time in times:
        draft.notes.inferred(f"/dates/{len(draft.dates)}", "coverage.time", time)
        draft.date(time, "Coverage")


def _time(text: str) -> str:
    """Return `d19980301` as a date, `c0221` as the year before Christ that it is."""
    match = _TIME.fullmatch(text.strip().lower())
    if match is None:
        return ""
    era, year, month, day = match.groups()
    if era == "c":
        return f"-{int(year) - 1:04d}" if int(year) > 1 else "0000"
    return "-".join(filter(None, (year.zfill(4), month, day if month else "")))


def _event(field: Field, draft: Draft) -> None:
    """Add when and where something was recorded; a sentence about it is a note."""
    for text in field.ends("d", "p"):
        draft.text("coverage", text)
    for text in field.ends("a"):
        found = read_coverage(text)
        if found.dates or text.count(" ") < WORDS:
            draft.text("coverage", text)
        else:
            draft.describe(text, "Other")
