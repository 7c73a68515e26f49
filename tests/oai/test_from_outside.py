"""The provider over real HTTP: the conformance checker, and HTTP itself."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.store import open_store
from tests.databases import KINDS, fresh
from tests.oai.filling import visible
from tests.oai.mixed import fill
from tests.oai.serving import serving
from tests.shared import needs_shared

BLIND = {"H9"}
"""The checker looks for `Content-Length` by case; Granian writes `content-length`. Tested here."""
EMPTY = {"F1", "I7", "S4"}
"""What no empty hub can have: a record, a sample of its identifiers, sets that hold something."""
SIZES = (0, 1, 250, 2_000)
"""Nothing, one record, just a page, many pages."""


def hubs(*wanted: tuple[str, int]) -> pytest.MarkDecorator:
    """Let a test have `base` for each of these hubs; who wants the same shares one process."""
    marked = [
        pytest.param(
            each, id="-".join(map(str, each)), marks=pytest.mark.xdist_group(f"hub {each}")
        )
        for each in wanted
    ]
    return pytest.mark.parametrize("base", marked, indirect=True)


@pytest.fixture(scope="module")
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a hub over HTTP, of a kind of database and so many records."""
    kind, number = request.param
    with fresh(request, kind, tmp_path_factory.mktemp("outside")) as url:
        store = open_store(url)
        fill(store, number)
        visible(store)
        store.dispose()
        with serving(url) as served:
            yield served


def conformance(shared: Path, base: str) -> tuple[dict[str, Any], ...]:
    """What the checker does not find well."""
    tool = shared / "tools" / "conformance.py"
    command = [sys.executable, str(tool), base, "--ours", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    findings = json.loads(done.stdout)["findings"]
    return tuple(one for one in findings if one["status"] not in ("pass", "skip"))


@needs_shared
@hubs(*((kind, number) for kind in KINDS for number in SIZES))
def test_the_checker_finds_no_fault(
    request: pytest.FixtureRequest, shared: Path, base: str
) -> None:
    _, number = request.node.callspec.params["base"]
    known = BLIND if number else BLIND | EMPTY
    assert [one for one in conformance(shared, base) if one["rule"] not in known] == []


# ── HTTP as it is spoken ─────────────────────────────────────────────────────────────────────


def ask(base: str, method: str, path: str, **options: object) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    connection.request(method, path, **options)  # type: ignore[arg-type]
    return connection.getresponse()


@hubs(("sqlite", 250))
def test_a_body_sent_in_chunks_is_read(base: str) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = ask(base, "POST", "/oai", body=iter([b"verb=", b"Identify"]), headers=kind)
    assert answer.status == 200
    assert b"<Identify>" in answer.read()


@hubs(("sqlite", 250))
def test_every_answer_tells_its_length(base: str) -> None:
    for path in ("/oai?verb=Identify", "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai"):
        answer = ask(base, "GET", path)
        assert int(answer.headers["Content-Length"]) == len(answer.read())


@hubs(("sqlite", 250))
def test_head_and_options_end_without_a_body(base: str) -> None:
    head = ask(base, "HEAD", "/oai?verb=Identify")
    assert (head.status, head.read()) == (200, b"")
    assert int(head.headers["Content-Length"]) > 1_000
    options = ask(base, "OPTIONS", "/oai")
    assert (options.status, options.read()) == (204, b"")


@hubs(("sqlite", 250))
def test_raw_bytes_that_are_no_utf8_get_an_oai_error(base: str) -> None:
    answer = ask(base, "GET", "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=%ff%fe%80")
    assert b'code="badArgument"' in answer.read()
