"""The list of connections that the records of a search state: a page, CSV or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint, Response, abort, request
from msgspec import Struct

from app.datacite import identifiers
from app.query.request import Wrong, read
from app.store import deadline
from app.store.links.listing import LISTED, link_list
from app.web import frame, related_view, words
from app.web.member_lists import TYPES, Row, as_csv
from app.web.statistics_tables import CLASSES
from app.web.statistics_view import View

if TYPE_CHECKING:
    from app.store.links.walk import Turned, Walked

blueprint = Blueprint("link_pages", __name__)

PER_PAGE, PER_FILE = 50, 500
LIMIT = 20.0
"""Seconds that a page may take."""
MOST_PAGES = 2000
COLUMNS = (
    "class", "relation", "source", "source_title", "source_record", "target", "target_title",
    "target_record", "resolved",
)  # fmt: skip


class Link(Struct, frozen=True):
    """A connection as the page shows it."""

    text: str
    href: str
    identifier: str
    entry: related_view.Entry
    group: str


@blueprint.get("/statistics/links")
def links() -> Response:
    """Show connections, a page at a time, or give a page of them as a file."""
    asked = read(request.args.items(multi=True))
    if isinstance(asked, Wrong):
        abort(400, asked.message)
    view = View(asked)
    form = request.args.get("format", "html").lower()
    if form != "html" and form not in TYPES:
        abort(400, f"There is no format “{form[:40]}” of links. There are: html, json, csv.")
    per_page = PER_PAGE if form == "html" else PER_FILE
    page, group, resolved = _page(), request.args.get("class", ""), request.args.get("resolved", "")
    with deadline.within(LIMIT):
        found = link_list(
            frame.store(),
            view.records,
            classes=(group,) if group in LISTED else (),
            resolved={"yes": True, "no": False}.get(resolved),
            between=_between(),
            offset=(page - 1) * per_page,
            limit=per_page,
        )
    if page > 1 and not found.found:
        abort(404, "The list has no such page.")
    if form != "html":
        return _file(found, form)
    pair = request.args.get("between", "") if _between() else ""
    return _shown(view, found, page, {"class_": group, "resolved": resolved, "between": pair})


def _between() -> tuple[str, str] | None:
    """Return the two repositories that are asked for, as `between=one..other`."""
    one, dots, other = request.args.get("between", "").partition("..")
    return (one, other) if dots and one and other else None


def _page() -> int:
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    return min(max(number, 1), MOST_PAGES)


def _shown(view: View, found: Walked, page: int, narrowed: dict[str, str]) -> Response:
    def to(**more: str) -> str:
        return view.address("/statistics/links", **(narrowed | more))

    group = narrowed["class_"]
    return frame.page(
        "statistics/links.html",
        title=f"{words.plural(found.total, 'link')}",
        crumbs=(frame.Crumb("Statistics", "/statistics"), frame.Crumb("Links")),
        total=found.total,
        links=[_link(one) for one in found.found],
        first=(page - 1) * PER_PAGE + 1,
        classes=[("", "All", to(class_=""))] + [(n, CLASSES[n], to(class_=n)) for n in LISTED],
        group=group if group in LISTED else "",
        resolved=narrowed["resolved"],
        resolved_only=to(resolved="yes"),
        any_end=to(resolved=""),
        before=to(page=str(page - 1)) if page > 1 else "",
        behind=to(page=str(page + 1)) if page * PER_PAGE < found.total else "",
        forms=[(name, to(format=name, page=str(page))) for name in TYPES],
        search=view.address("/search"),
        filtered=view.filtered,
        between=narrowed["between"].replace("..", " and "),
        not_between=to(between=""),
    )


def _link(one: Turned) -> Link:
    link = identifiers.link(one.kind, one.value) or ""
    record = one.record
    text = (record.summary.title if record else "") or one.value or "Untitled"
    href = f"/records/{record.local_id}" if record else link
    entry = related_view.entry(one.connection)
    return Link(text, href, link or one.value, entry, CLASSES.get(one.connection.group, ""))


def _file(found: Walked, form: str) -> Response:
    rows = [_row(one) for one in found.found]
    body = as_csv(rows, COLUMNS) if form == "csv" else msgspec.json.encode(
        {"total": found.total, "links": rows}
    )  # fmt: skip
    answer = Response(body, content_type=TYPES[form])
    answer.headers["Cache-Control"] = frame.PUBLIC
    answer.headers["X-Total-Count"] = str(found.total)
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
