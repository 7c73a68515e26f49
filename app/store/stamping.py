"""Datestamps: no record ever becomes visible with one that lies at or before a second already told.

A stamp lies ahead of the clock, and is looked at again just before the commit and just after it: if
the clock has come too near, the same records are stamped again. A marker row tells what a process
that was killed in between still owes; `settle` pays it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select

from app import clock
from app.errors import StoreError
from app.store.database import Database, Many
from app.store.direct import Rows, Statement
from app.store.effects import EVERYTHING, PREFIX_BITS
from app.store.numbering import placer, set_numbers, with_ancestors
from app.store.tables import memberships, prefixes, records, renderings, stampings
from app.store.writing import ENTERED, LEFT, MOVED, STAMPED

AHEAD_SECONDS = 2
"""A stamp is the present second plus this."""
SLACK_SECONDS = 0.5
"""What must be left of that when the transaction is about to be committed."""
BEHIND_SECONDS = 5
"""How far the clock may lie behind the newest stamp."""
SETTLE_SECONDS = 10
"""A marker older than this belongs to a process that is gone."""
_LOCK = 0x7374616D
_MARK = Many(insert(stampings).returning(stampings.c.id), ("stamp", "harvest"))
_UNMARK = Many(delete(stampings).where(stampings.c.id == bindparam("key")), ("key",))
_MASK = (1 << PREFIX_BITS) - 1
_BATCH = 2000


class Stamping(Struct, frozen=True):
    """A datestamp given to renderings in a transaction, and the marker row that says so."""

    stamp: int
    marker: int
    touched: tuple[int, ...]


def newest(connection: Connection) -> int | None:
    """Return the newest datestamp there is."""
    return _only(_NEWEST.within(connection))


def earliest(connection: Connection) -> int | None:
    """Return the oldest datestamp there is."""
    return _only(_EARLIEST.within(connection))


def _only(rows: Rows) -> int | None:
    ((number,),) = rows
    return None if number is None else int(number)


def _extreme(which: Any) -> Select[Any]:
    one = (
        select(which(memberships.c.stamp))
        .where(memberships.c.set_id == EVERYTHING, memberships.c.prefix_id == prefixes.c.id)
        .correlate(prefixes)
        .scalar_subquery()
    )
    return select(which(one)).select_from(prefixes)


_NEWEST = Statement(lambda: _extreme(func.max))
_EARLIEST = Statement(lambda: _extreme(func.min))


def next_stamp(now: datetime, newest_stamp: int | None) -> int:
    """Return the datestamp to give now; raises StoreError when the clock lies far behind."""
    second = clock.seconds(now)
    ahead = (newest_stamp or 0) - second - AHEAD_SECONDS
    if ahead > BEHIND_SECONDS:
        raise StoreError(
            f"The clock says {clock.text(now)}, but records were stamped "
            f"{clock.text(newest_stamp or 0)}: set the clock, or wait until it has come there."
        )
    return max(second + AHEAD_SECONDS, newest_stamp or 0)


def finish(
    connection: Connection, database: Database, stamp: int, touched: Sequence[int],
    harvest: int | None,
) -> Stamping:  # fmt: skip
    """End a transaction that gave a stamp: nothing but the commit may follow."""
    ((marker,),) = _MARK.returned(connection, (stamp, harvest))
    database.dialect.lock(connection, _LOCK)
    now = database.dialect.now(connection)
    if stamp - now.timestamp() < SLACK_SECONDS:
        again = next_stamp(now, newest(connection))
        _stamp_again(connection, database, touched, stamp, again)
        connection.execute(stampings.update().where(stampings.c.id == marker).values(stamp=again))
        stamp = again
    return Stamping(stamp, marker, tuple(touched))


def confirm(database: Database, given: Stamping) -> int:
    """Compare the clock after a commit; what was late is stamped again. Returns the last stamp.

    That is done in halves, and halves of them if need be: however slow the database is, a part
    comes that is stamped faster than the clock goes on.
    """
    stamp = given.stamp
    if clock.seconds(database.primary_now()) >= stamp:
        for part in _halves(given.touched):
            with database.write() as connection:
                again = _again(connection, database, given.stamp, part)
            stamp = max(stamp, confirm(database, again))
    with database.write() as connection:
        _UNMARK.run(connection, [(given.marker,)])
    return stamp


def _halves(touched: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    middle = len(touched) // 2
    return (touched[:middle], touched[middle:]) if middle else (touched,)


def settle(database: Database, now: datetime) -> int:
    """Stamp again what processes that are gone left unconfirmed; return how many renderings."""
    old = select(stampings).where(stampings.c.stamp <= clock.seconds(now) - SETTLE_SECONDS)
    with database.read() as connection:
        left = connection.execute(old.order_by(stampings.c.id)).all()
    return sum(_settle_one(database, *row) for row in left)


def _settle_one(database: Database, marker: int, stamp: int, harvest: int | None) -> int:
    with database.write() as connection:
        mine = select(stampings.c.id).where(stampings.c.id == marker).with_for_update()
        if connection.execute(mine).first() is None:
            return 0
        given = _again(connection, database, stamp, _stamped(connection, stamp, harvest))
        _UNMARK.run(connection, [(marker,)])
    confirm(database, given)
    return len(given.touched)


def _again(
    connection: Connection, database: Database, late: int, touched: tuple[int, ...]
) -> Stamping:
    """Stamp again in a transaction of its own, with a marker of its own."""
    stamp = next_stamp(database.dialect.now(connection), newest(connection))
    _stamp_again(connection, database, touched, late, stamp)
    return finish(connection, database, stamp, touched, None)


def _stamped(connection: Connection, stamp: int, harvest: int | None) -> tuple[int, ...]:
    """Return the renderings that have a stamp, of the records that a harvest changed last."""
    query = (
        select(memberships.c.record_id, memberships.c.prefix_id)
        .where(memberships.c.set_id == EVERYTHING, memberships.c.stamp == stamp)
        .where(memberships.c.prefix_id.in_(select(prefixes.c.id)))
    )
    if harvest is not None:
        query = query.join(records, records.c.id == memberships.c.record_id)
        query = query.where(records.c.harvest == harvest)
    return tuple(record << PREFIX_BITS | prefix for record, prefix in connection.execute(query))


def _stamp_again(
    connection: Connection, database: Database, touched: Sequence[int], old: int, new: int
) -> None:
    """Move renderings that still have the old stamp to the new one, with their places in lists."""
    if old == new:
        return
    for start in range(0, len(touched), _BATCH):
        keys = _still(connection, database, touched[start : start + _BATCH], old)
        places = _places(connection, database, {key >> PREFIX_BITS for key in keys})
        rows = [
            (number, key & _MASK, key >> PREFIX_BITS)
            for key in keys
            for number in places[key >> PREFIX_BITS]
        ]
        left = [(place, prefix, old, record) for place, prefix, record in rows]
        entered = [(place, prefix, new, record) for place, prefix, record in rows]
        for statement, given in (
            (STAMPED, [(new, record) for record in sorted(places)]),
            (MOVED, [(new, key) for key in keys]),
            (LEFT, left),
            (ENTERED, entered),
        ):
            statement.run(connection, database.dialect, given)


def _still(
    connection: Connection, database: Database, keys: Sequence[int], stamp: int
) -> list[int]:
    query = select(renderings.c.id).where(
        database.dialect.among(renderings.c.id, "keys"), renderings.c.stamp == stamp
    )
    values = {"keys": database.dialect.many_values(keys)}
    return sorted(connection.execute(query, values).scalars())


def _places(
    connection: Connection, database: Database, ids: Collection[int]
) -> dict[int, frozenset[int]]:
    query: Select[Any] = select(records.c.id, records.c.sets).where(
        database.dialect.among(records.c.id, "ids")
    )
    rows = connection.execute(query, {"ids": database.dialect.many_values(sorted(ids))}).all()
    specs = with_ancestors([text for _, text in rows])
    place = placer(set_numbers(connection, database, specs))
    return {number: place(text) for number, text in rows}
