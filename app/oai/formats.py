"""The formats on offer: those of FORMATS that are marked for OAI-PMH, and those switched on.

A prefix is offered only if its bytes are stored; `oai_datacite` is the envelope
joined around the bytes of `datacite`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.crosswalks import MetadataFormat, oai_datacite
from app.crosswalks.further import ALWAYS, Further
from app.oai.context import Offer
from app.store.values import PageRow

if TYPE_CHECKING:
    from app.store import Store

JOINED = {"oai_datacite": "datacite"}
"""Formats that are made by joining an envelope around the stored bytes of another."""


class Offering:
    """What is on offer: what every record has, and what is switched on once any record has it.

    What was seen to be stored is remembered, so that a request costs no look-up for it.
    """

    def __init__(
        self, store: Store, register: Mapping[str, MetadataFormat], further: tuple[Further, ...]
    ) -> None:
        self._store = store
        self.all = offers(register, further)
        """Also those that no record has yet."""
        self._waiting = tuple(one.prefix for one in further)
        self._offers = self._stored()

    def __call__(self) -> Mapping[str, Offer]:
        """Return the formats on offer by prefix. Raises StoreError."""
        if self._waiting:
            found = [name for name in self._waiting if self._store.records.has_any(name)]
            if found:
                self._waiting = tuple(name for name in self._waiting if name not in found)
                self._offers = self._stored()
        return self._offers

    def _stored(self) -> Mapping[str, Offer]:
        return {name: each for name, each in self.all.items() if name not in self._waiting}


def offers(
    formats: Mapping[str, MetadataFormat], further: tuple[Further, ...] = ()
) -> Mapping[str, Offer]:
    """Return the formats by prefix: those that every record has, then the further ones."""
    always = (formats[name] for name in formats if name in ALWAYS and formats[name].oai)
    return {
        form.name: Offer(
            form,
            JOINED.get(form.name, form.name),
            _enveloped if form.name in JOINED else _stored,
        )
        for form in (*always, *(one.form for one in further))
    }


def _stored(row: PageRow) -> bytes:
    return row.body or b""


def _enveloped(row: PageRow) -> bytes:
    return oai_datacite.envelope(row.body or b"", symbol(row.sets))


def symbol(sets: str) -> str:
    """Return the datacentre symbol of a record: its member key in capitals."""
    start = sets.find("member:")
    return sets[start + 7 :].partition(" ")[0].partition(":")[0].upper() if start >= 0 else ""
