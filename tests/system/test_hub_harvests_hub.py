"""A second hub harvests the first over HTTP, and both agree; a third run changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from sickle import Sickle

from app import clock
from app.datacite.resource import Resource, decode, is_missing
from app.record import oai_identifier
from app.store import Store
from harvesters import demo
from harvesters.demo import server as sample
from tests.system.processes import Garnery, free_port, until

pytestmark = pytest.mark.xdist_group("hub harvests hub")
DOMAIN = "hub.example.org"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Garnery, str]]:
    """A hub that has harvested the sample repositories twice, and its provider's base URL."""
    folder = tmp_path_factory.mktemp("first")
    hub = Garnery(f"sqlite:///{folder}/hub.sqlite3", folder)
    members = demo.serve()
    base = f"http://127.0.0.1:{free_port()}"
    try:
        assert hub.here("db", "upgrade").code == 0
        for name, url in members.base_urls.items():
            added = hub.here("repository", "add", name, url, "--allow-private-address")
            assert added.code == 0
        hub.here("harvest", "--all")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sample, "DELETED_AFTER", timedelta(0))
            hub.here("harvest", "--all")
        hub.start("serve", "--port", base.rpartition(":")[2], GARNERY_BASE_URL=base)
        until(lambda: answers(f"{base}/oai"), "the provider")
        until_visible(hub)
        yield hub, f"{base}/oai"
    finally:
        hub.end()
        members.close()


@pytest.fixture
def second(database_url: str, tmp_path: Path) -> Iterator[Garnery]:
    folder = tmp_path / "second"
    folder.mkdir()
    hub = Garnery(database_url, folder)
    yield hub
    hub.end()


def answers(url: str) -> bool:
    try:
        return bool(Sickle(url).Identify().repositoryName)
    except OSError:
        return False


def until_visible(hub: Garnery) -> None:
    """Wait for the second from which the newest datestamp is shown in lists."""
    store = hub.store()
    newest = store.visible_after()
    store.dispose()
    until(lambda: clock.seconds(clock.now()) > newest, "the second of the newest datestamp")


def held(store: Store, *, live_only: bool = False) -> dict[str, bytes | None]:
    """The records that were ever visible, by their OAI identifier, with their resource if live."""
    states = ("live",) if live_only else ("live", "deleted")
    return {
        oai_identifier(DOMAIN, record.local_id): resource if record.state == "live" else None
        for record, resource in store.records.iterate(states=states)
    }


def said(resource: bytes | None) -> Resource | None:
    """What DataCite XML can say of a resource.

    Web addresses beside the schema do not travel in it, and an absent creator travels as a code.
    """
    if resource is None:
        return None
    whole = decode(resource)
    named = tuple(one for one in whole.creators if not is_missing(one.name))
    return structs.replace(whole, url=None, content_url=(), creators=named)


def by_source(store: Store) -> dict[str, bytes | None]:
    return {
        record.identifier: resource if record.state == "live" else None
        for record, resource in store.records.iterate(states=("live", "deleted", "unseen"))
    }


def stamps(store: Store) -> dict[str, int]:
    return {record.local_id: record.stamp for record, _ in store.records.iterate()}


def test_hubs_agree_and_a_third_run_changes_nothing(
    first: tuple[Garnery, str], second: Garnery
) -> None:
    hub, base_url = first
    add = ("repository", "add", "first", base_url, "--prefix", "oai_datacite")
    assert second.here(*add, "--allow-private-address").code == 0
    assert second.here("harvest", "first").code == 0
    theirs, ours = hub.store(), second.store()
    there, here = held(theirs), by_source(ours)
    assert sum(resource is None for resource in there.values()) >= 5
    assert there.keys() == here.keys()
    assert {name for name in there if said(there[name]) != said(here[name])} == set()
    before = stamps(ours)
    again = second.document("harvest", "first")
    assert again["outcome"] == "complete"
    assert (again["new"], again["changed"], again["removed"]) == (0, 0, 0)
    assert stamps(ours) == before
    full = second.document("harvest", "first", "--full")
    assert (full["new"], full["changed"], full["removed"]) == (0, 0, 0)
    assert stamps(ours) == before
    theirs.dispose()
    ours.dispose()
