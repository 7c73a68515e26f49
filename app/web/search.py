"""The search: results with facets, a page at a time; what is one record goes straight there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from msgspec import Struct
from msgspec.structs import replace

from app.errors import InvalidCursor
from app.oai.querysets import spec_of
from app.query.marking import Sought, sought
from app.query.request import (
    PARAMETERS,
    PER_PAGE,
    Request,
    Wrong,
    identifier_of,
    person_or_organisation,
    read,
)
from app.query.tree import Doi
from app.result_lists import RESULT_FORMATS
from app.web import frame, result_lists, search_help, words
from app.web.public import public_repositories
from app.web.search_cards import Card, cards
from app.web.search_panel import address, chips, groups, titled, whose
from app.web.statistics_view import narrowed

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as Answer

    from app.query.tree import Identifier
    from app.store.search.results import Facet, Results

blueprint = Blueprint("search", __name__)

COUNTED_APART = 20.0
"""Seconds for a facet that is asked for alone."""
TOGETHER = 3
"""All facets of a page take no longer than so many may take one by one: results wait for them."""
SORTS = (
    ("relevance", "Relevance"), ("-updated", "Newest change"), ("updated", "Oldest change"),
    ("-published", "Newest publication"), ("published", "Oldest publication"),
    ("title", "Title A–Z"), ("-title", "Title Z–A"), ("-citations", "Most cited"),
)  # fmt: skip
_PLAIN = ("cursor", "jump", "facets")
"""Parameters that do not belong to the canonical address of a search."""


class WayOut(Struct, frozen=True):
    """What finds something where a search finds nothing."""

    text: str
    href: str
    total: int


@blueprint.get("/search")
def search() -> Answer:
    """Show what a search finds, or go to the one record that it names."""
    found = read(request.args.items(multi=True))
    if isinstance(found, Wrong):
        return _wrong(found)
    form = request.args.get("format", "html")
    if form != "html":
        return result_lists.answer(found, form)
    meant = person_or_organisation(found) if found.jump else None
    if meant is not None:
        given = {name: found.values(name) for name in (meant[0],)}
        return redirect(
            frame.to(address(found, q=None, **{meant[0]: (*given[meant[0]], meant[1])})), 303
        )
    named = identifier_of(found) if found.jump else None
    if named is not None:
        records = frame.store().search.named(named)
        if len(records) == 1:
            return redirect(frame.to(f"/records/{records[0].local_id}"), 303)
    try:
        results = frame.store().search.page(found)
    except InvalidCursor as error:
        return _refused(found, str(error))
    return _page(found, results, named)


def _page(found: Request, results: Results, named: Doi | Identifier | None) -> Response:
    facets = _facets(found)
    query = sought(found.query)
    answer = frame.page(
        "search/results.html",
        title=_title(found, results.total),
        asked=found,
        total=results.total,
        summary=words.plural(results.total, "record"),
        cards=_cards(results, query),
        first=results.first,
        last=results.first + len(results.rows) - 1,
        ordered=results.ordered,
        by_date=address(found, sort="-updated"),
        pages=_pages(found, results),
        groups=groups(found, facets),
        chips=chips(found, facets),
        whose=whose(found),
        all_off=address(replace(found, chosen=(), cursor="")),
        sorts=[pair for pair in SORTS if pair[0] != "relevance" or found.sort == "relevance"],
        per_page=PER_PAGE,
        hidden=_hidden(found),
        exports=_exports(found),
        not_datacite=address(narrowed(found, "missing:datacite")),
        feed=address(found, format="atom"),
        canonical=frame.settings().base_url + _canonical(found),
        indexed=not (found.selected or found.cursor),
        set_spec=spec_of(found.set_query),
        ways_out=() if results.total else _ways_out(found),
        nobody_has=_nobody_has(named),
        help=search_help,
    )
    for name, target in _pages(found, results).items():
        base = frame.settings().base_url
        answer.headers.add("Link", f'<{base}{target}>; rel="{name}"')
    return answer


def _cards(results: Results, query: Sought) -> tuple[Card, ...]:
    store, rows = frame.store(), results.rows
    tallies = store.links.tallies([row.id for row in rows])
    return cards(rows, store.search.details(rows), tallies, query)


def _facets(found: Request) -> tuple[Facet, ...]:
    limit = frame.settings().search.facet_timeout
    alone = found.facets_given not in ("", "all", "none")
    if found.facets_given == "none":
        return ()
    seconds = COUNTED_APART if alone else limit * min(1.0, TOGETHER / max(1, len(found.facets)))
    facets = frame.store().search.facets(found, seconds=seconds)
    return titled(facets, {one.name: one.title for one in public_repositories(frame.store())})


def _title(found: Request, total: int) -> str:
    return " – ".join(filter(None, (words.cut(found.text, 80), words.plural(total, "record"))))


def _pages(found: Request, results: Results) -> dict[str, str]:
    """Return the addresses of other pages, by their relation to this one."""
    pages = {"first": address(found)} if found.cursor else {}
    pages |= {"prev": address(found, cursor=results.previous)} if results.previous else {}
    return pages | ({"next": address(found, cursor=results.next)} if results.next else {})


def _hidden(found: Request) -> list[tuple[str, str]]:
    """Return the parameters that the search box keeps besides its own."""
    return found.parameters(q=None, sort=None, per_page=None, jump=None)


def _exports(found: Request) -> list[tuple[str, str]]:
    forms = RESULT_FORMATS.values()
    return [(form.title, address(found, format=form.name, sort=None)) for form in forms]


def _canonical(found: Request) -> str:
    pairs = sorted(found.parameters(**dict.fromkeys(_PLAIN)))
    return f"/search?{urlencode(pairs)}" if pairs else "/search"


def _ways_out(found: Request) -> tuple[WayOut, ...]:
    """Return what each filter keeps back, then the other copies and what is gone."""
    store, ways = frame.store().search, []
    for name in dict(found.chosen):
        ways.append((f"without the filter {search_help.TITLES[name].lower()}", found.without(name)))
    if found.copies != "all":
        ways.append(("among all copies", found.replacing("copies", "all")))
    if found.state == "live":
        gone = found.replacing("state", "deleted", "withdrawn")
        ways.append(("among what is gone", gone))
    counted = ((text, other, store.count(other)) for text, other in ways)
    return tuple(WayOut(text, address(other), total) for text, other, total in counted if total)


def _nobody_has(named: Doi | Identifier | None) -> str:
    """Return the address of a DOI that nobody here has."""
    return f"https://doi.org/{named.name}" if isinstance(named, Doi) else ""


def _wrong(wrong: Wrong) -> Response:
    """Show what is wrong with a query, under its place."""
    text = request.args.getlist("q")[-1:] or [""]
    return frame.page(
        "search/wrong.html",
        title="That search cannot be read",
        status=400,
        cached=frame.NEVER,
        text=text[0][:1200],
        caret=" " * max(wrong.position - 1, 0) + "^" if wrong.position else "",
        message=wrong.message,
        help=search_help,
        hidden=[
            pair
            for pair in request.args.items(multi=True)
            if pair[0] in PARAMETERS and pair[0] not in ("q", "cursor")
        ],
    )


def _refused(found: Request, message: str) -> Response:
    """Say that a page is not known, and lead to the first one."""
    return frame.page(
        "search/no_page.html",
        title="That page of results is not known",
        status=400,
        cached=frame.NEVER,
        message=message,
        first=address(found),
    )
