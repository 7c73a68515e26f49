"""Rounds in which the workers and schedulers of a hub are killed in turn, at random instants.

    python -m tests.system.disturbed [--rounds 50] [--database sqlite|postgresql|both] [--seed 1]
        [--namespaces]

Each round lets repositories join, all due: the schedulers queue them, the workers harvest them, and
each of the four processes is killed once and started again. In the end each repository has one
harvest, which is whole, no host was asked twice at once, and the store holds what an undisturbed
hub holds. With --namespaces each worker runs in a network namespace of its own, as on a host of its
own, joined by a bridge; that needs root and the command `ip`. Prints one JSON line a database.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.settings import Settings
from app.store import Store, upgrade
from harvesters.runs.pipeline import harvest
from tests import postgres
from tests.system.contents import STATES
from tests.system.processes import ROOT, Garnery, garnery, until
from tests.system.source import Source, source

ROLES = ("work", "work", "schedule", "schedule")
HOSTS, ON_EACH = 3, 2
PAGES, DELAY = 4, 0.03
LONGEST_ROUND = 120.0
BRIDGE, ADDRESS = "garnery-test", "10.213.7.1"


@dataclass
class Disturbed:
    """A hub with two workers and two schedulers, and the hosts that it harvests."""

    hub: Garnery
    hosts: list[Source]
    random: random.Random
    inside: tuple[tuple[str, ...], ...] = ((), ())
    """What stands before the command of each worker."""
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: int = 0

    def start(self) -> None:
        self.running = [self._started(n) for n in range(len(ROLES))]

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        before = self.inside[number] if number < len(self.inside) else ()
        return self.hub.start(ROLES[number], before=before)

    def round(self, name: str) -> list[str]:
        """Run a round; returns the names of its repositories once all are harvested."""
        names = []
        for n, host in enumerate(self.hosts):
            for m in range(ON_EACH):
                names.append(f"{name}-{n}-{m}")
                self.hub.join(names[-1], host.url(names[-1]))
        for victim in self.random.sample(range(len(ROLES)), len(ROLES)):
            time.sleep(self.random.uniform(0.0, 0.8))
            self._kill(victim)
        with self.hub.opened() as store:
            until(lambda: ended(store, names), f"the end of {name}", LONGEST_ROUND)
        return names

    def _kill(self, number: int) -> None:
        victim = self.running[number]
        assert victim.poll() is None, self.hub.output(victim, "err")
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
        self.killed += 1
        self.running[number] = self._started(number)


def ended(store: Store, names: list[str]) -> bool:
    """Whether no job of these waits or runs any more, and each has an ended harvest."""
    waiting = store.jobs.list(states=("queued", "running"), limit=1000)
    if any(name in job.arguments for job in waiting for name in names):
        return False
    found = [h for name in names for h in store.harvests.list(repository=name)]
    return {h.repository for h in found} == set(names) and all(h.state == "ended" for h in found)


def judge(disturbed: Disturbed, names: list[str]) -> None:
    """Fail unless nothing was lost, doubled or done twice at once."""
    assert [host.most_at_once for host in disturbed.hosts] == [1] * len(disturbed.hosts)
    with disturbed.hub.opened() as store:
        for name in names:
            outcomes = [h.outcome for h in store.harvests.list(repository=name)]
            assert outcomes == ["complete-with-quarantine"], (name, outcomes)
        done = store.jobs.list(states=("done", "failed"), limit=10_000)
        for name in names:
            of_it = [job for job in done if f'"{name}"' in job.arguments]
            assert [job.state for job in of_it] == ["done"], of_it
        assert held(store, names) == undisturbed(disturbed, names)


def held(store: Store, names: list[str]) -> dict[Any, Any]:
    """Every record of some repositories, without its number and its times."""
    return {
        (record.repository, record.identifier): (
            record.datestamp, record.state, record.source_sets, record.format, record.quarantine,
            record.reason, resource, store.records.original(record.local_id),
            store.records.problems(record.local_id), store.records.prefixes(record.local_id),
        )
        for record, resource in store.records.iterate(states=STATES)
        if record.repository in names
    }  # fmt: skip


def undisturbed(disturbed: Disturbed, names: list[str]) -> dict[Any, Any]:
    """What a hub holds that harvests these repositories one after the other."""
    path = disturbed.hub.folder / "undisturbed.sqlite3"
    path.unlink(missing_ok=True)
    upgrade(f"sqlite:///{path}")
    hub = Garnery(f"sqlite:///{path}", disturbed.hub.folder)
    by_name = {name: disturbed.hosts[int(name.split("-")[-2])] for name in names}
    with hub.opened() as store:
        for name, host in by_name.items():
            hub.join(name, host.url(name))
            harvest(store, Settings(), name, trigger="person", worker="test")
        return held(store, names)


@contextmanager
def disturbing(
    url: str, folder: Path, seed: int, *, namespaces: bool = False
) -> Iterator[Disturbed]:
    """A hub on this database whose processes run; all ends with the block."""
    with ExitStack() as stack:
        inside = stack.enter_context(separate()) if namespaces else ((), ())
        address = ADDRESS if namespaces else "127.0.0.1"
        hosts = [
            stack.enter_context(source(pages=PAGES, delay=DELAY, address=address))
            for _ in range(HOSTS)
        ]
        hub = stack.enter_context(garnery(url, folder))
        made = Disturbed(hub, hosts, random.Random(seed), inside)
        made.start()
        yield made


@contextmanager
def separate() -> Iterator[tuple[tuple[str, ...], ...]]:
    """Two network namespaces on a bridge; yields what runs a command inside of each."""
    names = [f"{BRIDGE}-{n}" for n in range(2)]
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{ADDRESS}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for n, name in enumerate(names):
            ip("netns", "add", name)
            ip("link", "add", f"gt{n}", "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", f"gt{n}", "master", BRIDGE, "up")
            ip("-n", name, "addr", "add", f"10.213.7.{n + 2}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield tuple(("ip", "netns", "exec", name) for name in names)
    finally:
        for words in (*(("netns", "del", name) for name in names), ("link", "del", BRIDGE)):
            with contextlib.suppress(subprocess.CalledProcessError):
                ip(*words)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def rounds(url: str, options: argparse.Namespace) -> dict[str, Any]:
    """Run all rounds on a database, and tell how they went."""
    folder = Path(tempfile.mkdtemp(prefix="garnery-disturbed-", dir=ROOT / "bench" / "out"))
    began, longest = time.monotonic(), 0.0
    try:
        with disturbing(url, folder, options.seed, namespaces=options.namespaces) as made:
            for number in range(options.rounds):
                at = time.monotonic()
                judge(made, made.round(f"r{number}"))
                print(f"round {number + 1} is well", file=sys.stderr, flush=True)
                longest = max(longest, time.monotonic() - at)
            return {
                "bench": "disturbed", "database": url.partition(":")[0], "seed": options.seed,
                "rounds": options.rounds, "killed": made.killed, "namespaces": options.namespaces,
                "harvests": options.rounds * HOSTS * ON_EACH, "lost": 0, "doubled": 0,
                "twice_at_once": 0, "seconds": round(time.monotonic() - began),
                "longest_round_seconds": round(longest, 1),
            }  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--database", default="both", choices=["sqlite", "postgresql", "both"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--namespaces", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="garnery-disturbed-") as folder:
        if options.database != "postgresql":
            print(json.dumps(rounds(f"sqlite:///{folder}/hub.sqlite3", options)), flush=True)
        if options.database != "sqlite":
            with postgres.serving(Path(folder, "server")) as server:
                url = postgres.create(server, "disturbed")
                print(json.dumps(rounds(url, options)), flush=True)


if __name__ == "__main__":
    main()
