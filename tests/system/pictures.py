"""Makes the pictures of the README: `python -m tests.system.pictures`.

A demonstration hub is started in an empty folder and photographed by Debian's Chromium when its
sample repositories are there. The files lie in docs/images.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.system.processes import fetch, free_port, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
SIZE = {"width": 1200, "height": 800}
LARGEST = 150_000
RECORDS = "/search?q=type:Dataset"


def main() -> None:
    """Start a hub, take the pictures, end the hub."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        base = f"http://127.0.0.1:{free_port()}"
        words = [sys.executable, "-m", "app.cli", "up", "--demo", "--port", base.rpartition(":")[2]]
        hub = subprocess.Popen(words, cwd=folder, env=os.environ | {"GARNERY_BASE_URL": base})
        try:
            until(lambda: b'<ol class="results"' in (fetch(base + RECORDS) or b""), "records", 120)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            take(browser, base)
            browser.close()
        finally:
            hub.terminate()
            hub.wait(30)


def take(browser: Browser, base: str) -> None:
    """Take the pictures; one that is too large is refused."""
    page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
    page.goto(base + RECORDS)
    record = page.locator("ol.results h2 a").first.get_attribute("href") or ""
    for name, path, dark in (
        ("home", "/", False),
        ("search", RECORDS, False),
        ("record", record, False),
        ("record-dark", record, True),
    ):
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.goto(base + path)
        file = IMAGES / f"{name}.png"
        page.screenshot(path=file)
        if file.stat().st_size > LARGEST:
            raise SystemExit(f"{file} has {file.stat().st_size} bytes, more than {LARGEST}.")


if __name__ == "__main__":
    main()
