"""A sweep: the headers of everything, and the records whose headers the store does not know.

It stands before a harvester and looks like one: a page of headers comes with the few records that
differ from what the hub has, so that windows, tokens and ends are dealt with as in any list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from app.record import Header, local_id
from app.store import looks
from app.store.looks import Known
from harvesters.answers.reading import seconds
from harvesters.base import HarvestedRecord, Listing, Page, Selective
from harvesters.failures import DoubtfulEnd, OaiError
from harvesters.runs.standing_before import MOST_SINGLES, NOT_HAD, StandingBefore

MOST_LEFT = 200
"""Records that are asked for one by one after a list did not bring them."""


class Sweep(StandingBefore[Selective]):
    """A harvester whose lists are headers, completed by what differs."""

    def pages(self, listing: Listing) -> Iterator[Page]:
        """Yield pages of headers, each with the records that differ.

        What is too much to be asked for one by one comes before the last page. It is kept in
        memory, so that a list is never gone on with in its middle.
        """
        anew = bool(listing.token)
        later: dict[str, Header] = {}
        for page in self._inner.headers(replace(listing, token="")):
            if page.restarted:
                later.clear()
            complete = self._completed(page, listing.prefix, later)
            if later and not page.token and not page.more and not page.cut:
                yield from self._rest(listing, later)
            yield replace(complete, restarted=complete.restarted or (anew and not page.more))
            anew = anew and page.more

    # ── what differs ─────────────────────────────────────────────────────────────────────────

    def _completed(self, page: Page, prefix: str, later: dict[str, Header]) -> Page:
        names = [local_id(self._name, record.header.identifier) for record in page.records]
        known = looks.known(self._store, names)
        records = tuple(
            self._record(record, known.get(name), prefix, later)
            for name, record in zip(names, page.records, strict=True)
        )
        return replace(page, records=records)

    def _record(
        self,
        record: HarvestedRecord,
        known: Known | None,
        prefix: str,
        later: dict[str, Header],
    ) -> HarvestedRecord:
        header = record.header
        if header.deleted or not header.identifier:
            return record
        if known is not None and is_same(header, known):
            return replace(record, known=True)
        if self._singles >= MOST_SINGLES:
            later[header.identifier] = header
            return replace(record, known=True)
        return self._had(header, prefix)

    def _had(self, header: Header, prefix: str) -> HarvestedRecord:
        """Return a record as GetRecord gives it, or set aside."""
        self._singles += 1
        found = self._inner.single(header.identifier, prefix)
        return _not_had(header) if found is None else found

    # ── what is too much for single requests ─────────────────────────────────────────────────

    def _rest(self, listing: Listing, later: dict[str, Header]) -> Iterator[Page]:
        """Yield the records that are left as portions of the page to come."""
        last = Page()
        try:
            for page in self._inner.pages(replace(listing, token="", from_=_since(listing, later))):
                wanted = tuple(r for r in page.records if later.pop(r.header.identifier, None))
                last = replace(page, records=wanted, token="", told=None, names=0, cut=False,
                               restarted=False, more=True)  # fmt: skip
                yield last
        except DoubtfulEnd:
            pass  # what it did not bring is asked for one by one
        except OaiError as error:
            if error.kind != "norecordsmatch":
                raise
        for headers in _pieces(tuple(later.values())):
            yield replace(last, records=self._singly(headers, listing.prefix), repairs=(),
                          warnings=(), more=True)  # fmt: skip
        later.clear()

    def _singly(self, headers: Sequence[Header], prefix: str) -> tuple[HarvestedRecord, ...]:
        return tuple(
            self._had(header, prefix)
            if self._singles < MOST_SINGLES + MOST_LEFT
            else _not_had(header)
            for header in headers
        )

    # ── the rest of a harvester ──────────────────────────────────────────────────────────────

    def headers(self, listing: Listing) -> Iterator[Page]:
        """Yield the pages of a list of headers only."""
        return self._inner.headers(listing)

    def single(self, identifier: str, prefix: str) -> HarvestedRecord | None:
        """Return one record; None if it cannot be had."""
        return self._inner.single(identifier, prefix)


def is_same(header: Header, known: Known) -> bool:
    """Tell whether a live header says what the store has: it lives, its datestamp, its sets."""
    if known.state in ("deleted", "unseen"):
        return False
    return header.datestamp == known.datestamp and set(header.sets) == set(known.source_sets)


def _since(listing: Listing, later: Mapping[str, Header]) -> str:
    """Return the oldest datestamp of what is wanted, as a bound; none if one cannot be read."""
    stamps = {header.datestamp for header in later.values()}
    if any(seconds(stamp) is None for stamp in stamps) or len({len(s) for s in stamps}) > 1:
        return listing.from_
    return max(min(stamps), listing.from_)


def _not_had(header: Header) -> HarvestedRecord:
    return HarvestedRecord(header, quarantine="record-unreadable", reason=NOT_HAD)


def _pieces(headers: Sequence[Header], size: int = 100) -> Iterator[Sequence[Header]]:
    for start in range(0, len(headers), size):
        yield headers[start : start + size]
