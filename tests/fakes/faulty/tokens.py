"""Faults of resumption tokens and paging."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import unquote

from tests.fakes.faulty.expectations import (
    ALL_OR_LOUD,
    Expectation,
)
from tests.fakes.faulty.register import scenario
from tests.fakes.faulty.repository import (
    PAGE_SIZE,
    Answer,
    Query,
    Repository,
    Request,
    TokenError,
)


@scenario("baseline", "control")
class Baseline(Repository):
    """Nothing is wrong."""


@scenario("empty_last", "tokens")
class EmptyLast(Repository):
    """The last page ends in <resumptionToken/>, as the specification asks."""

    def last_token_element(self) -> str:
        return "<resumptionToken/>"


@scenario("last_repeats_token", "tokens", 1)
class LastRepeatsToken(Repository):
    """The last page hands out the token that led to it, for ever."""

    def next_query(self, numbers: list[int], query: Query) -> Query | None:
        return super().next_query(numbers, query) or query


@scenario("loop_same", "tokens", 1)
class LoopSame(Repository):
    """The second page hands out its own token for ever; r7 to r9 are reached by window only."""

    expect = ALL_OR_LOUD

    def next_query(self, numbers: list[int], query: Query) -> Query | None:
        return query.at(PAGE_SIZE) if query.offset else super().next_query(numbers, query)


@scenario("session_token", "tokens", 3)
class SessionToken(Repository):
    """Every page carries one and the same token; the server keeps the place in the list."""

    def __init__(self, name: str, base_url: str) -> None:
        super().__init__(name, base_url)
        self.place = Query()

    def read_token(self, token: str) -> Query:
        return self.place

    def write_token(self, query: Query) -> str:
        self.place = query
        return "session"


@scenario("extra_token_norec", "tokens", 5)
class ExtraTokenNoRecords(Repository):
    """The last page carries a token too; it is answered by noRecordsMatch."""

    def next_query(self, numbers: list[int], query: Query) -> Query | None:
        return query.at(query.offset + PAGE_SIZE)

    def bad_page(self, page: list[int]) -> Answer | None:
        return None if page else self.error("noRecordsMatch")


@scenario("token_expires_once", "tokens", 6, 17)
class TokenExpiresOnce(Repository):
    """The first token that is used has expired; a list begun anew goes through."""

    def fault(self, request: Request) -> Answer | None:
        expired = request.token is not None and self.once()
        return self.error("badResumptionToken", "expired") if expired else None


@scenario("verbatim_token", "tokens", 7, 9)
class VerbatimToken(Repository):
    """Tokens are refused when a character of theirs comes percent-encoded."""

    def fault(self, request: Request) -> Answer | None:
        if request.token is None:
            return None
        sent = request.query.split("resumptionToken=", 1)[1].split("&", 1)[0]
        return self.error("badResumptionToken", "encoded") if "%" in sent else None

    def read_token(self, token: str) -> Query:
        return super().read_token(unquote(token).removesuffix("!x=y"))

    def write_token(self, query: Query) -> str:
        return super().write_token(query) + "!x=y"


@scenario("special_token", "tokens", 8)
class SpecialToken(Repository):
    """Tokens hold | + / = & % and a space, and must come back unchanged."""

    ENDING: ClassVar[str] = "|a+b/c=&d %e"

    def read_token(self, token: str) -> Query:
        if not token.endswith(self.ENDING):
            raise TokenError(token)
        return super().read_token(token.removesuffix(self.ENDING))

    def write_token(self, query: Query) -> str:
        return super().write_token(query) + self.ENDING


@scenario("cls_wrong", "tokens", 12)
class WrongListSize(Repository):
    """completeListSize is the size of the page, so cursor reaches it after the first page."""

    def token_attributes(self, query: Query) -> str:
        return f' completeListSize="{PAGE_SIZE}" cursor="{query.offset}"'


@scenario("empty_page_mid", "tokens", 13)
class EmptyPageMid(Repository):
    """r4 to r6 are filtered out: the second page is empty and has a token."""

    expect = Expectation(live=(1, 2, 3, 7, 8, 9))

    def page(self, numbers: list[int], query: Query) -> list[int]:
        return [n for n in super().page(numbers, query) if n not in (4, 5, 6)]


@scenario("dup_pages", "tokens", 14)
class RepeatedRecords(Repository):
    """Each later page begins with the last record of the page before."""

    def page(self, numbers: list[int], query: Query) -> list[int]:
        return numbers[max(query.offset - 1, 0) : query.offset] + super().page(numbers, query)
