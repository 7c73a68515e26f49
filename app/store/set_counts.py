"""How many records are in sets, for people who look: counted as far as it is cheap, kept a while.

Lists go by their own counts; these may be some minutes old, and are left out rather than waited
for.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, literal, select

from app.store.pages import set_number
from app.store.sets import listed_query, set_row
from app.store.tables import memberships, prefixes, sets

if TYPE_CHECKING:
    from app.store import Store
    from app.store.values import SetRow

MOST = 1_000_000
"""Records of one set that are counted; a set of more is said to have so many."""
KEPT_SECONDS = 600.0
_M = memberships.c
_SOME = (
    select(literal(1))
    .where(_M.set_id == bindparam("set_id"), _M.prefix_id == bindparam("prefix_id"))
    .limit(MOST)
    .subquery()
)
_COUNT = select(func.count()).select_from(_SOME)


def main_sets(store: Store, limit: int) -> tuple[SetRow, ...]:
    """Return the sets of one or two words: those of whole members and of types."""
    query = listed_query().where(sets.c.spec.not_like("%:%:%")).limit(limit)
    with store.database.read() as connection:
        return tuple(map(set_row, connection.execute(query)))


class SetCounts:
    """Counts of one process; safe to use from threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[int, float]] = {}

    def of(self, specs: Sequence[str], *, prefix: str, seconds: float) -> Mapping[str, int]:
        """Return how many records are in sets in a format, deleted ones among them.

        seconds: what counting may take; sets that it did not come to are left out.
        """
        until = time.monotonic() + seconds
        found: dict[str, int] = {}
        for spec in specs:
            count, at = self._known.get(f"{prefix} {spec}", (0, -KEPT_SECONDS))
            if time.monotonic() - at > KEPT_SECONDS:
                if time.monotonic() > until:
                    continue
                count = self._count(spec, prefix)
                self._known[f"{prefix} {spec}"] = (count, time.monotonic())
            found[spec] = count
        return found

    def _count(self, spec: str, prefix: str) -> int:
        with self._store.database.read() as connection:
            number = select(prefixes.c.id).where(prefixes.c.prefix == prefix)
            values = {
                "prefix_id": connection.execute(number).scalar(),
                "set_id": set_number(connection, spec),
            }
            if None in values.values():
                return 0
            return connection.execute(_COUNT, values).scalar_one()
