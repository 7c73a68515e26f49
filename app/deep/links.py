"""What is kept of links, copies and identifiers: held against what the live records say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.findings import Finding
from app.store.auditing import Audit, Whole

if TYPE_CHECKING:
    from app.settings import Settings

_CURE = "Restore a backup; if it was so before already, tell the makers of Garnery."


class Links:
    """The graph once more."""

    def __init__(self, _settings: Settings) -> None:
        """Nothing is remembered: the graph is read by itself, in the end."""

    def look(self, _whole: Whole) -> Iterator[Finding]:
        """Leave a record to the end."""
        return iter(())

    def end(self, audit: Audit) -> Iterator[Finding]:
        """Name what a rebuild of the graph would make otherwise."""
        for said in audit.links():
            yield Finding("links-differ", "error", f"Links: {said}.", _CURE)
