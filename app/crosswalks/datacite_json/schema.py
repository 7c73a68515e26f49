"""The JSON Schema of canonical DataCite JSON, generated from the Structs and the controlled lists.

It is stricter than the Structs: a key without a value is absent, every list term is one of 4.7,
and what must stand in a part that is given at all is required.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from app.datacite.resource import Resource
from app.datacite.vocabularies import CURRENT

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DOI = r"^10\.[0-9]{4,9}(\.[0-9]+)*/\S+$"
LONGITUDES = frozenset(("pointLongitude", "westBoundLongitude", "eastBoundLongitude"))
LATITUDES = frozenset(("pointLatitude", "southBoundLatitude", "northBoundLatitude"))

_LISTS = {
    "nameType": "nameType",
    "titleType": "titleType",
    "contributorType": "contributorType",
    "dateType": "dateType",
    "resourceTypeGeneral": "resourceTypeGeneral",
    "relatedItemType": "resourceTypeGeneral",
    "relationType": "relationType",
    "relatedIdentifierType": "relatedIdentifierType",
    "relatedItemIdentifierType": "relatedIdentifierType",
    "descriptionType": "descriptionType",
    "funderIdentifierType": "funderIdentifierType",
    "numberType": "numberType",
}
"""Which controlled list the values of a key are from."""

_REQUIRED = """
    Creator: name
    Contributor: name contributorType
    ItemCreator: name
    ItemContributor: name contributorType
    NameIdentifier: nameIdentifier nameIdentifierScheme
    Affiliation: name
    Title: title
    Publisher: name
    Subject: subject
    Date: date dateType
    Types: resourceTypeGeneral
    AlternateIdentifier: alternateIdentifier alternateIdentifierType
    RelatedIdentifier: relatedIdentifier relatedIdentifierType relationType
    Description: description descriptionType
    FundingReference: funderName
    RelatedItem: relatedItemType relationType
    RelatedItemIdentifier: relatedItemIdentifier
    Point: pointLongitude pointLatitude
    Box: westBoundLongitude eastBoundLongitude southBoundLatitude northBoundLatitude"""
REQUIRED: Mapping[str, list[str]] = {
    name: keys.split()
    for name, _, keys in (line.strip().partition(":") for line in _REQUIRED.strip().splitlines())
}
"""What must stand in a part, if the part is there."""


@cache
def schema() -> dict[str, Any]:
    """Return the schema; a Resource's canonical JSON is valid against it."""
    whole = msgspec.json.schema(Resource)
    parts = {name: _part(name, part) for name, part in whole["$defs"].items()}
    return {"$schema": DIALECT, "$ref": whole["$ref"], "$defs": parts}


def _part(name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    keys = {key: _value(key, value) for key, value in part["properties"].items()}
    if name == "PolygonPart":
        return _object(part, keys) | {"minProperties": 1, "maxProperties": 1}
    return _object(part, keys) | {"required": REQUIRED.get(name, [])}


def _object(part: Mapping[str, Any], keys: Mapping[str, Any]) -> dict[str, Any]:
    told = {key: part[key] for key in ("title", "description") if key in part}
    return told | {"type": "object", "properties": dict(keys), "additionalProperties": False}


def _value(key: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a key may hold: never null, never empty, of its list, on the globe."""
    kinds = [kind for kind in value.get("anyOf", [value]) if kind.get("type") != "null"]
    found = {name: inner for name, inner in kinds[0].items() if name != "default"}
    if len(kinds) > 1:
        return {"anyOf": kinds}
    if key in _LISTS:
        return {"enum": sorted(CURRENT[_LISTS[key]])}
    if key in LONGITUDES or key in LATITUDES:
        limit = 180 if key in LONGITUDES else 90
        return {"type": "number", "minimum": -limit, "maximum": limit}
    if key == "doi":
        return found | {"pattern": DOI}
    if found.get("type") == "array":
        return found | {"minItems": 1, "items": _value("", found["items"])}
    return found | {"minLength": 1} if found.get("type") == "string" else found
