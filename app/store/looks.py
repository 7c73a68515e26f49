"""What whole lists say of records by not naming them: sightings, and absences in a row.

A look writes down what it sees in the transactions of its pages; its records are touched only if
they turn out to be gone. Whoever is seen, by whatever run, is absent no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.sql.expression import Executable

from app.record import Listed, member_set
from app.store import decisions, writing
from app.store.bulk import Bulk, Values
from app.store.dialects import Dialect
from app.store.direct import Statement
from app.store.harvest_tables import absences, held_removals, sightings
from app.store.harvests import WHOLE
from app.store.search.conditions import in_set
from app.store.tables import failures, harvests, memberships, records, repositories, sets, windows
from app.store.values import Failure, Harvest

if TYPE_CHECKING:
    from app.store import Store

PIECE = 2000
LOOKS = ("full", "sweep")
"""Kinds of runs that list everything."""
UNSEEN = "not-modified"
"""The cause of runs that were told that nothing changed: whole, but they saw nothing."""
LOOKED_BACK = 30
"""Harvests in whose failures a record is looked for."""
NEEDED = 2
"""Looks in a row that must lack a record before it counts as gone."""
NAMELESS = ("record-without-name", "record-unreadable", "record-without-metadata")
_A, _R, _S = absences.c, records.c, sightings.c


class Absent(Struct, frozen=True):
    """A live record that the last looks did not list."""

    id: int
    local_id: str
    identifier: str
    datestamp: str
    looks: int
    first_look: int
    last_look: int


class Known(Struct, frozen=True):
    """What the header of a record said when the store last heard of it."""

    state: str
    datestamp: str
    source_sets: tuple[str, ...]


class Look(Struct, frozen=True):
    """A run that was to list everything, and what became of it."""

    id: int
    kind: str
    outcome: str
    ended_at: datetime
    seen: int
    told: int | None
    pages: int

    @property
    def whole(self) -> bool:
        """Whether it did list everything."""
        return self.outcome in WHOLE


def _sightings(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:
    row = kind.insert(sightings)
    names = ("harvest_id", "local_id")
    if source is not None:
        return row.from_select(list(names), select(*source.c)).on_conflict_do_nothing()
    return row.values({name: values[f"new_{name}"] for name in names}).on_conflict_do_nothing()


def _absences(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:
    row, names = kind.insert(absences), ("record_id", "repository_id", "first_look", "last_look")
    one: ColumnElement[int] = literal_column("1")
    if source is not None:
        given = row.from_select([*names, "looks"], select(*source.c, one))
    else:
        given = row.values({name: values[f"new_{name}"] for name in names} | {"looks": one})
    return given.on_conflict_do_update(
        index_elements=["record_id"],
        set_={"looks": _A.looks + one, "last_look": given.excluded.last_look},
        where=_A.last_look != given.excluded.last_look,
    )


SIGHTINGS = Bulk({"new_harvest_id": _S.harvest_id, "new_local_id": _S.local_id}, _sightings)
ABSENCES = Bulk(
    {
        "new_record_id": _A.record_id,
        "new_repository_id": _A.repository_id,
        "new_first_look": _A.first_look,
        "new_last_look": _A.last_look,
    },
    _absences,
)


def note_listed(
    connection: Connection, dialect: Dialect, repository_id: int, harvest_id: int, listed: Listed
) -> None:
    """Write down what a page listed, in its transaction: what is seen is no longer absent."""
    names = listed.live + listed.deleted
    if listed.look:
        SIGHTINGS.run(connection, dialect, [(harvest_id, name) for name in names])
    writing.CAME.run(connection, dialect, list(listed.came))
    if not names:
        return
    ((some_absent, some_asked),) = _CONCERNED.within(connection, {"key": repository_id})
    if some_absent:
        seen = select(_R.id).where(dialect.among(_R.local_id, "ids"))
        gone = delete(absences).where(_A.repository_id == repository_id, _A.record_id.in_(seen))
        connection.execute(gone, {"ids": dialect.many_values(names)})
    if some_asked:
        decisions.note_seen(connection, dialect, repository_id, listed)
    if listed.withheld is not None:
        decisions.withhold(connection, dialect, repository_id, harvest_id, listed.withheld)


_CONCERNED = Statement(
    lambda: select(
        exists().where(_A.repository_id == bindparam("key")), decisions.lists_of(bindparam("key"))
    )
)
"""Whether a page can concern absences or decisions at all: it seldom can."""


def count_absences(store: Store, repository_id: int, look: int) -> Iterator[int]:
    """Count the absence of each live record that a whole look did not see; yield how many.

    Each piece is a transaction; called again for the same look it counts nothing twice.
    """
    _forget_the_dead(store, repository_id)
    after = 0
    while piece := _unseen(store, repository_id, look, after):
        with store.database.write() as connection:
            rows = [(number, repository_id, look, look) for number in piece]
            ABSENCES.run(connection, store.database.dialect, rows)
        yield len(piece)
        after = piece[-1]


def _unseen(store: Store, repository_id: int, look: int, after: int) -> list[int]:
    seen = exists().where(_S.harvest_id == look, _S.local_id == _R.local_id)
    query = select(_R.id).where(
        _R.repository_id == repository_id, _R.id > after, _R.state == "live", ~seen
    )
    with store.database.read() as connection:
        return list(connection.execute(query.order_by(_R.id).limit(PIECE)).scalars())


def _forget_the_dead(store: Store, repository_id: int) -> None:
    living = exists().where(_R.id == _A.record_id, _R.state == "live")
    with store.database.write() as connection:
        connection.execute(delete(absences).where(_A.repository_id == repository_id, ~living))


def _gone(repository_id: int, look: int) -> tuple[ColumnElement[bool], ...]:
    """Which absences are old enough, and that no person is asked about."""
    asked = exists().where(
        held_removals.c.record_id == _A.record_id,
        held_removals.c.decision_id.in_(decisions.open_numbers(repository_id)),
    )
    return (
        _A.repository_id == repository_id,
        _A.last_look == look,
        _A.looks >= NEEDED,
        _R.state == "live",
        ~asked,
    )


_ABSENT = select(
    _R.id, _R.local_id, _R.identifier, _R.datestamp, _A.looks, _A.first_look, _A.last_look
).join(absences, _A.record_id == _R.id)


def gone(store: Store, repository_id: int, look: int, *, limit: int | None) -> tuple[Absent, ...]:
    """Return records that two whole looks in a row lacked, the last of them `look`."""
    query = _ABSENT.where(*_gone(repository_id, look)).order_by(_R.id).limit(limit)
    with store.database.read() as connection:
        return tuple(Absent(*row) for row in connection.execute(query))


def count_gone(store: Store, repository_id: int, look: int) -> int:
    """Return how many records `gone` would return."""
    query = select(func.count()).select_from(absences).join(records, _R.id == _A.record_id)
    with store.database.read() as connection:
        return int(connection.execute(query.where(*_gone(repository_id, look))).scalar_one())


def absent(store: Store, repository_id: int, look: int) -> int:
    """Return how many live records a whole look lacked."""
    query = select(func.count()).select_from(absences).join(records, _R.id == _A.record_id)
    mine = (_A.repository_id == repository_id, _A.last_look == look, _R.state == "live")
    with store.database.read() as connection:
        return int(connection.execute(query.where(*mine)).scalar_one())


def renamed(store: Store, repository_id: int, look: int) -> tuple[tuple[int, int], ...]:
    """Return pairs of records: one that a look lacked, a newer one that it saw in its place.

    They name the same DOI or the same landing page. What a person has called new is left out.
    """
    new = records.alias("new")
    pairs: dict[int, int] = {}
    with store.database.read() as connection:
        for same in (
            (new.c.doi == _R.doi) & (_R.doi != "") & (new.c.doi != ""),
            (new.c.url == _R.url) & (_R.url != ""),
        ):
            found = connection.execute(_pairs(repository_id, look, new, same))
            for old, successor in found:
                pairs.setdefault(old, successor)
    return tuple(sorted(pairs.items()))


def _pairs(repository_id: int, look: int, new: Any, same: ColumnElement[bool]) -> Any:
    decided = exists().where(
        held_removals.c.record_id == _R.id,
        held_removals.c.decision_id.in_(decisions.numbers(repository_id, "renamed")),
    )
    there = exists().where(_S.harvest_id == look, _S.local_id == new.c.local_id)
    return (
        select(_R.id, func.max(new.c.id))
        .select_from(absences)
        .join(records, _R.id == _A.record_id)
        .join(new, same)
        .where(
            _A.repository_id == repository_id, _A.last_look == look, _R.state == "live", ~decided,
            new.c.repository_id == repository_id, new.c.id > _R.id, new.c.state == "live", there,
        )
        .group_by(_R.id)
    )  # fmt: skip


def forget_absences(store: Store, numbers: Collection[int]) -> None:
    """Begin the count of these records anew."""
    dialect = store.database.dialect
    statement = delete(absences).where(dialect.among(_A.record_id, "ids"))
    with store.database.write() as connection:
        connection.execute(statement, {"ids": dialect.many_values(list(numbers))})


def saw_something(store: Store, harvest_id: int) -> bool:
    """Tell whether a look has listed anything."""
    with store.database.read() as connection:
        query = select(_S.harvest_id).where(_S.harvest_id == harvest_id)
        return connection.execute(query.limit(1)).first() is not None


def drop_sightings(store: Store, harvest: Harvest, *, older: bool) -> None:
    """Forget what a run has seen.

    older: also what earlier runs of its repository left behind, since none goes on with them.
    """
    ended = select(harvests.c.id).where(
        harvests.c.repository_id == harvest.repository_id, harvests.c.state == "ended"
    )
    mine = _S.harvest_id == harvest.id
    if older:
        mine = mine | _S.harvest_id.in_(ended)
    with store.database.read() as connection:
        if connection.execute(select(_S.harvest_id).where(mine).limit(1)).first() is None:
            return
    with store.database.write() as connection:
        connection.execute(delete(sightings).where(mine))


def carry_sightings(store: Store, earlier: int, later: int) -> None:
    """Give what a run has seen to the run that goes on with its windows."""
    with store.database.write() as connection:
        known = select(_S.local_id).where(_S.harvest_id == later)
        mine = update(sightings).where(_S.harvest_id == earlier, _S.local_id.not_in(known))
        connection.execute(mine.values(harvest_id=later))


def known(store: Store, names: Collection[str]) -> dict[str, Known]:
    """Return what the store holds of these records, by local id."""
    dialect = store.database.dialect
    query = select(_R.local_id, _R.state, _R.datestamp, _R.source_sets)
    query = query.where(dialect.among(_R.local_id, "ids"))
    with store.database.read() as connection:
        rows = connection.execute(query, {"ids": dialect.many_values(list(names))})
        return {name: Known(*rest) for name, *rest in rows}


def nameless(store: Store, harvest_id: int) -> int:
    """Return how many records, or parts of lists, a run set aside without knowing their names."""
    query = select(func.count()).where(
        failures.c.harvest_id == harvest_id,
        failures.c.cause.in_(NAMELESS),
        failures.c.identifier == "",
    )
    with store.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def holds_live(store: Store, repository: str, set_spec: str) -> bool:
    """Tell whether there are live records in a set of a repository, be they listed or not."""
    spec, live = member_set(repository, set_spec), _R.state == "live"
    listed = (
        select(_R.id)
        .join(memberships, memberships.c.record_id == _R.id)
        .join(sets, sets.c.id == memberships.c.set_id)
        .where(sets.c.spec == spec, live)
    )
    owner = select(repositories.c.id).where(repositories.c.name == repository).scalar_subquery()
    withheld = select(_R.id).where(_R.repository_id == owner, _R.withheld, live, in_set(spec))
    queries = (listed.where(~_R.withheld).limit(1), withheld.limit(1))
    with store.database.read() as connection:
        return any(connection.execute(query).first() for query in queries)


def deletions_of(store: Store, harvest_id: int, repository_id: int) -> int:
    """Return how many records of a repository a run has made into tombstones."""
    query = select(func.count()).where(
        _R.repository_id == repository_id, _R.state == "deleted", _R.harvest == harvest_id
    )
    with store.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def recent_looks(store: Store, repository_id: int, scope: str, limit: int = 10) -> tuple[Look, ...]:
    """Return the last runs of a scope that were to list everything and ended, newest first."""
    columns = harvests.c
    pages = select(func.coalesce(func.sum(windows.c.pages), 0)).where(
        windows.c.harvest_id == columns.id
    )
    query = select(
        columns.id, columns.kind, columns.outcome, columns.ended_at, columns.seen, columns.told,
        pages.scalar_subquery(),
    ).where(
        columns.repository_id == repository_id, columns.kind.in_(LOOKS), columns.scope == scope,
        columns.state == "ended", columns.cause != UNSEEN,
    )  # fmt: skip
    with store.database.read() as connection:
        rows = connection.execute(query.order_by(columns.id.desc()).limit(limit))
        return tuple(Look(*row) for row in rows)


def looked_since(store: Store, repository_id: int, harvest_id: int) -> bool:
    """Tell whether a whole look was made after a harvest."""
    columns = harvests.c
    query = select(columns.id).where(
        columns.repository_id == repository_id, columns.id > harvest_id,
        columns.kind.in_(LOOKS), columns.outcome.in_(WHOLE), columns.cause != UNSEEN,
    )  # fmt: skip
    with store.database.read() as connection:
        return connection.execute(query.limit(1)).first() is not None


def missed(store: Store, record_id: int) -> int:
    """Return how many whole looks in a row have lacked a record."""
    with store.database.read() as connection:
        query = select(_A.looks).where(_A.record_id == record_id)
        return connection.execute(query).scalar() or 0


def failed_by_name(store: Store, repository_id: int, identifier: str) -> Failure | None:
    """Return the newest failure of a record in the last harvests of its repository."""
    mine = select(harvests.c.id).where(harvests.c.repository_id == repository_id)
    latest = mine.order_by(harvests.c.id.desc()).limit(LOOKED_BACK).subquery()
    query = select(failures).where(
        failures.c.harvest_id.in_(select(latest.c.id)), failures.c.identifier == identifier,
        failures.c.identifier != "", failures.c.cause != "repaired",
    )  # fmt: skip
    with store.database.read() as connection:
        row = connection.execute(query.order_by(failures.c.id.desc()).limit(1)).first()
        return Failure(*row) if row else None
