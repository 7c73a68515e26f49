"""Six harvesters that are not ours take a hub: the same records, tombstones, payloads as it has."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from app import clock
from app.record import oai_identifier
from app.store import Store, open_store
from tests.databases import KINDS, fresh
from tests.oai.filling import visible
from tests.oai.mixed import fill
from tests.oai.serving import serving
from tests.system.clients import Got, canonical, python, texts, told

FOLDER = Path(__file__).parent / "clients"
DOMAIN = "hub.example.org"
RECORDS, PAGE = 210, "50"
PREFIXES = ("oai_dc", "datacite")
PYTHON: dict[str, Callable[[str, str], Iterable[Got]]] = {
    "Sickle": python.sickle,
    "oaipmh-scythe": python.scythe,
    "oaipmh": python.oaipmh,
}
SCRIPTS = {
    "HTTP::OAI": (("perl", "http_oai.pl"), ("perl", "-MHTTP::OAI", "-e1"), "libhttp-oai-perl"),
    "Catmandu::OAI": (
        ("perl", "catmandu.pl"),
        ("perl", "-MCatmandu::Importer::OAI", "-e1"),
        "libcatmandu-oai-perl",
    ),
    "oai-pmh of npm": (
        ("node", "npm_oai_pmh.cjs"),
        ("node", "-e", "require.resolve('oai-pmh')"),
        "oai-pmh of tests/system/clients/package.json, with NODE_PATH at its node_modules",
    ),
}
"""How each is run, how it shows that it is there, and what to install."""

Hub = tuple[str, dict[str, tuple[Got, ...]]]


@pytest.fixture(
    scope="module",
    params=[pytest.param(kind, marks=pytest.mark.xdist_group(f"clients {kind}")) for kind in KINDS],
)
def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub's base URL, and what its store holds in each format."""
    with fresh(request, request.param, tmp_path_factory.mktemp("clients")) as url:
        store = open_store(url)
        fill(store, RECORDS)
        visible(store)
        held = {prefix: tuple(stored(store, prefix)) for prefix in PREFIXES}
        store.dispose()
        with serving(url, GARNERY_OAI_RECORDS_PER_PAGE=PAGE) as base:
            yield base, held


def stored(store: Store, prefix: str) -> Iterator[Got]:
    """The rows of a list, in its order, without the provider."""
    for row in store.records.page(prefix, until=clock.seconds(store.now()), limit=2 * RECORDS):
        metadata = None if row.deleted or row.body is None else canonical(row.body)
        name, stamp = oai_identifier(DOMAIN, row.local_id), clock.text(row.stamp)
        yield Got(name, stamp, row.deleted, row.sets.split(), metadata)


def test_the_hub_is_worth_taking(hub: Hub) -> None:
    _, held = hub
    for records in held.values():
        dead = [one for one in records if one.said[2]]
        assert len(records) == RECORDS
        assert len(dead) > 5
    assert held["oai_dc"] != held["datacite"]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("client", PYTHON)
def test_a_harvester_from_pypi_has_what_the_store_has(hub: Hub, client: str, prefix: str) -> None:
    base, held = hub
    assert tuple(PYTHON[client](base, prefix)) == held[prefix]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("client", SCRIPTS)
def test_a_harvester_in_another_language_has_it_too(hub: Hub, client: str, prefix: str) -> None:
    (program, script), proof, package = SCRIPTS[client]
    require(client, proof, package)
    base, held = hub
    command = [program, str(FOLDER / script), base, prefix]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    expected = held[prefix]
    if client == "oai-pmh of npm":
        expected = tuple(Got(*one.said[:4], texts(one.said[4])) for one in expected)
    assert tuple(told(done.stdout)) == expected


def require(client: str, proof: tuple[str, ...], package: str) -> None:
    """Skip a test whose client is not installed here, but not where CI runs."""
    if _runs(proof):
        return
    unreachable = os.environ.get("GARNERY_WITHOUT_NPM") if proof[0] == "node" else ""
    reason = f"{client} is not installed: {unreachable or package}"
    if os.environ.get("GARNERY_SHARED") == "required" and not unreachable:
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def _runs(proof: tuple[str, ...]) -> bool:
    there = shutil.which(proof[0]) is not None
    return there and subprocess.run(proof, capture_output=True, check=False).returncode == 0
