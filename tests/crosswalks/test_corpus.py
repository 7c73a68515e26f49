"""Real records: none raises, every rendering is valid, reading again changes nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace

from app.crosswalks import Defaults, Header, read, unwrap, write
from app.crosswalks.xml import MalformedXML
from app.datacite.resource import Creator, Publisher, Resource, Title, decode, encode
from app.datacite.validation import check
from app.errors import IncompleteResource
from tests.crosswalks.cases import TODAY
from tests.crosswalks.schemas import complaints
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared.mark
RECORDS = SHARED / "corpus/records"
DEFAULTS = Defaults(publisher="Example Repository")


def sample(form: str, step: int) -> Iterator[dict[str, Any]]:
    """Every record number `step` of a format."""
    with gzip.open(RECORDS / f"{form}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            if place % step == 0:
                yield json.loads(line)


def settled(resource: Resource) -> Resource:
    """What a resource is after it has been through DataCite XML."""
    return replace(
        resource,
        url=None,
        content_url=(),
        creators=resource.creators or (Creator(":unkn"),),
        titles=resource.titles or (Title(":unas"),),
        publisher=resource.publisher or Publisher(":unav"),
    )


@pytest.mark.parametrize(
    ("form", "step"),
    [
        ("oai_dc", 40), ("datacite", 8), ("oai_datacite", 1), ("oai_qdc", 4), ("dc_flat", 1),
        ("dc_other", 1), ("base_dc", 1), ("csw_record", 1), ("nsdl_dc", 4), ("edm", 40),
        ("jats", 3),
        ("xoai", 20), ("dim", 1), ("didl", 4), ("mets", 1),
        ("iso19139", 40), ("fgdc", 1), ("mods", 20), ("marcxml", 20),
    ],
)  # fmt: skip
def test_real_records_are_read_and_written_valid(form: str, step: int) -> None:
    readable = total = moved = 0
    for record in sample(form, step):
        header = Header(record["oai_identifier"] or "", record["datestamp"] or "")
        data = record["xml"].encode("utf-8", "surrogatepass")
        found = read(data, header=header, defaults=DEFAULTS, today=TODAY)
        total += 1
        if found.resource is None:
            assert found.problems
            total -= found.problems[0].rule == "format.empty"
            continue
        readable += 1
        check(found.resource, today=TODAY)
        assert decode(encode(found.resource)) == found.resource
        assert complaints(write("oai_dc", found.resource, today=TODAY)) == []
        try:
            written = write("datacite", found.resource)
        except IncompleteResource:
            continue
        assert complaints(written) == []
        moved += read(written, today=TODAY).resource != settled(found.resource)
    assert readable >= total * 0.98
    assert moved <= total * 0.005


@pytest.mark.parametrize("form", ["deleted", "empty"])
def test_records_of_other_formats_are_set_aside_by_name(form: str) -> None:
    for record in sample(form, 60):
        found = read(record["xml"].encode("utf-8", "surrogatepass"), today=TODAY)
        assert found.resource is None
        assert found.problems[0].rule in ("format.unknown", "format.empty", "xml.malformed")


def test_real_responses_are_taken_apart() -> None:
    taken = 0
    for path in sorted((SHARED / "corpus/responses").glob("*/ListRecords-*"))[::25]:
        if path.suffix == ".json":
            continue
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        try:
            taken += len(unwrap(data))
        except MalformedXML:
            continue
    assert taken > 50


def test_malformed_bodies_never_raise() -> None:
    for path in sorted((SHARED / "corpus/malformed").glob("*.bin*")):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        read(data, today=TODAY)


def test_a_record_of_megabytes_is_read() -> None:
    creators = "".join(f"<creator>Family{n}, Given{n}</creator>" for n in range(20_000))
    found = read(f'<dc xmlns="urn:dc"><title>A</title>{creators}</dc>'.encode(), today=TODAY)
    assert found.resource is not None
    assert len(found.resource.creators) == 20_000
    assert etree.fromstring(write("oai_dc", found.resource, today=TODAY)) is not None
