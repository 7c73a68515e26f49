"""Deletions that wait for a person: which records, why, and what was decided.

A decision is about exactly its records. What is seen again leaves it by itself; one that has lost
all its records lapses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Update,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql.expression import Executable

from app.errors import NotFound
from app.record import Listed, Withheld
from app.store.bulk import Bulk, Values
from app.store.database import AnyRow
from app.store.dialects import Dialect
from app.store.found import STORED, stored
from app.store.harvest_tables import decisions, held_removals
from app.store.tables import records, repositories
from app.store.values import StoredRecord

if TYPE_CHECKING:
    from app.store import Store

_D, _H, _R = decisions.c, held_removals.c, records.c
OPEN: ColumnElement[bool] = literal_column("decisions.state = 'open'")
_ROW = ("decision_id", "record_id", "datestamp", "successor")


class Decision(Struct, frozen=True):
    """Deletions that a person is to decide on, or has decided on."""

    id: int
    repository: str
    repository_id: int
    harvest: int
    """The run that asked."""
    kind: str
    """`announced`, `unlisted` or `renamed`."""
    grade: str
    """`held`, or `stopped`: then a new look and the repository's name are needed, too."""
    state: str
    """`open`, `approved`, `rejected` or `lapsed`."""
    records: int
    """Records that are still on its list, or were when it was decided."""
    live: int
    """Live records of the repository before the run that asked."""
    reason: str
    made_at: datetime
    decided_at: datetime | None = None
    decided_by: str = ""


class Removal(Struct, frozen=True):
    """A record on the list of a decision."""

    id: int
    local_id: str
    identifier: str
    datestamp: str
    """The source's datestamp: of its deletion where it announced one, else of the record."""
    successor: str
    """Identifier at the source of the record that seems to be it; empty if there is none."""


_FIELDS = Decision.__struct_fields__
_SELECT = select(
    *(repositories.c.name if name == "repository" else _D[name] for name in _FIELDS)
).join(repositories, repositories.c.id == _D.repository_id)


def _rows(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:
    row = kind.insert(held_removals)
    if source is not None:
        return row.from_select(list(_ROW), select(*source.c)).on_conflict_do_nothing()
    return row.values({name: values[f"new_{name}"] for name in _ROW}).on_conflict_do_nothing()


ROWS = Bulk({f"new_{name}": held_removals.c[name] for name in _ROW}, _rows)


def open_numbers(repository_id: int) -> Select[tuple[int]]:
    """Return the query for the open decisions of a repository."""
    return select(_D.id).where(_D.repository_id == repository_id, OPEN)


def numbers(repository_id: int, kind: str) -> Select[tuple[int]]:
    """Return the query for all decisions of a kind, whatever became of them."""
    return select(_D.id).where(_D.repository_id == repository_id, _D.kind == kind)


def waiting() -> Any:
    """Return the column: how many records of a repository wait for a person."""
    number = cast(func.coalesce(func.sum(_D.records), 0), BigInteger)
    held = select(number).where(_D.repository_id == repositories.c.id, OPEN)
    return held.correlate(repositories).scalar_subquery().label("held")


# ── in the transaction of a page ─────────────────────────────────────────────────────────────


def note_seen(connection: Connection, dialect: Dialect, repository_id: int, listed: Listed) -> None:
    """Take what was seen again off the lists."""
    _leave(connection, dialect, repository_id, listed.live)
    _leave(connection, dialect, repository_id, listed.deleted, also_announced=False)
    _tidy(connection, dialect.now(connection), repository_id)


def lists_of(repository_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return whether a repository has decisions that what is seen again must leave."""
    return exists().where(_D.repository_id == repository_id, _LISTS)


_LISTS = or_(
    _D.state == "open",
    _D.state == "approved",
    (_D.state == "rejected") & (_D.kind == "announced"),
)
"""Decisions whose records must not have been seen again."""


def _leave(
    connection: Connection, dialect: Dialect, repository_id: int, names: Sequence[str], *,
    also_announced: bool = True,
) -> None:  # fmt: skip
    lists = select(_D.id).where(_D.repository_id == repository_id, _LISTS)
    if not also_announced:
        lists = lists.where(_D.kind != "announced")
    seen = select(_R.id).where(dialect.among(_R.local_id, "ids"))
    gone = delete(held_removals).where(_H.decision_id.in_(lists), _H.record_id.in_(seen))
    if names:
        connection.execute(gone, {"ids": dialect.many_values(names)})


def _tidy(connection: Connection, now: datetime, repository_id: int) -> None:
    """Count the lists of open decisions anew; one without records has lapsed."""
    mine = (_D.repository_id == repository_id, OPEN)
    left = select(func.count()).where(_H.decision_id == _D.id).scalar_subquery()
    connection.execute(update(decisions).where(*mine).values(records=left))
    lapsed = update(decisions).where(*mine, _D.records == 0)
    connection.execute(lapsed.values(state="lapsed", decided_at=now))


def withhold(
    connection: Connection, dialect: Dialect, repository_id: int, harvest_id: int, what: Withheld
) -> None:
    """Put announced deletions on the list of their run, for a person to decide on."""
    same = (_D.harvest == harvest_id, _D.kind == "announced", OPEN)
    number = connection.execute(select(_D.id).where(_D.repository_id == repository_id, *same))
    decision = number.scalar() or _make(
        connection, dialect, repository_id, harvest_id,
        {"kind": "announced", "grade": "held", "live": what.live, "reason": what.reason},
    )  # fmt: skip
    stamps = dict(what.records)
    query = select(_R.local_id, _R.id).where(dialect.among(_R.local_id, "ids"))
    found = connection.execute(query, {"ids": dialect.many_values(list(stamps))})
    rows = [(decision, number, stamps[name], None) for name, number in found]
    ROWS.run(connection, dialect, rows)
    _tidy(connection, dialect.now(connection), repository_id)


def _make(
    connection: Connection, dialect: Dialect, repository_id: int, harvest_id: int,
    given: Mapping[str, Any],
) -> int:  # fmt: skip
    row = {"repository_id": repository_id, "harvest": harvest_id, "state": "open",
           "made_at": dialect.now(connection), **given}  # fmt: skip
    done = connection.execute(insert(decisions).values(row))
    assert done.inserted_primary_key
    return int(done.inserted_primary_key[0])


# ── at the end of a look, and by a person ────────────────────────────────────────────────────


def ask(
    store: Store,
    repository_id: int,
    harvest_id: int,
    *,
    kind: str,
    grade: str,
    live: int,
    reason: str,
    records_: Sequence[tuple[int, int | None]],
    instead: Collection[int] = (),
) -> int:
    """Ask a person about records (and their successors); return the number of the decision.

    instead: open decisions that lapse with it.
    """
    given = {"kind": kind, "grade": grade, "live": live, "reason": reason,
             "records": len(records_)}  # fmt: skip
    dialect = store.database.dialect
    with store.database.write() as connection:
        number = _make(connection, dialect, repository_id, harvest_id, given)
        rows = [(number, record, "", successor) for record, successor in records_]
        ROWS.run(connection, dialect, rows)
        for other in instead:
            _close(connection, other, "lapsed", "", dialect.now(connection))
        return number


def get(store: Store, number: int) -> Decision:
    """Return a decision; raises NotFound."""
    with store.database.read() as connection:
        row = connection.execute(_SELECT.where(_D.id == number)).first()
    if row is None:
        raise NotFound(f"There is no decision {number}.")
    return _value(row)


def found(
    store: Store, *, repository: str | None = None, state: str | None = None, limit: int = 100
) -> tuple[Decision, ...]:
    """Return decisions: the open ones first, the oldest of them first; then the newest."""
    closed = case((OPEN, 0), else_=1)
    query = _SELECT.order_by(closed, case((OPEN, _D.id), else_=-_D.id)).limit(limit)
    if repository is not None:
        query = query.where(repositories.c.name == repository)
    if state is not None:
        query = query.where(_D.state == state)
    with store.database.read() as connection:
        return tuple(map(_value, connection.execute(query)))


def of_repository(
    store: Store, repository_id: int, *, state: str = "open", kind: str | None = None
) -> tuple[Decision, ...]:
    """Return the decisions of a repository that are in a state, oldest first."""
    query = _SELECT.where(_D.repository_id == repository_id, _D.state == state).order_by(_D.id)
    if kind is not None:
        query = query.where(_D.kind == kind)
    with store.database.read() as connection:
        return tuple(map(_value, connection.execute(query)))


def held_by(store: Store, harvest_id: int) -> int:
    """Return how many records wait, or waited, for a person because of a run."""
    query = select(func.coalesce(func.sum(_D.records), 0)).where(_D.harvest == harvest_id)
    with store.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def announced(
    store: Store, repository_id: int, names: Collection[str]
) -> dict[str, tuple[str, str]]:
    """Return which of these records a person was asked about, or would not let go.

    By local id: the state of the decision, and the datestamp of the announced deletion.
    """
    dialect = store.database.dialect
    query = (
        select(_R.local_id, _D.state, _H.datestamp)
        .join(held_removals, _H.record_id == _R.id)
        .join(decisions, _D.id == _H.decision_id)
        .where(
            dialect.among(_R.local_id, "ids"), _D.repository_id == repository_id,
            _D.kind == "announced", _D.state.in_(("open", "rejected")),
        )
        .order_by(_D.id)
    )  # fmt: skip
    with store.database.read() as connection:
        rows = connection.execute(query, {"ids": dialect.many_values(list(names))})
        return {name: (state, datestamp) for name, state, datestamp in rows}


def samples(store: Store, number: int, limit: int = 20) -> tuple[tuple[StoredRecord, str], ...]:
    """Return records of a decision, each with the identifier of its successor, if there is one."""
    new = records.alias("new")
    successor = select(new.c.identifier).where(new.c.id == _H.successor).scalar_subquery()
    query = STORED.join(held_removals, _H.record_id == _R.id).where(_H.decision_id == number)
    query = query.add_columns(successor.label("successor")).order_by(_R.id).limit(limit)
    with store.database.read() as connection:
        rows = connection.execute(query).all()
    return tuple((stored(row), row.successor or "") for row in rows)


def of_record(store: Store, record_id: int) -> Decision | None:
    """Return the open decision that has a record on its list."""
    query = _SELECT.join(held_removals, _H.decision_id == _D.id)
    with store.database.read() as connection:
        row = connection.execute(query.where(_H.record_id == record_id, OPEN)).first()
    return _value(row) if row else None


def removals(store: Store, number: int, limit: int | None) -> tuple[Removal, ...]:
    """Return the first records that are left on the list of a decision."""
    new = records.alias("new")
    successor = select(new.c.identifier).where(new.c.id == _H.successor).scalar_subquery()
    stamp = case((_H.datestamp != "", _H.datestamp), else_=_R.datestamp)
    query = (
        select(_R.id, _R.local_id, _R.identifier, stamp, func.coalesce(successor, ""))
        .join(held_removals, _H.record_id == _R.id)
        .where(_H.decision_id == number)
        .order_by(_R.id)
        .limit(limit)
    )
    with store.database.read() as connection:
        return tuple(Removal(*row) for row in connection.execute(query))


def take_off(store: Store, number: int, record_ids: Collection[int]) -> None:
    """Take records off the list of a decision that is made."""
    dialect = store.database.dialect
    mine = delete(held_removals).where(_H.decision_id == number, dialect.among(_H.record_id, "ids"))
    with store.database.write() as connection:
        connection.execute(mine, {"ids": dialect.many_values(list(record_ids))})


def decide(store: Store, number: int, state: str, by: str) -> Decision:
    """Write down what was decided on an open decision; one that is not open stays as it is."""
    with store.database.write() as connection:
        _close(connection, number, state, by, store.database.dialect.now(connection))
    return get(store, number)


def _close(connection: Connection, number: int, state: str, by: str, now: datetime) -> None:
    values = {"state": state, "decided_by": by, "decided_at": now}
    connection.execute(_open(number).values(values))
    if state == "lapsed":
        connection.execute(delete(held_removals).where(_H.decision_id == number))


def _open(number: int) -> Update:
    return update(decisions).where(_D.id == number, OPEN)


def _value(row: AnyRow) -> Decision:
    return Decision(*row)
