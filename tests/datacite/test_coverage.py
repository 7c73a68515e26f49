"""Coverage: every worked example, further forms, and totality."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.coverage import CoverageReading, read_coverage
from app.datacite.resource import Box, Date, GeoLocation, Point, Subject


def place(name):
    return CoverageReading((GeoLocation(geo_location_place=name),))


def box(west, east, south, north, name=None):
    found = GeoLocation(geo_location_box=Box(west, east, south, north), geo_location_place=name)
    return CoverageReading((found,))


def point(longitude, latitude, name=None):
    found = GeoLocation(Point(longitude, latitude), geo_location_place=name)
    return CoverageReading((found,))


def time(date, information=None):
    return CoverageReading(dates=(Date(date, "Coverage", information),))


EXAMPLES = [
    (
        "northlimit=47.9; southlimit=47.1; westlimit=8.2; eastlimit=9.6; name=Lower Example valley",
        box(8.2, 9.6, 47.1, 47.9, "Lower Example valley"),
    ),
    (
        (
            "northlimit=5300000; southlimit=5200000; westlimit=600000; eastlimit=700000; "
            "projection=EPSG:2056; name=Exampleton"
        ),
        place("Exampleton"),
    ),
    ("east=8.55; north=47.37; name=Exampleton", point(8.55, 47.37, "Exampleton")),
    (
        "name=Baseline survey; start=1998-03; end=2007-11; scheme=W3C-DTF",
        time("1998-03/2007-11", "Baseline survey"),
    ),
    ("North 47.9, South 47.1, East 9.6, West 8.2", box(8.2, 9.6, 47.1, 47.9)),
    ("ENVELOPE(8.2, 9.6, 47.9, 47.1)", box(8.2, 9.6, 47.1, 47.9)),
    ("POINT(8.55 47.37)", point(8.55, 47.37)),
    ("47.37, 8.55", point(8.55, 47.37)),
    ("151.2 -33.9", point(151.2, -33.9)),
    ("47.1 8.2 47.9 9.6", box(8.2, 9.6, 47.1, 47.9)),
    (
        "westlimit=170; eastlimit=-170; southlimit=-20; northlimit=-10",
        box(170.0, -170.0, -20.0, -10.0),
    ),
    ("northlimit=10; southlimit=0; westlimit=350; eastlimit=355", box(-10.0, -5.0, 0.0, 10.0)),
    ("1998-2007", time("1998/2007", "1998-2007")),
    ("Holocene", CoverageReading(subjects=(Subject("Holocene"),))),
    (
        "Exampleton; Lower Example valley",
        CoverageReading(
            (
                GeoLocation(geo_location_place="Exampleton"),
                GeoLocation(geo_location_place="Lower Example valley"),
            )
        ),
    ),
    ("Exampleton, 1998", place("Exampleton, 1998")),
]
FURTHER = [
    ("φλ=51.8 5.3; projection=http://www.opengis.net/def/crs/EPSG/0/4326", point(5.3, 51.8)),
    ("east=147175; north=432975; units=m; projection=National Grid", CoverageReading()),
    ("scheme=ABR-periode; code=XME; value=Exampleton;", place("Exampleton")),
    ("3950 B.C.-1701 B.C.", time("-3949/-1700", "3950 B.C.-1701 B.C.")),
    ("W 8.2 E 9.6 S 47.1 N 47.9", box(8.2, 9.6, 47.1, 47.9)),
    ("N: 47.9 S: 47.1 E: 9.6 W: 8.2", box(8.2, 9.6, 47.1, 47.9)),
    ("southlimit=47.9; northlimit=47.1; westlimit=8; eastlimit=9", box(8.0, 9.0, 47.1, 47.9)),
    ("westlimit=0; eastlimit=360; southlimit=-90; northlimit=90", box(-180.0, 180.0, -90.0, 90.0)),
    ("BOX(8.2 47.1, 9.6 47.9)", box(8.2, 9.6, 47.1, 47.9)),
    ("120 -10 130 10", box(120.0, 130.0, -10.0, 10.0)),
    ('{"type": "Point", "coordinates": [8.55, 47.37]}', point(8.55, 47.37)),
    ("19th century", time("1801/1900", "19th century")),
    ("300 BC", time("-0299", "300 BC")),
    ("start=1998;", time("1998/")),
    ("1998", time("1998")),
    ("May 2008", time("2008-05")),
    ("Late Bronze Age", CoverageReading(subjects=(Subject("Late Bronze Age"),))),
    ("Jura", place("Jura")),
    ("Devon", place("Devon")),
    ("100", place("100")),
    ("north=200; east=8; name=Nowhere", place("Nowhere")),
    ("POINT(700 47)", place("POINT(700 47)")),
    (
        "Exampleton; 1998; Neolithic",
        CoverageReading(
            (GeoLocation(geo_location_place="Exampleton"),),
            (Date("1998", "Coverage"),),
            (Subject("Neolithic"),),
        ),
    ),
    ("n/a", CoverageReading()),
]


@pytest.mark.parametrize(("text", "reading"), EXAMPLES + FURTHER)
def test_a_text_reads_as_the_place_or_time_it_names(text, reading):
    assert read_coverage(text) == reading


def corners(geo_location):
    return [
        (part.polygon_point.point_longitude, part.polygon_point.point_latitude)
        for part in geo_location.geo_location_polygon
    ]


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON((8 47, 9 47, 9 48, 8 47))",
        "POLYGON ((8 47, 9 47, 9 48), (8.5 47.1, 8.6 47.1, 8.6 47.2, 8.5 47.1))",
        '{"type": "Polygon", "coordinates": [[[8, 47], [9, 47], [9, 48], [8, 47]]]}',
        (
            '{"type": "Feature", "geometry": {"type": "Polygon", '
            '"coordinates": [[[8, 47], [9, 47], [9, 48]]]}}'
        ),
    ],
)
def test_a_polygon_is_closed_and_has_longitude_first(text):
    (found,) = read_coverage(text).geo_locations
    assert corners(found) == [(8, 47), (9, 47), (9, 48), (8, 47)]


def test_several_polygons_are_lists_of_one_place():
    text = "MULTIPOLYGON(((8 47, 9 47, 9 48, 8 47)), ((1 2, 2 2, 2 3, 1 2)))"
    (found,) = read_coverage(text).geo_locations
    assert [len(polygon) for polygon in found.geo_location_polygon] == [4, 4]


def test_a_polygon_of_two_points_is_no_polygon():
    text = "POLYGON((8 47, 9 47, 8 47))"
    assert read_coverage(text) == place(text)


def test_degrees_with_compass_points_behind_are_a_point():
    assert read_coverage("47°22'12\"N 8°33'0\"E") == point(8.55, 47.37)


def numbers(geo_location):
    parts = [geo_location.geo_location_point, geo_location.geo_location_box]
    for part in geo_location.geo_location_polygon:
        parts.extend([part.polygon_point] if hasattr(part, "polygon_point") else
                     [one.polygon_point for one in part])  # fmt: skip
    for part in filter(None, parts):
        for field in part.__struct_fields__:
            yield field, getattr(part, field)


PIECES = [
    *(text for text, _ in EXAMPLES), "scheme=", "value=", "φλ=",
    "=", ";", " ", "(", ")", ",", "POLYGON((", "1e999", "-180",
    "360", "N", "W", "°", "'", "{", '{"type":"Point","coordinates":[', "]}", "99999999999999",
    "NaN", "1998", "start=", "name=", "BOX(", "MULTIPOLYGON(((", "8 47", ")), ((",
]  # fmt: skip


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_reading_is_total_and_stays_in_range(text):
    reading = read_coverage(text)
    for found in reading.geo_locations:
        assert found != GeoLocation()
        assert found.geo_location_place != ""
        for field, number in numbers(found):
            assert math.isfinite(number)
            assert abs(number) <= (180 if "longitude" in field else 90)
    for date in reading.dates:
        assert date.date
        assert date.date_type == "Coverage"
