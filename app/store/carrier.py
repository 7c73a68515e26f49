"""What lets procrastinate carry the jobs of a PostgreSQL database: its tables, and a trigger.

A row of `jobs` that waits, and could begin, has a carrier: a job of procrastinate that bears its
number. The trigger makes it in the transaction that queues the row, whoever does that, so that none
is without one; what ends frees a lock, and who waits for that lock gets a carrier then. A carrier
decides nothing: whoever comes by one asks the row. So one too many does no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection, select, text

from app.store.database import Database
from app.store.jobs import LOCK
from app.store.tables import hub

TASK = "garnery.execute"
"""Name of the task that carriers call; its argument is `number`."""
INSTALLED = "carrier"
"""Key under which the hub keeps how new procrastinate's tables and the trigger are."""
_INSTALLING = 0x63617272

TRIGGER = """
CREATE OR REPLACE FUNCTION garnery_carry(job jobs, woken integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    label text := 'garnery:' || job.id;
    later timestamptz := CASE WHEN job.run_at > extract(epoch FROM clock_timestamp())
        THEN to_timestamp(job.run_at) END;
BEGIN
    PERFORM procrastinate_cancel_job_v1(c.id, false, true)
        FROM procrastinate_jobs c WHERE c.queueing_lock = label AND c.status = 'todo';
    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
        job.kind, 'garnery.execute', 2 * job.priority + woken, NULL, label,
        jsonb_build_object('number', job.id), later
    )]::procrastinate_job_to_defer_v1[]);
EXCEPTION WHEN unique_violation THEN
    NULL;  -- there is one by now
END $$;

CREATE OR REPLACE FUNCTION garnery_carrying() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    next jobs;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'running' AND NEW.state <> 'running' AND OLD.lock <> '' THEN
        SELECT * INTO next FROM jobs
            WHERE state = 'queued' AND lock <> '' AND lock = OLD.lock AND id <> NEW.id
            AND run_at <= extract(epoch FROM clock_timestamp())
            ORDER BY priority DESC, run_at, id LIMIT 1;
        IF FOUND THEN
            PERFORM garnery_carry(next, 1);
        END IF;
    END IF;
    IF NEW.state = 'queued' AND (NEW.lock = '' OR NOT EXISTS (
        SELECT FROM jobs WHERE state = 'running' AND lock <> '' AND lock = NEW.lock
    )) THEN
        PERFORM garnery_carry(NEW, 0);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER garnery_carrying AFTER INSERT OR UPDATE OF state, priority, run_at
    ON jobs FOR EACH ROW EXECUTE FUNCTION garnery_carrying();
"""
_MISSED = text(
    """
SELECT count(garnery_carry(j, 0)) FROM jobs j
WHERE j.state = 'queued'
  AND NOT EXISTS (SELECT FROM procrastinate_jobs c
                  WHERE c.queueing_lock = 'garnery:' || j.id AND c.status IN ('todo', 'doing'))
  AND (j.lock = '' OR NOT EXISTS (SELECT FROM jobs r
                                  WHERE r.state = 'running' AND r.lock <> '' AND r.lock = j.lock))
  AND (j.lock = '' OR NOT EXISTS (SELECT FROM jobs o JOIN procrastinate_jobs c
                                  ON c.queueing_lock = 'garnery:' || o.id AND c.status = 'todo'
                                  WHERE o.state = 'queued' AND o.lock <> '' AND o.lock = j.lock))
"""
)


def install(database: Database, steps: Mapping[str, str], schema: str) -> bool:
    """Make or bring up to date what carriers need; tell whether there was anything to do.

    steps: the migrations of procrastinate by name, in order; schema: all of them in one.
    """
    wanted = f"{max(steps)} {hashlib.blake2b(TRIGGER.encode(), digest_size=6).hexdigest()}"
    with database.read() as connection:
        if _installed(connection) == wanted:
            return False
    with database.write() as connection:
        database.dialect.lock(connection, _INSTALLING)
        found = _installed(connection)
        for script in _missing(connection, steps, schema, found.partition(" ")[0]):
            _run(connection, script)
        _run(connection, TRIGGER)
        connection.execute(_MISSED)
        row = database.dialect.insert(hub).values(key=INSTALLED, value=wanted)
        connection.execute(
            row.on_conflict_do_update(index_elements=["key"], set_={"value": wanted})
        )
    return True


def carry_missed(database: Database) -> int:
    """Give a carrier to each row that should have one; return how many had none.

    None has, unless carriers were lost: by a person, a restored backup, a worker that was killed
    between two statements.
    """
    with database.write() as connection:
        database.dialect.lock(connection, LOCK)
        return int(connection.execute(_MISSED).scalar_one())


def _installed(connection: Connection) -> str:
    query = select(hub.c.value).where(hub.c.key == INSTALLED)
    return str(connection.execute(query).scalar() or "")


def _missing(connection: Connection, steps: Mapping[str, str], schema: str, last: str) -> list[str]:
    """Return the scripts that bring procrastinate's tables up to date; last: the newest step run.

    Tables of its own that somebody made here before are taken to be as new as the program.
    """
    if last:
        return [script for name, script in steps.items() if name > last]
    there = connection.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar()
    return [] if there else [schema]


def _run(connection: Connection, script: str) -> None:
    """Run several statements as they are: without parameters, so that none is looked for."""
    connection.execution_options(no_parameters=True).exec_driver_sql(script)
