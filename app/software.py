"""The register of repository software by name: where each sets what its provider sends."""

from __future__ import annotations

from msgspec import Struct


class Software(Struct, frozen=True):
    """A piece of software. marks: what its name says in small letters, one of them."""

    name: str
    marks: tuple[str, ...]
    where: str
    """Where the people who run it set what its OAI-PMH provider sends."""


SOFTWARE = (
    Software(
        "DSpace", ("dspace", "xoai"),
        "Formats are written by the stylesheets in [dspace]/config/crosswalks/oai/metadataFormats "
        "and named in config/crosswalks/oai/xoai.xml; after a change run dspace oai import -c.",
    ),
    Software(
        "EPrints", ("eprints",),
        "Identify is set in the archive’s cfg/cfg.d/oai.pl; formats are export plugins of the "
        "archive, under Plugin/Export.",
    ),
    Software(
        "OJS", ("ojs", "open journal systems", "ocs", "open monograph press"),
        "Which fields authors fill in is set in the workflow settings of the journal, under "
        "Metadata; formats are plugins of the kind OAI Metadata Formats.",
    ),
    Software(
        "Dataverse", ("dataverse",),
        "Formats are the metadata exports of published datasets; after a change of settings export "
        "them anew by the admin API, /api/admin/metadata/reExportAll.",
    ),
    Software(
        "Invenio", ("invenio", "zenodo"),
        "Formats and their serializers are listed in the variable OAISERVER_METADATA_FORMATS of "
        "the configuration.",
    ),
    Software(
        "Islandora", ("islandora", "drupal"),
        "Which field becomes which element is set in the metadata mapping that the module "
        "REST OAI-PMH of the site uses.",
    ),
)  # fmt: skip


def known(software: str) -> Software | None:
    """Return the piece of software that a name means, None for any other."""
    plain = software.lower()
    return next((one for one in SOFTWARE if any(mark in plain for mark in one.marks)), None)
