"""Members, harvests and changes for the tests of the store."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from app.datacite.problem import Problem
from app.record import Change, Summary, local_id
from app.store import Store
from app.store.values import Harvest, PageRow, Repository

FOREVER = 1 << 40
PREFIXES = ("oai_dc", "datacite")


def member(store: Store, name: str = "reef", **settings: Any) -> Repository:
    given = {"title": name.title(), "base_url": f"http://{name}.example.org/oai", "every": "1d"}
    return store.repositories.add(name, **(given | settings))


def harvest(store: Store, repository: Repository, worker: str = "w1", **given: Any) -> Harvest:
    known = {"kind": "full", "trigger": "person", "prefix": "oai_dc", "from_": ""}
    return store.harvests.begin(repository.id, worker=worker, **(known | given))


def name(n: int, key: str = "reef") -> str:
    return local_id(key, f"oai:{key}:{n}")


def renderings(text: str, prefixes: Iterable[str] = PREFIXES) -> Mapping[str, bytes]:
    return {prefix: f"<{prefix}>{text}</{prefix}>".encode() for prefix in prefixes}


def change(
    n: int, kind: str = "new", text: str = "one", *, key: str = "reef", **given: Any
) -> Change:
    """A change of record n; its resource, original and renderings say `text`."""
    known = {
        "datestamp": "2020-01-01",
        "sets": (f"member:{key}:corals", "type:Dataset"),
        "format": "oai_dc",
        "prefix": "oai_dc",
        "crosswalk": 1,
        "fingerprint": f"{kind}{n}{text}".encode()[:16].ljust(16),
    }
    if kind in {"new", "changed", "retouched"}:
        known |= {
            "resource_fingerprint": f"{n}{text}".encode()[:16].ljust(16),
            "resource": f'{{"titles":[{{"title":"{text} {n}"}}]}}'.encode(),
            "original": f"<dc>{text} {n}</dc>".encode(),
            "renderings": renderings(f"{text} {n}"),
            "about": f"<about>{n}</about>".encode(),
            "summary": Summary(title=f"{text} {n}", year=2020, doi=f"10.5072/{key}.{n}"),
        }
    if kind == "quarantined":
        known |= {
            "quarantine": "record-unreadable",
            "reason": "It cannot be read.",
            "original": f"<dc>broken {n}</dc>".encode(),
        }
    return Change(kind, name(n, key), f"oai:{key}:{n}", **(known | given))


def problem(rule: str, severity: str = "warning") -> Problem:
    return Problem("/titles", rule, severity, "M", "Give a title.")


def put(store: Store, repository: Repository, *changes: Change) -> int | None:
    """Write changes down without a harvest; return the datestamp that was given."""
    return store.records.apply(repository.id, None, "", changes).stamp


def put_later(store: Store, repository: Repository, *changes: Change) -> int | None:
    """Write changes down in a second that is later than every datestamp there is."""
    wait_until_after(store, store.visible_after() - 1)
    return put(store, repository, *changes)


def wait_until_after(store: Store, second: int) -> None:
    """Let the clock go past a second, so that the next datestamp is a later one."""
    while store.now().timestamp() < second:
        time.sleep(0.02)


def listed(store: Store, prefix: str = "oai_dc", **given: Any) -> tuple[PageRow, ...]:
    return store.records.page(prefix, **({"until": FOREVER, "limit": 10_000} | given))


def stamps(store: Store, prefix: str = "oai_dc") -> dict[str, int]:
    return {row.local_id: row.stamp for row in listed(store, prefix)}


def walk(store: Store, limit: int, prefix: str = "oai_dc", **given: Any) -> list[PageRow]:
    """Read a whole list, page by page."""
    rows: list[PageRow] = []
    after = None
    while page := listed(store, prefix, after=after, limit=limit, **given):
        rows += page
        after = (page[-1].stamp, page[-1].id)
    return rows


def dump(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the records, in order: what a crash must leave as it was."""
    from sqlalchemy import select

    from app.store.tables import METADATA

    with store.database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
            if table.name != "dictionaries"
        }
