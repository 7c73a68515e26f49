"""Real processes beside the test's own: each opens the store for itself."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from app.errors import StoreError
from app.store import Store, open_store, stamping
from tests.store.making import change, put, walk

APART = multiprocessing.get_context("forkserver")
"""New processes from one that has this module loaded and nothing opened: each costs no start."""
APART.set_forkserver_preload(["tests.store.processes"])
PATIENCE = 120
WRITES = 18
"""Of each of two writers, six then pause for long before their commit: two for two seconds."""


def together(target: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Run a function in a process for each tuple of arguments; return what they returned."""
    with APART.Pool(len(arguments)) as pool:
        return pool.starmap_async(target, arguments, chunksize=1).get(PATIENCE)


def started(target: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> Any:
    """Start a process for each tuple of arguments; `get()` waits for what they return."""
    pool = APART.Pool(len(arguments))
    results = pool.starmap_async(target, arguments, chunksize=1)
    pool.close()
    return results


def exit_code(target: Callable[..., Any], *arguments: Any) -> int | None:
    """Run a function in a process that may be killed; return how it ended."""
    process = APART.Process(target=target, args=arguments)
    process.start()
    process.join(PATIENCE)
    return process.exitcode


# ── read, think, write ───────────────────────────────────────────────────────────────────────


def count_up(url: str, engine: str, times: int) -> int:
    """Add one to a number many times, as any careless program would; return how often it failed."""
    begin = open_store(url).database.write if engine == "ours" else create_engine(url).begin
    failed = 0
    for _ in range(times):
        try:
            with begin() as connection:
                read = connection.execute(
                    text("SELECT value FROM hub WHERE key = 'n'")
                ).scalar_one()
                time.sleep(0.001)
                write = text("UPDATE hub SET value = :value WHERE key = 'n'")
                connection.execute(write, {"value": str(int(read) + 1)})
        except (StoreError, SQLAlchemyError):
            failed += 1
    return failed


def bring(url: str, repository_id: int, key: str, first: int, pages: int, size: int) -> None:
    """Bring records in, page by page."""
    store = open_store(url)
    for page in range(pages):
        start = first + page * size
        changes = [change(n, key=key) for n in range(start, start + size)]
        store.records.apply(repository_id, None, "", changes)


# ── killed ───────────────────────────────────────────────────────────────────────────────────


def die_after_commit(url: str, repository_id: int) -> None:
    """Write a page and be killed before the clock is compared with its datestamp."""

    def die(*_: Any) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    stamping.confirm = die
    put(open_store(url), open_store(url).repositories.by_id(repository_id), change(1), change(2))


# ── the proof that no record is missed ───────────────────────────────────────────────────────


def write_at_random(url: str, repository_id: int, key: str, seed: int, careless: bool) -> None:
    """Create, change and delete records with pauses everywhere, also just before the commit.

    careless: with datestamps of the present second, which nobody looks at again.
    """
    store, dice, pauses = open_store(url), random.Random(seed), []
    repository = store.repositories.by_id(repository_id)
    if careless:
        stamping.AHEAD_SECONDS, stamping.SLACK_SECONDS = 0, -PATIENCE
        stamping.confirm = lambda database, given: given.stamp

    def dawdle(_: Any) -> None:
        while pauses:
            time.sleep(pauses.pop())

    event.listen(store.database._write, "commit", dawdle)
    for _ in range(WRITES):
        kind = dice.choice(("new", "changed", "changed", "deleted"))
        numbers = dice.sample(range(40), dice.randint(1, 5))
        pauses.append(dice.choice((0, 0, 0, 0, 0, 0.05, 0.05, 0.4, 2.3)))
        put(store, repository, *(change(n, kind, str(dice.random()), key=key) for n in numbers))
        time.sleep(dice.choice((0, 0.01, 0.1)))


Copy = dict[str, tuple[bool, bytes | None]]


def mirror(url: str, plus: int, stop: str) -> Copy:
    """Keep a copy as an incremental harvester does: always asking from its last responseDate.

    It ends after one more round once there is a file `stop`.
    """
    store, copy, since = open_store(url), Copy(), None
    while True:
        last = Path(stop).exists()
        since = fetch(store, copy, since, plus)
        if last:
            return copy
        time.sleep(0.03)


def fetch(store: Store, copy: Copy, since: int | None, plus: int) -> int:
    """Take one incremental harvest into a copy; return its responseDate."""
    response_date = int(store.now().timestamp())
    from_ = None if since is None else since + plus
    for row in walk(store, 7, from_=from_, until=response_date):
        copy[row.local_id] = (row.deleted, row.body)
    return response_date


# ── claims ───────────────────────────────────────────────────────────────────────────────────


def claim_repositories(url: str, now: datetime) -> list[str]:
    """Claim what is due until nothing is left; return the names."""
    store, names = open_store(url), []
    while claimed := store.repositories.claim_due(now, lambda *_: None):
        names += [one.name for one in claimed]
    return names


def work(url: str, worker: str, count: int) -> list[tuple[int, str, float, float]]:
    """Do jobs until all are done: (number, lock, begun, ended) of each."""
    store, done = open_store(url), []
    while store.jobs.counts().get("done", 0) < count:
        job = store.jobs.claim(worker, ("harvest",), store.now())
        if job is None:
            time.sleep(0.01)
            continue
        begun = time.time()
        time.sleep(0.005)
        done.append((job.id, job.lock, begun, time.time()))
        store.jobs.finish(job.id, worker)
    return done


def choose_secret(url: str, mine: str) -> str:
    """Propose a secret; return the one that holds."""
    return open_store(url).hub.setdefault("secret", mine)
