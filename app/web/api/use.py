"""The use of the hub: who asks for what, how often; the numbers of the page, and none is a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response
from msgspec import UNSET, Struct

from app import clock
from app.store import deadline
from app.web import frame
from app.web.aggregators_view import DAYS
from app.web.api import parameters as given
from app.web.api import register
from app.web.api.register import Answer, Call, Parameter, whole
from app.web.api.shapes import Text
from app.web.use_numbers import LIMIT, LONGEST, UseNumbers, gather

if TYPE_CHECKING:
    from app.store.served.use_reading import Used
    from app.store.served.values import Counted


class OaiUse(Struct):
    """Use of the OAI-PMH provider. of: what it is told by, such as a verb or a day."""

    requests: int
    records: int
    bytes: int
    harvests: int
    complete: int
    broken_off: int
    of: Text = UNSET


class WebUse(Struct):
    """Use of pages, formats, exports and the API. records: in exports that were taken whole."""

    requests: int
    records: int
    bytes: int
    broken_off: int
    of: Text = UNSET


class Provided(Struct):
    """Use of the provider, in all and by family, verb, prefix, set, answer, day and month.

    unnoted: requests that could not be counted by kind.
    """

    total: OaiUse
    unnoted: int
    by: dict[str, list[OaiUse]]
    counted_since: Text = UNSET


class Answered(Struct):
    """Use of all else, in all and by kind, export, format, call, family, status, day and month."""

    total: WebUse
    by: dict[str, list[WebUse]]
    counted_since: Text = UNSET


class SoughtDoi(Struct):
    """A DOI that no record has yet: on how many days it was asked for, and how often."""

    doi: str
    days: int
    requests: int


class SoughtDois(Struct):
    """Requests for DOIs that no record had, and those of two days or more that none has yet."""

    requests: int
    items: list[SoughtDoi]


class Use(Struct):
    """Use of the hub in some days; months are all there are."""

    days: int
    since: str
    until: str
    oai_pmh: Provided
    web: Answered
    sought: SoughtDois


def use() -> Response:
    """Give the use of the last days."""
    days = register.number("days", DAYS)
    with deadline.within(LIMIT):
        found = gather(frame.store(), days, clock.now())
    return register.document(as_document(found))


def as_document(found: UseNumbers) -> Use:
    """Return the use as a document, for the API and the command line."""
    provider, web = found.counted_since
    return Use(
        found.days,
        found.since,
        found.until,
        Provided(
            _oai(found.provided),
            found.unnoted,
            {name: list(map(_oai, rows)) for name, rows in found.provider.items()},
            register.told(provider),
        ),
        Answered(
            _web(found.used),
            {name: list(map(_web, rows)) for name, rows in found.web.items()},
            register.told(web),
        ),
        SoughtDois(
            found.times_sought,
            [SoughtDoi(one.doi, one.days, one.requests) for one in found.sought],
        ),
    )


def _oai(row: Counted) -> OaiUse:
    return OaiUse(
        row.requests, row.records, row.bytes, row.harvests, row.complete, row.broken_off,
        register.told(row.of),
    )  # fmt: skip


def _web(row: Used) -> WebUse:
    return WebUse(row.requests, row.records, row.bytes, row.broken_off, register.told(row.of))


CALLS = (
    Call("getUse", "/statistics/use", use, "See how the hub is used",
         "What was asked of it and given, by software or service, never by person.",
         {200: Answer("The numbers.", Use)},
         (Parameter("days", "So many last days, today's included; months are all there are.",
                    whole("integer", minimum=1, maximum=LONGEST, default=DAYS)), given.MAILTO),
         f"days={DAYS}", "Numbers"),
)  # fmt: skip
