"""One record in one metadata format: its bytes, its name, its refusal.

What OAI-PMH delivers is delivered here too, byte for byte; a format that the record cannot be
written in is refused with the reason, never given invalid. The bytes are the same at each address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response, abort, request
from msgspec import Struct

from app import clock
from app.crosswalks import as_document, oai_datacite, write
from app.datacite.resource import decode
from app.errors import IncompleteResource
from app.ingest import is_json
from app.record_row import Linked, row, table
from app.store.links.values import Wanted
from app.web import citing, frame, json_ld, signposting
from app.web.errors import PROGRAMS, error_page
from app.web.problems import problem
from app.web.record_offers import OFFERS, PAGE, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from app.datacite.resource import Resource
    from app.store.values import Repository, StoredRecord
    from app.web.record_offers import Asked

SYMBOL = "GARNERY"
SHOWN_BYTES = 60_000
"""How much of an original a page shows; the rest is in the file."""
TOLD_PROBLEMS = 5
PART, COLLECTIONS = frozenset(("IsPartOf",)), 20
"""The relation to collections, and how many of them are told."""
STORED = {"datacite": "datacite", "oai_datacite": "datacite", "oai_dc": "oai_dc"}
"""The stored rendering that a format is made of, by format."""
ENLARGED = ("schema_org", "csv", "linkset", "linkset_json")
"""Formats that also tell what others say, so that the record's own date is not theirs."""
LACKING = "The record lacks what this format cannot be written without."
UNREAD = "The record could not be read, so it has no formats but its source."


class Described(Struct, frozen=True):
    """A record with what its formats are made of."""

    stored: StoredRecord
    repository: Repository | None
    resource: Resource
    written: frozenset[str]
    """Names of the formats it can be given in."""
    collections: tuple[str, ...] = ()
    """Addresses of what it is part of, as far as that is here."""

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"{frame.settings().base_url}/records/{self.stored.local_id}"

    @property
    def links(self) -> tuple[signposting.Link, ...]:
        """The links by which programs find their way about it."""
        return signposting.links(
            self.resource, self.page, written=self.written, collections=self.collections
        )


def described(
    stored: StoredRecord,
    repository: Repository | None,
    resource: Resource,
    *,
    is_part: bool | None = None,
) -> Described:
    """Return a live record with what its formats are made of.

    is_part: whether it has parts, or is one, that are here; None: not known yet.
    """
    prefixes = frame.store().records.prefixes(stored.local_id)
    rendered = {prefix for prefix, deleted in prefixes if not deleted}
    written = frozenset(name for name in OFFERS if name not in STORED or STORED[name] in rendered)
    if is_part is None:
        is_part = frame.store().links.counts(stored.id)["parts"][1] > 0
    collections = _collections(stored) if is_part else ()
    return Described(stored, repository, resource, written, collections)


def _collections(stored: StoredRecord) -> tuple[str, ...]:
    """Return the pages of what a record is part of, as far as that is here."""
    links = frame.store().links
    wanted = Wanted(relations=PART, resolved=True)
    found = links.connections(links.node(stored.id), wanted, limit=COLLECTIONS)
    base = frame.settings().base_url
    records = (one.record for one in found.connections if one.record is not None)
    return tuple(f"{base}/records/{record.local_id}" for record in records)


def answer(stored: StoredRecord, repository: Repository | None, asked: Asked) -> Response:
    """Give a record that is not gone in a format other than the page."""
    if asked.offer is SOURCE:
        original = _original(stored)
        kind = "json" if is_json(original) else "xml"
        return given(stored, original, f"application/{kind}", kind)
    data = frame.store().records.resource(stored.local_id) if stored.state == "live" else None
    if data is None:
        return not_acceptable(stored, UNREAD, available=("html", "source"))
    record = described(stored, repository, decode(data))
    try:
        body = _written(record, asked)
    except IncompleteResource as error:
        return _unwritable(record, asked, str(error))
    if body is None:
        return _unwritable(record, asked, LACKING)
    made = given(stored, body, asked.content_type, asked.offer.extension)
    made.headers["Link"] = signposting.describes(record.resource, record.page)
    if asked.foreign_locale:
        made.headers["Content-Language"] = "en-US"
    if not asked.by_name:
        made.headers["Content-Location"] = _address(stored, asked)
    if asked.offer.name not in ENLARGED:
        touched = clock.seconds(stored.last_changed_at) if stored.last_changed_at else 0
        made.last_modified = min(clock.moment(max(stored.stamp, touched)), clock.now())
    return made


def not_acceptable(
    stored: StoredRecord, why: str, *, available: tuple[str, ...] = (), path: str = ""
) -> Response:
    """Answer 406 with the list of formats: as a page to a browser, else as a problem document.

    path: where they are had, if not at the record itself.
    """
    names = available or tuple(o.name for o in OFFERS.values() if o.negotiated)
    offers = [(OFFERS[name], _link(path or f"/records/{stored.local_id}", name)) for name in names]
    listed = [
        {"format": offer.name, "media_type": offer.media_types[0], "url": url}
        for offer, url in offers
    ]
    by_person = request.headers.get("Sec-Fetch-Mode") == "navigate"
    if by_person and not request.path.startswith(PROGRAMS):
        choices = tuple((offer.title, offer.media_types[0], url) for offer, url in offers)
        refused = error_page(406, why, choices=choices)
    else:
        refused = problem(406, "We do not have that format", why, more={"available": listed})
    refused.headers["Link"] = ", ".join(
        f'<{url}>; rel="alternate"; type="{offer.media_types[0]}"' for offer, url in offers
    )
    return refused


def gone(stored: StoredRecord, asked: Asked, citation: str, successor: str = "") -> Response:
    """Answer 410 to a program: a problem document for JSON, else one line of text."""
    unknown = "No reason was given." if stored.withdrawn_at else "The repository gave no reason."
    reason, since = stored.reason or unknown, gone_since(stored)
    if asked.offer.is_json:
        removed = problem(
            410,
            "The record was removed.",
            reason,
            cached=frame.METADATA,
            more={
                "state": stored.state,
                "since": clock.text(since) if since else None,
                "reason": reason,
                "identifier": stored.summary.doi or stored.identifier,
                "citation": citation or None,
                "successor": successor or None,
            },
        )
    else:
        body = f"410 The record was removed. {' '.join(reason.split())}\n".encode()
        removed = Response(body, 410, content_type="text/plain; charset=utf-8")
        removed.headers["Cache-Control"] = frame.METADATA
    return removed


def gone_since(stored: StoredRecord) -> datetime | None:
    """Return when a record was withdrawn, or else when its tombstone was made."""
    made = clock.moment(stored.stamp) if stored.stamp else stored.last_changed_at
    return stored.withdrawn_at or made


def readable(original: bytes) -> str:
    """Return the original as text for a page, cut where it is very long."""
    text = original[:SHOWN_BYTES].decode("utf-8", "replace")
    return text + "\n…" if len(original) > SHOWN_BYTES else text


def _written(record: Described, asked: Asked) -> bytes | None:
    """Return the bytes of a format; None if the record has no such rendering."""
    name = asked.offer.name
    if name in STORED:
        return _stored(record.stored, name)
    own = _OWN.get(name)
    if own is not None:
        return own(record, asked)
    return write(name, record.resource)


def _stored(stored: StoredRecord, name: str) -> bytes | None:
    row = frame.store().records.row(stored.local_id, STORED[name])
    if row is None or row.body is None:
        return None
    if name == "oai_datacite":
        return oai_datacite.envelope(row.body, SYMBOL)
    return as_document(name, row.body)


def _schema_org(record: Described, _: Asked) -> bytes:
    return json_ld.write(
        json_ld.document(record.stored, record.resource, record.repository, frame.settings())
    )


def _citation(record: Described, asked: Asked) -> bytes:
    make = citing.html if asked.media_type == "text/html" else citing.text
    return f"{make(record.resource, asked.style, record.page)}\n".encode("utf-8", "replace")


def _csv(record: Described, _: Asked) -> bytes:
    counts = frame.store().links.counts(record.stored.id)
    linked = Linked(counts["references"][1], counts["citations"][1])
    return table([row(record.stored, record.resource, frame.settings(), linked)])


_OWN: Mapping[str, Callable[[Described, Asked], bytes]] = {
    "schema_org": _schema_org,
    "citation": _citation,
    "csv": _csv,
    "linkset": lambda record, _: signposting.linkset(record.links, record.page),
    "linkset_json": lambda record, _: signposting.linkset_json(record.links, record.page),
}
"""Formats that a hub writes with what it knows beside the resource."""


def _unwritable(record: Described, asked: Asked, why: str) -> Response:
    """Refuse a format that the record cannot be written in, with the problems that prevent it."""
    told = " ".join(_preventing(record.stored))
    sentence = f"{why} {told}".strip()
    written = tuple(n for n, o in OFFERS.items() if o.negotiated and n in record.written)
    return not_acceptable(
        record.stored,
        f"The record cannot be given as {asked.offer.title}. {sentence}",
        available=tuple(name for name in written if name != asked.offer.name),
    )


def _preventing(stored: StoredRecord) -> Iterator[str]:
    found = frame.store().records.problems(stored.local_id)
    errors = [one for one in found if one.severity == "error"]
    for one in errors[:TOLD_PROBLEMS]:
        yield f"{one.rule}{' at ' + one.path if one.path else ''}: {one.message}"


def _original(stored: StoredRecord) -> bytes:
    original = frame.store().records.original(stored.local_id)
    if original is None:
        abort(404, "Nothing is kept of what was received for this record.")
    return original


def _link(path: str, name: str) -> str:
    address = f"{frame.settings().base_url}{path}"
    return address if name == PAGE.name else f"{address}?format={name}"


def _address(stored: StoredRecord, asked: Asked) -> str:
    """Return the address at which exactly this is had, as a path of this hub."""
    query = {"format": asked.offer.name}
    if asked.style and asked.style != citing.DEFAULT:
        query["style"] = asked.style
    return frame.to(f"/records/{stored.local_id}?{urlencode(query)}")


def given(
    stored: StoredRecord, body: bytes, kind: str, ending: str, *, version: int = 0
) -> Response:
    """Answer with a record in a format, under a name for its file; perhaps of a version."""
    answer = Response(body, content_type=kind)
    manner = "attachment" if request.args.get("download") == "1" else "inline"
    slug = re.sub(r"[^A-Za-z0-9.-]", "_", stored.summary.doi or stored.local_id)[:150]
    name = f"{slug}-v{version}" if version else slug
    disposition = f'{manner}; filename="{name}.{ending.lstrip(".")}"'
    answer.headers["Content-Disposition"] = disposition
    answer.headers["Cache-Control"] = frame.METADATA
    answer.add_etag(weak=True)
    return answer
