"""Sets that are a search: milliseconds of a page and of the count, for many hits and for few.

    python -m bench.searches [--records 100000] [--url sqlite:///file | postgresql://…]

The hub is filled with made-up records unless the database holds as many already; every thousandth
is rare in some way. Milliseconds are those of the store, the median of several pages.
"""

from __future__ import annotations

import argparse
import json
import random
import time

from app.datacite.resource import Creator, Publisher, Resource, Subject, Title, Types
from app.query import Query, parse
from app.query.indexing import searched
from app.record import Change, Summary, local_id
from app.store import Store, open_store, upgrade
from app.store.search.conditions import KEPT_FIELDS
from bench.tools import OUT, median

FOREVER = 1 << 40
PAGE, BATCH = 250, 2_000
WORDS = [f"{start}{end}" for start in ("coral", "rock", "river", "soil", "wind", "ice") for end in (
    "", "s", "field", "bed", "depth", "rate", "mass", "flow", "map", "core", "series", "sample",
)]  # fmt: skip
TYPES = ("Dataset", "Text", "Software")
QUERIES = {
    "many": "coral OR rock OR river OR soil",
    "a third": "type:Dataset year:1990..",
    "a tenth": "title:icecore",
    "few": "sphalerite",
    "few of a phrase": '"sphalerite core"',
    "negative": "-sphalerite",
    "1,000 DOIs": " OR ".join(f"10.5072/bench.{n}" for n in range(0, 100_000, 100)),
}


def record(number: int) -> Change:
    chance = random.Random(number)
    some = chance.sample(WORDS, 12)
    title = " ".join(some[:7]) + (" sphalerite core" if number % 1000 == 500 else "")
    resource = Resource(
        doi=f"10.5072/bench.{number}",
        titles=(Title(title.capitalize()),),
        creators=(Creator(f"Person{number % 977}, Ana"), Creator(f"Other{number % 311}, Jan")),
        publisher=Publisher("Bench Archive"),
        publication_year=1960 + number % 65,
        subjects=tuple(map(Subject, some[7:])),
        types=Types(TYPES[number % 3], "data"),
    )
    body = f"<dc>{title}</dc>".encode() * 8
    name = f"oai:bench:{number}"
    return Change(
        "new", local_id("bench", name), name, "2020-01-01",
        sets=("member:bench:a", f"type:{TYPES[number % 3]}"), format="oai_dc", prefix="oai_dc",
        fingerprint=number.to_bytes(16, "big"), resource_fingerprint=number.to_bytes(16, "big"),
        original=body, resource=b"{}", renderings={"oai_dc": body}, searched=searched(resource),
        summary=Summary(title, "Person, Ana", resource.publication_year, TYPES[number % 3],
                        resource.doi or "", ""),
    )  # fmt: skip


def fill(store: Store, records: int) -> None:
    known = {member.name: member for member in store.repositories.list()}
    owner = known.get("bench") or store.repositories.add(
        "bench", title="Bench", base_url="http://bench.example.org/oai", every="1d"
    )
    for start in range(owner.live, records, BATCH):
        changes = [record(n) for n in range(start, min(start + BATCH, records))]
        store.records.apply(owner.id, None, "", changes)


def measured(store: Store, text: str) -> dict[str, float]:
    found = parse(text, KEPT_FIELDS)
    assert isinstance(found, Query), found
    tree, pages, after = found.tree, [], None
    for _ in range(5):
        began = time.perf_counter()
        rows = store.records.page("oai_dc", after=after, until=FOREVER, limit=PAGE, query=tree)
        pages.append((time.perf_counter() - began) * 1000)
        after = (rows[-1].stamp, rows[-1].id) if len(rows) == PAGE else None
    began = time.perf_counter()
    hits = store.records.count("oai_dc", until=FOREVER, query=tree)
    counting = (time.perf_counter() - began) * 1000
    return {"hits": hits, "page_ms": round(median(pages), 1), "worst_page_ms": round(max(pages), 1),
            "count_ms": round(counting, 1)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    url = options.url or f"sqlite:///{OUT / f'searches-{options.records}.sqlite3'}"
    upgrade(url)
    store = open_store(url)
    fill(store, options.records)
    figures = {name: measured(store, text) for name, text in QUERIES.items()}
    store.dispose()
    kind = url.partition(":")[0]
    print(
        json.dumps({"bench": "searches", "database": kind, "records": options.records, **figures})
    )


if __name__ == "__main__":
    main()
