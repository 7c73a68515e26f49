"""The ledger of a run: its windows and pages in the store, or in memory for a dry run.

Each page is one transaction with its checkpoint; nothing of a run is kept anywhere else, so that
another process can go on with it at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from app.record import Change, Checkpoint, Counts
from app.store import Store
from app.store.values import Failure, Harvest, Repository, Window
from harvesters.outcome import Verdict
from harvesters.plan import Plan

WORKER_LOST = "worker-lost"
MOST_LOSSES = 3
"""How often a run may lose its worker at one page before it is given up."""


class Ledger(Protocol):
    """Where a run writes down how far it is."""

    harvest: Harvest
    losses: int
    """How often this run lost its worker at the page where it stands."""

    def window(self, plan: Plan, set_spec: str) -> Window:
        """Return the window of a set, made if it is not there."""
        ...

    def windows(self) -> tuple[Window, ...]:
        """Return all windows as they stand."""
        ...

    def page(
        self,
        changes: Sequence[Change],
        counts: Counts,
        checkpoint: Checkpoint,
        failures: Sequence[Failure] = (),
    ) -> None:
        """Write a page down in one transaction; raises LeaseLost."""
        ...

    def note(self, counts: Counts, failures: Sequence[Failure] = ()) -> None:
        """Write down what belongs to no page; raises LeaseLost."""
        ...

    def beat(self, last_request: str = "") -> bool:
        """Renew the lease; return whether a person asked to stop. Raises LeaseLost."""
        ...

    def learn(self, **changes: str) -> None:
        """Keep what was learned of the repository."""
        ...

    def name_sets(self, names: Mapping[str, str]) -> None:
        """Keep the names of the repository's sets."""
        ...

    def end(
        self,
        verdict: Verdict,
        sentence: str,
        *,
        checkpoint: str | None,
        next_harvest_at: datetime | None,
    ) -> Harvest:
        """End the run."""
        ...


class StoredLedger:
    """A run that is kept in the store."""

    def __init__(self, store: Store, harvest: Harvest, worker: str, *, losses: int = 0) -> None:
        self.harvest = harvest
        self.losses = losses
        self._store = store
        self._worker = worker

    def window(self, plan: Plan, set_spec: str) -> Window:
        """Return the window of a set, made if it is not there."""
        return self._store.harvests.open_window(
            self.harvest.id,
            set_spec=set_spec,
            prefix=plan.prefix,
            from_=plan.from_,
            until=plan.until,
        )

    def windows(self) -> tuple[Window, ...]:
        """Return all windows as they stand."""
        return self._store.harvests.windows(self.harvest.id)

    def page(
        self,
        changes: Sequence[Change],
        counts: Counts,
        checkpoint: Checkpoint,
        failures: Sequence[Failure] = (),
    ) -> None:
        """Write a page down in one transaction; raises LeaseLost."""
        self._apply(changes, counts, checkpoint, failures)

    def note(self, counts: Counts, failures: Sequence[Failure] = ()) -> None:
        """Write down what belongs to no page; raises LeaseLost."""
        self._apply((), counts, None, failures)

    def _apply(
        self,
        changes: Sequence[Change],
        counts: Counts,
        checkpoint: Checkpoint | None,
        failures: Sequence[Failure],
    ) -> None:
        self._store.records.apply(
            self.harvest.repository_id,
            self.harvest.id,
            self._worker,
            changes,
            counts=counts,
            checkpoint=checkpoint,
            failures=failures,
        )

    def beat(self, last_request: str = "") -> bool:
        """Renew the lease; return whether a person asked to stop. Raises LeaseLost."""
        return self._store.harvests.heartbeat(self.harvest.id, self._worker, last_request)

    def learn(self, **changes: str) -> None:
        """Keep what was learned of the repository."""
        self._store.repositories.learn(self.harvest.repository_id, **changes)

    def name_sets(self, names: Mapping[str, str]) -> None:
        """Keep the names of the repository's sets."""
        self._store.sets.name_source_sets(self.harvest.repository_id, names)

    def end(
        self,
        verdict: Verdict,
        sentence: str,
        *,
        checkpoint: str | None,
        next_harvest_at: datetime | None,
    ) -> Harvest:
        """End the run."""
        return self._store.harvests.end(
            self.harvest.id,
            self._worker,
            outcome=verdict.outcome,
            cause=verdict.cause,
            sentence=sentence,
            checkpoint=checkpoint,
            next_harvest_at=next_harvest_at,
        )


class DryLedger:
    """A run that reads and compares, and writes nothing."""

    def __init__(self, repository: Repository, plan: Plan, now: Callable[[], datetime]) -> None:
        self.losses = 0
        self._now = now
        self._windows: dict[str, Window] = {}
        self.harvest = Harvest(
            0,
            repository.name,
            repository.id,
            kind=plan.kind,
            trigger="person",
            started_at=now(),
            prefix=plan.prefix,
            from_=plan.from_,
            until=plan.until,
            sets=plan.sets,
        )

    def window(self, plan: Plan, set_spec: str) -> Window:
        """Return the window of a set, made if it is not there."""
        made = Window(
            len(self._windows) + 1,
            0,
            set_spec,
            plan.prefix,
            plan.from_,
            plan.until,
            state="open",
            token="",
            token_expires="",
            token_at=None,
            response_date="",
            told=None,
            pages=0,
            listed=0,
            reason="",
        )
        return self._windows.setdefault(set_spec, made)

    def windows(self) -> tuple[Window, ...]:
        """Return all windows as they stand."""
        return tuple(self._windows.values())

    def page(
        self,
        changes: Sequence[Change],  # noqa: ARG002 - a dry run drops them
        counts: Counts,
        checkpoint: Checkpoint,
        failures: Sequence[Failure] = (),  # noqa: ARG002
    ) -> None:
        """Keep the counts only."""
        self.harvest = replace(self.harvest, counts=self.harvest.counts + counts)
        known = self._windows[checkpoint.set_spec]
        self._windows[checkpoint.set_spec] = replace(
            known,
            state="closed" if checkpoint.closed else "open",
            response_date=checkpoint.response_date,
            told=checkpoint.told,
            pages=checkpoint.pages,
            listed=checkpoint.listed,
            reason=checkpoint.reason,
        )

    def note(self, counts: Counts, failures: Sequence[Failure] = ()) -> None:  # noqa: ARG002
        """Keep the counts only."""
        self.harvest = replace(self.harvest, counts=self.harvest.counts + counts)

    def beat(self, last_request: str = "") -> bool:  # noqa: ARG002 - there is no lease
        """Nobody can ask a dry run to stop."""
        return False

    def learn(self, **changes: str) -> None:
        """Learn nothing."""

    def name_sets(self, names: Mapping[str, str]) -> None:
        """Keep no names."""

    def end(
        self,
        verdict: Verdict,
        sentence: str,
        *,
        checkpoint: str | None,  # noqa: ARG002 - nothing moves
        next_harvest_at: datetime | None,  # noqa: ARG002
    ) -> Harvest:
        """Return the run as it would have ended."""
        return replace(
            self.harvest,
            state="ended",
            outcome=verdict.outcome,
            cause=verdict.cause,
            sentence=sentence,
            ended_at=self._now(),
        )


def open_ledger(
    store: Store, repository: Repository, plan: Plan, *, trigger: str, worker: str, lease: float
) -> StoredLedger:
    """Begin a run, or go on with one of the same plan whose worker was lost.

    Raises Refused while another run is alive; a lost one with another plan is ended as such.
    """
    running = store.harvests.running(repository.id)
    if running is not None and _same(running, plan):
        taken = store.harvests.take_over(running.id, worker, lease=lease)
        return StoredLedger(store, taken, worker, losses=_count_loss(store, taken))
    if running is not None and running.worker == worker:
        words = "Its worker was lost, and the next one had something else to do."
        store.harvests.end(
            running.id, worker, outcome="incomplete", cause=WORKER_LOST, sentence=words
        )
    begun = store.harvests.begin(
        repository.id,
        kind=plan.kind,
        trigger=trigger,
        worker=worker,
        prefix=plan.prefix,
        from_=plan.from_,
        until=plan.until,
        sets=plan.sets,
        scope=plan.scope,
        lease=lease,
    )
    return StoredLedger(store, begun, worker)


def _same(running: Harvest, plan: Plan) -> bool:
    ours, theirs = (plan.kind, plan.scope, plan.sets), (running.kind, running.scope, running.sets)
    if ours != theirs:
        return False
    return plan.kind != "window" or (plan.from_, plan.until) == (running.from_, running.until)


def _count_loss(store: Store, taken: Harvest) -> int:
    """Write down that a worker was lost, and return how often that happened at this page."""
    pages = sum(window.pages for window in store.harvests.windows(taken.id))
    words = f"A worker was lost after {pages:,} pages."
    store.harvests.fail(taken.id, WORKER_LOST, words)
    failures = store.harvests.failures(taken.id, limit=100_000)
    return sum(one.cause == WORKER_LOST and one.sentence == words for one in failures)
