"""Promises 8 and 11: many repositories at once in one worker, and two workers into one SQLite file.

    python -m bench.many [--repositories 200] [--records 1000] [--big 50000] [--repeat 3]

8: one `garnery work --once` harvests all repositories, each on a host of its own, with as many
under way at a time as there are; against the same with one under way at a time. CPU seconds of the
worker, its memory at most, wall seconds. 11: two workers harvest a source each into one SQLite
file, against one worker with one source, and against two workers with a file each, which shows
what the machine itself gives. The source is not counted; what a worker costs that finds nothing to
do is taken off.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator

from app.jobs import HARVEST, submit
from app.store import open_store, upgrade
from bench.tools import (
    OUT,
    Cost,
    clean,
    cost,
    costs,
    free_ports,
    median,
    need_tools,
    report,
    running,
    source_data,
)
from harvesters.transport.hosts import job_lock

WORK = [sys.executable, "-m", "app.cli", "work", "--once"]


@contextlib.contextmanager
def hosts(records: int, number: int, delay: float) -> Iterator[range]:
    """The same records on so many hosts; yields their ports."""
    ports = free_ports(number)
    tool = [sys.executable, "-m", "bench.many_hosts", "--data", str(source_data(records))]
    where = ["--first", str(ports[0]), "--number", str(number), "--delay", str(delay)]
    with running([*tool, *where], f"http://127.0.0.1:{ports[-1]}/oai/100?verb=Identify"):
        yield ports


def live_records(records: int) -> int:
    """How many of the synthetic records are not deleted."""
    said = json.loads((source_data(records) / "meta.json").read_text())
    return int(said["n"] - said["deleted"])


class Hub:
    """A hub's database with repositories whose harvests are queued; copied for each run."""

    def __init__(self, name: str, ports: range | list[int], prefix: str) -> None:
        self._made = OUT / f"{name}-queued.sqlite3"
        self.path = OUT / f"{name}.sqlite3"
        self.environ = {"GARNERY_DATABASE_URL": f"sqlite:///{self.path}"}
        clean(*self._made.parent.glob(self._made.name + "*"))
        upgrade(f"sqlite:///{self._made}")
        store = open_store(f"sqlite:///{self._made}")
        for port in ports:
            one = store.repositories.add(
                f"on-{port}",
                title=f"On port {port}",
                base_url=f"http://127.0.0.1:{port}/oai/100",
                every="1d",
                prefix=prefix,
                allow_private=True,
            )
            arguments = {"repository": one.name, "trigger": "person"}
            submit(store, HARVEST, arguments, lock=job_lock(one))
        store.dispose()

    def fresh(self) -> None:
        """Begin again with nothing harvested."""
        clean(*self.path.parent.glob(self.path.name + "*"))
        for suffix in ("", "-wal"):
            with_suffix = self._made.with_name(self._made.name + suffix)
            if with_suffix.exists():
                shutil.copy(with_suffix, self.path.with_name(self.path.name + suffix))

    def work(self, harvests: int) -> tuple[list[str], dict[str, str]]:
        """The worker that does what is queued, so many harvests at a time."""
        return WORK, {**self.environ, "GARNERY_WORK_HARVESTS": str(harvests)}

    def check(self, repositories: int, records: int) -> None:
        """Stop unless everything came."""
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            sql = "select count(*), sum(live) from repositories where last_whole_at is not null"
            whole, live = connection.execute(sql).fetchone()
        if (whole, live) != (repositories, repositories * live_records(records)):
            sys.exit(f"{self.path}: {whole} of {repositories} repositories whole, {live} records.")


def nothing_to_do(hub: Hub) -> Cost:
    """What a worker costs before and behind its work."""
    command, environ = hub.work(1)
    return cost(command, **environ)


def less(one: Cost, idle: Cost) -> Cost:
    return Cost(one.cpu - idle.cpu, one.wall - idle.wall, one.megabytes, one.output)


def many(options: argparse.Namespace) -> None:
    """Promise 8."""
    number, records = options.repositories, options.records
    at_once, in_turn = [], []
    with hosts(records, number, options.delay) as ports:
        hub = Hub("many", ports, options.prefix)
        for turn in range(options.repeat):
            for harvests, runs in ((number, at_once), (1, in_turn)):
                hub.fresh()
                command, environ = hub.work(harvests)
                runs.append(cost(command, **environ))
                hub.check(number, records)
            idle = nothing_to_do(hub)
            print(f"{turn + 1}: {_told(at_once[-1])}; {_told(in_turn[-1])}", file=sys.stderr)
            at_once[-1], in_turn[-1] = less(at_once[-1], idle), less(in_turn[-1], idle)
    report(
        bench="many",
        repositories=number,
        records_each=records,
        delay_s=options.delay,
        at_once_cpu_s=median([run.cpu for run in at_once]),
        in_turn_cpu_s=median([run.cpu for run in in_turn]),
        promise_8_ratio=median([a.cpu / b.cpu for a, b in zip(at_once, in_turn, strict=True)]),
        at_once_megabytes=median([run.megabytes for run in at_once]),
        in_turn_megabytes=median([run.megabytes for run in in_turn]),
        at_once_wall_s=median([run.wall for run in at_once]),
        in_turn_wall_s=median([run.wall for run in in_turn]),
        cores=os.cpu_count(),
        load=os.getloadavg()[0],
    )


def two_workers(options: argparse.Namespace) -> None:
    """Promise 11."""
    records = options.big
    rates, apart_rates, cpus = [], [], []
    with hosts(records, 2, 0.0) as ports:
        both = Hub("two", ports, options.prefix)
        alone = [Hub(f"one-{port}", [port], options.prefix) for port in ports]
        for turn in range(options.repeat):
            for hub in (both, *alone):
                hub.fresh()
            command, environ = alone[0].work(1)
            one = cost(command, **environ)
            alone[0].check(1, records)
            idle = nothing_to_do(alone[0])
            two = costs([both.work(1), both.work(1)])
            both.check(2, records)
            alone[0].fresh()
            apart = costs([hub.work(1) for hub in alone])
            begin = idle.wall
            rates.append(2 * (one.wall - begin) / (two[0].wall - begin))
            apart_rates.append(2 * (one.wall - begin) / (apart[0].wall - begin))
            cpus.append(sum(run.cpu - idle.cpu for run in two) / 2 / (one.cpu - idle.cpu))
            print(
                f"{turn + 1}: one {one.wall:.1f} s, two {two[0].wall:.1f} s, "
                f"apart {apart[0].wall:.1f} s",
                file=sys.stderr,
            )
    report(
        bench="two-workers",
        records_each=records,
        promise_11_ratio=median(rates),
        a_file_each_ratio=median(apart_rates),
        cpu_a_record_ratio=median(cpus),
        cores=os.cpu_count(),
        load=os.getloadavg()[0],
    )


def _told(run: Cost) -> str:
    return f"{run.cpu:.1f} CPU s, {run.wall:.1f} s, {run.megabytes:.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repositories", type=int, default=200)
    parser.add_argument("--records", type=int, default=1000, help="of each of them")
    parser.add_argument("--big", type=int, default=50_000, help="records of each of two sources")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--prefix", default="oai_dc")
    parser.add_argument("--only", choices=("many", "two"), help="one of the two benches")
    options = parser.parse_args()
    need_tools()
    if options.only != "two":
        many(options)
    if options.only != "many":
        two_workers(options)


if __name__ == "__main__":
    main()
