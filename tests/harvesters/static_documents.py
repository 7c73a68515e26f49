"""Static repositories and records for tests, as text."""

from __future__ import annotations

from collections.abc import Mapping

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
KERNEL = "http://datacite.org/schema/kernel-4"
NAMESPACES = {"oai_dc": OAI_DC, "oai_datacite": KERNEL}


def dublin_core(name: str, title: str = "") -> str:
    return (
        f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}"><dc:title>{title or name}</dc:title>'
        "<dc:creator>Lovelace, Ada</dc:creator><dc:publisher>The fake</dc:publisher>"
        "<dc:date>2020-02-29</dc:date><dc:type>Dataset</dc:type>"
        f"<dc:identifier>https://doi.org/10.5072/{name}</dc:identifier></oai_dc:dc>"
    )


def datacite(name: str, title: str = "") -> str:
    return (
        f'<resource xmlns="{KERNEL}"><identifier identifierType="DOI">10.5072/{name}</identifier>'
        "<creators><creator><creatorName>Lovelace, Ada</creatorName></creator></creators>"
        f"<titles><title>{title or name}</title></titles><publisher>The fake</publisher>"
        "<publicationYear>2020</publicationYear>"
        '<resourceType resourceTypeGeneral="Dataset">Dataset</resourceType></resource>'
    )


def record(name: str, metadata: str, *, stamp: str = "2026-01-01", prefix: str = "oai:") -> str:
    inside = f"<{prefix}metadata>{metadata}</{prefix}metadata>" if metadata else ""
    return (
        f"<{prefix}record><{prefix}header><{prefix}identifier>oai:fake.example:{name}"
        f"</{prefix}identifier><{prefix}datestamp>{stamp}</{prefix}datestamp></{prefix}header>"
        f"{inside}</{prefix}record>"
    )


def static_repository(lists: Mapping[str, Mapping[str, str]]) -> str:
    """A static repository: for each prefix the metadata of its records, by name."""
    formats = "".join(
        f"<oai:metadataFormat><oai:metadataPrefix>{prefix}</oai:metadataPrefix><oai:schema>s"
        f"</oai:schema><oai:metadataNamespace>{NAMESPACES.get(prefix, 'urn:x')}"
        "</oai:metadataNamespace></oai:metadataFormat>"
        for prefix in lists
    )
    records = "".join(
        f'<ListRecords metadataPrefix="{prefix}">'
        + "".join(record(name, metadata) for name, metadata in of.items())
        + "</ListRecords>"
        for prefix, of in lists.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Repository xmlns="{OAI}static-repository" '
        f'xmlns:oai="{OAI}"><Identify><oai:repositoryName>A static one</oai:repositoryName>'
        "<oai:baseURL>http://gateway.example/x</oai:baseURL>"
        "<oai:protocolVersion>2.0</oai:protocolVersion>"
        "<oai:adminEmail>a@fake.example</oai:adminEmail>"
        "<oai:earliestDatestamp>2020-01-01</oai:earliestDatestamp>"
        "<oai:deletedRecord>no</oai:deletedRecord><oai:granularity>YYYY-MM-DD</oai:granularity>"
        f"</Identify><ListMetadataFormats>{formats}</ListMetadataFormats>{records}</Repository>\n"
    )


def plain(*names: str) -> dict[str, dict[str, str]]:
    """Lists of records in oai_dc alone."""
    return {"oai_dc": {name: dublin_core(name) for name in names}}
