"""What the script adds to pages, what works without it, and the first step by keyboard."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from app.record import Counts
from app.settings import Search, Settings
from tests.web.browser.seeing import CHROMIUM, LOOKS, TAGS, Seen, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.web.filling import Filled

LISTEN = """(status) => {
  window.told = [];
  new MutationObserver(() => window.told.push([Date.now(), status.textContent])).observe(
    status, { childList: true });
}"""
"""Notes when the part that is read out says what."""
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
    page.clock.install()
    page.goto(f"{base_url}/harvests/{begun.id}")
    assert page.get_by_role("button", name="Pause updates").is_visible()
    assert not page.get_by_text("Show the present state").is_visible()
    said = page.get_by_role("status")
    page.evaluate(LISTEN, said.element_handle())
    pause = page.get_by_role("button", name="Pause updates")
    pause.click()
    page.get_by_role("button", name="Resume updates").click()
    pause.focus()
    store.records.apply(filled.repository.id, begun.id, "w", [], counts=Counts(seen=1234))
    page.get_by_text("1,234 records seen so far").first.wait_for(timeout=10_000)
    store.harvests.end(begun.id, "w", outcome="complete", sentence="Complete: all is well.")
    page.get_by_text("Complete: all is well.").first.wait_for(timeout=10_000)
    pause.wait_for(state="hidden", timeout=10_000)
    assert page.evaluate("document.activeElement.dataset.live") == f"/harvests/{begun.id}/now"
    page.clock.fast_forward(10_000)
    said.get_by_text("Complete: all is well.").wait_for(state="attached", timeout=10_000)
    told = page.evaluate("window.told")
    assert "Complete: all is well." in told[-1][1]
    assert all(after[0] - before[0] >= 9_900 for before, after in pairwise(told))
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


@pytest.fixture(scope="module")
def hasty(hub: tuple[str, Filled]) -> Iterator[str]:
    """The address of a hub in which no facet is counted in time."""
    settings = Settings(search=Search(facet_timeout=0.0))
    with served(hub[1].store, settings) as base_url:
        yield base_url


def test_counts_come_into_the_panel_when_they_are_asked_for(browser: Browser, hasty: str) -> None:
    page = browser.new_page()
    page.goto(f"{hasty}/search?copies=all")
    assert page.locator(".count").count() == 0
    filters = page.get_by_role("region", name="Filters")
    facets = filters.locator(".facet").count()
    filters.get_by_role("link", name="Show counts of Type").press("Enter")
    page.locator("#facet-type .count").first.wait_for()
    assert page.url == f"{hasty}/search?copies=all"
    assert filters.locator(".facet").count() == facets
    assert page.evaluate("document.activeElement.closest('.facet').id") == "facet-type"
    assert filters.get_by_role("status").inner_text().endswith("values")
    chosen = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**type=*")
    assert "facets" not in page.url
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == f"{chosen} (chosen; remove)"
    page.go_back()
    assert page.url == f"{hasty}/search?copies=all"
    page.close()


def test_counts_have_a_page_of_their_own_without_a_script(browser: Browser, hasty: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{hasty}/search?copies=all")
    page.get_by_role("link", name="Show counts of Type").click()
    assert page.url == f"{hasty}/search?copies=all&facets=type"
    assert page.locator("#facet-type .count").count() > 0
    page.get_by_role("link", name="All filters").click()
    assert page.url == f"{hasty}/search?copies=all"
    context.close()


WHERE = "document.activeElement.closest('.found > *')?.className"


@pytest.mark.parametrize("script", [True, False])
def test_filters_are_read_before_results_whatever_comes_first(
    browser: Browser, hub: tuple[str, Filled], script: bool
) -> None:
    seen = Seen(browser, hub[0], java_script_enabled=script, viewport={"width": 320, "height": 700})
    page = seen.open("/search?type=Dataset")
    label = page.get_by_text("Filters (1 on)")
    assert label.bounding_box()["y"] < page.locator(".hits").bounding_box()["y"]
    assert not page.locator("#facet-type").is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    assert page.locator("#facet-type").is_visible()
    assert page.locator(".facets").bounding_box()["x"] < page.locator(".hits").bounding_box()["x"]
    page.locator(".chips .off").focus()
    reached = []
    for _ in range(90):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(WHERE))
        if reached[-1] == "hits":
            break
    assert set(reached[:-1]) == {"facets"}
    assert reached[-1] == "hits"
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    if script:
        assert seen.violations("light", 1280, {"type": "tag", "values": TAGS}) == []
        assert seen.violations("dark", 320, {"type": "rule", "values": LOOKS}) == []
    assert seen.sideways() <= 0
    assert seen.said == []
    seen.close()


def test_the_first_tab_leads_past_the_menu(browser: Browser, hub: tuple[str, Filled]) -> None:
    page = browser.new_page()
    page.goto(hub[0] + "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
