"""The engines: jobs a second, time from submitted to started, time to take over a killed worker.

    python -m bench.engine [--jobs 400] [--samples 30] [--no-kill]

On SQLite the embedded engine; on a PostgreSQL started for this the embedded one (FOR UPDATE over
polled rows) and procrastinate. Jobs do nothing, each has a lock of its own, 16 are under way at a
time. `start_ms`: an idle engine with the usual settings, a job submitted at a random instant, until
its executor begins. `take_over_s`: a worker process holds a job and is killed by SIGKILL; another,
idle, with the usual lease, until it begins that job.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.jobs import Register, submit, worker_name
from app.jobs.embedded import EmbeddedEngine
from app.jobs.engines import prepare
from app.jobs.procrastinate import ProcrastinateEngine
from app.settings import Work
from app.store import Store, open_store, upgrade
from bench.tools import OUT, ROOT, report
from tests import postgres

ENGINES = {"embedded": EmbeddedEngine, "procrastinate": ProcrastinateEngine}
USUAL = Work()
Engine = EmbeddedEngine | ProcrastinateEngine


def made(store: Store, engine: str, register: Register) -> Engine:
    return ENGINES[engine](
        store, register, worker=worker_name(), poll=USUAL.poll_seconds, lease=USUAL.lease_seconds,
        most=USUAL.harvests,
    )  # fmt: skip


def throughput(store: Store, engine: str, number: int) -> dict[str, float]:
    """Jobs a second of wall time, and CPU milliseconds of this process a job."""
    for n in range(number):
        submit(store, "nothing", {"n": n}, lock=f"{n}.example.org")
    wall, cpu = time.perf_counter(), time.process_time()
    done = made(store, engine, {"nothing": lambda *_: None}).run(threading.Event(), once=True)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert done.done == number, done
    return {"jobs_per_s": round(number / wall, 1), "cpu_ms_per_job": round(cpu / number * 1000, 2)}


def starts(store: Store, engine: str, samples: int) -> dict[str, float]:
    """Milliseconds from submitted to started."""
    begun, found, stop = threading.Event(), [], threading.Event()
    worker = made(store, engine, {"start": lambda *_: begun.set()})
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    time.sleep(3)
    for n in range(samples):
        time.sleep(random.uniform(0, USUAL.poll_seconds))
        at = time.perf_counter()
        submit(store, "start", {"n": n})
        assert begun.wait(30)
        found.append((time.perf_counter() - at) * 1000)
        begun.clear()
    stop.set()
    thread.join()
    return {
        "start_ms_median": round(statistics.median(found), 1),
        "start_ms_p95": round(sorted(found)[int(len(found) * 0.95)], 1),
    }


def taken_over(store: Store, engine: str) -> dict[str, float]:
    """Seconds from SIGKILL until another worker does the job."""
    number = submit(store, "hold", {}, lock="one.example.org")
    words = [sys.executable, "-m", "bench.engine", "--hold", store.url, "--engine", engine]
    holder = subprocess.Popen(words, cwd=ROOT)
    while store.jobs.get(number).state != "running":
        time.sleep(0.05)
    stop = threading.Event()
    worker = made(store, engine, {"hold": lambda *_: stop.set()})
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    time.sleep(random.uniform(5, 15))
    holder.kill()
    at = time.perf_counter()
    holder.wait()
    assert stop.wait(180)
    took = time.perf_counter() - at
    thread.join()
    return {"take_over_s": round(took, 1), "lease_s": USUAL.lease_seconds}


def hold(url: str, engine: str) -> None:
    """Take a job and keep it until killed."""
    made(open_store(url), engine, {"hold": lambda *_: time.sleep(3600)}).run(threading.Event())


@contextmanager
def databases() -> Iterator[Callable[[str], str]]:
    """Yield what makes a fresh database of a kind."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="engine-", dir=OUT) as folder:
        home = tempfile.mkdtemp(prefix="engine-")
        with postgres.serving(Path(home)) as server:
            numbers = iter(range(1000))

            def fresh(kind: str) -> str:
                name = f"engine_{next(numbers)}"
                if kind == "sqlite":
                    return f"sqlite:///{folder}/{name}.sqlite3"
                return postgres.create(server, name)

            yield fresh


def measured(url: str, engine: str, options: argparse.Namespace) -> dict[str, Any]:
    upgrade(url)
    store = open_store(url)
    if engine == "procrastinate":
        prepare(store)
    figures = throughput(store, engine, options.jobs) | starts(store, engine, options.samples)
    if options.kill:
        figures |= taken_over(store, engine)
    store.dispose()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=400)
    parser.add_argument("--samples", type=int, default=30)
    parser.add_argument("--no-kill", dest="kill", action="store_false")
    parser.add_argument("--hold", help=argparse.SUPPRESS)
    parser.add_argument("--engine", default="embedded", help=argparse.SUPPRESS)
    options = parser.parse_args(None if __name__ == "__main__" else [])
    if options.hold:
        hold(options.hold, options.engine)
        return
    with databases() as fresh:
        report(
            bench="engine",
            jobs=options.jobs,
            at_once=USUAL.harvests,
            sqlite_embedded=measured(fresh("sqlite"), "embedded", options),
            postgresql_embedded=measured(fresh("postgresql"), "embedded", options),
            postgresql_procrastinate=measured(fresh("postgresql"), "procrastinate", options),
        )


if __name__ == "__main__":
    main()
