"""What a run tells while it goes: values for whoever shows them; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from app.record import Counts


class Progress(Struct, frozen=True):
    """The state of a run at the end of a page."""

    repository: str
    counts: Counts = Counts()
    pages: int = 0
    told: int | None = None
    """completeListSize, summed over the windows; None while nothing is told."""
    seconds: float = 0.0
    windows: int = 1
    windows_done: int = 0
    last_request: str = ""

    @property
    def rate(self) -> float:
        """Records a second since the beginning."""
        return self.counts.seen / self.seconds if self.seconds > 0 else 0.0


Show = Callable[[Progress], None]
