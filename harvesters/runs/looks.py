"""When a repository is looked over whole: by its `reconcile`, and after a doubtful first harvest.

A look that was not whole is tried again a day later; ordinary harvests go on in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.errors import ConfigurationError
from app.schedule import Interval, parse_every
from app.store import Store
from app.store.looks import LOOKS, Look, recent_looks
from app.store.values import Repository
from harvesters.runs.plan import SELECTIVE, Plan, Wish, scope_of

NEVER = "never"
USUAL = timedelta(days=30)
AGAIN = timedelta(days=1)
"""Between two looks of which the first was not whole."""
MOST_SWEEPS = 3
"""Sweeps in a row that may fail before the look is a full harvest."""


def is_look(plan: Plan) -> bool:
    """Tell whether a run lists everything that a repository has in the scope of its harvests."""
    return plan.kind in LOOKS and not plan.from_ and not plan.until


def reconcile(text: str) -> timedelta | None:
    """Return the time between two looks; None: never. What cannot be read is the usual."""
    if text.strip().lower() == NEVER:
        return None
    try:
        plan = parse_every(text)
    except ConfigurationError:
        return USUAL
    return plan.length if isinstance(plan, Interval) else USUAL


def due(every: timedelta | None, looks: Sequence[Look], now: datetime) -> str:
    """Return the kind of the look that is due, empty if none is.

    looks: those of the repository's present scope that ended, newest first.
    """
    whole = next((look for look in looks if look.whole), None)
    if every is None or whole is None:
        return ""
    tried = tuple(look for look in looks if look.id > whole.id)
    if tried and now - tried[0].ended_at < AGAIN:
        return ""
    first = sum(look.whole for look in looks) == 1
    if now - whole.ended_at < every and not (first and doubtful(whole)):
        return ""
    swept = tried[:MOST_SWEEPS]
    failing = len(swept) == MOST_SWEEPS and all(look.kind == "sweep" for look in swept)
    return "full" if failing else "sweep"


def doubtful(first: Look) -> bool:
    """Tell whether a first full harvest may have lost records between its pages."""
    if first.kind != "full":
        return False
    return first.told != first.seen if first.told is not None else first.pages > 1


def looked_over(store: Store, repository: Repository, wish: Wish, *, sweeps: bool = False) -> Wish:
    """Return what a run by schedule does: it goes on with the run that was left, or it looks.

    sweeps: each full harvest is followed by a sweep, since the sizes of lists tell nothing.
    """
    if wish != Wish():
        return wish
    running = store.harvests.running(repository.id)
    if running is not None:
        return Wish(kind=running.kind if running.kind in LOOKS else "")
    found = recent_looks(store, repository.id, scope_of(repository))
    every = reconcile(repository.reconcile)
    kind = due(every, found, store.now())
    if sweeps and not kind and every is not None and found and found[0].whole:
        kind = "sweep" if found[0].kind == "full" else ""
    return Wish(kind="full" if kind and repository.kind != SELECTIVE else kind)
