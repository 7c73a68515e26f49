"""A harvest from beginning to end.

The data flow::

    Repository ─ make_plan ▶ Plan ─ open_ledger ▶ Harvest, its Windows      what is asked for
      Preparation.made ▶ Plan                          Identify, the prefix
      for each list: Lists.read                        windows, halved where they have to be
        WindowReader: harvester.pages ▶ Page           fetched, mended, read: no decision
        Taking.take_in ▶ Changes, Counts, Failures     app.ingest decides: no writing
        ledger.page                                    one transaction, with its checkpoint
      Again.ask                                        what was set aside before
    Ending.end: judge(ledger) ▶ Verdict ▶ Harvest      what the ledger proves, and no more

A run that was killed is taken up from its ledger; a run that did not see everything never ends as
complete, and only a whole run moves the repository's checkpoint.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from msgspec.structs import replace
from structlog.contextvars import bound_contextvars

from app import clock
from app.collector import collect_seldom
from app.errors import ConfigurationError, HarvestError
from app.options import merged
from app.processor import ALONE, Processor
from app.record import Counts
from app.settings import Settings
from app.store import Store
from app.store.looks import holds_live
from app.store.values import Failure, Harvest, Repository, Window
from harvesters import HARVESTERS
from harvesters.answers.reading import seconds
from harvesters.base import (
    Denying,
    Harvester,
    Recognising,
    Recounting,
    Remembering,
    Selective,
)
from harvesters.failures import failure
from harvesters.learning import learn
from harvesters.noticing import Observant
from harvesters.prefixes import SECONDS
from harvesters.quirks import asked_by, looked_at, window_records, wished
from harvesters.runs.again import Again
from harvesters.runs.dry_run import DryLedger
from harvesters.runs.ending import Ending
from harvesters.runs.intake import Intake
from harvesters.runs.ledger import MOST_LOSSES, WORKER_LOST, Ledger, StoredLedger, open_ledger
from harvesters.runs.limits import Limits
from harvesters.runs.lists import Lists, Manner, newest_first, spent
from harvesters.runs.looks import is_look, looked_over
from harvesters.runs.outages import Outages
from harvesters.runs.outcome import WHOLE
from harvesters.runs.plan import MAIN_KINDS, Wish, make_plan, plan_of, usable_token
from harvesters.runs.preparation import Preparation
from harvesters.runs.progress import Show
from harvesters.runs.set_check import SetCheck
from harvesters.runs.several import Several
from harvesters.runs.splitting import Estimates, estimates
from harvesters.runs.sweep import Sweep
from harvesters.runs.taking import Taking
from harvesters.runs.watch import Watch, stopped
from harvesters.runs.windows import Tools
from harvesters.signals import stop_on_signals
from harvesters.transport.access import Access, access_to
from harvesters.transport.secrets import Secrets

LONG_ENOUGH = 600.0
"""Seconds of a run that show how fast a repository is."""


def harvest(
    store: Store, settings: Settings, repository_name: str, *, trigger: str, worker: str,
    kind: str = "", full: bool = False, from_: str | None = None, until: str | None = None,
    sets: Sequence[str] | None = None, limit: int | None = None, dry_run: bool = False,
    progress: Show | None = None, stop: threading.Event | None = None, yields: bool = False,
    place: str = "", prefix: str = "", only: str = "", processor: Processor = ALONE,
) -> Harvest:  # fmt: skip
    """Harvest a repository, or go on with its harvest whose worker was lost; return it ended.

    kind: `full`, `sweep` or `retry`; empty: what is due. limit: stop after so many records; never
    counts as complete. stop: set by another thread to end the run at its page's end, as SIGINT and
    SIGTERM do. yields: once its slice of time is over, leave the run to a later worker while others
    wait; raises GivenUp then. place: `file:` addresses that are read in place of the repository's
    own, as a run that adds; prefix: the same for its prefix. only: with the kind `retry`, the
    identifier of the one record that is asked for. processor: the turn to compute, shared
    with the other harvests of this process. Raises NotFound, Refused (one is running), LeaseLost
    and StoreError; whatever the repository does wrong is the outcome.
    """
    collect_seldom()
    wish = Wish(full, from_, until, None if sets is None else tuple(sets), limit, kind)
    repository, wish = _asked(store, repository_name, wish, trigger, place, prefix)
    access = access_to(store, repository, processor)
    settings = merged(settings, repository.options)
    wish = wished(wish, access.quirks)
    plan = make_plan(asked_by(repository, access.quirks), wish, settings.harvest)
    ledger: Ledger = DryLedger(repository, plan, store.now)
    if not dry_run:
        ledger = open_ledger(
            store, repository, plan, settings, trigger=trigger, worker=worker, anew=wish.anew
        )
    stop = stop or threading.Event()

    def make(ledger: Ledger) -> Run:
        slice_ = settings.harvest.slice if yields else None
        watch = Watch(store, repository, ledger, limit=limit, slice_=slice_, show=progress)
        watch.stop = stop
        run = Run(store, settings, repository, ledger, watch, access, limit=limit)
        run.only = only if ledger.harvest.kind == "retry" else ""
        return run

    outages = Outages(store, settings, worker=worker, stop=stop, processor=processor)
    named = {"repository": repository.name, "harvest": ledger.harvest.id}
    with stop_on_signals(stop), processor.held(), bound_contextvars(**named):
        return _gone_through(make, ledger, outages)


def _gone_through(make: Callable[[Ledger], Run], ledger: Ledger, outages: Outages) -> Harvest:
    """Bring a run to its end, over outages of the hub; a dry run stands still for none."""
    if not isinstance(ledger, StoredLedger):
        return make(ledger).go()
    return outages.through(ledger, lambda ledger: _ended(make, ledger, outages))


def _ended(make: Callable[[Ledger], Run], ledger: StoredLedger, outages: Outages) -> Harvest:
    """Bring a run to its end from where its ledger stands, and learn from it."""
    if ledger.harvest.state == "ended":
        return ledger.harvest
    run = make(ledger)
    run.wait_out(outages)
    ended = run.go()
    run.learn(ended)
    return ended


def _asked(
    store: Store, name: str, wish: Wish, trigger: str, place: str, prefix: str
) -> tuple[Repository, Wish]:
    """Return the repository as it is read, and what is wanted of it."""
    repository = store.repositories.get(name)
    if repository.kind not in HARVESTERS:
        raise ConfigurationError(f"Nothing harvests repositories of the kind `{repository.kind}`.")
    if trigger == "schedule":
        quirks = access_to(store, repository).quirks
        wish = looked_over(
            store, looked_at(repository, quirks), wish, sweeps="size-wrong" in quirks
        )
    if place:
        wish = replace(wish, from_="")
        repository = replace(repository, base_url=place, prefix=prefix or repository.prefix)
    if wish.anew:
        repository = replace(repository, memory="")
    return repository, wish


class Run:
    """One harvest on its way."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        repository: Repository,
        ledger: Ledger,
        watch: Watch,
        access: Access,
        *,
        limit: int | None = None,
    ) -> None:
        self._store = store
        self._settings = settings
        self._repository = repository
        self._ledger = ledger
        self._watch = watch
        self._plan = plan_of(ledger.harvest)
        self._quirks = access.quirks
        make = HARVESTERS[repository.kind]
        self._harvester: Harvester = make(repository, settings, watch.pulse, access)
        watched = self._harvester
        self._sights = watched.sights if isinstance(watched, Observant) else tuple
        name = repository.name
        self._sets = SetCheck(watched, ledger, lambda spec: holds_live(store, name, spec))
        ledger.hide = Secrets(access.credentials, repository.base_url).hide
        watch.traffic = self._harvester.traffic
        ledger.last_request = lambda: watched.traffic().last_request
        if isinstance(self._harvester, Recounting):
            ledger.requests = self._harvester.sent
        several = None
        if isinstance(self._harvester, Denying):
            self._harvester = several = Several(self._harvester, store, repository)
        if self._plan.kind == "sweep" and isinstance(self._harvester, Selective):
            self._harvester = Sweep(self._harvester, store, repository)
        left = None if limit is None else max(limit - ledger.harvest.counts.seen, 0)
        self._taking = Taking(store, settings, repository, self._harvester, limit=left)
        self._taking.other = several.other if several is not None else None
        self._preparation = Preparation(repository, self._harvester, ledger, self._note)
        self._ending = Ending(store, settings, repository, ledger, watch)
        self._taking.removals = self._ending.removals
        if isinstance(watched, Recognising):
            watched.recognise(self._taking.known)
        self.only = ""
        self._retried = 0
        self._covers: Callable[[HarvestError], bool] = lambda _: False

    def wait_out(self, outages: Outages) -> None:
        """Leave outages of the hub to whoever takes this run up again from its ledger."""
        self._covers = outages.covers
        self._watch.written = outages.page_done

    def learn(self, ended: Harvest) -> None:
        """Write down what the run teaches of its repository."""
        size = self._settings.harvest.window_records
        learn(self._store, self._repository, ended, self._sights(), window_records=size)

    def go(self) -> Harvest:
        """Read all lists and end the run by what the ledger proves."""
        error: HarvestError | None = None
        try:
            error = self._read()
        except HarvestError as raised:
            if self._covers(raised):
                raise
            error = raised
        except KeyboardInterrupt:
            error = stopped("The harvest was interrupted.")
        finally:
            self._harvester.close()
        self._watch.counts += (sent := self._taking.sent())
        self._ledger.note(sent, () if error is None else (_failure(error),))
        ended = self._ending.end(self._plan, error, retried=self._retried)
        if ended.outcome in WHOLE and ended.kind == "full":
            self._remember()
        return ended

    def _remember(self) -> None:
        """Keep what the harvester wants to be told again, once its run was whole."""
        if isinstance(self._harvester, Remembering):
            self._ledger.learn(memory=self._harvester.memory())

    def _read(self) -> HarvestError | None:
        """Read what is open; return the first thing that is wrong with a list."""
        if self._ledger.losses >= MOST_LOSSES:
            raise failure(WORKER_LOST, "Its worker was lost three times at the same page.")
        roots = self._roots()
        tools = self._tools()
        lists = Lists(tools, self._estimates, self._manner())
        first: HarvestError | None = None
        for window in roots:
            stale = "session-token" in self._quirks
            token = "" if stale else usable_token(window, self._store.now())
            wrong = lists.read(window, token, expected=self._expected(window))
            wrong = self._sets.after(window, wrong)
            first = first or wrong
        if first is None:
            first = self._afterwards(tools, lists)
        return first or self._watch.limited()

    def _afterwards(self, tools: Tools, lists: Lists) -> HarvestError | None:
        """Do what comes after the lists, once all of them are read."""
        if self._plan.kind == "full":
            self._ledger.name_sets(self._harvester.set_names())
        if self._plan.kind not in (*MAIN_KINDS, "retry"):
            return None
        again = Again(self._store, tools, self._plan, lists, self._repository, self.only)
        try:
            return again.ask()
        finally:
            self._retried = again.in_vain

    # ── what is read ─────────────────────────────────────────────────────────────────────────

    def _roots(self) -> tuple[Window, ...]:
        """Return the windows that are no part of another one, in the order of reading."""
        windows = self._ledger.windows()
        if self._plan.kind == "retry":
            self._plan = self._preparation.made(self._plan)
            self._taking.prefix = self._plan.prefix
            return ()
        if windows:
            self._plan = replace(self._plan, prefix=windows[0].prefix)
        else:
            self._plan = self._preparation.made(self._plan)
            windows = tuple(
                self._ledger.window(self._plan, set_spec) for set_spec in self._plan.set_specs
            )
        self._taking.prefix = self._plan.prefix
        self._ending.removals.begin(self._plan)
        numbers = {window.id for window in windows}
        roots = [window for window in windows if window.parent not in numbers]
        left = newest_first(window for window in roots if window.parent is not None)
        return (*left, *(window for window in roots if window.parent is None))

    def _tools(self) -> Tools:
        most = self._settings.harvest.extra_requests
        windows = self._ledger.windows()
        limits = Limits(most, lambda: self._harvester.traffic().extra, spent=spent(windows))
        return Tools(
            self._harvester,
            self._ledger,
            limits,
            take_in=self._taking.take_in,
            done=self._done,
            trusts_size="size-wrong" not in self._quirks,
            trusted=self._trusted(),
        )

    def _trusted(self) -> frozenset[str]:
        """Return the doubtful ends that are believed where the run is no look."""
        believed = "surplus-token" in self._quirks and not is_look(self._plan)
        return frozenset(("surplus-token",)) if believed else frozenset()

    def _done(self, intake: Intake, safe: bool) -> None:  # noqa: FBT001 - the protocol of PageDone
        self._watch.page_done(intake, safe=safe)

    def _manner(self) -> Manner:
        return Manner(
            fine=self._quirks.granularity(self._preparation.granularity) == SECONDS,
            size=self._window_records(),
            rate=self._earlier_rate(),
            heeds_dates="ignores-dates" not in self._quirks,
        )

    def _window_records(self) -> int:
        usual = self._settings.harvest.window_records
        given = self._repository.options.window_records
        return usual if given else window_records(usual, self._quirks)

    def _estimates(self, oldest: int | None) -> Estimates:
        earliest = self._preparation.description().earliest
        return estimates(earliest, oldest, self._server_now())

    def _server_now(self) -> int:
        """Return the newest time that the server has given, in seconds; ours if it gave none."""
        given = (seconds(window.response_date) for window in self._ledger.windows())
        known = [moment for moment in given if moment is not None]
        return max(known) if known else clock.seconds(self._store.now())

    def _expected(self, window: Window) -> int | None:
        """Return how many records a list is thought to hold, where the hub has all of it."""
        everything = not (window.from_ or window.until or window.set_spec or window.parent)
        return self._repository.live if everything else None

    def _earlier_rate(self) -> float:
        """Return the records a second of the last whole run, if that took long enough to tell."""
        number = self._repository.last_whole
        if number is None:
            return 0.0
        run = self._store.harvests.get(number)
        if run.started_at is None or run.ended_at is None:
            return 0.0
        took = (run.ended_at - run.started_at).total_seconds()
        return run.counts.seen / took if took >= LONG_ENOUGH else 0.0

    def _note(self, error: HarvestError) -> None:
        self._ledger.note(Counts(), (_failure(error),))


def _failure(error: HarvestError) -> Failure:
    return Failure(0, 0, error.cause, str(error), url=error.url)
