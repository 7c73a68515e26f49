"""What a run asks for: everything, or what changed since the checkpoint.

Pure. The checkpoint is the server's own clock at the first list answer of the last whole run; it
moves only by a whole run, and an empty answer moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app import clock
from app.settings import Harvest as HarvestSettings
from app.store.values import Harvest, Repository, Window
from harvesters.prefixes import SECONDS

TOKEN_LIFE = timedelta(hours=1)
"""How long a stored token is tried that says nothing of its end."""
SELECTIVE = "oai"
"""The kind of repositories that can be asked for parts; what others hold is read whole."""
MAIN_KINDS = frozenset(("full", "incremental"))
"""Runs that read lists for the whole scope of a repository."""
SIDE_KINDS = frozenset(("window", "retry"))
"""Runs that read a part: they move no checkpoint and leave the schedule alone."""
BEGIN_ANEW = frozenset(
    ("limit-reached", "repository-empty", "record-unreadable", "format-gone", "set-gone")
)
"""Causes after which the next run goes on with nothing of the one before."""


class Wish(Struct, frozen=True):
    """What the caller asks of a run beyond the usual."""

    full: bool = False
    from_: str | None = None
    until: str | None = None
    sets: tuple[str, ...] | None = None
    limit: int | None = None
    kind: str = ""
    """`full`, `sweep` or `retry`; empty: what is due."""

    @property
    def anew(self) -> bool:
        """Whether everything is wanted, whatever an earlier run has read of it."""
        return self.full or bool(self.kind)

    @property
    def is_window(self) -> bool:
        """Whether a part is asked for, which moves no checkpoint."""
        return not (self.from_ is None and self.until is None and self.sets is None)


class Plan(Struct, frozen=True):
    """The lists of one run."""

    kind: str
    """`full`, `incremental`, `sweep`, `window` or `retry`."""
    prefix: str
    """The prefix to ask with; `auto` until one is chosen."""
    sets: tuple[str, ...] = ()
    from_: str = ""
    until: str = ""
    scope: str = ""

    @property
    def set_specs(self) -> tuple[str, ...]:
        """The set of each window; an empty one is the whole repository."""
        return self.sets or ("",)


def scope_of(repository: Repository) -> str:
    """Return what a checkpoint of this repository covers; another scope makes a run full."""
    return " ".join((repository.base_url, repository.prefix, *repository.sets))


def make_plan(repository: Repository, wish: Wish, settings: HarvestSettings) -> Plan:
    """Decide what a new run asks for."""
    scope = scope_of(repository)
    prefix = repository.chosen_prefix if repository.prefix == "auto" else repository.prefix
    prefix = prefix or "auto"
    if wish.kind in ("retry", "sweep") and repository.kind != SELECTIVE:
        return Plan("full", prefix, scope=scope)
    if wish.kind == "retry":
        return Plan("retry", prefix, scope=scope)
    if wish.is_window:
        sets = repository.sets if wish.sets is None else wish.sets
        return Plan("window", prefix, sets, wish.from_ or "", wish.until or "", scope)
    if wish.kind == "sweep":
        return Plan("sweep", prefix, repository.sets, scope=scope)
    from_ = since(repository.checkpoint, repository.granularity, settings)
    if (
        wish.full
        or wish.kind == "full"
        or repository.scope != scope
        or not from_
        or prefix == "auto"
    ):
        return Plan("full", prefix, repository.sets, scope=scope)
    return Plan("incremental", prefix, repository.sets, from_, scope=scope)


def plan_of(harvest: Harvest) -> Plan:
    """Return the plan of a run that is taken up again."""
    return Plan(
        harvest.kind, harvest.prefix, harvest.sets, harvest.from_, harvest.until, harvest.scope
    )


def since(checkpoint: str, granularity: str, settings: HarvestSettings) -> str:
    """Return the `from` for a checkpoint: earlier by the overlap, cut to the granularity."""
    moment = _moment(checkpoint)
    if moment is None:
        return ""
    if granularity == SECONDS:
        return clock.text(moment - timedelta(seconds=settings.overlap_seconds))
    return clock.text(moment - timedelta(days=settings.overlap_days))[:10]


def other_bounds(from_: str, until: str, *, part: bool) -> tuple[tuple[str, str], ...]:
    """Return what to try when dates are refused: the other granularity, then no `from`.

    part: the window is one of several, so that it has to keep its bounds.
    """
    if not (from_ or until):
        return ()
    other = _other_granularity(from_), _other_granularity(until, end=True)
    return (other,) if part or until else (other, ("", ""))


def _other_granularity(text: str, *, end: bool = False) -> str:
    if not text or len(text) > 10:
        return text[:10]
    return f"{text}T23:59:59Z" if end else f"{text}T00:00:00Z"


def leaves(windows: Sequence[Window]) -> tuple[Window, ...]:
    """Return the windows that stand for the whole run: those that were not split."""
    return tuple(window for window in windows if window.state != "split")


def goes_on(windows: Sequence[Window]) -> bool:
    """Tell whether a run reads only what an earlier one had left open."""
    numbers = {window.id for window in windows}
    return any(window.parent is not None and window.parent not in numbers for window in windows)


def left_open(
    last: Harvest | None, windows: Sequence[Window], plan: Plan, now: datetime
) -> tuple[Window, ...]:
    """Return the windows of the last run that the next one goes on with; none: it begins anew.

    last: the run before, with its windows. plan: what would be asked for if it had been whole.
    """
    if last is None or last.outcome not in ("incomplete", "deferred") or not last.response_date:
        return ()
    asked = (last.scope, last.sets) == (plan.scope, plan.sets)
    prefixes = {window.prefix for window in windows}
    if not asked or last.cause in BEGIN_ANEW or prefixes != {plan.prefix}:
        return ()
    open_ = tuple(
        replace(window, token=usable_token(window, now))
        for window in leaves(windows)
        if window.state == "open"
    )
    gained = len(open_) < len(leaves(windows)) or any(window.token for window in open_)
    return tuple(map(_as_begun, open_)) if gained else ()


def _as_begun(window: Window) -> Window:
    if window.token:
        return window
    return replace(window, token_expires="", told=None, pages=0, listed=0)


def usable_token(window: Window, now: datetime) -> str:
    """Return the stored token of a window if it may still be good."""
    expires = _moment(window.token_expires)
    if expires is not None:
        return window.token if expires > now else ""
    stored = window.token_at
    return window.token if stored is not None and now - stored < TOKEN_LIFE else ""


def is_of(set_spec: str, sets: tuple[str, ...]) -> bool:
    """Tell whether a record's sets hold a set, or one below it."""
    below = f"{set_spec}:"
    return any(one == set_spec or one.startswith(below) for one in sets)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
