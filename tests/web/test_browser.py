"""Pages in a real browser: the policy, the width of a phone, live numbers, the copy button."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from app import create_app
from app.record import Counts
from app.settings import Hub, Settings
from app.store import open_store, upgrade
from tests.web.filling import Filled, fill
from tests.web.test_frame import PAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium at /usr/bin/chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Filled]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('browser')}/hub.sqlite3"
    upgrade(url)
    store = open_store(url)
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    base_url = f"http://127.0.0.1:{server.port}"
    server.app = create_app(Settings(base_url=base_url, hub=Hub(contact="hub@example.org")), store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield base_url, fill(store)
    server.shutdown()
    server.server_close()
    store.dispose()


EXPLORER = (
    "/oai",
    "/oai?verb=Identify",
    "/oai?verb=ListSets",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=GetRecord&metadataPrefix=datacite&identifier=oai:hub.example.org:{hostile}",
    "/oai?verb=ListRecords&bogus=%3Cscript%3E",
)


@pytest.mark.parametrize("path", [*PAGES, *EXPLORER])
def test_a_page_keeps_to_the_policy_and_to_the_width_of_a_phone(
    browser: Browser, hub: tuple[str, Filled], path: str
) -> None:
    base_url, filled = hub
    page = browser.new_page(viewport={"width": 320, "height": 640})
    said: list[str] = []
    foreign: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith(base_url) else foreign.append(r.url))
    page.goto(base_url + path.format(**filled.ids))
    assert [text for text in said if "status of 4" not in text] == []
    assert foreign == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_a_running_harvest_is_kept_live_until_it_ends(
    browser: Browser, hub: tuple[str, Filled]
) -> None:
    base_url, filled = hub
    store = filled.store
    begun = store.harvests.begin(
        filled.repository.id, kind="full", trigger="person", worker="w", prefix="oai_dc", from_=""
    )
    page = browser.new_page()
    page.goto(f"{base_url}/harvests/{begun.id}")
    assert page.get_by_role("button", name="Pause updates").is_visible()
    assert not page.get_by_text("Show the present state").is_visible()
    store.records.apply(filled.repository.id, begun.id, "w", [], counts=Counts(seen=1234))
    page.get_by_text("1,234 records seen so far").first.wait_for(timeout=10_000)
    store.harvests.end(begun.id, "w", outcome="complete", sentence="Complete: all is well.")
    page.get_by_text("Complete: all is well.").first.wait_for(timeout=10_000)
    page.get_by_role("button", name="Pause updates").wait_for(state="hidden", timeout=10_000)
    page.close()


def test_a_citation_can_be_copied(browser: Browser, hub: tuple[str, Filled]) -> None:
    base_url, filled = hub
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{base_url}/records/{filled.ids['dataset']}")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for(timeout=10_000)
    assert "10.5072/tides-1" in page.evaluate("navigator.clipboard.readText()")
    context.close()


def test_everything_can_be_read_without_a_script(browser: Browser, hub: tuple[str, Filled]) -> None:
    base_url, filled = hub
    context = browser.new_context(java_script_enabled=False)
    page: Page = context.new_page()
    page.goto(f"{base_url}/records/{filled.ids['crowd']}")
    page.get_by_text("Show all").click()
    assert page.get_by_text("Show less").is_visible()
    assert page.get_by_role("button", name="Copy").count() == 0
    context.close()


def test_the_first_tab_leads_past_the_menu(browser: Browser, hub: tuple[str, Filled]) -> None:
    page = browser.new_page()
    page.goto(hub[0] + "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
