"""A hub on each database for the commands, and a member repository beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.commandline import Ran, garnery
from tests.databases import KINDS, fresh
from tests.system.source import Source, source


class Hub:
    """Runs commands on one database."""

    def __init__(self, url: str) -> None:
        self.environ = {"GARNERY_DATABASE_URL": url, "GARNERY_HARVEST_BACKOFF_BASE": "0.05"}

    def __call__(self, *words: str, stdin: bytes | str | None = None, **environ: str) -> Ran:
        return garnery(*words, stdin=stdin, **self.environ, **environ)

    def add(self, name: str, member: Source, *words: str, path: str = "oai") -> Ran:
        url = member.url(path)
        return self("repository", "add", name, url, "--allow-private-address", *words)


@pytest.fixture
def hub(database_url: str) -> Hub:
    return Hub(database_url)


@pytest.fixture
def sqlite_hub(sqlite_url: str) -> Hub:
    return Hub(sqlite_url)


@pytest.fixture
def member() -> Iterator[Source]:
    with source(pages=3, size=10) as made:
        yield made


@pytest.fixture
def harvested(hub: Hub, member: Source) -> Hub:
    """A hub with the 30 records of one member: 25 live, 4 deleted, 1 set aside."""
    return harvest_of(hub, member)


@pytest.fixture(scope="module", params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The same hub for all tests of a module that read it and change nothing."""
    folder = tmp_path_factory.mktemp("kept")
    with fresh(request, request.param, folder) as url, source(pages=3, size=10) as member:
        yield harvest_of(Hub(url), member)


def harvest_of(hub: Hub, member: Source) -> Hub:
    hub.add("m", member)
    ran = hub("harvest", "m", "-q")
    assert ran.code == 10, ran.err
    return hub
