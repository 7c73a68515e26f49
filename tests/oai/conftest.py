"""A filled store and a client of its provider, for the provider's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.store import Store, open_store
from tests.databases import KINDS, fresh
from tests.oai.filling import Client, change, member, put


@pytest.fixture
def client(store: Store) -> Client:
    """A provider over two members: nested sets, odd identifiers, two deleted, one half deleted."""
    fill(store)
    return Client(store)


@pytest.fixture(scope="module", params=KINDS)
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """The same store for all tests of a module that change nothing."""
    with fresh(request, request.param, tmp_path_factory.mktemp("kept")) as url:
        store = open_store(url)
        fill(store)
        yield store
        store.dispose()


@pytest.fixture
def reader(kept: Store) -> Client:
    """A provider over that store, for tests that only ask it."""
    return Client(kept)


@pytest.fixture
def sqlite_client(sqlite_url: str) -> Iterator[Client]:
    """The same on SQLite alone."""
    store = open_store(sqlite_url)
    fill(store)
    yield Client(store)
    store.dispose()


def fill(store: Store) -> None:
    """Fill a store with a dozen records of two members."""
    alpha = member(store, "alpha", title="Alpha & Sons")
    beta = member(store, "beta")
    odd = ("oai:a:1", "oai:a:%3C<&>\"'", "10.5/no colon", "oai:a:ümlaut 😀", "x" * 900)
    put(store, alpha, [change("alpha", name, sets=("x:y", "z")) for name in odd])
    put(store, beta, [change("beta", name, general="Text") for name in odd])
    put(store, beta, [change("beta", "oai:b:2", sets=("x", "")), change("beta", "oai:b:3")])
    put(store, alpha, [change("alpha", "oai:a:1", kind="deleted")])
    put(store, beta, [change("beta", "oai:b:2", kind="deleted")])
    put(store, beta, [change("beta", "oai:b:3", kind="changed", prefixes=("oai_dc",))])
