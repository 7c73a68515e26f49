"""The bytes that are kept of a record: there, whole, and those that its digests speak of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from app.datacite.resource import decode
from app.deep.comparison import again, harvest, is_good, named
from app.findings import Finding
from app.record import digest_of
from app.store.auditing import Audit, Form, Whole

if TYPE_CHECKING:
    from app.settings import Settings

_CURES = {"reading": again, "original": harvest, "about": harvest}


class KeptBytes:
    """Unpacks and counts what is kept."""

    def __init__(self, _settings: Settings) -> None:
        pass

    def look(self, whole: Whole) -> Iterator[Finding]:
        """Name what is missing, damaged, or no resource."""
        for part in whole.damaged:
            said = f"{named(whole)}: the stored {part} cannot be unpacked."
            yield Finding(f"{part}-damaged", "error", said, _CURES[part](whole))
        if is_good(whole):
            yield from _parts(whole)
        for form in whole.forms:
            yield from _of_form(whole, form)

    def end(self, audit: Audit) -> Iterator[Finding]:
        """Name rows that belong to no record."""
        for table, number in audit.orphans():
            said = f"{table}: {abs(number):,} rows belong to no record, or to one twice."
            yield Finding("rows-astray", "error", said, "Restore a backup; test the disk.")


def _parts(whole: Whole) -> Iterator[Finding]:
    if not whole.has_original:
        said = f"{named(whole)}: its original is not there."
        yield Finding("original-missing", "error", said, harvest(whole))
    resource = whole.kept.resource
    if resource is None:
        if "reading" not in whole.damaged:
            said = f"{named(whole)}: its resource is not there."
            yield Finding("reading-missing", "error", said, again(whole))
        return
    try:
        decode(resource)
    except msgspec.DecodeError as error:
        said = f"{named(whole)}: its resource cannot be read: {error}."
        yield Finding("reading-damaged", "error", said, again(whole))


def _of_form(whole: Whole, form: Form) -> Iterator[Finding]:
    awaited = whole.kept.record.quarantine == "rendering-damaged"
    if form.damaged:
        said = f"{named(whole)}: its {form.prefix} cannot be unpacked; lists leave it out."
        yield Finding("rendering-damaged", "error", said, again(whole))
    elif form.body is None:
        if not form.deleted:
            said = f"{named(whole)}: it is listed as {form.prefix} without a body."
            yield Finding("rendering-missing", "error", said, again(whole))
    elif not awaited and digest_of(form.body) != form.digest:
        said = f"{named(whole)}: its {form.prefix} is not the one that its digest speaks of."
        yield Finding("digest-differs", "error", said, again(whole))
