"""The register of metadata formats: one entry each, in the hub's order of preference.

OAI-PMH prefixes, content negotiation, export menus and the command line are read from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.crosswalks import citation, datacite, datacite_json, dublin_core, oai_datacite
from app.crosswalks.formats import MetadataFormat

_ALL = (
    MetadataFormat(
        "datacite_json",
        "DataCite JSON",
        media_types=("application/vnd.datacite.datacite+json", "application/json"),
        extension="json",
        json=True,
        aliases=("json",),
        writer=lambda resource, _: datacite_json.write(resource),
    ),
    MetadataFormat(
        "datacite",
        "DataCite XML",
        datacite.NAMESPACE,
        datacite.SCHEMA,
        (
            "application/vnd.datacite.datacite+xml",
            "application/x-datacite+xml",
            "application/xml",
            "text/xml",
        ),
        oai=True,
        aliases=("datacite_xml", "xml"),
        reader=datacite.read,
        writer=lambda resource, _: datacite.write(resource),
    ),
    MetadataFormat(
        "oai_datacite",
        "DataCite XML in its OAI-PMH envelope",
        oai_datacite.NAMESPACE,
        oai_datacite.SCHEMA,
        oai=True,
        reader=datacite.read,
        writer=lambda resource, given: oai_datacite.write(resource, datacentre=given.datacentre),
    ),
    MetadataFormat(
        "oai_dc",
        "Dublin Core",
        dublin_core.NAMESPACE,
        dublin_core.SCHEMA,
        oai=True,
        aliases=("dc", "dublin_core"),
        reader=dublin_core.read,
        writer=lambda resource, given: dublin_core.write(resource, today=given.today),
    ),
    MetadataFormat(
        "citation",
        "Citation",
        media_types=("text/x-bibliography",),
        extension="txt",
        writer=lambda resource, _: citation.write(resource),
    ),
)
FORMATS: Mapping[str, MetadataFormat] = MappingProxyType({form.name: form for form in _ALL})
"""Every format by its name, in the hub's order of preference."""

_NAMES = {alias: form for form in _ALL for alias in (form.name, *form.aliases)}


def named(name: str) -> MetadataFormat | None:
    """Return a format by its name or an alias, blind to case, `-` for `_`; None if unknown."""
    return _NAMES.get(name.strip().lower().replace("-", "_").replace(".", "_"))
