"""Whether hash partitions bring anything: the same rows in plain tables and in 16 partitions each.

Two sets of tables in one PostgreSQL hold the same synthetic records, of the sizes that real ones
have packed. What a hub does all day is done on both in turn: a page of a list, a page of a harvest
looked up and written, a vacuum after a tenth was written anew. Ratios of medians count.

    python -m bench partitions [--records 400000] [--partitions 16]
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

ROUNDS = 15
PAGE = 250
_TABLES = """
CREATE TABLE {0}_records (id bigint NOT NULL, local_id char(16) NOT NULL, repository_id bigint,
  stamp bigint NOT NULL, fingerprint bytea, title text) {1};
CREATE TABLE {0}_renderings (id bigint NOT NULL, stamp bigint NOT NULL, body bytea) {1};
CREATE TABLE {0}_memberships (set_id bigint, prefix_id smallint, stamp bigint, record_id bigint,
  PRIMARY KEY (set_id, prefix_id, stamp, record_id)) {2};
"""
_ROWS = """
INSERT INTO {0}_records SELECT n, substr(md5(n::text), 1, 16), n % 50, n / 100,
  decode(md5(n::text), 'hex'), repeat(md5(n::text), 2) FROM generate_series(1, {1}) n;
INSERT INTO {0}_renderings SELECT n * 64 + p, n / 100, decode(repeat(md5((n + p)::text), 20), 'hex')
  FROM generate_series(1, {1}) n, generate_series(1, 2) p;
INSERT INTO {0}_memberships SELECT s, p, n / 100, n FROM generate_series(1, {1}) n,
  generate_series(1, 2) p, LATERAL (VALUES (0), (n % 50 + 1)) AS sets (s);
"""
_KEYS = (
    "ALTER TABLE {0}_records ADD PRIMARY KEY (id)",
    "ALTER TABLE {0}_renderings ADD PRIMARY KEY (id)",
    "CREATE {1} INDEX {0}_local ON {0}_records (local_id)",
    "CREATE INDEX {0}_owner ON {0}_records (repository_id, id)",
    "VACUUM ANALYZE {0}_records",
    "VACUUM ANALYZE {0}_renderings",
    "VACUUM ANALYZE {0}_memberships",
)
_PAGE_QUERY = """
SELECT m.record_id, r.local_id, m.stamp, g.body FROM {0}_memberships m
JOIN {0}_renderings g ON g.id = m.record_id * 64 + 1 JOIN {0}_records r ON r.id = m.record_id
WHERE m.set_id = %s AND m.prefix_id = 1 AND (m.stamp, m.record_id) > (%s, 0)
ORDER BY m.stamp, m.record_id LIMIT {1}
"""
_LOOK_UP = "SELECT id, fingerprint FROM {0}_records WHERE local_id = ANY (%s)"
_WRITE = "UPDATE {0}_renderings SET stamp = stamp + 1, body = body || '\\x00' WHERE id = ANY (%s)"


def main(arguments: list[str]) -> None:
    """Fill both, measure in turn, print one line of JSON."""
    parser = argparse.ArgumentParser(prog="bench partitions")
    parser.add_argument("--records", type=int, default=400_000)
    parser.add_argument("--partitions", type=int, default=16)
    given = parser.parse_args(arguments)
    from tests import postgres

    with (
        tempfile.TemporaryDirectory(prefix="garnery-bench-") as folder,
        postgres.serving(Path(folder)) as server,
        psycopg.connect(server, autocommit=True) as connection,
    ):
        connection.execute("SET jit = off")
        print(json.dumps(_compared(connection, given.records, given.partitions)))


def _compared(connection: Any, records: int, partitions: int) -> dict[str, Any]:
    took = {kind: _fill(connection, kind, records, partitions) for kind in ("plain", "parted")}
    found: dict[str, Any] = {"bench": "partitions", "records": records, "partitions": partitions}
    found["fill"] = round(took["parted"] / took["plain"], 2)
    for name, work in _works(connection, records).items():
        times: dict[str, list[float]] = {"plain": [], "parted": []}
        for turn in range(ROUNDS if name != "vacuum" else 3):
            for kind in ("plain", "parted") if turn % 2 else ("parted", "plain"):
                begun = time.perf_counter()
                work(kind, turn)
                times[kind].append(time.perf_counter() - begun)
        plain, parted = (statistics.median(times[kind]) for kind in ("plain", "parted"))
        found[name] = {
            "plain_ms": round(plain * 1000, 2),
            "parted_ms": round(parted * 1000, 2),
            "ratio": round(parted / plain, 2),
        }
    return found


def _fill(connection: Any, kind: str, records: int, partitions: int) -> float:
    begun = time.perf_counter()
    parted = kind == "parted"
    by_id = "PARTITION BY HASH (id)" if parted else ""
    by_set = "PARTITION BY HASH (record_id)" if parted else ""
    connection.execute(_TABLES.format(kind, by_id, by_set))
    for table in ("records", "renderings", "memberships") if parted else ():
        for n in range(partitions):
            connection.execute(
                f"CREATE TABLE {kind}_{table}_{n} PARTITION OF {kind}_{table} "
                f"FOR VALUES WITH (MODULUS {partitions}, REMAINDER {n})"
            )
    connection.execute(_ROWS.format(kind, records))
    for statement in _KEYS:
        connection.execute(statement.format(kind, "" if parted else "UNIQUE"))
    return time.perf_counter() - begun


def _works(connection: Any, records: int) -> dict[str, Callable[[str, int], object]]:
    def numbers(turn: int) -> list[int]:
        return [(turn * 7919 + n * 104_729) % records + 1 for n in range(PAGE)]

    def page(kind: str, turn: int, set_id: int = 0) -> object:
        query, start = _PAGE_QUERY.format(kind, PAGE), records // 100 * turn // (ROUNDS + 1)
        return connection.execute(query, (set_id, start)).fetchall()

    def look_up(kind: str, turn: int) -> object:
        import hashlib

        names = [hashlib.md5(str(n).encode()).hexdigest()[:16] for n in numbers(turn)]
        return connection.execute(_LOOK_UP.format(kind), (names,)).fetchall()

    def write(kind: str, turn: int) -> object:
        return connection.execute(_WRITE.format(kind), ([n * 64 + 1 for n in numbers(turn)],))

    def vacuum(kind: str, turn: int) -> None:
        connection.execute(
            f"UPDATE {kind}_renderings SET stamp = stamp + 1 WHERE (id / 64) % 10 = {turn}"
        )
        connection.execute(f"VACUUM {kind}_renderings")

    return {
        "page_of_everything": page,
        "page_of_a_set": lambda kind, turn: page(kind, turn, 7),
        "look_up_250_names": look_up,
        "write_250_renderings": write,
        "vacuum": vacuum,
    }
