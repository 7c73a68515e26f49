"""Promise of memory: one response of 100 MB, harvested whole, beside the memory of an idle worker.

    python -m bench.one_page [--megabytes 100] [--damaged]

A process of its own harvests a generated repository that has but one page, on loopback; the peak
of its resident memory is compared with what it held before its first request.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bench.tools import report

OAI = "http://www.openarchives.org/OAI/2.0/"
DC = (
    'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="{OAI}">'
    "<responseDate>2026-01-01T00:00:00Z</responseDate><request>http://x/</request>"
)
IDENTIFY = (
    "<Identify><repositoryName>One page</repositoryName><baseURL>http://x/</baseURL>"
    "<protocolVersion>2.0</protocolVersion><adminEmail>a@x.example</adminEmail>"
    "<earliestDatestamp>2020-01-01</earliestDatestamp><deletedRecord>no</deletedRecord>"
    "<granularity>YYYY-MM-DD</granularity></Identify>"
)
ABSTRACT = "The measured words of an abstract, as long as abstracts are in repositories. " * 16


def record(number: int, *, damaged: bool) -> str:
    """A record of some 2 kB, no two alike."""
    title = f"Measurements {number} &nbsp; of a series" if damaged else f"Measurements {number}"
    return (
        f"<record><header><identifier>oai:one.example:{number}</identifier>"
        f"<datestamp>2026-01-01</datestamp></header><metadata><oai_dc:dc {DC}>"
        f"<dc:title>{title}</dc:title><dc:creator>Lovelace, Ada</dc:creator>"
        f"<dc:subject>subject {number % 97}</dc:subject><dc:date>2020-02-29</dc:date>"
        f"<dc:type>Dataset</dc:type><dc:description>{ABSTRACT} {number}</dc:description>"
        f"<dc:identifier>https://doi.org/10.5072/{number}</dc:identifier>"
        "</oai_dc:dc></metadata></record>"
    )


def write_page(path: Path, size: int, *, damaged: bool) -> int:
    """Write a page of so many bytes; return its number of records."""
    number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEAD}<ListRecords>")
        while file.tell() < size:
            for _ in range(1000):
                file.write(record(number, damaged=damaged and number % 1000 == 999))
                number += 1
        file.write("</ListRecords></OAI-PMH>")
    return number


@contextlib.contextmanager
def repository(page: Path) -> Iterator[str]:
    """Serve a repository whose every list is that page."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            verb = parse_qs(urlsplit(self.path).query).get("verb", [""])[0]
            if verb != "ListRecords":
                inside = IDENTIFY if verb == "Identify" else '<error code="noSetHierarchy"/>'
                self._begin(len(body := f"{HEAD}{inside}</OAI-PMH>".encode()))
                self.wfile.write(body)
                return
            self._begin(page.stat().st_size)
            with page.open("rb") as file:
                while part := file.read(1024 * 1024):
                    self.wfile.write(part)

        def _begin(self, length: int) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(length))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/oai"
    finally:
        server.shutdown()
        server.server_close()


def harvest_here(database: str, url: str) -> None:
    """Harvest in this process, and print what it took beyond the idle process."""
    from app.settings import Database, Harvest, Settings
    from app.store import open_store, upgrade
    from harvesters.runs.pipeline import harvest

    upgrade(database)
    store = open_store(database)
    store.repositories.add("one", title="One page", base_url=url, every="1d", prefix="oai_dc")
    settings = Settings(
        database=Database(url=database), harvest=Harvest(allow_private_addresses=True)
    )
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.monotonic()
    run = harvest(store, settings, "one", trigger="person", worker="bench")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({
        "outcome": run.outcome, "seen": run.counts.seen, "new": run.counts.new,
        "repaired": run.counts.repaired, "cause": run.cause, "sentence": run.sentence,
        "idle_mb": round(idle, 1), "peak_mb": round(peak, 1), "over_idle_mb": round(peak - idle, 1),
        "seconds": round(time.monotonic() - began, 1),
    }))  # fmt: skip


def measured(megabytes: float, *, damaged: bool = False) -> dict[str, object]:
    """Harvest a page of that size in a process of its own; return its figures."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.xml"
        records = write_page(page, int(megabytes * 1e6), damaged=damaged)
        with repository(page) as url:
            database = f"sqlite:///{folder}/hub.sqlite3"
            command = [sys.executable, "-m", "bench.one_page", "--here", database, url]
            done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    found: dict[str, object] = json.loads(done.stdout)
    return found | {"records": records, "megabytes": megabytes, "damaged": damaged}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--damaged", action="store_true")
    parser.add_argument("--here", nargs=2, metavar=("DATABASE", "URL"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        harvest_here(*options.here)
    else:
        found = measured(options.megabytes, damaged=options.damaged)
        report(bench="one_page", **found, load=os.getloadavg()[0])


if __name__ == "__main__":
    main()
