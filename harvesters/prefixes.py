"""Which metadata format to ask a repository for: the richest that we can read.

Pure, but for the pages that a caller hands in: names and namespaces in, an order out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from app.crosswalks import MetadataFormat, read_element
from app.errors import HarvestError
from harvesters.base import HarvestedRecord, Page
from harvesters.failures import ENDS_RUN

DAYS = "YYYY-MM-DD"
SECONDS = "YYYY-MM-DDThh:mm:ssZ"
COVERED = 0.99
"""The least share of the plain format's records that a richer one must have to be called whole."""
_KERNEL = re.compile(r"kernel-?(\d)|datacite[^0-9]*(\d)")


class Family(Struct, frozen=True):
    """Formats that rank alike: the prefixes they go by, their namespaces, and how we call them."""

    prefix: re.Pattern[str]
    format: str
    namespaces: tuple[str, ...] = ()


def _family(prefix: str, form: str, *namespaces: str) -> Family:
    return Family(re.compile(prefix, re.IGNORECASE), form, namespaces)


FAMILIES = (
    _family(r"(oai[_-])?datacite[\w.-]*", "datacite", "http://datacite.org/schema/kernel"),
    _family(r"oai[_-]openaire", "oai_openaire", "http://namespace.openaire.eu/schema/oaire"),
    _family(r"dim", "dim", "http://www.dspace.org/xmlns/dspace/dim"),
    _family(r"xoai", "xoai", "http://www.lyncode.com/xoai"),
    _family(r"(oai[_-])?ddi[\w.-]*", "oai_ddi", "ddi:codebook:2_5"),
    _family(r"iso19115-?3[\w.-]*", "iso19115-3", "http://standards.iso.org/iso/19115/-3/"),
    _family(r"iso19139[\w.-]*", "iso19139", "http://www.isotc211.org/2005/gmd"),
    _family(r"jpcoar[\w.-]*", "jpcoar"),
    _family(r"mods", "mods", "http://www.loc.gov/mods/"),
    _family(r"marc21|marcxml", "marc21", "http://www.loc.gov/MARC21/slim"),
    _family(r"rioxx[\w.-]*", "rioxx", "http://www.rioxx.net/schema"),
    _family(r"uketd_dc", "uketd_dc"),
    _family(r"(oai[_-])?etdms", "oai_etdms"),
    _family(r"didl|mets", "mets"),
    _family(r"(oai[_-])?qdc|dcterms|oai[_-]dcterms", "oai_dc"),
    _family(r"oai[_-]dc", "oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
)
"""The richest first."""


class Sizes:
    """The first header page of each format, asked for once, and what it says of the list's size."""

    def __init__(self, plain: str, ask: Callable[[str], Page]) -> None:
        self._plain = plain
        self._ask = ask
        self._pages: dict[str, Page] = {}

    def page(self, prefix: str) -> Page:
        """Return the first header page of a format; raises HarvestError."""
        if prefix not in self._pages:
            self._pages[prefix] = self._ask(prefix)
        return self._pages[prefix]

    def covers(self, prefix: str) -> bool:
        """Tell whether a format has all records that the plain one has, as far as it is told."""
        told = self.page(prefix).told
        try:
            plain = self.page(self._plain).told
        except HarvestError as error:
            if error.cause in ENDS_RUN:
                raise
            return True
        return told is None or plain is None or told >= plain


def ranked(offered: Iterable[tuple[str, str]], formats: Mapping[str, MetadataFormat]) -> list[str]:
    """Return the offered prefixes that we can read, the richest first.

    offered: prefix and namespace as ListMetadataFormats gives them; both may be wrong, so either
    suffices and a record must prove it.
    """
    keyed = []
    for place, (prefix, namespace) in enumerate(offered):
        rank = _rank(prefix, namespace, formats)
        if prefix and rank is not None:
            keyed.append((rank, -_kernel(prefix, namespace), place, prefix))
    return list(dict.fromkeys(prefix for *_, prefix in sorted(keyed)))


def granularity(text: str) -> str:
    """Return one of the two granularities of OAI-PMH, however spelt; empty if it is none."""
    letters = re.sub(r"[^a-z]", "", text.lower())
    return {"yyyymmdd": DAYS, "yyyymmddthhmmssz": SECONDS}.get(letters, "")


def is_readable(record: HarvestedRecord | None) -> bool:
    """Tell whether a record's metadata is in a format that we know and can be read."""
    if record is None or record.metadata is None:
        return False
    reading = read_element(record.metadata, header=record.header)
    return bool(reading.format) and reading.resource is not None


def _rank(prefix: str, namespace: str, formats: Mapping[str, MetadataFormat]) -> int | None:
    for rank, family in enumerate(FAMILIES):
        known = formats.get(family.format)
        if known is None or not known.readable:
            continue
        if family.prefix.fullmatch(prefix) or namespace.startswith(family.namespaces or ("\0",)):
            return rank
    return None


def _kernel(prefix: str, namespace: str) -> int:
    found = _KERNEL.search(namespace) or _KERNEL.search(prefix.lower())
    return int(found[1] or found[2]) if found else 4
