"""The search: results with facets, a page at a time; what is one record goes straight there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, redirect, request
from msgspec import Struct
from msgspec.structs import replace

from app.errors import InvalidCursor, StoreError
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
from app.web import finding, frame, in_two, result_lists, search_help, words
from app.web.examples import Examples
from app.web.in_time import in_time
from app.web.public import public_repositories
from app.web.search_cards import EXCERPT, Card, cards
from app.web.search_panel import address, canonical, chips, groups, titled, unfinished, whose
from app.web.statistics_view import narrowed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug.wrappers import Response as Answer

    from app.query.tree import Identifier
    from app.store.search.results import Results
    from app.store.values import StoredRecord

blueprint = Blueprint("search", __name__)

COUNTED_APART = 20.0
"""Seconds for a facet that is asked for alone."""
TOGETHER = 3
"""All facets of a page take no longer than so many may take one by one."""
EXCERPTS = (EXCERPT, 120, 0)
"""Characters of excerpts, tried in turn until the page is light."""
FIRST_PIECE = 75_000
"""Bytes of a page without its filters, which take some 20 kB."""
SORTS = (
    ("relevance", "Relevance"), ("-updated", "Newest change"), ("updated", "Oldest change"),
    ("-published", "Newest publication"), ("published", "Oldest publication"),
    ("title", "Title A–Z"), ("-title", "Title Z–A"), ("-citations", "Most cited"),
)  # fmt: skip


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
    meant_alone = _only(named) if named is not None else None
    if meant_alone is not None:
        return redirect(frame.to(f"/records/{meant_alone.local_id}"), 303)
    try:
        results = frame.store().search.page(found)
    except InvalidCursor as error:
        return _refused(found, str(error))
    return _page(found, results, named)


def _only(named: Doi | Identifier) -> StoredRecord | None:
    """Return the one record that an identifier means: of several copies, the preferred one."""
    known = finding.records_with(named.name if isinstance(named, Doi) else named.text)
    if known.record is not None:
        return known.record
    records = frame.store().search.named(named)
    return records[0] if len(records) == 1 else None


def _page(found: Request, results: Results, named: Doi | Identifier | None) -> Response:
    """Answer with the results; the panel of filters follows, however long it takes."""
    repositories = {one.name: one.title for one in public_repositories(frame.store())}
    on, seconds = chips(found, _labels(found, repositories)), _seconds(found)
    has_panel = found.facets_given != "none" and bool(results.total or found.selected)
    told = {**_listed(found, results), **_led_on(found, results, named)}
    cards = _cards(results, sought(found.query))
    answer = frame.light(
        lambda longest: frame.page(
            "search/results.html",
            title=_title(found, results.total),
            asked=found,
            chips=on,
            has_panel=has_panel,
            second_piece=in_two.MARK,
            cards=cards(longest),
            **told,
        ),
        EXCERPTS,
        FIRST_PIECE,
    )

    def rest() -> str:
        panel = _panel(found, repositories, seconds, len(on)) if has_panel else ""
        take = _take(found, results.total) if results.total else ""
        _examples().renew()
        return panel + take

    in_two.follow(answer, rest)
    for name, target in _pages(found, results).items():
        base = frame.settings().base_url
        answer.headers.add("Link", f'<{base}{target}>; rel="{name}"')
    return answer


def _listed(found: Request, results: Results) -> dict[str, Any]:
    """Return what the page says of the results themselves."""
    return {
        "total": results.total,
        "summary": words.plural(results.total, "record"),
        "first": results.first,
        "last": results.first + len(results.rows) - 1,
        "ordered": results.ordered,
        "pages": _pages(found, results),
        "whose": whose(found),
    }


def _led_on(found: Request, results: Results, named: Doi | Identifier | None) -> dict[str, Any]:
    """Return where the page leads to from here."""
    return {
        "by_date": address(found, sort="-updated"),
        "all_off": address(replace(found, chosen=(), cursor="")),
        "sorts": [pair for pair in SORTS if pair[0] != "relevance" or found.sort == "relevance"],
        "per_page": PER_PAGE,
        "hidden": _hidden(found),
        "feed": address(found, format="atom"),
        "with_filters": address(found, facets=None),
        "canonical": frame.settings().base_url + canonical(found),
        "indexed": not (found.selected or found.cursor),
        "ways_out": () if results.total else _ways_out(found),
        "nobody_has": _nobody_has(named),
        "help": search_help,
        "examples": _examples().now(),
    }


def _cards(results: Results, query: Sought) -> Callable[[int], tuple[Card, ...]]:
    """Return what makes the cards, with excerpts of so many characters."""
    store, rows = frame.store(), results.rows
    tallies, details = store.links.tallies([row.id for row in rows]), store.search.details(rows)
    return lambda longest: cards(rows, details, tallies, query, longest)


def _labels(found: Request, titles: Mapping[str, str]) -> list[tuple[tuple[str, str], str]]:
    """Return what the values that are chosen are called."""
    labels = frame.store().search.labels(found) if found.selected else {}
    named = {("repository", name): title for name, title in titles.items()}
    return list((labels | named).items())


def _seconds(found: Request) -> float:
    """Return how long each facet may take."""
    if found.facets_given not in ("", "all"):
        return COUNTED_APART
    limit = frame.settings().search.facet_timeout
    return limit * min(1.0, TOGETHER / max(1, len(found.facets)))


def _panel(found: Request, titles: Mapping[str, str], seconds: float, on: int) -> str:
    """Return the panel of filters; what cannot be counted is offered to be counted alone."""
    try:
        facets = titled(frame.store().search.facets(found, seconds=seconds), titles)
    except StoreError:
        facets = tuple(unfinished(found))
    template = current_app.jinja_env.get_template("search/panel.html")
    alone = found.facets_given not in ("", "all")
    return template.render(
        groups=groups(found, facets), on=on, others=address(found, facets=None) if alone else ""
    )


def _take(found: Request, total: int) -> str:
    """Return how the whole of what is found can be taken away."""
    search, seconds = frame.store().search, frame.settings().search.facet_timeout
    try:
        written = in_time(lambda: search.count(found.that_has("datacite")), seconds)
    except StoreError:
        written = None
    return current_app.jinja_env.get_template("search/take.html").render(
        total=total,
        written=written,
        exports=_exports(found),
        not_datacite=address(narrowed(found, "missing:datacite")),
        feed=address(found, format="atom"),
        set_spec=spec_of(found.set_query),
        base_url=frame.settings().base_url,
    )


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


def _ways_out(found: Request) -> tuple[WayOut, ...]:
    """Return what each filter keeps back, then the other copies and what is gone."""
    store, ways = frame.store().search, []
    for name in dict(found.chosen):
        ways.append((f"without the filter {search_help.TITLES[name].lower()}", found.without(name)))
    if len(found.chosen) > 1:
        ways.append(("without any filter", replace(found, chosen=(), cursor="")))
    if found.copies != "all":
        ways.append(("among all copies", found.replacing("copies", "all")))
    if found.state == "live":
        gone = found.replacing("state", "deleted", "withdrawn").replacing("copies", "all")
        ways.append(("among what is gone", gone))
    counted = ((text, other, store.count(other)) for text, other in ways)
    return tuple(WayOut(text, address(other), total) for text, other, total in counted if total)


def _examples() -> Examples:
    known = current_app.extensions
    examples: Examples = known.setdefault("garnery.examples", Examples(frame.store()))
    return examples


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
        examples=_examples().now(),
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
