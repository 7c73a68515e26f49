"""Reads foreign DataCite JSON leniently into a raw Resource: every shape that is in use.

The whole REST document or its attributes alone, strings where objects belong, both spellings of
`…Uri`, numbers as text. Unknown keys are kept out and reported; nothing raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from app.crosswalks.canonical.places import coordinate, plain_box, plain_point
from app.crosswalks.reading import Notes
from app.datacite.resource import (
    Affiliation,
    AlternateIdentifier,
    Box,
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    GeoLocation,
    ItemContributor,
    ItemCreator,
    NameIdentifier,
    Part,
    Point,
    PolygonPart,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    RelatedItemIdentifier,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)

_P = TypeVar("_P", bound=Part)
_Convert = Callable[[Any, str, Notes], Any]

# Keys of REST documents and exports that are derived, counted or administrative.
_IGNORED = """
    id prefix suffix container identifiers schemaversion schemaorg citeproc bibtex ris state xml
    reason source isactive metadataversion created registered published updated viewcount
    viewsovertime downloadcount downloadsovertime referencecount citationcount citationsovertime
    partcount partofcount versioncount versionofcount agency clientid client providerid provider
    event mode landingpage lastlandingpage relationships type $schema nameidentifiers
    citations references parts partof versions versionof lang identifier"""
IGNORED = frozenset(_IGNORED.split())
_ALIASES = {
    "affiliations": "affiliation",
    "rights": "rightslist",
    "contenturls": "contenturl",
    "resourcetype": "types",
    "creatorname": "name",
    "contributorname": "name",
    "publishername": "name",
    "pubisher": "publisher",
    "lang": "lang",
    "xml:lang": "lang",
    "language": "language",
}
_NOTHING: tuple[object, ...] = (None, "", [], {})
MARKS = ("doi", "creators", "titles", "publicationyear", "types", "identifiers", "descriptions")
"""An object with two of these keys is taken for a DataCite document."""


def attributes(document: object) -> Mapping[str, Any] | None:
    """Return the attributes of a document, None if it is no DataCite JSON."""
    if isinstance(document, list) and len(document) == 1:
        document = document[0]
    for key in ("data", "attributes"):
        found = document.get(key) if isinstance(document, dict) else None
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if isinstance(found, dict):
            document = found
    if not isinstance(document, dict):
        return None
    keys = {str(key).lower() for key in document}
    return document if sum(mark in keys for mark in MARKS) >= 2 else None


def read(found: Mapping[str, Any], notes: Notes) -> tuple[Resource, str]:
    """Return the raw Resource of DataCite attributes, and the year's text."""
    raw = _part(Resource, found, "", notes) or Resource()
    doi, alternates = _identifiers(found, raw, notes)
    year = next((v for k, v in found.items() if k.lower() == "publicationyear"), None)
    if isinstance(year, float) and year.is_integer():
        year = int(year)
    known = isinstance(year, int) and not isinstance(year, bool)
    text = f"{year:04}" if known else _text(year, "/publicationYear", notes) or ""
    return msgspec.structs.replace(raw, doi=doi, alternate_identifiers=alternates), text


def _identifiers(
    found: Mapping[str, Any], raw: Resource, notes: Notes
) -> tuple[str | None, tuple[AlternateIdentifier, ...]]:
    """Read `identifiers` too: with the DOI inside (PyPI) or as alternates (REST)."""
    doi = raw.doi
    if doi is None and isinstance(found.get("id"), str) and "10." in found["id"]:
        doi = found["id"]
    alternates = dict.fromkeys(raw.alternate_identifiers)
    for entry in (*_list(found.get("identifier")), *_list(found.get("identifiers"))):
        if isinstance(entry, str):
            entry = {"identifier": entry}
        if not isinstance(entry, dict):
            continue
        value = _text(entry.get("identifier"), "/identifiers", notes) or ""
        kind = _text(entry.get("identifierType"), "/identifiers", notes) or ""
        if kind.upper() == "DOI" and doi is None:
            doi = value
        elif value and value != doi and (kind.upper() != "DOI" or value not in (doi or "")):
            alternates.setdefault(AlternateIdentifier(value, kind))
    return doi, tuple(alternates)


# ── values ───────────────────────────────────────────────────────────────────────────────────


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any, path: str, notes: Notes) -> str | None:
    if isinstance(value, str):
        return value or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if value not in (None, [], {}) and not isinstance(value, bool):
        notes.lost(path, str(value), "Not a text where a text belongs; left out.")
    return None


def _must(value: Any, path: str, notes: Notes) -> str:
    return _text(value, path, notes) or ""


def _year(value: Any, path: str, notes: Notes) -> int | None:
    text = (_text(value, path, notes) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _number(value: Any, path: str, notes: Notes) -> float | None:
    found = coordinate(value)
    if found is None and value not in (None, ""):
        notes.problem("geo.range", path, value)
    return found


def _texts(value: Any, path: str, notes: Notes) -> tuple[str, ...]:
    found = (_text(item, f"{path}/{n}", notes) for n, item in enumerate(_list(value)))
    return tuple(text for text in found if text)


def _one(cls: type[_P]) -> _Convert:
    def convert(value: Any, path: str, notes: Notes) -> _P | None:
        items = _list(value)
        return _part(cls, items[0], path, notes) if items else None

    return convert


def _shape(cls: type[_P], plain: Callable[[str], _P | None]) -> _Convert:
    """Read a place's shape: an object, or the text that kernel 3 has for it."""
    whole = _one(cls)

    def convert(value: Any, path: str, notes: Notes) -> _P | None:
        found = plain(value) if isinstance(value, str) else None
        return found or whole(value, path, notes)

    return convert


def _many(cls: type[_P]) -> _Convert:
    def convert(value: Any, path: str, notes: Notes) -> tuple[_P, ...]:
        found = (_part(cls, item, f"{path}/{n}", notes) for n, item in enumerate(_list(value)))
        return tuple(part for part in found if part is not None)

    return convert


def _polygon(value: Any, path: str, notes: Notes) -> tuple[Any, ...]:
    """Read a list of points, a list of lists, `{polygonPoints: […]}`, or an object of both."""
    if isinstance(value, dict):
        return tuple(_corners(value, path, notes))
    if isinstance(value, list) and value and all(isinstance(item, list) for item in value):
        return tuple(
            tuple(part for item in one for part in _corners(item, path, notes)) for one in value
        )
    many = [tuple(_corners(item, path, notes)) for item in _list(value)]
    if any(len(parts) > 1 for parts in many):
        return tuple(parts for parts in many if parts)
    return tuple(part for parts in many for part in parts)


def _corners(value: Any, path: str, notes: Notes) -> Iterator[PolygonPart]:
    if not isinstance(value, dict):
        return
    found = {str(key).lower(): inner for key, inner in value.items()}
    if "pointlongitude" in found:
        yield PolygonPart(polygon_point=_part(Point, value, path, notes))
    for key in ("polygonpoint", "polygonpoints"):
        for item in _list(found.get(key)):
            yield PolygonPart(polygon_point=_part(Point, item, path, notes))
    for item in _list(found.get("inpolygonpoint")):
        yield PolygonPart(in_polygon_point=_part(Point, item, path, notes))


# ── parts ────────────────────────────────────────────────────────────────────────────────────

_SPECIAL: dict[tuple[type[Struct], str], _Convert] = {
    (Resource, "creators"): _many(Creator),
    (Resource, "contributors"): _many(Contributor),
    (Resource, "publisher"): _one(Publisher),
    (Resource, "subjects"): _many(Subject),
    (Resource, "dates"): _many(Date),
    (Resource, "types"): _one(Types),
    (Resource, "alternate_identifiers"): _many(AlternateIdentifier),
    (Resource, "related_identifiers"): _many(RelatedIdentifier),
    (Resource, "sizes"): _texts,
    (Resource, "formats"): _texts,
    (Resource, "rights_list"): _many(Rights),
    (Resource, "descriptions"): _many(Description),
    (Resource, "geo_locations"): _many(GeoLocation),
    (Resource, "funding_references"): _many(FundingReference),
    (Resource, "related_items"): _many(RelatedItem),
    (Resource, "content_url"): _texts,
    (RelatedItem, "creators"): _many(ItemCreator),
    (RelatedItem, "contributors"): _many(ItemContributor),
    (RelatedItem, "related_item_identifier"): _one(RelatedItemIdentifier),
    (GeoLocation, "geo_location_point"): _shape(Point, plain_point),
    (GeoLocation, "geo_location_box"): _shape(Box, plain_box),
    (GeoLocation, "geo_location_polygon"): _polygon,
}
_TEXT_FIELDS: dict[type[Struct], str] = {
    Types: "resource_type",
    GeoLocation: "geo_location_place",
    **dict.fromkeys((Resource, Point, Box, RelatedItem), ""),
}
"""Which field a text stands for, where it is not the first; empty where it stands for none."""
_BY_NAME: dict[str, _Convert] = {
    "titles": _many(Title),
    "name_identifiers": _many(NameIdentifier),
    "affiliation": _many(Affiliation),
    "publication_year": _year,
}


@cache
def _fields(cls: type[Part]) -> dict[str, tuple[str, _Convert]]:
    """Return each field of a part by its JSON key in lower case, with what converts its value."""
    found: dict[str, tuple[str, _Convert]] = {}
    for field in msgspec.structs.fields(cls):
        plain: _Convert = _must if field.type is str else _text
        if cls in (Point, Box):
            plain = _number
        convert = _SPECIAL.get((cls, field.name)) or _BY_NAME.get(field.name) or plain
        found[field.encode_name.lower()] = (field.name, convert)
    return found


def _part(cls: type[_P], value: Any, path: str, notes: Notes) -> _P | None:
    """Read an object, or the text that stands for its first field."""
    fields = _fields(cls)
    if not isinstance(value, dict):
        text = _text(value, path, notes)
        name = _TEXT_FIELDS.get(cls, cls.__struct_fields__[0])
        if text and not name:
            notes.lost(path, text, "A text where an object belongs; left out.")
        return cls(**{name: text}) if text and name else None
    given: dict[str, Any] = {}
    for key, inner in value.items():
        name = str(key).lower()
        known = fields.get(name) or fields.get(_ALIASES.get(name, ""))
        if known is None:
            if name not in IGNORED and inner not in _NOTHING:
                notes.problem("json.unknown-key", f"{path}/{key}", key)
        elif inner is not None and known[0] not in given:
            given[known[0]] = known[1](inner, f"{path}/{key}", notes)
    return cls(**given)
