"""Shapes as graphs give them: the reference system tells which number comes first."""

from __future__ import annotations

import pytest

from app.datacite.geometries import bounds, read_geometry
from app.datacite.resource import Box, Point

BOX = Box(8.0, 9.0, 47.0, 48.0)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/4326"


@pytest.mark.parametrize(
    "text",
    [
        "POINT(8 47)",
        f"<{CRS84}> POINT(8 47)",
        f"<{EPSG}> POINT(47 8)",
        '{"type": "Point", "coordinates": [8, 47]}',
        f'<gml:Point srsName="{EPSG}"><gml:pos>47 8</gml:pos></gml:Point>',
        f'<gml:Point srsName="{CRS84}"><gml:coordinates>8,47</gml:coordinates></gml:Point>',
        '<Point srsName="urn:ogc:def:crs:EPSG::4326"><pos>47 8</pos></Point>',
        '<Point srsName="EPSG:4326"><pos>8 47</pos></Point>',
    ],
)
def test_a_point_in_any_notation_is_the_same(text: str) -> None:
    (shape,) = read_geometry(text)
    assert shape.point == Point(8.0, 47.0)


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON((8 47, 9 47, 9 48, 8 48, 8 47))",
        f"<{EPSG}> POLYGON((47 8, 47 9, 48 9, 48 8, 47 8))",
        '{"type": "Polygon", "coordinates": [[[8, 47], [9, 47], [9, 48], [8, 48], [8, 47]]]}',
        (
            "<gml:Envelope><gml:lowerCorner>8 47</gml:lowerCorner>"
            "<gml:upperCorner>9 48</gml:upperCorner></gml:Envelope>"
        ),
        (
            f'<gml:Polygon srsName="{EPSG}"><gml:posList>47 8 47 9 48 9 48 8 47 8</gml:posList>'
            "</gml:Polygon>"
        ),
    ],
)
def test_a_box_in_any_notation_is_the_same(text: str) -> None:
    (shape,) = read_geometry(text)
    assert bounds(shape) == BOX


def test_two_polygons_at_the_date_line_are_one_box_across_it() -> None:
    text = (
        "MULTIPOLYGON(((170 -20,180 -20,180 -10,170 -10,170 -20)),"
        "((-180 -20,-170.5 -20,-170.5 -10,-180 -10,-180 -20)))"
    )
    (shape,) = read_geometry(text)
    assert bounds(shape) == Box(170.0, -170.5, -20.0, -10.0)


@pytest.mark.parametrize(
    "text",
    ["", "Exampleton", "POINT(", "POINT(8 147)", "{", "<gml:Point>", "<a><pos>x</pos></a>",
     "<<>> POINT(1 2)", "{}", "<gml:posList>1 2 3 4</gml:posList>"],
)  # fmt: skip
def test_what_is_no_shape_is_none(text: str) -> None:
    assert read_geometry(text) == ()


def test_a_point_has_no_bounds() -> None:
    (shape,) = read_geometry("POINT(8 47)")
    assert bounds(shape) is None
