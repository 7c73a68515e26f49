"""Faults of HTTP."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace
from email.utils import formatdate

from tests.fakes.faulty.expectations import (
    ALL_OR_LOUD,
    DEFERRED,
    FAILED,
    INCOMPLETE,
    Expectation,
)
from tests.fakes.faulty.register import scenario
from tests.fakes.faulty.repository import (
    Answer,
    Repository,
    Request,
    page_of_html,
    plain,
)


@scenario("e503_seconds", "transport", 19)
class BusySeconds(Repository):
    """The first list request gets 503 with Retry-After: 1."""

    def fault(self, request: Request) -> Answer | None:
        return plain("busy", 503, ("Retry-After", "1")) if self.lists == 1 else None


@scenario("e503_date", "transport", 20)
class BusyDate(Repository):
    """The first list request gets 503 with Retry-After as an HTTP date, a second ahead."""

    def fault(self, request: Request) -> Answer | None:
        if self.lists > 1:
            return None
        return plain("busy", 503, ("Retry-After", formatdate(time.time() + 1, usegmt=True)))


@scenario("e429", "transport", 22, 105)
class TooManyRequests(Repository):
    """The first list request gets 429 with Retry-After: 1."""

    def fault(self, request: Request) -> Answer | None:
        return plain("slow down", 429, ("Retry-After", "1")) if self.lists == 1 else None


@scenario("e500_once", "transport", 25)
class ServerErrorOnce(Repository):
    """The first token that is used gets 500, once."""

    def fault(self, request: Request) -> Answer | None:
        return plain("boom", 500) if request.token and self.once() else None


@scenario("conn_reset_once", "transport", 31)
class ConnectionCutOnce(Repository):
    """The connection is cut without an answer when the first token is used, once."""

    def fault(self, request: Request) -> Answer | None:
        return Answer(b"", dropped=True) if request.token and self.once() else None


@scenario("html_once", "transport", 27, 103)
class LoginPageOnce(Repository):
    """A login page with status 200 stands where the second page should, once."""

    def fault(self, request: Request) -> Answer | None:
        return page_of_html("Please log in") if request.token and self.once() else None


@scenario("truncated_always", "transport", 18, 54)
class TruncatedAlways(Repository):
    """Every page after the first stops at 60 % of its bytes, with a matching Content-Length."""

    expect = ALL_OR_LOUD

    def deliver(self, text: str, request: Request) -> Answer:
        body = text.encode()
        return Answer(body[: len(body) * 6 // 10] if request.token else body)


@scenario("hang", "transport", 32)
class Hang(Repository):
    """List requests get no answer for a minute, then the connection is cut."""

    expect = Expectation(live=(), outcomes=(INCOMPLETE, DEFERRED, FAILED))

    def fault(self, request: Request) -> Answer | None:
        return Answer(b"", dropped=True, delay=60)


@scenario("redirect", "transport", 33)
class Redirect(Repository):
    """301 to a new path; the query is kept."""

    def gate(self, request: Request) -> Answer | None:
        if request.path.endswith("/new"):
            return None
        return plain("moved", 301, ("Location", f"{request.path}/new?{request.query}"))


@scenario("ua_block", "transport", 29, 30)
class LibraryAgentsBlocked(Repository):
    """403 for user agents that name a programming language's HTTP library."""

    def gate(self, request: Request) -> Answer | None:
        agent = request.headers.get("User-Agent", "").lower()
        blocked = "python" in agent or "go-http" in agent
        return page_of_html("403 Forbidden", 403) if blocked else None


@scenario("base_query", "transport", 36)
class BaseQuery(Repository):
    """The base URL has a query, ?mode=oaipmh, and every request must keep it."""

    base_query = "?mode=oaipmh"

    def gate(self, request: Request) -> Answer | None:
        kept = request.arguments.get("mode") == "oaipmh"
        return None if kept else self.error("badArgument", "mode")

    def argument_error(self, request: Request) -> tuple[str, str] | None:
        others = {k: v for k, v in request.arguments.items() if k != "mode"}
        return super().argument_error(replace(request, arguments=others))


@scenario("gzip_unlabelled", "transport", 39)
class UnlabelledGzip(Repository):
    """List responses are gzip without being asked for or labelled."""

    def deliver(self, text: str, request: Request) -> Answer:
        return Answer(gzip.compress(text.encode()))
