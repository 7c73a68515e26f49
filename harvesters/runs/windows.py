"""Reads one window of a run: pages in, one transaction a page, and how far its end is trusted.

A window is closed by a natural end, or by a doubtful one that the size told makes certain; every
other end leaves it open, with its cause as the reason, for whoever decides what follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from app.errors import HarvestError
from app.record import Checkpoint, Counts
from app.store.values import Failure, Window
from harvesters.base import Harvester, Listing, Page
from harvesters.failures import ENDS_RUN, DoubtfulEnd, OaiError, failure, sentence
from harvesters.runs.identifiers import Identifiers, PageMark
from harvesters.runs.intake import Intake
from harvesters.runs.ledger import Ledger
from harvesters.runs.limits import Limits
from harvesters.runs.plan import is_of, other_bounds
from harvesters.runs.wrongly_told import is_too_old, longer
from harvesters.sampling import Sample

TRIES = 5
TRIES_IN_PARTS = 2

WHOLE, DOUBTFUL, BAD, LARGE, REFUSED = "whole", "doubtful", "bad", "large", "refused"
SHORT = "list-short"
CURABLE = frozenset(
    (
        *("http-5xx", "too-large", "damaged-xml", "doctype-refused", "truncated", "body-short"),
        *("compression-damaged", "hollow-page"),
    )
)
"""What may be wrong with a first page that a smaller list may not have."""
CURABLE_LATER = CURABLE | {
    *("timed-out", "too-slow", "not-xml", "empty-body", "connection-reset", "http-4xx"),
}
"""The same for a later page, once the server has shown that it answers."""

TakeIn = Callable[[Page], Intake]
"""Decides on the records of a page; writes nothing."""

PageDone = Callable[[Intake, bool], None]
"""Told after each page that is written, and whether another worker could go on from there; may
raise to end the run."""

IsLarge = Callable[[int], bool]
"""Tells of a number of records whether a window should not have so many."""


class Tools(Struct, frozen=True):
    """What every window of a run is read with."""

    harvester: Harvester
    ledger: Ledger
    limits: Limits
    take_in: TakeIn
    done: PageDone
    trusts_size: bool = True
    """The size that a list tells is compared with what it brings."""
    trusted: frozenset[str] = frozenset()
    """Causes of doubtful ends that were verified so often that they are believed in this run."""


class Reading(Struct, frozen=True):
    """How the reading of a window ended, and what it listed."""

    window: Window
    """As it stood before."""
    end: str
    state: Checkpoint
    names: Identifiers
    error: HarvestError | None = None
    came: int = 0
    """Pages that came in this reading."""
    dates_ignored: bool = False
    stamps: tuple[int, ...] = ()
    """A sample of the datestamps that came, in seconds."""
    counted: Identifiers | None = None
    """What the run has counted by now, of this list and of those that it is a part of."""


class WindowReader:
    """One window on its way to its end."""

    def __init__(
        self,
        window: Window,
        tools: Tools,
        *,
        attempts: int = 0,
        is_large: IsLarge = lambda _: False,
        is_safe: bool = True,
        counted: Identifiers | None = None,
    ) -> None:
        """Begin nothing yet; `attempts`: how often the window was begun so far.

        is_safe: nothing kept in memory is needed to go on with the window in another process.
        counted: what was counted before, so that nothing is counted twice.
        """
        self._window = window
        self._tools = tools
        self._is_large = is_large
        self._is_safe = is_safe
        self._state = replace(
            checkpoint_of(window, tools.ledger.harvest.id), attempts=max(attempts, window.attempts)
        )
        self._token = ""
        self._mark = PageMark()
        self._names = Identifiers()
        self._counted = self._names if counted is None else counted
        self._exact = True
        self._came = 0
        self._stamps = Sample()
        self._named = False
        self._dates_ignored = False
        self._restarting = False
        self._notes: list[Failure] = []

    def read(self, token: str = "") -> Reading:
        """Read to the end, and say which end it is; what ends the whole run raises.

        token: where to go on in a window that was begun before.
        """
        self._exact = not token
        self._token = token
        if not token:
            begun = self._state.attempts + 1
            self._state = replace(
                self._state, token="", pages=0, listed=0, told=None, attempts=begun
            )
        try:
            for page in self._pages(token):
                if token and not self._goes_on(page):
                    return self._anew("A stored token brought nothing that had not come.")
                token = ""
                self._write(page)
                if self._stops_as_large(page):
                    return self._reading(LARGE)
                del page  # else it stays in memory while the next one is waited for
        except OaiError as error:
            return self._refused(error)
        except DoubtfulEnd as error:
            return self._anew(str(error)) if token else self._doubtful(error)
        except HarvestError as error:
            if error.cause in ENDS_RUN or not self._may_be_cured(error):
                self._leave(error)
                raise
            return self._bad(error)
        return self._reading(WHOLE) if self._state.closed else self._short()

    def _goes_on(self, page: Page) -> bool:
        """Tell whether the first page under a stored token brings what the window had not."""
        last = PageMark(self._window.last_page or b"")
        names = (record.header.identifier for record in page.records)
        return page.restarted or last.lacks_one_of(filter(None, names))

    def _anew(self, words: str) -> Reading:
        """Read the window from its beginning, since a stored token does not lead on in it."""
        self._notes.append(Failure(0, 0, "page-repeated", f"{words} The list is begun anew."))
        return self.read()

    def _pages(self, token: str) -> Iterator[Page]:
        """Yield the pages of the list; dates that are refused are sent in other ways."""
        window = self._window
        part = window.parent is not None
        tries = TRIES_IN_PARTS if part else TRIES
        bounds = window.from_, window.until
        listing = Listing(window.prefix, window.set_spec, *bounds, token, tries)
        others = iter(other_bounds(*bounds, part=part))
        while True:
            try:
                yield from self._tools.harvester.pages(listing)
            except OaiError as error:
                other = next(others, None) if self._dates_refused(error) else None
                if other is None:
                    raise
                self._notes.append(note(error, "granularity-wrong"))
                listing = replace(listing, from_=other[0], until=other[1], token="")
            else:
                return

    def _dates_refused(self, error: OaiError) -> bool:
        return error.kind == "badargument" and not self._state.pages

    def _may_be_cured(self, error: HarvestError) -> bool:
        """Tell whether a page that did not come may come in a smaller list."""
        later = self._came > 0 or self._window.parent is not None
        return error.cause in (CURABLE_LATER if later else CURABLE)

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    def _write(self, page: Page) -> None:
        """Take a page in and write it down, with all that follows from it, in one transaction."""
        tools = self._tools
        page = self._restarted(page)
        intake = tools.take_in(self._named_once(page))
        self._look(page)
        self._state = self._after(page)
        if tools.trusts_size:
            self._notes.extend(longer(self._state))
        notes, self._notes = self._notes, []
        failures = (*intake.failures, *map(note, page.warnings), *notes)
        tools.ledger.page(intake.changes, intake.counts, self._state, failures, intake.listed)
        self._came += not page.more
        tools.limits.came()
        tools.done(intake, self._may_be_handed_on())

    def _named_once(self, page: Page) -> Page:
        """Note the identifiers of a page; mark those that the run has counted before."""
        names = [record.header.identifier for record in page.records]
        self._mark.add(names)
        new = self._names.add_all(names)
        if self._counted is not self._names:
            new = self._counted.add_all(names)
        if all(new):
            return page
        records = (
            replace(record, again=bool(record.header.identifier) and not fresh)
            for record, fresh in zip(page.records, new, strict=True)
        )
        return replace(page, records=tuple(records))

    def _restarted(self, page: Page) -> Page:
        """Begin the list of names anew with a list that is; the last portion bears the sign."""
        if page.restarted and not self._restarting:
            self._names = Identifiers()
            self._exact = self._restarting = True
        if page.more or not self._restarting:
            return page
        self._restarting = False
        return replace(page, restarted=True)

    def _may_be_handed_on(self) -> bool:
        """Tell whether another process would go on here: with a token that worked before."""
        state = self._state
        return self._is_safe and (state.closed or (bool(state.token) and state.attempts < 2))

    def _after(self, page: Page) -> Checkpoint:
        """Return the window's state once a page is in; a portion of a page moves nothing."""
        state = self._state
        if page.more:
            return replace(state, response_date=state.response_date or page.clock)
        first = page.restarted or not state.pages
        listed = page.names + (0 if page.restarted else state.listed)
        told = page.told if first else state.told
        at_end = not page.token and not page.cut
        short = self._tools.trusts_size and told is not None and listed < told
        token, mark = self._resumable(page.token), self._mark
        self._mark = PageMark()
        return replace(
            state,
            token=token,
            last_page=mark.text() if token else b"",
            token_expires=page.token_expires,
            response_date=state.response_date or page.clock,
            told=told,
            pages=1 if page.restarted else state.pages + 1,
            listed=listed,
            closed=at_end and not short,
            reason=SHORT if at_end and short else "",
            attempts=state.attempts + page.restarted,
        )

    def _resumable(self, token: str) -> str:
        """Return a token worth storing: one that differs from the last one, so it holds the place.

        Where the server keeps the place, a stored token would go on behind the page that was asked
        for ahead of a crash, and that page would be missing.
        """
        before, self._token = self._token, token
        return token if before and token != before else ""

    def _look(self, page: Page) -> None:
        """Note what a page lists, and what it shows that the server takes no notice of."""
        for record in page.records:
            self._stamps.add(record.header.datestamp)
        window = self._window
        spec = window.set_spec
        if spec and not self._named:
            self._named = any(is_of(spec, record.header.sets) for record in page.records)
            if page.records and not page.token and not page.more and not self._named:
                words = f"No record of the set {spec} says that it is in it."
                self._notes.append(Failure(0, 0, "set-ignored", words))
        if window.from_ and not self._dates_ignored and is_too_old(page, window.from_):
            self._dates_ignored = True
            words = f"Records came that are much older than {window.from_}, which was asked for."
            self._notes.append(Failure(0, 0, "ignores-dates", words))

    def _stops_as_large(self, page: Page) -> bool:
        """Tell whether the first page says that the window is too large to be read as one."""
        state = self._state
        if state.closed or page.more or state.pages != 1 or self._dates_ignored:
            return False
        return state.told is not None and self._is_large(state.told)

    # ── ends ─────────────────────────────────────────────────────────────────────────────────

    def _reading(self, end: str, error: HarvestError | None = None) -> Reading:
        return Reading(
            self._window,
            end,
            self._state,
            self._names,
            error,
            self._came,
            self._dates_ignored,
            self._stamps.taken,
            self._counted,
        )

    def _refused(self, error: OaiError) -> Reading:
        if error.kind == "norecordsmatch" and not self._state.pages:
            self._tools.limits.came()
            self._keep(replace(self._state, closed=True, token="", reason=""))
            return self._reading(WHOLE)
        self._leave(error)
        return self._reading(REFUSED, error)

    def _doubtful(self, error: DoubtfulEnd) -> Reading:
        self._notes.append(note(error))
        state = self._state
        told = state.told if self._tools.trusts_size else None
        proved = self._exact and told == state.listed and told == len(self._names)
        if proved or (error.cause in self._tools.trusted and state.pages):
            self._keep(replace(state, closed=True, token="", reason=""))
            return self._reading(WHOLE)
        self._leave(error)
        return self._reading(DOUBTFUL, error)

    def _short(self) -> Reading:
        state = self._state
        words = f"The list told of {state.told:,} records, and {state.listed:,} came."
        error = failure(SHORT, words)
        self._notes.append(note(error))
        self._leave(error)
        return self._reading(DOUBTFUL, error)

    def _bad(self, error: HarvestError) -> Reading:
        self._notes.append(note(error))
        self._leave(error)
        self._tools.limits.did_not_come(error)
        return self._reading(BAD, error)

    def _leave(self, error: HarvestError) -> None:
        """Leave the window open; only a limit opens one again that was read to its end."""
        if self._state.closed and error.cause != "limit-reached":
            return
        self._keep(replace(self._state, closed=False, reason=error.cause))

    def _keep(self, state: Checkpoint) -> None:
        notes, self._notes = self._notes, []
        self._state = state
        self._tools.ledger.page((), Counts(), state, notes)


def checkpoint_of(window: Window, harvest: int) -> Checkpoint:
    """Return a window's row as the checkpoint that it was written from."""
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
        attempts=window.attempts,
        last_page=window.last_page or b"",
    )


def note(error: HarvestError, cause: str = "") -> Failure:
    """Return a failure for the list of the run; `cause`: another one than the error's."""
    words = sentence(cause, str(error)) if cause else str(error)
    return Failure(0, 0, cause or error.cause, words, url=error.url)
