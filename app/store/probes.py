"""Probes of members in the list of their harvests: what was looked at, never what is harvested.

A probe is written down once it is over. It moves no checkpoint, counts neither as the last harvest
nor as a failure, and holds up no harvest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert

from app.store.harvests import note_failures
from app.store.requests import Sent, note_requests
from app.store.storable import mended
from app.store.tables import harvests
from app.store.values import Failure, Harvest

if TYPE_CHECKING:
    from app.store import Store

PROBE = "probe"


def note_probe(
    store: Store,
    repository_id: int,
    *,
    worker: str,
    started_at: datetime,
    outcome: str,
    cause: str = "",
    sentence: str,
    prefix: str = "",
    told: int | None = None,
    sent: Sequence[Sent] = (),
    failures: Sequence[Failure] = (),
) -> Harvest:
    """Write a probe that is over into the list of a repository's harvests; return its row."""
    row = {
        "repository_id": repository_id, "kind": PROBE, "trigger": "person", "state": "ended",
        "outcome": outcome, "cause": cause, "sentence": mended(sentence), "prefix": prefix,
        "started_at": started_at, "worker": worker, "told": told, "sets": (),
        "requests": len(sent), "retries": sum(one.attempt > 1 for one in sent),
        "bytes": sum(one.size for one in sent),
    }  # fmt: skip
    with store.database.write() as connection:
        now = store.database.dialect.now(connection)
        done = connection.execute(insert(harvests).values(row | {"ended_at": now}))
        assert done.inserted_primary_key
        number = int(done.inserted_primary_key[0])
        note_failures(connection, number, failures)
        note_requests(connection, number, sent)
    return store.harvests.get(number)
