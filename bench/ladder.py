"""The repair ladder: a page that needs all of it, one that needs none, and a bare strict parse.

    python -m bench.ladder [--kilobytes 150] [--repeat 50]

Milliseconds of CPU a page, at the median.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable

from lxml import etree

from bench.tools import report
from harvesters.answers.repair import mend

OAI = "http://www.openarchives.org/OAI/2.0/"
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
FILLING = "The measured words of an abstract, as long as they are. " * 16
WRONG = (
    "a\x0b &#55349; caf&eacute; R&D <dcterms:x/> Caf\udce9 "
    "<m2 xmlns:y='http://purl.org/ dc/'/><?xml version='1.0'?>"
)


def page(size: int, wrong: str = "", every: int = 9) -> bytes:
    """A page of so many bytes; what is wrong stands in one record of nine, and around the page."""
    records: list[str] = []
    length = 0
    while length < size:
        number = len(records)
        title = wrong if number % every == 0 else "Title"
        record = (
            f"<record><header><identifier>oai:x:{number}</identifier>"
            f"<datestamp>2026-01-01</datestamp></header><metadata><m {DC}>"
            f"<dc:title>{title}</dc:title><dc:description>{FILLING}</dc:description>"
            "</m></metadata></record>"
        )
        records.append(record)
        length += len(record)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{"<!DOCTYPE x [<!ENTITY a 1>]>" if wrong else ""}'
        f'<OAI-PMH xmlns="{OAI}"><responseDate>2026-01-01T00:00:00Z</responseDate><request/>'
        f"<ListRecords>{''.join(records)}</ListRecords></OAI-PMH>"
    )
    if wrong:
        text = f"notice{text}<hr>"
    return text.encode("utf-8", "surrogateescape")


def milliseconds(work: Callable[[], object], repeat: int) -> float:
    """Return the CPU time of a piece of work, at the median."""
    spent = []
    for _ in range(repeat):
        began = time.process_time()
        work()
        spent.append(1000 * (time.process_time() - began))
    return round(statistics.median(spent), 2)


def strict(body: bytes) -> etree._Element:
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, remove_comments=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kilobytes", type=int, default=150)
    parser.add_argument("--repeat", type=int, default=50)
    options = parser.parse_args()
    size = options.kilobytes * 1000
    sound, mended = page(size), page(size, WRONG)
    lost = page(size, f"{WRONG}<b>")
    names = {repair.name for repair in mend(lost).repairs}
    report(
        bench="ladder",
        kilobytes=options.kilobytes,
        repairs=sorted(names),
        strict_ms=milliseconds(lambda: strict(sound), options.repeat),
        sound_ms=milliseconds(lambda: mend(sound), options.repeat),
        mended_ms=milliseconds(lambda: mend(mended), options.repeat),
        salvaged_ms=milliseconds(lambda: mend(lost), options.repeat),
        load=os.getloadavg()[0],
    )


if __name__ == "__main__":
    main()
