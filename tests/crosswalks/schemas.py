"""The official schemas, from the shared folder; a test that uses them is marked `needs_shared`."""

from __future__ import annotations

from functools import cache
from typing import Any

from lxml import etree

KERNEL_4 = "http://datacite.org/schema/kernel-4"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
ENVELOPE = "http://schema.datacite.org/oai/oai-1.1/"
PROVENANCE = "http://www.openarchives.org/OAI/2.0/provenance"


@cache
def _schemas() -> Any:
    from schemas import Schemas

    return Schemas()


def complaints(data: bytes) -> list[str]:
    """What the official schema of a document's namespace says against it."""
    from schemas import problems

    root = etree.fromstring(data, etree.XMLParser(huge_tree=True))
    schema = _schemas().for_namespace(etree.QName(root).namespace)
    assert schema is not None, "no schema for this namespace"
    found: list[str] = problems(schema, root)
    return found
