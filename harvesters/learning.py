"""What a finished run teaches of a repository's ways, and its writing down.

What was noticed on the way comes from the harvester; what only the whole run shows is told here,
from its outcome, its windows and what went wrong in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app.store import Store
from app.store.quirks import causes_of, note_quirks, quirks_of
from app.store.values import Harvest, Repository, Window
from harvesters.noticing import DAY, SECOND, Sight
from harvesters.quirks import lesson
from harvesters.runs.outcome import WHOLE
from harvesters.runs.plan import leaves
from harvesters.runs.preparation import SKIPPABLE
from harvesters.runs.splitting import aim
from harvesters.runs.windows import SHORT

TOO_LARGE = "window-large"
"""The reason of a window that was split for its size."""


class Finished(Struct, frozen=True):
    """A run that ended."""

    run: Harvest
    windows: tuple[Window, ...] = ()
    causes: Mapping[str, str] = {}
    """What went wrong, with the first sentence of each."""
    live: int = 0
    """Records that the hub held before."""
    window_records: int = 0
    """Records that a window aimed at."""

    @property
    def whole(self) -> bool:
        """Whether everything that was asked for was seen."""
        return self.run.outcome in WHOLE


def learn(
    store: Store,
    repository: Repository,
    ended: Harvest,
    noticed: Sequence[Sight],
    *,
    window_records: int,
) -> None:
    """Write down what a run teaches; repository: as it was before the run."""
    finished = Finished(
        ended,
        store.harvests.windows(ended.id),
        causes_of(store, ended.id),
        repository.live,
        window_records,
    )
    sights = {sight.name: sight for sight in (*noticed, *of_run(finished))}
    found = lesson(quirks_of(store, repository.id), sights.values(), store.now(), harvest=ended.id)
    forgotten = list(found.forgotten)
    declared = store.repositories.by_id(repository.id).granularity
    if repository.granularity and declared != repository.granularity:
        forgotten += [DAY, SECOND]
    note_quirks(store, repository.id, found.learned, forgotten)


def of_run(finished: Finished) -> tuple[Sight, ...]:
    """Return what a run shows as a whole."""
    found = (
        _dates(finished),
        _size(finished),
        _surplus(finished),
        _windows(finished),
        _headers(finished),
        _tombstones(finished),
        _mirror(finished),
    )
    return tuple(sight for sight in found if sight is not None)


def _dates(finished: Finished) -> Sight | None:
    run = finished.run
    words = finished.causes.get("ignores-dates")
    if words is not None:
        return Sight("ignores-dates", evidence=words)
    fewer = run.counts.seen < finished.live
    heeded = finished.whole and run.kind == "incremental" and bool(run.from_) and fewer
    return Sight("ignores-dates", seen=False) if heeded else None


def _size(finished: Finished) -> Sight | None:
    """Compare the sizes told with what came, where all of it came."""
    told = [one for one in finished.windows if one.told is not None and one.reason != TOO_LARGE]
    if not finished.whole or not told:
        return None
    wrong = [one for one in told if one.listed != one.told]
    if not wrong:
        return Sight("size-wrong", seen=False)
    one = wrong[0]
    words = f"A list told of {one.told:,} records, and {one.listed:,} came."
    return Sight("size-wrong", evidence=finished.causes.get(SHORT, words))


def _surplus(finished: Finished) -> Sight | None:
    """Tell of a doubtful end that was proved to be one; a run that was not whole proves nothing."""
    words = finished.causes.get("surplus-token")
    if not finished.whole:
        return None
    if words is not None:
        return Sight("surplus-token", evidence=words)
    ended = any(one.pages > 1 and one.state == "closed" for one in finished.windows)
    return Sight("surplus-token", seen=False) if ended else None


def _windows(finished: Finished) -> Sight | None:
    if not finished.whole or not any(one.reason == TOO_LARGE for one in finished.windows):
        return None
    size = aim(leaves(finished.windows), finished.window_records)
    words = f"A list was read in {len(leaves(finished.windows))} windows."
    return Sight("windows", evidence=words, value=str(size))


def _headers(finished: Finished) -> Sight | None:
    run = finished.run
    if run.kind != "sweep":
        return None
    if finished.whole:
        return Sight("no-list-identifiers", seen=False)
    if run.outcome == "failed" and run.cause in SKIPPABLE:
        return Sight("no-list-identifiers", evidence=finished.causes.get(run.cause, run.sentence))
    return None


def _tombstones(finished: Finished) -> Sight | None:
    words = finished.causes.get("tombstones-lost")
    return None if words is None else Sight("loses-tombstones", evidence=words)


def _mirror(finished: Finished) -> Sight | None:
    words = finished.causes.get("mirrors-us")
    if words is not None:
        return Sight("mirrors-us", evidence=words)
    look = finished.whole and finished.run.kind == "full"
    return Sight("mirrors-us", seen=False) if look else None
