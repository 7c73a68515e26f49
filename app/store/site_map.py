"""Which records have a page for search engines to know, in parts that hardly change.

A part is a range of numbers of records: in the order in which they came, so that a change touches
one part only.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import func, select

from app import clock
from app.store.search.tables import SHOWN, search
from app.store.tables import records

if TYPE_CHECKING:
    from app.store import Store

PER_PART = 50_000
"""Records of a part at most; that many addresses may be in a file."""
_S, _R = search.c, records.c
_LISTED = (_S.shown == SHOWN) & _S.preferred


class Part(Struct, frozen=True):
    """A part that has records. number: from 1; changed: the newest change in it."""

    number: int
    changed: datetime


class Listed(Struct, frozen=True):
    """A live record that stands for all copies of its object."""

    local_id: str
    changed: datetime


def parts(store: Store, per_part: int = PER_PART) -> tuple[Part, ...]:
    """Return the parts that have records, in order."""
    number = ((_S.record_id - 1) // per_part + 1).label("number")
    query = select(number, func.max(_S.stamp)).where(_LISTED).group_by("number").order_by("number")
    with store.database.read() as connection:
        return tuple(Part(n, clock.moment(at)) for n, at in connection.execute(query))


def listed(store: Store, part: int, per_part: int = PER_PART) -> tuple[Listed, ...]:
    """Return the records of a part, in the order in which they came; none if there is no such."""
    last = part * per_part
    query = (
        select(_R.local_id, _S.stamp)
        .join(records, _R.id == _S.record_id)
        .where(_LISTED, _S.record_id > last - per_part, _S.record_id <= last)
        .order_by(_S.record_id)
    )
    with store.database.read() as connection:
        return tuple(Listed(name, clock.moment(at)) for name, at in connection.execute(query))
