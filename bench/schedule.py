"""One scheduler with 10,000 repositories: its memory, and how late its ticks are.

    python -m bench.schedule [--repositories 10000] [--seconds 60]

A real `garnery schedule` on SQLite. A tenth of the repositories is due at once in the middle, the
others are spread evenly over the time: as many in a minute as 14 million daily ones. Lateness is
the time from due to queued, less the time between two ticks.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import insert

from app.jobs import presence
from app.settings import Work
from app.store import Store, open_store, upgrade
from app.store.tables import repositories
from bench.tools import OUT, ROOT, report

SOON = 2.0
"""Seconds until the first is due."""


def join(store: Store, number: int, seconds: float) -> dict[str, datetime]:
    """Let repositories join, in one transaction; returns when each is due."""
    now = store.now().replace(microsecond=0)
    due = {}
    for n in range(number):
        share = 0.5 if n % 10 == 0 else n / number
        due[f"member-{n}"] = now + timedelta(seconds=int(SOON + share * seconds))
    given = {
        "title": "A member", "every": "1d", "kind": "oai", "prefix": "auto", "sets": (),
        "reconcile": "30d", "public": True, "created_at": now,
    }  # fmt: skip
    rows = [
        given | {"name": name, "base_url": f"https://{name}.example.org/oai", "next_harvest_at": at}
        for name, at in due.items()
    ]
    with store.database.write() as connection:
        connection.execute(insert(repositories), rows)
    return due


def lateness(store: Store, due: dict[str, datetime]) -> list[float]:
    """Seconds from due to queued, of each."""
    found = {}
    for job in store.jobs.list(limit=2 * len(due)):
        name = job.arguments.split('"')[3]
        assert name not in found, f"{name} was queued twice"
        assert job.submitted_at is not None
        found[name] = (job.submitted_at - due[name]).total_seconds()
    assert len(found) == len(due), f"{len(due) - len(found)} were never queued"
    return sorted(found.values())


def run(options: argparse.Namespace, folder: str) -> None:
    url = f"sqlite:///{folder}/hub.sqlite3"
    upgrade(url)
    store = open_store(url)
    with Path(folder, "schedule.err").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "schedule"],
            env={**os.environ, "GARNERY_DATABASE_URL": url},
            cwd=ROOT,
            stderr=errors,
        )
    while presence.last_sign(store, presence.SCHEDULER) is None:
        time.sleep(0.1)
    due = join(store, options.repositories, options.seconds)
    watched, most, end = psutil.Process(process.pid), 0, time.monotonic() + options.seconds + 60
    while store.jobs.counts().get("queued", 0) < len(due) and time.monotonic() < end:
        most = max(most, watched.memory_info().rss)
        time.sleep(0.5)
    cpu = watched.cpu_times()
    process.terminate()
    process.wait(15)
    late, tick = lateness(store, due), Work().tick_seconds
    store.dispose()
    report(
        bench="schedule",
        repositories=len(due),
        megabytes=round(most / 2**20, 1),
        due_to_queued_s_median=late[len(late) // 2],
        due_to_queued_s_most=late[-1],
        tick_s=tick,
        late_s_most=max(0.0, late[-1] - tick),
        cpu_s=round(cpu.user + cpu.system, 1),
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repositories", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args(None if __name__ == "__main__" else [])
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="schedule-", dir=OUT) as folder:
        run(options, folder)


if __name__ == "__main__":
    main()
