"""The former versions of records: their bytes can be unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.findings import Finding
from app.store.auditing import Audit, Whole

if TYPE_CHECKING:
    from app.settings import Settings

_CURE = "Restore a backup if you need it; the record as it is now is not concerned."


class History:
    """Reads former versions, which follow from nothing that is kept."""

    def __init__(self, _settings: Settings) -> None:
        pass

    def look(self, _whole: Whole) -> Iterator[Finding]:
        """Look at nothing: the present is for others."""
        return iter(())

    def end(self, audit: Audit) -> Iterator[Finding]:
        """Name the versions whose bytes are damaged."""
        for local_id, number in audit.damaged_versions():
            said = f"Version {number} of the record {local_id} is damaged."
            yield Finding("version-damaged", "warning", said, _CURE)
