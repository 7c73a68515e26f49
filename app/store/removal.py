"""How a member goes: its records become tombstones, or, if they must, are erased.

Works in pieces of one transaction each, so that writers and readers go on beside it; the first
piece takes the member off the lists and ends its harvest, and any later call does the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, select, update

from app import clock
from app.record import Change, Counts
from app.store.applying import Applying
from app.store.bulk import deleted
from app.store.database import AnyRow, Database
from app.store.effects import EVERYTHING, PREFIX_BITS
from app.store.harvest_tables import (
    absences,
    decisions,
    held_removals,
    quirks,
    requests,
    sightings,
)
from app.store.links import shift as link_shift
from app.store.links.tables import HIDDEN
from app.store.numbering import set_numbers, with_ancestors
from app.store.operation_tables import outcome_counts
from app.store.search import writing as search_writing
from app.store.tables import (
    broken_rules,
    contents,
    days,
    failures,
    harvests,
    records,
    renderings,
    repositories,
    sets,
    windows,
)
from app.store.version_tables import versions
from app.store.withdrawal_tables import withdrawals
from app.store.writing import LEFT

PIECE = 2000
GONE = deleted(renderings, ("id",))
_MASK = (1 << PREFIX_BITS) - 1
REASON = "Its repository left the hub."
_STOPPED = {
    "state": "ended", "outcome": "incomplete", "cause": "stopped-by-operator",
    "sentence": "The repository was removed.",
}  # fmt: skip


def remove(database: Database, applying: Applying, repository_id: int) -> int:
    """Make tombstones of all live records of a repository; return how many."""
    _take_off(database, repository_id)
    number, after = 0, 0
    while piece := _live(database, repository_id, after):
        changes = [
            Change("deleted", row.local_id, row.identifier, row.datestamp, reason=REASON)
            for row in piece
        ]
        applying.apply(
            repository_id, None, "", changes, counts=Counts(), checkpoint=None, failures=()
        )
        number, after = number + len(piece), piece[-1].id
    return number


def _take_off(database: Database, repository_id: int) -> None:
    row = update(repositories).where(repositories.c.id == repository_id)
    running = update(harvests).where(
        harvests.c.repository_id == repository_id, harvests.c.state != "ended"
    )
    asked = update(decisions).where(
        decisions.c.repository_id == repository_id, decisions.c.state == "open"
    )
    with database.write() as connection:
        now = database.dialect.now(connection)
        connection.execute(row.values(removed=True, next_harvest_at=None, credentials=""))
        connection.execute(running.values(_STOPPED | {"ended_at": now}))
        connection.execute(asked.values(state="lapsed", decided_at=now))


def _live(database: Database, repository_id: int, after: int) -> Sequence[AnyRow]:
    columns = records.c
    query = select(columns.id, columns.local_id, columns.identifier, columns.datestamp).where(
        columns.repository_id == repository_id, columns.id > after, columns.state == "live"
    )
    with database.read() as connection:
        return connection.execute(query.order_by(columns.id).limit(PIECE)).all()


def erase(database: Database, repository_id: int) -> int:
    """Delete a repository with all its rows; return the number of records."""
    number = 0
    while True:
        with database.write() as connection:
            erased = _erase_piece(connection, database, repository_id)
            if not erased:
                _erase_rest(connection, repository_id)
                return number
            number += erased


def _erase_piece(connection: Connection, database: Database, repository_id: int) -> int:
    columns = records.c
    query = select(columns.id, columns.sets).where(columns.repository_id == repository_id)
    piece = connection.execute(query.order_by(columns.id).limit(PIECE)).all()
    if piece:
        link_shift.take_turn(connection, database.dialect)
        first, last = piece[0].id, piece[-1].id
        _erase_renderings(connection, database, piece)
        mine = (columns.repository_id == repository_id, columns.id.between(first, last))
        inside = select(columns.id).where(*mine)
        for table in (contents, versions, withdrawals):
            connection.execute(delete(table).where(table.c.record_id.in_(inside)))
        search_writing.forget(connection, database.dialect, [row.id for row in piece])
        gone = [link_shift.Given(row.id, HIDDEN, link_shift.ERASED) for row in piece]
        now = clock.seconds(database.dialect.now(connection))
        link_shift.change(connection, database.dialect, now, gone)
        connection.execute(delete(records).where(*mine))
    return len(piece)


def _erase_renderings(connection: Connection, database: Database, piece: Sequence[AnyRow]) -> None:
    there = set_numbers(connection, database, with_ancestors([row.sets for row in piece]))
    everywhere = {row.id: _places(row.sets, there) for row in piece}
    first, last = piece[0].id << PREFIX_BITS, (piece[-1].id + 1 << PREFIX_BITS) - 1
    query = select(renderings.c.id, renderings.c.stamp)
    query = query.where(renderings.c.id.between(first, last)).order_by(renderings.c.id)
    forms = [form for form in connection.execute(query) if form.id >> PREFIX_BITS in everywhere]
    places = [
        (each, key & _MASK, stamp, key >> PREFIX_BITS)
        for key, stamp in forms
        for each in everywhere[key >> PREFIX_BITS]
    ]
    LEFT.run(connection, database.dialect, places)
    GONE.run(connection, database.dialect, [(form.id,) for form in forms])


def _places(text: str, there: Mapping[str, int]) -> set[int]:
    """Return the sets a record may be listed in; a set that never listed any has no number."""
    return {EVERYTHING, *(there[spec] for spec in with_ancestors((text,)) if spec in there)}


def _erase_rest(connection: Connection, repository_id: int) -> None:
    own = select(harvests.c.id).where(harvests.c.repository_id == repository_id)
    for table in (windows, failures, requests):
        connection.execute(delete(table).where(table.c.harvest_id.in_(own)))
    connection.execute(delete(sightings).where(sightings.c.harvest_id.in_(own)))
    asked = select(decisions.c.id).where(decisions.c.repository_id == repository_id)
    connection.execute(delete(held_removals).where(held_removals.c.decision_id.in_(asked)))
    for table in (
        absences, decisions, quirks, harvests, sets, broken_rules, days, outcome_counts,
    ):  # fmt: skip
        connection.execute(delete(table).where(table.c.repository_id == repository_id))
    connection.execute(delete(repositories).where(repositories.c.id == repository_id))
