"""Work for workers: submitted once, claimed by one, taken up again when its worker is gone.

These rows are the truth about work, whichever engine carries it: which lock is held, who waits, how
each ended. Whatever frees a lock or queues work does so under one lock of the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import (
    Connection,
    case,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)

from app.errors import LeaseLost, NotFound, Refused
from app.store.database import AnyRow, Database
from app.store.tables import jobs
from app.store.values import Job

LOCK = 0x6A6F6273
"""Key of the lock under which jobs change."""
PRUNED_AT_ONCE = 5000
_J = jobs.c
_FIELDS = tuple(_J[name] for name in Job.__struct_fields__)
_ENDED = ("done", "failed", "cancelled")
# written out, so that the databases see that an index of only such rows holds what is asked for
_QUEUED = _J.state == literal_column("'queued'")
_RUNNING = _J.state == literal_column("'running'")
_LOCKED = _J.lock != literal_column("''")
_HELD = select(_J.lock).where(_RUNNING, _LOCKED)
_WAITING = select(_J.id, _J.kind, _J.arguments, _J.lock, _J.priority, _J.run_at).where(
    _QUEUED, _LOCKED
)
_ORDER = (_J.priority.desc(), _J.run_at, _J.id)
_encode = msgspec.json.Encoder(order="deterministic").encode


class JobRow(Struct, frozen=True):
    """All that is known of a job."""

    id: int
    kind: str
    arguments: str
    lock: str
    priority: int
    state: str
    run_at: datetime | None
    worker: str
    attempts: int
    submitted_at: datetime | None
    heartbeat_at: datetime | None
    finished_at: datetime | None
    error: str
    asked_to_end: bool


class Work(Struct, frozen=True):
    """A job that is to be submitted."""

    kind: str
    arguments: Mapping[str, Any]
    lock: str = ""
    priority: int = 0


class Jobs:
    """The queue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submit(
        self,
        kind: str,
        arguments: Mapping[str, Any],
        *,
        lock: str = "",
        priority: int = 0,
        run_at: datetime | None = None,
        unique: bool = True,
    ) -> int:
        """Add a job; return its number.

        unique: a job of that kind with those arguments that is queued already is taken instead; it
        keeps the higher priority and the earlier time of both.
        """
        work = Work(kind, arguments, lock, priority)
        with self._changing() as connection:
            now = self._database.dialect.now(connection)
            return _put(connection, work, now, run_at or now, unique=unique)

    def put(self, connection: Connection, works: Sequence[Work], now: datetime) -> None:
        """Add jobs with locks that may begin at once, in a transaction of the caller's.

        An equal one that is queued already is taken instead, as `submit` does.
        """
        if not works:
            return
        dialect = self._database.dialect
        dialect.lock(connection, LOCK)
        locks = sorted({work.lock for work in works})
        query = _WAITING.where(dialect.among(_J.lock, "locks"))
        found = connection.execute(query, {"locks": dialect.many_values(locks)})
        queued = {(row.kind, row.arguments, row.lock): row for row in found}
        rows = []
        for work in works:
            text = _encode(work.arguments).decode()
            there = queued.get((work.kind, text, work.lock))
            if there is not None:
                _hasten(connection, there, work.priority, now)
            else:
                rows.append(
                    {"kind": work.kind, "arguments": text, "lock": work.lock, "state": "queued",
                     "priority": work.priority, "run_at": now, "submitted_at": now}
                )  # fmt: skip
        if rows:
            connection.execute(insert(jobs), rows)

    def claim(self, worker: str, kinds: Collection[str], now: datetime) -> Job | None:
        """Take the next job of some kinds whose lock is free; None if there is none."""
        due = select(*_FIELDS).where(*_free(kinds, now)).order_by(*_ORDER).limit(1)
        with self._database.read() as connection:
            if connection.execute(due).first() is None:
                return None
        with self._changing() as connection:
            row = connection.execute(due).first()
            return None if row is None else self._start(connection, row.id, worker)

    def take(self, number: int, worker: str, kinds: Collection[str], now: datetime) -> Job | None:
        """Take one job; None if it is not queued, not due, or its lock is not free."""
        due = select(_J.id).where(_J.id == number, *_free(kinds, now))
        with self._changing() as connection:
            if connection.execute(due).first() is None:
                return None
            return self._start(connection, number, worker)

    def hold(self, kind: str, arguments: Mapping[str, Any], lock: str, worker: str) -> Job:
        """Submit a job and take it at once; raises Refused that names who holds its lock."""
        text = _encode(arguments).decode()
        with self._changing() as connection:
            held = connection.execute(
                select(*_FIELDS).where(_RUNNING, _LOCKED, _J.lock == lock)
            ).first()
            if held is not None:
                raise Refused(
                    f"{lock} is held: {held.worker} runs {held.kind} {held.arguments} "
                    f"(job {held.id})."
                )
            queued = _queued(connection, kind, text, lock)
            now = self._database.dialect.now(connection)
            number = queued.id if queued else _insert(
                connection, kind=kind, arguments=text, lock=lock, state="queued", run_at=now,
                submitted_at=now,
            )  # fmt: skip
            return self._start(connection, number, worker)

    def _start(self, connection: Connection, number: int, worker: str) -> Job:
        now = self._database.dialect.now(connection)
        values = {"state": "running", "worker": worker, "heartbeat_at": now,
                  "attempts": _J.attempts + 1}  # fmt: skip
        connection.execute(update(jobs).where(_J.id == number).values(values))
        return _value(connection.execute(select(*_FIELDS).where(_J.id == number)).one())

    def heartbeat(self, number: int, worker: str) -> bool:
        """Say that the worker is alive; tells whether a person asked the job to end.

        Raises LeaseLost if the job is no longer its own.
        """
        with self._database.write() as connection:
            now = self._database.dialect.now(connection)
            _mine(connection, number, worker, {"heartbeat_at": now})
            asked = select(_J.asked_to_end).where(_J.id == number)
            return bool(connection.execute(asked).scalar_one())

    def finish(self, number: int, worker: str, *, error: str = "", state: str = "") -> None:
        """End a job, well, with an error or in another state.

        Raises LeaseLost if it is no longer the worker's.
        """
        ended = state or ("failed" if error else "done")
        with self._changing() as connection:
            now = self._database.dialect.now(connection)
            _mine(connection, number, worker, {"state": ended, "error": error, "finished_at": now})

    def retry(self, number: int, worker: str, run_at: datetime, error: str) -> None:
        """Put a job back into the queue for later; one that was asked to end is cancelled.

        Raises LeaseLost.
        """
        with self._changing() as connection:
            now = self._database.dialect.now(connection)
            values = _again(now) | {"run_at": run_at, "error": error}
            _mine(connection, number, worker, values)

    def reclaim(self, before: datetime) -> int:
        """Put jobs back whose worker was last heard of before a moment; return how many."""
        stale = (_RUNNING, _J.heartbeat_at < before)
        with self._database.read() as connection:
            if connection.execute(select(_J.id).where(*stale).limit(1)).first() is None:
                return 0
        with self._changing() as connection:
            now = self._database.dialect.now(connection)
            values = _again(now) | {"error": "The worker went away."}
            return connection.execute(update(jobs).where(*stale).values(values)).rowcount

    def stalled(self, before: datetime) -> bool:
        """Tell whether a job runs whose worker was last heard of before a moment."""
        stale = select(_J.id).where(_RUNNING, _J.heartbeat_at < before).limit(1)
        with self._database.read() as connection:
            return connection.execute(stale).first() is not None

    def cancel(self, number: int) -> JobRow:
        """Take a queued job back, or ask a running one to end at its next safe place.

        Raises NotFound, and Refused when it has ended.
        """
        with self._changing() as connection:
            row = _row(connection, number)
            if row.state in _ENDED:
                raise Refused(f"Job {number} has ended: {row.state}.")
            now = self._database.dialect.now(connection)
            if row.state == "queued":
                values = {"state": "cancelled", "finished_at": now}
            else:
                values = {"asked_to_end": True}
            connection.execute(update(jobs).where(_J.id == number).values(values))
            return _row(connection, number)

    def get(self, number: int) -> JobRow:
        """Return a job; raises NotFound."""
        with self._database.read() as connection:
            return _row(connection, number)

    def list(self, *, states: Collection[str] = (), limit: int = 50) -> tuple[JobRow, ...]:
        """Return jobs: those that run, those that wait in their order, those that ended last."""
        shown = case({"running": 0, "queued": 1}, value=_J.state, else_=2)
        waiting = case((_QUEUED, -_J.priority), else_=0)
        query = select(*_ALL).order_by(shown, waiting, _J.finished_at.desc(), _J.run_at, _J.id)
        if states:
            query = query.where(_J.state.in_(sorted(states)))
        with self._database.read() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return tuple(JobRow(*row) for row in rows)

    def others_wait(self, kind: str, now: datetime) -> bool:
        """Tell whether a job of a kind could begin at once if there were a worker for it."""
        return self.wait((kind,), now)

    def wait(self, kinds: Collection[str], now: datetime) -> bool:
        """Tell whether a job of some kinds could begin at once if there were a worker for it."""
        with self._database.read() as connection:
            query = select(_J.id).where(*_free(kinds, now)).limit(1)
            return connection.execute(query).first() is not None

    def counts(self) -> dict[str, int]:
        """Return how many jobs there are in each state."""
        query = select(_J.state, func.count()).group_by(_J.state)
        with self._database.read() as connection:
            return dict(connection.execute(query).all())

    def prune(self, before: datetime) -> int:
        """Forget jobs that ended before a moment, some thousands at a time; return how many."""
        old = select(_J.id).where(_J.finished_at < before, _J.state.in_(_ENDED))
        with self._database.read() as connection:
            if connection.execute(old.limit(1)).first() is None:
                return 0
        number = 0
        while True:
            with self._database.write() as connection:
                some = delete(jobs).where(_J.id.in_(old.limit(PRUNED_AT_ONCE)))
                gone = connection.execute(some).rowcount
            number += gone
            if gone < PRUNED_AT_ONCE:
                return number

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        """A transaction in which nobody else submits, claims or frees a lock."""
        with self._database.write() as connection:
            self._database.dialect.lock(connection, LOCK)
            yield connection


_ALL = tuple(_J[name] for name in JobRow.__struct_fields__)


def _put(
    connection: Connection, work: Work, now: datetime, run_at: datetime, *, unique: bool
) -> int:
    text = _encode(work.arguments).decode()
    queued = _queued(connection, work.kind, text, work.lock) if unique else None
    if queued is None:
        return _insert(
            connection, kind=work.kind, arguments=text, lock=work.lock, priority=work.priority,
            state="queued", run_at=run_at, submitted_at=now,
        )  # fmt: skip
    _hasten(connection, queued, work.priority, run_at)
    number: int = queued.id
    return number


def _free(kinds: Collection[str], now: datetime) -> tuple[Any, ...]:
    """Return what makes a job one that can begin."""
    return (_QUEUED, _J.kind.in_(sorted(kinds)), _J.run_at <= now, _J.lock.not_in(_HELD))


def _again(now: datetime) -> dict[str, Any]:
    """Return what a job becomes that its worker lets go of: queued, or ended if so asked."""
    return {
        "state": case((_J.asked_to_end, "cancelled"), else_="queued"),
        "finished_at": case((_J.asked_to_end, literal(now, _J.finished_at.type)), else_=None),
        "worker": "",
    }


def _queued(connection: Connection, kind: str, arguments: str, lock: str) -> AnyRow | None:
    """Return the job that waits for the same work; jobs of the same work have the same lock."""
    same = (_QUEUED, _J.lock == lock, _J.kind == kind, _J.arguments == arguments)
    query = select(_J.id, _J.priority, _J.run_at).where(*same, *([_LOCKED] if lock else []))
    return connection.execute(query.order_by(_J.id)).first()


def _hasten(connection: Connection, queued: AnyRow, priority: int, run_at: datetime) -> None:
    """Let a job that waits have the higher priority and the earlier time."""
    if priority > queued.priority or run_at < queued.run_at:
        values = {"priority": max(priority, queued.priority), "run_at": min(run_at, queued.run_at)}
        connection.execute(update(jobs).where(_J.id == queued.id).values(values))


def _insert(connection: Connection, **values: Any) -> int:
    done = connection.execute(insert(jobs).values(values))
    assert done.inserted_primary_key
    number: int = done.inserted_primary_key[0]
    return number


def _mine(connection: Connection, number: int, worker: str, values: dict[str, Any]) -> None:
    mine = (_J.id == number, _J.worker == worker, _RUNNING)
    if connection.execute(update(jobs).where(*mine).values(values)).rowcount == 0:
        raise LeaseLost(f"Job {number} is no longer run by {worker}: another worker has taken it.")


def _row(connection: Connection, number: int) -> JobRow:
    row = connection.execute(select(*_ALL).where(_J.id == number)).first()
    if row is None:
        raise NotFound(f"There is no job {number}.")
    return JobRow(*row)


def _value(row: AnyRow) -> Job:
    fields = dict(row._mapping)
    fields["arguments"] = fields["arguments"].encode()
    return Job(**fields)
