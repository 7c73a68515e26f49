"""A process that changes a hub all the while, through the store, until it is told to stop."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from app.record import Change
from app.store import Store, open_store
from tests.oai.filling import change

MEMBER = "alpha"
CHANGED, DELETED, RETURNED = 15, 6, 3
"""Records of a transaction; one more is new. Those with odd numbers stay as they are."""


def name(number: int) -> str:
    """The source's identifier of a record."""
    return f"oai:{MEMBER}:{number}"


def record(number: int, kind: str = "new", title: str = "The first") -> Change:
    """A change to a record, in one format, which is cheaper than all."""
    return change(MEMBER, name(number), kind=kind, title=title, prefixes=("oai_dc",))


def pages(dice: random.Random, records: int) -> Iterator[tuple[Change, ...]]:
    """What each transaction does: some records change, some die, some come back, one is new."""
    dead: list[int] = []
    for turn in count():
        drawn = dice.sample(range(0, records, 2), CHANGED + DELETED)
        back, dying = dead[:RETURNED], drawn[CHANGED:]
        dead = [number for number in dead[RETURNED:] if number not in drawn] + dying
        kinds = dict.fromkeys((*drawn[:CHANGED], *back), "changed")
        kinds |= dict.fromkeys(dying, "deleted") | {records + turn: "new"}
        yield tuple(record(number, kind, f"Turn {turn} & more") for number, kind in kinds.items())


def keep_changing(store: Store, repository: int, records: int, stop: Path) -> int:
    """Change records until there is a file `stop`; return how many transactions it took."""
    for turn, page in enumerate(pages(random.Random(records), records)):
        if stop.exists():
            return turn
        store.records.apply(repository, None, "", page)
    raise AssertionError("there is always a next page")


if __name__ == "__main__":
    url, repository_id, number_of_records, stop_file = sys.argv[1:]
    done = keep_changing(
        open_store(url), int(repository_id), int(number_of_records), Path(stop_file)
    )
    print(done)
