"""A harvest as MOAI 2.0.0 does it, for Pythons on which MOAI itself cannot run.

    PYTHON -m bench.peer_moai_like --url URL --prefix oai_dc --out FILE

The client is pyoai, as MOAI's is. Each record becomes JSON of its fields as they came, under its
sets, in three SQLite tables by SQLAlchemy, written every 10,000 records after what was there was
looked up and taken out. Left out is what costs MOAI more: a file for each record, parsed again.
Runs in a Python of its own that has pyoai and SQLAlchemy; nothing of Garnery is imported.
"""

from __future__ import annotations

import argparse
import json
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from oaipmh.client import Client
from oaipmh.error import NoRecordsMatchError
from oaipmh.metadata import MetadataRegistry

FLUSH = 10_000
tables = sql.MetaData()
records = sql.Table(
    "records", tables,
    sql.Column("record_id", sql.Unicode, primary_key=True),
    sql.Column("modified", sql.DateTime, index=True),
    sql.Column("deleted", sql.Boolean),
    sql.Column("metadata", sql.String),
)  # fmt: skip
sets = sql.Table(
    "sets", tables,
    sql.Column("set_id", sql.Unicode, primary_key=True),
    sql.Column("hidden", sql.Boolean),
    sql.Column("name", sql.Unicode),
)  # fmt: skip
setrefs = sql.Table(
    "setrefs", tables,
    sql.Column("record_id", sql.Unicode, index=True, primary_key=True),
    sql.Column("set_id", sql.Unicode, index=True, primary_key=True),
)  # fmt: skip


class Get(Client):  # type: ignore[misc]  # pyoai has no types
    """pyoai's client, asking by GET as the source wants it."""

    def makeRequest(self, **arguments: str) -> bytes:  # noqa: N802 - pyoai calls it
        query = urllib.parse.urlencode(arguments)
        with urllib.request.urlopen(f"{self._base_url}?{query}") as answer:
            return bytes(answer.read())


def fields(element: Any) -> dict[str, list[str]]:
    """Every element that has a text, by its name."""
    found: dict[str, list[str]] = {}
    for one in element.iter():
        if one.text and one.text.strip():
            found.setdefault(one.tag.rpartition("}")[2], []).append(one.text)
    return found


class Kept:
    """What is read and not yet written."""

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine
        self.number = 0
        self._records: dict[str, dict[str, Any]] = {}
        self._sets: dict[str, dict[str, Any]] = {}
        self._refs: list[dict[str, str]] = []

    def add(self, header: Any, element: Any) -> None:
        name = header.identifier()
        body = json.dumps({} if element is None else fields(element))
        self._records[name] = {
            "record_id": name, "modified": header.datestamp(), "deleted": header.isDeleted(),
            "metadata": body,
        }  # fmt: skip
        for spec in header.setSpec():
            self._sets[spec] = {"set_id": spec, "hidden": False, "name": spec}
            self._refs.append({"record_id": name, "set_id": spec})
        self.number += 1
        if self.number % FLUSH == 0:
            self.flush()

    def flush(self) -> None:
        with self._engine.begin() as connection:
            there = set(connection.execute(sql.select(records.c.record_id)).scalars())
            known = set(connection.execute(sql.select(sets.c.set_id)).scalars())
            old = [{"key": name} for name in self._records if name in there]
            if old:
                for table in (records, setrefs):
                    mine = table.c.record_id == sql.bindparam("key")
                    connection.execute(table.delete().where(mine), old)
            new_sets = [row for spec, row in self._sets.items() if spec not in known]
            rows = (
                (records, list(self._records.values())),
                (sets, new_sets),
                (setrefs, self._refs),
            )
            for table, values in rows:
                if values:
                    connection.execute(table.insert(), values)
        self._records, self._sets, self._refs = {}, {}, []


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--prefix", default="oai_dc")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    Path(options.out).unlink(missing_ok=True)
    engine = sql.create_engine(f"sqlite:///{options.out}")
    tables.create_all(engine)
    registry = MetadataRegistry()
    registry.registerReader(options.prefix, lambda element: element)
    kept = Kept(engine)
    try:
        for header, element, _ in Get(options.url, registry).listRecords(
            metadataPrefix=options.prefix
        ):
            kept.add(header, element)
    except NoRecordsMatchError:
        pass
    kept.flush()
    print(json.dumps({"records": kept.number}))


if __name__ == "__main__":
    main()
