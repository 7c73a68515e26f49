"""What paper shows of pages: the text, whole, without what only screens have a use for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.browser.seeing import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.web.filling import Filled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium at /usr/bin/chromium"),
]
AFTER = "element => getComputedStyle(element, '::after').content"


def test_pages_print_without_menus_and_with_addresses(
    browser: Browser, hub: tuple[str, Filled]
) -> None:
    base_url, filled = hub
    context = browser.new_context(viewport={"width": 794, "height": 1123})
    page = context.new_page()
    page.emulate_media(media="print")
    paths = (f"/records/{filled.ids['dataset']}", "/statistics", "/repositories/tideland/report")
    for path in paths:
        page.goto(base_url + path)
        for part in ("header", "footer", "main nav", "main form", "main button"):
            assert not page.locator(part).locator("visible=true").count(), (path, part)
        assert page.locator("h1").is_visible()
    page.goto(base_url + paths[0])
    licence = page.locator('.facts a[href*="creativecommons.org"]')
    assert "creativecommons.org" in licence.evaluate(AFTER)
    itself = page.locator('p > a[href="https://doi.org/10.5072/tides-1"]').first
    assert itself.evaluate(AFTER) == "none"
    page.goto(f"{base_url}/records/{filled.ids['crowd']}")
    assert page.locator(".prose details > p").first.is_visible()
    assert not page.locator(".prose summary").is_visible()
    context.close()
