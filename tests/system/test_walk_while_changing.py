"""A served hub is taken while a process changes it all the while: nothing missed, nothing twice."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from lxml import etree

from app import clock
from app.record import oai_identifier
from app.store import Store
from tests.oai.filling import OAI, Header, Page, member, put, visible
from tests.system import restless
from tests.system.processes import ROOT, Garnery, fetch, free_port, garnery, until

pytestmark = pytest.mark.slow
RECORDS, PAGE = 10_000, 1_000
DOMAIN = "hub.example.org"
SERVED = {
    "GARNERY_OAI_RECORDS_PER_PAGE": "80",
    "GARNERY_OAI_HEADERS_PER_PAGE": "80",
    "GARNERY_OAI_PACE": "0",
    "GARNERY_OAI_AT_ONCE": "0",
}
"""Small pages, so that much changes between the first and the last."""

Held = Mapping[str, tuple[str, bool]]
"""By identifier: datestamp, and whether it is a tombstone."""


class Walk:
    """A list walked to its end: its headers, and the responseDate of its first page."""

    def __init__(self, base: str, verb: str, **arguments: str) -> None:
        self.headers: list[Header] = []
        self.response_date = ""
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
        request = {"verb": verb, "metadataPrefix": "oai_dc", **arguments}
        while token := self._take(request):
            request = {"verb": verb, "resumptionToken": token}
        self._connection.close()

    def _take(self, request: Mapping[str, str]) -> str:
        self._connection.request("GET", f"/oai?{urlencode(request)}")
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        document = etree.fromstring(body)
        page = Page(document)
        self.response_date = self.response_date or document.findtext(f"{OAI}responseDate") or ""
        self.headers += page.headers
        live = sum(not one.deleted for one in page.headers)
        assert request["verb"] == "ListIdentifiers" or body.count(b"</metadata>") == live
        return page.token

    @property
    def given(self) -> Held:
        return {one.identifier: (one.datestamp, one.deleted) for one in self.headers}


class Mirror:
    """An incremental harvester: it asks from its last responseDate, or a second later."""

    def __init__(self, base: str, *, later: int) -> None:
        self.copy: dict[str, tuple[str, bool]] = {}
        self._base = base
        self._later = timedelta(seconds=later)
        self._since: dict[str, str] = {}

    def harvest(self) -> None:
        walk = Walk(self._base, "ListRecords", **self._since)
        self.copy |= walk.given
        asked = datetime.fromisoformat(walk.response_date)
        self._since = {"from": clock.text(asked + self._later)}

    def harvest_until(self, stop: Path) -> int:
        """Harvest again and again, once more after the stop; return how often."""
        times, last = 0, False
        while not last:
            last = stop.exists()
            self.harvest()
            times += 1
        return times


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Garnery]:
    with garnery(database_url, tmp_path) as made:
        yield made


@pytest.fixture
def repository(hub: Garnery) -> int:
    """A member with all the records, brought in page by page; some of those that stay are dead."""
    with hub.opened() as store:
        number = member(store, restless.MEMBER)
        for start in range(0, RECORDS, PAGE):
            put(store, number, map(restless.record, range(start, start + PAGE)))
        put(store, number, [restless.record(n, "deleted") for n in range(1, RECORDS, 200)])
        visible(store)
    return number


@pytest.fixture
def base(hub: Garnery, repository: int) -> str:
    """The base URL of the hub, served as people serve it."""
    port = free_port()
    served = f"http://127.0.0.1:{port}"
    hub.start("serve", "--port", str(port), GARNERY_BASE_URL=served, **SERVED)
    until(lambda: fetch(f"{served}/oai?verb=Identify"), "the provider")
    return f"{served}/oai"


@pytest.fixture
def writer(hub: Garnery, repository: int, base: str, tmp_path: Path) -> subprocess.Popen[bytes]:
    """The process that changes records; it ends when there is a file `stop`, and tells how often.

    It has begun, so that records have several datestamps.
    """
    words = (hub.url, str(repository), str(RECORDS), str(tmp_path / "stop"))
    command = [sys.executable, "-m", "tests.system.restless", *words]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    hub.started.append(process)
    with hub.opened() as store:
        at_first = store.records.newest() or 0
        until(lambda: process.poll() or (store.records.newest() or 0) > at_first + 1, "changes")
    assert process.poll() is None
    return process


def held(store: Store) -> Held:
    """All that the store has, also what is not yet visible."""
    rows = store.records.page("oai_dc", until=2**40, limit=20 * RECORDS, headers_only=True)
    return {
        oai_identifier(DOMAIN, row.local_id): (clock.text(row.stamp), row.deleted) for row in rows
    }


def test_walks_miss_nothing_that_stays_and_mirrors_end_equal(
    hub: Garnery, base: str, writer: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    stop = tmp_path / "stop"
    mirrors = [Mirror(base, later=seconds) for seconds in (0, 1)]
    verbs = ("ListRecords", "ListIdentifiers")
    with hub.opened() as store:
        before = held(store)
        with ThreadPoolExecutor(4) as threads:
            try:
                mirroring = [threads.submit(mirror.harvest_until, stop) for mirror in mirrors]
                walks = list(threads.map(lambda verb: Walk(base, verb), verbs))
                after = held(store)
            finally:
                stop.touch()
        assert all(one.result() > 1 for one in mirroring)
        transactions, _ = writer.communicate(timeout=60)
        assert writer.returncode == 0
        assert int(transactions) > 20
        for verb, walk in zip(verbs, walks, strict=True):
            proven(verb, walk, before, after)
        visible(store)
        for mirror in mirrors:
            mirror.harvest()
            assert mirror.copy == held(store)


def proven(verb: str, walk: Walk, before: Held, after: Held) -> None:
    """Hold a walk against what the store had before it and after it."""
    given = walk.given
    assert len(given) == len(walk.headers), f"{verb} gave a record twice"
    asked = walk.response_date
    assert all(stamp <= asked for stamp, _ in given.values())
    stayed = {name: one for name, one in before.items() if after[name] == one and one[0] <= asked}
    assert {name: given.get(name) for name in stayed} == stayed, f"{verb} missed records"
    moved = [name for name, one in before.items() if after[name] != one]
    assert len(stayed) >= RECORDS / 2
    assert len(moved) > RECORDS / 50, "too little changed meanwhile to prove anything"
    assert len(after) > len(before)
    dead = sum(deleted for _, deleted in given.values())
    assert dead >= RECORDS / 200
