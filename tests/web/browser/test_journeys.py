"""The ways that people go through the hub, in a real browser, with JavaScript and without."""

from __future__ import annotations

import re
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.cli.commandline import garnery
from tests.fakes.oai import fake_repository
from tests.web.browser.seeing import CHROMIUM, TAGS, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.web.filling import Filled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium at /usr/bin/chromium"),
]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def page(
    request: pytest.FixtureRequest, browser: Browser, hub: tuple[str, Filled]
) -> Iterator[Page]:
    """A page of its own at the home page of the hub."""
    seen = Seen(browser, hub[0], java_script_enabled=request.param)
    yield seen.open("/")
    assert seen.foreign == []
    seen.close()


def test_a_researcher_finds_cites_and_opens(page: Page, hub: tuple[str, Filled]) -> None:
    page.get_by_role("searchbox", name="Search").fill('title:"water levels" type:Dataset')
    page.get_by_role("button", name="Search").click()
    page.locator(f"main a[href='/records/{hub[1].ids['dataset']}']").first.click()
    out = page.get_by_role("link", name=re.compile("^Open at"))
    assert (out.get_attribute("href") or "").startswith("https://")  # the third click leads there
    page.get_by_label("Style").select_option("apa")
    page.get_by_role("button", name="Show style").click()
    cited = page.locator("#cite")
    assert "https://doi.org/10.5072/tides-1" in cited.inner_text()
    assert page.url.endswith("?style=apa#cite")
    with page.expect_download() as download:
        cited.get_by_role("link", name="BibTeX").click()
    assert download.value.path().read_text("utf-8").startswith("@misc{")


def test_a_researcher_needs_no_mouse(browser: Browser, hub: tuple[str, Filled]) -> None:
    seen = Seen(browser, hub[0])
    page = seen.open("/")
    go_to(page, "[name=q]")
    page.keyboard.type('title:"water levels" type:Dataset')
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    go_to(page, f"main a[href='/records/{hub[1].ids['dataset']}']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/*")
    go_to(page, "a.button.first")
    go_to(page, "#style")
    page.keyboard.type("APA")
    go_to(page, "#cite button")
    page.keyboard.press("Enter")
    page.wait_for_url("**?style=apa#cite")
    go_to(page, "#cite a[href*=bibtex]")
    seen.close()


def go_to(page: Page, selector: str) -> None:
    """Press Tab until what the selector names has the focus, which must be seen."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outline")
            assert "none" not in outline
            assert "2px" in outline
            return
    pytest.fail(f"Tab does not reach {selector}")


def test_an_aggregator_gets_the_same_number_every_way(page: Page) -> None:
    page.get_by_role("contentinfo").get_by_role("link", name="Take everything").click()
    address = page.get_by_label("OAI-PMH base URL").inner_text().strip()
    listed = live(address)
    page.goto(address.removesuffix("/oai") + "/search?copies=all")
    (said,) = re.findall(r"([0-9,]+) records", page.get_by_role("status").first.inner_text())
    with page.expect_download() as download:
        page.get_by_role("link", name="Identifiers", exact=True).click()
    exported = download.value.path().read_text("utf-8").splitlines()
    assert listed == int(said.replace(",", "")) == len(exported)


def live(address: str) -> int:
    """Return how many records the provider lists that are not deleted, page by page."""
    number, query = 0, "verb=ListIdentifiers&metadataPrefix=oai_dc"
    while query:
        with urllib.request.urlopen(f"{address}?{query}") as answer:
            text = answer.read().decode()
        number += len(re.findall("<header>", text))
        token = re.search("<resumptionToken[^>]*>([^<]+)<", text)
        query = f"verb=ListIdentifiers&resumptionToken={token[1]}" if token else ""
    return number


def test_a_member_sees_what_is_wrong_and_what_was_received(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Repositories").click()
    page.get_by_role("main").get_by_role("link", name="The fake").first.click()
    own = page.url
    page.get_by_role("link", name="The report").click()
    assert page.get_by_role("heading", name="Problems", exact=True).is_visible()
    page.locator("a[href='/repositories/fake/set-aside']").first.click()
    page.get_by_role("link", name="oai:fake.example:=r5").click()
    page.get_by_role("link", name="Show what was received").click()
    assert "nope" in page.get_by_label("Metadata as received").inner_text()
    page.goto(own)
    page.get_by_role("link", name="All its records").click()
    page.get_by_role("link", name="A & B").click()
    normalised = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="The metadata as received", exact=True).click()
    received = page.get_by_label("Metadata as received").inner_text()
    assert normalised == "A & B"
    assert "A &amp; B" in received


def test_a_member_tries_a_record(browser: Browser, hub: tuple[str, Filled]) -> None:
    seen = Seen(browser, hub[0], viewport={"width": 320, "height": 720})
    page = seen.open("/check")
    page.get_by_label("Metadata of a record, as XML or JSON").fill(
        '<dc xmlns="http://purl.org/dc/elements/1.1/"><title>Tides</title><date>soon</date></dc>'
    )
    page.get_by_role("button", name="Check the record").click()
    assert "date.syntax" in page.get_by_role("table").first.inner_text()
    page.locator("summary", has_text="DataCite JSON").click()
    assert "Tides" in page.locator("pre[aria-label='DataCite JSON']").inner_text()
    assert seen.violations("light", 320, {"type": "tag", "values": TAGS}) == []
    assert seen.sideways() <= 0
    page.get_by_label("Metadata of a record").fill("")
    page.get_by_role("button", name="Check the record").click()
    assert "Nothing was sent" in page.get_by_role("main").inner_text()
    assert [text for text in seen.said if "responded with a status of" not in text] == []
    seen.close()


def test_an_operator_adds_a_repository_by_three_commands(
    page: Page, hub: tuple[str, Filled], request: pytest.FixtureRequest
) -> None:
    base_url, filled = hub
    name = "third" if "without" in request.node.name else "fourth"
    environ = {"GARNERY_DATABASE_URL": filled.store.url, "GARNERY_BASE_URL": base_url}
    with fake_repository(4) as fake:
        words = (
            "repository",
            "add",
            name,
            fake.url,
            "--title",
            f"The {name}",
            "--allow-private-address",
        )
        assert garnery(*words, **environ).code == 0
        assert garnery("harvest", name, **environ).code == 0
        assert name in garnery("status", **environ).out
    page.goto(f"{base_url}/repositories/{name}")
    page.get_by_role("heading", name="Newest records").wait_for()
    page.get_by_role("main").locator("ol.records a").first.click()
    assert f"The {name}" in page.get_by_role("main").inner_text()
