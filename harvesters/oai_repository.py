"""One OAI-PMH repository for one run: Identify, formats, sets, lists, single records.

What a list cannot give is asked for by GetRecord before the next page is begun, so that there is
never more than one request under way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from app.crosswalks import FORMATS
from app.errors import HarvestError
from app.settings import Settings
from app.store.values import Repository
from harvesters import prefixes
from harvesters.base import Description, HarvestedRecord, Listing, Page, Pulse, Traffic
from harvesters.failures import ENDS_RUN, DoubtfulEnd, TokenRefused, failure, sentence
from harvesters.fetching import Fetcher
from harvesters.http import PoliteSession
from harvesters.oai_pmh import Pages, StrictResponse, StrictSickle, all_pages, checked
from harvesters.patience import Patience
from harvesters.reading import fields, items

EXTRA_REQUESTS = 200
MOST_SETS = 10_000
FALLBACK = "oai_dc"
SINGLE_TRIES = 2
MISSING = ("record-unreadable", "")


class OaiRepository:
    """The harvester of OAI-PMH repositories."""

    def __init__(self, repository: Repository, settings: Settings, pulse: Pulse) -> None:
        self._url = repository.base_url
        self._largest = settings.harvest.max_record_bytes
        self._patience = Patience(settings.harvest, pulse)
        self._session = PoliteSession(settings, allow_private=repository.allow_private)
        self._fetcher = Fetcher(self._session, pulse)
        self._sickle = StrictSickle(self._url, self._fetcher, self._patience)
        self._extra = 0
        self._moved = ""

    def describe(self) -> Description:
        """Ask for Identify."""
        response = self._ask(verb="Identify")
        said = fields(response.answer.container)
        return Description(
            name=said.get("repositoryName", ""),
            base_url=said.get("baseURL", ""),
            granularity=prefixes.granularity(said.get("granularity", "")),
            deleted_record=said.get("deletedRecord", "").lower(),
            earliest=said.get("earliestDatestamp", ""),
            moved_to=response.http_response.moved_to,
        )

    def choose_prefix(self, sets: tuple[str, ...]) -> str:
        """Return the richest prefix that is offered, readable, and proved by one record."""
        offered = [
            (entry.get("metadataPrefix", ""), entry.get("metadataNamespace", ""))
            for entry in items(
                self._ask(verb="ListMetadataFormats").answer.container, "metadataFormat"
            )
        ]
        candidates = prefixes.ranked(offered, FORMATS)
        if not candidates:
            names = ", ".join(prefix for prefix, _ in offered) or "none"
            raise failure(
                "format-gone", f"None of the offered formats can be read: {names}.", url=self._url
            )
        plain = FALLBACK if FALLBACK in candidates else candidates[-1]
        sizes = prefixes.Sizes(plain, lambda prefix: self._first_headers(prefix, sets))
        for candidate in candidates:
            if candidate == plain or self._proved(candidate, sizes):
                return candidate
        return plain

    def pages(self, listing: Listing) -> Iterator[Page]:
        """Yield the pages of a list; a refused token begins it anew, once."""
        pages = self._list(listing)
        for anew in (False, True):
            try:
                yield from self._completed(pages, listing.prefix, anew=anew)
            except TokenRefused as error:
                if anew:
                    raise self._lost_place(error) from error
                pages = self._list(replace(listing, token=""))
            else:
                return

    def set_names(self) -> Mapping[str, str]:
        """Return the names of sets; whatever goes wrong, a harvest goes on without them."""
        names: dict[str, str] = {}
        arguments = {"verb": "ListSets"}
        tokens: set[str] = set()
        while True:
            try:
                answer = checked(self._sickle.ask(arguments, tries=SINGLE_TRIES)).answer
            except HarvestError:
                return names
            for entry in items(answer.container, "set"):
                names[entry.get("setSpec", "")] = entry.get("setName", "")
            token = answer.token.text
            if not token or token in tokens or len(names) > MOST_SETS:
                return names
            tokens.add(token)
            arguments = {"verb": "ListSets", "resumptionToken": token}

    def traffic(self) -> Traffic:
        """Return what went over the network so far."""
        session = self._session
        return Traffic(
            session.requests, self._patience.retries, session.bytes, self._sickle.last_request
        )

    def close(self) -> None:
        """Give up a request under way and close all connections."""
        self._fetcher.close()

    def _ask(self, **arguments: str) -> StrictResponse:
        return checked(self._sickle.harvest(**arguments))

    def _list(self, listing: Listing) -> Pages:
        if listing.token:
            pages: Pages = self._sickle.ListRecords(resumptionToken=listing.token)
            return pages.with_prefix(listing.prefix)
        arguments: dict[str, Any] = {"metadataPrefix": listing.prefix}
        bounds = {"from": listing.from_, "until": listing.until, "set": listing.set_spec}
        fresh: Pages = self._sickle.ListRecords(
            **arguments, **{name: value for name, value in bounds.items() if value}
        )
        return fresh

    def _completed(self, pages: Pages, prefix: str, *, anew: bool) -> Iterator[Page]:
        """Yield pages after their missing records were asked for, and ask for the next page."""
        for number, page in enumerate(all_pages(pages)):
            complete = self._complete(page, prefix)
            pages.ahead()
            yield replace(complete, restarted=anew and number == 0)

    @staticmethod
    def _lost_place(error: TokenRefused) -> DoubtfulEnd:
        words = "The list was begun anew, and its token was refused again."
        return DoubtfulEnd(
            "token-refused", sentence("token-refused", words, error.url), url=error.url
        )

    # ── single records ───────────────────────────────────────────────────────────────────────

    def _complete(self, page: Page, prefix: str) -> Page:
        """Ask once for each record that came damaged or without metadata."""
        if not any(map(self._is_odd, page.records)):
            return page
        records = tuple(self._mended(record, prefix) for record in page.records)
        return replace(page, records=records)

    def _is_odd(self, record: HarvestedRecord) -> bool:
        original = record.original
        return _is_missing(record) or (original is not None and len(original) > self._largest)

    def _mended(self, record: HarvestedRecord, prefix: str) -> HarvestedRecord:
        if _is_missing(record):
            return self._again(record, prefix)
        return _too_large(record, self._largest) if self._is_odd(record) else record

    def _again(self, record: HarvestedRecord, prefix: str) -> HarvestedRecord:
        """Return a record as GetRecord gives it, in the prefix or in oai_dc; else as it came."""
        for tried in dict.fromkeys((prefix, FALLBACK)):
            if self._extra >= EXTRA_REQUESTS:
                break
            self._extra += 1
            found = self._single(record.header.identifier, tried)
            if found is not None and (found.header.deleted or found.metadata is not None):
                return found
        if record.quarantine:
            return record
        return replace(
            record,
            quarantine="record-without-metadata",
            reason="The record came without metadata, in the list and when it was asked for.",
        )

    def _single(self, identifier: str, prefix: str) -> HarvestedRecord | None:
        """Return one record by GetRecord, None if it cannot be had; trusted for what was asked."""
        try:
            asked = {"verb": "GetRecord", "identifier": identifier, "metadataPrefix": prefix}
            records = checked(self._sickle.ask(asked, tries=SINGLE_TRIES)).page().records
        except HarvestError as error:
            if error.cause in ENDS_RUN:
                raise
            return None
        if len(records) != 1 or records[0].quarantine == "record-unreadable":
            return None
        header = replace(records[0].header, identifier=identifier)
        return replace(records[0], header=header)

    # ── choosing a prefix ────────────────────────────────────────────────────────────────────

    def _first_headers(self, prefix: str, sets: tuple[str, ...]) -> Page:
        arguments = {"verb": "ListIdentifiers", "metadataPrefix": prefix}
        if sets:
            arguments["set"] = sets[0]
        return self._ask(**arguments).page()

    def _proved(self, prefix: str, sizes: prefixes.Sizes) -> bool:
        """Tell whether a format is there: as many records as in the plain one, and one is read."""
        try:
            page = sizes.page(prefix)
            if not sizes.covers(prefix):
                return False
            live = [r.header.identifier for r in page.records if not r.header.deleted]
            return any(
                prefixes.is_readable(self._single(identifier, prefix)) for identifier in live[:3]
            )
        except HarvestError as error:
            if error.cause in ENDS_RUN:
                raise
            return False


def _is_missing(record: HarvestedRecord) -> bool:
    header = record.header
    if not header.identifier or header.deleted:
        return False
    return record.metadata is None and record.quarantine in MISSING


def _too_large(record: HarvestedRecord, largest: int) -> HarvestedRecord:
    size = len(record.original or b"")
    return replace(
        record,
        metadata=None,
        original=None,
        quarantine="record-unreadable",
        reason=f"The record has {size:,} bytes; at most {largest:,} are taken.",
    )
