"""All links of a record: a page, JSON, CSV, Scholix; and what leads to what is not here.

An identifier that no record has may still be the target of links: then the data behind an article
is found, although the article itself is in no repository of the hub.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, abort, request, stream_with_context
from msgspec import Struct

from app import clock
from app.crosswalks import scholix as scholix_form
from app.datacite import identifiers
from app.datacite.relation_classes import CLASSES, RELATIONS
from app.store.links.values import Wanted
from app.web import foreign, frame, related_view, scholix
from app.web.known_records import TOMBSTONES, known
from app.web.member_lists import TYPES, as_csv
from app.web.negotiation import page_or_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.store.links.values import Connection, Found
    from app.store.values import StoredRecord

blueprint = Blueprint("related", __name__)

PER_PAGE, WHOLE, BATCH = 50, 100_000, 100
"""Links of a page, of an answer in another format, and those of it that are made at a time."""
WORDS = {
    "references": "References",
    "citations": "Citations",
    "parts": "Parts",
    "versions": "Versions",
    "other": "Other",
}


class Choice(Struct, frozen=True):
    """What the list is narrowed to."""

    classes: tuple[str, ...]
    relation: str
    resolved: str
    stated_by: str

    def query(self, **more: str) -> str:
        """Return the parameters of an address."""
        given = [("class", name) for name in self.classes]
        named = {"relation": self.relation, "resolved": self.resolved, "stated_by": self.stated_by}
        given += [(name, value) for name, value in (named | more).items() if value]
        return f"?{urlencode(given)}" if given else ""


@blueprint.get("/records/<local_id>/links")
def links(local_id: str) -> Response:
    """Show all links of a record, or give them in a format."""
    stored, _ = known(local_id)
    if stored.state != "live":
        gone = stored.state in TOMBSTONES
        abort(410 if gone else 404, "A record that is not live has no links.")
    named = (request.args.getlist("format") or [""])[-1].lower()
    form = named or page_or_json(request.headers.get("Accept"))
    if form not in ("html", "json", "csv", "scholix"):
        abort(400, f"There is no format “{form}” of links. There are: html, json, csv, scholix.")
    choice, node = _choice(), frame.store().links.node(stored.id)
    given = _page(stored, node, choice) if form == "html" else _whole(stored, node, choice, form)
    if not named:
        given.vary.add("Accept")
    return given


def _whole(stored: StoredRecord, node: int, choice: Choice, form: str) -> Response:
    """Give all links as a stream: a record may have more than memory should hold."""
    total, found = frame.store().links.each(node, _wanted(choice), most=WHOLE)
    made = {
        "csv": lambda: _table(found),
        "json": lambda: _json(found, total),
        "scholix": lambda: _scholix(stored, found, min(total, WHOLE)),
    }
    pieces = stream_with_context(made[form]())
    answer = Response(pieces, content_type=TYPES["csv" if form == "csv" else "json"])
    answer.headers["Cache-Control"] = frame.METADATA
    return answer


def _scholix(stored: StoredRecord, found: Iterator[Connection], total: int) -> Iterator[bytes]:
    told = {"totalLinks": total, "totalPages": 1 if total else 0}
    whole = msgspec.json.encode({**scholix_form.document(()), **told})
    yield whole.removesuffix(b"]}")
    comma, pid = b"", _pid(stored)
    while batch := tuple(itertools.islice(found, BATCH)):
        for thing in scholix.of_connections(stored, pid, batch):
            yield comma + msgspec.json.encode(thing)
            comma = b","
    yield b"]}\n"


def _table(found: Iterator[Connection]) -> Iterator[bytes]:
    yield as_csv((), COLUMNS)
    while batch := tuple(itertools.islice(found, BATCH)):
        yield as_csv(map(_row, batch), COLUMNS, header=False)


def _json(found: Iterator[Connection], total: int) -> Iterator[bytes]:
    yield b'{"total":%d,"links":[' % total
    comma = b""
    for one in found:
        yield comma + msgspec.json.encode(_row(one))
        comma = b","
    yield b"]}"


def linked_to(kind: str, value: str, node: int) -> Response | None:
    """Show what is linked to an identifier that no record here has; None if nothing is."""
    found = frame.store().links.connections(node, limit=PER_PAGE)
    if not found.total:
        return None
    link = foreign.href(identifiers.link(kind, value) or value)
    return frame.page(
        "related/linked.html",
        title=f"Linked to {value}"[:120],
        crumbs=(frame.Crumb("Not in this hub"),),
        status=404,
        address=link,
        text=link or value,
        found=found,
        entries=[related_view.entry(one) for one in found.connections],
        scholix=f"/scholix/v3/Links?{urlencode({'targetPid': value})}",
    )


def _page(stored: StoredRecord, node: int, choice: Choice) -> Response:
    asked = (request.args.getlist("page") or ["1"])[-1]
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    start = max(number - 1, 0) * PER_PAGE
    found = frame.store().links.connections(node, _wanted(choice), start=start, limit=PER_PAGE)
    if start and start >= found.total:
        abort(404, "The list has no such page.")
    path = f"/records/{stored.local_id}/links"
    return frame.page(
        "related/links.html",
        title=f"Links of {stored.summary.title or stored.identifier}"[:120],
        crumbs=(
            frame.Crumb("Search", "/search"),
            frame.Crumb(stored.summary.title or "this record", f"/records/{stored.local_id}"),
            frame.Crumb("Links"),
        ),
        stored=stored,
        choice=choice,
        classes=WORDS,
        relations=sorted(RELATIONS),
        path=path,
        found=found,
        entries=[related_view.entry(one, stored.repository) for one in found.connections],
        first=start + 1,
        before=path + choice.query(page=str(number - 1)) if number > 1 else "",
        behind=path + choice.query(page=str(number + 1)) if _goes_on(found, start) else "",
        forms=[(name, path + choice.query(format=name)) for name in ("csv", "json", "scholix")],
    )


def _goes_on(found: Found, start: int) -> bool:
    return start + len(found.connections) < found.total


def _choice() -> Choice:
    last = {name: values[-1].strip() for name, values in request.args.lists() if values}
    classes = tuple(name for name in CLASSES if name in request.args.getlist("class"))
    resolved = last.get("resolved", "")
    return Choice(
        classes,
        last.get("relation", ""),
        resolved if resolved in ("yes", "no") else "",
        last.get("stated_by", ""),
    )


def _wanted(choice: Choice) -> Wanted:
    return Wanted(
        groups=frozenset(choice.classes) or None,
        relations=frozenset((choice.relation,)) if choice.relation else None,
        resolved=None if not choice.resolved else choice.resolved == "yes",
        stated_by=choice.stated_by or None,
    )


def _pid(stored: StoredRecord) -> tuple[str, str]:
    if stored.summary.doi:
        return "DOI", stored.summary.doi
    return frame.store().links.identifier(stored.id)


COLUMNS = (
    "class", "relation", "identifier", "identifier_type", "link", "type", "title", "record",
    "in_hub", "stated_by", "first_seen",
)  # fmt: skip


def _row(one: Connection) -> dict[str, object]:
    record = one.record
    return {
        "class": one.group,
        "relation": " ".join(name for name in one.relations if name),
        "identifier": one.value,
        "identifier_type": one.kind,
        "link": identifiers.link(one.kind, one.value) or "",
        "type": one.target_type,
        "title": record.summary.title if record else "",
        "record": f"{frame.settings().base_url}/records/{record.local_id}" if record else "",
        "in_hub": record is not None,
        "stated_by": " ".join(dict.fromkeys(said.repository for said in one.statements)),
        "first_seen": clock.text(one.first_seen) if one.first_seen else "",
    }
