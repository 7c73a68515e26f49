"""When records of members last changed in lists: looked up at the end of each, not counted."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.record import member_set
from app.store.tables import memberships, prefixes, sets

if TYPE_CHECKING:
    from app.store import Store

_M = memberships.c
_NEWEST = (
    select(_M.stamp)
    .where(_M.set_id == sets.c.id, _M.prefix_id == prefixes.c.id)
    .order_by(_M.stamp.desc())
    .limit(1)
    .correlate(sets, prefixes)
    .scalar_subquery()
)


def newest_changes(store: Store, names: Collection[str]) -> dict[str, int]:
    """Return the newest datestamp of the records of repositories, in seconds since 1970, by name.

    Deleted records count too; a repository without a record in any list is left out.
    """
    specs = {member_set(name): name for name in names}
    dialect = store.database.dialect
    query = select(sets.c.spec, _NEWEST).select_from(sets.join(prefixes, prefixes.c.id > 0))
    query = query.where(dialect.among(sets.c.spec, "specs"))
    given = {"specs": dialect.many_values(sorted(specs))}
    found: dict[str, int] = {}
    with store.database.read() as connection:
        for spec, stamp in connection.execute(query, given):
            if stamp is not None:
                found[specs[spec]] = max(stamp, found.get(specs[spec], 0))
    return found
