"""A cut: all that lists show up to a datestamp, as it stands at one moment, for dumps.

Everything is read in one snapshot, which lasts as long as the cut: what changes meanwhile is in the
next one. What is withheld is what it is in lists: a tombstone, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Select, case, func, select

from app.store.effects import EVERYTHING, PREFIX_BITS
from app.store.extracts import page_row, resource_of
from app.store.found import STORED, stored
from app.store.states import GONE, LISTED
from app.store.tables import contents, memberships, prefixes, records, renderings
from app.store.values import PageRow, StoredRecord

if TYPE_CHECKING:
    from app.store import Store
    from app.store.database import AnyRow

DAY = 86400
BATCH = 500
"""Rows that are held at a time."""

_R, _G, _M = records.c, renderings.c, memberships.c
_DAY = "stamp_day"
_VISIBLE = ("live", "deleted")


class Tally(Struct, frozen=True):
    """How many records of a repository bear a datestamp of one day (days since 1970, UTC)."""

    day: int
    repository: int
    records: int
    deleted: int
    newest: int


@contextmanager
def cut(store: Store, until: int) -> Iterator[Cut]:
    """Open a cut of all that bears a datestamp up to a second."""
    with store.database.read() as connection:
        yield Cut(store, connection, until)


class Cut:
    """Reads from one snapshot."""

    def __init__(self, store: Store, connection: Connection, until: int) -> None:
        self._store = store
        self._connection = connection
        self.until = until

    def tallies(self, prefix: str = "") -> tuple[Tally, ...]:
        """Count records by day and repository: of their newest datestamp, or that in a prefix."""
        number = self._number(prefix)
        if number is None:
            return ()
        query = _tallies_of(number) if prefix else _TALLIES
        stamp = _G.stamp if prefix else _R.stamp
        rows = self._connection.execute(query.where(stamp > 0, stamp <= self.until))
        return tuple(Tally(*map(int, row)) for row in rows)

    def rendered(self, prefix: str, from_: int, until: int) -> Iterator[PageRow]:
        """Yield records whose datestamp in a prefix lies in a range, with their stored bytes.

        In the order (datestamp, number). A live row without a body is damaged.
        """
        number = self._number(prefix)
        if number is None:
            return
        query = _in_list(number).where(_M.stamp.between(from_, min(until, self.until)))
        for row in self._stream(query.order_by(_M.stamp, _M.record_id)):
            yield page_row(self._store.codec, row)

    def resources(self, from_: int, until: int) -> Iterator[tuple[StoredRecord, bytes | None]]:
        """Yield records whose newest datestamp lies in a range, with their resources, by number.

        A live record without a resource is damaged.
        """
        last = min(until, self.until)
        candidates = select(_M.record_id).where(
            _M.set_id == EVERYTHING,
            _M.prefix_id.in_(select(prefixes.c.id)),
            _M.stamp.between(from_, last),
        )
        query = (
            STORED.add_columns(contents.c.reading)
            .outerjoin(contents, contents.c.record_id == _R.id)
            .where(_R.id.in_(candidates), _R.stamp.between(from_, last))
            .where(_R.state.in_(_VISIBLE))
        )
        for row in self._stream(query.order_by(_R.id)):
            record = stored(row)
            if record.withheld or record.state in GONE[1:]:
                told = "" if record.withheld else record.reason
                yield (
                    replace(record, state="deleted", reason=told, quarantine="", withheld=False),
                    None,
                )
            else:
                yield record, resource_of(self._store.codec, row.reading)

    def _number(self, prefix: str) -> int | None:
        if not prefix:
            return 0
        query = select(prefixes.c.id).where(prefixes.c.prefix == prefix)
        return self._connection.execute(query).scalar()

    def _stream(self, query: Select[Any]) -> Iterator[AnyRow]:
        return iter(self._connection.execute(query, execution_options={"yield_per": BATCH}))


_TALLIES = (
    select(
        (_R.stamp // DAY).label(_DAY), _R.repository_id, func.count(),
        func.sum(case((LISTED == "deleted", 1), else_=0)), func.max(_R.stamp),
    )
    .where(_R.state.in_(_VISIBLE))
    .group_by(_DAY, _R.repository_id)
)  # fmt: skip


def _tallies_of(number: int) -> Select[Any]:
    columns = (
        (_G.stamp // DAY).label(_DAY), _R.repository_id, func.count(),
        func.sum(case((_G.deleted, 1), else_=0)), func.max(_G.stamp),
    )  # fmt: skip
    return _joined(select(*columns), number).group_by(_DAY, _R.repository_id)


def _in_list(number: int) -> Select[Any]:
    columns = (_R.id, _R.local_id, _M.stamp, _G.deleted, _R.sets, _G.split, _G.body)
    return _joined(select(*columns), number)


def _joined(query: Select[Any], number: int) -> Select[Any]:
    return (
        query.select_from(memberships)
        .join(renderings, _G.id == _M.record_id * (1 << PREFIX_BITS) + number)
        .join(records, _R.id == _M.record_id)
        .where(_M.set_id == EVERYTHING, _M.prefix_id == number)
    )
