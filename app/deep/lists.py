"""A record's places in lists: one for each format that was ever visible, and each of its sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.deep.comparison import again, named
from app.findings import Finding
from app.store.auditing import Audit, Whole

if TYPE_CHECKING:
    from app.settings import Settings

_RESTORE = "Restore a backup; if it was so before already, tell the makers of Garnery."


class Lists:
    """Holds places and datestamps against formats and sets."""

    def __init__(self, _settings: Settings) -> None:
        pass

    def look(self, whole: Whole) -> Iterator[Finding]:
        """Name the places that a record lacks, and a datestamp that is none of its formats'."""
        record = whole.kept.record
        if whole.unknown_sets:
            said = f"{named(whole)}: it is in sets that are not there: {_some(whole.unknown_sets)}."
            yield Finding("set-missing", "error", said, again(whole))
        if whole.lacking:
            said = f"{named(whole)}: it lacks {len(whole.lacking)} of its places in lists."
            yield Finding("place-missing", "error", said, _RESTORE)
        newest = max((form.stamp for form in whole.forms), default=0)
        if record.stamp != newest:
            said = f"{named(whole)}: its datestamp is not the newest of its formats."
            yield Finding("datestamp-differs", "error", said, _RESTORE)

    def end(self, audit: Audit) -> Iterator[Finding]:
        """Name the lists that hold places of no record."""
        for spec, prefix, more in audit.surplus():
            if more > 0:
                said = (
                    f"The list of {spec or 'everything'} in {prefix} has {more:,} places of none."
                )
                yield Finding("place-astray", "error", said, _RESTORE)


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
