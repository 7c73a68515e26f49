"""What records were before: written in the transaction that changes them, read for their history.

The former reading and original move as they lie, packed, by one statement a page: nothing is
unpacked, and a killed process leaves both the change and its version, or neither. New and unchanged
records cost nothing. The present version is no row here: it is the record itself, and its number is
one more than the newest that was kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    FromClause,
    case,
    delete,
    func,
    literal_column,
    null,
    select,
    tuple_,
)
from sqlalchemy.sql.expression import Executable

from app.store.bulk import Bulk, Values
from app.store.codec import Codec
from app.store.database import AnyRow, Database
from app.store.dialects import Dialect
from app.store.packing import Reading, unpack_reading
from app.store.tables import contents, harvests, records
from app.store.version_tables import versions

if TYPE_CHECKING:
    from app.store.values import StoredRecord

MOST = 200
"""Versions of one record that a history gives, the newest of them."""
PIECE = 500
_R, _V, _H = records.c, versions.c, harvests.c
_ZERO: ColumnElement[int] = literal_column("0")
_ONE: ColumnElement[int] = literal_column("1")
_NOTHING: ColumnElement[str] = literal_column("''")
_MOVED = tuple(column.name for column in versions.columns)
_STATED = ("number", "began_at", "ended_at", "harvest", "state", "reason", "datestamp", "format",
           "crosswalk")  # fmt: skip


class Version(Struct, frozen=True):
    """What a record was for a time: a description, or deleted."""

    number: int
    began_at: datetime | None
    ended_at: datetime | None
    """None: it is so now."""
    harvest: int | None
    """The harvest that made it so; None where no harvest did."""
    state: str
    reason: str
    datestamp: str
    """The source's datestamp then."""
    format: str
    crosswalk: int
    reading: Reading = Reading()
    original: bytes | None = None
    """Of a single version only; None also where it was not kept."""


def _since() -> ColumnElement[Any]:
    """Return when a record became as it is: its sets, or the way it is written, may be newer."""
    former = versions.alias("before")
    ended = select(func.max(former.c.ended_at)).where(former.c.record_id == _R.id)
    return func.coalesce(ended.correlate(records).scalar_subquery(), _R.first_harvested_at)


def _by(began: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the harvest that made it so: the last one, or the one that ran at that time."""
    then = select(func.max(_H.id)).where(
        _H.repository_id == _R.repository_id, _H.started_at <= began,
        func.coalesce(_H.ended_at, began) >= began,
    )  # fmt: skip
    earlier = then.correlate(records).scalar_subquery()
    return case((_R.last_changed_at == began, _R.harvest), else_=earlier)


def _moving(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:
    """Make a version of each record named, before anything of it is written over."""
    former = versions.alias("former")
    newest = select(func.coalesce(func.max(former.c.number), _ZERO) + _ONE)
    number = newest.where(former.c.record_id == _R.id).correlate(records).scalar_subquery()
    live = _R.state == literal_column("'live'")
    began = _since()
    query = select(
        _R.id, number, began, values["ended_at"], _by(began), _R.state,
        case((live, _NOTHING), else_=_R.reason), _R.datestamp, _R.format, _R.crosswalk,
        case((live, contents.c.reading), else_=null()),
        case((live & (_R.quarantine == _NOTHING), contents.c.original), else_=null()),
    )  # fmt: skip
    whole = records.outerjoin(contents, contents.c.record_id == _R.id)
    query = query.select_from(whole if source is None else source.join(whole, _R.id == source.c.id))
    if source is None:
        query = query.where(_R.id == values["id"])
    return kind.insert(versions).from_select(list(_MOVED), query)


MOVED = Bulk({"ended_at": _V.ended_at, "id": _V.record_id}, _moving)
"""Rows: the moment, the record's number."""


class Versions:
    """Reads what records were."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self._database = database
        self._codec = codec

    def history(self, record: StoredRecord) -> tuple[Version, ...]:
        """Return what a record is and was, newest first, with readings and without originals.

        At most `MOST`, the present one among them.
        """
        columns = (*(_V[name] for name in _STATED), _V.reading)
        former = select(*columns).where(_V.record_id == record.id)
        with self._database.read() as connection:
            rows = connection.execute(former.order_by(_V.number.desc()).limit(MOST - 1)).all()
            present = connection.execute(_present(record.id, contents.c.reading)).first()
        now = self._present(present, rows[0].number + 1 if rows else 1)
        return (*now, *map(self._version, rows))

    def version(self, record: StoredRecord, number: int) -> Version | None:
        """Return one version of a record with its original; None if it is not kept."""
        wanted = select(versions).where(_V.record_id == record.id, _V.number == number)
        newest = select(func.coalesce(func.max(_V.number), 0)).where(_V.record_id == record.id)
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
            if row is not None:
                return self._version(row)
            last = connection.execute(newest).scalar_one()
            query = _present(record.id, contents.c.reading, contents.c.original)
            present = connection.execute(query).first() if number == last + 1 else None
        return next(iter(self._present(present, number)), None)

    def _present(self, row: AnyRow | None, number: int) -> tuple[Version, ...]:
        if row is None or row.state not in {"live", "deleted"}:
            return ()
        return (self._version(row, number=number, ended_at=None),)

    def _version(self, row: AnyRow, **more: Any) -> Version:
        given = dict(row._mapping) | more
        live = given["state"] == "live"
        stated = {name: given[name] for name in _STATED}
        stated["reason"] = "" if live else given["reason"]
        original = given.get("original") if live else None
        return Version(
            **stated,
            reading=unpack_reading(self._codec, given["reading"] if live else None),
            original=None if original is None else self._codec.unpack(original),
        )


def _present(record_id: int, *parts: Any) -> Any:
    began = _since()
    query = select(
        began.label("began_at"), _by(began).label("harvest"), _R.state, _R.reason, _R.datestamp,
        _R.format, _R.crosswalk, *parts,
    )  # fmt: skip
    query = query.outerjoin(contents, contents.c.record_id == _R.id)
    return query.where(_R.id == record_id)


def forget(database: Database, before: datetime, *, all_of_them: bool = False) -> int:
    """Let versions go that ended before a moment; return how many.

    The newest of each record stays, so that its numbers go on; unless all are to go.
    """
    later = versions.alias("later")
    newer = select(later.c.number).where(
        later.c.record_id == _V.record_id, later.c.number > _V.number
    )
    query = select(_V.record_id, _V.number).where(_V.ended_at < before)
    if not all_of_them:
        query = query.where(newer.exists())
    return sum(_pieces(database, query))


def _pieces(database: Database, query: Any) -> Sequence[int]:
    """Delete what a query names, a piece a transaction; return how many each was."""
    numbers: list[int] = []
    while not numbers or numbers[-1] == PIECE:
        with database.read() as connection:
            keys = [tuple(row) for row in connection.execute(query.limit(PIECE))]
        if keys:
            gone = delete(versions).where(tuple_(_V.record_id, _V.number).in_(keys))
            with database.write() as connection:
                connection.execute(gone)
        numbers.append(len(keys))
    return numbers
