"""The register of metadata formats: one entry each, in the hub's order of preference.

OAI-PMH prefixes, content negotiation, export menus and the command line are read from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.crosswalks import (
    bibtex,
    citation,
    cmdi,
    csl_json,
    datacite,
    datacite_json,
    dcat,
    ddi,
    didl,
    dspace,
    dublin_core,
    edm,
    fgdc,
    iso19115,
    jats,
    jpcoar,
    junii2,
    lom,
    marc21,
    mets,
    mods,
    oai_datacite,
    openaire,
    rioxx,
    ris,
    schema_org,
    scholix,
)
from app.crosswalks.dublin_core import qualified
from app.crosswalks.formats import MetadataFormat
from app.crosswalks.nested import Reader
from app.crosswalks.theses import etdms, uketd, xmetadiss


def _reader_of(name: str) -> Reader | None:
    """Return the reader of a format, for what stands inside of another."""
    form = FORMATS.get(name)
    return form.reader if form else None


_ALL = (
    MetadataFormat(
        "datacite_json",
        "DataCite JSON",
        media_types=("application/vnd.datacite.datacite+json", "application/json"),
        extension="json",
        json=True,
        aliases=("json",),
        json_reader=datacite_json.read_document,
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
        negotiated=False,
        reader=datacite.read,
        writer=lambda resource, given: oai_datacite.write(resource, datacentre=given.datacentre),
    ),
    MetadataFormat(
        "oai_dc",
        "Dublin Core",
        dublin_core.NAMESPACE,
        dublin_core.SCHEMA,
        oai=True,
        negotiated=False,
        aliases=("dc", "dublin_core"),
        reader=dublin_core.read,
        writer=lambda resource, given: dublin_core.write(resource, today=given.today),
    ),
    MetadataFormat(
        "qdc",
        "Qualified Dublin Core",
        qualified.NAMESPACE,
        qualified.SCHEMA,
        negotiated=False,
        aliases=("oai_qdc", "qualified_dublin_core"),
        reader=dublin_core.read,
        writer=lambda resource, _: qualified.write(resource),
    ),
    MetadataFormat(
        "schema_org",
        "schema.org",
        media_types=("application/ld+json", "application/vnd.schemaorg.ld+json"),
        extension="jsonld",
        json=True,
        aliases=("schemaorg", "json_ld", "jsonld"),
        json_reader=schema_org.read,
        writer=lambda resource, _: schema_org.write(resource),
    ),
    MetadataFormat(
        "csl_json",
        "CSL JSON",
        media_types=("application/vnd.citationstyles.csl+json", "application/citeproc+json"),
        extension="json",
        json=True,
        aliases=("csl", "citeproc"),
        writer=lambda resource, _: csl_json.write(resource),
    ),
    MetadataFormat(
        "bibtex",
        "BibTeX",
        media_types=("application/x-bibtex", "text/x-bibtex"),
        extension="bib",
        aliases=("bib",),
        writer=lambda resource, _: bibtex.write(resource),
        join=bibtex.join,
    ),
    MetadataFormat(
        "ris",
        "RIS",
        media_types=("application/x-research-info-systems",),
        extension="ris",
        writer=lambda resource, _: ris.write(resource),
    ),
    MetadataFormat(
        "dcat",
        "DCAT-AP",
        dcat.NAMESPACE,
        media_types=("text/turtle",),
        extension="ttl",
        negotiated=False,
        aliases=("dcat_ap", "turtle", "ttl"),
        reader=dcat.read,
        writer=lambda resource, _: dcat.write(resource),
    ),
    MetadataFormat(
        "oai_openaire",
        "OpenAIRE guidelines for literature repositories",
        "http://namespace.openaire.eu/schema/oaire/",
        "https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd",
        aliases=("openaire",),
        reader=openaire.read,
    ),
    MetadataFormat(
        "ddi",
        "DDI Codebook",
        "ddi:codebook:2_5",
        "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd",
        aliases=("oai_ddi", "oai_ddi25", "ddi_codebook"),
        reader=ddi.read,
    ),
    MetadataFormat(
        "jats",
        "JATS",
        "http://jats.nlm.nih.gov",
        "https://jats.nlm.nih.gov/archiving/1.3/xsd/JATS-archivearticle1-3.xsd",
        aliases=("oai_jats", "pmc", "nlm"),
        reader=jats.read,
    ),
    MetadataFormat(
        "dim",
        "DSpace metadata (DIM)",
        "http://www.dspace.org/xmlns/dspace/dim",
        reader=dspace.read_dim,
    ),
    MetadataFormat(
        "xoai",
        "DSpace metadata (xoai)",
        "http://www.lyncode.com/xoai",
        reader=dspace.read_xoai,
    ),
    MetadataFormat(
        "jpcoar",
        "JPCOAR schema",
        "https://github.com/JPCOAR/schema/blob/master/2.0/",
        "https://github.com/JPCOAR/schema/blob/master/2.0/jpcoar_scm.xsd",
        aliases=("jpcoar_1_0", "jpcoar_2_0"),
        reader=jpcoar.read,
    ),
    MetadataFormat(
        "mods",
        "MODS 3",
        mods.NAMESPACE,
        mods.SCHEMA,
        reader=mods.read,
    ),
    MetadataFormat(
        "marc21",
        "MARC 21 (MARCXML)",
        marc21.NAMESPACE,
        marc21.SCHEMA,
        aliases=("marcxml", "marc"),
        reader=marc21.read,
    ),
    MetadataFormat(
        "rioxx",
        "RIOXX",
        "http://www.rioxx.net/schema/v3.0/rioxx/",
        "http://www.rioxx.net/schema/v3.0/rioxx/rioxx.xsd",
        aliases=("rioxx2", "rioxx3"),
        reader=rioxx.read,
    ),
    MetadataFormat(
        "uketd_dc",
        "UKETD_DC (EThOS)",
        "http://naca.central.cranfield.ac.uk/ethos-oai/2.0/",
        "http://naca.central.cranfield.ac.uk/ethos-oai/2.0/uketd_dc.xsd",
        aliases=("uketd",),
        reader=uketd.read,
    ),
    MetadataFormat(
        "oai_etdms",
        "ETD-MS",
        "http://www.ndltd.org/standards/metadata/etdms/1.1/",
        "http://www.ndltd.org/standards/metadata/etdms/1.1/etdms11.xsd",
        aliases=("etdms", "etd_ms"),
        reader=etdms.read,
    ),
    MetadataFormat(
        "xmetadissplus",
        "XMetaDissPlus",
        "http://www.d-nb.de/standards/xmetadissplus/",
        "http://www.d-nb.de/standards/xmetadissplus/xmetadissplus.xsd",
        aliases=("xmetadiss",),
        reader=xmetadiss.read,
    ),
    MetadataFormat(
        "junii2",
        "junii2",
        "http://irdb.nii.ac.jp/oai",
        "http://irdb.nii.ac.jp/oai/junii2-3-1.xsd",
        reader=junii2.read,
    ),
    MetadataFormat(
        "iso19139",
        "ISO 19139",
        "http://www.isotc211.org/2005/gmd",
        "http://www.isotc211.org/2005/gmd/gmd.xsd",
        aliases=("iso_19139", "gmd", "gmi"),
        reader=iso19115.read,
    ),
    MetadataFormat(
        "iso19115-3",
        "ISO 19115-3",
        "http://standards.iso.org/iso/19115/-3/mdb/2.0",
        "https://schemas.isotc211.org/19115/-3/mdb/2.0/mdb.xsd",
        aliases=("iso19115_3", "iso19115"),
        reader=iso19115.read,
    ),
    MetadataFormat("fgdc", "FGDC CSDGM", aliases=("csdgm",), reader=fgdc.read),
    MetadataFormat(
        "edm",
        "Europeana Data Model",
        "http://www.europeana.eu/schemas/edm/",
        "https://www.europeana.eu/schemas/edm/EDM.xsd",
        aliases=("oai_edm", "europeana_edm"),
        reader=edm.read,
    ),
    MetadataFormat(
        "lom",
        "IEEE Learning Object Metadata",
        lom.NAMESPACE,
        "http://ltsc.ieee.org/xsd/lomv1.0/lom.xsd",
        aliases=("oai_lom", "nl_lom"),
        reader=lom.read,
    ),
    MetadataFormat(
        "cmdi",
        "Component Metadata (CMDI)",
        cmdi.NAMESPACE,
        "https://infra.clarin.eu/CMDI/1.x/xsd/cmd-envelop.xsd",
        aliases=("cmd",),
        reader=cmdi.read,
    ),
    MetadataFormat(
        "didl",
        "MPEG-21 DIDL",
        "urn:mpeg:mpeg21:2002:02-DIDL-NS",
        reader=lambda root, about: didl.read(root, about, _reader_of),
    ),
    MetadataFormat(
        "mets",
        "METS",
        "http://www.loc.gov/METS/",
        reader=lambda root, about: mets.read(root, about, _reader_of),
    ),
    MetadataFormat(
        "citation",
        "Citation",
        media_types=("text/x-bibliography",),
        extension="txt",
        writer=lambda resource, _: citation.write(resource),
    ),
    MetadataFormat(
        "dcat_xml",
        "DCAT-AP as RDF/XML",
        dcat.NAMESPACE,
        media_types=("application/rdf+xml",),
        negotiated=False,
        aliases=("rdf_xml",),
        writer=lambda resource, _: dcat.write_xml(resource),
    ),
    MetadataFormat(
        "scholix",
        "Scholix links",
        media_types=("application/json",),
        extension="json",
        json=True,
        negotiated=False,
        writer=lambda resource, _: scholix.write(resource),
    ),
)
FORMATS: Mapping[str, MetadataFormat] = MappingProxyType({form.name: form for form in _ALL})
"""Every format by its name, in the hub's order of preference."""

_NAMES = {alias: form for form in _ALL for alias in (form.name, *form.aliases)}


def named(name: str) -> MetadataFormat | None:
    """Return a format by its name or an alias, blind to case, `-` for `_`; None if unknown."""
    return _NAMES.get(name) or _NAMES.get(name.strip().lower().replace("-", "_").replace(".", "_"))
