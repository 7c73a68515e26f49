"""A sample of a list's datestamps, evenly spread over it, from which its middle can be told."""

from __future__ import annotations

from harvesters.answers.reading import seconds

MOST = 1024


class Sample:
    """Takes every datestamp of a short list, every second one of a longer one, and so on."""

    def __init__(self) -> None:
        self._taken: list[int] = []
        self._step = 1
        self._passed = 0

    @property
    def taken(self) -> tuple[int, ...]:
        """The datestamps of the sample, in seconds."""
        return tuple(self._taken)

    def add(self, datestamp: str) -> None:
        """Take a datestamp, or pass it over; one that cannot be read is left out."""
        self._passed += 1
        if self._passed % self._step:
            return
        stamp = seconds(datestamp)
        if stamp is None:
            return
        self._taken.append(stamp)
        if len(self._taken) > MOST:
            del self._taken[::2]
            self._step *= 2


def median(stamps: tuple[int, ...]) -> int | None:
    """Return the middle of a sample; None of an empty one."""
    return sorted(stamps)[len(stamps) // 2] if stamps else None
