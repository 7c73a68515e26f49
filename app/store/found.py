"""Single records and walks over them, with their large parts unpacked: reads only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select, select

from app.datacite.problem import Problem
from app.query import Node
from app.record import Summary, local_id
from app.store.codec import Codec
from app.store.database import AnyRow, Database
from app.store.numbering import Prefixes
from app.store.packing import Reading, unpack_reading
from app.store.search.conditions import narrowed
from app.store.states import REASON, STATE, WITHDRAWN_AT
from app.store.tables import broken_rules, contents, records, repositories
from app.store.values import Problem as BrokenRule
from app.store.values import StoredRecord

LOCAL_ID = re.compile(r"[a-z2-7]{16}")
DOI = re.compile(r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,}(?:\.\d+)*/\S+)", re.I)
_R = records.c
_SUMMARY = tuple(_R[name] for name in Summary.__struct_fields__)
_FIELDS = tuple(name for name in StoredRecord.__struct_fields__ if name != "summary")
_TOLD = {
    "repository": repositories.c.name, "repository_title": repositories.c.title, "state": STATE,
    "own_state": _R.state, "reason": REASON, "withdrawn_at": WITHDRAWN_AT,
}  # fmt: skip
_PLAIN = tuple(_R[name] for name in _FIELDS if name not in _TOLD)
STORED = select(
    *_PLAIN, *_SUMMARY, *(column.label(name) for name, column in _TOLD.items())
).join(repositories, repositories.c.id == _R.repository_id)  # fmt: skip


class Found:
    """Reads records."""

    def __init__(self, database: Database, codec: Codec, prefixes: Prefixes) -> None:
        self._database = database
        self._codec = codec
        self._prefixes = prefixes

    def get(self, local_id: str) -> StoredRecord | None:
        """Return a record by its local id."""
        found = self._all(STORED.where(_R.local_id == local_id))
        return found[0] if found else None

    def find(self, identifier: str) -> tuple[StoredRecord, ...]:
        """Return the records that an identifier means, in the order they came.

        It may be our local id or OAI identifier, a DOI in any form, or the identifier at the
        source, which several members may use.
        """
        wanted = identifier.strip()
        last = wanted.rpartition(":")[2]
        doi = DOI.fullmatch(wanted)
        with self._database.read() as connection:
            ids = _local_ids(connection, wanted)
            if LOCAL_ID.fullmatch(last):
                ids.append(last)
            found = self._by_local_ids(connection, ids)
            found = [r for r in found if r.local_id == last or r.identifier == wanted]
            if doi:
                by_doi = STORED.where(_R.doi == doi[1].lower(), _R.doi != "")
                found += [stored(row) for row in connection.execute(by_doi)]
        return tuple(sorted({r.id: r for r in found}.values(), key=lambda r: r.id))

    def _by_local_ids(self, connection: Connection, ids: Sequence[str]) -> list[StoredRecord]:
        among = self._database.dialect.among(_R.local_id, "ids")
        given = {"ids": self._database.dialect.many_values(ids)}
        return [stored(row) for row in connection.execute(STORED.where(among), given)]

    def resource(self, local_id: str) -> bytes | None:
        """Return the resource as canonical DataCite JSON: the last that could be read."""
        return self._reading(local_id).resource

    def reading(self, local_id: str) -> Reading:
        """Return at once the resource, the problems and what was inferred."""
        return self._reading(local_id)

    def problems(self, local_id: str) -> tuple[Problem, ...]:
        """Return the problems of a record's metadata."""
        return self._reading(local_id).problems

    def inferences(self, local_id: str) -> bytes:
        """Return what the crosswalk inferred: a JSON list of [path, rule, source text]."""
        return self._reading(local_id).inferences

    def original(self, local_id: str) -> bytes | None:
        """Return the metadata as the source sent it last."""
        return self._content(local_id, contents.c.original)

    def source_about(self, local_id: str) -> bytes | None:
        """Return the about elements as the source sent them last."""
        return self._content(local_id, contents.c.source_about)

    def iterate(
        self,
        *,
        batch: int = 500,
        repository: str | int | None = None,
        states: Sequence[str] = ("live",),
        query: Node | None = None,
    ) -> Iterator[tuple[StoredRecord, bytes | None]]:
        """Yield records with their resources, in the order they came; one snapshot a batch.

        query: only what it finds.
        """
        wanted = STORED.add_columns(contents.c.reading).outerjoin(
            contents, contents.c.record_id == _R.id
        )
        wanted = wanted.where(STATE.in_(tuple(states))).order_by(_R.id).limit(batch)
        if repository is not None:
            wanted = wanted.where(_R.repository_id == _number_of(repository))
        if query is not None:
            with self._database.read() as connection:
                wanted = narrowed(wanted, query, self._database.dialect, connection)
        after = 0
        while True:
            with self._database.read() as connection:
                rows = connection.execute(wanted.where(_R.id > after)).all()
            for row in rows:
                yield stored(row), unpack_reading(self._codec, row.reading).resource
            if len(rows) < batch:
                return
            after = rows[-1].id

    def latest(self, limit: int, repository: str | int | None = None) -> tuple[StoredRecord, ...]:
        """Return the live records that came last, newest first."""
        query = STORED.where(STATE == "live").order_by(_R.id.desc()).limit(limit)
        if repository is not None:
            query = query.where(_R.repository_id == _number_of(repository))
        return self._all(query)

    def quarantined(
        self, repository_id: int, limit: int = 100, *, after: int = 0
    ) -> tuple[StoredRecord, ...]:
        """Return records of a repository whose newest version could not be read, by number.

        after: only those behind the record of this number.
        """
        query = STORED.where(_R.repository_id == repository_id, _R.quarantine != "", _R.id > after)
        return self._all(query.order_by(_R.id).limit(limit))

    def problem_counts(self, repository_id: int) -> tuple[BrokenRule, ...]:
        """Return how many live records of a repository break each rule, most first."""
        columns = broken_rules.c
        query = select(columns.rule, columns.severity, columns.records).where(
            columns.repository_id == repository_id, columns.records > 0
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(columns.records.desc(), columns.rule))
            return tuple(BrokenRule(*row) for row in rows)

    def _all(self, query: Select[Any]) -> tuple[StoredRecord, ...]:
        with self._database.read() as connection:
            return tuple(map(stored, connection.execute(query)))

    def _reading(self, local_id: str) -> Reading:
        return unpack_reading(self._codec, self._packed(local_id, contents.c.reading))

    def _content(self, local_id: str, column: Column[bytes]) -> bytes | None:
        packed = self._packed(local_id, column)
        return None if packed is None else self._codec.unpack(packed)

    def _packed(self, local_id: str, column: Column[bytes]) -> bytes | None:
        query = select(column).join(records, _R.id == contents.c.record_id)
        with self._database.read() as connection:
            return connection.execute(query.where(_R.local_id == local_id)).scalar()


def _number_of(repository: str | int) -> Any:
    if isinstance(repository, int):
        return repository
    return select(repositories.c.id).where(repositories.c.name == repository).scalar_subquery()


def _local_ids(connection: Connection, identifier: str) -> list[str]:
    """Return the local id that each member would give to an identifier of its own."""
    names = connection.execute(select(repositories.c.name)).scalars()
    return [local_id(name, identifier) for name in names]


def stored(row: AnyRow) -> StoredRecord:
    """Return a row of `STORED` as a record."""
    fields = row._mapping
    given = {name: fields[name] for name in _FIELDS}
    summary = Summary(*(fields[column.name] for column in _SUMMARY))
    return StoredRecord(summary=summary, **given | {"sets": tuple(fields["sets"].split())})
