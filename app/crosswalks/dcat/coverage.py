"""Places and periods as DCAT gives them: nodes with shapes and names, or addresses alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.crosswalks.canonical.places import coordinate
from app.crosswalks.draft import Draft
from app.crosswalks.rdf import Graph, Node, Value
from app.datacite.coordinates import Polygon, Shape
from app.datacite.geometries import bounds, read_geometry
from app.datacite.resource import GeoLocation, Point

_START = ("startdate", "hasbeginning", "start", "begin")
_END = ("enddate", "hasend", "end")
_GEOMETRIES = ("geometry", "hasgeometry", "aswkt", "asgeojson", "asgml")
_INSTANT = ("inxsddate", "inxsddatetimestamp", "inxsddatetime", "inxsdgyear", "indatetime")

CORNERS = 5
"""A polygon of so many points beside a box only repeats it."""


def place(graph: Graph, value: Value, draft: Draft) -> None:
    """Add one place."""
    node = value.node
    if node is None:
        _place_of_text(value, draft)
        return
    box = next(_shapes(graph, node, "bbox"), None)
    shape = _joined(dict.fromkeys(_shapes(graph, node, *_GEOMETRIES)))
    centre = next(_shapes(graph, node, "centroid"), Shape())
    area = (bounds(box) if box else None) or shape.box
    point = centre.point or shape.point or _position(graph, node)
    polygon = () if area and len(shape.polygon) <= CORNERS else shape.polygon
    name = graph.label(value).text or graph.text(node, "geographicname", "geographicidentifier")
    if name == node.uri and (area or point or polygon):
        name = ""
    if name or area or point or polygon:
        draft.geo_locations.append(GeoLocation(point, area, name or None, polygon))


def _place_of_text(value: Value, draft: Draft) -> None:
    shapes = read_geometry(value.text)
    for shape in shapes:
        draft.geo_locations.append(GeoLocation(shape.point, shape.box, None, shape.polygon))
    if not shapes:
        draft.text("spatial", value.text, lang=value.lang)


def _shapes(graph: Graph, node: Node, *names: str) -> Iterator[Shape]:
    """Yield the shapes of a property; the same shape may be given in several notations."""
    for value in graph.values(node, *names):
        inner = value.node
        texts = [value.text] if inner is None else graph.texts(inner, "aswkt", "asgeojson", "asgml")
        for text in texts:
            yield from read_geometry(text)


def _joined(shapes: Iterable[Shape]) -> Shape:
    """Return one shape of several: the first point and box, and every polygon."""
    told = list(shapes)
    polygons = [shape.polygon for shape in told if shape.polygon]
    return Shape(
        next((shape.point for shape in told if shape.point), None),
        next((shape.box for shape in told if shape.box), None),
        None,
        polygons[0]
        if len(polygons) == 1
        else tuple(ring for one in polygons for ring in _rings(one)),
    )


def _rings(polygon: Polygon) -> Polygon:
    """Return a polygon as a list of outlines."""
    return polygon if isinstance(polygon[0], tuple) else (polygon,)  # type: ignore[return-value]


def _position(graph: Graph, node: Node) -> Point | None:
    latitude = coordinate(graph.text(node, "lat", "latitude"))
    longitude = coordinate(graph.text(node, "long", "longitude"))
    return None if latitude is None or longitude is None else Point(longitude, latitude)


def period(graph: Graph, value: Value, draft: Draft) -> None:
    """Add one period of time."""
    node = value.node
    if node is None:
        draft.text("temporal", value.text)
        return
    start, end = _instant(graph, node, _START), _instant(graph, node, _END)
    name = graph.label(value).text
    if start or end:
        told = name if name != node.uri else None
        draft.date(start if start == end else f"{start}/{end}", "Coverage", told or None)
    else:
        draft.text("temporal", name)


def _instant(graph: Graph, node: Node, names: tuple[str, ...]) -> str:
    """Return the beginning or end of a period: a date, or a node that has one."""
    for value in graph.values(node, *names):
        text = value.text if value.node is None else graph.text(value.node, *_INSTANT)
        if text.strip():
            return text.strip()
    return ""
