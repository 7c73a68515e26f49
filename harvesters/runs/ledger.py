"""The ledger of a run: its windows and pages in the store.

Each page is one transaction with its checkpoint; nothing of a run is kept anywhere else, so that
another process can go on with it at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from app import __version__
from app.crosswalks import CROSSWALK
from app.record import Change, Checkpoint, Counts, Listed
from app.settings import Settings
from app.store import Store, looks
from app.store import windows as stored
from app.store.requests import Sent
from app.store.values import Failure, Harvest, Repository, Window
from app.store.windows import Span
from harvesters.runs.outcome import Verdict
from harvesters.runs.plan import MAIN_KINDS, Plan, left_open, plan_of, since

WORKER_LOST = "worker-lost"
HANDED_ON = "It let others go first that waited for a worker, and goes on soon."
"""Said in place of the last request by a worker that left its run to the next one."""
STANDS_STILL = "It stands still until there is room on a disk of the hub, and then goes on."
"""The same, said by a worker in whose time a disk was full."""
SOFTWARE = f"Garnery {__version__}, crosswalks {CROSSWALK}"
MOST_LOSSES = 3
"""How often a run may lose its worker at one page before it is given up."""


class Ledger(Protocol):
    """Where a run writes down how far it is."""

    harvest: Harvest
    losses: int
    """How often this run lost its worker at the page where it stands."""
    asked_to_stop: bool
    """A person asked the run to stop, as the last page or sign of life found."""
    requests: Callable[[], Sequence[Sent]]
    """Gives out the requests that are to be written down with the next page."""
    last_request: Callable[[], str]
    """Tells the newest request, which each page and each sign of life writes down for people."""

    hide: Callable[[str], str]
    """Takes secrets out of what is written for people."""

    def window(self, plan: Plan, set_spec: str) -> Window:
        """Return the window of a set, made if it is not there."""
        ...

    def windows(self) -> tuple[Window, ...]:
        """Return all windows as they stand."""
        ...

    def split(self, window: Window, spans: Sequence[Span], reason: str) -> tuple[Window, ...]:
        """Let windows stand for another one; return them in the order of `spans`."""
        ...

    def carry(self, windows: Sequence[Window]) -> tuple[Window, ...]:
        """Go on with windows of an earlier run; return them as this run's."""
        ...

    def page(
        self,
        changes: Sequence[Change],
        counts: Counts,
        checkpoint: Checkpoint,
        failures: Sequence[Failure] = (),
        listed: Listed | None = None,
    ) -> None:
        """Write a page down in one transaction; raises LeaseLost."""
        ...

    def note(self, counts: Counts, failures: Sequence[Failure] = ()) -> None:
        """Write down what belongs to no page; raises LeaseLost."""
        ...

    def take(self, changes: Sequence[Change], counts: Counts, failures: Sequence[Failure]) -> None:
        """Write down records that belong to no list, in one transaction; raises LeaseLost."""
        ...

    def remove(self, changes: Sequence[Change]) -> None:
        """Carry out deletions that belong to no page, in one transaction; raises LeaseLost."""
        ...

    def beat(self, instead: str = "") -> None:
        """Renew the lease; raises LeaseLost. instead: said in place of the last request."""
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
        self.asked_to_stop = False
        self.requests: Callable[[], Sequence[Sent]] = tuple
        self.last_request: Callable[[], str] = str
        self.hide: Callable[[str], str] = str
        """Takes secrets out of what is written for people."""
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

    def split(self, window: Window, spans: Sequence[Span], reason: str) -> tuple[Window, ...]:
        """Let windows stand for another one; return them in the order of `spans`."""
        return stored.split(self._store, self.harvest.id, self._worker, window, spans, reason)

    def carry(self, windows: Sequence[Window]) -> tuple[Window, ...]:
        """Go on with windows of an earlier run; return them as this run's."""
        return stored.carry(self._store, self.harvest.id, self._worker, windows)

    def page(
        self,
        changes: Sequence[Change],
        counts: Counts,
        checkpoint: Checkpoint,
        failures: Sequence[Failure] = (),
        listed: Listed | None = None,
    ) -> None:
        """Write a page down in one transaction; raises LeaseLost."""
        self._apply(changes, counts, checkpoint, failures, listed)

    def note(self, counts: Counts, failures: Sequence[Failure] = ()) -> None:
        """Write down what belongs to no page; raises LeaseLost."""
        self._apply((), counts, None, failures)

    def take(self, changes: Sequence[Change], counts: Counts, failures: Sequence[Failure]) -> None:
        """Write down records that belong to no list, in one transaction; raises LeaseLost."""
        self._apply(changes, counts, None, failures)

    def remove(self, changes: Sequence[Change]) -> None:
        """Carry out deletions that belong to no page, in one transaction; raises LeaseLost."""
        self._apply(changes, Counts(removed=len(changes)), None, ())

    def _apply(
        self,
        changes: Sequence[Change],
        counts: Counts,
        checkpoint: Checkpoint | None,
        failures: Sequence[Failure],
        listed: Listed | None = None,
    ) -> None:
        applied = self._store.records.apply(
            self.harvest.repository_id,
            self.harvest.id,
            self._worker,
            changes,
            counts=counts,
            checkpoint=checkpoint,
            failures=tuple(map(self._hidden, failures)),
            listed=listed,
            requests=self.requests(),
            last_request=self.hide(self.last_request()),
        )
        self.asked_to_stop = applied.asked_to_stop

    def _hidden(self, failure: Failure) -> Failure:
        sentence, url = self.hide(failure.sentence), self.hide(failure.url)
        return replace(failure, sentence=sentence, url=url)

    def beat(self, instead: str = "") -> None:
        """Renew the lease; raises LeaseLost. instead: said in place of the last request."""
        told = instead or self.hide(self.last_request())
        heartbeat = self._store.harvests.heartbeat
        self.asked_to_stop = heartbeat(self.harvest.id, self._worker, told)

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
            sentence=self.hide(sentence),
            checkpoint=checkpoint,
            next_harvest_at=next_harvest_at,
        )


def open_ledger(
    store: Store,
    repository: Repository,
    plan: Plan,
    settings: Settings,
    *,
    trigger: str,
    worker: str,
    anew: bool = False,
) -> StoredLedger:
    """Begin a run, or go on with one of the same plan whose worker was lost.

    A new run takes over what the last one left open, unless everything is wanted `anew`. Raises
    Refused while another run is alive; a lost one with another plan is ended as such.
    """
    lease = settings.work.lease_seconds
    running = store.harvests.running(repository.id)
    if running is not None and _same(running, plan):
        taken = store.harvests.take_over(running.id, worker, lease=lease)
        return StoredLedger(store, taken, worker, losses=_count_loss(store, taken))
    if running is not None and running.worker == worker:
        words = "Its worker was lost, and the next one had something else to do."
        store.harvests.end(
            running.id, worker, outcome="incomplete", cause=WORKER_LOST, sentence=words
        )
    last, left = (
        (None, ()) if anew or plan.kind not in MAIN_KINDS else _left(store, plan, repository)
    )
    return _begun(store, repository, plan, settings, last, left, trigger=trigger, worker=worker)


def _begun(
    store: Store,
    repository: Repository,
    plan: Plan,
    settings: Settings,
    last: Harvest | None,
    left: Sequence[Window],
    *,
    trigger: str,
    worker: str,
) -> StoredLedger:
    if last is not None:
        plan = replace(plan_of(last), prefix=plan.prefix)
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
        response_date=last.response_date if last is not None else "",
        software=SOFTWARE,
        lease=settings.work.lease_seconds,
    )
    ledger = StoredLedger(store, begun, worker)
    if last is not None:
        looks.carry_sightings(store, last.id, begun.id)  # first: without windows it begins anew
        ledger.carry(left)
        since_then = since(last.response_date, repository.granularity, settings.harvest)
        if since_then:
            for set_spec in plan.set_specs:
                ledger.window(replace(plan, prefix=left[0].prefix, from_=since_then), set_spec)
    return ledger


def _left(
    store: Store, plan: Plan, repository: Repository
) -> tuple[Harvest | None, tuple[Window, ...]]:
    """Return the last run if there is something of it to go on with, and what that is.

    Runs to which nothing was answered left everything as it was.
    """
    runs = store.harvests.list(repository=repository.name, limit=100)
    main = (run for run in runs if run.kind in MAIN_KINDS and run.outcome != "failed")
    last = next(main, None)
    windows = store.harvests.windows(last.id) if last is not None else ()
    left = left_open(last, windows, plan, store.now())
    return (last, left) if left else (None, ())


def _same(running: Harvest, plan: Plan) -> bool:
    ours, theirs = (plan.kind, plan.scope, plan.sets), (running.kind, running.scope, running.sets)
    if ours != theirs:
        return False
    return plan.kind != "window" or (plan.from_, plan.until) == (running.from_, running.until)


def _count_loss(store: Store, taken: Harvest) -> int:
    """Write down that a worker was lost, and return how often that happened at this page."""
    if taken.last_request in (HANDED_ON, STANDS_STILL):
        return 0
    pages = sum(window.pages for window in store.harvests.windows(taken.id))
    words = f"A worker was lost after {pages:,} pages."
    store.harvests.fail(taken.id, WORKER_LOST, words)
    failures = store.harvests.failures(taken.id, limit=100_000)
    return sum(one.cause == WORKER_LOST and one.sentence == words for one in failures)
