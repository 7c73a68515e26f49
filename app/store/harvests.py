"""Harvests: one run against one repository, who works on it, and how it ended.

The lease is the harvest's row: every write of a worker names itself, and a worker that is no longer
named there is told so and stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)

from app import clock
from app.errors import LeaseLost, NotFound, Refused
from app.record import Counts
from app.store.database import AnyRow, Database
from app.store.direct import Statement
from app.store.metering import count_outcome
from app.store.storable import mended
from app.store.tables import failures, harvests, repositories, windows
from app.store.values import Failure, Harvest, Window

LEASE_SECONDS = 60.0
WHOLE = frozenset(("complete", "complete-with-quarantine"))
LOST = ("incomplete", "worker-lost", "The worker went away in the middle; nothing it had is lost.")
COUNTS = tuple(harvests.c[name] for name in Counts.__struct_fields__)
_OWN = tuple(name for name in Harvest.__struct_fields__ if name not in {"repository", "counts"})
_SELECT = select(
    *(harvests.c[name] for name in _OWN), *COUNTS, repositories.c.name.label("repository")
).join(repositories, repositories.c.id == harvests.c.repository_id)
_WINDOW = select(
    windows.c.id,
    windows.c.harvest_id.label("harvest"),
    *(windows.c[name] for name in Window.__struct_fields__[2:]),
)
_HOLD = Statement(
    lambda: (
        select(repositories.c.removed, repositories.c.public)
        .where(repositories.c.id == bindparam("key"))
        .with_for_update()
    )
)
RUNNING = harvests.c.state != literal_column("'ended'")
STOPPING = "stopping"
"""The state of a harvest that a person asked to stop."""


class Harvests:
    """The runs, their windows and failures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self,
        repository_id: int,
        *,
        kind: str,
        trigger: str,
        worker: str,
        prefix: str,
        from_: str,
        until: str = "",
        sets: Sequence[str] = (),
        scope: str = "",
        response_date: str = "",
        software: str = "",
        lease: float = LEASE_SECONDS,
    ) -> Harvest:
        """Begin a harvest; raises Refused while another one is running and its worker alive.

        A harvest whose worker has not been heard of for `lease` seconds is ended as lost.
        response_date: of the first list answer, where this one goes on with an earlier one.
        """
        row = {
            "repository_id": repository_id, "kind": kind, "trigger": trigger, "worker": worker,
            "prefix": prefix, "from_": from_, "until": until, "sets": tuple(sets), "scope": scope,
            "response_date": response_date, "software": software,
        }  # fmt: skip
        with self._database.write() as connection:
            hold(connection, repository_id, removed=False)
            now = self._database.dialect.now(connection)
            running = _running(connection, repository_id)
            if running is not None:
                _refuse_fresh(running, worker="", lease=lease, now=now)
                _end_lost(connection, running, now)
            begun = {"state": "running", "started_at": now, "heartbeat_at": now}
            done = connection.execute(insert(harvests).values(row | begun))
            assert done.inserted_primary_key
            return _one(connection, done.inserted_primary_key[0])

    def running(self, repository_id: int) -> Harvest | None:
        """Return the harvest of a repository that has not ended, its worker alive or not."""
        with self._database.read() as connection:
            return _running(connection, repository_id)

    def take_over(self, harvest_id: int, worker: str, *, lease: float = LEASE_SECONDS) -> Harvest:
        """Become the worker of a harvest; raises Refused while another worker is alive."""
        with self._database.write() as connection:
            now = self._database.dialect.now(connection)
            found = _one(connection, harvest_id, lock=True)
            if found.state == "ended":
                raise Refused(f"Harvest {harvest_id} has ended.")
            _refuse_fresh(found, worker=worker, lease=lease, now=now)
            values = {"worker": worker, "heartbeat_at": now}
            connection.execute(update(harvests).where(harvests.c.id == harvest_id).values(values))
            return _one(connection, harvest_id)

    def heartbeat(self, harvest_id: int, worker: str, last_request: str = "") -> bool:
        """Renew the lease; return whether a person asked the harvest to stop. Raises LeaseLost."""
        values: dict[str, Any] = {"last_request": last_request} if last_request else {}
        with self._database.write() as connection:
            values["heartbeat_at"] = self._database.dialect.now(connection)
            renew(connection, harvest_id, worker, values)
            state = select(harvests.c.state).where(harvests.c.id == harvest_id)
            return bool(connection.execute(state).scalar_one() == STOPPING)

    def request_stop(self, harvest_id: int) -> None:
        """Ask the worker to stop at the end of its page."""
        with self._database.write() as connection:
            _one(connection, harvest_id)
            statement = update(harvests).where(harvests.c.id == harvest_id, RUNNING)
            connection.execute(statement.values(state=STOPPING))

    def end(
        self,
        harvest_id: int,
        worker: str,
        *,
        outcome: str,
        sentence: str,
        cause: str = "",
        checkpoint: str | None = None,
        next_harvest_at: datetime | None = None,
    ) -> Harvest:
        """End a harvest, and write into its repository what follows. Raises LeaseLost.

        checkpoint: the new one, with the scope of this harvest; None leaves it where it is.
        """
        values = {"state": "ended", "outcome": outcome, "cause": cause, "sentence": sentence}
        with self._database.write() as connection:
            hold(connection, _one(connection, harvest_id).repository_id)
            now = self._database.dialect.now(connection)
            renew(connection, harvest_id, worker, values | {"ended_at": now, "heartbeat_at": now})
            ended = _one(connection, harvest_id)
            after = _consequences(ended, now, checkpoint)
            if next_harvest_at is not None:
                after["next_harvest_at"] = next_harvest_at
            connection.execute(_repository(ended.repository_id).values(after))
            count_outcome(connection, ended.repository_id, outcome)
            return ended

    def get(self, harvest_id: int) -> Harvest:
        """Return a harvest; raises NotFound."""
        with self._database.read() as connection:
            return _one(connection, harvest_id)

    def list(
        self,
        *,
        repository: str | None = None,
        outcome: str | None = None,
        since: datetime | None = None,
        limit: int = 20,
        probes: bool = True,
        before: int | None = None,
        public: bool = False,
    ) -> tuple[Harvest, ...]:
        """Return harvests, newest first; those still running have the outcome ``.

        probes: also the probes, which harvest nothing. before: those that began before this one.
        public: only of repositories that everyone may see.
        """
        query = _SELECT.order_by(harvests.c.id.desc()).limit(limit)
        query = query.where(*_which(repository, outcome, public=public))
        if before is not None:
            query = query.where(harvests.c.id < before)
        if since is not None:
            query = query.where(harvests.c.started_at >= since)
        if not probes:
            query = query.where(harvests.c.kind != "probe")
        with self._database.read() as connection:
            return tuple(map(_value, connection.execute(query).all()))

    def count(self, *, repository: str | None = None, outcome: str | None = None) -> int:
        """Return how many harvests there are that everyone may see."""
        query = select(func.count()).select_from(
            harvests.join(repositories, repositories.c.id == harvests.c.repository_id)
        )
        query = query.where(*_which(repository, outcome, public=True))
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def open_window(
        self, harvest_id: int, *, set_spec: str, prefix: str, from_: str, until: str
    ) -> Window:
        """Return the window of a harvest for these bounds, made if it is not there yet."""
        key = {"harvest_id": harvest_id, "set_spec": set_spec, "prefix": prefix,
               "from_": from_, "until": until}  # fmt: skip
        row = self._database.dialect.insert(windows).values(key | {"state": "open"})
        query = _WINDOW.filter_by(**key)
        with self._database.write() as connection:
            connection.execute(row.on_conflict_do_nothing())
            return Window(*connection.execute(query).one())

    def windows(self, harvest_id: int) -> tuple[Window, ...]:
        """Return the ledger of a harvest."""
        query = _WINDOW.where(windows.c.harvest_id == harvest_id).order_by(windows.c.id)
        with self._database.read() as connection:
            return tuple(Window(*row) for row in connection.execute(query))

    def fail(
        self, harvest_id: int, cause: str, sentence: str, *, identifier: str = "", url: str = ""
    ) -> None:
        """Write down something that went wrong."""
        failure = Failure(0, harvest_id, cause, sentence, identifier, url)
        with self._database.write() as connection:
            note_failures(connection, harvest_id, (failure,))

    def failures(self, harvest_id: int, limit: int = 100) -> tuple[Failure, ...]:
        """Return what went wrong in a harvest, in order."""
        query = select(failures).where(failures.c.harvest_id == harvest_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(failures.c.id).limit(limit))
            return tuple(Failure(*row) for row in rows)


def hold(connection: Connection, repository_id: int, *, removed: bool = True) -> bool:
    """Lock a repository's row, first of all: what changes its records goes one at a time.

    removed: also that of one that has left. Returns whether it is public. Raises NotFound.
    """
    for gone, public in _HOLD.within(connection, {"key": repository_id}):
        if removed or not gone:
            return bool(public)
    raise NotFound(f"There is no repository number {repository_id}.")


def renew(connection: Connection, harvest_id: int, worker: str, values: dict[str, Any]) -> None:
    """Write into a harvest's row as its worker; raises LeaseLost if the harvest is another's."""
    mine = (harvests.c.id == harvest_id, harvests.c.worker == worker, RUNNING)
    done = connection.execute(update(harvests).where(*mine).values(values))
    if done.rowcount == 0:
        raise lost(harvest_id, worker)


def lost(harvest_id: int, worker: str) -> LeaseLost:
    """Return the error for a worker whose harvest is another's, or has ended."""
    return LeaseLost(
        f"Harvest {harvest_id} is no longer worked on by {worker}: it was ended, or another "
        "worker has taken it over."
    )


def note_failures(connection: Connection, harvest_id: int, what: Sequence[Failure]) -> None:
    """Write failures into the list of a harvest."""
    if what:
        now = clock.now()
        rows = [
            {"harvest_id": harvest_id, "cause": f.cause, "sentence": mended(f.sentence),
             "identifier": mended(f.identifier), "url": mended(f.url), "at": f.at or now}
            for f in what
        ]  # fmt: skip
        connection.execute(insert(failures), rows)


def _consequences(ended: Harvest, now: datetime, checkpoint: str | None) -> dict[str, Any]:
    """What the end of a harvest changes in its repository."""
    values: dict[str, Any] = {"last_harvest": ended.id}
    if ended.outcome in WHOLE:
        values |= {"last_whole_at": now, "last_whole": ended.id, "failures": 0}
    elif ended.outcome != "deferred":
        values["failures"] = repositories.c.failures + 1
    if checkpoint is not None:
        values |= {"checkpoint": checkpoint, "scope": ended.scope}
    return values


def _repository(number: int) -> Update:
    return update(repositories).where(repositories.c.id == number)


def _refuse_fresh(found: Harvest, *, worker: str, lease: float, now: datetime) -> None:
    beat = found.heartbeat_at
    alive = beat is not None and now - beat < timedelta(seconds=lease)
    if alive and found.worker != worker:
        raise Refused(_held(found, now))


def _held(found: Harvest, now: datetime) -> str:
    beat = found.heartbeat_at or now
    ago = max(0, int((now - beat).total_seconds()))
    return (
        f"Harvest {found.id} of {found.repository} is running: {found.worker} works on it, "
        f"last heard of {ago} s ago."
    )


def _end_lost(connection: Connection, silent: Harvest, now: datetime) -> None:
    outcome, cause, sentence = LOST
    values = {"state": "ended", "outcome": outcome, "cause": cause, "sentence": sentence,
              "ended_at": now}  # fmt: skip
    connection.execute(update(harvests).where(harvests.c.id == silent.id).values(values))
    after = {"last_harvest": silent.id, "failures": repositories.c.failures + 1}
    connection.execute(_repository(silent.repository_id).values(after))
    count_outcome(connection, silent.repository_id, outcome)


def _which(
    repository: str | None, outcome: str | None, *, public: bool
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if repository is not None:
        found.append(repositories.c.name == repository)
    if outcome is not None:
        found.append(harvests.c.outcome == outcome)
    if public:
        found += [repositories.c.public, ~repositories.c.removed]
    return found


def _running(connection: Connection, repository_id: int) -> Harvest | None:
    query = _SELECT.where(harvests.c.repository_id == repository_id, RUNNING)
    row = connection.execute(query).first()
    return None if row is None else _value(row)


def _one(connection: Connection, harvest_id: int, *, lock: bool = False) -> Harvest:
    query = _SELECT.where(harvests.c.id == harvest_id)
    if lock:
        query = query.with_for_update(of=harvests)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"There is no harvest {harvest_id}.")
    return _value(row)


def _value(row: AnyRow) -> Harvest:
    fields = row._mapping
    counts = Counts(*(fields[column.name] for column in COUNTS))
    own = {name: fields[name] for name in _OWN}
    return Harvest(repository=fields["repository"], counts=counts, **own)
