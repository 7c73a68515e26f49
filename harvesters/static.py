"""OAI static repositories: one XML document at a plain address, read as one whole list.

The specification is http://www.openarchives.org/OAI/2.0/guidelines-static-repository.htm. The
document is asked for on the condition that it changed since the last whole run; that it did not is
an answer of its own, and no look at its records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from app.crosswalks import FORMATS
from app.errors import HarvestError
from app.settings import Settings
from app.store.values import Repository
from harvesters import prefixes
from harvesters.base import Description, Listing, Page, Pulse, Traffic
from harvesters.documents.bodies import Body
from harvesters.documents.lists import Lists
from harvesters.documents.paging import pages
from harvesters.documents.records import Wanted, of_lists
from harvesters.failures import failure, shown
from harvesters.runs.outcome import NOT_MODIFIED
from harvesters.runs.plan import scope_of
from harvesters.transport.access import ALONE, Access
from harvesters.transport.fetching import Fetcher
from harvesters.transport.http import PoliteSession, Response
from harvesters.transport.patience import Patience, refusal
from harvesters.transport.spooling import Received

UNCHANGED = 304


class NotModified(HarvestError):
    """The document is the one that the last whole run has read."""


class Memory(Struct, frozen=True, omit_defaults=True):
    """What a whole run leaves for the next one."""

    scope: str = ""
    etag: str = ""
    modified: str = ""


class StaticRepository:
    """The harvester of static repositories."""

    def __init__(
        self, repository: Repository, settings: Settings, pulse: Pulse, access: Access = ALONE
    ) -> None:
        self._repository = repository
        self._settings = settings.harvest
        self._session = PoliteSession.of(repository, settings, access)
        self._pulse, self._processor = pulse, access.processor
        pace, processor = self._session.pace, access.processor
        self._patience = Patience(settings.harvest, pulse, pace=pace, processor=processor)
        self._fetcher = Fetcher(self._session, pulse, processor)
        self._body: Body | None = None
        self._lists: Lists | None = None
        self._seen = Memory()
        self._moved = self._last = ""

    def describe(self) -> Description:
        """Return what the document says of itself; raises NotModified."""
        said = dict(self._document().sketch.identify)
        return Description(
            name=said.get("repositoryName", ""),
            base_url=said.get("baseURL", ""),
            granularity=prefixes.granularity(said.get("granularity", "")),
            deleted_record=said.get("deletedRecord", "").lower() or "no",
            earliest=said.get("earliestDatestamp", ""),
            moved_to=self._moved,
        )

    def choose_prefix(self, sets: tuple[str, ...]) -> str:  # noqa: ARG002 - there are none
        """Return all formats that can be read, the richest first, joined by blanks."""
        offered = self._document().formats
        found = prefixes.ranked(offered, FORMATS)
        if not found:
            names = ", ".join(prefix for prefix, _ in offered) or "none"
            words = f"None of the formats of the document can be read: {names}."
            raise failure("format-gone", words, url=self._repository.base_url)
        return " ".join(found)

    def pages(self, listing: Listing) -> Iterator[Page]:
        """Yield all records of the document, each in the first format that has it."""
        lists, wanted = self._document(), tuple(listing.prefix.split())
        there = {prefix for prefix, _ in lists.formats}
        if not there.intersection(wanted):
            words = f"The document holds nothing in the format {', '.join(wanted)}."
            raise failure("format-gone", words, url=self._repository.base_url)
        settings = Wanted(wanted, self._settings.max_record_bytes, self._settings.max_page_bytes)
        return pages(of_lists(lists, settings), listing, between=self._between)

    def _between(self) -> None:
        """Between two pages, let other harvests of this process compute."""
        self._processor.give_way(self._pulse)

    def set_names(self) -> Mapping[str, str]:
        """Static repositories have no sets."""
        return {}

    def memory(self) -> str:
        """Return what shows the server which document was read; empty if it gave nothing."""
        if self._lists is None:
            return self._repository.memory
        seen = self._seen
        return msgspec.json.encode(seen).decode() if seen.etag or seen.modified else ""

    def traffic(self) -> Traffic:
        """Return what went over the network so far."""
        session = self._session
        patience = self._patience
        return Traffic(
            session.requests, patience.retries, session.bytes, self._last, waited=patience.waited
        )

    def close(self) -> None:
        """Give up a request under way and close all connections."""
        self._fetcher.close()
        if self._body is not None:
            self._body.close()

    # ── the document ─────────────────────────────────────────────────────────────────────────

    def _document(self) -> Lists:
        """Return the document, fetched once."""
        if self._lists is None:
            self._lists = self._fetched()
        return self._lists

    def _fetched(self) -> Lists:
        """Ask for the document as often as its failures allow; raises NotModified."""
        url, attempt = self._repository.base_url, 0
        conditions = self._conditions()
        self._last = f"GET {shown(url)}"
        most = self._patience.tries("truncated")
        while True:
            attempt += 1
            try:
                response = self._fetcher.fetch(url, {}, headers=conditions)
                lists = self._read(self._accepted(response, conditions))
                if lists.is_cut and attempt < most:
                    raise failure("truncated", "The document broke off in the middle.", url=url)
                return lists
            except NotModified:
                raise
            except HarvestError as error:
                self._patience.after(error, attempt)

    def _accepted(self, response: Response, conditions: Mapping[str, str]) -> Response:
        url = self._repository.base_url
        if response.status == UNCHANGED and conditions:
            words = "The document has not changed since it was last read whole."
            raise NotModified(NOT_MODIFIED, words, url=url)
        refused = refusal(response)
        if refused is not None or response.status == UNCHANGED:
            words = "The server says that nothing changed, though it was not asked."
            raise refused or failure("empty-body", words, url=url)
        return response

    def _read(self, response: Response) -> Lists:
        size = response.size or len(response.body)
        self._body = Body(Received(response.body, size, response.spool))
        url = self._repository.base_url
        if not size:
            raise failure("empty-body", "The answer was empty.", url=url)
        lists = Lists(self._body, shown(url), self._settings.max_page_bytes)
        if not lists.is_static:
            root = lists.sketch.root or "something else"
            words = f"The document is no static repository: it begins with <{root}>."
            raise failure("not-xml", words, url=url)
        self._moved = response.moved_to
        headers = response.headers
        scope = scope_of(self._repository)
        self._seen = Memory(scope, headers.get("ETag", ""), headers.get("Last-Modified", ""))
        return lists

    def _conditions(self) -> dict[str, str]:
        """Return the headers that ask for the document only if it is another one by now."""
        try:
            known = msgspec.json.decode(self._repository.memory or "{}", type=Memory)
        except msgspec.DecodeError:
            return {}
        if known.scope != scope_of(self._repository):
            return {}
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        return {name: value for name, value in headers.items() if value}
