"""The hub in numbers, under any filter: each with the list that has so many entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request
from msgspec.structs import replace

from app import clock
from app.datacite import completeness
from app.query.request import Request
from app.query.terms import FACETS
from app.store import deadline, summing
from app.store.links.listing import link_numbers
from app.web import frame
from app.web.api import figures
from app.web.api import parameters as given
from app.web.api.register import ROOT, Answer, Call, document
from app.web.public import public_repositories
from app.web.statistics_properties import GROUPS
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
        asked = replace(view.records, facets_given=",".join(FACETS), more=more)
        found = frame.store().search.facets(asked, seconds=LIMIT)
    by = {one.name: _counted(view.records, one) for one in found if one.finished}
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
    linked = link_numbers(store, view.records)
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
    links = given.address(LINKS, view.records.without("copies"))
    joint = "&" if "?" in links else "?"
    return [
        *numbers,
        figures.Numbered("links", total, links),
        figures.Numbered("resolved_links", here, f"{links}{joint}resolved=yes"),
    ]


def _counted(asked: Request, facet: Facet) -> list[figures.Counted]:
    chosen = asked.values(facet.name)
    return [
        figures.Counted(
            one.value, one.count, given.address(RECORDS, asked.replacing(facet.name, one.value))
        )
        for one in facet.values
        if one.count > 0 and (not chosen or one.selected)
    ]


def _complete(view: View) -> Response:
    with deadline.within(LIMIT):
        masks = summing.properties(frame.store(), view.records)
    total, groups = sum(one.number for one in masks), dict(GROUPS)
    items = [
        figures.Property(
            name, groups.get(name, "others"), there,
            round(100 * there / total, 1) if total else 0.0,
            given.address(RECORDS, narrowed(view.records, f"has:{name}")),
            given.address(RECORDS, narrowed(view.records, f"missing:{name}")),
        )
        for name, there in completeness.counted((one.mask, one.number) for one in masks).items()
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
