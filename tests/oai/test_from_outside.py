"""The provider over real HTTP: the conformance checker and foreign harvesters."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from urllib.parse import urlsplit

import pytest
from oaipmh.client import Client as Oaipmh
from oaipmh.metadata import MetadataRegistry
from oaipmh_scythe import Scythe
from sickle import Sickle

from app.record import Change
from app.store import Store, open_store
from tests.oai.filling import change, member, put, visible
from tests.oai.serving import serving
from tests.shared import needs_shared

LATER = {"W1", "S9", "S11"}
"""Promises of another day: pages for browsers, searches as sets."""
BLIND = {"H9"}
"""The checker looks for `Content-Length` by case; Granian writes `content-length`. Tested here."""
KINDS = ("Dataset", "Text", "Software", "Image")
ODD = ("oai:x:%3C<&>\"'", "10.5/no colon", "ümlaut 😀 ", "y" * 2_000, "oai:a:b:c/d?e#f")


def fill(store: Store, number: int) -> None:
    """Fill a hub with records of two members; from ten on, some are deleted and some half so."""
    alpha, beta = member(store, "alpha", title="Alpha & <Sons>"), member(store, "beta-2")
    share = number // 4
    put(store, beta, [change("beta-2", f"oai:b:{n}", general="Text") for n in range(share)])
    names = [*ODD, *(f"oai:a:{n}" for n in range(number))][: number - share]
    put(store, alpha, [_record(place, name) for place, name in enumerate(names)])
    if number >= 10:
        put(store, alpha, [change("alpha", name, kind="deleted") for name in names[4::30]])
        half = change("alpha", names[3], kind="changed", prefixes=("oai_dc",))
        put(store, alpha, [half])


def _record(place: int, name: str) -> Change:
    sets = (("x", "x:y", "odd/ set&"), ("z",), ())[place % 3]
    return change("alpha", name, sets=sets, general=KINDS[place % 4], title=f"Pine wood {place}")


def conformance(shared: Path, base: str) -> dict[str, list[dict[str, str]]]:
    """Findings that failed, by level."""
    tool = shared / "tools" / "conformance.py"
    command = [sys.executable, str(tool), base, "--ours", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    failed: dict[str, list[dict[str, str]]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        if finding["status"] not in ("pass", "skip"):
            failed.setdefault(finding["level"], []).append(finding)
    return failed


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "number"), [("sqlite", 1), ("sqlite", 250), ("sqlite", 2_000), ("postgresql", 600)]
)
def test_the_checker_finds_no_fault(
    request: pytest.FixtureRequest, shared: Path, kind: str, number: int
) -> None:
    url: str = request.getfixturevalue(f"{kind}_url")
    store = open_store(url)
    fill(store, number)
    visible(store)
    store.dispose()
    with serving(url) as base:
        failed = conformance(shared, base)
    assert failed.pop("MUST", []) == []
    ours = [finding for finding in failed.pop("OURS", []) if finding["rule"] not in LATER | BLIND]
    assert ours == []
    assert failed == {}


# ── foreign harvesters ───────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def base(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A hub of 600 records, 15 of them deleted, over HTTP."""
    path = tmp_path_factory.mktemp("outside") / "hub.sqlite3"
    copyfile(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    fill(store, 600)
    visible(store)
    store.dispose()
    with serving(f"sqlite:///{path}") as url:
        yield url


RECORDS, TOMBSTONES = 600, 15


def test_sickle_gets_every_record_and_tombstone(base: str) -> None:
    records = list(Sickle(base).ListRecords(metadataPrefix="oai_dc"))
    headers = list(Sickle(base, http_method="POST").ListIdentifiers(metadataPrefix="oai_dc"))
    assert len({record.header.identifier for record in records}) == len(records) == RECORDS
    assert sum(record.deleted for record in records) == TOMBSTONES
    assert [h.identifier for h in headers] == [r.header.identifier for r in records]


def test_scythe_gets_every_record_and_tombstone(base: str) -> None:
    with Scythe(base) as scythe:
        records = list(scythe.list_records(metadata_prefix="datacite"))
        sets = [found.setSpec for found in scythe.list_sets()]
    assert len(records) == RECORDS
    assert sum(record.deleted for record in records) == TOMBSTONES + 1
    assert "member:alpha:x:y" in sets


def test_oaipmh_gets_every_record_and_tombstone(base: str) -> None:
    registry = MetadataRegistry()
    registry.registerReader("oai_dc", lambda element: element)
    client = Oaipmh(base, registry)
    records = list(client.listRecords(metadataPrefix="oai_dc"))
    assert len(records) == RECORDS
    assert sum(header.isDeleted() for header, _, _ in records) == TOMBSTONES
    assert client.identify().baseURL() == base


# ── HTTP as it is spoken ─────────────────────────────────────────────────────────────────────


def ask(base: str, method: str, path: str, **options: object) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    connection.request(method, path, **options)  # type: ignore[arg-type]
    return connection.getresponse()


def test_a_body_sent_in_chunks_is_read(base: str) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = ask(base, "POST", "/oai", body=iter([b"verb=", b"Identify"]), headers=kind)
    assert answer.status == 200
    assert b"<Identify>" in answer.read()


def test_every_answer_tells_its_length(base: str) -> None:
    for path in ("/oai?verb=Identify", "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai"):
        answer = ask(base, "GET", path)
        assert int(answer.headers["Content-Length"]) == len(answer.read())


def test_head_and_options_end_without_a_body(base: str) -> None:
    head = ask(base, "HEAD", "/oai?verb=Identify")
    assert (head.status, head.read()) == (200, b"")
    assert int(head.headers["Content-Length"]) > 1_000
    options = ask(base, "OPTIONS", "/oai")
    assert (options.status, options.read()) == (204, b"")


def test_raw_bytes_that_are_no_utf8_get_an_oai_error(base: str) -> None:
    answer = ask(base, "GET", "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=%ff%fe%80")
    assert b'code="badArgument"' in answer.read()
