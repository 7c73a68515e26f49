"""Namespaces and schemas of what is written for every record; known without loading the writers."""

from __future__ import annotations

DATACITE = "http://datacite.org/schema/kernel-4"
DATACITE_SCHEMA = "https://schema.datacite.org/meta/kernel-4.7/metadata.xsd"
KERNEL = "4.7"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
