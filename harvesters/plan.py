"""What a run asks for: everything, or what changed since the checkpoint.

Pure. The checkpoint is the server's own clock at the first list answer of the last whole run; it
moves only by a whole run, and an empty answer moves nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from app import clock
from app.settings import Harvest as HarvestSettings
from app.store.values import Harvest, Repository, Window
from harvesters.prefixes import SECONDS

TOKEN_LIFE = timedelta(hours=1)
"""How long a stored token is tried that says nothing of its end."""


class Wish(Struct, frozen=True):
    """What the caller asks of a run beyond the usual."""

    full: bool = False
    from_: str | None = None
    until: str | None = None
    sets: tuple[str, ...] | None = None
    limit: int | None = None

    @property
    def is_window(self) -> bool:
        """Whether a part is asked for, which moves no checkpoint."""
        return not (self.from_ is None and self.until is None and self.sets is None)


class Plan(Struct, frozen=True):
    """The lists of one run."""

    kind: str
    """`full`, `incremental` or `window`."""
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
    if wish.is_window:
        sets = repository.sets if wish.sets is None else wish.sets
        return Plan("window", prefix, sets, wish.from_ or "", wish.until or "", scope)
    from_ = since(repository.checkpoint, repository.granularity, settings)
    if wish.full or repository.scope != scope or not from_ or prefix == "auto":
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


def other_ways(from_: str) -> tuple[str, ...]:
    """Return what to try when a `from` is refused: the other granularity, then none."""
    if not from_:
        return ()
    other = from_[:10] if len(from_) > 10 else f"{from_}T00:00:00Z"
    return other, ""


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
