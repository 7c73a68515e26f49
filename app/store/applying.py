"""The page transaction: all that a page of a harvest changes, or nothing of it.

Large parts are packed before the transaction begins, so that the lock of the database is held for
the writing only; the datestamps come last. One look-up serves the whole page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, case, func, select, update

from app import clock
from app.errors import NotFound
from app.record import Change, Checkpoint, Counts
from app.store import numbering, stamping, writing
from app.store.codec import Codec
from app.store.database import Database
from app.store.effects import PREFIX_BITS, Format, Held, Page, Rows, weigh
from app.store.harvests import COUNTS, note_failures, renew
from app.store.packing import PackedChange, pack
from app.store.stamping import Stamping
from app.store.tables import (
    broken_rules,
    days,
    harvests,
    records,
    renderings,
    repositories,
    windows,
)
from app.store.values import Failure

_DAY = 86400
_DAILY = ("added", "changed", "removed")
_KEPT = ("live", "deleted", "quarantined")
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
    ) -> int | None:
        """Write a page in one transaction; see `Records.apply`."""
        latest = {change.local_id: change for change in changes}
        packed = [pack(self._codec, change) for change in latest.values()]
        with self._database.write() as connection:
            self._hold(connection, repository_id)
            if harvest_id is not None:
                self._ledger(connection, harvest_id, worker, counts, checkpoint)
                note_failures(connection, harvest_id, failures)
            given = self._changes(connection, repository_id, harvest_id, packed)
        return stamping.confirm(self._database, given) if given else None

    def _hold(self, connection: Connection, repository_id: int) -> None:
        """Lock the repository's row: what changes its records goes one at a time."""
        row = select(repositories.c.id).where(repositories.c.id == repository_id)
        if connection.execute(row.with_for_update()).first() is None:
            raise NotFound(f"There is no repository number {repository_id}.")

    def _ledger(
        self, connection: Connection, harvest_id: int, worker: str, counts: Counts,
        checkpoint: Checkpoint | None,
    ) -> None:  # fmt: skip
        now = self._database.dialect.now(connection)
        values: dict[str, Any] = {
            column.name: column + number
            for column, number in zip(COUNTS, counts.values(), strict=True)
            if number
        }
        values["heartbeat_at"] = now
        if checkpoint is not None:
            self._window(connection, checkpoint, clock.seconds(now))
            values["told"] = (
                select(func.sum(windows.c.told))
                .where(windows.c.harvest_id == harvest_id)
                .scalar_subquery()
            )
            first = harvests.c.response_date
            values["response_date"] = case((first == "", checkpoint.response_date), else_=first)
        renew(connection, harvest_id, worker, values)

    def _window(self, connection: Connection, checkpoint: Checkpoint, now: int) -> None:
        key = {
            "harvest_id": checkpoint.harvest, "set_spec": checkpoint.set_spec,
            "prefix": checkpoint.prefix, "from_": checkpoint.from_, "until": checkpoint.until,
        }  # fmt: skip
        state = {
            "state": "closed" if checkpoint.closed else "open", "token": checkpoint.token,
            "token_expires": checkpoint.token_expires, "token_at": clock.moment(now),
            "response_date": checkpoint.response_date, "told": checkpoint.told,
            "pages": checkpoint.pages, "listed": checkpoint.listed, "reason": checkpoint.reason,
        }  # fmt: skip
        row = self._database.dialect.insert(windows).values(key | state)
        connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=state))

    def _changes(
        self, connection: Connection, repository_id: int, harvest_id: int | None,
        packed: Sequence[PackedChange],
    ) -> Stamping | None:  # fmt: skip
        if not packed:
            return None
        held = self._held(connection, [one.change.local_id for one in packed])
        page = self._page(connection, repository_id, harvest_id, packed, held)
        rows = self._weigh(connection, page, packed, held)
        writing.write(connection, self._database.dialect, rows)
        self._count(connection, page, rows, _severities(packed))
        if not rows.touched:
            return None
        return stamping.finish(connection, self._database, page.stamp, rows.touched, harvest_id)

    def _held(self, connection: Connection, local_ids: Sequence[str]) -> dict[str, Held]:
        """Look up what the store holds of these records, and their formats if there are any."""
        dialect = self._database.dialect
        columns = records.c
        query = select(
            columns.local_id, columns.id, columns.state, columns.sets, columns.stamp,
            columns.rules, columns.quarantine,
        ).where(dialect.among(columns.local_id, "ids"))  # fmt: skip
        found = connection.execute(query, {"ids": dialect.many_values(local_ids)}).all()
        held = {local_id: Held(*rest) for local_id, *rest in found}
        if held:
            self._formats(connection, {one.id: one for one in held.values()})
        return held

    def _formats(self, connection: Connection, by_id: dict[int, Held]) -> None:
        columns, dialect = renderings.c, self._database.dialect
        numbers = self._prefixes.names(connection)
        keys = [number << PREFIX_BITS | prefix for number in by_id for prefix in numbers]
        query = select(columns.id, columns.stamp, columns.deleted, columns.digest)
        query = query.where(dialect.among(columns.id, "keys"))
        for key, stamp, deleted, digest in connection.execute(
            query, {"keys": dialect.many_values(keys)}
        ):
            form = Format(stamp, deleted, digest)
            by_id[key >> PREFIX_BITS].formats[key & _MASK] = form

    def _page(
        self, connection: Connection, repository_id: int, harvest_id: int | None,
        packed: Sequence[PackedChange], held: dict[str, Held],
    ) -> Page:  # fmt: skip
        before = {one.sets for one in held.values() if one.formats}
        visible = {local_id for local_id, one in held.items() if one.formats}
        shown = {
            one.sets
            for one in packed
            if one.renderings or (one.change.local_id in visible and one.change.kind in _PLACED)
        }
        numbers = numbering.ensure_sets(connection, self._database, shown | before, repository_id)
        wanted = {prefix for one in packed for prefix in one.renderings}
        prefixes = self._prefixes.ensure(connection, wanted)
        now = self._database.dialect.now(connection)
        stamp = stamping.next_stamp(now, stamping.newest(connection))
        place = numbering.placer(numbers)
        return Page(repository_id, harvest_id, clock.seconds(now), stamp, prefixes, place)

    def _weigh(
        self, connection: Connection, page: Page, packed: Sequence[PackedChange],
        held: dict[str, Held],
    ) -> Rows:  # fmt: skip
        rows = Rows()
        new = [one.change.local_id for one in packed if one.change.local_id not in held]
        drawn = self._database.dialect.allocate(connection, records, len(new)) if new else ()
        numbers = dict(zip(new, drawn, strict=True))
        for one in packed:
            local_id = one.change.local_id
            there = held.get(local_id)
            weigh(rows, page, one, there, there.id if there else numbers[local_id])
        return rows

    def _count(
        self, connection: Connection, page: Page, rows: Rows, severities: dict[str, str]
    ) -> None:
        count(connection, page.repository_id, rows)
        daily = {name: rows.counts[name] for name in _DAILY}
        if any(daily.values()):
            key: dict[str, Any] = {"repository_id": page.repository_id, "day": page.now // _DAY}
            self._add(connection, days, key, daily)
        for rule, number in sorted(rows.rules.items()):
            if number:
                key = {"repository_id": page.repository_id, "rule": rule}
                extra = {"severity": severities[rule]} if rule in severities else {}
                self._add(connection, broken_rules, key, {"records": number}, extra)

    def _add(
        self, connection: Connection, table: Any, key: dict[str, Any], numbers: dict[str, int],
        extra: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        row = self._database.dialect.insert(table).values(key | numbers | (extra or {}))
        sums = {name: table.c[name] + number for name, number in numbers.items()}
        upsert = row.on_conflict_do_update(index_elements=list(key), set_=sums | (extra or {}))
        connection.execute(upsert)


def count(connection: Connection, repository_id: int, rows: Rows) -> None:
    """Add the differences to the counts of a repository."""
    values = {name: repositories.c[name] + rows.counts[name] for name in _KEPT if rows.counts[name]}
    if values:
        statement = update(repositories).where(repositories.c.id == repository_id)
        connection.execute(statement.values(values))


def _severities(packed: Sequence[PackedChange]) -> dict[str, str]:
    return {problem.rule: problem.severity for one in packed for problem in one.change.problems}
