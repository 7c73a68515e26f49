"""Makes a member private or public, in processes that are killed one after the other on the way.

Run as a program: it forks, so it must have no threads. Each process does what is left and is killed
at its second commit of a piece, the last one is not. Prints, as JSON, how many were killed, and
whether the lists ever stood between the two states.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from itertools import count

from sqlalchemy import event

from app.store import open_store, showing
from tests.store.making import listed

LONGEST = 50


def switch_and_die(url: str, *, public: bool, nth: int) -> None:
    """Do what is left of the switch; be killed at commit `nth`."""
    showing.PIECE = 1
    store, seen = open_store(url), count(1)

    def kill(*_: object) -> None:
        if next(seen) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.database._write, "commit", kill)
    if store.repositories.get("reef").public != public:
        store.repositories.edit("reef", public=public)
    else:
        store.showing.finish_all()


def main(url: str, *, public: bool) -> None:
    """Kill until a process lives on."""
    killed, half = 0, False
    for turn in range(LONGEST):
        child = os.fork()
        if child == 0:
            switch_and_die(url, public=public, nth=1 + turn % 4)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        states = shown(url)
        half = half or 1 < sum(states) < len(states) - 1
        if status == 0:
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        killed += 1
    print(json.dumps({"killed": killed, "half": half}))


def shown(url: str) -> list[bool]:
    """Whether each listed record is a tombstone."""
    store = open_store(url)
    try:
        return [row.deleted for row in listed(store)]
    finally:
        store.dispose()


if __name__ == "__main__":
    main(sys.argv[1], public=sys.argv[2] == "1")
