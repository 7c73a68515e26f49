"""The page transaction: all that a page of a harvest changes, or nothing of it.

Large parts are packed before the transaction begins, so that the lock of the database is held for
the writing only; the datestamps come last. One look-up serves the whole page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from app import clock
from app.record import Change, Checkpoint, Counts, Listed
from app.store import ledger, looks, numbering, stamping, writing
from app.store.codec import Codec
from app.store.database import Database, Lookup
from app.store.dialects import Dialect
from app.store.effects import PREFIX_BITS, Format, Held, Page, Rows
from app.store.harvests import hold, note_failures
from app.store.links import effects as link_effects
from app.store.links import shift as link_shift
from app.store.packing import PackedChange, pack
from app.store.requests import Sent, note_requests
from app.store.rerendering import RENDERED, weigh_rendered
from app.store.stamping import Stamping
from app.store.tables import records, renderings
from app.store.values import Applied, Failure
from app.store.weighing import weigh

_PLACED = frozenset(("new", "changed", "retouched"))
_MASK = (1 << PREFIX_BITS) - 1


class Applying:
    """Writes pages down; holds what is the same for all of them."""

    def __init__(self, database: Database, codec: Codec, prefixes: numbering.Prefixes) -> None:
        self._database = database
        self._codec = codec
        self._prefixes = prefixes

    def apply(
        self,
        repository_id: int,
        harvest_id: int | None,
        worker: str,
        changes: Sequence[Change],
        *,
        counts: Counts,
        checkpoint: Checkpoint | None,
        failures: Sequence[Failure],
        listed: Listed | None = None,
        requests: Sequence[Sent] = (),
        last_request: str = "",
    ) -> Applied:
        """Write a page in one transaction; see `Records.apply`."""
        latest = {change.local_id: change for change in changes}
        packed = pack(self._codec, tuple(latest.values()))
        dialect, asked = self._database.dialect, False
        with self._database.write() as connection:
            private = not hold(connection, repository_id)
            now = dialect.now(connection)
            if harvest_id is not None:
                asked = ledger.note_page(
                    connection, dialect, clock.seconds(now), harvest_id, worker, counts,
                    checkpoint, last_request,
                )  # fmt: skip
                note_failures(connection, harvest_id, failures)
                note_requests(connection, harvest_id, requests)
            if listed is not None and harvest_id is not None:
                looks.note_listed(connection, dialect, repository_id, harvest_id, listed)
            given = self._changes(connection, now, repository_id, harvest_id, packed, private)
        return Applied(stamping.confirm(self._database, given) if given else None, asked)

    def _changes(
        self, connection: Connection, now: datetime, repository_id: int, harvest_id: int | None,
        packed: Sequence[PackedChange], private: bool,  # noqa: FBT001
    ) -> Stamping | None:  # fmt: skip
        if not packed:
            return None
        held = self._held(connection, [one.change.local_id for one in packed])
        page = self._page(connection, now, repository_id, harvest_id, packed, held, private)
        numbers = self._numbers(connection, packed, held)
        rows = _weigh(page, packed, held, numbers)
        dialect = self._database.dialect
        link_shift.take_turn(connection, dialect)
        writing.write(connection, dialect, rows)
        severities = _severities(packed)
        ledger.note_changes(connection, dialect, page.now, repository_id, rows, severities)
        link_shift.change(connection, dialect, page.now, _linked(page, packed, held, numbers))
        if not rows.touched:
            return None
        return stamping.finish(connection, self._database, page.stamp, rows.touched, harvest_id)

    def _held(self, connection: Connection, local_ids: Sequence[str]) -> dict[str, Held]:
        """Look up what the store holds of these records, and their formats if there are any."""
        dialect = self._database.dialect
        found = HELD.run(connection, dialect, dialect.many_values(local_ids))
        held = {local_id: Held(*rest) for local_id, *rest in found}
        if held:
            self._formats(connection, {one.id: one for one in held.values()})
        return held

    def _formats(self, connection: Connection, by_id: dict[int, Held]) -> None:
        dialect, numbers = self._database.dialect, self._prefixes.names(connection)
        keys = [number << PREFIX_BITS | prefix for number in by_id for prefix in numbers]
        for key, stamp, deleted, digest in FORMATS.run(
            connection, dialect, dialect.many_values(keys)
        ):
            form = Format(stamp, bool(deleted), digest)
            by_id[key >> PREFIX_BITS].formats[key & _MASK] = form

    def _page(
        self, connection: Connection, now: datetime, repository_id: int, harvest_id: int | None,
        packed: Sequence[PackedChange], held: dict[str, Held], private: bool,  # noqa: FBT001
    ) -> Page:  # fmt: skip
        before = {one.sets for one in held.values() if one.seen}
        visible = {local_id for local_id, one in held.items() if one.formats}
        shown = {
            one.sets
            for one in packed
            if not private
            if one.renderings or (one.change.local_id in visible and one.change.kind in _PLACED)
        }
        numbers = numbering.ensure_sets(connection, self._database, shown | before, repository_id)
        wanted = {prefix for one in packed for prefix in one.renderings}
        prefixes = self._prefixes.ensure(connection, wanted)
        stamp = stamping.next_stamp(now, stamping.newest(connection))
        place = numbering.placer(numbers)
        return Page(repository_id, harvest_id, clock.seconds(now), stamp, prefixes, place, private)

    def _numbers(
        self, connection: Connection, packed: Sequence[PackedChange], held: dict[str, Held]
    ) -> dict[str, int]:
        """Return numbers for the records that are new."""
        new = [
            one.change.local_id
            for one in packed
            if one.change.local_id not in held and one.change.kind != RENDERED
        ]
        drawn = self._database.dialect.allocate(connection, records, len(new)) if new else ()
        return dict(zip(new, drawn, strict=True))


def _weigh(
    page: Page, packed: Sequence[PackedChange], held: dict[str, Held], numbers: dict[str, int]
) -> Rows:
    rows = Rows()
    for one in packed:
        local_id = one.change.local_id
        there = held.get(local_id)
        if one.change.kind == RENDERED:
            weigh_rendered(rows, page, one, there)
        else:
            weigh(rows, page, one, there, there.id if there else numbers[local_id])
    return rows


def _linked(
    page: Page, packed: Sequence[PackedChange], held: dict[str, Held], numbers: dict[str, int]
) -> list[link_shift.Given]:
    """Return what the changes mean for links and copies."""
    found = []
    for one in packed:
        local_id = one.change.local_id
        there = held.get(local_id)
        number = there.id if there else numbers.get(local_id, 0)
        given = link_effects.given(one.change, there, number, private=page.private)
        if given is not None:
            found.append(given)
    return found


def _held_query(dialect: type[Dialect]) -> Select[Any]:
    columns = records.c
    return select(
        columns.local_id, columns.id, columns.state, columns.sets, columns.stamp, columns.rules,
        columns.quarantine, columns.withdrawal,
    ).where(dialect.among(columns.local_id, "ids"))  # fmt: skip


def _formats_query(dialect: type[Dialect]) -> Select[Any]:
    columns = renderings.c
    query = select(columns.id, columns.stamp, columns.deleted, columns.digest)
    return query.where(dialect.among(columns.id, "keys"))


HELD, FORMATS = Lookup(_held_query), Lookup(_formats_query)


def _severities(packed: Sequence[PackedChange]) -> dict[str, str]:
    return {problem.rule: problem.severity for one in packed for problem in one.change.problems}
