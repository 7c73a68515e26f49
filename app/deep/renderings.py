"""What follows from a record's original: read once more, it gives the same resource and renderings.

A record that other crosswalks have read may come out otherwise by right; such are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from app import ingest
from app.crosswalks import CROSSWALK
from app.crosswalks.further import renderer
from app.crosswalks.presenting import render
from app.crosswalks.xml import MalformedXML, parse
from app.datacite.resource import decode
from app.deep.comparison import again, harvest, is_good, named
from app.findings import Finding
from app.ingest import Incoming
from app.record import Header, Origin
from app.store.auditing import Audit, Whole

if TYPE_CHECKING:
    from app.settings import Settings


class _Again(Struct, frozen=True):
    """What an original comes to today."""

    fingerprint: bytes
    resource: bytes | None
    reason: str


class Renderings:
    """Reads originals again, and renders resources again."""

    def __init__(self, settings: Settings) -> None:
        self._own_url = f"{settings.base_url}/oai"
        self._renderer = renderer(settings.oai)
        self._outdated: Counter[str] = Counter()
        self._otherwise: Counter[str] = Counter()

    def look(self, whole: Whole) -> Iterator[Finding]:
        """Compare one record with what its original comes to."""
        if not is_good(whole) or whole.damaged or whole.kept.original is None:
            return
        found = (*self._of_original(whole), *self._of_resource(whole))
        if whole.crosswalk == CROSSWALK:
            yield from found
        else:
            name = whole.kept.record.repository
            self._outdated[name] += 1
            self._otherwise[name] += bool(found)

    def end(self, audit: Audit) -> Iterator[Finding]:  # noqa: ARG002
        """Name the repositories with records that earlier crosswalks have read."""
        for name, number in self._outdated.items():
            said = (
                f"{name}: {number:,} records were read by other crosswalks than today's (version "
                f"{CROSSWALK}); {self._otherwise[name]:,} of them would come out otherwise."
            )
            yield Finding("crosswalk-other", "info", said, f"garnery reingest --repository {name}")

    def _of_original(self, whole: Whole) -> Iterator[Finding]:
        found = self._read(whole)
        if found.fingerprint != whole.fingerprint:
            said = f"{named(whole)}: its original is not the one that its fingerprint speaks of."
            yield Finding("fingerprint-differs", "error", said, harvest(whole))
        if found.resource is None:
            said = f"{named(whole)}: its original can be read no more: {found.reason}"
            yield Finding("original-unreadable", "error", said, harvest(whole))
        elif found.resource != whole.kept.resource:
            said = f"{named(whole)}: its original, read again, gives another resource."
            yield Finding("reading-differs", "warning", said, again(whole))

    def _of_resource(self, whole: Whole) -> Iterator[Finding]:
        try:
            made = self._rendered(whole)
        except msgspec.DecodeError:
            return
        stored = {form.prefix: form.body for form in whole.forms if form.body is not None}
        for prefix in sorted(made.keys() & stored.keys()):
            if made[prefix] != stored[prefix]:
                said = f"{named(whole)}: its {prefix}, rendered again, is another."
                yield Finding("rendering-differs", "error", said, again(whole))
        lacking = sorted(made.keys() - stored.keys())
        if lacking:
            said = f"{named(whole)}: it could be given as {', '.join(lacking)}, and is not."
            yield Finding("rendering-missing", "error", said, again(whole))

    def _rendered(self, whole: Whole) -> Mapping[str, bytes]:
        resource, day = decode(whole.kept.resource or b""), _day(whole)
        made = render(resource, day)
        if self._renderer is None:
            return made
        return self._renderer.with_further(made, resource, whole.kept.original, day).renderings

    def _read(self, whole: Whole) -> _Again:
        """Decide on a record as if it came for the first time."""
        record = whole.kept.record
        incoming = _incoming(whole)
        origin = Origin(record.repository, record.repository_title, "", "", "")
        change = ingest.decide(
            incoming, None, origin=origin, prefix=record.prefix, today=_day(whole),
            base_url=self._own_url, name=record.local_id,
        )  # fmt: skip
        if change is None:
            return _Again(whole.fingerprint, whole.kept.resource, "")
        return _Again(change.fingerprint, change.resource, change.reason)


def _day(whole: Whole) -> date:
    """Return the day on which a record was read: some of what it says follows from that."""
    at = whole.kept.record.last_changed_at
    return at.date() if at is not None else date(1970, 1, 1)


def _incoming(whole: Whole) -> Incoming:
    record, original = whole.kept.record, whole.kept.original
    header = Header(record.identifier, record.datestamp, record.source_sets)
    if original is None or ingest.is_json(original):
        return Incoming(header, None, original)
    try:
        return Incoming(header, parse(original), original)
    except MalformedXML as error:
        return Incoming(header, None, original, (), (), ingest.UNREADABLE, str(error))
