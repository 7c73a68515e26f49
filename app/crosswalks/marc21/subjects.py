"""Subjects of MARC: headings with their subdivisions, keywords, and the places in them."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks import genres
from app.crosswalks.draft import Draft
from app.crosswalks.marc21.fields import Field, Record
from app.datacite.coverage import read_coverage
from app.datacite.resource import Date, GeoLocation
from app.datacite.subjects import scheme_name

_HEADINGS = ("600", "610", "611", "630", "647", "648", "650", "651", "655", "689", "690")
_SCHEMES = {"0": "LCSH", "1": "LCSHAC", "2": "MeSH", "3": "NAL", "5": "CSH", "6": "RVM"}
_SUBDIVISIONS = ("v", "x", "y", "z")
_NAMED = {
    "600": ("t", "n", "p"),
    "610": ("t", "n", "p"),
    "611": ("n", "t", "p"),
    "630": ("n", "p"),
}
"""What else belongs to a heading that is a name or a title."""
BETWEEN = "--"
_LICENCES = ("spdx", "opendefinition.org")
_INVENIO = "C"
"""The indicator of Invenio's own collections, which are no subjects."""


def read(record: Record, draft: Draft) -> None:
    """Add subjects, and as places and times those that are such."""
    for field in record.of(*_HEADINGS):
        if _is_none(field):
            continue
        if field.tag == "648" and _time(field, draft):
            continue
        if field.tag == "655" and any(genres.known(text) for text in field.ends("a")):
            continue
        text = BETWEEN.join(_parts(field))
        if text:
            draft.subject(text, scheme=_scheme(field), value_uri=_address(field))
    for field in record.of("653", "695"):
        for keyword in field.ends("a"):
            draft.subject(keyword)
    for place in dict.fromkeys(_places(record)):
        draft.geo_locations.append(GeoLocation(geo_location_place=place))


def _is_none(field: Field) -> bool:
    """Whether a field holds something of Invenio's own: a collection, a licence."""
    if field.tag == "690" and field.first == _INVENIO:
        return True
    return field.tag == "650" and field.text("2").lower() in _LICENCES


def _parts(field: Field) -> Iterator[str]:
    """Yield the heading and its subdivisions, in their order."""
    name = " ".join(field.ends("a", "b")) if field.tag == "600" else ". ".join(field.ends("a", "b"))
    if field.tag not in _NAMED:
        name = field.end("a")
    titles = field.ends("c") if field.tag == "600" else []
    name = ", ".join(filter(None, (name, *titles)))
    heading = ". ".join(filter(None, (name, *field.ends(*_NAMED.get(field.tag, ())))))
    if heading:
        yield heading
    yield from field.ends(*_SUBDIVISIONS)


def _scheme(field: Field) -> str | None:
    told = field.end("2")
    if told:
        return scheme_name(told) or told
    if field.tag == "689":
        return "GND"
    return _SCHEMES.get(field.second) if field.tag != "690" else None


def _address(field: Field) -> str | None:
    """Return the address of a heading; control numbers are none."""
    for text in field.texts("0", "1"):
        address = text.removeprefix("(uri)").removeprefix("(URI)").strip()
        if address.lower().startswith(("http://", "https://")) and not (
            "?" in address or "sourceID" in address
        ):
            return address
    return None


def _time(field: Field, draft: Draft) -> bool:
    found = read_coverage(field.end("a")).dates
    for date in found:
        draft.notes.inferred(f"/dates/{len(draft.dates)}", "coverage.time", field.end("a"))
        draft.dates.append(Date(date.date, "Coverage", date.date_information))
    return bool(found)


def _places(record: Record) -> Iterator[str]:
    """Yield the places of geographic headings and subdivisions."""
    for field in record.of(*_HEADINGS):
        if field.tag == "651":
            yield from field.ends("a")
        yield from field.ends("z")
