"""The page of the hub's use: who asks for what, how often, by day and month, in totals alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, abort, redirect

from app import clock
from app.store import deadline
from app.web import frame, member_lists
from app.web.aggregators_view import DAYS
from app.web.landing import last
from app.web.statistics_tables import as_numbers
from app.web.use_numbers import LIMIT, SPANS, UseNumbers, gather
from app.web.use_tables import provider_tables, sought_table, spoken, web_tables

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as PlainResponse

    from app.web.statistics_view import Table

blueprint = Blueprint("use", __name__)

PATH = "/statistics/use"
ROWS = (40, 20, 10)
"""Rows of each table that are shown, tried in turn; files have all."""
NARROW = 4
"""Columns of a table that finds room beside another one."""
SPAN_WORDS = {7: "7 days", 30: "30 days", 90: "90 days", 396: "13 months"}


class Span:
    """The days in view, and the addresses of files about them."""

    def __init__(self, days: int) -> None:
        self.days = days

    def address(self, **changed: str | int) -> str:
        """Return the address of this page, or of a table of it."""
        days = {} if self.days == DAYS else {"days": self.days}
        pairs = {**days, **changed}
        return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


@blueprint.get(PATH)
def show() -> Response:
    """Show the use of the last days and by month, or give a table of it as a file."""
    span = Span(_days(last("days")))
    with deadline.within(LIMIT):
        use = gather(frame.store(), span.days, clock.now())
    provider, web, sought = provider_tables(use), web_tables(use), sought_table(use)
    form = last("format").lower() or "html"
    if form != "html":
        return _file({one.name: one for one in (*provider, *web, sought)}, use, form)
    return frame.light(
        lambda most: frame.page(
            "use/show.html",
            title="Use of this hub",
            crumbs=(frame.Crumb("Statistics", "/statistics"), frame.Crumb("Use of this hub")),
            use=use,
            since=spoken(use.since),
            span=span,
            spans=[(days, SPAN_WORDS[days], Span(days).address()) for days in SPANS],
            groups=(
                ("oai", "The OAI-PMH provider", *_laid_out(provider)),
                ("web", "Pages, formats, exports and the API", *_laid_out(web)),
            ),
            sought=sought,
            exports=sum(one.requests for one in use.web["export"]),
            most=most,
        ),
        ROWS,
    )


@blueprint.get("/aggregators")
def aggregators() -> PlainResponse:
    """Lead to where the use of the provider is shown now."""
    return redirect(frame.to(PATH), 301)


def _days(given: str) -> int:
    if given and given not in map(str, SPANS):
        abort(400, f"There are numbers of the last {', '.join(map(str, SPANS))} days.")
    return int(given or DAYS)


def _laid_out(tables: tuple[Table, ...]) -> tuple[list[Table], list[Table]]:
    """Return the tables that have rows: those that need the whole width, and those that do not."""
    there = [one for one in tables if one.rows]
    wide = [one for one in there if len(one.columns) > NARROW]
    return wide, [one for one in there if one not in wide]


def _file(tables: dict[str, Table], use: UseNumbers, form: str) -> Response:
    """Give one table as CSV or JSON, or all of them as JSON."""
    if form not in member_lists.TYPES:
        abort(400, f"There is no format “{form[:40]}” of numbers. There are: csv, json.")
    name = last("table")
    table = tables.get(name)
    if table is None and (name or form == "csv"):
        abort(400, f"Which table? There are: {', '.join(tables)}.")
    if table is not None:
        names = [column.name for column in table.columns]
        return member_lists.given(table.items or [], names, form, f"use-{name}")
    body = {"since": use.since, "until": use.until, "tables": as_numbers(tables)}
    answer = Response(msgspec.json.encode(body), content_type=member_lists.TYPES["json"])
    answer.headers["Cache-Control"] = frame.PUBLIC
    return answer
