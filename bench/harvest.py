"""Promises 1 and 3: a whole ingest, and one with nothing changed, against Sickle.

    python -m bench.harvest [--records 200000] [--page 100] [--repeat 3] [--prefix oai_dc]

CPU seconds of the process under test with its children; the source is not counted. Runs of both
sides take turns, and medians are compared.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bench.tools import OUT, Cost, clean, cost, median, need_tools, peer, report, source

GARNERY = [sys.executable, "-m", "app.cli"]


def database() -> tuple[Path, dict[str, str]]:
    """The database to fill, and the environment that names it (PostgreSQL by --database)."""
    path = OUT / "harvest.sqlite3"
    return path, {"GARNERY_DATABASE_URL": f"sqlite:///{path}"}


def size(path: Path) -> int:
    return sum(p.stat().st_size for p in path.parent.glob(path.name + "*"))


def garnery_runs(url: str, prefix: str) -> tuple[Cost, Cost, int]:
    """A first harvest into an empty hub and a full second one; with the bytes on disk."""
    path, environ = database()
    clean(*path.parent.glob(path.name + "*"))
    cost([*GARNERY, "db", "upgrade"], **environ)
    add = [
        "repository",
        "add",
        "bench",
        url,
        "--prefix",
        prefix,
        "--allow-private-address",
        "--no-probe",
    ]
    cost([*GARNERY, *add], **environ)
    first = cost([*GARNERY, "harvest", "bench", "--json"], **environ)
    bytes_on_disk = size(path)
    again = cost([*GARNERY, "harvest", "bench", "--full", "--json"], **environ)
    return first, again, bytes_on_disk


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--page", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--prefix", default="oai_dc")
    options = parser.parse_args()
    need_tools()
    first, again, peers, disk = [], [], [], 0
    with source(options.records) as base:
        url = f"{base}/{options.page}"
        raw = OUT / "sickle.raw"
        for _ in range(options.repeat):
            arguments = (
                "--url",
                url,
                "--prefix",
                options.prefix,
                "--mode",
                "raw",
                "--out",
                str(raw),
            )
            peers.append(cost(peer("peer_sickle.py", *arguments)))
            one, two, disk = garnery_runs(url, options.prefix)
            first.append(one)
            again.append(two)
            print(
                f"sickle {peers[-1].cpu:.1f} s, first {one.cpu:.1f} s, again {two.cpu:.1f} s",
                file=sys.stderr,
            )
        clean(raw)
    sickle = median([run.cpu for run in peers])
    report(
        bench="harvest",
        records=options.records,
        prefix=options.prefix,
        sickle_cpu_s=sickle,
        first_cpu_s=median([run.cpu for run in first]),
        again_cpu_s=median([run.cpu for run in again]),
        promise_1_ratio=median([run.cpu / sickle for run in first]),
        promise_3_ratio=median([run.cpu / sickle for run in again]),
        first_megabytes=median([run.megabytes for run in first]),
        bytes_a_record=round(disk / options.records),
        load=os.getloadavg()[0],
    )


if __name__ == "__main__":
    main()
