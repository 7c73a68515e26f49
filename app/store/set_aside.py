"""What harvests have set aside, and how often it was asked for: for whoever asks again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import Connection, func, select

from app.store.columns import Moment
from app.store.tables import failures, harvests, records

if TYPE_CHECKING:
    from app.store import Store


class SetAside(Struct, frozen=True):
    """A record whose newest version could not be read."""

    id: int
    identifier: str
    datestamp: str
    source_sets: tuple[str, ...]
    prefix: str
    cause: str
    tries: int = 0
    """Harvests in which it could not be read."""
    last: datetime | None = None
    """When it was last tried."""
    last_harvest: int | None = None


def set_aside(store: Store, repository_id: int, *, limit: int = 1000) -> tuple[SetAside, ...]:
    """Return the records of a repository that are set aside and have a name, oldest first."""
    columns = records.c
    query = (
        select(
            columns.id, columns.identifier, columns.datestamp, columns.source_sets,
            columns.prefix, columns.quarantine,
        )
        .where(columns.repository_id == repository_id, columns.quarantine != "")
        .where(columns.identifier != "")
        .order_by(columns.id)
        .limit(limit)
    )  # fmt: skip
    with store.database.read() as connection:
        found = [SetAside(*row) for row in connection.execute(query)]
        tried = _tries(store, connection, repository_id, [one.identifier for one in found])
    return tuple(_with(one, tried.get(one.identifier)) for one in found)


def _with(one: SetAside, tried: tuple[int, datetime, int] | None) -> SetAside:
    if tried is None:
        return one
    return SetAside(
        one.id, one.identifier, one.datestamp, one.source_sets, one.prefix, one.cause, *tried
    )


def _tries(
    store: Store, connection: Connection, repository_id: int, identifiers: list[str]
) -> dict[str, tuple[int, datetime, int]]:
    if not identifiers:
        return {}
    dialect = store.database.dialect
    query = (
        select(
            failures.c.identifier,
            func.count(failures.c.harvest_id.distinct()),
            func.max(failures.c.at, type_=Moment()),
            func.max(failures.c.harvest_id),
        )
        .join(harvests, harvests.c.id == failures.c.harvest_id)
        .where(harvests.c.repository_id == repository_id, failures.c.cause != "repaired")
        .where(dialect.among(failures.c.identifier, "ids"))
        .group_by(failures.c.identifier)
    )
    rows = connection.execute(query, {"ids": dialect.many_values(identifiers)})
    return {identifier: (number, at, last) for identifier, number, at, last in rows}
