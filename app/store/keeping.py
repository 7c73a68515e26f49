"""Records with the originals that were kept, to be read again by newer crosswalks.

A walk goes by the number of the record, a batch at a time, so that it can be taken up anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select

from app.store.codec import Codec, DamagedBytes
from app.store.found import STORED, stored
from app.store.packing import Reading, unpack_reading
from app.store.tables import contents, harvests, records
from app.store.values import Kept

if TYPE_CHECKING:
    from app.store import Store

_R = records.c
HARVESTED = select(harvests.c.response_date).where(harvests.c.id == _R.harvest).scalar_subquery()
_CONTENTS = (contents.c.reading, contents.c.original, contents.c.source_about)
STATES = ("live", "unread")


def kept(
    store: Store,
    repository_id: int,
    *,
    not_by: int | None,
    prefix: str = "",
    after: int = 0,
    limit: int,
) -> tuple[Kept, ...]:
    """Return live and unread records of a repository with their originals, by number.

    not_by: only those that another version of the crosswalks has read. prefix: only those asked
    for with this metadataPrefix. after: only those behind the record of this number.
    """
    query = STORED.add_columns(*_CONTENTS, HARVESTED.label("response_date"))
    query = query.join(contents, contents.c.record_id == _R.id)
    query = query.where(*_wanted(repository_id, not_by, prefix), _R.id > after)
    with store.database.read() as connection:
        rows = connection.execute(query.order_by(_R.id).limit(limit)).all()
    return tuple(_kept(store.codec, row) for row in rows)


def count_kept(store: Store, repository_id: int, *, not_by: int | None, prefix: str = "") -> int:
    """Return how many records `kept` walks over."""
    query = select(func.count()).select_from(records.join(contents, contents.c.record_id == _R.id))
    with store.database.read() as connection:
        found = connection.execute(query.where(*_wanted(repository_id, not_by, prefix)))
        return int(found.scalar_one())


def _wanted(repository_id: int, not_by: int | None, prefix: str) -> tuple[ColumnElement[bool], ...]:
    wanted = [
        _R.repository_id == repository_id,
        _R.state.in_(STATES),
        contents.c.original.is_not(None),
    ]
    if not_by is not None:
        wanted.append(_R.crosswalk != not_by)
    if prefix:
        wanted.append(_R.prefix == prefix)
    return tuple(wanted)


def _kept(codec: Codec, row: Any) -> Kept:
    try:
        reading = unpack_reading(codec, row.reading)
        original = codec.unpack(row.original)
        about = codec.unpack(row.source_about) if row.source_about is not None else None
    except DamagedBytes:
        reading, original, about = Reading(), None, None
    return Kept(
        stored(row), original, about, reading.resource, reading.problems, row.response_date or ""
    )
