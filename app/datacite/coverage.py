"""Reads coverage: places, times and periods, of which one element may name any.

Only a form that leaves no doubt is a coordinate or a date; everything else is the name of a
place. West greater than east stays: it may cross the date line.
"""

from __future__ import annotations

import re

from msgspec import Struct

from app.datacite.coordinates import Shape, box, of_geojson, of_hemispheres, of_wkt, point
from app.datacite.date_words import FILLERS, MONTHS, PRESENT
from app.datacite.dates import read_date
from app.datacite.periods import is_period
from app.datacite.resource import Date, GeoLocation, Subject
from app.datacite.text import clean, is_null


class CoverageReading(Struct, frozen=True):
    """What one text names."""

    geo_locations: tuple[GeoLocation, ...] = ()
    dates: tuple[Date, ...] = ()
    subjects: tuple[Subject, ...] = ()


_NOTHING = CoverageReading()
_KEY = re.compile(
    r"(?:^|[;\s])(northlimit|southlimit|eastlimit|westlimit|uplimit|downlimit|north|south|east|west"
    r"|elevation|name|projection|units|zunits|start|end|scheme)\s*=\s*([^;]*)",
    re.IGNORECASE,
)
_GREEK = re.compile(r"φλ=([-0-9.]+)[ ,]+([-0-9.]+)")
_LABELLED = re.compile(r"(?:^|\* )(?:MEDIAN )?([A-Z/-]+(?: [A-Z]+)?): ([^*]+)")
_BOUNDS = (
    "WEST-BOUND LONGITUDE", "EAST-BOUND LONGITUDE", "SOUTH-BOUND LATITUDE", "NORTH-BOUND LATITUDE"
)  # fmt: skip
_NUMBER = r"[-+]?[0-9]{1,12}(?:\.[0-9]{1,20})?"
_NUMBERS = re.compile(rf"[\[(]?\s*({_NUMBER}(?:[\s,;]+{_NUMBER}){{1,3}})\s*[\])]?")
_WORLD = frozenset(
    ("", "wgs84", "wgs1984", "epsg4326", "epsg:4326", "4326", "crs84", "ogc:crs84", "latlong",
     "geographic", "signeddecimaldegrees", "urn:ogc:def:crs:epsg::4326")
)  # fmt: skip
"""Names of the projection that DataCite's coordinates have."""
_WORDS = re.compile(r"[^\W\d_]+")
_TIMES = """
    to bis until till from since between and und et y entre à au century centuries cent jahrhundert
    jahrhunderts jh jhd jhdt siècle siècles siglo secolo século eeuw bc bce ad ce v n chr c ca circa
    um ab seit present now today ongoing heute s t z b early late mid before after vor nach"""
_DATE_WORDS = frozenset((*_TIMES.split(), *MONTHS, *FILLERS, *PRESENT))
LONGEST_DATE = 80


def read_coverage(text: str) -> CoverageReading:
    """Read one text of coverage, spatial or temporal."""
    text = clean(text)
    if is_null(text):
        return _NOTHING
    special = _special(text)
    if special is not None:
        return special
    if text[:7] == "scheme=" and (term := text.partition("value=")[2].rstrip("; ")):
        return _plain(term)
    if ";" not in text:
        return _plain(text)
    found = [_plain(part) for part in map(str.strip, text.split(";")) if not is_null(part)]
    return CoverageReading(
        tuple(dict.fromkeys(place for one in found for place in one.geo_locations)),
        tuple(dict.fromkeys(date for one in found for date in one.dates)),
        tuple(dict.fromkeys(subject for one in found for subject in one.subjects)),
    )


def _special(text: str) -> CoverageReading | None:
    """Read what has a syntax of its own: DCMI, WKT, GeoJSON, compass points, bare numbers."""
    if "=" in text:
        pairs = {key.lower(): value.strip() for key, value in _KEY.findall(text)}
        found = _dcmi(pairs, text) if pairs else None
        if found is not None:
            return found
    if "φλ=" in text and (place := _GREEK.search(text)):
        shape = point(place[2], place[1])
        return CoverageReading((GeoLocation(shape.point, shape.box),)) if shape else _NOTHING
    if ": " in text and text.isupper():
        labelled = _labelled(text)
        if labelled is not None:
            return labelled
    shapes: tuple[Shape, ...] | None = None
    if text[0] == "{":
        shapes = of_geojson(text)
    elif "(" in text:
        shapes = of_wkt(text)
    if shapes is None and any(map(str.isdigit, text)):
        shapes = of_hemispheres(text) or _numbers(text)
    if shapes is None:
        return None
    return CoverageReading(tuple(GeoLocation(*shape) for shape in shapes))


def _dcmi(pairs: dict[str, str], text: str) -> CoverageReading | None:
    """Read a DCMI Box, Point or Period."""
    name = pairs.get("name") or None
    if "start" in pairs or "end" in pairs:
        return _period(pairs, name, text)
    shape: Shape | None = None
    world = pairs.get("projection", "").lower().replace(" ", "").replace("_", "").replace("-", "")
    if world in _WORLD:
        sides = [pairs.get(f"{side}limit", "") for side in ("west", "east", "south", "north")]
        if all(sides):
            shape = box(*sides)
        elif "east" in pairs and "north" in pairs:
            shape = point(pairs["east"], pairs["north"])
    if shape is not None:
        return CoverageReading((GeoLocation(shape.point, shape.box, name),))
    if name is None and not pairs.keys() & {"northlimit", "east", "north"}:
        return None
    if name is None and world not in _WORLD:
        return _NOTHING
    return CoverageReading((GeoLocation(geo_location_place=name or text),))


def _labelled(text: str) -> CoverageReading | None:
    """Read "SOUTH-BOUND LATITUDE: 9.8 * WEST-BOUND LONGITUDE: …", as PANGAEA writes it."""
    pairs = dict(_LABELLED.findall(text))
    sides = [pairs.get(side, "").strip() for side in _BOUNDS]
    shape = box(*sides) if all(sides) else None
    if shape is None and "LATITUDE" in pairs and "LONGITUDE" in pairs:
        shape = point(pairs["LONGITUDE"].strip(), pairs["LATITUDE"].strip())
    start = read_date(pairs.get("DATE/TIME START", "").strip()).date or ""
    end = read_date(pairs.get("DATE/TIME END", "").strip()).date or ""
    if shape is None and not start and not end:
        return None
    dates = (Date(start if start == end else f"{start}/{end}", "Coverage"),) if start or end else ()
    return CoverageReading((GeoLocation(*shape),) if shape else (), dates)


def _period(pairs: dict[str, str], name: str | None, text: str) -> CoverageReading:
    start = read_date(pairs.get("start", "")).date or ""
    end = read_date(pairs.get("end", "")).date or ""
    start, end = start.partition("/")[0], end.rpartition("/")[2]
    if not start and not end:
        return _plain(name) if name else CoverageReading((GeoLocation(geo_location_place=text),))
    date = start if start == end else f"{start}/{end}"
    return CoverageReading(dates=(Date(date, "Coverage", name),))


def _numbers(text: str) -> tuple[Shape, ...] | None:
    """Read two numbers as a point, four as a box: latitude first unless that is impossible."""
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    numbers = re.findall(_NUMBER, match[1])
    found: Shape | None = None
    if len(numbers) == 2:
        first, second = numbers
        found = point(second, first) or point(first, second)
    elif len(numbers) == 4:
        a, b, c, d = numbers
        found = box(b, d, a, c) or box(a, c, b, d)
    return (found,) if found else None


def _plain(text: str) -> CoverageReading:
    """Read a date, a period of history or of the Earth, or a place."""
    date = _date(text)
    if date is not None:
        return CoverageReading(dates=(date,))
    if is_period(text):
        return CoverageReading(subjects=(Subject(text),))
    return CoverageReading((GeoLocation(geo_location_place=text),))


def _date(text: str) -> Date | None:
    """Read a text that is a date as a whole; one with other words in it names a place."""
    if len(text) > LONGEST_DATE or not any(map(str.isdigit, text)):
        return None
    words = _WORDS.findall(text.casefold())
    if not _DATE_WORDS.issuperset(words):
        return None
    if not words and re.fullmatch(r"[0-9]{5,}|[0-9]{1,3}", text):
        return None
    reading = read_date(text.replace("--", "-"))
    if reading.date is None:
        return None
    return Date(reading.date, "Coverage", text if "--" in text else reading.information)
