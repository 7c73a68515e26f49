"""What was mended lately in the answers of a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app import repairs
from app.store.tables import failures, harvests

if TYPE_CHECKING:
    from app.store import Store

MOST_OF_RECORD = 20
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


def repairs_of_record(store: Store, harvest_id: int, identifier: str) -> tuple[repairs.Told, ...]:
    """Return what a harvest mended in a record, one a kind. identifier: at its repository."""
    query = (
        select(failures.c.sentence)
        .where(
            failures.c.harvest_id == harvest_id,
            failures.c.identifier == identifier,
            failures.c.cause == "repaired",
        )
        .order_by(failures.c.id)
        .limit(MOST_OF_RECORD)
    )
    with store.database.read() as connection:
        sentences = connection.execute(query).scalars().all()
    found = (repairs.read(sentence, identifier) for sentence in sentences)
    return tuple({told.name: told for told in found if told is not None}.values())
