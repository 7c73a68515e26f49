"""Promises 1, 2 and 3: a whole ingest, and one with nothing changed, against Sickle and MOAI.

    python -m bench.harvest [--records 200000] [--page 100] [--repeat 3] [--prefix oai_dc]
                            [--moai PYTHON]

CPU seconds of the process under test with its children; the source is not counted. In each round
every side has a run, so that a ratio compares neighbours; medians of the rounds are told. Sickle
writes raw records to a file. MOAI 2.0.0 is written for Python 2: its Python is asked whether it can
import it, and says why not; what is measured then is `peer_moai_like`, which is named so. That
Python (GARNERY_BENCH_MOAI does the same) needs `pyoai`, `lxml<5`, `sqlalchemy` and perhaps `moai`;
without one promise 2 is left out. With `keep_raw=0` no answers are kept beside the records.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from bench.tools import OUT, Cost, clean, cost, median, need_tools, peer, report, source

GARNERY = [sys.executable, "-m", "app.cli"]
WITHOUT_ANSWERS = {"GARNERY_HARVEST_KEEP_RAW": "0"}


def database() -> tuple[Path, dict[str, str]]:
    """The database to fill, and the environment that names it."""
    path = OUT / "harvest.sqlite3"
    return path, {"GARNERY_DATABASE_URL": f"sqlite:///{path}"}


def size(path: Path) -> int:
    return sum(p.stat().st_size for p in path.parent.glob(path.name + "*"))


def garnery_runs(url: str, prefix: str, **more: str) -> tuple[Cost, Cost, int]:
    """A first harvest into an empty hub and a full second one; with the bytes on disk."""
    path, environ = database()
    environ |= more
    clean(*path.parent.glob(path.name + "*"))
    cost([*GARNERY, "db", "upgrade"], **environ)
    options = ["--prefix", prefix, "--allow-private-address", "--no-probe"]
    cost([*GARNERY, "repository", "add", "bench", url, *options], **environ)
    first = cost([*GARNERY, "harvest", "bench", "--json"], **environ)
    bytes_on_disk = size(path)
    again = cost([*GARNERY, "harvest", "bench", "--full", "--json"], **environ)
    return first, again, bytes_on_disk


def sickle(url: str, prefix: str) -> Cost:
    raw = OUT / "sickle.raw"
    words = ("--url", url, "--prefix", prefix, "--mode", "raw", "--out", str(raw))
    found = cost(peer("peer_sickle.py", *words))
    clean(raw)
    return found


def moai_like(python: str, url: str, prefix: str) -> Cost:
    path = OUT / "moai.sqlite3"
    words = ("--url", url, "--prefix", prefix, "--out", str(path))
    found = cost([python, "-m", "bench.peer_moai_like", *words])
    clean(path)
    return found


def why_no_moai(python: str) -> str:
    """Why MOAI itself cannot run there; empty if it can be imported."""
    command = [python, "-c", "import moai.database, moai.provider.oai, moai.tools"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line.strip() for line in said.stderr.splitlines()]
    place = next((line for line in reversed(lines) if line.startswith("File ")), "")
    return f"{lines[-1]} ({place})" if lines else ""


def round_of(options: argparse.Namespace, url: str) -> dict[str, float]:
    """One run of every side: CPU seconds and other figures by name."""
    found = {"sickle": sickle(url, options.prefix).cpu}
    if options.moai:
        found["moai_like"] = moai_like(options.moai, url, options.prefix).cpu
    first, again, disk = garnery_runs(url, options.prefix)
    found |= {"first": first.cpu, "again": again.cpu, "disk": disk, "megabytes": first.megabytes}
    first, again, disk = garnery_runs(url, options.prefix, **WITHOUT_ANSWERS)
    found |= {"first_no_raw": first.cpu, "again_no_raw": again.cpu, "disk_no_raw": disk}
    print(" ".join(f"{name} {value:.1f}" for name, value in found.items()), file=sys.stderr)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--page", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--prefix", default="oai_dc")
    parser.add_argument("--moai", default=os.environ.get("GARNERY_BENCH_MOAI", ""))
    options = parser.parse_args()
    need_tools()
    runs: dict[str, list[float]] = defaultdict(list)
    with source(options.records) as base:
        for _ in range(options.repeat):
            for name, value in round_of(options, f"{base}/{options.page}").items():
                runs[name].append(value)
    report(bench="harvest", records=options.records, prefix=options.prefix,
           **_figures(runs, options), cores=os.cpu_count(), load=os.getloadavg()[0])  # fmt: skip


def _figures(runs: dict[str, list[float]], options: argparse.Namespace) -> dict[str, object]:
    def ratio(name: str, peer: str) -> float:
        return median([ours / theirs for ours, theirs in zip(runs[name], runs[peer], strict=True)])

    times = ("sickle", "moai_like", "first", "again", "first_no_raw", "again_no_raw")
    found: dict[str, object] = {f"{name}_cpu_s": median(runs[name]) for name in times if runs[name]}
    for end in ("", "_no_raw"):
        found[f"promise_1_ratio{end}"] = ratio(f"first{end}", "sickle")
        found[f"promise_3_ratio{end}"] = ratio(f"again{end}", "sickle")
        if options.moai:
            found[f"promise_2_ratio{end}"] = ratio(f"first{end}", "moai_like")
        found[f"bytes_a_record{end}"] = round(median(runs[f"disk{end}"]) / options.records)
    if options.moai:
        found["why_no_moai"] = why_no_moai(options.moai)
    return found | {"first_megabytes": median(runs["megabytes"])}


if __name__ == "__main__":
    main()
