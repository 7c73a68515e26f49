"""The whole of what a search finds, in a format, as a stream: nothing is held but a record.

Records come in the order in which they came to the hub. Writing never fails for a record, but for
DataCite XML, in which a record without valid metadata is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

import msgspec
from msgspec import Struct

from app.crosswalks import write
from app.crosswalks.bibtex import Keys
from app.crosswalks.exporting import identifier_link
from app.datacite.resource import Resource, decode
from app.errors import IncompleteResource
from app.record_object import whole_object
from app.record_row import NOT_COUNTED, Linked, row, table
from app.settings import Settings
from app.store.links.values import Tally
from app.store.values import StoredRecord

Found = Iterable[tuple[StoredRecord, bytes | None]]
"""Records with their resources, as canonical DataCite JSON."""
Tallies = Callable[[Sequence[int]], Mapping[int, Tally]]
"""Tells what is connected with some records, by their numbers."""
LINE = msgspec.json.Encoder()
_ROWS = 100
"""Rows of a table that are written at once."""


class ResultFormat(Struct, frozen=True):
    """A format of result lists. pieces: the bytes, from its first to its last."""

    name: str
    title: str
    content_type: str
    extension: str
    pieces: Callable[[Found, Settings, Tallies], Iterator[bytes]]


def _csv(found: Found, settings: Settings, tallies: Tallies) -> Iterator[bytes]:
    yield table(())
    each = iter(found)
    while batch := tuple(islice(each, _ROWS)):
        linked = tallies([record.id for record, _ in batch])
        rows = (
            row(record, decode(data) if data else None, settings, _linked(linked.get(record.id)))
            for record, data in batch
        )
        yield table(rows, header=False)


def _linked(tally: Tally | None) -> Linked:
    return NOT_COUNTED if tally is None else Linked(tally.references_here, tally.citations_here)


def _jsonl(found: Found, settings: Settings, _: Tallies) -> Iterator[bytes]:
    for record, data in found:
        yield LINE.encode(whole_object(record, data, settings)) + b"\n"


def _ids(found: Found, settings: Settings, _tallies: Tallies) -> Iterator[bytes]:
    for record, data in found:
        doi = record.summary.doi
        link = f"https://doi.org/{doi}" if doi else identifier_link(decode(data)) if data else ""
        line = link or f"{settings.base_url}/records/{record.local_id}"
        yield f"{line}\n".encode("utf-8", "replace")


def _bibtex(found: Found, _: Settings, _tallies: Tallies) -> Iterator[bytes]:
    keys = Keys()
    for _record, resource in _read(found):
        yield keys.unique(write("bibtex", resource)) + b"\n"


def _ris(found: Found, _: Settings, _tallies: Tallies) -> Iterator[bytes]:
    for _record, resource in _read(found):
        yield write("ris", resource).rstrip(b"\r\n") + b"\r\n\r\n"


def _csl_json(found: Found, _: Settings, _tallies: Tallies) -> Iterator[bytes]:
    before = b"[\n"
    for _record, resource in _read(found):
        yield before + write("csl_json", resource).strip()
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def _datacite(found: Found, _: Settings, _tallies: Tallies) -> Iterator[bytes]:
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<resources>\n'
    for _record, resource in _read(found):
        try:
            yield write("datacite", resource).strip() + b"\n"
        except IncompleteResource:
            continue
    yield b"</resources>\n"


def _read(found: Found) -> Iterator[tuple[StoredRecord, Resource]]:
    """Yield the records that have a resource, read."""
    for record, data in found:
        if data:
            yield record, decode(data)


_ALL = (
    ResultFormat("csv", "CSV", "text/csv; charset=utf-8; header=present", "csv", _csv),
    ResultFormat("jsonl", "JSON Lines", "application/x-ndjson", "jsonl", _jsonl),
    ResultFormat("bibtex", "BibTeX", "application/x-bibtex", "bib", _bibtex),
    ResultFormat("ris", "RIS", "application/x-research-info-systems", "ris", _ris),
    ResultFormat(
        "csl_json", "CSL JSON", "application/vnd.citationstyles.csl+json", "json", _csl_json
    ),
    ResultFormat("datacite", "DataCite XML", "application/xml", "xml", _datacite),
    ResultFormat("ids", "Identifiers", "text/plain; charset=utf-8", "txt", _ids),
)
RESULT_FORMATS: Mapping[str, ResultFormat] = MappingProxyType({one.name: one for one in _ALL})
"""Every format of result lists by its name, in the order in which they are offered."""
