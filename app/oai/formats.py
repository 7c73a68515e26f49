"""The formats on offer: those of FORMATS that are marked for OAI-PMH, each with its stored bytes.

A prefix is offered only if its bytes are stored; `oai_datacite` is the envelope
joined around the bytes of `datacite`.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.crosswalks import MetadataFormat, oai_datacite
from app.oai.context import Offer
from app.store.values import PageRow

JOINED = {"oai_datacite": "datacite"}
"""Formats that are made by joining an envelope around the stored bytes of another."""


def offers(formats: Mapping[str, MetadataFormat]) -> Mapping[str, Offer]:
    """Return the formats on offer by prefix, in the order of the register."""
    return {
        prefix: Offer(form, JOINED.get(prefix, prefix), _enveloped if prefix in JOINED else _stored)
        for prefix, form in formats.items()
        if form.oai
    }


def _stored(row: PageRow) -> bytes:
    return row.body or b""


def _enveloped(row: PageRow) -> bytes:
    return oai_datacite.envelope(row.body or b"", symbol(row.sets))


def symbol(sets: str) -> str:
    """Return the datacentre symbol of a record: its member key in capitals."""
    start = sets.find("member:")
    return sets[start + 7 :].partition(" ")[0].partition(":")[0].upper() if start >= 0 else ""
