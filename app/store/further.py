"""How far the formats that were switched on are rendered for the records that are there.

Each change of the setting begins a new count; a repository is done with it once all its records
have been gone through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import select

from app.store.tables import hub

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.store import Store

SWITCHED = "further-formats"
"""Key under which the hub keeps what was switched on last."""
_PROGRESS = "further-formats-of:"
_DONE = -1


class Switched(Struct, frozen=True):
    """What is switched on, and the number of changes until then."""

    names: tuple[str, ...] = ()
    number: int = 0


def current(store: Store) -> Switched:
    """Return what was switched on last."""
    kept = store.hub.get(SWITCHED)
    return msgspec.json.decode(kept, type=Switched) if kept else Switched()


def switch(store: Store, names: Collection[str]) -> Switched:
    """Keep which formats are switched on now; return that with its number."""
    before = current(store)
    wanted = tuple(sorted(names))
    if before.names == wanted:
        return before
    now = Switched(wanted, before.number + 1)
    store.hub.put(SWITCHED, msgspec.json.encode(now).decode())
    return now


def reached(store: Store, repository_id: int, switched: Switched) -> int | None:
    """Return the number of the last record that was gone through; 0 for none, None if all were."""
    number, _, after = (store.hub.get(f"{_PROGRESS}{repository_id}") or "0 0").partition(" ")
    if int(number) != switched.number:
        return 0
    return None if int(after) == _DONE else int(after)


def note(store: Store, repository_id: int, switched: Switched, after: int | None) -> None:
    """Keep how far a repository is; None: all its records have been gone through."""
    place = _DONE if after is None else after
    store.hub.put(f"{_PROGRESS}{repository_id}", f"{switched.number} {place}")


def done(store: Store, switched: Switched) -> set[int]:
    """Return the repositories all of whose records have been gone through."""
    with store.database.read() as connection:
        query = select(hub.c.key).where(hub.c.value == f"{switched.number} {_DONE}")
        keys = connection.execute(query.where(hub.c.key.startswith(_PROGRESS))).scalars()
        return {int(key.removeprefix(_PROGRESS)) for key in keys}
