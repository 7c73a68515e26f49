"""Every page in a real browser: axe, the policy, the width of a phone, weight, other hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.browser.seeing import CHROMIUM, LOOKS, TAGS, Seen
from tests.web.test_frame import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.web.filling import Filled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium at /usr/bin/chromium"),
]
HEAVIEST = 100_000
MORE = (
    "/search?copies=all",
    "/search?q=tide",
    "/search?q=qqqq",
    "/search?q=%22tide",
    "/search?q=tide&per_page=nine",
    "/records/{dataset}/links",
    "/records/{crowd}/links",
    "/records/{unread}/source",
    "/resolve/20.500.12345/67",
    "/resolve/10.5072/retreat",
    "/resolve/10.5072/none",
    "/resolve/hello%20world",
    "/records/{dataset}?format=none",
    "/records/{dataset}?style=none",
    "/repositories/fake",
    "/repositories/fake/report",
    "/repositories/fake/links-found",
    "/repositories/fake/set-aside",
    "/repositories/fake/windows",
    "/repositories/fake/decisions",
    "/repositories/fake/why",
    "/repositories/fake/why?identifier=oai:fake.example:r1",
    "/harvests/{first}",
    "/harvests/{last}",
    "/harvests/{first}/requests",
    "/data/sets?below=member:tideland",
    "/dumps/",
    "/help",
    "/help/researchers",
    "/help/repositories",
    "/help/aggregators",
    "/help/operators",
    "/accessibility",
    "/check",
    "/statistics",
    "/statistics/links",
    "/statistics/links?kind=article-data",
    "/statistics/use",
    "/broken",
)
EXPLORER = (
    "/oai",
    "/oai?verb=Identify",
    "/oai?verb=ListSets",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=GetRecord&metadataPrefix=datacite&identifier=oai:hub.example.org:{hostile}",
    "/oai?verb=ListRecords&bogus=%3Cscript%3E",
)

ALIKE = (
    "/records?", "/repositories/tideland/missing?", "/records/{dataset}?style=vancouver",
    "/records/{arabic}", "/records/{untitled}", "/search?q=tide&", "/search?q=tides", "/help/",
    "/resolve/10.5072/none", "/repositories/fake/why?", "/harvests/{last}", "/problems/date",
    "/records/{dataset}?format=none", "/oai?verb=Identify", "/oai?verb=GetRecord",
    "/search?q=qqqq", "/search?copies", "/search?state", "/records/{dataset}/links", "/harvests/1",
    "/records/{unread}/source", "/repositories/tideland", "/records/{dataset}?style=none",
    "/problems/", "/resolve/20.", "/oai?verb=ListSets", "/harvests/{first}/",
)  # fmt: skip
"""Pages that other tests ask for, or that look like one that is shown."""
SHOWN = [
    path
    for path in dict.fromkeys((*PAGES, *MORE, *EXPLORER))
    if not path.startswith(ALIKE) or path == "/help/researchers"
]


DARK = {
    "/", "/search", "/search?q=tide", "/records/{dataset}", "/records/{gone}",
    "/records/{crowd}/links", "/repositories/fake/report", "/harvests/{first}", "/statistics",
    "/data", "/oai", "/accessibility",
}  # fmt: skip
"""Pages that show every colour there is; they are looked at in the dark, too."""


@pytest.mark.parametrize("path", SHOWN)
def test_a_page_is_for_everyone(browser: Browser, hub: tuple[str, Filled], path: str) -> None:
    base_url, filled = hub
    seen = Seen(browser, base_url, viewport={"width": 320, "height": 720})
    seen.open(path.format(**filled.ids))
    assert [text for text in seen.said if "responded with a status of" not in text] == []
    assert seen.foreign == []
    assert seen.weight <= HEAVIEST
    assert seen.requests <= 6
    assert seen.sideways() <= 0
    assert seen.violations("light", 320, {"type": "tag", "values": TAGS}) == []
    if path in DARK:
        assert seen.violations("dark", 1280, {"type": "rule", "values": LOOKS}) == []
    assert seen.sideways() <= 0
    seen.close()
