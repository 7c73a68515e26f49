"""A repository in numbers, for its profile: how much, of what kind, how completely described.

The numbers are those of the page of statistics, and lead to the same lists.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from app.datacite import completeness
from app.query.request import Request
from app.store import summing
from app.store.links.listing import link_numbers, number_of_citations
from app.store.links.works import number_of_works
from app.web import statistics_charts, statistics_tables
from app.web.in_time import in_time
from app.web.statistics_properties import top
from app.web.statistics_view import Card, Table, View, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.store import Store
    from app.store.links.listing import Numbers as Links
    from app.store.search.results import Facet
    from app.store.summing import ByDay, ByMask

LATELY = 30
"""Days."""
FACETS = ("year", "type", "license", "language")
SUBJECT = "subject"


class Numbers(Struct, frozen=True):
    """Cards, and tables with their charts. late: the page of all numbers, where some are missing.

    completeness: the mean share of the main properties in words, empty where it is not known.
    """

    view: View
    cards: tuple[Card, ...]
    tables: tuple[Table, ...]
    completeness: str
    late: str


def numbers(store: Store, name: str, now: datetime, seconds: float) -> Numbers:
    """Return a repository in numbers. seconds: that each of them may take."""
    view = View(Request().replacing("repository", name))
    came = in_time(lambda: summing.first_seen(store, view.records), seconds)
    masks = in_time(lambda: summing.properties(store, view.records), seconds)
    linked = in_time(lambda: link_numbers(store, view.records), seconds)
    cited = in_time(lambda: number_of_citations(store, view.records), seconds)
    works = in_time(lambda: number_of_works(store, view.records), seconds)
    facets = _facets(store, view, seconds)
    missing = None in (came, masks, linked, cited, works) or not all(one.finished for one in facets)
    return Numbers(
        view,
        (*_cards(view, came, linked, now), *_of_links(view, cited, works)),
        tuple(one for one in _tables(view, facets, masks) if one.rows),
        _mean(masks or ()),
        view.address(wait="1") if missing else "",
    )


def _facets(store: Store, view: View, seconds: float) -> tuple[Facet, ...]:
    names = (*FACETS, SUBJECT)
    asked = replace(view.records, facets_given=",".join(names), more=FACETS)
    return store.search.facets(asked, seconds=seconds / len(names))


def _cards(
    view: View, came: Sequence[ByDay] | None, linked: Links | None, now: datetime
) -> list[Card]:
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=LATELY - 1)
    since = (first - statistics_tables.EPOCH).days
    found = []
    if came is not None:
        lately = sum(one.number for one in came if one.day >= since)
        href = view.also(f"first_seen:{first}..")
        found.append(Card("added", f"added in the last {LATELY} days", lately, href))
    if linked is not None:
        total = sum(one for one, _ in linked.values())
        href = view.address("/statistics/links")
        found.append(Card("links", "link" if total == 1 else "links", total, href))
    return found


def _of_links(view: View, cited: int | None, works: int | None) -> list[Card]:
    path = "/statistics/links"
    found = []
    if cited is not None:
        words = "citation from within this hub" if cited == 1 else "citations from within this hub"
        found.append(Card("citations", words, cited, view.address(path, kind="citations")))
    if works is not None:
        words = "article with data here" if works == 1 else "articles with data here"
        href = view.address(path, kind="article-data")
        found.append(Card("articles_with_data", words, works, href))
    return found


def _tables(view: View, facets: Sequence[Facet], masks: Sequence[ByMask] | None) -> list[Table]:
    by_name = {one.name: one if one.finished else None for one in facets}
    there = [name for name in FACETS if name in by_name]
    found = [statistics_tables.facet(view, by_name[name], name) for name in there]
    if by_name.get(SUBJECT) is not None:
        found.append(_drawn(top(view, by_name[SUBJECT], SUBJECT, masks or ())))
    return found


def _drawn(table: Table) -> Table:
    """Return a table of frequent values with bars."""
    given = [
        statistics_charts.Given(value.shown, count.value, count.href)
        for value, count, *_ in table.rows or ()
    ]
    chart = statistics_charts.bars(table.caption, table.title, given)
    return replace(table, chart=chart)


def _mean(masks: Sequence[ByMask]) -> str:
    total = sum(one.number for one in masks)
    points = sum(one.number * completeness.score(one.mask) for one in masks)
    return percent(points / total) if total else ""
