"""Harvests in processes that are killed, one after the other, each a page further on.

Run as a program: it forks, so it must have no threads. Each child takes the harvest up from its
ledger, writes a page, and is killed before its nth statement (or commit) after that, so that all
places of a page's transaction are met by some page. The last one is left to end. Prints, as JSON,
how many pages there were at each death, and how the harvest ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from itertools import count
from typing import Any

from sqlalchemy import event

from app.store import Store, open_store
from app.store.values import Harvest
from harvesters.runs.pipeline import harvest
from tests.harvesters.conftest import quick_settings

STATEMENTS = 20
"""As many as a page has: the first ones of a number are sent between two pages."""


def go(store: Store, **options: Any) -> Harvest:
    """Harvest, or go on with the harvest of a worker that was lost."""
    settings = quick_settings(lease=0.0)
    worker = f"w{os.getpid()}"
    return harvest(store, settings, "m", trigger="person", worker=worker, **options)


def go_and_die(url: str, after: int, nth: int) -> None:
    """Write so many pages, then be killed before statement `nth`, commits counted too."""
    store, seen, pages = open_store(url), count(1), count(1)
    armed = after == 0

    def arm(_: object) -> None:
        nonlocal armed
        armed = armed or next(pages) == after

    def kill(*_: Any) -> None:
        if armed and next(seen) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.database._write, "before_cursor_execute", kill)
    event.listen(store.database._write, "commit", kill)
    go(store, progress=arm)


def pages_of(url: str) -> int:
    store = open_store(url)
    try:
        runs = store.harvests.list()
        return sum(one.pages for run in runs for one in store.harvests.windows(run.id))
    finally:
        store.dispose()


def warm_up(url: str) -> None:
    """Load here, once, what each child would have to load by itself."""
    store = open_store(url)
    go(store, dry_run=True, limit=1)
    store.dispose()
    assert threading.active_count() == 1


def main(url: str) -> None:
    """Kill again and again until the harvest has ended."""
    warm_up(url)
    deaths: list[int] = []
    for number in count():
        before = pages_of(url)
        after = 0 if number == 0 else 1 if before > 1 else 2
        child = os.fork()
        if child == 0:
            go_and_die(url, after, 9 if number == 0 else 1 + number % STATEMENTS)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status == 0:
            break
        if os.WTERMSIG(status) != signal.SIGKILL:
            raise SystemExit(f"a child ended with {status}")
        deaths.append(pages_of(url))
    print(json.dumps({"deaths": deaths}))


if __name__ == "__main__":
    main(sys.argv[1])
