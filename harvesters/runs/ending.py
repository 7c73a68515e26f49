"""The end of a run: what its ledger proves, in one sentence, and when the next one is due."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from app.errors import HarvestError
from app.record import Counts
from app.settings import Settings
from app.store import Store
from app.store.looks import holds_live
from app.store.values import Harvest, Repository, Window
from harvesters.runs.ledger import Ledger
from harvesters.runs.looks import is_look
from harvesters.runs.outcome import Facts, judge, new_checkpoint, next_after, sentence
from harvesters.runs.plan import SIDE_KINDS, Plan, goes_on
from harvesters.runs.removals import Removals
from harvesters.runs.watch import Watch


class Ending:
    """Ends one run."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        repository: Repository,
        ledger: Ledger,
        watch: Watch,
    ) -> None:
        self._store = store
        self._settings = settings
        self._repository = repository
        self._ledger = ledger
        self._watch = watch
        self._live_before = repository.live
        self.removals = Removals(store, settings, repository, ledger)

    def end(self, plan: Plan, error: HarvestError | None, *, retried: int = 0) -> Harvest:
        """End the run by what the ledger proves; `error` is what went wrong first.

        retried: records set aside before that were asked for again in vain.
        """
        now = self._store.now()
        facts = self._facts(plan, error, retried)
        verdict = judge(facts)
        if verdict.cause == "format-gone" and self._repository.prefix == "auto":
            self._ledger.learn(chosen_prefix="")
        next_at = None
        if plan.kind not in SIDE_KINDS:
            wait = error.wait if error else None
            next_at = next_after(verdict, self._repository, now, wait=wait)
        led_to = self.removals.conclude(plan, facts.windows, whole=verdict.saw)
        self._ledger.note(Counts(), led_to.notes)
        facts = replace(facts, counts=facts.counts + Counts(removed=led_to.removed))
        words = sentence(
            verdict,
            facts,
            took=now - (self._ledger.harvest.started_at or now),
            next_at=next_at,
            why=str(error) if error else "",
            since=plan.from_,
        )
        words = f"{words} {led_to.words}".strip()
        checkpoint = new_checkpoint(verdict, facts, plan.kind)
        ended = self._ledger.end(verdict, words, checkpoint=checkpoint, next_harvest_at=next_at)
        self.removals.forget(whole=verdict.whole)
        return ended

    def _facts(self, plan: Plan, error: HarvestError | None, retried: int) -> Facts:
        windows = self._ledger.windows()
        return Facts(
            windows=windows,
            counts=self._watch.counts,
            cause=error.cause if error is not None else "",
            full=is_look(plan) and not goes_on(windows),
            live_before=self._live_before,
            emptied=self._emptied(windows) if is_look(plan) else "",
            quarantine_limit=self._settings.harvest.quarantine_limit,
            first_answer=self._ledger.harvest.response_date,
            retried=retried,
        )

    def _emptied(self, windows: Sequence[Window]) -> str:
        """Return a set that the repository says is empty, though there are live records of it."""
        empty = (one for one in windows if one.state == "closed" and not one.listed)
        for window in empty:
            bounded = window.from_ or window.until
            spec = window.set_spec
            if spec and not bounded and holds_live(self._store, self._repository.name, spec):
                return spec
        return ""
