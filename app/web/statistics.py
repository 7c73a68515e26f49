"""The hub in numbers: how much there is, of what kind, how well described and linked.

Every number obeys the filters, and leads to the list that it counts. What takes too long is not
counted, and said to be so; who waits for it gets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from flask import Blueprint, Response, abort, request
from msgspec.structs import replace

from app import clock
from app.query.request import PARAMETERS, Request, Wrong, read
from app.store import completeness_days, summing
from app.store.links.listing import connected_pairs, link_numbers, number_of_citations
from app.store.links.works import number_of_works
from app.store.served import reading as served_reading
from app.store.served import use_reading
from app.web import frame, member_lists, statistics_properties, statistics_tables
from app.web.in_time import in_time
from app.web.public import public_repositories
from app.web.search_panel import chips
from app.web.statistics_properties import SHARED
from app.web.statistics_view import Card, Table, View, search
from app.web.use_tables import web_months

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from app.store.completeness_days import Past
    from app.store.links.listing import Numbers, Pair
    from app.store.search.describing import Described
    from app.store.search.results import Facet
    from app.store.summing import ByDay
    from app.store.values import Repository

blueprint = Blueprint("statistics", __name__)

WAITED = 20.0
"""Seconds that a number may take for who asks to wait."""
MONTHS = 13
ROWS = (60, 25, 10, 5)
"""Rows of each table that are shown, tried in turn; files have all."""
FILTERED_BY = ("repository", "set", "type", "year", "q")
_ARTICLES = (
    "articles, here or elsewhere, with data here",
    "article, here or elsewhere, with data here",
)
T = TypeVar("T")


class Counts:
    """What the store counts for one page; None where it took too long."""

    def __init__(self, view: View, seconds: float) -> None:
        self._store, self._view, self._seconds = frame.store(), view, seconds
        self.objects = self._timed(lambda: self._store.search.count(view.objects))
        self.came: Sequence[ByDay] | None = self._timed(
            lambda: summing.first_seen(self._store, view.records)
        )
        self.gone: Sequence[ByDay] | None = (
            () if view.records.names_state
            else self._timed(lambda: summing.changed(self._store, view.gone))
        )  # fmt: skip
        self.described: Described | None = self._timed(
            lambda: summing.described(self._store, view.records)
        )
        self.hub: Described | None = self._whole() if view.filtered else None
        self.links: Numbers | None = self._timed(lambda: link_numbers(self._store, view.records))
        self.pairs: Sequence[Pair] | None = self._timed(
            lambda: connected_pairs(self._store, view.records)
        )
        self.citations = self._timed(lambda: number_of_citations(self._store, view.records))
        self.works = self._timed(lambda: number_of_works(self._store, view.records))
        self.facets = self._facets()

    @property
    def complete(self) -> bool:
        """Everything was counted in time."""
        return None not in (
            self.objects,
            self.came,
            self.gone,
            self.described,
            self.links,
            self.pairs,
            self.citations,
            self.works,
        ) and all(one is not None for one in self.facets.values())

    def _whole(self) -> Described | None:
        everything = Request().replacing("copies", "all")
        return self._timed(lambda: summing.described(self._store, everything))

    def _facets(self) -> dict[str, Facet | None]:
        long, found = (*statistics_tables.FACETS, "quality"), {}
        for names, more in ((long, long), (tuple(statistics_properties.TOP), ())):
            asked = replace(self._view.records, facets_given=",".join(names), more=more)
            for one in self._store.search.facets(asked, seconds=self._seconds / 5):
                found[one.name] = one if one.finished else None
        return found

    def _timed(self, ask: Callable[[], T]) -> T | None:
        return in_time(ask, self._seconds)


@blueprint.get("/statistics")
def statistics() -> Response:
    """Show the numbers, or give a table of them as a file."""
    asked = read(request.args.items(multi=True))
    if isinstance(asked, Wrong):
        abort(400, asked.message)
    view, now = View(asked), clock.now()
    seconds = WAITED if request.args.get("wait") == "1" else frame.settings().search.facet_timeout
    members = public_repositories(frame.store())
    counts = Counts(view, seconds)
    tables = _tables(view, members, counts)
    cards = _cards(view, members, counts)
    form = request.args.get("format", "html").lower()
    if form != "html":
        return _file(tables, cards, form)
    types = _types()
    return frame.light(
        lambda most: frame.page(
            "statistics/statistics.html",
            title="Statistics",
            asked=view.objects,
            view=view,
            cards=cards,
            tables=tables,
            members=members,
            chips=_chips(view, members),
            hidden=[pair for pair in view.parameters() if pair[0] not in FILTERED_BY],
            types=types,
            late="" if counts.complete else view.address(wait="1"),
            now=now,
            at=now.strftime("%Y-%m-%d"),
            canonical=frame.settings().base_url + "/statistics",
            indexed=not view.filtered,
            most=most,
        ),
        ROWS,
    )


def _types() -> list[str]:
    found = frame.store().search.facets(
        Request(facets_given="type", more=("type",)),
        seconds=frame.settings().search.facet_timeout,
    )
    return sorted(value.value for facet in found for value in facet.values)


def _chips(view: View, members: Sequence[Repository]) -> list[tuple[str, str, str]]:
    """Return the filters that are on: what each is, its value, and the page without it."""
    titles = {one.name: one.title for one in members}
    shown = []
    if view.objects.text:
        shown.append(("Search", view.objects.text, _without(view, "q")))
    for chip in chips(view.objects, ()):
        name = next((n for n, t in statistics_tables.words_of_filters() if t == chip.title), "")
        shown.append((chip.title, titles.get(chip.label, chip.label), _without(view, name)))
    return shown


def _without(view: View, name: str) -> str:
    plain = view.objects.without(name)
    plain = replace(plain, text="", query=None) if name == "q" else plain
    return View(plain).address()


def _cards(view: View, members: Sequence[Repository], counts: Counts) -> tuple[Card, ...]:
    records = None if counts.described is None else counts.described.records
    gone = None if counts.gone is None else sum(one.number for one in counts.gone)
    total, here = _link_sums(counts.links)
    there = counts.described.members if counts.described else ()
    number = len(there) if view.filtered else len(members)
    path = "/statistics/links"
    return (
        Card("objects", "object" if counts.objects == 1 else "objects", counts.objects,
             search(view.objects)),
        Card("records", "record, with all copies" if records == 1 else "records, with all copies",
             records, search(view.records)),
        Card("removed", "removed, kept as tombstones", gone, search(view.gone)),
        Card("repositories", "repository" if number == 1 else "repositories",
             None if view.filtered and counts.described is None else number,
             "#repositories" if view.filtered else "/repositories", counted=not view.filtered),
        Card("links", "link" if total == 1 else "links", total, view.address(path)),
        Card("resolved_links", "of them with both ends in this hub", here,
             view.address(path, resolved="yes")),
        Card("citations", "citations of these records from within this hub", counts.citations,
             view.address(path, kind="citations")),
        Card("articles_with_data", _ARTICLES[counts.works == 1], counts.works,
             view.address(path, kind="article-data")),
    )  # fmt: skip


def _link_sums(found: Numbers | None) -> tuple[int | None, int | None]:
    if found is None:
        return None, None
    return sum(one for one, _ in found.values()), sum(one for _, one in found.values())


def _tables(view: View, members: Sequence[Repository], counts: Counts) -> dict[str, Table]:
    made, now = statistics_tables, clock.now()
    came, gone, rich = counts.came, counts.gone, counts.described
    late = came is None or gone is None
    tables = [made.growth(view, came or (), gone or (), now)]
    if late:
        tables = [replace(tables[0], rows=None, chart=None, note="")]
    per = made.PerRepository(came or (), gone or (), rich, now)
    listed = made.repositories(view, members, per, now, request.args.get("sort", ""))
    tables.append(replace(listed, rows=None) if late or rich is None else listed)
    for name in made.FACETS:
        by = made.facet(view, counts.facets.get(name, made.NONE), name)
        shared = statistics_properties.shared
        tables.append(shared(by, name, rich or ()) if name in SHARED else by)
    shares = statistics_properties.completeness_table(
        view, rich or (), _past(view, now), counts.hub or ()
    )
    tables.append(replace(shares, rows=None) if rich is None else shares)
    tables.append(made.bands(view, counts.facets.get("quality", made.NONE)))
    tables += [
        statistics_properties.top(view, counts.facets.get(n, made.NONE), n, rich or ())
        for n in statistics_properties.TOP
    ]
    tables.append(made.links(view, counts.links))
    titles = {one.name: one.title or one.name for one in members}
    tables.append(made.pairs(view, counts.pairs, titles))
    months = served_reading.counted(frame.store().database, "month")[-MONTHS:]
    used = web_months(use_reading.used(frame.store().database, "month")[-MONTHS:])
    return {one.name: one for one in (*tables, made.provider(months), used)}


def _past(view: View, now: datetime) -> Past | None:
    """Return how complete the records in view were; None where no day tells it of just these."""
    plain = view.objects.without("repository")
    if plain.query is not None or plain.without("copies").chosen:
        return None
    today = completeness_days.number_of(now)
    before = today - statistics_properties.LOOKED_BACK
    found = completeness_days.past(frame.store(), before, view.objects.values("repository"))
    return found if found is not None and found.day < today else None


def _file(tables: dict[str, Table], cards: tuple[Card, ...], form: str) -> Response:
    """Give one table as CSV or JSON, or all numbers as JSON."""
    if form not in member_lists.TYPES:
        abort(400, f"There is no format “{form[:40]}” of numbers. There are: csv, json.")
    name = request.args.get("table", "")
    table = tables.get(name)
    if table is None and (name or form == "csv"):
        abort(400, f"Which table? There are: {', '.join(tables)}.")
    if table is None:
        body: dict[str, Any] = {
            "as_of": clock.text(clock.now()),
            "filters": _filters(),
            "numbers": [
                {"name": one.name, "value": one.value, "list": _absolute(one.href)} for one in cards
            ],
            "tables": statistics_tables.as_numbers(tables),
        }
        answer = Response(msgspec.json.encode(body), content_type=member_lists.TYPES["json"])
        answer.headers["Cache-Control"] = frame.PUBLIC
        return answer
    if table.items is None:
        abort(503, "That takes longer than a page may wait. Ask with wait=1.")
    names = [column.name for column in table.columns]
    return member_lists.given(table.items, names, form, f"statistics-{name}")


def _filters() -> dict[str, list[str]]:
    return {
        name: values
        for name, values in request.args.lists()
        if name in PARAMETERS and name not in ("format", "sort")
    }


def _absolute(href: str) -> str:
    return f"{frame.settings().base_url}{href}" if href.startswith("/") else ""
