"""Windows of harvests: split in two, carried on into the next run, and what was lost in them.

The rows of a run are its proof: a window that is split stands there with the two that stand for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, update

from app.store.harvests import WHOLE, renew
from app.store.tables import harvests, windows
from app.store.values import Window

if TYPE_CHECKING:
    from app.store import Store

LOST = "window-lost"
"""The reason of a closed window whose records could not be had, not even one by one."""
MOST_LOST = 1000
_COLUMNS = (
    windows.c.id,
    windows.c.harvest_id.label("harvest"),
    *(windows.c[name] for name in Window.__struct_fields__[2:]),
)
_BOUNDS = ("set_spec", "prefix", "from_", "until")
_KEPT = (*_BOUNDS, "token", "token_expires", "token_at", "response_date", "told", "pages", "listed",
         "last_page")  # fmt: skip

Span = tuple[str, str]
"""`from` and `until`; an empty one is open."""


def split(
    store: Store, harvest_id: int, worker: str, window: Window, spans: Sequence[Span], reason: str
) -> tuple[Window, ...]:
    """Let windows stand for another one, in one transaction; raises LeaseLost.

    Returns them in the order of `spans`.
    """
    rows = [_row(harvest_id, window, span) for span in spans]
    with store.database.write() as connection:
        now = store.database.dialect.now(connection)
        renew(connection, harvest_id, worker, {"heartbeat_at": now})
        gone = {"state": "split", "token": "", "token_expires": "", "reason": reason}
        connection.execute(update(windows).where(windows.c.id == window.id).values(gone))
        return _placed(store, connection, rows)


def carry(
    store: Store, harvest_id: int, worker: str, open_windows: Sequence[Window]
) -> tuple[Window, ...]:
    """Give a harvest windows of an earlier one, to go on with where they stand."""
    rows = [
        {name: getattr(window, name) for name in _KEPT}
        | {"harvest_id": harvest_id, "state": "open", "parent": window.id}
        for window in open_windows
    ]
    with store.database.write() as connection:
        now = store.database.dialect.now(connection)
        renew(connection, harvest_id, worker, {"heartbeat_at": now})
        return _placed(store, connection, rows)


def lost(store: Store, repository_id: int) -> tuple[tuple[Window, int], ...]:
    """Return the windows that are lost still, each with the number of times that it was.

    What lies before the last whole harvest of everything is past.
    """
    mine = (harvests.c.repository_id == repository_id, harvests.c.state == "ended")
    whole = harvests.c.outcome.in_(sorted(WHOLE))
    last = select(func.max(harvests.c.id)).where(*mine, whole, harvests.c.kind == "full")
    query = (
        select(*_COLUMNS)
        .join(harvests, harvests.c.id == windows.c.harvest_id)
        .where(harvests.c.repository_id == repository_id, windows.c.state == "closed")
        .where(harvests.c.id >= func.coalesce(last.scalar_subquery(), 0))
        .where(or_(windows.c.reason == LOST, windows.c.parent.is_not(None)))
        .order_by(windows.c.id.desc())
        .limit(MOST_LOST)
    )
    with store.database.read() as connection:
        rows = [Window(*row) for row in connection.execute(query)]
    return _still_lost(reversed(rows))


def _still_lost(rows: Any) -> tuple[tuple[Window, int], ...]:
    found: dict[tuple[str, ...], tuple[Window, int]] = {}
    for window in rows:
        key = tuple(getattr(window, name) for name in _BOUNDS)
        times = found.pop(key, (window, 0))[1]
        if window.reason == LOST:
            found[key] = window, times + 1
    return tuple(found.values())


def _row(harvest_id: int, window: Window, span: Span) -> dict[str, Any]:
    return {
        "harvest_id": harvest_id, "set_spec": window.set_spec, "prefix": window.prefix,
        "from_": span[0], "until": span[1], "state": "open", "parent": window.id,
    }  # fmt: skip


def _placed(store: Store, connection: Any, rows: Sequence[dict[str, Any]]) -> tuple[Window, ...]:
    """Insert rows that are not there yet, and return all."""
    found = []
    for row in rows:
        insert = store.database.dialect.insert(windows).values(row)
        connection.execute(insert.on_conflict_do_nothing())
        key = {name: row[name] for name in ("harvest_id", *_BOUNDS)}
        found.append(Window(*connection.execute(select(*_COLUMNS).filter_by(**key)).one()))
    return tuple(found)
