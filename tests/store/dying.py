"""Writes one page again and again, each time in a process that is killed before its nth statement.

Only statements that write are counted, and commits: one that is killed before it reads leaves what
one leaves that is killed before its next writing. Run as a program: it forks, so it must have no
threads. Prints, as JSON, how many statements there were until a process lived on, and whether every
one that was killed left all rows as they were.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from itertools import count
from typing import Any

from sqlalchemy import event

from app.record import Checkpoint, Counts
from app.store import open_store
from app.store.tables import METADATA
from tests.store.making import change


def write_and_die(url: str, nth: int) -> None:
    """Write the page; be killed before statement `nth` that writes, commits counted too."""
    store, seen = open_store(url), count(1)

    def kill(*_: Any) -> None:
        if next(seen) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def kill_before_writing(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.lstrip().startswith("SELECT"):
            kill()

    event.listen(store.database._write, "before_cursor_execute", kill_before_writing)
    event.listen(store.database._write, "commit", kill)
    harvest = store.harvests.list()[0]
    changes = (
        change(1, "changed", "two"),
        change(2, "deleted"),
        change(3, "quarantined"),
        change(4, "retouched", "one", original=b"<new/>"),
        change(5, "new", sets=("member:reef:fish", "type:Image")),
    )
    point = Checkpoint(harvest.id, token="t2", pages=2, listed=9, response_date="2024-01-01")
    counts = Counts(seen=5, new=1, changed=2, removed=1, quarantined=1)
    store.records.apply(
        harvest.repository_id, harvest.id, "w1", changes, counts=counts, checkpoint=point
    )


def main(url: str) -> None:
    """Kill at every statement."""
    before, kept = rows(url), True
    for nth in count(1):
        child = os.fork()
        if child == 0:
            write_and_die(url, nth)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        committed = rows(url) != before
        if status == 0 or committed:
            break
        kept = kept and os.WTERMSIG(status) == signal.SIGKILL
    print(json.dumps({"statements": nth - 1, "kept": kept, "status": status}))


def rows(url: str) -> Any:
    """All rows, in the driver's own words, which is the quickest."""
    store = open_store(url)
    try:
        with store.database.read() as connection:
            names = METADATA.tables.keys() - {"dictionaries"}
            every = [f"SELECT * FROM {name}" for name in sorted(names)]
            return [sorted(map(repr, connection.exec_driver_sql(one))) for one in every]
    finally:
        store.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
