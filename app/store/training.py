"""When compression dictionaries are trained, and from which records: never within a page.

Samples are spread evenly over all records there are, so that no single repository shapes them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, func, insert, select

from app.store.codec import SAMPLES, Codec, train
from app.store.database import Database
from app.store.effects import PREFIX_BITS
from app.store.packing import ABOUT, READING
from app.store.tables import contents, dictionaries, prefixes, records, renderings

SPREAD = 2 * SAMPLES
LEAST_SAMPLES = 100
MOST = 255
_LOCK = 0x64696374
_BETWEEN_TRIES = 4
"""A try without success is followed by the next one at so many times the number of blobs."""


def load(database: Database) -> Mapping[int, tuple[str, bytes]]:
    """Return all dictionaries by number."""
    columns = dictionaries.c
    with database.read() as connection:
        rows = connection.execute(select(columns.id, columns.kind, columns.body))
        return {number: (kind, body) for number, kind, body in rows}


class Trainer:
    """Trains a dictionary once a kind has enough blobs."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self._database = database
        self._codec = codec
        self._next_try: dict[str, int] = {}

    def after_page(self) -> None:
        """Train if this process has packed enough blobs without a dictionary."""
        ready = [kind for kind, n in self._codec.plain.items() if n >= self._threshold(kind)]
        if ready:
            self._codec.refresh()
            for kind in ready:
                self._next_try[kind] = self._threshold(kind) * _BETWEEN_TRIES
            if not all(map(self._codec.knows, ready)):
                self.train()

    def _threshold(self, kind: str) -> int:
        return self._next_try.get(kind, SAMPLES)

    def train(self, *, again: bool = False) -> tuple[str, ...]:
        """Train what can be trained; return the kinds."""
        self._codec.refresh()
        made = []
        for kind, blobs in sorted(self._samples(again=again).items()):
            body = train(blobs)
            if body is not None and self._keep(kind, body, again=again):
                made.append(kind)
        self._codec.refresh()
        return tuple(made)

    def _keep(self, kind: str, body: bytes, *, again: bool) -> bool:
        """Write a dictionary, unless another process was faster."""
        columns = dictionaries.c
        with self._database.write() as connection:
            self._database.dialect.lock(connection, _LOCK)
            there = connection.execute(select(columns.id).where(columns.kind == kind)).first()
            number = (connection.execute(select(func.max(columns.id))).scalar() or 0) + 1
            if number > MOST or (there is not None and not again):
                return False
            now = self._database.dialect.now(connection)
            row = {"id": number, "kind": kind, "body": body, "trained_at": now}
            connection.execute(insert(dictionaries).values(row))
        return True

    def _samples(self, *, again: bool) -> dict[str, list[bytes]]:
        """Return samples of each kind that needs a dictionary and has records enough for one."""
        with self._database.read() as connection:
            highest = connection.execute(select(func.max(records.c.id))).scalar() or 0
            step = max(1, highest // SPREAD)
            ids = range(step, highest + 1, step)
            blobs = self._blobs(connection, ids)
        enough = max(LEAST_SAMPLES, SAMPLES // step)
        return {
            kind: list(map(self._codec.unpack, packed))
            for kind, packed in blobs.items()
            if len(packed) >= enough and (again or not self._codec.knows(kind))
        }

    def _blobs(self, connection: Connection, ids: range) -> dict[str, list[bytes]]:
        dialect = self._database.dialect
        blobs: dict[str, list[bytes]] = defaultdict(list)
        columns = (contents.c.reading, contents.c.original, contents.c.source_about)
        query = select(records.c.format, *columns).join(
            records, records.c.id == contents.c.record_id
        )
        query = query.where(dialect.among(contents.c.record_id, "ids"))
        for form, *parts in connection.execute(query, {"ids": dialect.many_values(ids)}):
            for kind, blob in zip((READING, f"original {form}", ABOUT), parts, strict=True):
                if blob is not None:
                    blobs[kind].append(blob)
        for number, prefix in connection.execute(select(prefixes.c.id, prefixes.c.prefix)):
            keys = dialect.many_values([record << PREFIX_BITS | number for record in ids])
            bodies = select(renderings.c.body).where(dialect.among(renderings.c.id, "ids"))
            found = connection.execute(bodies, {"ids": keys}).scalars()
            blobs[prefix] = [blob for blob in found if blob is not None]
        return blobs
