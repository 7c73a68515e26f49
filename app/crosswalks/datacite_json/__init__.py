"""DataCite JSON as other programs give and expect it.

The canonical form that the store keeps is the Resource's own JSON; what is written here adds the
keys that can be derived from it. Foreign documents are read leniently, by `json_read`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from app.crosswalks import exporting
from app.crosswalks.canonical import record
from app.crosswalks.container import container
from app.crosswalks.datacite_json import reading
from app.crosswalks.reading import Circumstances, Notes, Reading
from app.datacite import type_columns
from app.datacite.problem import problem
from app.datacite.resource import Resource, Types

SCHEMA_VERSION = "http://datacite.org/schema/kernel-4"
_ENCODER = msgspec.json.Encoder()


def read_document(document: object, about: Circumstances) -> Reading:
    """Read a decoded JSON document."""
    found = reading.attributes(document)
    if found is None:
        unknown = problem("format.unknown", message="The JSON document is no DataCite JSON.")
        return Reading(None, (unknown,))
    notes = Notes()
    raw, year = reading.read(found, notes)
    resource, access = record.canonical(raw, year, notes, about)
    return notes.reading(resource, access, "datacite_json", "")


def write(resource: Resource) -> bytes:
    """Return the exported form: the canonical keys and the derived ones, in one fixed order."""
    return _ENCODER.encode(export(resource)) + b"\n"


def export(resource: Resource) -> dict[str, Any]:
    """Return the exported form as plain values."""
    canonical: dict[str, Any] = msgspec.to_builtins(resource)
    result: dict[str, Any] = {}
    if resource.doi:
        prefix, _, suffix = resource.doi.partition("/")
        result = {"id": f"https://doi.org/{resource.doi}", "doi": resource.doi}
        result |= {"prefix": prefix, "suffix": suffix}
    if alternates := resource.alternate_identifiers:
        result["identifiers"] = [
            {"identifier": a.alternate_identifier, "identifierType": a.alternate_identifier_type}
            for a in alternates
        ]
    result |= canonical
    held = container(resource)
    if resource.types:
        types = exporting.types_of(resource, held)
        result["types"] = _types(types, resource.formats) | canonical["types"]
    if held:
        result["container"] = msgspec.to_builtins(held)
    return result | {"schemaVersion": SCHEMA_VERSION}


def _types(types: Types, formats: Sequence[str]) -> dict[str, str]:
    """Return the words that other vocabularies have for a type."""
    return {
        "ris": type_columns.ris(types),
        "bibtex": type_columns.bibtex(types),
        "citeproc": type_columns.csl(types),
        "schemaOrg": type_columns.schema_org(types, formats),
    }
