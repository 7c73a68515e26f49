"""What the crosswalks cost a record, step by step, beside lxml's parse and PyPI's `datacite`.

    python -m bench.crosswalk [--repeat 7]

One typical oai_dc record (2.6 kB) and one DataCite record written from it are read, checked and
rendered on one core. Times are the best of the runs, in microseconds of processor time; ratios are
against lxml's parse of the same bytes in the same run, so they hold on any machine.
"""

from __future__ import annotations

import argparse
import datetime
import time
import timeit
from collections.abc import Callable
from typing import Any

import msgspec
from lxml import etree

from app.crosswalks import Header, read, read_element, write
from app.crosswalks.dublin_core.values import gather
from app.crosswalks.xml import parse
from app.datacite.resource import Resource, encode
from app.datacite.validation import check
from bench.tools import SHARED, need_tools, report

TYPICAL = SHARED / "datacite"
TODAY = datetime.date(2026, 1, 15)
HEADER = Header("oai:repository.example.org:10999/4711", "2021-02-03T04:05:06Z")
BUDGET_US = 250
"""What reading, checking and both renderings of the typical record may take."""
BUDGET_PARSES = 20
"""The same in parses by lxml, where the core is slower."""


def best(do: Callable[[], object], repeat: int) -> float:
    """Return the shortest time of one call, in microseconds of processor time."""
    number = 200
    runs = timeit.repeat(do, number=number, repeat=repeat, timer=time.process_time)
    return min(runs) / number * 1e6


def steps(data: bytes, resource: Resource) -> dict[str, Callable[[], object]]:
    """The steps from bytes to both stored renderings, and the whole way."""
    root = parse(data)

    def whole() -> None:
        found = read(data, header=HEADER, today=TODAY).resource
        assert found is not None
        check(found, today=TODAY)
        encode(found)
        write("datacite", found)
        write("oai_dc", found, today=TODAY)

    return {
        "lxml_parse": lambda: etree.fromstring(data),
        "parse": lambda: parse(data),
        "gather": lambda: gather(root),
        "read": lambda: read_element(root, header=HEADER, today=TODAY),
        "check": lambda: check(resource, today=TODAY),
        "json": lambda: encode(resource),
        "write_datacite": lambda: write("datacite", resource),
        "write_oai_dc": lambda: write("oai_dc", resource, today=TODAY),
        "whole": whole,
    }


def peer(resource: Resource) -> Callable[[], object]:
    """PyPI `datacite` writing what it can of the same record (its schema stops at 4.5)."""
    from datacite import schema45

    known = set(schema45.validator.schema["properties"])
    plain = msgspec.json.decode(encode(resource))
    document: dict[str, Any] = {key: value for key, value in plain.items() if key in known}
    for related in document.get("relatedIdentifiers", ()):
        related["relationType"] = "References"
        related.pop("relationTypeInformation", None)
    document["publicationYear"] = str(document["publicationYear"])
    document["schemaVersion"] = "http://datacite.org/schema/kernel-4"
    document["publisher"] = {"name": document["publisher"]["name"]}
    schema45.validator.validate(document)
    return lambda: schema45.tostring(document)


def main() -> None:
    """Measure, and print one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=7)
    given, _ = options.parse_known_args()
    need_tools()
    data = (TYPICAL / "typical.oai_dc.xml").read_bytes()
    resource = read(data, header=HEADER, today=TODAY).resource
    assert resource is not None
    dublin_core = {name: best(do, given.repeat) for name, do in steps(data, resource).items()}
    document = write("datacite", resource)
    datacite = {name: best(do, given.repeat) for name, do in steps(document, resource).items()}
    theirs = best(peer(resource), given.repeat)
    report(
        bench="crosswalk",
        oai_dc={name: round(us, 1) for name, us in dublin_core.items()},
        datacite={name: round(us, 1) for name, us in datacite.items()},
        oai_dc_whole_in_parses=round(dublin_core["whole"] / dublin_core["lxml_parse"], 1),
        budget_us=BUDGET_US,
        budget_parses=BUDGET_PARSES,
        pypi_datacite_write=round(theirs, 1),
        our_write_to_theirs=round(theirs / dublin_core["write_datacite"], 1),
    )


if __name__ == "__main__":
    main()
