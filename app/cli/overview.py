"""`garnery status`: all repositories in one table, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.cli.ending import end
from app.cli.manners import Call, command

if TYPE_CHECKING:
    from app.store.values import Harvest, Repository

WELL = ("ok", "new", "paused")
"""States of a repository for which nobody has to be woken."""
BARS = 30


@command("status", short_help="Show all repositories, worst first.")
def status(call: Call) -> None:
    """Show all repositories, worst first, and whether scheduler and workers live.

    Exit code 1 when a repository is failing or late, or waits for a decision, and when there is
    work that a silent scheduler or worker leaves undone.
    """
    from app.state import repository_state, worst_first

    now = call.store.now()
    found = sorted(call.store.repositories.list(), key=lambda r: worst_first(r, now))
    harvests = call.store.harvests
    last = {r.name: harvests.list(repository=r.name, limit=BARS, probes=False) for r in found}
    processes, jobs = _processes(call, now), call.store.jobs.counts()
    value = {
        "total": len(found),
        "items": [_object(r, last[r.name], now) for r in found],
        "processes": processes,
        "jobs": jobs,
    }
    if call.settings.database.read_url:
        value["replica"] = _replica(call)
    call.show(value, lambda: _lines(call, found, last, now))
    well = all(repository_state(r, now) in WELL for r in found)
    end(0 if well and not _left_undone(processes, found, jobs, now) else 1)


def _left_undone(
    processes: Mapping[str, Mapping[str, Any]],
    found: Sequence[Repository],
    jobs: Mapping[str, int],
    now: datetime,
) -> bool:
    """Tell whether a process that ran once is silent while there is work for it."""
    from app.jobs import presence

    due = any(r.next_harvest_at and r.next_harvest_at <= now and not r.paused for r in found)
    work = {presence.SCHEDULER: due, presence.WORKER: bool(jobs.get("queued"))}
    return any(work[role] and one["state"] == "silent" for role, one in processes.items())


def _processes(call: Call, now: datetime) -> dict[str, dict[str, Any]]:
    """Return of scheduler and workers whether they live, and when they last gave a sign."""
    from app import clock
    from app.jobs import presence

    found = {}
    for role in (presence.SCHEDULER, presence.WORKER):
        last = presence.last_sign(call.store, role)
        alive = last is not None and (now - last).total_seconds() <= presence.LONGEST_SILENCE
        state = "running" if alive else "silent" if last else "never ran"
        found[role] = {"state": state, "last_sign": clock.text(last) if last else None}
    return found


def _replica(call: Call) -> dict[str, Any]:
    """Return how far the read replica lags, in seconds, or what is wrong with it."""
    from app.store.replica import look

    found = look(call.settings.database.url, call.settings.database.read_url)
    return {"lag": round(found.lag, 1), "fault": found.fault}


def _replica_words(one: dict[str, Any]) -> str:
    return str(one["fault"]) or f"{one['lag']:,} s behind"


def _sign(one: dict[str, Any], now: datetime) -> str:
    from app.cli.output import ago

    if one["state"] != "silent":
        return str(one["state"])
    return f"silent, last sign {ago(datetime.fromisoformat(one['last_sign']), now)}"


def _object(repository: Repository, last: Sequence[Harvest], now: datetime) -> dict[str, Any]:
    from app.cli.objects import repository_object

    value = repository_object(repository, now)
    if last:
        counts = last[0].counts
        names = ("new", "changed", "removed", "quarantined")
        value["last_change"] = {name: getattr(counts, name) for name in names}
        value["outcomes"] = [h.outcome or h.state for h in last]
    return value


def _lines(
    call: Call,
    found: Sequence[Repository],
    last: Mapping[str, Sequence[Harvest]],
    now: datetime,
) -> Iterator[str]:
    from app.cli.output import table
    from app.state import repository_state

    states = Counter(repository_state(r, now) for r in found)
    jobs = call.store.jobs.counts()
    counted = " · ".join(f"{state} {states[state]}" for state in states)
    yield f"Repositories {len(found)}" + (f"   {counted}" if counted else "")
    yield f"Harvests running {jobs.get('running', 0)} · waiting {jobs.get('queued', 0)}"
    for role, one in _processes(call, now).items():
        yield f"{role.capitalize():<10}{_sign(one, now)}"
    if call.settings.database.read_url:
        yield f"{'Replica':<10}{_replica_words(_replica(call))}"
    if not found:
        yield "Add one with: garnery repository add NAME BASE_URL"
        return
    yield ""
    head = ("Repository", "State", "Last complete", "Behind", "Records", "Last change", "Next",
            "Last harvests")  # fmt: skip
    yield from table(head, (_row(r, last[r.name], now) for r in found), right=(4,))
    from app.cli.repositories import held_words

    for r in found:
        if r.held:
            yield f"{r.name}: {held_words(r)}"
        elif repository_state(r, now) not in WELL and last[r.name]:
            yield f"{r.name}: {last[r.name][0].sentence}"


def _row(r: Repository, last: Sequence[Harvest], now: datetime) -> tuple[object, ...]:
    from app.cli.output import ago, bars, coming
    from app.state import behind, repository_state
    from app.web.words import duration

    late = behind(r, now)
    drawn = bars([(h.outcome, h.counts.seen) for h in reversed(last)])
    return (
        r.name,
        repository_state(r, now),
        ago(r.last_whole_at, now),
        duration(late) if late else "–",
        r.live,
        _change(last),
        coming(r.next_harvest_at, now, paused=r.paused),
        drawn,
    )


def _change(last: Sequence[Harvest]) -> str:
    if not last:
        return "–"
    c = last[0].counts
    return f"+{c.new:,} ~{c.changed:,} −{c.removed:,} !{c.quarantined:,}"
