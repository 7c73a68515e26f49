"""OAI-PMH through Sickle, a page at a time: strict answers, our session, the repair ladder.

Sickle gives the verbs, their arguments and its iterator protocol; `harvest`, the response and the
iterator are replaced here. A list ends by a missing token and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace
from sickle import Sickle
from sickle.iterator import BaseOAIIterator

from app.errors import HarvestError
from app.settings import Harvest
from harvesters.answers.known import Known
from harvesters.answers.portions import LARGEST_TREE
from harvesters.answers.reading import newness
from harvesters.answers.repair import Damage
from harvesters.answers.response import Arguments, StrictResponse
from harvesters.base import Page
from harvesters.failures import DoubtfulEnd, OaiError, TokenRefused, failure, oai_error, sentence
from harvesters.noticing import Noticed
from harvesters.transport.fetching import Fetcher
from harvesters.transport.http import Response, with_arguments
from harvesters.transport.patience import Patience, refusal
from harvesters.transport.request_log import RequestLog
from harvesters.versions import Versions

MOST_EMPTY_PAGES = 100
BAD_TOKEN = "badresumptiontoken"  # noqa: S105 - a code, no secret
UNENCODED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_AMBIGUOUS = re.compile(r"[+&#]|%(?![0-9A-Fa-f]{2})")
WAYS = {
    BAD_TOKEN: ("verbatim", "token-verbatim"),
    "badargument": ("prefix_with_token", "prefix-with-token"),
}
"""Other ways to send a token, by the code with which it is refused, and the quirks they are."""
_HELPED = {"verbatim": "as it had come", "prefix_with_token": "with the metadataPrefix"}
GONE_QUIET = ("norecordsmatch", "")
"""Codes that, in answer to a token, say nothing certain of the list's end."""


class StrictSickle(Sickle):  # type: ignore[misc]  # Sickle has no types
    """Sickle whose answers come through the polite session and the repair ladder."""

    def __init__(
        self, endpoint: str, fetcher: Fetcher, patience: Patience, log: RequestLog | None = None
    ) -> None:
        super().__init__(endpoint, iterator=Pages)
        self.fetcher = fetcher
        self.patience = patience
        self.log = log or RequestLog(Harvest(keep_raw="0", keep_raw_damaged="0"))
        self.last_request = ""
        self.known: Known | None = None
        """Tells of the records of lists that need no second look."""
        self.largest = LARGEST_TREE
        """Bytes that one record may have."""
        self.noticed = Noticed()
        self.verbatim = False
        """Tokens are sent as they came, where they cannot be misread so."""
        self.prefix_with_token = False

    def harvest(self, **arguments: str) -> StrictResponse:
        """Return the answer to a request: what all verbs of Sickle go through."""
        return self.ask(arguments)

    def ask(self, arguments: Arguments, *, tries: int = 5) -> StrictResponse:
        """Return the answer to a request, asked for again as often as its failures allow."""
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._ask(arguments, attempt, tries)
            except HarvestError as error:
                self.noticed.troubles.append(error)
                self.patience.after(error, attempt, most=tries)

    def begin(self, **arguments: str) -> None:
        """Start a request that `harvest` will soon be called for."""
        self.fetcher.begin(self.endpoint, arguments, verbatim=self._goes_verbatim(arguments))

    def _goes_verbatim(self, arguments: Arguments) -> bool:
        return self.verbatim and _may_go_verbatim(arguments.get("resumptionToken", ""))

    def _ask(self, arguments: Arguments, attempt: int, tries: int) -> StrictResponse:
        self.last_request = " ".join(f"{name}={value}" for name, value in arguments.items())
        with self.log.request(arguments, attempt) as noting:
            verbatim = self._goes_verbatim(arguments)
            response = self.fetcher.fetch(self.endpoint, arguments, verbatim=verbatim)
            noting.answered(response)
            self.noticed.times.append(response.milliseconds)
            url = with_arguments(self.endpoint, arguments)
            read = self._read(response, arguments, url)
            noting.read(read)
            if read.hollow:
                raise failure("hollow-page", "The answer has neither a list nor an error.", url=url)
            if read.mended.cut and attempt < min(self.patience.tries("truncated"), tries):
                raise failure("truncated", "The answer broke off in the middle.", url=url)
            return read

    def _read(self, response: Response, arguments: Arguments, url: str) -> StrictResponse:
        """Read the body, whatever the status; where it is no answer, the status speaks."""
        try:
            return StrictResponse(response, arguments, largest=self.largest, known=self.known)
        except Damage as damage:
            error = refusal(response) or HarvestError(
                damage.cause, sentence(damage.cause, str(damage), url), url=url
            )
            raise error from damage


class Pages(BaseOAIIterator):  # type: ignore[misc]  # Sickle has no types
    """Yields whole pages of one list, large ones in portions.

    Every end that is not a natural one raises.
    """

    def __init__(
        self,
        sickle: StrictSickle,
        params: Arguments,
        ignore_deleted: bool = False,  # noqa: FBT001, FBT002 - Sickle's protocol
    ) -> None:
        self.sickle = sickle
        self.params = dict(params)
        self.verb = self.params["verb"]
        self.ignore_deleted = ignore_deleted
        self.seen = Versions()
        """The identifiers of this list, each in its newest version."""
        self._first_prefix = ""
        self._tries = 5
        self._cut_at = ""
        self._token = self.params.get("resumptionToken", "")
        self._tokens: set[str] = set()
        self._empty = 0
        self._ended = False
        self._portions: Iterator[Page] | None = None
        self._names = self._brought = 0

    def next(self) -> Page:
        """Return the next page, or the next portion of a large one."""
        if self._cut_at:
            raise failure("truncated", "A page broke off in the middle.", url=self._cut_at)
        if self._ended:
            raise StopIteration
        asked = self._token
        if self._portions is None:
            self._portions = self._respond().portions()
        page = self._portion(self._portions)
        self.sickle.log.portion(page)
        page = self._fresh(page)
        if page.more:
            return page
        self._portions = None
        self._ended = not page.token
        self._token = page.token
        if page.cut:
            self._ended = True
            self._cut_at = with_arguments(self.sickle.endpoint, self._arguments(asked))
        else:
            self._judge(page, asked)
        self._tokens.add(page.token)
        return page

    def _portion(self, portions: Iterator[Page]) -> Page:
        """Return the next portion; a response that breaks off is asked for again, never ended."""
        try:
            return next(portions)
        except StopIteration:
            self._portions = None
            raise failure("truncated", "A page broke off in the middle.") from None
        except HarvestError as error:
            self._portions = None
            self.sickle.log.settle(error)
            raise

    def ahead(self) -> None:
        """Ask for the next page while the last one is worked on."""
        if not self._ended:
            self.sickle.begin(**self._arguments(self._token))

    def with_prefix(self, prefix: str, tries: int) -> Pages:
        """Remember how often to ask, and the prefix of a list for servers that demand it later."""
        self._first_prefix = prefix
        self._tries = tries
        return self

    def _arguments(self, token: str) -> Arguments:
        if not token:
            return self.params
        arguments = {"verb": self.verb, "resumptionToken": token}
        if self.sickle.prefix_with_token and self._prefix:
            arguments["metadataPrefix"] = self._prefix
        return arguments

    @property
    def _prefix(self) -> str:
        return self.params.get("metadataPrefix", "") or self._first_prefix

    def _respond(self) -> StrictResponse:
        token = self._token
        arguments = self._arguments(token)
        response: StrictResponse = self.sickle.ask(arguments, tries=self._tries)
        if token:
            response = self._other_ways(response, token)
        error = _error_of(response, token=bool(token))
        if error is None:
            return response
        if isinstance(error, TokenRefused) and error.kind in GONE_QUIET:
            raise DoubtfulEnd("surplus-token", str(error), url=error.url)
        raise error

    def _other_ways(self, response: StrictResponse, token: str) -> StrictResponse:
        """Send a refused token in the other ways that some servers want, and note what helped."""
        sickle, error = self.sickle, _error_of(response, token=True)
        if error is None:
            self._note_plain(token)
            return response
        way, quirk = WAYS.get(error.kind, ("", ""))
        useful = _may_go_verbatim(token) if way == "verbatim" else bool(self._prefix)
        if not way or not useful:
            return response
        before: bool = getattr(sickle, way)
        setattr(sickle, way, not before)
        again: StrictResponse = sickle.ask(self._arguments(token))
        if _error_of(again, token=True) is not None:
            setattr(sickle, way, before)
            return response
        if before:
            sickle.noticed.deny(quirk)
        else:
            words = f"A token was refused, and taken {_HELPED[way]}. {error}"
            sickle.noticed.see(quirk, words)
        return again

    def _note_plain(self, token: str) -> None:
        """Note that a token was taken as the protocol has it, where another way would differ."""
        if not self.sickle.verbatim and _may_go_verbatim(token):
            self.sickle.noticed.deny("token-verbatim")
        if not self.sickle.prefix_with_token and self._prefix:
            self.sickle.noticed.deny("prefix-with-token")

    def _fresh(self, page: Page) -> Page:
        """Count the identifiers that are new, and leave out what is older than what came before.

        Portions of one response are counted with its last one.
        """
        names = [record.header.identifier or record.original or "" for record in page.records]
        orders = [newness(record.header, page.response_date) for record in page.records]
        new, older = self.seen.note(names, orders)
        self._names += new
        self._brought += len(page.records)
        if older:
            left = set(older)
            kept = (one for at, one in enumerate(page.records) if at not in left)
            page = replace(page, records=tuple(kept))
        if page.more:
            return page
        self._empty = 0 if self._brought else self._empty + 1
        number, self._names, self._brought = self._names, 0, 0
        return replace(page, names=number)

    def _judge(self, page: Page, asked: str) -> None:
        """Raise DoubtfulEnd where a page shows that the list leads nowhere."""
        url = with_arguments(self.sickle.endpoint, self._arguments(asked))
        if page.token and not page.names and not self._empty:
            raise self._doubt("page-repeated", "A page brought only records that had come.", url)
        if page.token and self._empty and page.token in self._tokens:
            raise self._doubt("token-loop", "An empty page bore a token that had come.", url)
        if self._empty >= MOST_EMPTY_PAGES:
            raise self._doubt("token-loop", f"{MOST_EMPTY_PAGES} empty pages came in a row.", url)
        if asked and not page.token and self._empty:
            raise self._doubt("surplus-token", "A token was answered by an empty list.", url)

    @staticmethod
    def _doubt(cause: str, what: str, url: str) -> DoubtfulEnd:
        return DoubtfulEnd(cause, sentence(cause, what, url), url=url)


def _may_go_verbatim(token: str) -> bool:
    """Tell whether a token differs when it is not encoded, and still cannot mean another one.

    A raw `+` is read as a blank, `&` and `#` end the value: a server might take what is left for
    another place in its list.
    """
    return not UNENCODED.issuperset(token) and not _AMBIGUOUS.search(token)


def _error_of(response: StrictResponse, *, token: bool) -> OaiError | None:
    """Return the error of an answer; one beside records is only a warning."""
    answer = response.answer
    if not answer.errors or response.beside:
        return None
    code, text = answer.errors[0]
    url = with_arguments(response.http_response.url, {})
    return oai_error(code, text, url=url, token=token)


def checked(response: StrictResponse) -> StrictResponse:
    """Return an answer to a side verb; raises OaiError if it is an error."""
    error = _error_of(response, token=False)
    if error is not None:
        raise error
    return response


def all_pages(pages: Any) -> Iterator[Page]:
    """Yield the pages of a Sickle iterator."""
    while True:
        try:
            page: Page = pages.next()
        except StopIteration:
            return
        yield page
        del page  # while the next one is waited for
