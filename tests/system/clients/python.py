"""Three harvesters from PyPI walk a list, each with what it gives of every record."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from oaipmh.client import Client as Oaipmh
from oaipmh.metadata import MetadataRegistry
from oaipmh_scythe import Scythe
from sickle import Sickle

from tests.system.clients import Got, canonical

METADATA = "{http://www.openarchives.org/OAI/2.0/}metadata"


def sickle(url: str, prefix: str) -> Iterator[Got]:
    """By POST, as many a harvester asks."""
    for record in Sickle(url, http_method="POST").ListRecords(metadataPrefix=prefix):
        header = record.header
        yield Got(
            header.identifier, header.datestamp, record.deleted, header.setSpecs, _of(record.xml)
        )


def scythe(url: str, prefix: str) -> Iterator[Got]:
    with Scythe(url) as client:
        for record in client.list_records(metadata_prefix=prefix):
            header, metadata = record.header, _of(record.xml)
            sets = header.setSpecs
            yield Got(header.identifier, header.datestamp, header.deleted, sets, metadata)


def oaipmh(url: str, prefix: str) -> Iterator[Got]:
    registry = MetadataRegistry()
    registry.registerReader(prefix, lambda element: element)
    for header, metadata, _ in Oaipmh(url, registry).listRecords(metadataPrefix=prefix):
        stamp = header.datestamp().strftime("%Y-%m-%dT%H:%M:%SZ")
        payload = None if metadata is None else canonical(metadata[0])
        yield Got(header.identifier(), stamp, header.isDeleted(), header.setSpec(), payload)


def _of(record: etree._Element) -> str | None:
    metadata = record.find(METADATA)
    return None if metadata is None else canonical(metadata[0])
