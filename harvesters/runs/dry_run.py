"""The ledger of a run that reads and compares, and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from app.record import Change, Checkpoint, Counts, Listed
from app.store.requests import Sent
from app.store.values import Failure, Harvest, Repository, Window
from app.store.windows import Span
from harvesters.runs.outcome import Verdict
from harvesters.runs.plan import Plan


class DryLedger:
    """Keeps counts and windows in memory, for as long as the run lasts."""

    def __init__(self, repository: Repository, plan: Plan, now: Callable[[], datetime]) -> None:
        self.losses = 0
        self.asked_to_stop = False
        self.requests: Callable[[], Sequence[Sent]] = tuple
        self.last_request: Callable[[], str] = str
        self.hide: Callable[[str], str] = str
        self._now = now
        self._windows: dict[int, Window] = {}
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
        return self._made(set_spec, plan.prefix, (plan.from_, plan.until), None)

    def windows(self) -> tuple[Window, ...]:
        """Return all windows as they stand."""
        return tuple(self._windows.values())

    def split(self, window: Window, spans: Sequence[Span], reason: str) -> tuple[Window, ...]:
        """Let windows stand for another one; return them in the order of `spans`."""
        self._windows[window.id] = replace(window, state="split", reason=reason)
        return tuple(self._made(window.set_spec, window.prefix, span, window.id) for span in spans)

    def carry(self, windows: Sequence[Window]) -> tuple[Window, ...]:
        """Return windows of an earlier run as this run's."""
        return tuple(
            self._made(one.set_spec, one.prefix, (one.from_, one.until), one.id) for one in windows
        )

    def _made(self, set_spec: str, prefix: str, span: Span, parent: int | None) -> Window:
        made = Window(
            len(self._windows) + 1,
            0,
            set_spec,
            prefix,
            *span,
            state="open",
            token="",
            token_expires="",
            token_at=None,
            response_date="",
            told=None,
            pages=0,
            listed=0,
            reason="",
            parent=parent,
        )
        known = (one for one in self._windows.values() if _bounds(one) == _bounds(made))
        return self._windows.setdefault(next((one.id for one in known), made.id), made)

    def page(
        self,
        changes: Sequence[Change],  # noqa: ARG002 - a dry run drops them
        counts: Counts,
        checkpoint: Checkpoint,
        failures: Sequence[Failure] = (),  # noqa: ARG002
        listed: Listed | None = None,  # noqa: ARG002
    ) -> None:
        """Keep the counts only."""
        self.harvest = replace(self.harvest, counts=self.harvest.counts + counts)
        known = next(one for one in self._windows.values() if _bounds(one) == _bounds(checkpoint))
        self._windows[known.id] = replace(
            known,
            state="closed" if checkpoint.closed else "open",
            response_date=checkpoint.response_date,
            told=checkpoint.told,
            pages=checkpoint.pages,
            listed=checkpoint.listed,
            reason=checkpoint.reason,
            attempts=checkpoint.attempts,
        )

    def note(self, counts: Counts, failures: Sequence[Failure] = ()) -> None:  # noqa: ARG002
        """Keep the counts only."""
        self.harvest = replace(self.harvest, counts=self.harvest.counts + counts)

    def take(
        self,
        changes: Sequence[Change],  # noqa: ARG002
        counts: Counts,
        failures: Sequence[Failure],  # noqa: ARG002
    ) -> None:
        """Keep the counts only."""
        self.harvest = replace(self.harvest, counts=self.harvest.counts + counts)

    def remove(self, changes: Sequence[Change]) -> None:
        """Delete nothing."""

    def beat(self, instead: str = "") -> None:
        """There is no lease, and nobody can ask a dry run to stop."""

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


def _bounds(one: Window | Checkpoint) -> tuple[str, ...]:
    return one.set_spec, one.prefix, one.from_, one.until
