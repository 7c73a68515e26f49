"""Search while a harvest runs: first pages, facets, jumps and depth, with the harvest and without.

    python -m bench.search_beside [--records 100000] [--harvested 20000] [--url …]

The hub is filled as `bench.search` fills it, and stock is taken. Then `garnery harvest` brings
further records from the synthetic source into the same hub, without a stock-taking meanwhile, and
searches are asked in turn until it ends. CPU milliseconds are those of this process alone,
so that on PostgreSQL only the wall's tell what a search takes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import Any

from msgspec.structs import replace

from app.query.request import identifier_of
from app.store import Store, open_store, upgrade
from app.store.search import stocktaking
from bench.harvest import GARNERY
from bench.search import QUERIES, asked, fill, told
from bench.tools import OUT, ROOT, need_tools, report, source

Calls = dict[str, Iterator[Callable[[], object]]]
AT_LEAST = 100


def calls(store: Store, records: int) -> Calls:
    """What is asked for, over and over."""
    requests, search = [asked(pairs) for pairs in QUERIES], store.search
    every = range(0, records, max(1, records // 50))
    named = [identifier_of(asked((("q", f"10.5072/bench.{n}"),))) for n in every]
    everything = replace(asked(()), per_page=100)
    deep = everything
    for _ in range(records // 100 - 2):
        deep = replace(everything, cursor=search.page(deep).next)
    return {
        "first_page": cycle([partial(search.page, one) for one in requests]),
        "facets": cycle([partial(search.facets, one, seconds=600.0) for one in requests]),
        "jump": cycle([partial(search.named, one) for one in named if one]),
        "page_of_all": cycle([partial(search.page, everything)]),
        "page_at_the_end": cycle([partial(search.page, deep)]),
    }


def figures(given: Calls, going_on: Callable[[], bool]) -> dict[str, Any]:
    """Ask each kind in turn, as long as it goes on but a hundred times at least."""
    taken: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in given}
    while going_on() or len(taken["jump"][0]) < AT_LEAST:
        for name, one in given.items():
            call = next(one)
            wall, began = time.perf_counter(), time.process_time()
            call()
            spent = time.process_time() - began, time.perf_counter() - wall
            for all_of_it, seconds in zip(taken[name], spent, strict=True):
                all_of_it.append(seconds * 1000)
    return {"times": len(taken["jump"][0])} | {name: told(*both) for name, both in taken.items()}


def harvesting(url: str, base: str) -> subprocess.Popen[bytes]:
    """Begin a harvest of the synthetic source into the hub."""
    environ = {**os.environ, "GARNERY_DATABASE_URL": url}
    name = f"beside-{int(time.time())}"
    add = [*GARNERY, "repository", "add", name, base, "--prefix", "oai_dc", "--no-probe"]
    subprocess.run([*add, "--allow-private-address"], check=True, env=environ, cwd=ROOT, stdout=2)
    words = [*GARNERY, "harvest", name, "--json"]
    return subprocess.Popen(words, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--harvested", type=int, default=20_000)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    need_tools()
    url = options.url or f"sqlite:///{OUT / f'search-{options.records}.sqlite3'}"
    upgrade(url)
    store = open_store(url)
    fill(store, options.records)
    stocktaking.tend(store.database)
    asking = calls(store, options.records)
    alone = figures(asking, lambda: False)
    with source(options.harvested) as base:
        harvest = harvesting(url, f"{base}/100")
        beside = figures(asking, lambda: harvest.poll() is None)
        if harvest.wait():
            sys.exit("The harvest failed.")
    store.dispose()
    report(bench="search_beside", database=url.partition(":")[0], records=options.records,
           alone=alone, beside=beside, load=os.getloadavg()[0])  # fmt: skip


if __name__ == "__main__":
    main()
