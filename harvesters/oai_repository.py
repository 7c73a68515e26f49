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
from app.options import merged
from app.settings import Settings
from app.store.requests import Sent
from app.store.values import Repository
from harvesters import prefixes
from harvesters.answers.known import Known
from harvesters.answers.reading import fields, items
from harvesters.answers.response import StrictResponse
from harvesters.base import Description, HarvestedRecord, Listing, Page, Pulse, Traffic
from harvesters.failures import ENDS_RUN, DoubtfulEnd, OaiError, TokenRefused, failure, sentence
from harvesters.noticing import Sight, Watcher, compression
from harvesters.oai_pmh import Pages, StrictSickle, all_pages, checked
from harvesters.quirks import patient
from harvesters.software import software_of, toolkit_of
from harvesters.transport.access import ALONE, Access
from harvesters.transport.fetching import Fetcher
from harvesters.transport.hosts import Allowance
from harvesters.transport.http import PoliteSession
from harvesters.transport.patience import Patience
from harvesters.transport.request_log import RequestLog

MOST_SETS = 10_000
FALLBACK = "oai_dc"
SINGLE_TRIES = 2
DENIALS = ("cannotdisseminateformat", "iddoesnotexist", "nometadataformats")
MISSING = ("record-unreadable", "")


class OaiRepository:
    """The harvester of OAI-PMH repositories."""

    def __init__(
        self, repository: Repository, settings: Settings, pulse: Pulse, access: Access = ALONE
    ) -> None:
        heeded = access.quirks
        repository = patient(repository, settings, heeded)
        harvest = merged(settings, repository.options).harvest
        allowance = Allowance(harvest.longest_wait)
        self._url = repository.base_url
        self._largest = harvest.max_record_bytes
        self._session = PoliteSession.of(repository, settings, access, allowance)
        self._patience = Patience(
            harvest,
            pulse,
            pace=self._session.pace,
            allowance=allowance,
            processor=access.processor,
        )
        self._fetcher = Fetcher(self._session, pulse, access.processor)
        self._log = RequestLog(harvest)
        self._sickle = StrictSickle(self._url, self._fetcher, self._patience, self._log)
        self._sickle.largest = self._largest
        self._sickle.verbatim = "token-verbatim" in heeded
        self._sickle.prefix_with_token = "prefix-with-token" in heeded
        self._session.identity = "identity-encoding" in heeded
        self._watcher = Watcher(self._sickle.noticed)
        self.fallbacks: tuple[str, ...] = ()
        self._extra = 0
        self._most_extra = settings.harvest.extra_requests
        self._moved = ""

    def describe(self) -> Description:
        """Ask for Identify."""
        response = self._ask(verb="Identify")
        container = response.answer.container
        said = fields(container)
        return Description(
            name=said.get("repositoryName", ""),
            base_url=said.get("baseURL", ""),
            granularity=prefixes.granularity(said.get("granularity", "")),
            deleted_record=said.get("deletedRecord", "").lower(),
            earliest=said.get("earliestDatestamp", ""),
            moved_to=response.http_response.moved_to,
            software=software_of(self._url, toolkit_of(container)),
        )

    def choose_prefix(self, sets: tuple[str, ...]) -> str:
        """Return the richest prefix that is offered, readable, and proved by one record.

        Where it has fewer records than the plain one, those that follow it come behind it.
        """
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
        chosen: list[str] = []
        for candidate in candidates[: candidates.index(plain)]:
            if self._proved(candidate, sizes):
                chosen.append(candidate)
                if sizes.covers(candidate):
                    return " ".join(chosen)
        return " ".join((*chosen, plain))

    def pages(self, listing: Listing) -> Iterator[Page]:
        """Yield the pages of a list; a refused token begins it anew, once."""
        yield from self._watcher.over(listing, self._anew(listing, "ListRecords"))

    def headers(self, listing: Listing) -> Iterator[Page]:
        """Yield the pages of a list of headers; a refused token begins it anew, once."""
        yield from self._watcher.over(listing, self._anew(listing, "ListIdentifiers"))

    def single(self, identifier: str, prefix: str) -> HarvestedRecord | None:
        """Return one record by GetRecord, None if it cannot be had."""
        self._extra += 1
        return self._single(identifier, prefix)

    def denies(self, identifier: str, prefix: str) -> bool:
        """Tell whether the repository says that it does not have a record in a format."""
        self._extra += 1
        asked = {"verb": "GetRecord", "identifier": identifier, "metadataPrefix": prefix}
        try:
            records = checked(self._sickle.ask(asked, tries=SINGLE_TRIES)).page().records
        except OaiError as error:
            return error.kind in DENIALS
        except HarvestError as error:
            if error.cause in ENDS_RUN:
                raise
            return False
        return len(records) == 1 and records[0].metadata is None and not records[0].quarantine

    def _anew(self, listing: Listing, verb: str) -> Iterator[Page]:
        pages = self._list(listing, verb)
        for anew in (False, True):
            try:
                yield from self._completed(pages, listing.prefix, anew=anew)
            except TokenRefused as error:
                if anew:
                    raise self._lost_place(error) from error
                pages = self._list(replace(listing, token=""), verb)
            else:
                return

    def set_names(self) -> Mapping[str, str]:
        """Return the names of sets; whatever goes wrong, a harvest goes on without them."""
        names: dict[str, str] = {}
        try:
            for more in self._set_pages():
                names |= more
                if len(names) > MOST_SETS:
                    break
        except HarvestError:
            pass
        return names

    def lists_set(self, set_spec: str) -> bool | None:
        """Tell whether a set is offered; None where the list of sets was not had whole."""
        number = 0
        try:
            for names in self._set_pages():
                if set_spec in names:
                    return True
                number += len(names)
                if number > MOST_SETS:
                    return None
        except OaiError as error:
            return False if error.kind == "nosethierarchy" else None
        except HarvestError as error:
            if error.cause in ENDS_RUN:
                raise
            return None
        return False

    def _set_pages(self) -> Iterator[dict[str, str]]:
        """Yield names of sets, page by page. Raises where the list leads round."""
        arguments = {"verb": "ListSets"}
        tokens: set[str] = set()
        while True:
            answer = checked(self._sickle.ask(arguments, tries=SINGLE_TRIES)).answer
            found = items(answer.container, "set")
            yield {one.get("setSpec", ""): one.get("setName", "") for one in found}
            token = answer.token.text
            if not token:
                return
            if token in tokens:
                raise failure("token-loop", "The list of sets leads round.", url=self._url)
            tokens.add(token)
            arguments = {"verb": "ListSets", "resumptionToken": token}

    def traffic(self) -> Traffic:
        """Return what went over the network so far."""
        session = self._session
        return Traffic(
            session.requests,
            self._patience.retries,
            session.bytes,
            self._sickle.last_request,
            self._extra,
            self._patience.waited,
        )

    def sights(self) -> tuple[Sight, ...]:
        """Return what was noticed of the repository's ways."""
        noticed, session = self._sickle.noticed, self._session
        slow = noticed.slowness(session.settings.read_timeout)
        others = slow, compression(session.identity, session.damage)
        return (*noticed.sights.values(), *(sight for sight in others if sight is not None))

    def recognise(self, known: Known) -> None:
        """Leave out of lists what needs no second look."""
        self._sickle.known = known

    def close(self) -> None:
        """Give up a request under way and close all connections."""
        self._fetcher.close()
        self._log.settle()

    def sent(self) -> tuple[Sent, ...]:
        """Give out the requests since the last call, but for one whose page is still read."""
        return self._log.drain()

    def _ask(self, **arguments: str) -> StrictResponse:
        return checked(self._sickle.harvest(**arguments))

    def _list(self, listing: Listing, verb: str) -> Pages:
        ask = getattr(self._sickle, verb)
        if listing.token:
            pages: Pages = ask(resumptionToken=listing.token)
            return pages.with_prefix(listing.prefix, listing.tries)
        arguments: dict[str, Any] = {"metadataPrefix": listing.prefix}
        bounds = {"from": listing.from_, "until": listing.until, "set": listing.set_spec}
        fresh: Pages = ask(**arguments, **{name: value for name, value in bounds.items() if value})
        return fresh.with_prefix(listing.prefix, listing.tries)

    def _completed(self, pages: Pages, prefix: str, *, anew: bool) -> Iterator[Page]:
        """Yield pages after their missing records were asked for, and ask for the next page."""
        for page in all_pages(pages):
            complete = self._complete(page, prefix) if pages.verb == "ListRecords" else page
            if not page.more and pages.verb == "ListRecords":  # records may be asked for between
                pages.ahead()
            yield replace(complete, restarted=anew and not page.more)
            anew = anew and page.more
            del page, complete  # while the next one is waited for

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
        """Return a record as GetRecord gives it, in the prefix or a poorer one; else as it came."""
        for tried in dict.fromkeys((prefix, *(self.fallbacks or (FALLBACK,)))):
            if self._extra >= self._most_extra:
                break
            found = self.single(record.header.identifier, tried)
            if found is not None and (found.header.deleted or found.metadata is not None):
                return replace(found, prefix="" if tried == prefix else tried)
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
        """Tell whether a format is there: one of its records is read."""
        try:
            page = sizes.page(prefix)
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
    if not header.identifier or header.deleted or record.known:
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
