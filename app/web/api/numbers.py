"""The hub in numbers, under any filter: each with the list that has so many entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request
from msgspec.structs import replace

from app import clock
from app.query.request import Request
from app.query.terms import COUNTED, FACETS
from app.query.tree import Exact, written
from app.store import deadline, summing
from app.store.links.listing import link_numbers, number_of_citations
from app.store.links.works import number_of_works
from app.web import frame
from app.web.api import figures
from app.web.api import parameters as given
from app.web.api.register import ROOT, Answer, Call, document
from app.web.link_pages import ARTICLES
from app.web.public import public_repositories
from app.web.statistics_properties import GROUPS
from app.web.statistics_tables import by_period
from app.web.statistics_view import View, narrowed

if TYPE_CHECKING:
    from app.store.search.results import Facet

LIMIT = 20.0
"""Seconds that all numbers together may take."""
RECORDS, LINKS = f"{ROOT}/records", f"{ROOT}/links"
OPEN = ("subject", "creator", "funder", "affiliation")
"""Facets without an end to their values: of these only the most frequent are told."""


def statistics() -> Response:
    """Give the numbers of the records in view."""
    view = View(given.search_asked())
    with deadline.within(LIMIT):
        numbers = _numbers(view)
        more = tuple(name for name in FACETS if name not in OPEN)
        asked = replace(view.records, facets_given=",".join(COUNTED), more=more)
        found = frame.store().search.facets(asked, seconds=LIMIT)
        by = {one.name: _counted(view.records, one) for one in found if one.finished}
        by |= _growth(view) | {"link_class": _by_class(view)}
    filters = {
        name: values
        for name, values in request.args.lists()
        if name != given.MAILTO.name
    }  # fmt: skip
    return document(figures.Statistics(clock.text(clock.now()), filters, numbers, by))


def of_all() -> Response:
    """Give how complete the descriptions in view are."""
    return _complete(View(given.search_asked()))


def of_member(name: str) -> Response:
    """Return how complete the descriptions of a repository are."""
    return _complete(View(Request().replacing("repository", name)))


def _numbers(view: View) -> list[figures.Numbered]:
    store = frame.store()
    linked, here_only = link_numbers(store, view.records), "resolved=yes"
    members = len(public_repositories(store))
    total, here = (sum(pair[n] for pair in linked.values()) for n in (0, 1))
    base = frame.settings().base_url
    counted = (
        ("objects", view.objects), ("records", view.records), ("removed", view.gone),
    )  # fmt: skip
    numbers = [
        figures.Numbered(name, store.search.count(asked), given.address(RECORDS, asked))
        for name, asked in counted
    ]
    if not view.filtered:
        numbers.append(
            figures.Numbered("repositories", members, f"{base}{ROOT}/repositories")
        )  # fmt: skip
    articles = view.address("/statistics/links", kind=ARTICLES, format="json")
    return [
        *numbers,
        figures.Numbered("links", total, _links(view)),
        figures.Numbered("resolved_links", here, _links(view, here_only)),
        figures.Numbered(
            "citations", number_of_citations(store, view.records), _links(view, "kind=citations")
        ),
        figures.Numbered(
            "articles_with_data", number_of_works(store, view.records), f"{base}{articles}"
        ),
    ]


def _links(view: View, more: str = "") -> str:
    """Return the address of the list of links, narrowed by more parameters."""
    links = given.address(LINKS, view.records.without("copies"))
    joint = "&" if "?" in links else "?"
    return f"{links}{joint}{more}" if more else links


def _by_class(view: View) -> list[figures.Counted]:
    found = link_numbers(frame.store(), view.records)
    return [
        figures.Counted(name, total, _links(view, f"class={name}"))
        for name, (total, _) in found.items()
        if total
    ]


def _growth(view: View) -> dict[str, list[figures.Counted]]:
    """Return how many records came and went in each month, and in each year that is long ago."""
    store, now = frame.store(), clock.now()
    came = summing.first_seen(store, view.records)
    gone = () if view.records.names_state else summing.changed(store, view.gone)
    told = {"first_seen": (came, view.records), "updated": (gone, view.gone)}
    found = {
        field: [
            figures.Counted(
                period, number, given.address(RECORDS, narrowed(asked, f"{field}:{period}"))
            )
            for period, number in sorted(by_period(days, now).items())
        ]
        for field, (days, asked) in told.items()
    }
    return {"added": found["first_seen"], "removed": found["updated"]}


def _counted(asked: Request, facet: Facet) -> list[figures.Counted]:
    chosen = asked.values(facet.name)
    return [
        figures.Counted(
            one.value, one.count, given.address(RECORDS, _with(asked, facet.name, one.value))
        )
        for one in facet.values
        if one.count > 0 and (not chosen or one.selected)
    ]


def _with(asked: Request, name: str, value: str) -> Request:
    """Return the search for those that have a value."""
    if name in FACETS:
        return asked.replacing(name, value)
    return narrowed(asked, written(Exact(name, value)))


def _complete(view: View) -> Response:
    with deadline.within(LIMIT):
        found = summing.described(frame.store(), view.records)
    total, groups = found.records, dict(GROUPS)
    items = [
        figures.Property(
            name, groups.get(name, "others"), there,
            round(100 * there / total, 1) if total else 0.0,
            given.address(RECORDS, narrowed(view.records, f"has:{name}")),
            given.address(RECORDS, narrowed(view.records, f"missing:{name}")),
        )
        for name, there in found.there.items()
    ]  # fmt: skip
    return document(figures.Properties(total, items))


CALLS = (
    Call("getStatistics", "/statistics", statistics, "Get the numbers of the hub",
         "Of all records, or of those that a search finds; each number has its list.",
         {200: Answer("The numbers.", figures.Statistics)}, (*given.FILTERED, given.MAILTO),
         "type=Dataset", "Numbers"),
    Call("getCompleteness", "/statistics/completeness", of_all,
         "See how complete descriptions are",
         "How many records have each property, and how many lack it.",
         {200: Answer("The properties.", figures.Properties)}, (*given.FILTERED, given.MAILTO),
         group="Numbers"),
)  # fmt: skip
