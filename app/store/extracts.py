"""Walks over many records with what goes out of them, for exports: in memory that stays flat.

Records come in the order of their numbers, each once, as it stands when its batch is read: a record
that changes meanwhile is neither missed nor given twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    type_coerce,
)

from app.errors import NotFound
from app.query import Node
from app.store.codec import DamagedBytes
from app.store.effects import EVERYTHING, PREFIX_BITS
from app.store.found import STORED, stored
from app.store.packing import unpack_reading
from app.store.pages import set_number
from app.store.search.conditions import in_set, narrowed
from app.store.states import GONE, STATE
from app.store.tables import contents, memberships, prefixes, records, renderings, repositories
from app.store.values import PageRow, StoredRecord
from app.store.withdrawal_tables import NOT_WITHDRAWN

if TYPE_CHECKING:
    from app.store import Store
    from app.store.codec import Codec
    from app.store.database import AnyRow

UNLISTED = -1
"""Stands for a set that only withheld records are in."""
BATCH = 250
"""Records of one transaction."""

_R, _G, _M = records.c, renderings.c, memberships.c
_GONE = _G.deleted & (_G.body.is_(None) | (_R.withdrawal != NOT_WITHDRAWN))
"""Records of private members are no tombstones to those who may see them."""
_CHANGED = func.coalesce(type_coerce(_R.last_changed_at, BigInteger), 0)


def _dated(stamp: ColumnElement[int]) -> ColumnElement[int]:
    """Return the datestamp; of what was never visible, when it changed last."""
    return case((stamp == 0, _CHANGED), else_=stamp)


_ROW = (
    _R.id,
    _R.local_id,
    _dated(_G.stamp).label("stamp"),
    _GONE.label("deleted"),
    _R.sets,
    _G.split,
    _G.body,
)


class Choice(Struct, frozen=True):
    """Which records are wanted."""

    repository: str = ""
    set_spec: str = ""
    since: int | None = None
    """Only with this datestamp or a later one."""
    deleted: bool = False
    """Tombstones, too."""
    query: Node | None = None
    """Only what this search finds."""


def rendered(store: Store, prefix: str, choice: Choice) -> Iterator[PageRow]:
    """Yield records with their stored bytes under a prefix; none that never had it.

    A live row without a body is one whose stored bytes are damaged. Raises NotFound for a set.
    """
    with store.database.read() as connection:
        number = connection.execute(_NUMBER, {"prefix": prefix}).scalar()
    if number is None:
        return
    key = _R.id * (1 << PREFIX_BITS) + number
    query: Select[Any] = select(*_ROW).join(renderings, _G.id == key)
    if not choice.deleted:
        query = query.where(~_GONE)
    if choice.since is not None:
        query = query.where(_dated(_G.stamp) >= choice.since)
    query = _narrowed(store, query, choice)
    set_id = _set_of(store, choice)
    if set_id != EVERYTHING:
        query = query.where(or_(_member(set_id, number), _withheld_in(choice.set_spec)))
    for row in _batches(store, query):
        yield page_row(store.codec, row)


def resources(store: Store, choice: Choice) -> Iterator[tuple[StoredRecord, bytes | None]]:
    """Yield records with their resources as canonical JSON.

    A live record without one is one whose stored bytes are damaged. Raises NotFound for a set.
    """
    states = ("live", *GONE) if choice.deleted else ("live",)
    query: Select[Any] = STORED.add_columns(contents.c.reading).outerjoin(
        contents, contents.c.record_id == _R.id
    )
    query = _narrowed(store, query.where(STATE.in_(states)), choice)
    if choice.since is not None:
        query = query.where(_dated(_R.stamp) >= choice.since)
    set_id = _set_of(store, choice)
    if set_id != EVERYTHING:
        query = query.where(or_(_in_any_format(set_id), _withheld_in(choice.set_spec)))
    for row in _batches(store, query):
        yield stored(row), resource_of(store.codec, row.reading)


def page_row(codec: Codec, row: Sequence[Any]) -> PageRow:
    """Return a row of a record and its rendering, unpacked; without a body if it is damaged."""
    number, local_id, stamp, deleted, joined, split, packed = row
    if packed is None or deleted:
        return PageRow(number, local_id, stamp, deleted, joined)
    try:
        body = codec.unpack(packed)
    except DamagedBytes:
        return PageRow(number, local_id, stamp, deleted, joined)
    return PageRow(number, local_id, stamp, deleted, joined, body[:split], body[split:] or None)


def resource_of(codec: Codec, packed: bytes | None) -> bytes | None:
    """Return the resource of a packed reading; None if there is none, or it is damaged."""
    try:
        return unpack_reading(codec, packed).resource
    except DamagedBytes:
        return None


_NUMBER = select(prefixes.c.id).where(prefixes.c.prefix == bindparam("prefix"))


def _narrowed(store: Store, query: Select[Any], choice: Choice) -> Select[Any]:
    if choice.query is not None:
        with store.database.read() as connection:
            query = narrowed(query, choice.query, store.database.dialect, connection)
    if choice.repository:
        owner = select(repositories.c.id).where(repositories.c.name == choice.repository)
        query = query.where(_R.repository_id == owner.scalar_subquery())
    return query


def _set_of(store: Store, choice: Choice) -> int:
    with store.database.read() as connection:
        number = set_number(connection, choice.set_spec or None)
        if number is None:
            here = select(_R.id).where(_withheld_in(choice.set_spec)).limit(1)
            number = UNLISTED if connection.execute(here).first() else None
    if number is None:
        raise NotFound(f"There is no set `{choice.set_spec}`; ListSets names those there are.")
    return number


def _member(set_id: int, prefix: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Tell whether the record of a rendering is in a set: one look-up by the whole key."""
    return exists().where(
        _M.set_id == set_id,
        _M.prefix_id == prefix,
        _M.stamp == _G.stamp,
        _M.record_id == _R.id,
    )


def _withheld_in(spec: str) -> ColumnElement[bool]:
    """Tell whether a record that has no place in lists is in a set by what is known of it."""
    return and_(_R.withheld, _R.stamp == 0, in_set(spec))


def _in_any_format(set_id: int) -> ColumnElement[bool]:
    first = _R.id * (1 << PREFIX_BITS)
    return exists().where(
        _G.id.between(first, first + (1 << PREFIX_BITS) - 1),
        _M.set_id == set_id,
        _M.prefix_id == _G.id - first,
        _M.stamp == _G.stamp,
        _M.record_id == _R.id,
    )


def _batches(store: Store, query: Select[Any]) -> Iterator[AnyRow]:
    """Yield the rows of a query in the order of the records, a transaction a batch."""
    ordered, after = query.order_by(_R.id).limit(BATCH), 0
    while True:
        with store.database.read() as connection:
            rows = connection.execute(ordered.where(_R.id > after)).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].id
