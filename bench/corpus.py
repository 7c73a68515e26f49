"""`make corpus-report`: every real record of the shared corpus through the crosswalks.

    python -m bench.corpus [--format NAME]... [--top 12]

For each file of the corpus: how many records are read, how many can be written as DataCite XML,
how many of those the official schema accepts, which properties are filled, what was inferred, which
rules are broken, and the slowest records. Ends with exit code 1 if a record raised, or if something
was written that is not valid.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from app.crosswalks import Defaults, Header, Reading, read, write
from app.datacite.resource import Resource, decode, encode
from app.datacite.validation import check
from app.errors import IncompleteResource
from bench.tools import SHARED

RECORDS = SHARED / "corpus" / "records"
TODAY = date(2026, 1, 15)
DEFAULTS = Defaults(publisher="Example Repository")
CHUNK = 500
SLOWEST = 3


@dataclass
class Tally:
    """What a number of records came to."""

    records: int = 0
    read: int = 0
    complete: int = 0
    valid: int = 0
    seconds: float = 0.0
    formats: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    inferred: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in what other records came to."""
        for name in ("records", "read", "complete", "valid", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("formats", "filled", "inferred", "broken"):
            getattr(self, name).update(getattr(other, name))
        self.slowest = sorted(self.slowest + other.slowest, reverse=True)[:SLOWEST]
        self.faults += other.faults


def main() -> int:
    """Print the report as Markdown; return the exit code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--format", action="append", dest="formats", metavar="NAME")
    options.add_argument("--top", type=int, default=12, help="so many rules and properties")
    given = options.parse_args()
    if not RECORDS.is_dir():
        sys.exit(f"The report needs the corpus at {RECORDS}; set GARNERY_SHARED_FOLDER.")
    tallies = _tallies(given.formats)
    for name, tally in tallies.items():
        print("\n".join(section(name, tally, given.top)), flush=True)
    print("\n".join(overview(tallies)))
    return int(any(tally.faults for tally in tallies.values()))


def _tallies(formats: list[str] | None) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    with multiprocessing.Pool() as pool:
        for path in sorted(RECORDS.glob("*.jsonl.gz")):
            name = path.name.removesuffix(".jsonl.gz")
            if formats and name not in formats:
                continue
            found[name] = Tally()
            for part in pool.imap_unordered(tally_of, _chunks(path)):
                found[name].add(part)
            if sys.stderr.isatty():
                print(f"{name}: {found[name].records:,} records", file=sys.stderr)
    return found


def _chunks(path: Path) -> Iterator[list[str]]:
    chunk: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            chunk.append(line)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    yield chunk


def tally_of(lines: list[str]) -> Tally:
    """Return what some lines of the corpus come to."""
    tally = Tally()
    for line in lines:
        record = json.loads(line)
        name = f"{record['source']} {record['oai_identifier'] or record['source_path']}"
        try:
            _record(record, name, tally)
        except Exception as error:  # noqa: BLE001  the report names whatever a record does
            tally.faults.append(f"{name}: {type(error).__name__}: {error}")
    return tally


def _record(record: dict[str, Any], name: str, tally: Tally) -> None:
    sets = tuple(record.get("sets") or ())
    header = Header(record["oai_identifier"] or "", record["datestamp"] or "", sets)
    data = record["xml"].encode("utf-8", "surrogatepass")
    began = time.perf_counter()
    found = read(data, header=header, defaults=DEFAULTS, today=TODAY)
    took = time.perf_counter() - began
    tally.records += 1
    tally.seconds += took
    tally.slowest = sorted([*tally.slowest, (took, name)], reverse=True)[:SLOWEST]
    tally.formats[found.format or "unknown"] += 1
    _notes(found, tally)
    if found.resource is not None:
        _resource(found.resource, name, tally)


def _notes(found: Reading, tally: Tally) -> None:
    problems = list(found.problems)
    if found.resource is not None:
        problems += check(found.resource, today=TODAY)
    tally.broken.update({problem.rule for problem in problems})
    tally.inferred.update(inference.rule for inference in found.inferences)


def _resource(resource: Resource, name: str, tally: Tally) -> None:
    tally.read += 1
    plain = json.loads(encode(resource))
    tally.filled.update(plain.keys())
    if decode(encode(resource)) != resource:
        tally.faults.append(f"{name}: its JSON reads back differently")
    if wrong := complaints(write("oai_dc", resource, today=TODAY)):
        tally.faults.append(f"{name}: oai_dc: {wrong[0]}")
    try:
        written = write("datacite", resource)
    except IncompleteResource:
        return
    tally.complete += 1
    wrong = complaints(written)
    tally.valid += not wrong
    if wrong:
        tally.faults.append(f"{name}: datacite: {wrong[0]}")


@cache
def _schemas() -> Any:
    sys.path.insert(0, str(SHARED / "tools"))
    from schemas import Schemas

    return Schemas()


def complaints(data: bytes) -> list[str]:
    """Return what the official schema says against a document."""
    schemas = _schemas()
    from schemas import problems

    root = etree.fromstring(data, etree.XMLParser(huge_tree=True))
    found: list[str] = problems(schemas.for_namespace(etree.QName(root).namespace), root)
    return found


# ── the report ───────────────────────────────────────────────────────────────────────────────


def section(name: str, tally: Tally, top: int) -> Iterator[str]:
    """Yield the lines on one file of the corpus."""
    yield f"## {name}\n"
    yield (
        f"{tally.records:,} records, {tally.read:,} read ({_share(tally.read, tally.records)}), "
        f"{tally.complete:,} complete enough for DataCite XML, "
        f"{tally.valid:,} of these valid ({_share(tally.valid, tally.complete)}); "
        f"{tally.seconds / max(tally.records, 1) * 1e6:,.0f} µs a record.\n"
    )
    yield f"- Read as: {_counted(tally.formats, top)}"
    yield f"- Filled: {_shares(tally.filled, tally.read, 40)}"
    per_record = sum(tally.inferred.values()) / max(tally.read, 1)
    yield f"- Inferred: {per_record:.1f} values a record: {_counted(tally.inferred, top)}"
    yield f"- Broken rules: {_shares(tally.broken, tally.records, top)}"
    slow = "; ".join(f"{took * 1e3:.1f} ms {who}" for took, who in tally.slowest)
    yield f"- Slowest: {slow}"
    yield from (f"- **Fault**: {fault}" for fault in tally.faults[:20])
    yield ""


def overview(tallies: dict[str, Tally]) -> Iterator[str]:
    """Yield one table over all files."""
    yield "## All\n"
    yield "| file | records | read | complete | valid | inferred a record | µs a record | faults |"
    yield "|---|---|---|---|---|---|---|---|"
    whole = Tally()
    for name, tally in tallies.items():
        whole.add(tally)
        yield _row(name, tally)
    yield _row("all", whole)


def _row(name: str, tally: Tally) -> str:
    inferred = sum(tally.inferred.values()) / max(tally.read, 1)
    took = tally.seconds / max(tally.records, 1) * 1e6
    return (
        f"| {name} | {tally.records:,} | {_share(tally.read, tally.records)} "
        f"| {_share(tally.complete, tally.records)} | {_share(tally.valid, tally.complete)} "
        f"| {inferred:.1f} | {took:,.0f} | {len(tally.faults)} |"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _counted(counts: Counter[str], top: int) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common(top)) or "-"


def _shares(counts: Counter[str], whole: int, top: int) -> str:
    found = (f"{name} {_share(count, whole)}" for name, count in counts.most_common(top))
    return ", ".join(found) or "-"


if __name__ == "__main__":
    sys.exit(main())
