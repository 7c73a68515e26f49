"""What the script adds to pages, what works without it, and the first step by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.record import Counts
from tests.web.browser.seeing import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.web.filling import Filled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium at /usr/bin/chromium"),
]


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
