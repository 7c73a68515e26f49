"""Searching: pages of records, their facets, and the whole of a result as a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request
from msgspec import UNSET
from msgspec.structs import replace

from app.errors import InvalidCursor
from app.result_lists import RESULT_FORMATS
from app.web import frame, result_lists
from app.web.api import parameters as given
from app.web.api import shapes
from app.web.api.objects import objects
from app.web.api.register import ROOT, Answer, Call, Parameter, document, refuse, whole
from app.web.public import public_repositories
from app.web.search_panel import label, titled

if TYPE_CHECKING:
    from app.query.request import Request
    from app.store.search.results import Facet, FacetValue, Results

PATH = f"{ROOT}/records"
COUNTED_APART = 20.0
"""Seconds for facets that are asked for by themselves."""
FORMATS = ("json", *RESULT_FORMATS, "atom")
_TYPES = tuple(
    dict.fromkeys(one.content_type.partition(";")[0] for one in RESULT_FORMATS.values())
)  # fmt: skip


def records() -> Response:
    """Give a page of what a search finds, or all of it as a stream."""
    form, asked = request.args.get("format", "json"), given.search_asked()
    if form != "json":
        return result_lists.answer(asked, form)
    try:
        found = frame.store().search.page(asked)
    except InvalidCursor as error:
        first = given.address(PATH, replace(asked, cursor=""))
        raise refuse(
            400, "That page of results is not known", str(error), code="invalid-cursor", first=first
        ) from None
    facets = UNSET if asked.facets_given in ("", "none") else _facets(asked, PATH)
    pages = _pages(asked, found)
    value = {
        "total": found.total,
        "items": objects(found.rows, metadata=request.args.get("metadata") != "0"),
        **({"next": pages["next"]} if "next" in pages else {}),
        **({"previous": pages["prev"]} if "prev" in pages else {}),
        **({"facets": facets} if facets is not UNSET else {}),
        **({"notices": asked.notices} if asked.notices else {}),
        **_cut(found),
    }
    answer = document(value, total=found.total)
    for name, target in pages.items():
        answer.headers.add("Link", f'<{target}>; rel="{name}"')
    return answer


def facets() -> Response:
    """Give the facets of a search."""
    asked = given.search_asked()
    total = frame.store().search.count(asked)
    wanted = [] if asked.facets_given == "none" else _facets(asked, PATH, COUNTED_APART)
    return document(shapes.Facets(total, wanted))


def _cut(found: Results) -> dict[str, object]:
    """Say where only the best are in order; the last page of them has no next one."""
    if found.ordered is None:
        return {}
    return {"ordered": found.ordered} | ({} if found.next else {"next": None})


def _pages(asked: Request, found: Results) -> dict[str, str]:
    pages = {"first": given.address(PATH, asked)} if asked.cursor else {}
    if found.previous:
        pages["prev"] = given.address(PATH, asked, cursor=found.previous)
    return pages | ({"next": given.address(PATH, asked, cursor=found.next)} if found.next else {})


def _facets(asked: Request, path: str, seconds: float | None = None) -> list[shapes.Facet]:
    store = frame.store()
    limit = frame.settings().search.facet_timeout if seconds is None else seconds
    titles = {one.name: one.title for one in public_repositories(store)}
    found = titled(store.search.facets(asked, seconds=limit), titles)
    return [_facet(asked, path, one) for one in found]


def _facet(asked: Request, path: str, facet: Facet) -> shapes.Facet:
    values = [_value(asked, path, facet.name, one) for one in facet.values]
    return shapes.Facet(facet.name, facet.finished, facet.more, values)


def _value(asked: Request, path: str, name: str, one: FacetValue) -> shapes.FacetValue:
    plain = asked.replacing(name, one.value)
    return shapes.FacetValue(
        one.value, label(name, one.value, one.label), one.selected,
        given.address(path, plain, facets=None, more=None),
        UNSET if one.count < 0 else one.count,
    )  # fmt: skip


_FORMAT = Parameter(
    "format", "`json` gives pages; all others give the whole result as one stream.",
    whole("string", enum=list(FORMATS)),
)  # fmt: skip
CALLS = (
    Call(
        "searchRecords", "/records", records, "Search for records",
        "The same search as on the page, a page at a time in the order that is asked for.",
        {
            200: Answer("A page of records.", shapes.Records, (*_TYPES, "application/atom+xml")),
            429: Answer("Two exports are under way already."),
        },
        (*given.FILTERED, given.SORT, given.PER_PAGE, given.CURSOR, given.WANTED_FACETS,
         given.MORE, given.METADATA, _FORMAT, given.MAILTO),
        "q=alps&type=Dataset&per_page=10", "Search",
    ),
    Call(
        "countFacets", "/facets", facets, "Count the facets of a search",
        "Exact numbers by value; each value has the address of the list that has so many records.",
        {200: Answer("The facets.", shapes.Facets)},
        (*given.FILTERED, given.WANTED_FACETS, given.MORE, given.MAILTO),
        "facets=type,year", "Search",
    ),
)  # fmt: skip
