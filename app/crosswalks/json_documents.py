"""JSON documents: what stands in one tells its format, as the root does in XML."""

from __future__ import annotations

import msgspec

from app.crosswalks.datacite_json import reading
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.register import FORMATS
from app.crosswalks.schema_org import nodes
from app.datacite.problem import problem


def read(data: bytes, about: Circumstances) -> Reading:
    """Read a JSON document; one that is none, or of no known format, has no resource."""
    try:
        document: object = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        wrong = problem("xml.malformed", message=f"The text is no JSON: {error}.")
        return Reading(None, (wrong,))
    form = FORMATS.get(format_of(document))
    if form is None or form.json_reader is None:
        message = "The JSON document is neither DataCite JSON nor JSON-LD of schema.org."
        return Reading(None, (problem("format.unknown", message=message),))
    return form.json_reader(document, about)


def format_of(document: object) -> str:
    """Return the format that a decoded document shows; empty if none is known."""
    if nodes.speaks_schema_org(document):
        return "schema_org"
    return "datacite_json" if reading.attributes(document) is not None else ""
