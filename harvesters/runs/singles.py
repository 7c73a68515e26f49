"""Reads a window record by record: the headers of its list, then GetRecord for each.

The last resort where a page does not come and its window cannot be halved. What fails is set aside
by name; where there are no headers either, the window itself is named as the loss.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from app.errors import HarvestError
from app.record import Checkpoint, Counts
from app.store.values import Failure, Window
from app.store.windows import LOST
from harvesters.base import HarvestedRecord, Listing, Page, Selective
from harvesters.failures import ENDS_RUN, DoubtfulEnd, failure
from harvesters.runs.identifiers import Identifiers
from harvesters.runs.windows import (
    BAD,
    CURABLE_LATER,
    TRIES_IN_PARTS,
    Reading,
    Tools,
    checkpoint_of,
    note,
)

WORTH_TRYING = 100
"""Records of a day that are asked for one by one before the day is cut into seconds."""


class Headers(Struct, frozen=True):
    """What a list of headers brought, and what was wrong with its end."""

    pages: tuple[Page, ...] = ()
    error: HarvestError | None = None
    is_part: bool = False
    """There are more than were wanted."""


def headers_of(window: Window, tools: Tools, harvester: Selective, *, most: int) -> Headers:
    """Ask for the headers of a window, no more than `most`."""
    listing = Listing(
        window.prefix, window.set_spec, window.from_, window.until, tries=TRIES_IN_PARTS
    )
    pages: list[Page] = []
    number = 0
    try:
        for page in _counted(harvester.headers(listing), tools):
            pages.append(page)
            number += len(page.records)
            if number > most:
                words = f"There are more than {most:,} records to be asked for one by one."
                return Headers(tuple(pages), failure("gave-up", words), is_part=True)
    except HarvestError as error:
        if error.cause in ENDS_RUN:
            raise
        if not isinstance(error, DoubtfulEnd) and error.cause in CURABLE_LATER:
            tools.limits.did_not_come(error)
        return Headers(tuple(pages), error)
    return Headers(tuple(pages))


def _counted(pages: Iterator[Page], tools: Tools) -> Iterator[Page]:
    tools.limits.spend()
    for page in pages:
        tools.limits.came()
        yield page


class SingleReader:
    """One window, record by record."""

    def __init__(self, reading: Reading, tools: Tools, harvester: Selective) -> None:
        self._known = reading.names
        self._end = reading.end
        self._window = reading.window
        self._why = reading.error
        self._tools = tools
        self._harvester = harvester
        self._state = replace(
            checkpoint_of(reading.window, tools.ledger.harvest.id),
            attempts=reading.state.attempts,
            response_date=reading.state.response_date,
        )

    def read(self, headers: Headers) -> HarvestError | None:
        """Get the records of these headers; return what keeps the window open, None once closed."""
        asked = Identifiers()
        for page in headers.pages:
            self._take(page, asked)
        error = headers.error
        if error is None:
            self._close("")
            return None
        if self._end != BAD or headers.is_part or isinstance(error, DoubtfulEnd):
            return self._leave(error)
        return self._lose(error)

    def _take(self, page: Page, asked: Identifiers) -> None:
        """Get what a page of headers lists and the list had not brought, and write it down."""
        records = tuple(self._got(page, asked))
        state = self._state
        self._state = replace(
            state,
            pages=state.pages + 1,
            listed=state.listed + page.names,
            response_date=state.response_date or page.clock,
        )
        intake = self._tools.take_in(replace(page, records=records))
        self._tools.ledger.page(
            intake.changes, intake.counts, self._state, intake.failures, intake.listed
        )
        self._tools.done(intake, False)  # noqa: FBT003 - the protocol of PageDone

    def _got(self, page: Page, asked: Identifiers) -> Iterator[HarvestedRecord]:
        for record in page.records:
            identifier = record.header.identifier
            if not identifier or identifier in self._known or not asked.add(identifier):
                continue
            yield record if record.header.deleted else self._single(record)

    def _single(self, listed: HarvestedRecord) -> HarvestedRecord:
        self._tools.limits.check()
        found = self._harvester.single(listed.header.identifier, self._window.prefix)
        if found is not None:
            self._tools.limits.came()
            return found
        words = "The record is listed, but came neither with the list nor when it was asked for."
        self._tools.limits.did_not_come(failure("record-unreadable", words))
        return replace(listed, quarantine="record-unreadable", reason=words)

    def _lose(self, error: HarvestError) -> HarvestError | None:
        """Name the window as the loss, if the server answers at all."""
        self._tools.limits.spend()
        try:
            self._harvester.describe()
        except HarvestError as silent:
            if silent.cause in ENDS_RUN:
                raise
            return self._leave(error)
        words = f"What lies {_place(self._window)} could not be had: {self._why or error}"
        self._close(LOST, (Failure(0, 0, LOST, words, url=error.url),))
        return None

    def _close(self, reason: str, notes: tuple[Failure, ...] = ()) -> None:
        self._write(replace(self._state, closed=True, token="", reason=reason), notes)

    def _leave(self, error: HarvestError) -> HarvestError:
        self._write(replace(self._state, closed=False, reason=error.cause), (note(error),))
        return error

    def _write(self, state: Checkpoint, notes: tuple[Failure, ...]) -> None:
        self._state = state
        self._tools.ledger.page((), Counts(), state, notes)


def _place(window: Window) -> str:
    of = f" in the set {window.set_spec}" if window.set_spec else ""
    if window.from_ and window.until:
        return f"between {window.from_} and {window.until}{of}"
    if window.from_ or window.until:
        return f"{'after' if window.from_ else 'before'} {window.from_ or window.until}{of}"
    return f"in the list{of}"
