"""Dates, periods and places of a Dublin Core record."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from app.crosswalks.dublin_core.values import Values
from app.crosswalks.reading import Notes
from app.datacite.coverage import read_coverage
from app.datacite.dates import read_date, read_dates
from app.datacite.resource import Box, Date, GeoLocation, Subject
from app.datacite.text import clean, is_null

QUALIFIED = {
    "issued": "Issued",
    "available": "Available",
    "created": "Created",
    "datesubmitted": "Submitted",
    "dateaccepted": "Accepted",
    "datecopyrighted": "Copyrighted",
    "modified": "Updated",
    "valid": "Valid",
}
Dates = dict[Date, None]


def dates(values: Values, today: datetime.date, notes: Notes) -> tuple[Date, ...]:
    """Return the dates: qualified ones as they are called, plain ones by what the others say."""
    found: Dates = {}
    for name, kind in QUALIFIED.items():
        if name in values:
            for text in _date_texts(values, name):
                _add(found, text, kind, notes)
    plain = values.get("date")
    if plain:
        read, problems = read_dates([clean(v.text) for v in plain], today)
        notes.problems.extend(problems)
        for date in read:
            if not _told(date, found):
                notes.inferred(f"/dates/{len(found)}", "date.type", date.date)
                found.setdefault(_unissued(date, found))
    return tuple(found)


def _unissued(date: Date, found: Dates) -> Date:
    """Return a plain date that contradicts the told date of issue as Other."""
    if date.date_type != "Issued" or not found:
        return date
    issued = tuple(other.date for other in found if other.date_type == "Issued")
    if not issued or date.date.startswith(issued):
        return date
    return replace(date, date_type="Other")


def _told(date: Date, found: Dates) -> bool:
    """Whether a plain date only repeats a qualified one, as it is or less exactly."""
    return bool(found) and any(other.date.startswith(date.date) for other in found)


def _date_texts(values: Values, name: str) -> Iterator[str]:
    """Yield an element's texts; what DSpace copies from its date of access is left out."""
    stamps = {v.text.strip() for v in values.get("available", ()) if "T" in v.text}
    for value in values[name]:
        text = clean(value.text)
        if name in ("created", "dateaccepted") and text in stamps:
            continue
        if not is_null(text):
            yield text


def _add(found: Dates, text: str, kind: str, notes: Notes) -> None:
    path = f"/dates/{len(found)}"
    read = read_date(text)
    if read.rule:
        notes.problem(read.rule, path, text)
    if read.date is not None:
        if read.date != text:
            notes.inferred(path, read.rule or "date.repaired", text)
        found.setdefault(Date(read.date, read.date_type or kind, read.information))


class Coverage(Struct, frozen=True):
    """What a record is about in space and time."""

    places: tuple[GeoLocation, ...]
    dates: tuple[Date, ...]
    subjects: tuple[Subject, ...]


OF_COVERAGE = ("coverage", "spatial", "boundingbox", "temporal")
_OF_COVERAGE = frozenset(OF_COVERAGE)
_NO_COVERAGE = Coverage((), (), ())


def coverage(values: Values, notes: Notes) -> Coverage:
    """Return places, times and periods that coverage elements name."""
    if _OF_COVERAGE.isdisjoint(values):
        return _NO_COVERAGE
    found_places: dict[GeoLocation, None] = {}
    times: dict[Date, None] = {}
    periods: dict[Subject, None] = {}
    for value in (*values.get("coverage", ()), *values.get("spatial", ())):
        text = clean(value.text)
        if is_null(text):
            continue
        read = read_coverage(text)
        if not (read.geo_locations or read.dates or read.subjects):
            notes.lost("/geoLocations", text, "Coordinates of a projection; left out.")
        for place in read.geo_locations:
            found_places.setdefault(place)
        for date in read.dates:
            notes.inferred("/dates", "coverage.time", text)
            times.setdefault(date)
        for subject in read.subjects:
            notes.inferred("/subjects", "coverage.period", text)
            periods.setdefault(subject)
    for value in values.get("boundingbox", ()):
        _bounding_box(value.text, found_places, notes)
    _temporal(values, times, periods, notes)
    return Coverage(tuple(found_places), tuple(times), tuple(periods))


def _bounding_box(text: str, found: dict[GeoLocation, None], notes: Notes) -> None:
    """Read csw corners: latitude first when the crs is EPSG 4326, else longitude first."""
    words = text.split()
    numbers = re.findall(r"-?[0-9]+(?:\.[0-9]+)?", " ".join(words[:4]))
    if len(numbers) != 4:
        notes.problem("geo.range", "/geoLocations", text)
        return
    a, b, c, d = map(float, numbers)
    latitude_first = any("4326" in word for word in words[4:])
    west, south, east, north = (b, a, d, c) if latitude_first else (a, b, c, d)
    if not (abs(south) <= 90 and abs(north) <= 90 and abs(west) <= 180 and abs(east) <= 180):
        notes.problem("geo.range", "/geoLocations", text)
        return
    box = Box(west, east, min(south, north), max(south, north))
    found.setdefault(GeoLocation(geo_location_box=box))


def _temporal(
    values: Values, times: dict[Date, None], periods: dict[Subject, None], notes: Notes
) -> None:
    """Read `temporal`: an even number of single dates are beginnings and ends, in order."""
    given = [text for v in values.get("temporal", ()) if not is_null(text := clean(v.text))]
    read = [read_date(text) for text in given if "=" not in text]
    single = [r.date for r in read if r.date and "/" not in r.date]
    if len(given) >= 2 and len(given) % 2 == 0 and len(single) == len(given):
        for start, end in zip(single[::2], single[1::2], strict=True):
            notes.inferred("/dates", "coverage.pair", f"{start}/{end}")
            times.setdefault(Date(f"{start}/{end}" if start != end else start, "Coverage"))
        return
    for text in given:
        found = read_coverage(text)
        for date in found.dates:
            times.setdefault(date)
        for subject in found.subjects:
            periods.setdefault(subject)
        for place in found.geo_locations:
            periods.setdefault(Subject(place.geo_location_place or text))
