"""What harvests have set aside, and how often it was asked for: for whoever asks again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import Connection, func, select, update

from app.store.columns import Moment
from app.store.harvests import hold
from app.store.tables import failures, harvests, records, repositories

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


def set_aside(
    store: Store, repository_id: int, *, identifier: str = "", limit: int = 1000
) -> tuple[SetAside, ...]:
    """Return the records of a repository that are set aside and have a name, oldest first.

    identifier: only the one that has this one.
    """
    columns = records.c
    query = (
        select(
            columns.id, columns.identifier, columns.datestamp, columns.source_sets,
            columns.prefix, columns.quarantine,
        )
        .where(columns.repository_id == repository_id, columns.quarantine != "")
        .where(columns.identifier == identifier if identifier else columns.identifier != "")
        .order_by(columns.id)
        .limit(limit)
    )  # fmt: skip
    with store.database.read() as connection:
        found = [SetAside(*row) for row in connection.execute(query)]
        tried = _tries(store, connection, repository_id, [one.identifier for one in found])
    return tuple(_with(one, tried.get(one.identifier)) for one in found)


def tries(
    store: Store, repository_id: int, identifiers: list[str]
) -> dict[str, tuple[int, datetime, int]]:
    """Return in how many harvests records could not be read, when last, and in which one."""
    with store.database.read() as connection:
        return _tries(store, connection, repository_id, identifiers)


def tried(store: Store, repository_id: int, identifier: str) -> int:
    """Return the number of harvests in which a record could not be read."""
    found = tries(store, repository_id, [identifier]).get(identifier)
    return found[0] if found else 0


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


def dismiss(store: Store, record_id: int) -> bool:
    """Take a record out of what is set aside, as a person says; tell whether it was there.

    It is asked for no more, and counts no more, until it comes in other bytes or is read by newer
    crosswalks. Its last good version stays as it is.
    """
    aside = (records.c.id == record_id, records.c.quarantine != "")
    with store.database.write() as connection:
        query = select(records.c.repository_id).where(*aside)
        repository = connection.execute(query).scalar()
        if repository is None:
            return False
        hold(connection, repository)
        done = connection.execute(update(records).where(*aside).values(quarantine=""))
        less = repositories.c.quarantined - done.rowcount
        mine = update(repositories).where(repositories.c.id == repository)
        connection.execute(mine.values(quarantined=less))
        return done.rowcount > 0
