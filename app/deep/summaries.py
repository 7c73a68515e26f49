"""What lists show of a record: it follows from the record's resource."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from app.crosswalks.presenting import summary
from app.datacite.resource import decode
from app.deep.comparison import again, is_good, named
from app.findings import Finding
from app.store.auditing import Audit, Whole
from app.store.storable import storable_summary

if TYPE_CHECKING:
    from app.settings import Settings


class Summaries:
    """Sums resources up once more."""

    def __init__(self, _settings: Settings) -> None:
        pass

    def look(self, whole: Whole) -> Iterator[Finding]:
        """Compare the summary; what is withheld shows what it was, until it is shown."""
        record, resource = whole.kept.record, whole.kept.resource
        hidden = record.withheld or record.state != record.own_state
        if not is_good(whole) or hidden or resource is None:
            return
        try:
            found = storable_summary(summary(decode(resource)))
        except msgspec.DecodeError:
            return
        if record.summary != found:
            said = f"{named(whole)}: lists show something else of it than it says."
            yield Finding("summary-differs", "warning", said, again(whole))

    def end(self, audit: Audit) -> Iterator[Finding]:
        """There are no sums of summaries."""
        del audit
        return iter(())
