"""What was mended lately in the answers of a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app import repairs
from app.store.tables import failures, harvests

if TYPE_CHECKING:
    from app.store import Store

HARVESTS = 30
"""Harvests that are looked back upon."""


def repairs_of(store: Store, repository_id: int, *, limit: int = 1000) -> tuple[repairs.Told, ...]:
    """Return the repairs of the latest harvests, newest first; one a record and kind."""
    mine = select(harvests.c.id).where(harvests.c.repository_id == repository_id)
    latest = mine.order_by(harvests.c.id.desc()).limit(HARVESTS).subquery()
    query = (
        select(failures.c.sentence, failures.c.identifier)
        .where(failures.c.harvest_id.in_(select(latest.c.id)), failures.c.cause == "repaired")
        .order_by(failures.c.id.desc())
        .limit(limit)
    )
    with store.database.read() as connection:
        rows = connection.execute(query).all()
    found: dict[tuple[str, str], repairs.Told] = {}
    for sentence, identifier in rows:
        told = repairs.read(sentence, identifier)
        if told is not None:
            found.setdefault((told.name, identifier), told)
    return tuple(found.values())
