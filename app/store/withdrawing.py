"""What an operator takes out of the lists, whatever harvests say, and puts back.

A record that is withdrawn, or merged into another, keeps all there is to it, and harvests keep that
up to date; lists show its tombstone from then on. Works in pieces of one transaction each; each
holds its repository, so that a harvest and an operator never write the same record at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, bindparam, insert, select, update

from app import clock
from app.errors import NotFound, Refused
from app.store import ledger, numbering, stamping, writing
from app.store.applying import FORMATS
from app.store.bulk import updated
from app.store.codec import Codec, DamagedBytes
from app.store.database import AnyRow, Database
from app.store.effects import PREFIX_BITS, Format, Held, Page, Placing, Rows
from app.store.found import STORED, stored
from app.store.harvests import hold
from app.store.links import shift as link_shift
from app.store.links.effects import of_resource
from app.store.links.tables import HIDDEN
from app.store.numbering import Prefixes
from app.store.packing import Face, of_face, unpack_face, unpack_reading
from app.store.showing import FACED, seen_as, summary_of
from app.store.stamping import Stamping
from app.store.states import NAMES
from app.store.tables import broken_rules, contents, records, repositories
from app.store.values import StoredRecord
from app.store.withdrawal_tables import MERGED, NOT_WITHDRAWN, WITHDRAWN, withdrawals

PIECE = 500
"""Records of one transaction."""
_R, _W, _P = records.c, withdrawals.c, repositories.c
_MASK = (1 << PREFIX_BITS) - 1
_HELD = (_R.id, _R.state, _R.sets, _R.stamp, _R.rules, _R.quarantine, _R.withdrawal)
_PLACED = updated(records, ("stamp", "withdrawal"))
_COUNTED = (
    update(repositories)
    .where(_P.id == bindparam("key"))
    .values(withdrawn=_P.withdrawn + bindparam("more"))
)


class Withdrawal(Struct, frozen=True):
    """What an operator did with a record, and whether it still holds."""

    kind: str
    """`withdrawn` or `merged`."""
    at: datetime
    by: str
    reason: str
    """For operators; never shown to others."""
    public_reason: str
    successor: str = ""
    """Local id of the record that it was merged into."""
    ended_at: datetime | None = None
    """When an operator took it back."""
    ended_by: str = ""


class Why(Struct, frozen=True):
    """Who hides a record, and why; public_reason: what everyone is told."""

    by: str
    reason: str = ""
    public_reason: str = ""


class _One(Struct):
    """A record that is hidden or shown again, with what it needs of its contents."""

    held: Held
    local_id: str
    identifier: str
    face: Face | None
    reading: bytes | None


class Withdrawals:
    """Withdraws, merges and restores records."""

    def __init__(self, database: Database, codec: Codec, prefixes: Prefixes) -> None:
        self._database = database
        self._codec = codec
        self._prefixes = prefixes

    # ── what is so ───────────────────────────────────────────────────────────────────────────

    def history(self, record_id: int) -> tuple[Withdrawal, ...]:
        """Return all that operators did with a record, the oldest first."""
        into = records.alias("into")
        name = select(into.c.local_id).where(into.c.id == _W.successor).scalar_subquery()
        columns = (_W.kind, _W.began_at, _W.began_by, _W.reason, _W.public_reason)
        query = select(*columns, name, _W.ended_at, _W.ended_by).where(_W.record_id == record_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_W.id)).all()
        return tuple(Withdrawal(*row[:5], row[5] or "", *row[6:]) for row in rows)

    def successor(self, record_id: int) -> StoredRecord | None:
        """Return the record that a merged one leads to in the end; None for one not merged."""
        found, met = None, {record_id}
        with self._database.read() as connection:
            while True:
                row = connection.execute(_INTO, {"key": record_id}).first()
                if row is None or row.id in met:
                    return found
                found, record_id = stored(row), row.id
                met.add(record_id)

    # ── what an operator does ────────────────────────────────────────────────────────────────

    def withdraw(self, record_ids: Collection[int], why: Why) -> int:
        """Hide records, with a reason; return how many were not hidden already.

        What was listed becomes a tombstone. One that was never shown is passed over.
        """
        return sum(self._pieces(record_ids, WITHDRAWN, why, None))

    def merge(self, old: int, into: int, why: Why) -> None:
        """Let a record's addresses lead to another one of its repository from now on.

        Raises Refused where that makes no sense, NotFound for a record that is not there.
        """
        with self._database.read() as connection:
            query = select(_R.repository_id, _R.state, _R.withdrawal, _R.local_id)
            rows = [connection.execute(query.where(_R.id == n)).first() for n in (old, into)]
        _require_mergeable(old, into, rows)
        sum(self._pieces((old,), MERGED, why, into))

    def restore(self, record_ids: Collection[int], by: str) -> int:
        """Show records again as their repositories have them by now; return how many were hidden.

        One that its repository deleted meanwhile stays a tombstone. Takes back merges, too.
        """
        return sum(self._pieces(record_ids, NOT_WITHDRAWN, Why(by), None))

    def _pieces(
        self, record_ids: Collection[int], kind: int, why: Why, successor: int | None
    ) -> Iterator[int]:
        owners: dict[int, list[int]] = {}
        ids = sorted(set(record_ids))
        for start in range(0, len(ids), PIECE):
            piece = self._owned(ids[start : start + PIECE])
            for number, owner in piece:
                owners.setdefault(owner, []).append(number)
        for owner, numbers in owners.items():
            for start in range(0, len(numbers), PIECE):
                done, given = self._piece(
                    owner, numbers[start : start + PIECE], kind, why, successor
                )
                if given is not None:
                    stamping.confirm(self._database, given)
                yield done

    def _owned(self, ids: Sequence[int]) -> Sequence[tuple[int, int]]:
        dialect = self._database.dialect
        query = select(_R.id, _R.repository_id).where(dialect.among(_R.id, "ids"))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_R.id), {"ids": dialect.many_values(ids)})
            return [(row.id, row.repository_id) for row in rows]

    def _piece(
        self, owner: int, ids: Sequence[int], kind: int, why: Why, successor: int | None
    ) -> tuple[int, Stamping | None]:
        """Hide or show some records of a repository; return how many, and their datestamp."""
        database, dialect = self._database, self._database.dialect
        with database.write() as connection:
            private = not hold(connection, owner)
            now = dialect.now(connection)
            found = [one for one in self._there(connection, ids) if _is_wanted(one.held, kind)]
            if not found:
                return 0, None
            page = self._page(connection, owner, found, now, private=private)
            link_shift.take_turn(connection, dialect)
            rows = self._write(connection, page, found, kind)
            self._note(connection, page, found, now, kind, why, successor)
            changed = [self._seen(one, page, kind) for one in found]
            link_shift.change(connection, dialect, page.now, changed)
            given = None
            if rows.touched:
                given = stamping.finish(connection, database, page.stamp, rows.touched, None)
        return len(found), given

    def _there(self, connection: Connection, ids: Sequence[int]) -> list[_One]:
        dialect = self._database.dialect
        query = (
            select(_R.local_id, _R.identifier, contents.c.face, contents.c.reading, *_HELD)
            .outerjoin(contents, contents.c.record_id == _R.id)
            .where(dialect.among(_R.id, "ids"))
            .order_by(_R.id)
        )
        rows = connection.execute(query, {"ids": dialect.many_values(ids)}).all()
        found = [
            _One(Held(*held), name, given, unpack_face(face) if face else None, reading)
            for name, given, face, reading, *held in rows
        ]
        by_id = {one.held.id: one.held for one in found}
        prefixes = self._prefixes.names(connection)
        keys = [number << PREFIX_BITS | prefix for number in by_id for prefix in prefixes]
        for key, stamp, deleted, digest in FORMATS.run(
            connection, dialect, dialect.many_values(keys)
        ):
            by_id[key >> PREFIX_BITS].formats[key & _MASK] = Format(stamp, bool(deleted), digest)
        return found

    def _page(
        self, connection: Connection, owner: int, found: Sequence[_One], now: datetime,
        *, private: bool,
    ) -> Page:  # fmt: skip
        texts = {one.held.sets for one in found}
        texts |= {one.face.sets for one in found if one.face is not None}
        numbers = numbering.ensure_sets(connection, self._database, texts, owner)
        stamp = stamping.next_stamp(now, stamping.newest(connection))
        place = numbering.placer(numbers)
        return Page(owner, None, clock.seconds(now), stamp, {}, place, private)

    def _write(self, connection: Connection, page: Page, found: Sequence[_One], kind: int) -> Rows:
        """Write what becomes of the records and of the counts of their repository."""
        dialect, rows, placed, faced = self._database.dialect, Rows(), [], []
        for one in found:
            placing = Placing(rows, page, one.held, one.held.id)
            placing.newest = one.held.stamp
            comes = kind == NOT_WITHDRAWN and one.held.state == "live" and not page.private
            if kind != NOT_WITHDRAWN:
                placing.withdraw()
            elif comes:
                placing.show(one.held.sets if one.face is None else one.face.sets)
            placed.append((placing.newest, kind, one.held.id))
            _count(rows, one.held, kind)
            if comes and one.face is not None:
                rows.faces.append((None, one.held.id))
                faced.append((one.face.sets, *summary_of(one.face), one.held.id))
                known = of_face(one.face, one.local_id, one.identifier)
                rows.searched.append((one.held.id, known))
        writing.write(connection, dialect, rows)
        _PLACED.run(connection, dialect, placed)
        FACED.run(connection, dialect, faced)
        severities = self._severities(connection, page, rows)
        ledger.note_changes(connection, dialect, page.now, page.repository_id, rows, severities)
        return rows

    def _severities(self, connection: Connection, page: Page, rows: Rows) -> dict[str, str]:
        """Return what is known of the gravity of rules: readings are not read again for it."""
        query = select(broken_rules.c.rule, broken_rules.c.severity).where(
            broken_rules.c.repository_id == page.repository_id
        )
        return dict(connection.execute(query).all()) if rows.rules else {}

    def _note(
        self, connection: Connection, page: Page, found: Sequence[_One], now: datetime,
        kind: int, why: Why, successor: int | None,
    ) -> None:  # fmt: skip
        """Write down who did it, when and why; count what is withdrawn."""
        was = sum(one.held.withdrawal == WITHDRAWN for one in found)
        more = len(found) * (kind == WITHDRAWN) - was
        connection.execute(_COUNTED, {"key": page.repository_id, "more": more})
        dialect = self._database.dialect
        mine = update(withdrawals).where(dialect.among(_W.record_id, "ids"), _W.ended_at.is_(None))
        ids = dialect.many_values([one.held.id for one in found])
        connection.execute(mine.values(ended_at=now, ended_by=why.by), {"ids": ids})
        if kind == NOT_WITHDRAWN:
            return
        row = {
            "kind": NAMES[kind], "began_at": now, "began_by": why.by, "reason": why.reason,
            "public_reason": why.public_reason, "successor": successor, "ended_by": "",
        }  # fmt: skip
        connection.execute(insert(withdrawals), [row | {"record_id": o.held.id} for o in found])

    def _seen(self, one: _One, page: Page, kind: int) -> link_shift.Given:
        """Return what the record is to visitors, and what it states, from now on."""
        held = one.held
        held.withdrawal = kind
        state = HIDDEN if page.private else seen_as(held)
        if kind != NOT_WITHDRAWN:
            return link_shift.Given(held.id, state, link_shift.ENDED)
        if held.state != "live":
            return link_shift.Given(held.id, state, link_shift.TURNED)
        return link_shift.Given(
            held.id, state, link_shift.STATED, of_resource(self._resource(one.reading))
        )

    def _resource(self, reading: bytes | None) -> bytes | None:
        try:
            return unpack_reading(self._codec, reading).resource
        except DamagedBytes:
            return None


def _is_wanted(held: Held, kind: int) -> bool:
    """Tell whether there is something to do: never twice, and not of what was never shown."""
    if kind == NOT_WITHDRAWN:
        return held.withdrawal != NOT_WITHDRAWN
    shown = held.state in {"live", "deleted"}
    return shown and held.withdrawal != kind and held.withdrawal != MERGED


def _count(rows: Rows, held: Held, kind: int) -> None:
    """Count a record that is hidden, or shown again, out or in; one hidden before is out."""
    if (held.withdrawal == NOT_WITHDRAWN) == (kind == NOT_WITHDRAWN):
        return
    sign = 1 if kind == NOT_WITHDRAWN else -1
    if held.state not in {"live", "deleted"}:
        return
    rows.counts[held.state] += sign
    for rule in held.rules.split():
        rows.rules[rule] = rows.rules.get(rule, 0) + sign
    if held.state == "live":
        rows.counts["changed" if sign > 0 else "removed"] += 1


def _require_mergeable(old: int, into: int, rows: Sequence[AnyRow | None]) -> None:
    if rows[0] is None or rows[1] is None:
        raise NotFound("There is no such record.")
    gone, stays = rows[0], rows[1]
    if old == into:
        raise Refused("A record cannot be merged into itself.")
    if gone.repository_id != stays.repository_id:
        raise Refused("Only records of one repository can be merged.")
    if stays.state != "live" or stays.withdrawal != NOT_WITHDRAWN:
        raise Refused(f"{stays.local_id} is not live: records are merged into live ones only.")
    if gone.state not in {"live", "deleted"}:
        raise Refused(f"{gone.local_id} was never shown: there is nothing to lead on from.")
    if gone.withdrawal == MERGED:
        raise Refused(f"{gone.local_id} is merged already; take that back first.")


_INTO = STORED.where(
    _R.id
    == select(_W.successor)
    .where(_W.record_id == bindparam("key"), _W.ended_at.is_(None))
    .where(_W.kind == NAMES[MERGED])
    .scalar_subquery()
)
