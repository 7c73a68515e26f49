"""Reads the use of all but the provider, and the DOIs that were asked for in vain."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import Connection, func, or_, select

from app.query.connected import node_of
from app.store.database import Database
from app.store.links.tables import ALTERNATE, HIDDEN, identifiers, nodes
from app.store.served.tables import served_counts, sought_dois, use_counts
from app.store.served.using import SUMS

BY = ("day", "month", "kind", "name", "family", "status")

_C = use_counts.c
_S = sought_dois.c
_BY = {
    "day": _C.period,
    "month": func.substr(_C.period, 1, 7),
    "kind": _C.kind,
    "name": _C.name,
    "family": _C.family,
    "status": _C.status,
}


class Used(Struct, frozen=True):
    """Sums of the use, for one value of what it is told by."""

    of: str
    requests: int
    records: int
    bytes: int
    broken_off: int


class Sought(Struct, frozen=True):
    """A DOI that was asked for in vain: on how many days, how often."""

    doi: str
    days: int
    requests: int


def used(
    database: Database, by: str, *, since: str = "", kinds: tuple[str, ...] = ()
) -> tuple[Used, ...]:
    """Return the use by one of BY, in its order.

    since: a day, 2026-11-26; months before it are left out. kinds: only of these.
    """
    of = _BY[by]
    query = select(of.label("of"), *(func.sum(_C[name]).label(name) for name in SUMS))
    query = query.where(_C.period >= since).group_by("of")
    if kinds:
        query = query.where(_C.kind.in_(kinds))
    with database.read() as connection:
        rows = sorted(connection.execute(query), key=lambda row: str(row[0]))
    return tuple(Used(str(row[0]), *map(int, row[1:])) for row in rows)


def sought(
    database: Database,
    *,
    since: str = "",
    days: int = 1,
    prefixes: tuple[str, ...] = (),
    limit: int = 50,
) -> tuple[Sought, ...]:
    """Return the DOIs that were asked for in vain and that no record has by now, most days first.

    Those of months that were summed up are none. days: they were asked for on so many at least.
    prefixes: only those with one of them. limit: of those that are looked at.
    """
    on, times = func.count().label("days"), func.sum(_S.requests).label("requests")
    query = select(_S.doi, on, times).where(_S.period >= since, _S.doi != "").group_by(_S.doi)
    if prefixes:
        mine = (_S.doi.startswith(f"{prefix}/", autoescape=True) for prefix in prefixes)
        query = query.where(or_(*mine))
    query = query.having(on >= days).order_by(on.desc(), times.desc(), _S.doi).limit(limit)
    with database.read() as connection:
        found = [Sought(row[0], int(row[1]), int(row[2])) for row in connection.execute(query)]
        here = _here(connection, {node_of("DOI", one.doi) for one in found})
    return tuple(one for one in found if node_of("DOI", one.doi) not in here)


def _here(connection: Connection, objects: Collection[int]) -> set[int]:
    """Return those of some objects that visitors find here, live or gone."""
    own = select(nodes.c.node).where(nodes.c.node.in_(objects), nodes.c.state > HIDDEN)
    also = (
        select(identifiers.c.node)
        .join(nodes, nodes.c.record_id == identifiers.c.record_id)
        .where(identifiers.c.node.in_(objects), identifiers.c.kind == ALTERNATE)
        .where(nodes.c.state > HIDDEN)
    )
    return set(connection.execute(own.union(also)).scalars())


def times_sought(database: Database, *, since: str = "") -> int:
    """Return how often DOIs were asked for in vain."""
    query = select(func.sum(_S.requests)).where(_S.period >= since)
    with database.read() as connection:
        return int(connection.execute(query).scalar() or 0)


def counted_since(database: Database) -> tuple[str, str]:
    """Return the first periods that have a count: of the provider, and of all else; empty: none."""
    with database.read() as connection:
        first = [
            connection.execute(select(func.min(table.c.period))).scalar() or ""
            for table in (served_counts, use_counts)
        ]
    return first[0], first[1]
