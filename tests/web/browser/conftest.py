"""One browser and one hub, with something on every page, for all tests in this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.datacite.resource import AlternateIdentifier, Resource, Title
from app.settings import Dumps, Hub, Settings
from app.store import open_store, upgrade
from tests.bulk.test_dumps import make
from tests.fakes.oai import fake_repository
from tests.harvesters.conftest import Hub as Harvesting
from tests.web.browser.seeing import CHROMIUM, served
from tests.web.filling import Filled, change, fill
from tests.web.test_member_parts import Past

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Filled]]:
    """The address of a served hub, its store, and the names that stand in its paths."""
    folder = tmp_path_factory.mktemp("browser")
    url = f"sqlite:///{folder}/hub.sqlite3"
    upgrade(url)
    store = open_store(url)
    filled = fill(store)
    two_under_one_handle(filled)
    with fake_repository(0) as fake:
        harvesting = Harvesting(store, fake.url)
        harvesting.join(allow_private=True)
        past = Past(harvesting, fake)
    filled.ids.update(first=str(past.first.id), last=str(past.last.id))
    settings = Settings(hub=Hub(contact="hub@example.org"), dumps=Dumps(folder=str(folder / "all")))
    make(store, settings)
    with served(store, settings) as base_url:
        yield base_url, filled
    store.dispose()


def two_under_one_handle(filled: Filled) -> None:
    """Add two different objects of one Handle, between which a reader has to choose."""
    other = (AlternateIdentifier("20.500.12345/67", "Handle"),)
    changes = [
        change("tideland", name, Resource(titles=(Title(name),), alternate_identifiers=other))
        for name in ("left", "right")
    ]
    filled.store.records.apply(filled.repository.id, None, "", changes)
