"""Walks over the live records of a repository that break rules of metadata, with what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import literal

from app.datacite.problem import Problem
from app.store.found import STORED, stored
from app.store.packing import unpack_reading
from app.store.states import STATE
from app.store.tables import contents, records
from app.store.values import StoredRecord

if TYPE_CHECKING:
    from app.store import Store

BATCH = 200
Broken = tuple[StoredRecord, tuple[Problem, ...]]
_R = records.c


def each_broken(store: Store, repository_id: int, rule: str = "") -> Iterator[list[Broken]]:
    """Yield records with their problems, in the order they came, some at a time.

    rule: only the records that break it, and of their problems only those of this rule.
    """
    query = STORED.add_columns(contents.c.reading).join(contents, contents.c.record_id == _R.id)
    query = query.where(_R.repository_id == repository_id, STATE == "live", _R.rules != "")
    if rule:
        among = literal(" ") + _R.rules + literal(" ")
        query = query.where(store.database.dialect.holds(among, f" {rule} "))
    query, after = query.order_by(_R.id).limit(BATCH), 0
    while True:
        with store.database.read() as connection:
            rows = connection.execute(query.where(_R.id > after)).all()
        found = [(stored(row), unpack_reading(store.codec, row.reading).problems) for row in rows]
        yield [(one, _of(problems, rule)) for one, problems in found]
        if len(rows) < BATCH:
            return
        after = rows[-1].id


def _of(problems: tuple[Problem, ...], rule: str) -> tuple[Problem, ...]:
    return tuple(one for one in problems if not rule or one.rule == rule)
