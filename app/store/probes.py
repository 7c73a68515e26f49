"""Probes of members in the list of their harvests: what was looked at, never what is harvested.

A probe is written down once it is over. It moves no checkpoint, counts neither as the last harvest
nor as a failure, and holds up no harvest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import insert, select

from app.findings import Finding
from app.store.harvests import note_failures
from app.store.requests import Sent, note_requests
from app.store.storable import mended
from app.store.tables import harvests, repositories
from app.store.values import Failure, Harvest

if TYPE_CHECKING:
    from app.store import Store

PROBE = "probe"
MOST_KEPT, LONGEST = 100, 1000
"""Findings of a probe that are kept, and characters of a sentence of each."""


class Check(Struct, frozen=True):
    """One thing that a probe looked at. state: `done`, `failed`, or `skipped` for want of time."""

    name: str
    state: str
    sentence: str


class Probed(Struct, frozen=True):
    """What the last probe of a member found, without secrets."""

    at: datetime
    usable: bool
    """It can be harvested as it answers."""
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    harvest: int = 0
    """Its number in the list of harvests; 0: it was made when the member joined."""


def keep_probed(store: Store, repository_id: int, probed: Probed, software: str) -> None:
    """Keep what a probe of a member found in place of what the one before it found."""
    findings = tuple(
        Finding(one.id, one.severity, one.sentence[:LONGEST], one.cure[:LONGEST])
        for one in probed.findings[:MOST_KEPT]
    )
    checks = tuple(Check(one.name, one.state, one.sentence[:LONGEST]) for one in probed.checks)
    kept = msgspec.structs.replace(probed, findings=findings, checks=checks)
    text = mended(msgspec.json.encode(kept).decode())
    store.repositories.learn(repository_id, probed=text, software=mended(software))


def last_probed(store: Store, repository_id: int) -> Probed | None:
    """Return what the last probe of a member found; None if there was none that was kept."""
    query = select(repositories.c.probed).where(repositories.c.id == repository_id)
    with store.database.read() as connection:
        text = connection.execute(query).scalar()
    return msgspec.json.decode(text, type=Probed) if text else None


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
