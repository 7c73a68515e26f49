"""A harvest from beginning to end.

The data flow::

    Repository ─ make_plan ▶ Plan ─ open_ledger ▶ Harvest, its Windows
      for each window: harvester.pages ▶ Page              fetched, mended, read: no decision
        take_in ▶ Changes, Counts, Failures                app.ingest decides: no writing
        ledger.page                                        one transaction, with its checkpoint
      judge(ledger) ▶ Verdict ─ ledger.end ▶ Harvest       what the ledger proves, and no more

A run that was killed is taken up from its ledger; a run that did not see everything never ends as
complete, and only a whole run moves the repository's checkpoint.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from msgspec.structs import replace

from app import clock
from app.errors import ConfigurationError, HarvestError
from app.record import Counts, Origin
from app.settings import Settings
from app.store import Store
from app.store.values import Failure, Harvest, Repository, Window
from harvesters import HARVESTERS
from harvesters.base import Description, Page, Traffic
from harvesters.failures import Stopped, failure, shown
from harvesters.intake import Circumstances, Intake, names_of, take_in
from harvesters.ledger import MOST_LOSSES, WORKER_LOST, DryLedger, Ledger, open_ledger
from harvesters.outcome import Facts, judge, new_checkpoint, next_after, sentence
from harvesters.plan import Wish, make_plan, plan_of, usable_token
from harvesters.progress import Progress, Show
from harvesters.reading import seconds
from harvesters.signals import stop_on_signals
from harvesters.windows import WindowReader

BEAT = 5.0
"""Seconds between two signs of life while a request is waited for."""
LEAST_BEAT = 0.2
"""Seconds between two looks at the stop flag; a page's transaction renews the lease anyway."""
STOPPED = "The harvest was stopped before its end."
SKIPPABLE = frozenset(
    (
        *("http-4xx", "http-5xx", "not-xml", "empty-body", "hollow-page", "truncated"),
        *("body-short", "damaged-xml", "doctype-refused", "oai-error"),
    )
)
"""What may go wrong with Identify without ending a run."""
FALLBACK = "oai_dc"
CLOCK_OFF = 86400
"""Seconds by which a server's clock may differ from ours unnoticed."""
MOST_REPAIRS_TOLD = 1000
"""Repairs that one run lists by name; all of them are counted."""


def harvest(
    store: Store,
    settings: Settings,
    repository_name: str,
    *,
    trigger: str,
    worker: str,
    full: bool = False,
    from_: str | None = None,
    until: str | None = None,
    sets: Sequence[str] | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    progress: Show | None = None,
    stop: threading.Event | None = None,
) -> Harvest:
    """Harvest a repository, or go on with its harvest whose worker was lost; return it ended.

    limit: stop after so many records; never counts as complete. stop: set by another thread to
    end the run at its page's end, as SIGINT and SIGTERM do. Raises NotFound, Refused (one is
    running), LeaseLost and StoreError; whatever the repository does wrong is the outcome.
    """
    wish = Wish(full, from_, until, None if sets is None else tuple(sets), limit)
    repository = store.repositories.get(repository_name)
    if repository.kind not in HARVESTERS:
        raise ConfigurationError(f"Nothing harvests repositories of the kind `{repository.kind}`.")
    plan = make_plan(repository, wish, settings.harvest)
    lease = settings.work.lease_seconds
    ledger: Ledger = (
        DryLedger(repository, plan, store.now)
        if dry_run
        else open_ledger(store, repository, plan, trigger=trigger, worker=worker, lease=lease)
    )
    run = Run(store, settings, repository, ledger, limit=limit, show=progress)
    run.stop = stop or run.stop
    with stop_on_signals(run.stop):
        return run.go()


class Run:
    """One harvest on its way."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        repository: Repository,
        ledger: Ledger,
        *,
        limit: int | None = None,
        show: Show | None = None,
    ) -> None:
        self.stop = threading.Event()
        self._store = store
        self._settings = settings
        self._repository = repository
        self._ledger = ledger
        self._limit = limit
        self._show = show
        self._plan = plan_of(ledger.harvest)
        self._counts = ledger.harvest.counts
        self._live_before = repository.live
        self._started = self._beaten = time.monotonic()
        self._traffic = Traffic()
        self._asked_to_stop = False
        self._pages = 0
        self._told: set[tuple[str, str]] = set()
        self._harvester = HARVESTERS[repository.kind](repository, settings, self._pulse)

    def go(self) -> Harvest:
        """Read all windows and end the run by what the ledger proves."""
        error: HarvestError | None = None
        try:
            error = self._read()
        except HarvestError as raised:
            error = raised
        except KeyboardInterrupt:
            error = _stopped("The harvest was interrupted.")
        finally:
            self._harvester.close()
        return self._end(error)

    def _read(self) -> HarvestError | None:
        """Read what is open; return the first thing that is wrong with a window."""
        if self._ledger.losses >= MOST_LOSSES:
            raise failure(WORKER_LOST, "Its worker was lost three times at the same page.")
        first: HarvestError | None = None
        begun = {window.set_spec: window for window in self._ledger.windows()}
        if begun:
            one = next(iter(begun.values()))
            self._plan = replace(self._plan, prefix=one.prefix, from_=one.from_)
        else:
            self._prepare()
        for set_spec in self._plan.set_specs:
            window = begun.get(set_spec) or self._ledger.window(self._plan, set_spec)
            if window.state != "closed":
                wrong = self._window(window).read(usable_token(window, self._store.now()))
                first = first or wrong
        if self._plan.kind == "full" and first is None:
            self._ledger.name_sets(self._harvester.set_names())
        return first or self._limited()

    def _limited(self) -> HarvestError | None:
        if self._limit is None:
            return None
        return Stopped("limit-reached", f"The harvest was limited to {self._limit:,} records.")

    # ── before the first list ────────────────────────────────────────────────────────────────

    def _prepare(self) -> None:
        """Ask the repository what it is, and choose the prefix if it is not known."""
        said = self._describe()
        learned = {
            "granularity": said.granularity,
            "deleted_record": said.deleted_record,
            "identify_name": said.name,
        }
        known = self._repository
        changes = {k: v for k, v in learned.items() if v and v != getattr(known, k)}
        if self._plan.prefix == "auto":
            self._plan = replace(self._plan, prefix=self._choose())
            changes["chosen_prefix"] = self._plan.prefix
        if "granularity" in changes and known.granularity and self._plan.kind == "incremental":
            self._plan = replace(self._plan, from_="")  # another granularity: everything
        if changes:
            self._ledger.learn(**changes)

    def _describe(self) -> Description:
        try:
            said = self._harvester.describe()
        except HarvestError as error:
            if error.cause not in SKIPPABLE:
                raise
            self._note(error)
            return Description()
        if said.moved_to:
            words = "The repository has moved for good; give it its new base URL."
            self._note(HarvestError("moved", f"{words} ({shown(said.moved_to)})"))
        return said

    def _choose(self) -> str:
        try:
            return self._harvester.choose_prefix(self._plan.sets)
        except HarvestError as error:
            if error.cause not in SKIPPABLE:
                raise
            self._note(error)
            return FALLBACK

    def _note(self, error: HarvestError) -> None:
        note = Failure(0, 0, error.cause, str(error), url=error.url)
        self._ledger.note(Counts(), (note,))

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    def _window(self, window: Window) -> WindowReader:
        return WindowReader(
            window, self._harvester, self._ledger, take_in=self._take_in, done=self._page_done
        )

    def _take_in(self, page: Page) -> Intake:
        if self._limit is not None:
            left = max(self._limit - self._counts.seen, 0)
            page = replace(page, records=page.records[:left])
        names = names_of(page, self._repository.name)
        previous = self._store.records.previous(names)
        intake = take_in(page, names, previous, self._around())
        counts = intake.counts + self._sent() + Counts(repaired=_repaired(page))
        failures = intake.failures + self._repairs(page) + self._clock(page)
        return replace(intake, counts=counts, failures=failures)

    def _around(self) -> Circumstances:
        repository = self._repository
        return Circumstances(
            Origin(repository.name, repository.title, repository.base_url, ""),
            self._plan.prefix,
            self._store.now().date(),
            f"{self._settings.base_url}/oai",
        )

    def _repairs(self, page: Page) -> tuple[Failure, ...]:
        """Return the repairs that this run has not told of yet."""
        new = []
        for repair in page.repairs:
            key = repair.name, repair.identifier
            if key not in self._told and len(self._told) < MOST_REPAIRS_TOLD:
                self._told.add(key)
                words = f"{repair.name}: {repair.count} × ; around: {repair.excerpt}"
                new.append(Failure(0, 0, "repaired", words, repair.identifier))
        return tuple(new)

    def _clock(self, page: Page) -> tuple[Failure, ...]:
        """Return a note, once a run, that the server's clock is far off."""
        told, now = seconds(page.response_date), clock.seconds(self._store.now())
        if self._pages or told is None or abs(told - now) <= CLOCK_OFF:
            return ()
        words = f"The server says that it is {page.response_date}; here it is {clock.text(now)}."
        return (Failure(0, 0, "clock-doubtful", words),)

    def _sent(self) -> Counts:
        """Return the requests and bytes since the last page."""
        now, before = self._harvester.traffic(), self._traffic
        self._traffic = now
        return Counts(
            requests=now.requests - before.requests,
            retries=now.retries - before.retries,
            bytes=now.bytes - before.bytes,
        )

    def _page_done(self, intake: Intake) -> None:
        """Show how far the run is; end it here if that was asked for."""
        self._counts += intake.counts
        self._pages += 1
        if time.monotonic() - self._beaten >= LEAST_BEAT:
            self._beat()
        if self._show is not None:
            self._show(self._progress())
        if self._asked_to_stop or self.stop.is_set():
            raise _stopped(STOPPED)
        limited = self._limited()
        if limited is not None and self._counts.seen >= (self._limit or 0):
            raise limited

    def _progress(self) -> Progress:
        windows = self._ledger.windows()
        told = [window.told for window in windows if window.told is not None]
        return Progress(
            self._repository.name,
            self._counts,
            self._pages,
            sum(told) if told else None,
            time.monotonic() - self._started,
            len(self._plan.set_specs),
            sum(window.state == "closed" for window in windows),
            self._harvester.traffic().last_request,
        )

    def _pulse(self) -> None:
        """Called while a request is waited for: keep the lease, stop if that was asked for."""
        if self.stop.is_set():
            raise _stopped(STOPPED)
        if time.monotonic() - self._beaten >= BEAT:
            self._beat()
        if self._asked_to_stop:
            raise _stopped(STOPPED)

    def _beat(self) -> None:
        self._beaten = time.monotonic()
        self._asked_to_stop = self._ledger.beat(self._harvester.traffic().last_request)

    # ── the end ──────────────────────────────────────────────────────────────────────────────

    def _end(self, error: HarvestError | None) -> Harvest:
        self._counts += (sent := self._sent())
        self._ledger.note(sent, () if error is None else (_failure(error),))
        now = self._store.now()
        facts = self._facts(error)
        verdict = judge(facts)
        if verdict.cause == "format-gone" and self._repository.prefix == "auto":
            self._ledger.learn(chosen_prefix="")
        moves = self._plan.kind != "window"
        next_at = (
            next_after(verdict, self._repository, now, wait=error.wait if error else None)
            if moves
            else None
        )
        began = self._ledger.harvest.started_at or now
        words = sentence(
            verdict,
            facts,
            took=now - began,
            next_at=next_at,
            why=str(error) if error else "",
            since=self._plan.from_,
        )
        checkpoint = new_checkpoint(verdict, facts, self._plan.kind)
        return self._ledger.end(verdict, words, checkpoint=checkpoint, next_harvest_at=next_at)

    def _facts(self, error: HarvestError | None) -> Facts:
        plan = self._plan
        return Facts(
            windows=self._ledger.windows(),
            counts=self._counts,
            cause=error.cause if error is not None else "",
            full=plan.kind == "full" and not plan.from_,
            live_before=self._live_before,
            quarantine_limit=self._settings.harvest.quarantine_limit,
        )


def _stopped(words: str) -> Stopped:
    return Stopped("stopped-by-operator", words)


def _failure(error: HarvestError) -> Failure:
    return Failure(0, 0, error.cause, str(error), url=error.url)


def _repaired(page: Page) -> int:
    return len({repair.identifier for repair in page.repairs})
