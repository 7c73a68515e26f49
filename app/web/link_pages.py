"""Lists of what is connected: links of a search's records, what cites them, articles with data.

Each is a page, CSV or JSON, read by key behind the last row of the part before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint, Response, abort, request
from msgspec import Struct

from app.datacite import identifiers
from app.query.request import Wrong, read
from app.store import deadline
from app.store.links.listing import LISTED, Narrowed, link_list
from app.store.links.works import works
from app.web import frame, related_view, words
from app.web.member_lists import TYPES, Row, as_csv
from app.web.statistics_tables import CLASSES
from app.web.statistics_view import View, search

if TYPE_CHECKING:
    from app.store.links.walk import Key, Turned, Walked
    from app.store.links.works import Work

blueprint = Blueprint("link_pages", __name__)

PATH = "/statistics/links"
PER_PAGE, PER_FILE = 50, 500
LIMIT = 20.0
"""Seconds that a page may take."""
CITATIONS, ARTICLES = "citations", "article-data"
"""Kinds of lists besides that of all links."""
COLUMNS = (
    "class", "relation", "source", "source_title", "source_record", "target", "target_title",
    "target_record", "resolved",
)  # fmt: skip
ARTICLE_COLUMNS = ("article", "title", "record", "datasets")


class Link(Struct, frozen=True):
    """A connection as the page shows it."""

    text: str
    href: str
    identifier: str
    entry: related_view.Entry
    group: str


class Article(Struct, frozen=True):
    """A work as the page shows it. data: the address of what it is connected with."""

    text: str
    href: str
    identifier: str
    datasets: int
    data: str


@blueprint.get(PATH)
def links() -> Response:
    """Show connections, a page at a time, or give a page of them as a file."""
    asked = read(request.args.items(multi=True))
    if isinstance(asked, Wrong):
        abort(400, asked.message)
    view = View(asked)
    form = request.args.get("format", "html").lower()
    if form != "html" and form not in TYPES:
        abort(400, f"There is no format “{form[:40]}” of links. There are: html, json, csv.")
    with deadline.within(LIMIT):
        if request.args.get("kind", "") == ARTICLES:
            return _articles(view, form)
        return _links(view, form)


def _place(numbers: int) -> tuple[int, ...] | None:
    """Return the place behind which the list goes on; None is its beginning."""
    parts = request.args.get("after", "").split(".")
    try:
        found = tuple(int(part) for part in parts if len(part) <= 20)
    except ValueError:
        return None
    fits = len(found) == numbers and all(-(1 << 63) <= one < 1 << 63 for one in found)
    return found if fits else None


def _between() -> tuple[str, str] | None:
    """Return the two repositories that are asked for, as `between=one..other`."""
    one, dots, other = request.args.get("between", "").partition("..")
    return (one, other) if dots and one and other else None


# ── links ────────────────────────────────────────────────────────────────────────────────────


def _links(view: View, form: str) -> Response:
    group, resolved = request.args.get("class", ""), request.args.get("resolved", "")
    cited = request.args.get("kind", "") == CITATIONS
    narrowed = Narrowed(
        (group,) if group in LISTED else (), {"yes": True, "no": False}.get(resolved), _between(),
        cited,
    )  # fmt: skip
    limit, place = PER_PAGE if form == "html" else PER_FILE, _place(3)
    after: Key | None = (place[0], place[1], place[2]) if place else None
    found = link_list(frame.store(), view.records, narrowed, after=after, limit=limit)
    pair = request.args.get("between", "") if narrowed.between else ""
    asked = {"kind": CITATIONS if cited else "", "class_": group, "resolved": resolved,
             "between": pair}  # fmt: skip
    last = ".".join(map(str, found.found[-1].key)) if len(found.found) == limit else ""
    following = view.address(PATH, **asked, after=last) if last else ""
    if form != "html":
        return _file("links", [_row(one) for one in found.found], COLUMNS, found.total, form,
                     f"{following}&format={form}" if following else "")  # fmt: skip
    return _shown(view, found, asked, following)


def _shown(view: View, found: Walked, asked: dict[str, str], following: str) -> Response:
    def to(**more: str) -> str:
        return view.address(PATH, **(asked | more))

    group, cited = asked["class_"], bool(asked["kind"])
    return frame.page(
        "statistics/links.html",
        title=words.plural(found.total, "citation" if cited else "link"),
        crumbs=(frame.Crumb("Statistics", "/statistics"), frame.Crumb("Links")),
        total=found.total,
        cited=cited,
        links=[_link(one) for one in found.found],
        classes=[("", "All", to(class_=""))] + [(n, CLASSES[n], to(class_=n)) for n in LISTED],
        group=group if group in LISTED else "",
        resolved=asked["resolved"],
        resolved_only=to(resolved="yes"),
        any_end=to(resolved=""),
        first=to() if request.args.get("after") else "",
        behind=following,
        forms=[(name, to(format=name)) for name in TYPES],
        search=view.address("/search"),
        filtered=view.filtered,
        between=asked["between"].replace("..", " and "),
        not_between=to(between=""),
    )


def _link(one: Turned) -> Link:
    link = identifiers.link(one.kind, one.value) or ""
    record = one.record
    text = (record.summary.title if record else "") or one.value or "Untitled"
    href = f"/records/{record.local_id}" if record else link
    entry = related_view.entry(one.connection)
    return Link(text, href, link or one.value, entry, CLASSES.get(one.connection.group, ""))


def _file(
    name: str, rows: list[Row], columns: tuple[str, ...], total: int, form: str, following: str
) -> Response:
    """Give a part of a list as a file; the header `Link` leads to the next part."""
    body = as_csv(rows, columns) if form == "csv" else msgspec.json.encode(
        {"total": total, name: rows}
    )  # fmt: skip
    answer = Response(body, content_type=TYPES[form])
    answer.headers["Cache-Control"] = frame.PUBLIC
    answer.headers["X-Total-Count"] = str(total)
    if following:
        answer.headers["Link"] = f'<{frame.settings().base_url}{following}>; rel="next"'
    return answer


def _row(one: Turned) -> Row:
    base, connection = frame.settings().base_url, one.connection
    source, target = one.record, connection.record
    return {
        "class": connection.group,
        "relation": " ".join(name for name in connection.relations if name),
        "source": identifiers.link(one.kind, one.value) or one.value,
        "source_title": source.summary.title if source else "",
        "source_record": f"{base}/records/{source.local_id}" if source else "",
        "target": identifiers.link(connection.kind, connection.value) or connection.value,
        "target_title": target.summary.title if target else "",
        "target_record": f"{base}/records/{target.local_id}" if target else "",
        "resolved": "yes" if source and target else "no",
    }


# ── articles with data ───────────────────────────────────────────────────────────────────────


def _articles(view: View, form: str) -> Response:
    limit, place = PER_PAGE if form == "html" else PER_FILE, _place(1)
    after = place[0] if place else None
    found = works(frame.store(), view.records, after=after, limit=limit)
    last = str(found.found[-1].node) if len(found.found) == limit else ""
    following = view.address(PATH, kind=ARTICLES, after=last) if last else ""
    if form != "html":
        rows = [_article_row(one) for one in found.found]
        further = f"{following}&format={form}" if following else ""
        return _file("articles", rows, ARTICLE_COLUMNS, found.total, form, further)
    return frame.page(
        "statistics/articles.html",
        title=words.plural(found.total, "article") + " with data here",
        crumbs=(frame.Crumb("Statistics", "/statistics"), frame.Crumb("Articles with data")),
        total=found.total,
        articles=[_article(one) for one in found.found],
        first=view.address(PATH, kind=ARTICLES) if after is not None else "",
        behind=following,
        forms=[(name, view.address(PATH, kind=ARTICLES, format=name)) for name in TYPES],
        search=view.address("/search"),
        filtered=view.filtered,
    )


def _article(one: Work) -> Article:
    link = identifiers.link(one.kind, one.value) or ""
    text = (one.record.summary.title if one.record else "") or one.value or "Untitled"
    href = f"/records/{one.record.local_id}" if one.record else link
    return Article(text, href, link or one.value, one.datasets, _data(one))


def _data(one: Work) -> str:
    """Return the address of what a work is connected with, by it or by who states it."""
    if one.record is not None:
        return f"/records/{one.record.local_id}/links?class=references&class=citations"
    found = read([("q", f'to:"{one.value}"'), ("copies", "all")])
    return "" if isinstance(found, Wrong) else search(found)


def _article_row(one: Work) -> Row:
    base = frame.settings().base_url
    return {
        "article": identifiers.link(one.kind, one.value) or one.value,
        "title": one.record.summary.title if one.record else "",
        "record": f"{base}/records/{one.record.local_id}" if one.record else "",
        "datasets": str(one.datasets),
    }
