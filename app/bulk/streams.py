"""Records as one stream of bytes in any format.

XML formats are one document, an OAI-PMH ListRecords answer without pages; JSON has one record a
line; other formats are laid end to end. Formats whose bytes are stored are never rendered anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from app import clock
from app.crosswalks import FORMATS, named, write
from app.crosswalks.further import chosen
from app.datacite.resource import decode
from app.errors import IncompleteResource
from app.oai import whole_list
from app.oai.formats import offers
from app.record_object import record_object, whole_object
from app.store import extracts
from app.store.states import GONE
from app.store.values import PageRow

if TYPE_CHECKING:
    from datetime import datetime

    from app.crosswalks import MetadataFormat
    from app.oai.context import Offer
    from app.oai.response import Wrap
    from app.settings import Settings
    from app.store import Store
    from app.store.extracts import Choice
    from app.store.values import StoredRecord

LINES, IDS = "jsonl", "ids"
OWN_FORMS = (LINES, IDS)

LeftOut = Callable[[str, str], None]
"""Is told of each record that cannot be given: its local id, and why."""
Counted = Callable[[], None]
"""Is called for each record that is given."""
DAMAGED = "Its stored bytes are damaged; they are written anew when it is harvested again."

_encode = msgspec.json.encode
_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\?>\s*")


def stream(
    store: Store, settings: Settings, form: str, choice: Choice, now: datetime,
    *, counted: Counted, left_out: LeftOut,
) -> Iterator[bytes]:  # fmt: skip
    """Yield the records of a choice in a form: jsonl, ids, or the name of a format."""
    if form in OWN_FORMS:
        found = extracts.resources(store, choice)
        if form == IDS:
            return _ids(found, counted)
        return lines(found, settings, counted=counted, left_out=left_out)
    stored = offers(FORMATS, chosen(settings.oai))
    known = stored[form].format if form in stored else named(form)
    assert known is not None
    offer = stored.get(known.name)
    if offer is None and known.extension != "xml":
        return _laid_end_to_end(store, known, choice, counted, left_out)
    if offer is not None:
        rows, metadata = extracts.rendered(store, offer.stored, choice), offer.metadata
    else:
        rows, metadata = _rendered(store, known, choice, left_out), _body
    asked = [("metadataPrefix", known.name), ("set", choice.set_spec)]
    if choice.since is not None:
        asked.append(("from", clock.text(choice.since)))
    return document(rows, settings, asked, metadata, now, counted=counted, left_out=left_out)


def lines(
    found: Iterable[tuple[StoredRecord, bytes | None]], settings: Settings,
    *, counted: Counted, left_out: LeftOut,
) -> Iterator[bytes]:  # fmt: skip
    """Yield a line of JSON for each record; a tombstone is a line with `"deleted": true`."""
    for record, resource in found:
        if record.state in GONE:
            line = {"deleted": True} | record_object(record, settings)
        elif resource is None:
            left_out(record.local_id, DAMAGED)
            continue
        else:
            line = whole_object(record, resource, settings)
        counted()
        yield _encode(line) + b"\n"


def document(
    rows: Iterable[PageRow], settings: Settings, asked: Iterable[tuple[str, str]],
    metadata: Wrap, now: datetime, *, counted: Counted, left_out: LeftOut,
) -> Iterator[bytes]:  # fmt: skip
    """Yield one OAI-PMH document with every row that can be given."""
    return whole_list.document(
        _sound(rows, counted, left_out),
        moment=clock.text(now),
        base_url=settings.base_url + "/oai",
        domain=settings.oai.domain,
        asked=[(name, value) for name, value in asked if value],
        metadata=metadata,
    )


def stored_format(name: str) -> Offer:
    """Return a format whose bytes are stored."""
    return offers(FORMATS)[name]


def _sound(rows: Iterable[PageRow], counted: Counted, left_out: LeftOut) -> Iterator[PageRow]:
    for row in rows:
        if row.body is None and not row.deleted:
            left_out(row.local_id, DAMAGED)
        else:
            counted()
            yield row


def _ids(found: Iterable[tuple[StoredRecord, bytes | None]], counted: Counted) -> Iterator[bytes]:
    for record, _ in found:
        counted()
        yield f"{record.local_id}\n".encode()


def _rendered(
    store: Store, known: MetadataFormat, choice: Choice, left_out: LeftOut
) -> Iterator[PageRow]:
    """Yield records rendered now, as rows."""
    for record, resource in extracts.resources(store, choice):
        row = PageRow(
            record.id, record.local_id, record.stamp, record.state in GONE,
            " ".join(record.sets),
        )  # fmt: skip
        body = None if row.deleted else _written(known, record, resource, left_out)
        if row.deleted:
            yield row
        elif body is not None:
            yield replace(row, body=_DECLARATION.sub(b"", body))


def _laid_end_to_end(
    store: Store, known: MetadataFormat, choice: Choice, counted: Counted, left_out: LeftOut
) -> Iterator[bytes]:
    for record, resource in extracts.resources(store, replace(choice, deleted=False)):
        body = _written(known, record, resource, left_out)
        if body is not None:
            counted()
            yield body.rstrip(b"\n") + b"\n"


def _written(
    known: MetadataFormat, record: StoredRecord, resource: bytes | None, left_out: LeftOut
) -> bytes | None:
    if resource is None:
        left_out(record.local_id, DAMAGED)
        return None
    try:
        return write(known.name, decode(resource))
    except IncompleteResource as error:
        left_out(record.local_id, str(error))
        return None


def _body(row: PageRow) -> bytes:
    return row.body or b""
