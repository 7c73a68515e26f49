"""Asks again for what earlier runs have set aside: records by name, and windows that were lost.

In each of the next five runs, then monthly; a run of the kind `retry` asks for all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from msgspec.structs import replace

from app import clock
from app.errors import HarvestError
from app.record import Checkpoint, Counts
from app.store import Store
from app.store.set_aside import SetAside, set_aside
from app.store.values import Failure, Repository, Window
from app.store.windows import lost
from harvesters.base import HarvestedRecord, Page, Selective
from harvesters.runs.lists import Lists
from harvesters.runs.plan import Plan
from harvesters.runs.windows import Tools, checkpoint_of

RUNS = 5
"""Runs after the first one in which a record is asked for again."""
THEN = timedelta(days=30)
AT_ONCE = 20
"""Records that are written down in one transaction; also those in a row that may be in vain."""


class Again:
    """What one run asks for again."""

    def __init__(
        self,
        store: Store,
        tools: Tools,
        plan: Plan,
        lists: Lists,
        repository: Repository,
        only: str = "",
    ) -> None:
        """only: the identifier of a single record that is asked for; nothing else is then."""
        self.in_vain = 0
        self._store = store
        self._tools = tools
        self._plan = plan
        self._lists = lists
        self._repository = repository
        self._only = only
        self._all = plan.kind == "retry"
        self._run = tools.ledger.harvest.id

    def ask(self) -> HarvestError | None:
        """Ask for all that is due; return what is wrong with a window."""
        harvester = self._tools.harvester
        if not isinstance(harvester, Selective) or not self._run:
            return None
        proof = self._tools.ledger.window(self._plan, "") if self._all else None
        for several in _pieces(self._due()):
            if self._all:
                self._tools.limits.check()
            if not self._ask(harvester, several):
                break
        if proof is not None:
            self._close(proof)
        wrong = [self._lists.read(window) for window in self._windows()]
        return next(filter(None, wrong), None)

    def _due(self) -> Iterator[SetAside]:
        now = self._store.now()
        for one in set_aside(self._store, self._repository.id, identifier=self._only):
            asked = one.last_harvest == self._run
            if not asked and (self._all or is_due(one.tries, one.last, now)):
                yield one

    def _windows(self) -> tuple[Window, ...]:
        """Return windows that were lost, as windows of this run."""
        if self._plan.kind == "full" or self._only:
            return ()
        now = self._store.now()
        due = [
            replace(window, token="", pages=0, listed=0, told=None, response_date="")
            for window, times in lost(self._store, self._repository.id)
            if window.harvest != self._run and (self._all or is_due(times, window.token_at, now))
        ]
        return self._tools.ledger.carry(due) if due else ()

    def _ask(self, harvester: Selective, several: Sequence[SetAside]) -> bool:
        """Ask for some records and write down what came; return whether more are worth asking."""
        got: list[HarvestedRecord] = []
        vain: list[Failure] = []
        for one in several:
            if not self._tools.limits.left:
                break
            found = harvester.single(one.identifier, self._plan.prefix)
            if found is None:
                words = "It was asked for again and cannot be had."
                vain.append(Failure(0, 0, one.cause, words, one.identifier))
            else:
                got.append(found)
        now = clock.text(self._store.now())
        intake = self._tools.take_in(Page(tuple(got), response_date=now))
        failed = Counts(seen=len(vain), quarantined=len(vain))
        counts = intake.counts + failed
        self.in_vain += counts.quarantined
        if not self._all:
            counts = replace(counts, seen=0)  # no list brought them
        self._tools.ledger.take(intake.changes, counts, (*intake.failures, *vain))
        self._tools.done(replace(intake, counts=counts), False)  # noqa: FBT003 - the protocol
        return bool(got)

    def _close(self, proof: Window) -> None:
        point: Checkpoint = checkpoint_of(proof, self._run)
        self._tools.ledger.page((), Counts(), replace(point, pages=1, closed=True))


def _pieces(due: Iterator[SetAside]) -> Iterator[tuple[SetAside, ...]]:
    while several := tuple(islice(due, AT_ONCE)):
        yield several


def is_due(tries: int, last: datetime | None, now: datetime) -> bool:
    """Tell whether to ask again for what could not be had so often, the last time at `last`."""
    return tries <= RUNS or last is None or now - last >= THEN
