"""Promises 4, 5, 6, 7, 9 and 10: what ListRecords costs, near and deep, alone and beside a harvest.

    python -m bench.provider [--records 200000] [--database sqlite|postgresql] [--page 100]
                             [--repeat 3] [--seconds 20]

Ours is a hub as `bench.million` fills it, one web process, statistics on as they are by default,
fair use without its limits. oai-repo and oaipmh serve the same records from SQLite; a bare WSGI
application under the same Granian sends the same bytes. Each walk is read by one cheap client; CPU
seconds are the server's, children included; the sides take turns, and medians are told. Latency is
a client's that asks for a page of any depth every few milliseconds.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import pickle
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import select

from app.oai.resumption import Signer, Token, expiry_day
from app.store import Store, open_store
from app.store.pages import set_number
from app.store.tables import memberships, prefixes
from bench import million
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
SECRET = "a secret of the bench, with which it makes tokens of any depth"
THREADS = "4"
DEEP = 0.99
PAGES_OF_DEPTH = 40
PAGES_OF_BARE = 200
"""Pages that the bare application has ready; more would only take memory."""
PAUSE = 0.005
"""Seconds between a client's requests when latency is measured."""
UNHURRIED = {"GARNERY_OAI_PACE": "0", "GARNERY_OAI_AT_ONCE": "0", "GARNERY_OAI_SECRET": SECRET}
LISTS = {"plain": ("", None), "set": ("member:bench", None), "from": ("", 1)}
"""Lists whose depth is tried: their set, and their `from`."""


@contextlib.contextmanager
def ours(url: str, page: int) -> Iterator[tuple[str, int]]:
    """The provider of a hub: its base URL, and the process to look at."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environ = {
        "GARNERY_DATABASE_URL": url,
        "GARNERY_BASE_URL": base,
        "GARNERY_OAI_RECORDS_PER_PAGE": str(page),
        "GARNERY_WEB_THREADS": THREADS,
        **UNHURRIED,
    }
    command = [*GARNERY, "serve", "--port", str(port)]
    with running(command, f"{base}/oai?verb=Identify", **environ) as server:
        yield f"{base}/oai", server.pid


@contextlib.contextmanager
def bare(base: str, page: int) -> Iterator[tuple[str, int]]:
    """The bare application with the first pages of a list, as a hub sends them."""
    path = OUT / f"bare-{page}.pickle"
    path.write_bytes(pickle.dumps(recorded(base)))
    port = free_port()
    command = [sys.executable, "-m", "bench.bare_wsgi", str(port), THREADS, str(path)]
    url = f"http://127.0.0.1:{port}/oai"
    with running(command, f"{url}?verb=ListRecords&metadataPrefix=oai_dc") as server:
        yield url, server.pid


@contextlib.contextmanager
def peer(script: str, records: int, page: int, limit: int) -> Iterator[tuple[str, int]]:
    """Another provider with the first records of the same source; it pages by offset."""
    port = free_port()
    file = OUT / f"{script}-{records}-{limit}.sqlite3"
    tool = [sys.executable, str(TOOLS / script), "--data", str(source_data(records))]
    sizes = ["--page", str(page), "--port", str(port), "--limit", str(limit)]
    url = f"http://127.0.0.1:{port}/"
    with running([*tool, "--db", str(file), *sizes], f"{url}?verb=Identify") as server:
        yield url, server.pid


def walk(url: str, pid: int, *extra: str) -> dict[str, float]:
    """Walk a provider with the cheap client; returns its figures."""
    tool = [sys.executable, str(TOOLS / "walk.py"), "--url", url, "--pid", str(pid), *extra]
    done = subprocess.run(tool, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


class Asking:
    """A client that keeps its connection."""

    def __init__(self, base: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=120)

    def page(self, query: str) -> tuple[bytes, float]:
        """A page, and the milliseconds it took."""
        began = time.perf_counter()
        self._connection.request("GET", f"/oai?{query}")
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"{query} was answered by {answer.status}.")
        return body, (time.perf_counter() - began) * 1000


def token_of(body: bytes) -> str:
    found = re.search(rb"<resumptionToken[^>]*>([^<]+)<", body[-2000:])
    return found.group(1).decode() if found else ""


def recorded(base: str) -> dict[str, bytes]:
    """The first pages of a list by query string."""
    asking, pages = Asking(base), dict[str, bytes]()
    query = "verb=ListRecords&metadataPrefix=oai_dc"
    while query and len(pages) < PAGES_OF_BARE:
        pages[query] = asking.page(query)[0]
        token = token_of(pages[query])
        query = f"verb=ListRecords&resumptionToken={token}" if token else ""
    return pages


# ── depth ────────────────────────────────────────────────────────────────────────────────────


def key_at(store: Store, set_spec: str, place: int) -> tuple[int, int]:
    """The key of a record at a place of the list of oai_dc."""
    with store.database.read() as connection:
        columns = memberships.c
        prefix = select(prefixes.c.id).where(prefixes.c.prefix == "oai_dc").scalar_subquery()
        query = (
            select(columns.stamp, columns.record_id)
            .where(columns.set_id == set_number(connection, set_spec or None))
            .where(columns.prefix_id == prefix)
            .order_by(columns.stamp, columns.record_id)
            .limit(1)
            .offset(place)
        )
        stamp, record = connection.execute(query).one()
    return int(stamp), int(record)


def length(store: Store, set_spec: str = "") -> int:
    """How many records a list has; it is less than were harvested: some were never visible."""
    return store.records.count("oai_dc", until=1 << 40, set_spec=set_spec or None)


def depths(base: str, url: str) -> dict[str, float]:
    """Milliseconds of a page at the start and at 99 % of a list, three ways, in turns."""
    store, asking, now = open_store(url), Asking(base), int(time.time())
    sealed = Signer((SECRET,)).seal
    found: dict[str, float] = {}
    for name, (set_spec, from_) in LISTS.items():
        milliseconds: dict[str, list[float]] = defaultdict(list)
        starts, records = {}, length(store, set_spec)
        for where, place in (("first", 0), ("deep", int(records * DEEP))):
            walk_ = Token(
                "ListRecords", now, key_at(store, set_spec, place), "oai_dc", set_spec, from_,
                cursor=place + 1, size=records, expires=expiry_day(now),
            )  # fmt: skip
            starts[where] = sealed(walk_)
        for _ in range(3):
            tokens = dict(starts)
            for _ in range(PAGES_OF_DEPTH):
                for where, token in tokens.items():
                    if token:
                        query = f"verb=ListRecords&resumptionToken={token}"
                        body, took = asking.page(query)
                        milliseconds[where].append(took)
                        tokens[where] = token_of(body)
        near, far = (
            statistics.median(milliseconds["first"]),
            statistics.median(milliseconds["deep"]),
        )
        found |= {f"{name}_ms_first": round(near, 2), f"{name}_ms_deep": round(far, 2)}
        found[f"{name}_ratio"] = round(far / near, 2)
    store.dispose()
    return found


# ── latency beside a harvest ─────────────────────────────────────────────────────────────────


def latencies(base: str, url: str, ended: threading.Event) -> list[float]:
    """Milliseconds of pages of any depth, asked for until `ended`."""
    store, asking, now = open_store(url), Asking(base), int(time.time())
    records = length(store)
    sealed, chance = Signer((SECRET,)).seal, random.Random(1)
    keys = [key_at(store, "", chance.randrange(records * 9 // 10)) for _ in range(30)]
    store.dispose()
    out = []
    for number in range(1 << 30):
        if ended.is_set():
            break
        after = keys[number % len(keys)]
        token = Token(
            "ListRecords", now, after, "oai_dc", cursor=1, size=9, expires=now // 86400 + 3
        )
        out.append(asking.page(f"verb=ListRecords&resumptionToken={sealed(token)}")[1])
        time.sleep(PAUSE)
    return out


def beside_a_harvest(base: str, url: str, seconds: float) -> dict[str, float]:
    """p50 and p99 of a client when nothing else happens, and while a harvest fills the same hub."""
    ended = threading.Event()
    threading.Timer(seconds, ended.set).start()
    idle = latencies(base, url, ended)
    name = f"late{int(time.time())}"
    busy: list[float] = []
    ended = threading.Event()
    asking = threading.Thread(target=lambda: busy.extend(latencies(base, url, ended)))
    with source(million.HARVESTED) as theirs:
        asking.start()
        million.harvest(url, f"{theirs}/100", name)
        ended.set()
        asking.join()
    found = {"requests_idle": len(idle), "requests_busy": len(busy)}
    for what, values in (("idle", idle), ("busy", busy)):
        found |= {f"p50_{what}": median(values), f"p99_{what}": round(_p99(values), 2)}
    return {**found, "p99_ratio": round(found["p99_busy"] / found["p99_idle"], 2)}


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


# ── all of it ────────────────────────────────────────────────────────────────────────────────


def turns(url: str, options: argparse.Namespace) -> dict[str, list[dict[str, float]]]:
    """Every side's walks, in turns."""
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    some = ("--pages", str(PAGES_OF_BARE))
    for turn in range(options.repeat):
        whole = () if turn == 0 else ("--pages", str(max(PAGES_OF_BARE, 2_000)))
        with ours(url, options.page) as (base, pid):
            found["garnery"].append(walk(base, pid, *whole))
            found["garnery_gzip"].append(walk(base, pid, *whole, "--gzip"))
            with bare(base, options.page) as (theirs, their_pid):
                for _ in range(3):
                    found["garnery_some"].append(walk(base, pid, *some))
                    found["bare"].append(walk(theirs, their_pid, *some))
        for name, script in (("oai_repo", "peer_oai_repo.py"), ("oaipmh", "peer_oaipmh.py")):
            limits = (million.HARVESTED, options.page, options.peer_records)
            with peer(script, *limits) as (theirs, their_pid):
                found[name].append(walk(theirs, their_pid))
        shown = {name: walks[-1].get("rec_per_server_cpu_s") for name, walks in found.items()}
        print(shown, file=sys.stderr)
    return found


def rate(walks: list[dict[str, float]]) -> float:
    """Records a CPU second of all walks together: the system counts in hundredths of a second."""
    return round(
        sum(w["records"] for w in walks) / max(0.01, sum(w["server_cpu_s"] for w in walks))
    )


def summary(found: dict[str, list[dict[str, float]]]) -> dict[str, object]:
    rates = {name: rate(walks) for name, walks in found.items()}
    first, packed = found["garnery"][0], found["garnery_gzip"][0]
    million_s = {
        name: round(walked["server_cpu_s"] / walked["records"] * 1e6, 1)
        for name, walked in (("identity", first), ("gzip", packed))
    }
    return {
        "walked": first["records"],
        "records_per_cpu_s": rates,
        "promise_4_ratio_oai_repo": round(rates["garnery"] / rates["oai_repo"], 1),
        "promise_4_ratio_oaipmh": round(rates["garnery"] / rates["oaipmh"], 1),
        "promise_5_ratio_oai_repo": round(rates["garnery_gzip"] / rates["oai_repo"], 1),
        "promise_7_cpu_s_a_million": million_s,
        "ratio_bare_wsgi": round(rates["garnery_some"] / rates["bare"], 2),
        "web_process_mb": max(w["server_rss_mb"] for w in found["garnery_gzip"]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--peer-records", type=int, default=20_000, help="peers page by offset: fewer"
    )
    parser.add_argument("--page", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20, help="of idle latency")
    options = parser.parse_args()
    need_tools()
    with million.filled(options.database, options.records) as url:
        disk = million.bytes_on_disk(url) / options.records
        figures = summary(turns(url, options))
        with ours(url, options.page) as (base, _):
            near_and_deep = depths(base, url)
            beside = beside_a_harvest(base, url, options.seconds)
    report(
        bench="provider",
        database=options.database,
        records=options.records,
        **figures,
        promise_6=near_and_deep,
        promise_9=beside,
        promise_10_bytes_a_record=round(disk),
        load=os.getloadavg()[0],
    )


if __name__ == "__main__":
    main()
