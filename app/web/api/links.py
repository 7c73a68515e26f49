"""Connections between objects: of all records that a search finds, or of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response, request
from msgspec import UNSET

from app import clock
from app.datacite import identifiers
from app.datacite.relation_classes import CLASSES, RELATIONS
from app.store import deadline
from app.store.links.listing import LISTED, Narrowed, link_list
from app.web import frame
from app.web.api import parameters as given
from app.web.api import places, shapes
from app.web.api.register import (
    Answer,
    Call,
    Parameter,
    document,
    leading_on,
    number,
    told,
    unknown_place,
    whole,
)
from app.web.link_pages import CITATIONS
from app.web.statistics_view import View

if TYPE_CHECKING:
    from app.store.links.values import Connection
    from app.store.links.walk import Key, Turned
    from app.store.values import StoredRecord

LIMIT = 20.0
"""Seconds that a part of all connections may take."""


def links() -> Response:
    """Give connections that the records of a search state, or that cite them."""
    view = View(given.search_asked())
    after, limit = _behind(request.args.get("cursor", "")), number("per_page", 100)
    narrowed = Narrowed(
        tuple(name for name in request.args.getlist("class") if name in LISTED),
        {"yes": True, "no": False}.get(request.args.get("resolved", "")),
        cited=request.args.get("kind") == CITATIONS,
    )
    with deadline.within(LIMIT):
        found = link_list(frame.store(), view.records, narrowed, after=after, limit=limit)
    items = [_turned(one) for one in found.found]
    more = len(items) == limit
    return walked(items, found.total, ".".join(map(str, found.found[-1].key)) if more else "")


def _behind(cursor: str) -> Key | None:
    """Return the connection behind which a list goes on; raises Refused for what is no place."""
    if not cursor:
        return None
    try:
        source, class_, target = (int(part) for part in places.unsealed(cursor).split("."))
    except ValueError:
        raise unknown_place() from None
    return source, class_, target


def walked(items: list[shapes.Link], total: int, following: str) -> Response:
    """Return a part of a list of connections; following: the place behind it."""
    plain = [pair for pair in request.args.items(multi=True) if pair[0] != "cursor"]
    address = frame.settings().base_url + request.path + "?"
    cursor = ("cursor", places.sealed(following)) if following else None
    href = address + urlencode([*plain, cursor]) if cursor else ""
    return leading_on(document(shapes.Links(total, items, told(href)), total=total), href)


def start_of(cursor: str) -> int:
    """Return how many connections lie before a place; raises Refused for what is no place."""
    if not cursor:
        return 0
    return int(places.unsealed(cursor))


def connection(one: Connection, source: shapes.End | None = None) -> shapes.Link:
    """Return a connection as it is told."""
    return shapes.Link(
        one.group,
        [name for name in one.relations if name],
        end(one.record, one.kind, one.value, one.target_type),
        one.record is not None and (source is None or source.record is not UNSET),
        list(dict.fromkeys(said.repository for said in one.statements)),
        source or UNSET,
        told(clock.text(one.first_seen) if one.first_seen else None),
    )


def end(record: StoredRecord | None, kind: str, value: str, general: str) -> shapes.End:
    """Return one side of a connection."""
    page = f"{frame.settings().base_url}/records/{record.local_id}" if record else ""
    link = identifiers.link(kind, value) if value else None
    name = shapes.Identifier(kind.lower(), value, told(link)) if value else UNSET
    title = record.summary.title if record else ""
    return shapes.End(name, told(general), told(title), told(page))


def _turned(one: Turned) -> shapes.Link:
    return connection(one.connection, end(one.record, one.kind, one.value, one.source_type))


def _enum(values: tuple[str, ...]) -> dict[str, object]:
    return {"type": "string", "enum": list(values)}


CLASS = Parameter(
    "class", "Of this class; several mean any of them.", whole("array", items=_enum(CLASSES))
)
RELATION = Parameter("relation", "With this relationType.", _enum(tuple(sorted(RELATIONS))))
RESOLVED = Parameter(
    "resolved", "Whether both ends are in this hub.", _enum(("yes", "no"))
)  # fmt: skip
_LISTED = Parameter(
    "class", "Of this class; a citation is a reference of the other side.",
    whole("array", items=_enum(LISTED)),
)  # fmt: skip
_KIND = Parameter(
    "kind", "`citations`: what in this hub cites the records, instead of what they state.",
    _enum((CITATIONS,)),
)  # fmt: skip
CALLS = (
    Call(
        "listLinks", "/links", links, "List connections",
        "Those that the records of a search state, each once.",
        {200: Answer("Connections.", shapes.Links)},
        (*given.FILTERED, _KIND, _LISTED, RESOLVED,
         given.per_page("Connections", 500),
         given.CURSOR, given.MAILTO),
        "class=references&resolved=yes", "Links",
    ),
)  # fmt: skip
