"""Reads one window of a run: pages in, one transaction a page, and how far its end is trusted.

A window is closed by a natural end, or by a doubtful one that the size told makes certain; every
other end leaves it open, with its cause as the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from app.errors import HarvestError
from app.record import Checkpoint, Counts
from app.store.values import Failure, Window
from harvesters.base import Harvester, Listing, Page
from harvesters.failures import DoubtfulEnd, OaiError, failure, sentence
from harvesters.intake import Intake
from harvesters.ledger import Ledger
from harvesters.plan import is_of, other_ways
from harvesters.reading import seconds

TOO_OLD = 2 * 86400
"""Seconds before `from` at which a record shows that `from` was ignored."""
TOO_OLD_RECORDS = 3
TOO_OLD_SHARE = 0.05

TakeIn = Callable[[Page], Intake]
"""Decides on the records of a page; writes nothing."""

PageDone = Callable[[Intake], None]
"""Told after each page that is written; may raise to end the run."""


class WindowReader:
    """One window on its way to its end."""

    def __init__(
        self,
        window: Window,
        harvester: Harvester,
        ledger: Ledger,
        *,
        take_in: TakeIn,
        done: PageDone,
    ) -> None:
        self._window = window
        self._harvester = harvester
        self._ledger = ledger
        self._take_in = take_in
        self._done = done
        self._state = _checkpoint(window, ledger.harvest.id)
        self._token = window.token
        self._named = False
        self._dates_ignored = False
        self._notes: list[Failure] = []

    def read(self, token: str = "") -> HarvestError | None:
        """Read to the end; return what is wrong with it, or None once the window is closed.

        token: where to go on in a window that was begun before. What ends the whole run raises.
        """
        if not token:
            self._state = replace(self._state, token="", pages=0, listed=0, told=None)
        try:
            for page in self._pages(token):
                self._write(page)
        except OaiError as error:
            if error.kind == "norecordsmatch" and not self._state.pages:
                self._close()
                return None
            return self._leave(error)
        except DoubtfulEnd as error:
            self._notes.append(_note(error))
            if self._state.told != self._state.listed:
                return self._leave(error)
            self._close()
            return None
        except HarvestError as error:
            self._leave(error)
            raise
        return None if self._state.closed else self._short()

    def _pages(self, token: str) -> Iterator[Page]:
        """Yield the pages of the list; a `from` that is refused is sent in other ways."""
        window = self._window
        listing = Listing(window.prefix, window.set_spec, window.from_, window.until, token)
        others = iter(other_ways(window.from_))
        while True:
            try:
                yield from self._harvester.pages(listing)
            except OaiError as error:
                other = next(others, None) if self._dates_refused(error) else None
                if other is None:
                    raise
                self._notes.append(_note(error, "granularity-wrong"))
                listing = replace(listing, from_=other, token="")
            else:
                return

    def _dates_refused(self, error: OaiError) -> bool:
        return error.kind == "badargument" and not self._state.pages

    def _write(self, page: Page) -> None:
        """Take a page in and write it down, with all that follows from it, in one transaction."""
        intake = self._take_in(page)
        self._look(page)
        self._state = self._after(page)
        notes, self._notes = self._notes, []
        failures = (*intake.failures, *map(_note, page.warnings), *notes)
        self._ledger.page(intake.changes, intake.counts, self._state, failures)
        self._done(intake)

    def _after(self, page: Page) -> Checkpoint:
        """Return the window's state once a page is in."""
        state = self._state
        first = page.restarted or not state.pages
        listed = page.names + (0 if page.restarted else state.listed)
        told = page.told if first else state.told
        at_end = not page.token and not page.cut
        short = told is not None and listed < told
        return replace(
            state,
            token=self._resumable(page.token),
            token_expires=page.token_expires,
            response_date=state.response_date or page.clock,
            told=told,
            pages=1 if page.restarted else state.pages + 1,
            listed=listed,
            closed=at_end and not short,
            reason="list-short" if at_end and short else "",
        )

    def _resumable(self, token: str) -> str:
        """Return a token worth storing: one that differs from the last one, so it holds the place.

        Where the server keeps the place, a stored token would go on behind the page that was asked
        for ahead of a crash, and that page would be missing.
        """
        before, self._token = self._token, token
        return token if before and token != before else ""

    def _look(self, page: Page) -> None:
        """Note what a page shows of sets and dates that the server takes no notice of."""
        window = self._window
        spec = window.set_spec
        if spec and not self._named:
            self._named = any(is_of(spec, record.header.sets) for record in page.records)
            if page.records and not page.token and not self._named:
                words = f"No record of the set {spec} says that it is in it."
                self._notes.append(Failure(0, 0, "set-ignored", words))
        if window.from_ and not self._dates_ignored and _is_too_old(page, window.from_):
            self._dates_ignored = True
            words = f"Records came that are much older than {window.from_}, which was asked for."
            self._notes.append(Failure(0, 0, "ignores-dates", words))

    def _close(self) -> None:
        self._keep(replace(self._state, closed=True, token="", reason=""))

    def _leave(self, error: HarvestError) -> HarvestError:
        self._keep(replace(self._state, closed=False, reason=error.cause))
        return error

    def _short(self) -> HarvestError:
        state = self._state
        words = f"The list told of {state.told:,} records, and {state.listed:,} came."
        error = failure("list-short", words)
        self._notes.append(_note(error))
        return self._leave(error)

    def _keep(self, state: Checkpoint) -> None:
        notes, self._notes = self._notes, []
        self._state = state
        self._ledger.page((), Counts(), state, notes)


def _checkpoint(window: Window, harvest: int) -> Checkpoint:
    return Checkpoint(
        harvest,
        window.set_spec,
        window.prefix,
        window.from_,
        window.until,
        token=window.token,
        token_expires=window.token_expires,
        response_date=window.response_date,
        told=window.told,
        pages=window.pages,
        listed=window.listed,
        closed=window.state == "closed",
        reason=window.reason,
    )


def _note(error: HarvestError, cause: str = "") -> Failure:
    words = sentence(cause, str(error)) if cause else str(error)
    return Failure(0, 0, cause or error.cause, words, url=error.url)


def _is_too_old(page: Page, from_: str) -> bool:
    asked = seconds(from_)
    if asked is None:
        return False
    stamps = (seconds(record.header.datestamp) for record in page.records)
    old = sum(stamp is not None and stamp < asked - TOO_OLD for stamp in stamps)
    return old >= TOO_OLD_RECORDS and old >= TOO_OLD_SHARE * len(page.records)
