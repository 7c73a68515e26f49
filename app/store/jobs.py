"""Work for workers: submitted once, claimed by one, taken up again when its worker is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from app.errors import LeaseLost, Refused
from app.store.database import AnyRow, Database
from app.store.tables import jobs
from app.store.values import Job

_LOCK = 0x6A6F6273
_J = jobs.c
_FIELDS = tuple(_J[name] for name in Job.__struct_fields__)
_ENDED = ("done", "failed")
_encode = msgspec.json.Encoder(order="deterministic").encode


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

        unique: a job of that kind with those arguments that is queued already is taken instead.
        """
        text = _encode(arguments).decode()
        with self._changing() as connection:
            queued = _queued(connection, kind, text) if unique else None
            if queued is not None:
                return queued
            now = self._database.dialect.now(connection)
            return _insert(
                connection, kind=kind, arguments=text, lock=lock, priority=priority,
                state="queued", run_at=run_at or now, submitted_at=now,
            )  # fmt: skip

    def claim(self, worker: str, kinds: Collection[str], now: datetime) -> Job | None:
        """Take the next job of some kinds whose lock is free; None if there is none."""
        held = select(_J.lock).where(_J.state == "running", _J.lock != "")
        due = (
            select(*_FIELDS)
            .where(_J.state == "queued", _J.kind.in_(sorted(kinds)), _J.run_at <= now)
            .where(_J.lock.not_in(held))
            .order_by(_J.priority.desc(), _J.run_at, _J.id)
            .limit(1)
        )
        with self._database.read() as connection:
            if connection.execute(due).first() is None:
                return None
        with self._changing() as connection:
            row = connection.execute(due).first()
            return None if row is None else self._start(connection, row.id, worker)

    def hold(self, kind: str, arguments: Mapping[str, Any], lock: str, worker: str) -> Job:
        """Submit a job and take it at once; raises Refused that names who holds its lock."""
        text = _encode(arguments).decode()
        with self._changing() as connection:
            holder = select(*_FIELDS).where(_J.state == "running", _J.lock == lock, _J.lock != "")
            held = connection.execute(holder).first()
            if held is not None:
                raise Refused(
                    f"{lock} is held: {held.worker} runs {held.kind} {held.arguments} "
                    f"(job {held.id})."
                )
            queued = _queued(connection, kind, text)
            now = self._database.dialect.now(connection)
            number = queued or _insert(
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

    def heartbeat(self, number: int, worker: str) -> None:
        """Say that the worker is alive; raises LeaseLost if the job is no longer its own."""
        with self._database.write() as connection:
            now = self._database.dialect.now(connection)
            _mine(connection, number, worker, {"heartbeat_at": now})

    def finish(self, number: int, worker: str, *, error: str = "") -> None:
        """End a job, well or with an error; raises LeaseLost if it is no longer the worker's."""
        with self._database.write() as connection:
            now = self._database.dialect.now(connection)
            state = "failed" if error else "done"
            _mine(connection, number, worker, {"state": state, "error": error, "finished_at": now})

    def retry(self, number: int, worker: str, run_at: datetime, error: str) -> None:
        """Put a job back into the queue for later; raises LeaseLost."""
        values = {"state": "queued", "worker": "", "run_at": run_at, "error": error}
        with self._database.write() as connection:
            _mine(connection, number, worker, values)

    def reclaim(self, before: datetime) -> int:
        """Put jobs back whose worker was last heard of before a moment; return how many."""
        stale = (_J.state == "running", _J.heartbeat_at < before)
        with self._database.read() as connection:
            if connection.execute(select(_J.id).where(*stale).limit(1)).first() is None:
                return 0
        values = {"state": "queued", "worker": "", "error": "The worker went away."}
        with self._changing() as connection:
            return connection.execute(update(jobs).where(*stale).values(values)).rowcount

    def others_wait(self, kind: str, now: datetime) -> bool:
        """Tell whether a job of a kind could begin at once if there were a worker for it."""
        held = select(_J.lock).where(_J.state == "running", _J.lock != "")
        due = (_J.state == "queued", _J.kind == kind, _J.run_at <= now, _J.lock.not_in(held))
        with self._database.read() as connection:
            return connection.execute(select(_J.id).where(*due).limit(1)).first() is not None

    def counts(self) -> dict[str, int]:
        """Return how many jobs there are in each state."""
        query = select(_J.state, func.count()).group_by(_J.state)
        with self._database.read() as connection:
            return dict(connection.execute(query).all())

    def prune(self, before: datetime) -> int:
        """Forget jobs that ended before a moment; return how many."""
        old = (_J.state.in_(_ENDED), _J.finished_at < before)
        with self._database.read() as connection:
            if connection.execute(select(_J.id).where(*old).limit(1)).first() is None:
                return 0
        with self._database.write() as connection:
            return connection.execute(delete(jobs).where(*old)).rowcount

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        """A transaction in which nobody else submits or claims."""
        with self._database.write() as connection:
            self._database.dialect.lock(connection, _LOCK)
            yield connection


def _queued(connection: Connection, kind: str, arguments: str) -> int | None:
    same = (_J.state == "queued", _J.kind == kind, _J.arguments == arguments)
    return connection.execute(select(_J.id).where(*same).order_by(_J.id)).scalar()


def _insert(connection: Connection, **values: Any) -> int:
    done = connection.execute(insert(jobs).values(values))
    assert done.inserted_primary_key
    number: int = done.inserted_primary_key[0]
    return number


def _mine(connection: Connection, number: int, worker: str, values: dict[str, Any]) -> None:
    mine = (_J.id == number, _J.worker == worker, _J.state == "running")
    if connection.execute(update(jobs).where(*mine).values(values)).rowcount == 0:
        raise LeaseLost(f"Job {number} is no longer run by {worker}: another worker has taken it.")


def _value(row: AnyRow) -> Job:
    fields = dict(row._mapping)
    fields["arguments"] = fields["arguments"].encode()
    return Job(**fields)
