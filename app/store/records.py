"""Records: what a page of a harvest changes, lists of them, and their numbers."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, func, literal_column, select, update

from app import clock
from app.errors import StoreError
from app.query import Node
from app.record import Change, Checkpoint, Counts, Listed, Previous
from app.store import pages, stamping
from app.store.applying import Applying
from app.store.codec import Codec
from app.store.database import Database
from app.store.dialects import Dialect
from app.store.direct import Statement
from app.store.effects import EVERYTHING, PREFIX_BITS
from app.store.found import Found
from app.store.harvests import hold
from app.store.numbering import Prefixes
from app.store.pages import Key, Pages
from app.store.requests import Sent
from app.store.tables import days, memberships, records, renderings, repositories
from app.store.training import Trainer
from app.store.values import Applied, Failure, Numbers, PageRow

DAMAGED = "rendering-damaged"
MOST_DAMAGED = 50
"""Damaged rows of a page beyond which the fault is the database's, not theirs."""
_REASON = "Its stored bytes are damaged; they are written anew when it is read again."
_R = records.c
_PREVIOUS = (
    _R.id, _R.local_id, _R.state, _R.fingerprint, _R.resource_fingerprint, _R.crosswalk,
    _R.quarantine, _R.came,
)  # fmt: skip
_NO_COUNTS = Counts()


class Records(Found):
    """The records of all members."""

    def __init__(
        self, database: Database, codec: Codec, prefixes: Prefixes, applying: Applying
    ) -> None:
        super().__init__(database, codec, prefixes)
        self._applying = applying
        self._pages = Pages(database, codec, prefixes)
        self._trainer = Trainer(database, codec)

    def previous(self, local_ids: Collection[str]) -> dict[str, Previous]:
        """Return what the store holds of these records, by local id."""
        if not local_ids:
            return {}
        dialect = self._database.dialect
        values = {"ids": dialect.many_values(list(local_ids))}
        rows = self._database.rows(_previous(type(dialect)), values)
        return {row[1]: Previous(*row) for row in rows}

    def apply(
        self,
        repository_id: int,
        harvest_id: int | None,
        worker: str,
        changes: Sequence[Change],
        *,
        counts: Counts = _NO_COUNTS,
        checkpoint: Checkpoint | None = None,
        failures: Sequence[Failure] = (),
        listed: Listed | None = None,
        requests: Sequence[Sent] = (),
        last_request: str = "",
    ) -> Applied:
        """Write a page down in one transaction: all of it, or nothing.

        Raises LeaseLost unless `worker` holds the harvest; without a harvest (a deposit, a new
        crosswalk) there is no lease. The window's row becomes what `checkpoint` says; `counts` are
        added to the harvest's. Of `failures` the ids and harvests do not matter. Of two changes of
        one record the later one counts. `listed` ends the absence of what was seen again.
        `requests` are what brought it, `last_request` the newest one, for people.
        """
        applied = self._applying.apply(
            repository_id, harvest_id, worker, changes,
            counts=counts, checkpoint=checkpoint, failures=failures, listed=listed,
            requests=requests, last_request=last_request,
        )  # fmt: skip
        self._trainer.after_page()
        return applied

    def settle(self, now: datetime | None = None) -> int:
        """Stamp again what a killed process left unconfirmed; return how many renderings."""
        return stamping.settle(self._database, now or self._database.now())

    def train_dictionaries(self, *, again: bool = False) -> tuple[str, ...]:
        """Train compression dictionaries for kinds of which there is enough; return those kinds.

        A kind that has one gets a newer one only if asked for `again`.
        """
        return self._trainer.train(again=again)

    def page(
        self,
        prefix: str,
        *,
        after: Key | None = None,
        from_: int | None = None,
        until: int,
        set_spec: str | None = None,
        limit: int,
        headers_only: bool = False,
        page_bytes: int | None = None,
        query: Node | None = None,
    ) -> tuple[PageRow, ...]:
        """Return at most `limit` rows of a list in the order (stamp, id), those after a key.

        Bounds are inclusive; `member` and `type` mean everything. Live rows have their body,
        unless `headers_only`. Once bodies come to `page_bytes`, the next live row is given without
        its body, as a sign that the list goes on with it, and ends the page. A row whose stored
        bytes are damaged is left out and written down as such; raises StoreError when nothing
        else is left, or when they are too many. With a query, only what it finds is given,
        whatever the set; tombstones by what they were.
        """
        start = pages.start_of(after, from_)
        rows, damaged = self._pages.page(
            prefix, start, until, set_spec, limit, headers_only, page_bytes, query
        )
        self._report(damaged, prefix)
        if damaged and (not rows or len(damaged) > MOST_DAMAGED):
            raise StoreError(f"The stored bytes of {len(damaged)} records of a page are damaged.")
        return tuple(rows)

    def count(
        self,
        prefix: str,
        *,
        from_: int | None = None,
        until: int,
        set_spec: str | None = None,
        query: Node | None = None,
    ) -> int:
        """Return how many rows a list has; reads them all: once a list, never per page."""
        return self._pages.count(prefix, from_, until, set_spec, query)

    def row(self, local_id: str, prefix: str, *, withheld: bool = False) -> PageRow | None:
        """Return a record in one format; None if it never had it, or if its bytes are damaged.

        withheld: as it is kept, for operators; else as lists show it.
        """
        row, damaged = self._pages.row(local_id, prefix, withheld=withheld)
        self._report(damaged, prefix)
        return row

    def prefixes(self, local_id: str) -> tuple[tuple[str, bool], ...]:
        """Return the formats that a record has or had: (prefix, deleted)."""
        return self._pages.prefixes(local_id)

    def sample(self) -> str | None:
        """Return the local id of a record that lists show, one of the newest; None without any."""
        newest = select(memberships.c.record_id).where(
            memberships.c.set_id == EVERYTHING, memberships.c.prefix_id == bindparam("number")
        )
        newest = newest.order_by(memberships.c.stamp.desc(), memberships.c.record_id.desc())
        query = select(_R.local_id).where(_R.id == newest.limit(1).scalar_subquery())
        with self._database.read() as connection:
            for number in self._prefixes.names(connection):
                found = connection.execute(query, {"number": number}).scalar()
                if found is not None:
                    return str(found)
        return None

    def has_any(self, prefix: str) -> bool:
        """Tell whether any record has or had a format."""
        with self._database.read() as connection:
            number = self._prefixes.number(connection, prefix)
            query = select(memberships.c.record_id).where(
                memberships.c.set_id == EVERYTHING, memberships.c.prefix_id == number
            )
            return number is not None and connection.execute(query.limit(1)).first() is not None

    def earliest(self) -> int | None:
        """Return the oldest datestamp there is, as it is shown; None in an empty store."""
        with self._database.read() as connection:
            return stamping.earliest(connection)

    def newest(self) -> int | None:
        """Return the newest datestamp there is; it may lie up to two seconds ahead of the clock."""
        with self._database.read() as connection:
            return stamping.newest(connection)

    def numbers(self, now: datetime) -> Numbers:
        """Return what the home page says of the hub, from counts that are kept."""
        month = clock.seconds(now) // 86400 - 30
        columns = repositories.c
        sums = select(*(func.coalesce(func.sum(columns[name]), 0) for name in _SUMMED))
        members = select(func.count()).select_from(repositories).where(~columns.removed)
        added = select(func.coalesce(func.sum(days.c.added), 0)).where(days.c.day > month)
        with self._database.read() as connection:
            live, deleted, quarantined = map(int, connection.execute(sums).one())
            return Numbers(
                repositories=connection.execute(members).scalar_one(),
                records=live,
                deleted=deleted,
                quarantined=quarantined,
                added_30_days=int(connection.execute(added).scalar_one()),
                links=0,
            )

    def damaged(self) -> dict[int, int]:
        """Return how many records wait to be written anew, by the number of the repository."""
        query = select(_R.repository_id, func.count()).where(
            literal_column("records.quarantine <> ''"), _R.quarantine == DAMAGED
        )
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(_R.repository_id)).all()
        return {row[0]: row[1] for row in rows}

    def set_aside(self, record_id: int) -> None:
        """Have a record read again from its original, and all its renderings written anew."""
        with self._database.write() as connection:
            for prefix in self._prefixes.names(connection).values():
                self._set_aside(connection, record_id, prefix)

    def _report(self, damaged: Sequence[int], prefix: str) -> None:
        """Set damaged records aside, so that they are read and written anew.

        Where nothing can be written now, whoever meets them next reports them.
        """
        for record_id in damaged:
            with contextlib.suppress(StoreError), self._database.write() as connection:
                self._set_aside(connection, record_id, prefix)

    def _set_aside(self, connection: Connection, record_id: int, prefix: str) -> None:
        number = self._prefixes.number(connection, prefix) or 0
        owner = connection.execute(select(_R.repository_id).where(_R.id == record_id)).scalar()
        if owner is None:
            return
        hold(connection, owner)
        said = func.substr(_R.resource_fingerprint, 1, 8)  # so that reading it is a change
        unlike = {"crosswalk": 0, "resource_fingerprint": said}
        connection.execute(update(records).where(_R.id == record_id).values(unlike))
        values = {"quarantine": DAMAGED, "reason": _REASON}
        aside = update(records).where(_R.id == record_id, _R.quarantine == "").values(values)
        spoilt = update(renderings).where(renderings.c.id == record_id << PREFIX_BITS | number)
        if connection.execute(aside).rowcount:
            more = {"quarantined": repositories.c.quarantined + 1}
            connection.execute(update(repositories).where(repositories.c.id == owner).values(more))
        connection.execute(spoilt.values(digest=b""))


_SUMMED = ("live", "deleted", "quarantined")


@cache
def _previous(kind: type[Dialect]) -> Statement:
    return Statement(lambda: select(*_PREVIOUS).where(kind.among(_R.local_id, "ids")))
