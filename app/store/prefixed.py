"""In which metadataPrefix the hub holds records that are live."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.store.tables import records

if TYPE_CHECKING:
    from app.store import Store

_R = records.c


def held_in(store: Store, names: Collection[str]) -> dict[str, str]:
    """Return, by local id, the prefix that each live record of these came in."""
    if not names:
        return {}
    dialect = store.database.dialect
    query = select(_R.local_id, _R.prefix).where(
        dialect.among(_R.local_id, "ids"), _R.state == "live"
    )
    with store.database.read() as connection:
        rows = connection.execute(query, {"ids": dialect.many_values(list(names))})
        return {row.local_id: row.prefix for row in rows}
