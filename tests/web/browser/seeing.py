"""A page as a browser has it: what axe says of it, what it weighs, asks for and complains of."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace
from werkzeug.serving import make_server

from app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from app.settings import Settings
    from app.store import Store

CHROMIUM = Path("/usr/bin/chromium")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
"""What axe looks for: WCAG 2.2 at level AA, and what its makers hold for good besides."""
LOOKS = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
"""Those of its rules whose answer can change with colours or width."""
RUN = """async (only) => {
  const found = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
  return found.violations.flatMap((v) => v.nodes.map(
    (n) => `${v.id} at ${n.target.join(" ")}: ${n.failureSummary}`));
}"""
ASIDE = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""


Scheme = Literal["light", "dark"]


@contextmanager
def served(store: Store, settings: Settings, *, broken: str = "/broken") -> Iterator[str]:
    """Serve a hub on loopback; the address `broken` of it fails. Gives its base URL."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    base_url = f"http://127.0.0.1:{server.port}"
    app = create_app(replace(settings, base_url=base_url), store)

    @app.get(broken)
    def fail() -> str:
        raise RuntimeError("this page is broken on purpose")

    server.app = app
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield base_url
    server.shutdown()
    server.server_close()


class Seen:
    """A page in a context of its own, with what it said, asked for and weighed."""

    def __init__(self, browser: Browser, base_url: str, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.base_url = base_url
        self.said: list[str] = []
        self.foreign: list[str] = []
        self.weight = 0
        self.requests = 0
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._asked)
        wire = self.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", self._loaded)

    def open(self, path: str) -> Page:
        """Open a path of the hub."""
        self.page.goto(self.base_url + path)
        return self.page

    def violations(self, scheme: Scheme, width: int, only: dict[str, Any]) -> list[str]:
        """Return what axe finds in one colour scheme at one width in CSS pixels.

        only: what it looks for, as the `runOnly` of axe.
        """
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 720})
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_axe())
        return list(self.page.evaluate(RUN, only))

    def sideways(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return int(self.page.evaluate(ASIDE))

    def close(self) -> None:
        """End the context."""
        self.context.close()

    def _asked(self, request: Any) -> None:
        self.requests += 1
        if not request.url.startswith(self.base_url):
            self.foreign.append(request.url)

    def _loaded(self, event: dict[str, Any]) -> None:
        self.weight += int(event["encodedDataLength"])


@cache
def _axe() -> str:
    """Return the checker; evaluated from outside, it is not bound by the policy of the page."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
