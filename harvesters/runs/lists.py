"""Brings a list to a proven end: in one window, or in halves and halves of halves.

A window is split where it is too large, where its end is doubtful, or where a page of it does not
come. Its row stays, with those of the two that stand for it: once all windows that were not split
are closed, the list is proved. What cannot be proved stays open, with its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from app import clock
from app.errors import HarvestError
from app.record import Counts
from app.store.values import Window
from harvesters.base import Listing, Selective
from harvesters.failures import OaiError
from harvesters.runs.identifiers import Identifiers
from harvesters.runs.plan import leaves
from harvesters.runs.singles import WORTH_TRYING, Headers, SingleReader, headers_of
from harvesters.runs.splitting import DAY, Estimates, aim, halves, is_large, is_within_a_day
from harvesters.runs.verifying import is_verified, is_worth_more
from harvesters.runs.windows import (
    BAD,
    DOUBTFUL,
    LARGE,
    REFUSED,
    TRIES_IN_PARTS,
    WHOLE,
    Reading,
    Tools,
    WindowReader,
)
from harvesters.sampling import median

TOO_LARGE = "window-large"
"""The reason of a window that was split for its size."""

EstimatesOf = Callable[[int | None], Estimates]
"""Estimates the time that the records span, from the oldest datestamp that came."""


class Manner(Struct, frozen=True):
    """How a repository's lists are read in parts."""

    fine: bool = False
    """Its datestamps are to the second."""
    size: int = 50_000
    """Records that a window aims at."""
    rate: float = 0.0
    """Records a second that it gave in earlier runs; 0: not known."""
    heeds_dates: bool = True
    """It takes notice of `from` and `until`, as far as is known."""


class Lists:
    """Reads the lists of one run."""

    def __init__(self, tools: Tools, estimates: EstimatesOf, manner: Manner) -> None:
        self._tools = tools
        self._estimates = estimates
        self._manner = manner
        harvester = tools.harvester
        self._asked = harvester if isinstance(harvester, Selective) else None
        self._splits = self._asked is not None
        self._oldest: int | None = None
        self._ignored = not manner.heeds_dates
        """The server takes no notice of dates, as is known or as a window showed."""
        self._headless: set[int] = set()
        """Windows within one whose headers could not be had either."""

    def read(
        self, window: Window, token: str = "", *, expected: int | None = None
    ) -> HarvestError | None:
        """Bring a window to its end; return what stays wrong with it, None once it is closed.

        token: where to go on. expected: how many records it is thought to hold. What ends the
        whole run raises.
        """
        return self._read(window, token, expected, extra=False)

    def _read(
        self,
        window: Window,
        token: str,
        expected: int | None,
        *,
        extra: bool,
        counted: Identifiers | None = None,
    ) -> HarvestError | None:
        if window.state == "closed":
            return None
        if window.state == "split":
            known = self._tools.ledger.windows()
            parts = [one for one in known if one.parent == window.id]
            return self._each(parts, expected, extra=window.reason != TOO_LARGE)
        if not token and expected is not None and self._is_large(expected):
            parts_of_large = self._split(window, TOO_LARGE)
            if parts_of_large:
                return self._each(parts_of_large, expected, extra=False)
        return self._settle(self._reading(window, token, extra=extra, counted=counted))

    def _each(
        self,
        parts: Sequence[Window],
        expected: int | None,
        *,
        extra: bool,
        counted: Identifiers | None = None,
    ) -> HarvestError | None:
        """Read the parts of a window, the newest first; return the first thing that is wrong."""
        half = None if expected is None else expected // 2
        wrong = [
            self._read(
                part,
                part.token,
                half,
                extra=extra and not part.attempts,
                counted=counted.copy() if counted is not None else None,
            )
            for part in newest_first(parts)
        ]
        return next(filter(None, wrong), None)

    # ── one window ───────────────────────────────────────────────────────────────────────────

    def _reading(
        self,
        window: Window,
        token: str = "",
        *,
        extra: bool,
        is_safe: bool = True,
        counted: Identifiers | None = None,
    ) -> Reading:
        """Read a window, once more from its beginning if a later page of it did not come.

        counted: what the run has counted already.
        """
        if extra:
            self._tools.limits.spend()
        reading = self._once(window, token, is_safe=is_safe, counted=counted)
        if reading.end != BAD:
            return reading
        if (reading.came and not extra) or token:
            begun, counted = reading.state.attempts, reading.counted
            return self._once(window, attempts=begun, is_safe=is_safe, counted=counted)
        if window.parent is None:
            self._or_raise(reading)
        return reading

    def _once(
        self,
        window: Window,
        token: str = "",
        *,
        attempts: int = 0,
        is_safe: bool = True,
        whole: bool = False,
        counted: Identifiers | None = None,
    ) -> Reading:
        """Read a window once; `whole`: however large it is."""
        large = self._is_large if self._splits and not whole else lambda _: False
        reader = WindowReader(
            window,
            self._tools,
            attempts=attempts,
            is_large=large,
            is_safe=is_safe,
            counted=counted,
        )
        reading = reader.read(token)
        self._ignored = self._ignored or reading.dates_ignored
        oldest = min(reading.stamps, default=None)
        if oldest is not None:
            self._oldest = min(oldest, self._oldest or oldest)
        return reading

    def _or_raise(self, reading: Reading) -> None:
        """Raise what kept a first page from coming, unless one window of the newest day answers."""
        assert reading.error is not None
        if not self._splits or self._ignored or not self._day_answers(reading.window):
            raise reading.error

    def _day_answers(self, window: Window) -> bool:
        newest = clock.text(self._estimates(self._oldest).high - DAY)
        from_ = newest if self._manner.fine else newest[:10]
        listing = Listing(window.prefix, window.set_spec, from_, tries=TRIES_IN_PARTS)
        self._tools.limits.spend()
        try:
            next(self._tools.harvester.pages(listing), None)
        except OaiError:
            return True
        except HarvestError:
            return False
        return True

    # ── what the end of a reading asks for ───────────────────────────────────────────────────

    def _settle(self, reading: Reading) -> HarvestError | None:
        """Do what the end of a reading asks for; return what stays wrong."""
        if reading.end == WHOLE:
            return None
        if reading.end == REFUSED or not self._splits:
            return reading.error
        if reading.end == LARGE:
            return self._settle_large(reading)
        headers = self._worth_trying(reading)
        if headers is not None and headers.error is None:
            return self._singly(reading, headers)
        if self._ignored:
            return reading.error
        middle = median(reading.stamps) if reading.end == DOUBTFUL else None
        cause = reading.error.cause if reading.error else ""
        parts = self._split(reading.window, cause, middle=middle)
        if not parts:
            return self._singly(reading, headers)
        if headers is not None or reading.window.id in self._headless:
            self._headless.update(part.id for part in parts)
        return self._by_parts(reading, parts)

    def _settle_large(self, reading: Reading) -> HarvestError | None:
        parts = self._split(reading.window, TOO_LARGE)
        if parts:
            told, counted = reading.state.told, reading.counted
            return self._each(parts, told, extra=False, counted=counted)
        return self._settle(self._once(reading.window, attempts=1, whole=True))

    def _by_parts(self, whole: Reading, parts: Sequence[Window]) -> HarvestError | None:
        """Read both halves of a list; what they show decides, or their own halves do.

        Both are read first: where one record breaks its page, the other half shows that the
        server is well.
        """
        counted = whole.names.copy() if whole.counted is whole.names else whole.counted
        readings = [
            self._reading(part, extra=True, is_safe=False, counted=counted)
            for part in newest_first(parts)
        ]
        if whole.end == DOUBTFUL:
            if is_verified(whole, readings):
                for reading in readings:
                    self._close(reading)
                return None
            if not is_worth_more(whole, readings):
                return whole.error
        wrong = [self._settle(reading) for reading in readings]
        return next(filter(None, wrong), None)

    def _close(self, reading: Reading) -> None:
        if reading.end != WHOLE:
            state = replace(reading.state, closed=True, token="", reason="")
            self._tools.ledger.page((), Counts(), state)

    def _worth_trying(self, reading: Reading) -> Headers | None:
        """Return the headers of a bad window of a day at most, before it is cut into seconds.

        Where dates are ignored, of any bad window: there is no other way round its page.
        """
        window = reading.window
        if reading.end != BAD or window.id in self._headless or self._asked is None:
            return None
        if self._ignored:
            most = len(reading.names) + self._tools.limits.left
        elif is_within_a_day((window.from_, window.until)):
            most = WORTH_TRYING
        else:
            return None
        return headers_of(window, self._tools, self._asked, most=most)

    def _singly(self, reading: Reading, headers: Headers | None) -> HarvestError | None:
        """Read a window record by record."""
        assert self._asked is not None
        if headers is None or headers.is_part:
            most = self._tools.limits.left
            headers = headers_of(reading.window, self._tools, self._asked, most=most)
        return SingleReader(reading, self._tools, self._asked).read(headers)

    def _split(
        self, window: Window, reason: str, *, middle: int | None = None
    ) -> tuple[Window, ...]:
        """Split a window into halves; none where it cannot be halved."""
        if not self._splits or self._ignored:
            return ()
        span = window.from_, window.until
        around = self._estimates(self._oldest)
        spans = halves(span, around, fine=self._manner.fine, middle=middle)
        return () if spans is None else self._tools.ledger.split(window, spans, reason)

    def _is_large(self, expected: int) -> bool:
        if not self._splits or self._ignored:
            return False
        aimed = aim(leaves(self._tools.ledger.windows()), self._manner.size)
        return is_large(expected, aimed, self._manner.rate)


def newest_first(windows: Iterable[Window]) -> list[Window]:
    """Return windows of one list by their upper bounds, from the open one down."""
    return sorted(windows, key=lambda window: (not window.until, window.until), reverse=True)


def spent(windows: Iterable[Window]) -> int:
    """Return how many extra requests the windows of a run have cost so far, at least."""
    known = {window.id: window for window in windows}
    extra = (
        window
        for window in known.values()
        if window.attempts and window.parent in known and known[window.parent].reason != TOO_LARGE
    )
    return sum(1 for _ in extra)
