"""Promises 4 and 6: ListRecords a CPU second against oai-repo and oaipmh, and flatness at depth.

    python -m bench.provider [--records 200000] [--page 100] [--repeat 3]

All three serve the same oai_dc records from SQLite, with one web process each. Ours is the hub that
bench.harvest filled. CPU seconds are the server's, children included, while one client walks.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
import urllib.request

from bench.harvest import database, garnery_runs
from bench.tools import (
    OUT,
    TOOLS,
    free_port,
    median,
    need_tools,
    report,
    running,
    source,
    source_data,
)

GARNERY = [sys.executable, "-m", "app.cli"]
LATENCY_PAGES = 40


def walk(url: str, pid: int, *extra: str) -> dict[str, float]:
    """Walk a provider with the cheap client; returns its figures."""
    tool = [sys.executable, str(TOOLS / "walk.py"), "--url", url, "--pid", str(pid), *extra]
    done = subprocess.run(tool, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def ensure_filled(records: int) -> dict[str, str]:
    """Fill the hub unless it holds that many records already."""
    _, environ = database()
    try:
        shown = subprocess.run(
            [*GARNERY, "repository", "list", "--json"],
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(shown.stdout)
        filled = sum(one["live"] + one["deleted"] for one in found["items"])
    except (subprocess.CalledProcessError, ValueError, KeyError):
        filled = 0
    if filled < records * 0.97:
        with source(records) as base:
            garnery_runs(f"{base}/1000", "oai_dc")
    return environ


def ours(records: int, page: int, *, gzip: bool, depth: bool) -> dict[str, float]:
    environ = ensure_filled(records)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environ |= {"GARNERY_BASE_URL": base, "GARNERY_OAI_RECORDS_PER_PAGE": str(page)}
    command = [*GARNERY, "serve", "--port", str(port)]
    with running(command, f"{base}/oai?verb=Identify", **environ) as server:
        figures = walk(f"{base}/oai", server.pid, *(["--gzip"] if gzip else []))
        return {**figures, **(depths(f"{base}/oai") if depth else {})}


def depths(url: str) -> dict[str, float]:
    """Milliseconds of a page at the start and at 99 % of the list, three ways."""
    out = {}
    for name, extra in (("plain", ""), ("from", "&from=2014-01-01"), ("set", "&set=member:bench")):
        tokens = [f"metadataPrefix=oai_dc{extra}"]
        first, last = [], []
        while True:
            body, milliseconds = timed(f"{url}?verb=ListRecords&{tokens[-1]}")
            (first if len(first) < LATENCY_PAGES else last).append(milliseconds)
            found = re.search(rb"<resumptionToken[^>]*>([^<]+)<", body)
            if not found:
                break
            tokens.append("resumptionToken=" + found.group(1).decode())
        deep = tokens[int(len(tokens) * 0.99) - LATENCY_PAGES : int(len(tokens) * 0.99)]
        shallow = tokens[1 : 1 + LATENCY_PAGES]
        pairs = [
            (timed(f"{url}?verb=ListRecords&{a}")[1], timed(f"{url}?verb=ListRecords&{b}")[1])
            for _ in range(3)
            for a, b in zip(shallow, deep, strict=False)
        ]
        near, far = median([a for a, _ in pairs]), median([b for _, b in pairs])
        out |= {
            f"{name}_ms_first": near,
            f"{name}_ms_deep": far,
            f"{name}_ratio": round(far / near, 2),
        }
    return out


def timed(url: str) -> tuple[bytes, float]:
    began = time.perf_counter()
    with urllib.request.urlopen(url, timeout=60) as answer:
        body = answer.read()
    return body, (time.perf_counter() - began) * 1000


def theirs(script: str, records: int, page: int, limit: int) -> dict[str, float]:
    port = free_port()
    database_file = OUT / f"{script}-{records}-{limit}.sqlite3"
    tool = [sys.executable, str(TOOLS / script), "--data", str(source_data(records))]
    sizes = ["--page", str(page), "--port", str(port), "--limit", str(limit)]
    command = [*tool, "--db", str(database_file), *sizes]
    url = f"http://127.0.0.1:{port}/"
    with running(command, f"{url}?verb=Identify") as server:
        return walk(url, server.pid)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument(
        "--peer-records", type=int, default=20_000, help="peers page by offset: fewer"
    )
    parser.add_argument("--page", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    need_tools()
    rates: dict[str, list[float]] = {
        "garnery": [],
        "garnery_gzip": [],
        "oai_repo": [],
        "oaipmh": [],
    }
    deep: dict[str, float] = {}
    for turn in range(options.repeat):
        mine = ours(options.records, options.page, gzip=False, depth=turn == 0)
        deep = deep or {
            k: v for k, v in mine.items() if k.endswith(("_ratio", "_ms_first", "_ms_deep"))
        }
        rates["garnery"].append(mine["rec_per_server_cpu_s"])
        packed = ours(options.records, options.page, gzip=True, depth=False)
        rates["garnery_gzip"].append(packed["rec_per_server_cpu_s"])
        for name, script in (("oai_repo", "peer_oai_repo.py"), ("oaipmh", "peer_oaipmh.py")):
            other = theirs(script, options.records, options.page, options.peer_records)
            rates[name].append(other["rec_per_server_cpu_s"])
        print({name: round(values[-1]) for name, values in rates.items()}, file=sys.stderr)
    middle = {name: median(values) for name, values in rates.items()}
    report(
        bench="provider",
        records=options.records,
        records_per_cpu_s=middle,
        promise_4_ratio_oai_repo=round(middle["garnery"] / middle["oai_repo"], 1),
        promise_4_ratio_oaipmh=round(middle["garnery"] / middle["oaipmh"], 1),
        promise_5_ratio_oai_repo=round(middle["garnery_gzip"] / middle["oai_repo"], 1),
        promise_6=deep,
        load=os.getloadavg()[0],
    )


if __name__ == "__main__":
    main()
