"""The register of metadata formats: one entry each, in the hub's order of preference.

OAI-PMH prefixes, content negotiation, export menus and the command line are read from it. A
format is imported when it is first read or written: a harvest that finds nothing new needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.crosswalks import namespaces, oai_datacite
from app.crosswalks.formats import MetadataFormat, Writer, later
from app.crosswalks.xml import Element, namespace

if TYPE_CHECKING:
    from app.crosswalks.nested import Reader


def _reader_of(name: str) -> Reader | None:
    """Return the reader of a format, for what stands inside of another."""
    form = FORMATS.get(name)
    return form.reader if form else None


def _written(place: str) -> Writer:
    """Return the writer of a format that needs no more than the Resource."""
    write = later(place)
    return lambda resource, _: write(resource)


_didl, _mets = later("didl.read"), later("mets.read")
_dublin_core = later("dublin_core.write")


_ALL = (
    MetadataFormat(
        "datacite_json",
        "DataCite JSON",
        media_types=("application/vnd.datacite.datacite+json", "application/json"),
        extension="json",
        json=True,
        aliases=("json",),
        json_reader=later("datacite_json.read_document"),
        writer=_written("datacite_json.write"),
    ),
    MetadataFormat(
        "datacite",
        "DataCite XML",
        namespaces.DATACITE,
        namespaces.DATACITE_SCHEMA,
        (
            "application/vnd.datacite.datacite+xml",
            "application/x-datacite+xml",
            "application/xml",
            "text/xml",
        ),
        oai=True,
        aliases=("datacite_xml", "xml"),
        reader=later("datacite.read"),
        writer=_written("datacite.write"),
    ),
    MetadataFormat(
        "oai_datacite",
        "DataCite XML in its OAI-PMH envelope",
        oai_datacite.NAMESPACE,
        oai_datacite.SCHEMA,
        oai=True,
        negotiated=False,
        reader=later("datacite.read"),
        writer=lambda resource, given: oai_datacite.write(resource, datacentre=given.datacentre),
    ),
    MetadataFormat(
        "oai_dc",
        "Dublin Core",
        namespaces.OAI_DC,
        namespaces.OAI_DC_SCHEMA,
        oai=True,
        negotiated=False,
        aliases=("dc", "dublin_core"),
        reader=later("dublin_core.read"),
        writer=lambda resource, given: _dublin_core(resource, today=given.today),
    ),
    MetadataFormat(
        "qdc",
        "Qualified Dublin Core",
        "http://dspace.org/qualifieddc/",  # no schema: the published one has no namespace
        negotiated=False,
        aliases=("oai_qdc", "qualified_dublin_core"),
        reader=later("dublin_core.read"),
        writer=_written("dublin_core.qualified.write"),
    ),
    MetadataFormat(
        "schema_org",
        "schema.org",
        media_types=("application/ld+json", "application/vnd.schemaorg.ld+json"),
        extension="jsonld",
        json=True,
        aliases=("schemaorg", "json_ld", "jsonld"),
        json_reader=later("schema_org.read"),
        writer=_written("schema_org.write"),
    ),
    MetadataFormat(
        "csl_json",
        "CSL JSON",
        media_types=("application/vnd.citationstyles.csl+json", "application/citeproc+json"),
        extension="json",
        json=True,
        aliases=("csl", "citeproc"),
        writer=_written("csl_json.write"),
    ),
    MetadataFormat(
        "bibtex",
        "BibTeX",
        media_types=("application/x-bibtex", "text/x-bibtex"),
        extension="bib",
        aliases=("bib",),
        writer=_written("bibtex.write"),
        join=later("bibtex.join"),
    ),
    MetadataFormat(
        "ris",
        "RIS",
        media_types=("application/x-research-info-systems",),
        extension="ris",
        writer=_written("ris.write"),
    ),
    MetadataFormat(
        "dcat",
        "DCAT-AP",
        "http://www.w3.org/ns/dcat#",
        media_types=("text/turtle",),
        extension="ttl",
        negotiated=False,
        aliases=("dcat_ap", "turtle", "ttl"),
        reader=later("dcat.read"),
        writer=_written("dcat.write"),
    ),
    MetadataFormat(
        "oai_openaire",
        "OpenAIRE guidelines for literature repositories",
        "http://namespace.openaire.eu/schema/oaire/",
        "https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd",
        aliases=("openaire",),
        reader=later("openaire.read"),
    ),
    MetadataFormat(
        "ddi",
        "DDI Codebook",
        "ddi:codebook:2_5",
        "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd",
        aliases=("oai_ddi", "oai_ddi25", "ddi_codebook"),
        reader=later("ddi.read"),
        stable=later("ddi.stable"),
    ),
    MetadataFormat(
        "jats",
        "JATS",
        "http://jats.nlm.nih.gov",
        "https://jats.nlm.nih.gov/archiving/1.3/xsd/JATS-archivearticle1-3.xsd",
        aliases=("oai_jats", "pmc", "nlm"),
        reader=later("jats.read"),
    ),
    MetadataFormat(
        "dim",
        "DSpace metadata (DIM)",
        "http://www.dspace.org/xmlns/dspace/dim",
        reader=later("dspace.read_dim"),
    ),
    MetadataFormat(
        "xoai",
        "DSpace metadata (xoai)",
        "http://www.lyncode.com/xoai",
        reader=later("dspace.read_xoai"),
    ),
    MetadataFormat(
        "jpcoar",
        "JPCOAR schema",
        "https://github.com/JPCOAR/schema/blob/master/2.0/",
        "https://github.com/JPCOAR/schema/blob/master/2.0/jpcoar_scm.xsd",
        aliases=("jpcoar_1_0", "jpcoar_2_0"),
        reader=later("jpcoar.read"),
    ),
    MetadataFormat(
        "mods",
        "MODS 3",
        "http://www.loc.gov/mods/v3",
        "http://www.loc.gov/standards/mods/v3/mods-3-7.xsd",
        reader=later("mods.read"),
    ),
    MetadataFormat(
        "marc21",
        "MARC 21 (MARCXML)",
        "http://www.loc.gov/MARC21/slim",
        "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd",
        aliases=("marcxml", "marc"),
        reader=later("marc21.read"),
        stable=later("marc21.stable"),
    ),
    MetadataFormat(
        "rioxx",
        "RIOXX",
        "http://www.rioxx.net/schema/v3.0/rioxx/",
        "http://www.rioxx.net/schema/v3.0/rioxx/rioxx.xsd",
        aliases=("rioxx2", "rioxx3"),
        reader=later("rioxx.read"),
    ),
    MetadataFormat(
        "uketd_dc",
        "UKETD_DC (EThOS)",
        "http://naca.central.cranfield.ac.uk/ethos-oai/2.0/",
        "http://naca.central.cranfield.ac.uk/ethos-oai/2.0/uketd_dc.xsd",
        aliases=("uketd",),
        reader=later("theses.uketd.read"),
    ),
    MetadataFormat(
        "oai_etdms",
        "ETD-MS",
        "http://www.ndltd.org/standards/metadata/etdms/1.1/",
        "http://www.ndltd.org/standards/metadata/etdms/1.1/etdms11.xsd",
        aliases=("etdms", "etd_ms"),
        reader=later("theses.etdms.read"),
    ),
    MetadataFormat(
        "xmetadissplus",
        "XMetaDissPlus",
        "http://www.d-nb.de/standards/xmetadissplus/",
        "http://www.d-nb.de/standards/xmetadissplus/xmetadissplus.xsd",
        aliases=("xmetadiss",),
        reader=later("theses.xmetadiss.read"),
    ),
    MetadataFormat(
        "junii2",
        "junii2",
        "http://irdb.nii.ac.jp/oai",
        "http://irdb.nii.ac.jp/oai/junii2-3-1.xsd",
        reader=later("junii2.read"),
    ),
    MetadataFormat(
        "iso19139",
        "ISO 19139",
        "http://www.isotc211.org/2005/gmd",
        "http://www.isotc211.org/2005/gmd/gmd.xsd",
        aliases=("iso_19139", "gmd", "gmi"),
        reader=later("iso19115.read"),
    ),
    MetadataFormat(
        "iso19115-3",
        "ISO 19115-3",
        "http://standards.iso.org/iso/19115/-3/mdb/2.0",
        "https://schemas.isotc211.org/19115/-3/mdb/2.0/mdb.xsd",
        aliases=("iso19115_3", "iso19115"),
        reader=later("iso19115.read"),
    ),
    MetadataFormat("fgdc", "FGDC CSDGM", aliases=("csdgm",), reader=later("fgdc.read")),
    MetadataFormat(
        "edm",
        "Europeana Data Model",
        "http://www.europeana.eu/schemas/edm/",
        "https://www.europeana.eu/schemas/edm/EDM.xsd",
        aliases=("oai_edm", "europeana_edm"),
        reader=later("edm.read"),
    ),
    MetadataFormat(
        "lom",
        "IEEE Learning Object Metadata",
        "http://ltsc.ieee.org/xsd/LOM",
        "http://ltsc.ieee.org/xsd/lomv1.0/lom.xsd",
        aliases=("oai_lom", "nl_lom"),
        reader=later("lom.read"),
    ),
    MetadataFormat(
        "cmdi",
        "Component Metadata (CMDI)",
        "http://www.clarin.eu/cmd/1",
        "https://infra.clarin.eu/CMDI/1.x/xsd/cmd-envelop.xsd",
        aliases=("cmd",),
        reader=later("cmdi.read"),
        stable=later("cmdi.stable"),
    ),
    MetadataFormat(
        "didl",
        "MPEG-21 DIDL",
        "urn:mpeg:mpeg21:2002:02-DIDL-NS",
        reader=lambda root, about: _didl(root, about, _reader_of),
        stable=later("didl.stable"),
    ),
    MetadataFormat(
        "mets",
        "METS",
        "http://www.loc.gov/METS/",
        reader=lambda root, about: _mets(root, about, _reader_of),
        stable=later("mets.stable"),
    ),
    MetadataFormat(
        "citation",
        "Citation",
        media_types=("text/x-bibliography",),
        extension="txt",
        writer=later("citation.write"),
    ),
    MetadataFormat(
        "dcat_xml",
        "DCAT-AP as RDF/XML",
        "http://www.w3.org/ns/dcat#",
        media_types=("application/rdf+xml",),
        negotiated=False,
        aliases=("rdf_xml",),
        writer=_written("dcat.write_xml"),
    ),
    MetadataFormat(
        "scholix",
        "Scholix links",
        media_types=("application/json",),
        extension="json",
        json=True,
        negotiated=False,
        writer=_written("scholix.write"),
    ),
)
FORMATS: Mapping[str, MetadataFormat] = MappingProxyType({form.name: form for form in _ALL})
"""Every format by its name, in the hub's order of preference."""

_STABLE = {form.namespace: form.stable for form in _ALL if form.stable is not None}

_NAMES = {alias: form for form in _ALL for alias in (form.name, *form.aliases)}


def named(name: str) -> MetadataFormat | None:
    """Return a format by its name or an alias, blind to case, `-` for `_`; None if unknown."""
    return _NAMES.get(name) or _NAMES.get(name.strip().lower().replace("-", "_").replace(".", "_"))


def stable(root: Element | None, data: bytes) -> bytes:
    """Return a record's bytes without what changes whenever it is written out.

    root: the record as it was parsed; None, or a root of another format: the bytes as they are.
    """
    cut = _STABLE.get(namespace(root)) if isinstance(root, Element) else None
    return data if cut is None else cut(data)
