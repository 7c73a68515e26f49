"""The requests of harvests, and for a time what they were answered: to see what really happened.

Rows are written in the transaction of the page that they brought; bodies are let go by and by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import zstandard as zstd
from msgspec import Struct
from sqlalchemy import Connection, func, insert, select, update

from app import clock
from app.errors import NotFound
from app.store.database import AnyRow, Many
from app.store.harvest_tables import requests
from app.store.storable import fits, mended

if TYPE_CHECKING:
    from app.store import Store

LONGEST_TEXT = 4096
LARGEST_BODY = 2 * 1024 * 1024
"""Bytes of a packed body beyond which it is not kept: some 20 MB of XML."""
LEVEL = 1
"""A fifth faster than the level of records, and a twentieth larger; bodies stay for days only."""
PIECE = 500
_C = requests.c
_SHOWN = tuple(column for column in _C if column.name != "body")


class Sent(Struct, frozen=True):
    """A request that was sent, and what came of it."""

    at: datetime
    verb: str
    arguments: str = ""
    """As in an address, secrets left out."""
    status: int = 0
    size: int = 0
    """Bytes of the body, unpacked."""
    milliseconds: int = 0
    attempt: int = 1
    records: int = 0
    first_identifier: str = ""
    last_identifier: str = ""
    token: str = ""
    told: int | None = None
    cause: str = ""
    repairs: tuple[str, ...] = ()
    digest: bytes | None = None
    body: bytes | None = None
    """As `packed` gave it."""
    body_until: datetime | None = None


class Request(Struct, frozen=True):
    """A request as it is kept."""

    id: int
    harvest: int
    at: datetime | None
    verb: str
    arguments: str
    status: int
    """0 if no answer came."""
    size: int
    """Bytes of the body, unpacked."""
    milliseconds: int
    attempt: int
    records: int
    first_identifier: str
    last_identifier: str
    token: str
    told: int | None
    cause: str
    repairs: tuple[str, ...]
    digest: str
    """SHA-256 of the body, in hexadecimal."""
    body_until: datetime | None
    """Until when the body can be had; None if it cannot."""


def packed(parts: Iterable[bytes]) -> bytes | None:
    """Return a body as it is kept; None if it is too large to be."""
    compressor = zstd.ZstdCompressor(level=LEVEL).compressobj()
    made = bytearray()
    for part in parts:
        made += compressor.compress(part)
        if len(made) > LARGEST_BODY:
            return None
    made += compressor.flush()
    return bytes(made) if len(made) <= LARGEST_BODY else None


def note_requests(connection: Connection, harvest_id: int, sent: Sequence[Sent]) -> None:
    """Write requests into the list of a harvest."""
    _WRITTEN.run(connection, [_row(harvest_id, one) for one in sent])


def requests_of(
    store: Store, harvest_id: int, *, limit: int = 100, after: int = 0
) -> tuple[Request, ...]:
    """Return the requests of a harvest, in order; `after`: those behind the one of this number."""
    query = select(*_SHOWN).where(_C.harvest_id == harvest_id, _C.id > after)
    query = query.order_by(_C.id).limit(limit)
    with store.database.read() as connection:
        return tuple(map(_request, connection.execute(query)))


def number_of_requests(store: Store, harvest_id: int) -> int:
    """Return how many requests of a harvest are listed."""
    query = select(func.count()).where(_C.harvest_id == harvest_id)
    with store.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def body_of(store: Store, number: int) -> bytes:
    """Return the body that a request was answered with, as it came; raises NotFound."""
    query = select(_C.body, _C.bytes).where(_C.id == number)
    with store.database.read() as connection:
        found = connection.execute(query).first()
    if found is None:
        raise NotFound(f"There is no request {number}.")
    if found.body is None:
        raise NotFound(f"The answer to request {number} is not kept, or not any more.")
    return zstd.ZstdDecompressor().decompressobj().decompress(found.body)


def request(store: Store, number: int) -> Request:
    """Return a request; raises NotFound."""
    with store.database.read() as connection:
        row = connection.execute(select(*_SHOWN).where(_C.id == number)).first()
    if row is None:
        raise NotFound(f"There is no request {number}.")
    return _request(row)


def body_parts(store: Store, number: int) -> Iterator[bytes]:
    """Return the body that a request was answered with, in parts; raises NotFound."""
    with store.database.read() as connection:
        body = connection.execute(select(_C.body).where(_C.id == number)).scalar()
    if body is None:
        raise NotFound(f"The answer to request {number} is not kept, or not any more.")
    return zstd.ZstdDecompressor().read_to_iter(body)


def listed_items(store: Store, harvest_id: int) -> int:
    """Return how many items all lists of a harvest brought, each as often as it came."""
    lists = (_C.harvest_id == harvest_id, _C.verb.in_(("ListRecords", "ListIdentifiers")))
    query = select(func.coalesce(func.sum(_C.records), 0)).where(*lists, _C.cause == "")
    with store.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def let_go(store: Store, now: datetime) -> int:
    """Let bodies go whose time is over; return how many."""
    number = 0
    while piece := _let_go_piece(store, now):
        number += piece
    return number


def _let_go_piece(store: Store, now: datetime) -> int:
    over = select(_C.id).where(_C.body.is_not(None), _C.body_until < now).limit(PIECE)
    with store.database.read() as connection:
        numbers = connection.execute(over).scalars().all()
    if numbers:
        gone = update(requests).where(_C.id.in_(numbers)).values(body=None, body_until=None)
        with store.database.write() as connection:
            connection.execute(gone)
    return len(numbers)


_WRITTEN = Many(insert(requests), tuple(column.name for column in _C if column.name != "id"))


def _row(harvest_id: int, sent: Sent) -> tuple[Any, ...]:
    until = sent.body_until
    return (
        harvest_id, clock.seconds(sent.at), _text(sent.verb), _text(sent.arguments), sent.status,
        sent.size, sent.milliseconds, sent.attempt, sent.records, _text(sent.first_identifier),
        _text(sent.last_identifier), _text(sent.token), sent.told, _text(sent.cause),
        _text(" ".join(sent.repairs)), sent.digest, sent.body,
        None if until is None else clock.seconds(until),
    )  # fmt: skip


def _text(text: str) -> str:
    text = text[:LONGEST_TEXT]
    return text if fits(text) else mended(text)


def _request(row: AnyRow) -> Request:
    fields = dict(row._mapping)
    fields["harvest"], fields["size"] = fields.pop("harvest_id"), fields.pop("bytes")
    fields["repairs"] = tuple(fields["repairs"].split())
    fields["digest"] = fields["digest"].hex() if fields["digest"] else ""
    return Request(**fields)
