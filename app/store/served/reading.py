"""Reads the provider's statistics, for operators, members and visitors.

A harvest that has been silent for long counts as broken off even before its row says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, case, cast, func, or_, select

from app.errors import NotFound
from app.store.database import AnyRow, Database
from app.store.served.tables import (
    served_clients,
    served_counts,
    served_harvests,
    served_members,
    served_requests,
)
from app.store.served.values import (
    BROKEN_OFF,
    RUNNING,
    Client,
    Counted,
    ServedHarvest,
    ServedRequest,
    Taking,
)

BY = ("day", "month", "verb", "prefix", "set", "family", "outcome")

_H = served_harvests.c
_P = served_clients.c
_R = served_requests.c
_C = served_counts.c
_SUMS = ("requests", "records", "bytes", "milliseconds", "harvests", "complete", "broken_off")
_BY = {
    "day": _C.period,
    "month": func.substr(_C.period, 1, 7),
    "verb": _C.verb,
    "prefix": _C.prefix,
    "set": _C.set_spec,
    "family": _C.family,
    "outcome": _C.outcome,
}


class Wanted(Struct, frozen=True):
    """Which harvests are asked for; what is empty does not matter.

    silent_before: a running harvest whose last page lies before it is broken off.
    """

    silent_before: datetime
    since: datetime | None = None
    repository: str = ""
    family: str = ""
    state: str = ""
    prefix: str = ""
    set_spec: str = ""
    limit: int = 20


def harvests(database: Database, wanted: Wanted) -> tuple[ServedHarvest, ...]:
    """Return harvests by aggregators, newest first."""
    state = state_of(wanted.silent_before)
    query = _harvests(state).where(*_conditions(wanted, state))
    with database.read() as connection:
        rows = connection.execute(query.order_by(_H.id.desc()).limit(wanted.limit))
        return tuple(map(_harvest, rows))


def harvest(database: Database, number: int, silent_before: datetime) -> ServedHarvest:
    """Return one harvest; raises NotFound."""
    query = _harvests(state_of(silent_before)).where(_H.id == number)
    with database.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"There is no harvest {number} by an aggregator, or it is kept no longer.")
    return _harvest(row)


def requests_of(database: Database, number: int, *, limit: int) -> tuple[ServedRequest, ...]:
    """Return the requests of a harvest that are still kept, in order."""
    columns = [_R[name] for name in ServedRequest.__struct_fields__]
    query = select(*columns).where(_R.harvest == number).order_by(_R.at, _R.id).limit(limit)
    with database.read() as connection:
        return tuple(ServedRequest(**row._asdict()) for row in connection.execute(query))


def members_of(database: Database, number: int) -> tuple[tuple[str, int], ...]:
    """Return whose records a harvest took: name of the repository, number; most first."""
    column = served_members.c
    query = select(column.repository, column.records).where(column.harvest == number)
    query = query.order_by(column.records.desc(), column.repository)
    with database.read() as connection:
        return tuple((name, number) for name, number in connection.execute(query))


def counted(database: Database, by: str, *, since: str = "") -> tuple[Counted, ...]:
    """Return the counts by one of BY. since: a day, 2026-11-26; months before it are left out."""
    of = _BY[by]
    query = select(of.label("of"), *(func.sum(_C[name]).label(name) for name in _SUMS))
    query = query.where(_C.period >= since).group_by("of")
    with database.read() as connection:
        rows = sorted(connection.execute(query), key=lambda row: str(row[0]))
    return tuple(Counted(row[0], *(int(number) for number in row[1:])) for row in rows)


def takings(
    database: Database, repository: str, *, since: datetime, silent_before: datetime
) -> tuple[Taking, ...]:
    """Return who took records of a repository since a moment, by client and way."""
    column = served_members.c
    by = (_H.client, _P.family, _H.set_spec, _H.prefix)
    state = state_of(silent_before).label("ended")
    query = (
        select(
            *by, state, func.max(_H.id), func.count(), cast(func.sum(column.records), BigInteger)
        )
        .join_from(served_members, served_harvests, column.harvest == _H.id)
        .join(served_clients, _P.key == _H.client)
        .where(column.repository == repository, _H.started_at >= since)
        .group_by(*by, "ended")
        .order_by(func.max(_H.id))
    )
    with database.read() as connection:
        return tuple(Taking(*row) for row in connection.execute(query))


def state_of(silent_before: datetime) -> ColumnElement[str]:
    """Return the state of a harvest: one that has been silent since before then broke off."""
    silent = (_H.state == RUNNING) & (_H.last_at < silent_before)
    return case((silent, BROKEN_OFF), else_=_H.state)


def _harvests(state: ColumnElement[str]) -> Any:
    shown = [column for column in _H if column.name not in ("state", "list", "begun", "client")]
    of_client = (_P.key, _P.network, _P.user_agent, _P.sender, _P.family)
    return select(*shown, state.label("state"), *of_client).join_from(
        served_harvests, served_clients, _P.key == _H.client
    )


def _conditions(wanted: Wanted, state: ColumnElement[str]) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(_H.started_at >= wanted.since)
    if wanted.repository:
        taken = select(served_members.c.harvest)
        found.append(_H.id.in_(taken.where(served_members.c.repository == wanted.repository)))
    if wanted.family:
        found.append(func.lower(_P.family) == wanted.family.lower())
    if wanted.state:
        found.append(state == wanted.state)
    if wanted.prefix:
        found.append(_H.prefix == wanted.prefix)
    if wanted.set_spec:
        below = _H.set_spec.startswith(wanted.set_spec + ":", autoescape=True)
        found.append(or_(_H.set_spec == wanted.set_spec, below))
    return found


def _harvest(row: AnyRow) -> ServedHarvest:
    values = row._asdict()
    client = Client(*(values.pop(name) for name in Client.__struct_fields__))
    values = {
        {"from_at": "from_", "until_at": "until", "started_at": "started", "last_at": "last"}.get(
            name, name
        ): value
        for name, value in values.items()
    }
    return ServedHarvest(client=client, **values)
