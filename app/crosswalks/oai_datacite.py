"""The envelope in which DataCite records travel by OAI-PMH: opened, and joined around bytes.

Its `schemaVersion` is never believed on reading and always true on writing; the payload is the
stored `datacite` rendering, so there is one rendering to keep.
"""

from __future__ import annotations

from app.crosswalks.formats import later
from app.crosswalks.namespaces import KERNEL
from app.crosswalks.xml import element, root_start
from app.datacite.resource import Resource

NAMESPACE = "http://schema.datacite.org/oai/oai-1.1/"
SCHEMA = "http://schema.datacite.org/oai/oai-1.1/oai.xsd"
DATACENTRE = "GARNERY"
"""The symbol when nobody says whose record it is."""

ROOT = root_start("oai_datacite", {"": NAMESPACE}, (NAMESPACE, SCHEMA))
_write = later("datacite.write")
_END = b"</payload></oai_datacite>"


def envelope(datacite_bytes: bytes, symbol: str) -> bytes:
    """Join the envelope around a stored `datacite` rendering, which has no declaration."""
    version = element("schemaVersion", KERNEL)
    centre = element("datacentreSymbol", symbol.upper())
    return f"{ROOT}{version}{centre}<payload>".encode() + datacite_bytes + _END


def write(resource: Resource, *, datacentre: str = DATACENTRE) -> bytes:
    """Return the envelope with the record as DataCite XML. Raises IncompleteResource."""
    return envelope(_write(resource), datacentre)
