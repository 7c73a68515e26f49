"""OAI-PMH through Sickle, a page at a time: strict answers, our session, the repair ladder.

Sickle gives the verbs, their arguments and its iterator protocol; `harvest`, the response and the
iterator are replaced here. A list ends by a missing token and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from msgspec.structs import replace
from sickle import Sickle
from sickle.iterator import BaseOAIIterator

from app.errors import HarvestError
from harvesters.base import Page
from harvesters.failures import DoubtfulEnd, OaiError, TokenRefused, failure, oai_error, sentence
from harvesters.fetching import Fetcher
from harvesters.http import Response, with_arguments
from harvesters.patience import Patience, refusal
from harvesters.reading import Answer, newness, read_answer, read_page
from harvesters.repair import Damage, Mended, mend

MOST_EMPTY_PAGES = 100
BAD_TOKEN = "badresumptiontoken"  # noqa: S105 - a code, no secret
UNENCODED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_AMBIGUOUS = re.compile(r"[+&#]|%(?![0-9A-Fa-f]{2})")
GONE_QUIET = ("norecordsmatch", "")
"""Codes that, in answer to a token, say nothing certain of the list's end."""

Arguments = dict[str, str]


class StrictResponse:
    """One OAI-PMH answer: parsed once, strictly, after the repair ladder."""

    def __init__(self, http_response: Response, params: Arguments) -> None:
        self.http_response = http_response
        self.params = params
        self.mended: Mended = mend(http_response.body)
        self.answer: Answer = read_answer(self.mended, params["verb"])

    @property
    def raw(self) -> str:
        """The body as text, for people."""
        return self.http_response.body.decode("utf-8", "replace")

    @property
    def xml(self) -> etree._Element:
        """The one tree of the answer."""
        return self.mended.root

    @property
    def hollow(self) -> bool:
        """Whether there is neither the element of the verb nor an error."""
        return self.answer.container is None and not self.answer.errors

    def page(self) -> Page:
        """Return the records of a list."""
        date = self.http_response.headers.get("Date", "")
        return read_page(self.answer, self.mended.lost, date, cut=self.mended.cut)


class StrictSickle(Sickle):  # type: ignore[misc]  # Sickle has no types
    """Sickle whose answers come through the polite session and the repair ladder."""

    def __init__(self, endpoint: str, fetcher: Fetcher, patience: Patience) -> None:
        super().__init__(endpoint, iterator=Pages)
        self.fetcher = fetcher
        self.patience = patience
        self.last_request = ""
        self.verbatim = False
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
                self.patience.after(error, attempt, most=tries)

    def begin(self, **arguments: str) -> None:
        """Start a request that `harvest` will soon be called for."""
        self.fetcher.begin(self.endpoint, arguments, verbatim=self.verbatim)

    def _ask(self, arguments: Arguments, attempt: int, tries: int) -> StrictResponse:
        self.last_request = " ".join(f"{name}={value}" for name, value in arguments.items())
        response = self.fetcher.fetch(self.endpoint, arguments, verbatim=self.verbatim)
        url = with_arguments(self.endpoint, arguments)
        read = self._read(response, arguments, url)
        if read.hollow:
            raise failure("hollow-page", "The answer has neither a list nor an error.", url=url)
        if read.mended.cut and attempt < min(self.patience.tries("truncated"), tries):
            raise failure("truncated", "The answer broke off in the middle.", url=url)
        return read

    @staticmethod
    def _read(response: Response, arguments: Arguments, url: str) -> StrictResponse:
        """Read the body, whatever the status; where it is no answer, the status speaks."""
        try:
            return StrictResponse(response, arguments)
        except Damage as damage:
            error = refusal(response) or HarvestError(
                damage.cause, sentence(damage.cause, str(damage), url), url=url
            )
            raise error from damage


class Pages(BaseOAIIterator):  # type: ignore[misc]  # Sickle has no types
    """Yields whole pages of one list; every end that is not a natural one raises."""

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
        self.seen: dict[int, int] = {}
        """Hash of each identifier of this list, with what orders its versions."""
        self._first_prefix = ""
        self._cut_at = ""
        self._token = self.params.get("resumptionToken", "")
        self._tokens: set[str] = set()
        self._empty = 0
        self._ended = False

    def next(self) -> Page:
        """Return the next page."""
        if self._cut_at:
            raise failure("truncated", "A page broke off in the middle.", url=self._cut_at)
        if self._ended:
            raise StopIteration
        asked = self._token
        response = self._respond()
        page = self._fresh(response.page())
        self._ended = not page.token
        self._token = page.token
        if page.cut:
            self._ended = True
            self._cut_at = with_arguments(self.sickle.endpoint, self._arguments(asked))
        else:
            self._judge(page, asked)
        self._tokens.add(page.token)
        return page

    def ahead(self) -> None:
        """Ask for the next page while the last one is worked on."""
        if not self._ended:
            self.sickle.begin(**self._arguments(self._token))

    def with_prefix(self, prefix: str) -> Pages:
        """Remember the prefix of a list that is resumed, for servers that demand it."""
        self._first_prefix = prefix
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
        response: StrictResponse = self.sickle.ask(self._arguments(token))
        if token:
            response = self._other_ways(response, token)
        error = _error_of(response, token=bool(token))
        if error is None:
            return response
        if isinstance(error, TokenRefused) and error.kind in GONE_QUIET:
            raise DoubtfulEnd("surplus-token", str(error), url=error.url)
        raise error

    def _other_ways(self, response: StrictResponse, token: str) -> StrictResponse:
        """Send a refused token in the other ways that some servers want (T7 1, 2)."""
        error = _error_of(response, token=True)
        sickle = self.sickle
        way = {BAD_TOKEN: "verbatim", "badargument": "prefix_with_token"}.get(
            error.kind if error else "", ""
        )
        useful = _may_go_verbatim(token) if way == "verbatim" else bool(self._prefix)
        if not way or not useful or getattr(sickle, way):
            return response
        setattr(sickle, way, True)
        again: StrictResponse = sickle.ask(self._arguments(token))
        if _error_of(again, token=True) is None:
            return again
        setattr(sickle, way, False)
        return response

    def _fresh(self, page: Page) -> Page:
        """Count the identifiers that are new, and leave out what is older than what came before."""
        names = 0
        kept = []
        for record in page.records:
            key = hash(record.header.identifier or record.original)
            order = newness(record.header, page.response_date)
            known = self.seen.get(key)
            if known is not None and order < known:
                continue
            names += known is None
            self.seen[key] = order
            kept.append(record)
        self._empty = 0 if page.records else self._empty + 1
        return replace(page, records=tuple(kept), names=names)

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
    another place in its list (Q1: a quirk never makes a result less certain).
    """
    return not UNENCODED.issuperset(token) and not _AMBIGUOUS.search(token)


def _error_of(response: StrictResponse, *, token: bool) -> OaiError | None:
    """Return the error of an answer; one beside records is only a warning."""
    answer = response.answer
    container = answer.container
    if not answer.errors or (container is not None and len(container)):
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
