"""A day of 500 repositories in minutes: every harvest ran, none overlapped.

    python -m bench.day [--repositories 500] [--hours 24] [--seed 1]

The clock of the hub is driven in steps of half a minute; store, schedules, queue and outcomes are
the real ones, only the harvests themselves are drawn: how long each takes, and which of them fail.
Repositories share hosts, have intervals from half an hour to a day, cron text, also in time zones,
and quiet hours. A second scheduler ticks at the same moments. Checked at the end: what was due was
harvested once, within the time that its host was held by others, and no host by two at once.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from app import clock
from app.jobs import HARVEST
from app.options import RepositoryOptions
from app.quiet_hours import quiet_until
from app.schedule import after_quiet, next_harvest_at
from app.settings import Work
from app.store import Store, open_store, upgrade
from app.store.values import Job
from bench.tools import OUT, report
from harvesters import scheduler
from harvesters.runs.outcome import Verdict, next_after

STEP = timedelta(seconds=30)
BEGIN = datetime(2026, 3, 28, 12, tzinfo=UTC)
"""The night after it, clocks in Europe are put forward."""
EVERY = ("30m", "1h", "6h", "6h", "1d", "*/45 * * * *", "30 2 * * * Europe/Berlin", "0 */3 * * *")
QUIET = ("", "", "", "", "22:00-04:00 Europe/Berlin")
FAILURES = ("timed-out", "http-5xx", "http-404")


class Day:
    """A hub, its driven clock, and what is under way."""

    def __init__(self, store: Store, options: argparse.Namespace) -> None:
        self.store = store
        self.random = random.Random(options.seed)
        self.now = BEGIN
        self.under_way: dict[int, tuple[Job, int, datetime, str]] = {}
        self.hosts: Counter[str] = Counter()
        self.overlaps = 0
        self.waits: list[timedelta] = []
        self.runs: Counter[str] = Counter()
        self.failed = 0
        self.queued = 0

    def step(self) -> None:
        """Queue what is due, end what is over, begin what has room."""
        for _ in range(2):
            self.queued += len(scheduler.submit_due(self.store))
        for number in [n for n, one in self.under_way.items() if one[2] <= self.now]:
            self.end(number)
        for job, *_, worker in self.under_way.values():
            self.store.jobs.heartbeat(job.id, worker)
        lapsed = self.now - timedelta(seconds=Work().lease_seconds)
        assert self.store.jobs.reclaim(lapsed) == 0
        while len(self.under_way) < 2 * Work().harvests:
            worker = f"w{len(self.runs)}-{self.now.timestamp()}-{len(self.under_way)}"
            job = self.store.jobs.claim(worker, (HARVEST,), self.now)
            if job is None:
                break
            self.begin(job, worker)

    def begin(self, job: Job, worker: str) -> None:
        repository = self.store.repositories.get(json.loads(job.arguments)["repository"])
        row = self.store.jobs.get(job.id)
        assert row.submitted_at is not None
        quiet = repository.options.quiet_hours or ""
        assert quiet_until(quiet, row.submitted_at) is None, repository
        harvest = self.store.harvests.begin(
            repository.id, kind="incremental", trigger="schedule", worker=worker, prefix="oai_dc",
            from_="",
        )  # fmt: skip
        self.hosts[job.lock] += 1
        self.overlaps += self.hosts[job.lock] > 1
        self.waits.append(self.now - row.submitted_at)
        long = timedelta(seconds=min(self.random.expovariate(1 / 60), 1800))
        self.under_way[job.id] = (job, harvest.id, self.now + long, worker)

    def end(self, number: int) -> None:
        job, harvest, _, worker = self.under_way.pop(number)
        repository = self.store.repositories.get(json.loads(job.arguments)["repository"])
        cause = self.random.choice(FAILURES) if self.random.random() < 0.05 else ""
        verdict = Verdict("failed", cause) if cause else Verdict("complete")
        at = next_after(verdict, repository, self.now)
        self.store.harvests.end(
            harvest, worker, outcome=verdict.outcome, sentence="", cause=cause, next_harvest_at=at
        )
        self.store.jobs.finish(job.id, worker)
        self.hosts[job.lock] -= 1
        self.runs[repository.name] += 1
        self.failed += bool(cause)


def join(day: Day, number: int) -> None:
    for n in range(number):
        every, quiet = EVERY[n % len(EVERY)], QUIET[n % len(QUIET)]
        name = f"member-{n}"
        due = next_harvest_at(every, BEGIN - timedelta(minutes=20), name=name)
        day.store.repositories.add(
            name, title=name, base_url=f"https://h{n % (number * 3 // 5)}.example.org/{n}",
            every=every, options=RepositoryOptions(quiet_hours=quiet or None),
            next_harvest_at=max(due, BEGIN),
        )  # fmt: skip


def least_runs(every: str, quiet: str, name: str, hours: float, slack: timedelta) -> int:
    """How many harvests a day brings at least when each begins and takes `slack` longer."""
    at, end, number = BEGIN, BEGIN + timedelta(hours=hours), 0
    at = after_quiet(quiet, max(BEGIN, next_harvest_at(every, at, name=name)), name)
    while at + slack < end:
        number += 1
        at = after_quiet(quiet, next_harvest_at(every, at + slack, name=name), name)
    return number


def check(day: Day, options: argparse.Namespace) -> dict[str, object]:
    """Fail unless every harvest ran and none overlapped."""
    counts = day.store.jobs.counts()
    ended = sum(day.runs.values())
    assert counts.get("done") == ended
    assert set(counts) <= {"done", "queued", "running"}
    merged = day.queued - sum(counts.values())  # due again while the job before still waited
    assert 0 <= merged <= day.queued / 20
    assert day.overlaps == 0
    slack = timedelta(hours=1)  # the longest harvest, twice: its own and the one before it
    for name in (f"member-{n}" for n in range(options.repositories)):
        repository = day.store.repositories.get(name)
        least = least_runs(
            repository.every, repository.options.quiet_hours or "", name, options.hours, slack
        )
        failures = 2  # each puts the next try off
        assert day.runs[name] >= least - failures, (name, day.runs[name], least)
        assert day.runs[name] or not least
    waits = sorted(day.waits)
    return {
        "harvests": ended, "failed": day.failed, "still_queued": counts.get("queued", 0),
        "merged": merged,
        "overlapped": 0, "lost": 0, "hosts": len(day.hosts),
        "wait_s_median": waits[len(waits) // 2].total_seconds(),
        "wait_s_most": waits[-1].total_seconds(),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repositories", type=int, default=500)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(None if __name__ == "__main__" else [])
    OUT.mkdir(parents=True, exist_ok=True)
    real = clock.now
    with tempfile.TemporaryDirectory(prefix="day-", dir=OUT) as folder:
        url = f"sqlite:///{folder}/hub.sqlite3"
        upgrade(url)
        store = open_store(url)
        day = Day(store, options)
        clock.now = lambda: day.now
        began = time.perf_counter()
        try:
            join(day, options.repositories)
            while day.now < BEGIN + timedelta(hours=options.hours):
                day.step()
                day.now += STEP
            figures = check(day, options)
        finally:
            clock.now = real
            store.dispose()
    took = round(time.perf_counter() - began)
    report(bench="day", repositories=options.repositories, hours=options.hours, seconds=took,
           **figures)  # fmt: skip


if __name__ == "__main__":
    main()
